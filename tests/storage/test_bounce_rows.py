"""Letters that came back, answers that wait, what a trusted host says; and how many answers letters have called for."""

from __future__ import annotations

from storage.records.correspondence import AuthenticationRecord, DeferralRecord, NewBounce
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.samples import NOON, letter, mail, minutes, sha


def bounce(word: str = "back", **fields: object) -> NewBounce:
    plain: dict[str, object] = {
        "letter_sha256": sha(word), "address": "jinan@qq.example", "outgoing_id": None, "permanent": True,
        "status": "5.1.1", "reason": "550 unknown", "at": NOON,
    }  # fmt: skip
    return NewBounce(**plain | fields)  # type: ignore[arg-type]  # rows of a table


def came(work: UnitOfWork, *words: str) -> None:
    for word in words:
        work.letters.add(letter(word))


def test_bounce_is_recorded_once_however_often_its_letter_is_filed(store: Store) -> None:
    with store.write() as work:
        came(work, "back")
        work.bounces.add([bounce()])
        work.bounces.add([bounce(reason="again"), bounce(address="b@x.cn")])

    with store.read() as view:
        assert [(each.address, each.reason) for each in view.bounces.open()] == [
            ("jinan@qq.example", "550 unknown"),
            ("b@x.cn", "550 unknown"),
        ]


def test_nothing_leaves_for_an_address_that_bounced_but_kinds_that_always_leave(store: Store) -> None:
    with store.write() as work:
        came(work, "back")
        work.bounces.add([bounce()])
        work.outgoing.enqueue(mail(1, to_address="Jinan@qq.example", kind="receipt"))
        work.outgoing.enqueue(mail(2, to_address="jinan@qq.example", kind="digest"))
        work.outgoing.enqueue(mail(3, to_address="other@qq.example", kind="receipt"))

        assert [each.id for each in work.outgoing.due(minutes(60), always=("digest",))] == [2, 3]
        assert [each.id for each in work.outgoing.due(minutes(60), always=("digest",), up_to=-1)] == [2]
        assert [each.id for each in work.outgoing.blocked()] == [1, 2]


def test_passing_trouble_and_a_lifted_bounce_stop_nothing(store: Store) -> None:
    with store.write() as work:
        came(work, "back", "late")
        work.bounces.add([bounce(), bounce("late", address="slow@qq.example", permanent=False)])
        work.outgoing.enqueue(mail(1, to_address="jinan@qq.example"))
        work.outgoing.enqueue(mail(2, to_address="slow@qq.example"))

        too_early = work.bounces.lift("jinan@qq.example", at=minutes(9), before_at=NOON)
        lifted = work.bounces.lift("JINAN@qq.example", at=minutes(9), by="林秘书", before_at=minutes(1))

        assert (too_early, lifted, work.bounces.open()) == (0, 1, ())
        assert [each.id for each in work.outgoing.due(minutes(60))] == [1, 2]
        assert [(each.lifted_at, each.lifted_by) for each in work.bounces.of_address("jinan@qq.example")] == [
            (minutes(9), "林秘书")
        ]


def test_deferred_letters_wait_until_a_summary_settles_them(store: Store) -> None:
    with store.write() as work:
        came(work, "a", "b", "c")
        for number, word in enumerate(("b", "a", "b", "c")):
            work.deferrals.add(sha(word), campaign="huli-2022", address="j@x.cn", at=minutes(number))
        work.outgoing.enqueue(mail(1, kind="summary"))

        work.deferrals.settle([sha("b")], outgoing_id=1)
        work.deferrals.drop([sha("c")])

        left = DeferralRecord(
            letter_sha256=sha("a"), campaign="huli-2022", address="j@x.cn", at=minutes(1), outgoing_id=None
        )
        assert work.deferrals.waiting() == (left,)
        assert (work.deferrals.waiting("other@x.cn"), work.deferrals.count_waiting()) == ((), 1)


def test_the_latest_word_on_a_letters_origin_stands(store: Store) -> None:
    said = AuthenticationRecord(letter_sha256=sha("a"), host="mx.qq.com", spf="pass", dkim="", dmarc="none")
    with store.write() as work:
        came(work, "a", "b")
        work.bounces.put_authentication(said)
        work.bounces.put_authentication(said)

        assert work.bounces.authentications([sha("a"), sha("b")]) == {sha("a"): said}


def test_answers_are_set_against_the_letters_that_called_for_them(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter("new", stored_at=minutes(40)))
        work.letters.add(letter("old", stored_at=minutes(1)))
        work.letters.add(letter("worn", stored_at=minutes(1)))
        work.outgoing.enqueue(mail(1, kind="receipt", created_at=minutes(50)), letters=[sha("old")])
        for number, kind in enumerate(("late", "answer", "being_checked"), 2):
            work.outgoing.enqueue(mail(number, kind=kind, created_at=minutes(50)), letters=[sha("worn")])
        work.outgoing.enqueue(mail(5, kind="receipt", created_at=minutes(50), state="held"))
        work.outgoing.enqueue(mail(6, kind="digest", created_at=minutes(50)))
        work.outgoing.enqueue(mail(7, kind="receipt", created_at=minutes(20)))
        kinds = ("receipt", "late", "answer", "being_checked")

        assert work.mailings.answers_and_letters(["huli-2022"], kinds=kinds, since_at=minutes(30)) == (4, 2)


def test_the_last_letter_that_left_for_an_address_is_found(store: Store) -> None:
    with store.write() as work:
        for number in (1, 2, 3):
            work.outgoing.enqueue(mail(number, to_address="Jinan@qq.example"))
        for number in (1, 2):
            work.outgoing.begin_handing_over(number, at=minutes(number))
            work.outgoing.mark_sent(number, at=minutes(number * 10))

        found = [
            work.outgoing.last_to("jinan@qq.example", since_at=NOON, before_at=minutes(end)) for end in (5, 15, 25)
        ]

        assert [each and each.id for each in found] == [None, 1, 2]


def test_purging_a_letter_takes_what_it_said_of_addresses_along(store: Store) -> None:
    with store.write() as work:
        came(work, "a")
        work.bounces.add([bounce("a")])
        work.deferrals.add(sha("a"), campaign="huli-2022", address="j@x.cn", at=NOON)
        work.letters.set_outcome(sha("a"), "not_a_submission")

        work.purging.purge_letter(sha("a"))

        assert (work.bounces.of_address("jinan@qq.example"), work.deferrals.waiting()) == ((), ())


def test_who_bounced_is_not_to_be_reminded(store: Store) -> None:
    with store.write() as work:
        came(work, "back")
        work.outgoing.enqueue(mail(1, to_address="Jinan@qq.example"))
        before = work.mailings.addressees()["jinan@qq.example"].is_undeliverable
        work.bounces.add([bounce()])

        assert (before, work.mailings.addressees("jinan@qq.example")["jinan@qq.example"].is_undeliverable) == (
            False,
            True,
        )
