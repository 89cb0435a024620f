from __future__ import annotations

from dataclasses import replace

from storage.rows.figures import CaseLine
from storage.store import Store
from tests.storage.samples import NOON, case, judgement, letter, minutes, sha, sighting


def test_times_of_cases_come_to_the_quarter_of_an_hour_begun(store: Store) -> None:
    with store.write() as work:
        for number, after in enumerate((0, 14.99, 15, 15.5, -1)):
            opened = work.cases.open(case(f"HL22-{number:04d}", opened_at=minutes(after), state="accepted"))
            revision = work.cases.add_revision(
                opened.id, received_at=NOON, content_key=str(number), summary={}, at=minutes(after)
            )
            work.cases.add_judgement(replace(judgement(revision.id), at=minutes(after + 60)))

    with store.read() as view:
        opened_at = view.figures.cases_opened("huli-2022", since_at=NOON)
        accepted_at = view.figures.cases_accepted("huli-2022", since_at=minutes(75))

    assert opened_at == (NOON, NOON, minutes(15), minutes(15))
    assert accepted_at == (minutes(75), minutes(75))


def test_lines_of_cases_changed_lately_are_told_apart(store: Store) -> None:
    with store.write() as work:
        first = work.cases.open(case("HL22-0001", unit="金安社区"))
        work.cases.open(case("HL22-0002", campaign="xuzhou-2015", test=True))
        work.cases.change(first.id, at=minutes(5), category="网格治理")
    line = CaseLine(first.id, "huli-2022", False, "HL22-0001", "金安社区", "网格治理", "judged", int(NOON.timestamp()))

    with store.read() as view:
        every, late = view.figures.lines(), view.figures.lines(changed_since_at=minutes(5))

    assert [each.number for each in every] == ["HL22-0001", "HL22-0002"]
    assert (every[1].campaign, every[1].test) == ("xuzhou-2015", True)
    assert late == (line,)


def test_addresses_may_be_asked_for_among_some(store: Store) -> None:
    with store.write() as work:
        first = work.cases.open(case("HL22-0001", sender_address="A@x.example"))
        second = work.cases.open(case("HL22-0002", sender_address="b@x.example"))
        work.cases.add_addresses(first.id, ["c@x.example"])

    with store.read() as view:
        assert view.ledger.addresses() == {
            first.id: frozenset({"a@x.example", "c@x.example"}),
            second.id: frozenset({"b@x.example"}),
        }
        assert view.ledger.addresses(among={"c@x.example", "z@x.example"}) == {first.id: frozenset({"c@x.example"})}
        assert view.ledger.addresses(among=()) == {}


def test_folders_may_be_counted_without_asking_what_became_of_letters(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter(1, outcome="filed"))
        work.sightings.add_many([sighting(1, letter_sha256=sha(1)), sighting(2)])

    with store.read() as view:
        (whole,), (short,) = view.figures.folders(), view.figures.folders(outcomes=False)

    assert (whole.live, whole.uncollected, whole.outcomes) == (2, 1, {"filed": 1})
    assert short == replace(whole, uncollected=0, outcomes={})
