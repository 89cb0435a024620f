from __future__ import annotations

import pytest

from storage.errors import ConflictError, MissingRecordError
from storage.records.casebook import (
    CaseLetter,
    CaseRecord,
    DecisionRecord,
    JudgementRecord,
    NewDecision,
    RevisionRecord,
)
from storage.store import Store
from tests.storage.samples import NOON, case, judgement, letter, minutes, sha


def test_numbers_count_from_one_per_prefix(store: Store) -> None:
    with store.write() as work:
        assert [work.cases.next_number(prefix) for prefix in ("HL22", "HL22", "测试-HL22", "HL22")] == [1, 2, 1, 3]


def test_number_of_a_failed_unit_of_work_is_given_to_the_next(store: Store) -> None:
    def take_a_number_and_fail() -> None:
        with store.write() as work:
            work.cases.next_number("HL22")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_a_number_and_fail()

    with store.write() as work:
        assert work.cases.next_number("HL22") == 1


def test_case_opened_comes_back_whole(store: Store) -> None:
    new = case(
        sender_address="Jinan@Example.test",
        title="小网格大治理",
        unit="金安社区",
        contact="王某",
        phone="0592-0000000",
        category="网格治理",
        level="社区",
        verdict="accepted",
        due_at=minutes(30),
        closes_at=minutes(60),
        test=True,
    )

    with store.write() as work:
        opened = work.cases.open(new)

    fields = {name: getattr(new, name) for name in new.__slots__} | {"sender_address": "jinan@example.test"}
    with store.read() as view:
        assert opened == CaseRecord(**fields, id=opened.id, updated_at=NOON, current_revision_id=None)
        assert view.cases.get(opened.id) == opened
        assert view.cases.by_number("HL22-0001") == opened
        assert view.cases.by_number("HL22-9999") is None
        assert view.cases.addresses(opened.id) == ("jinan@example.test",)


def test_number_in_use_is_refused_and_nothing_of_it_stays(store: Store) -> None:
    with store.write() as work:
        work.cases.open(case())

    def open_another_with_its_number() -> None:
        with store.write() as work:
            work.letters.add(letter())
            work.cases.open(case(sender_address="other@example.test"))

    with pytest.raises(ConflictError):
        open_another_with_its_number()

    with store.read() as view:
        assert view.letters.get(sha(1)) is None
        assert view.cases.for_address("other@example.test") == ()


def test_cases_of_an_address_include_those_it_was_added_to(store: Store) -> None:
    with store.write() as work:
        first = work.cases.open(case("HL22-0001"))
        second = work.cases.open(case("HL22-0002", sender_address="b@x", campaign="xuzhou-2015"))
        work.cases.add_addresses(second.id, ["JINAN@example.test", "jinan@example.test"])
        work.cases.add_addresses(second.id, [])

        assert work.cases.for_address("Jinan@example.test") == (first, second)
        assert work.cases.for_address("jinan@example.test", campaign="xuzhou-2015") == (second,)
        assert work.cases.addresses(second.id) == ("b@x", "jinan@example.test")


def test_cases_are_listed_by_all_that_is_asked(store: Store) -> None:
    with store.write() as work:
        waiting = work.cases.open(case("1", state="waiting"))
        accepted = work.cases.open(case("2", verdict="accepted"))
        trial = work.cases.open(case("3", verdict="accepted", test=True))
        other = work.cases.open(case("4", campaign="xuzhou-2015", verdict="accepted"))

        assert work.cases.list() == (waiting, accepted, trial, other)
        assert work.cases.list(limit=2) == (waiting, accepted)
        assert work.cases.list(campaign="huli-2022", verdict="accepted") == (accepted, trial)
        assert work.cases.list(campaign="huli-2022", verdict="accepted", test=False) == (accepted,)
        assert work.cases.list(state="waiting", verdict="accepted") == ()


def test_waiting_cases_are_due_from_their_time_on(store: Store) -> None:
    with store.write() as work:
        later = work.cases.open(case("1", state="waiting", due_at=minutes(10)))
        sooner = work.cases.open(case("2", state="waiting", due_at=minutes(5)))
        work.cases.open(case("3", state="judged", due_at=minutes(1)))

        due = [[c.number for c in work.cases.due(minutes(at), states={"waiting"})] for at in (4.99, 5, 10)]

        assert due == [[], [sooner.number], [sooner.number, later.number]]


def test_case_changed_keeps_what_is_not_named(store: Store) -> None:
    with store.write() as work:
        opened = work.cases.open(case(title="旧题", due_at=minutes(3)))

        changed = work.cases.change(opened.id, at=minutes(1), state="waiting", verdict="needs_fix", due_at=None)

        assert (changed.state, changed.verdict, changed.due_at) == ("waiting", "needs_fix", None)
        assert (changed.title, changed.updated_at, changed.opened_at) == ("旧题", minutes(1), NOON)
        with pytest.raises(MissingRecordError):
            work.cases.change(404, at=NOON, state="waiting")


def test_letter_joined_twice_stays_as_first_joined(store: Store) -> None:
    with store.write() as work:
        first, second = work.cases.open(case("1")), work.cases.open(case("2"))
        work.letters.add(letter())

        work.cases.join(first.id, sha(1), joined_by="thread", at=NOON)
        work.cases.join(first.id, sha(1), joined_by="sender", at=minutes(9))
        work.cases.join(second.id, sha(1), joined_by="sender", at=minutes(9))

        joined = work.letters.get(sha(1))
        assert joined is not None
        assert joined.case_id == first.id
        assert work.cases.letters(first.id) == (
            CaseLetter(case_id=first.id, letter_sha256=sha(1), joined_by="thread", leads=(), at=NOON),
        )
        assert work.cases.of_letter(sha(1)) == (first, second)


def test_revisions_are_numbered_per_case_and_the_last_is_current(store: Store) -> None:
    with store.write() as work:
        opened, other = work.cases.open(case("1")), work.cases.open(case("2"))
        revisions = [
            work.cases.add_revision(
                case_id, received_at=NOON, content_key=key, summary={"files": [{"name": "案例.docx"}]}, at=minutes(1)
            )
            for case_id, key in [(opened.id, "k1"), (other.id, "k1"), (opened.id, "k2")]
        ]

        assert [(r.case_id, r.ordinal) for r in revisions] == [(opened.id, 1), (other.id, 1), (opened.id, 2)]
        assert revisions[0] == RevisionRecord(
            id=revisions[0].id,
            case_id=opened.id,
            ordinal=1,
            received_at=NOON,
            content_key="k1",
            summary={"files": [{"name": "案例.docx"}]},
            at=minutes(1),
        )
        assert work.cases.revisions(opened.id) == (revisions[0], revisions[2])
        now = work.cases.get(opened.id)
        assert now is not None
        assert (now.current_revision_id, now.updated_at) == (revisions[2].id, minutes(1))
        assert [c.id for c in work.cases.with_content("k1")] == [opened.id, other.id]
        assert [c.id for c in work.cases.with_content("k2", campaign="huli-2022")] == [opened.id]
        assert work.cases.with_content("k2", campaign="xuzhou-2015") == ()
        with pytest.raises(MissingRecordError):
            work.cases.add_revision(404, received_at=NOON, content_key="k", summary={}, at=NOON)


def test_judgements_stand_beside_each_other(store: Store) -> None:
    with store.write() as work:
        opened = work.cases.open(case())
        revision = work.cases.add_revision(opened.id, received_at=None, content_key="k", summary={}, at=NOON)
        first = work.cases.add_judgement(judgement(revision.id))
        second = work.cases.add_judgement(judgement(revision.id, verdict="accepted", findings=(), waived=("photos",)))

        new = judgement(revision.id)
        assert first == JudgementRecord(**{name: getattr(new, name) for name in new.__slots__}, id=first.id)
        assert work.cases.judgements(revision.id) == (first, second)
        assert work.cases.judgements(404) == ()


def test_decision_keeps_who_and_why(store: Store) -> None:
    with store.write() as work:
        opened = work.cases.open(case())
        new = NewDecision(case_id=opened.id, rule="photos", kind="waive", who="李主任", why="现场核实", at=NOON)

        decided = work.cases.add_decision(new)

        assert decided == DecisionRecord(
            case_id=opened.id,
            rule="photos",
            kind="waive",
            who="李主任",
            why="现场核实",
            at=NOON,
            revision_id=None,
            id=decided.id,
        )
        assert work.cases.decisions(opened.id) == (decided,)


def test_cases_sharing_enough_of_a_sketch_are_found_beside_their_own(store: Store) -> None:
    with store.write() as work:
        mine, near, far, elsewhere = (
            work.cases.open(case(str(n), campaign="xuzhou-2015" if n == 4 else "huli-2022")) for n in (1, 2, 3, 4)
        )
        work.cases.put_sketch(mine.id, [9, 9])
        for opened, values in [(mine, [1, 2, 3]), (near, [2, 3, 4, 1 << 62]), (far, [3, 5]), (elsewhere, [1, 2, 3])]:
            work.cases.put_sketch(opened.id, values)

        found = work.cases.sharing_sketch([1, 2, 3], campaign="huli-2022", at_least=2, beside=mine.id)

        assert [c.id for c in found] == [near.id]
        assert work.cases.sharing_sketch([], campaign="huli-2022", at_least=0, beside=mine.id) == ()
