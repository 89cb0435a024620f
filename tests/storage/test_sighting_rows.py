from __future__ import annotations

from dataclasses import replace

import pytest

from storage.errors import MissingRecordError
from storage.records.mailbox import FolderRecord, SightingRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.samples import NOON, letter, minutes, sha, sighting

PLACE = ("box@example.test", "INBOX", 7)


def _at(work: UnitOfWork, uid: int) -> SightingRecord:
    found = work.sightings.get(*PLACE, uid)
    assert found is not None
    return found


def test_sightings_added_are_known_once(store: Store) -> None:
    with store.write() as work:
        counts = [work.sightings.add_many([sighting(uid) for uid in uids]) for uids in ([1, 2], [2, 3], [], [3])]

        assert counts == [2, 1, 0, 0]
        assert work.sightings.known_uids(*PLACE) == {1, 2, 3}
        assert work.sightings.count_live(*PLACE) == 3
        assert work.sightings.known_uids("box@example.test", "INBOX", 8) == frozenset()


def test_sighting_added_comes_back_whole(store: Store) -> None:
    new = sighting(4_294_967_295, uidvalidity=4_294_967_295, internal_at=minutes(-1), outcome="before_opening")

    with store.write() as work:
        work.sightings.add_many([new])
        found = work.sightings.get("box@example.test", "INBOX", 4_294_967_295, 4_294_967_295)

    assert found is not None
    assert found == SightingRecord(**{f: getattr(new, f) for f in new.__slots__}, id=found.id, gone_at=None)


def test_sightings_by_the_thousand_are_known_once(store: Store) -> None:
    with store.write() as work:
        added = work.sightings.add_many([sighting(uid) for uid in range(1, 2502)])
        gone = work.sightings.mark_gone(*PLACE, range(1, 1502), gone_at=NOON)

        assert (added, gone, work.sightings.count_live(*PLACE)) == (2501, 1501, 1000)


def test_sighting_gone_before_its_body_came_says_so_and_is_asked_for_again_when_back(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())
        work.sightings.add_many([sighting(1), sighting(2)])
        work.sightings.attach(_at(work, 2).id, sha(1))

        gone = work.sightings.mark_gone(*PLACE, [1, 2, 3], gone_at=minutes(5))
        gone_again = work.sightings.mark_gone(*PLACE, [1], gone_at=minutes(6))
        while_gone = [(s.gone_at, s.outcome) for s in (_at(work, 1), _at(work, 2))]
        back = work.sightings.add_many([sighting(1), sighting(2)])

        assert (gone, gone_again, back) == (2, 0, 2)
        assert while_gone == [(minutes(5), "gone_before_fetch"), (minutes(5), None)]
        assert [(s.gone_at, s.outcome, s.letter_sha256) for s in (_at(work, 1), _at(work, 2))] == [
            (None, None, None),
            (None, None, sha(1)),
        ]


def test_sightings_uncollected_have_neither_letter_nor_outcome(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())
        work.sightings.add_many([sighting(uid) for uid in (5, 4, 3, 2, 1)])
        work.sightings.attach(_at(work, 1).id, sha(1))
        work.sightings.set_outcome(_at(work, 2).id, "before_opening")
        work.sightings.mark_gone(*PLACE, [3], gone_at=NOON)

        assert [s.uid for s in work.sightings.uncollected(*PLACE)] == [4, 5]
        assert [s.uid for s in work.sightings.uncollected(*PLACE, limit=1)] == [4]
        assert work.sightings.count_uncollected() == 2
        assert work.sightings.count_uncollected("other@example.test") == 0


def test_letter_seen_in_two_folders_knows_both(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())
        work.sightings.add_many(
            [
                sighting(1, letter_sha256=sha(1), first_seen_at=minutes(2)),
                sighting(9, folder="垃圾邮件", folder_role="junk", letter_sha256=sha(1)),
            ]
        )

        assert [(s.folder, s.uid) for s in work.sightings.of_letter(sha(1))] == [("垃圾邮件", 9), ("INBOX", 1)]


def test_fingerprint_finds_the_letter_again_under_a_new_uidvalidity(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())
        work.sightings.add_many([sighting(1, letter_sha256=sha(1)), sighting(2), sighting(3, outcome="before_opening")])
        retired = work.sightings.retire("box@example.test", "INBOX", current_uidvalidity=8, gone_at=NOON)

        found = work.sightings.by_fingerprint("box@example.test", [f"fingerprint-{n}" for n in (1, 2, 3, 4)])

        assert retired == 3
        assert {word: (s.letter_sha256, s.outcome) for word, s in found.items()} == {
            "fingerprint-1": (sha(1), None),
            "fingerprint-2": (None, "gone_before_fetch"),
            "fingerprint-3": (None, "before_opening"),
        }
        assert work.sightings.by_fingerprint("other@example.test", ["fingerprint-1"]) == {}


def test_body_refused_by_the_server_can_be_asked_for_again(store: Store) -> None:
    with store.write() as work:
        work.sightings.add_many([sighting(1)])
        work.sightings.set_outcome(_at(work, 1).id, "body_unavailable")
        refused = work.sightings.body_unavailable(*PLACE)

        work.sightings.retry_body(refused[0].id)

        assert [s.uid for s in work.sightings.uncollected(*PLACE)] == [1]
        assert work.sightings.body_unavailable(*PLACE) == ()


def test_sighting_changed_but_unknown_is_an_error(store: Store) -> None:
    with store.write() as work, pytest.raises(MissingRecordError):
        work.sightings.set_outcome(404, "oversize")


def test_folder_put_replaces_what_was_known(store: Store) -> None:
    inbox = FolderRecord(
        account="box@example.test",
        folder="INBOX",
        role="inbox",
        uidvalidity=7,
        uidnext=10,
        messages=9,
        looked_at=NOON,
        modseq=1 << 62,
    )
    junk = replace(inbox, folder="垃圾邮件", role="junk", uidnext=None, modseq=None, state="rematching", listed_at=NOON)
    with store.write() as work:
        work.folders.put(replace(inbox, messages=1))
        work.folders.put(inbox)
        calm = work.folders.any_rematching()
        work.folders.put(junk)

        assert (calm, work.folders.any_rematching()) == (False, True)
        assert work.folders.get("box@example.test", "INBOX") == inbox
        assert work.folders.get("box@example.test", "Sent") is None
        assert work.folders.all() == (inbox, junk)
        assert work.folders.all("other@example.test") == ()
