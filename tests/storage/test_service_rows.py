from __future__ import annotations

from dataclasses import replace

from storage.records.mailbox import FolderCount, FolderRecord
from storage.records.running import HeartbeatRecord
from storage.store import Store
from tests.storage.samples import NOON, case, letter, minutes, sha, sighting


def test_heartbeat_keeps_the_last_sign_of_life_per_desk(store: Store) -> None:
    with store.write() as work:
        work.service.beat("read", at=NOON)
        work.service.beat("collect", at=NOON, busy_since=NOON)
        work.service.beat("read", at=minutes(1), note="3 letters")

        assert work.service.heartbeats() == (
            HeartbeatRecord(desk="collect", at=NOON, busy_since=NOON, note=""),
            HeartbeatRecord(desk="read", at=minutes(1), busy_since=None, note="3 letters"),
        )


def test_mark_is_put_replaced_and_forgotten(store: Store) -> None:
    with store.write() as work:
        never = work.service.get_mark("paused")
        work.service.put_mark("paused", {"who": "李主任"})
        first = work.service.get_mark("paused")
        work.service.put_mark("paused", False)
        second = work.service.get_mark("paused")
        work.service.put_mark("paused", None)

        assert (never, first, second) == (None, {"who": "李主任"}, False)
        assert work.service.get_mark("paused") is None


def test_mark_put_once_stands(store: Store) -> None:
    with store.write() as work:
        values = [work.service.put_mark_once("first_run_at", at) for at in ("2022-12-01", "2022-12-02")]

        assert values == ["2022-12-01", "2022-12-01"]


def test_events_are_listed_by_time(store: Store) -> None:
    with store.write() as work:
        for at in (3, 1, 2):
            work.service.add_event("post", "mail_failed", f"第{at}封", at=minutes(at))

        listed = work.service.events(since_at=minutes(2), before_at=minutes(3))

        assert [(e.at, e.desk, e.kind, e.text) for e in listed] == [(minutes(2), "post", "mail_failed", "第2封")]
        assert [e.text for e in work.service.events()] == ["第1封", "第2封", "第3封"]
        assert [e.text for e in work.service.events(limit=1)] == ["第1封"]


def test_figures_count_letters_and_cases(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter("a", outcome="filed"))
        work.letters.add(letter("b", outcome="filed", received_at=minutes(-13 * 60)))
        work.letters.add(letter("c", outcome="not_a_submission", ignored="question"))
        work.letters.add(letter("d", outcome="not_a_submission", ignored="courtesy", received_at=minutes(-60)))
        work.cases.open(case("1", state="judged", verdict="accepted"))
        work.cases.open(case("2", state="waiting", test=True))
        work.cases.open(case("3", state="waiting", campaign="xuzhou-2015"))

    with store.read() as view:
        assert view.figures.letters_by_outcome() == {"filed": 2, "not_a_submission": 2}
        assert view.figures.cases_by_state("huli-2022") == {"judged": 1, "waiting": 1}
        assert view.figures.cases_by_state("huli-2022", test=False) == {"judged": 1}


def test_figures_of_folders_hold_both_sides_of_the_completeness_equation(store: Store) -> None:
    inbox = FolderRecord(
        account="box@example.test",
        folder="INBOX",
        role="inbox",
        uidvalidity=7,
        uidnext=5,
        messages=3,
        looked_at=minutes(5),
    )
    with store.write() as work:
        work.letters.add(letter("filed", outcome="filed"))
        work.sightings.add_many(
            [
                sighting(1, letter_sha256=sha("filed")),
                sighting(2, outcome="oversize"),
                sighting(3),
                sighting(4),
                sighting(8, uidvalidity=6, letter_sha256=sha("filed")),
            ]
        )
        work.sightings.mark_gone("box@example.test", "INBOX", 7, [4], gone_at=minutes(4))
        work.sightings.retire("box@example.test", "INBOX", current_uidvalidity=7, gone_at=minutes(4))
        work.folders.put(inbox)
        work.folders.put(replace(inbox, folder="空", role="junk", messages=0))

        retired, current, empty = work.figures.folders()

    assert current == FolderCount(
        account="box@example.test",
        folder="INBOX",
        role="inbox",
        uidvalidity=7,
        current=True,
        state="normal",
        messages=3,
        looked_at=minutes(5),
        live=3,
        gone=1,
        uncollected=1,
        outcomes={"filed": 1, "gone_before_fetch": 1, "oversize": 1},
    )
    assert (retired.uidvalidity, retired.current, retired.state, retired.live, retired.gone, retired.outcomes) == (
        6,
        False,
        "retired",
        0,
        1,
        {"filed": 1},
    )
    assert (empty.folder, empty.role, empty.live, empty.messages, empty.outcomes) == ("空", "junk", 0, 0, {})
