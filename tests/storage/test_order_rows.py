from __future__ import annotations

from typing import Any

from storage.records.casebook import NewDecision
from storage.records.ordering import NewOrder, OrderRecord, Undoing
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.samples import case, letter, mail, minutes, sha

CLERK = "lin@huli.example"


def _answers(work: UnitOfWork, number: int, **fields: Any) -> None:
    """A letter of an organizer, and our answer to it."""
    work.letters.add(letter(number))
    work.outgoing.enqueue(
        mail(number, **{"kind": "orders", "to_address": CLERK, "created_at": minutes(number)} | fields),
        letters=[sha(number)],
    )


def _order(work: UnitOfWork, *, letter_sha256: str | None = None, answer_id: int | None = None) -> OrderRecord:
    order = work.orders.add(
        NewOrder(
            campaign="huli-2022",
            action="pass",
            who="林秘书",
            why="好",
            said="1号通过",
            channel="mail",
            at=minutes(0),
            state="done",
            letter_sha256=letter_sha256,
        )
    )
    if answer_id is not None:
        work.orders.tell(order.id, answer_id)
    return order


def _decide(work: UnitOfWork, case_id: int) -> int:
    """A decision on the case; its id."""
    made = NewDecision(case_id=case_id, kind="pass", who="林秘书", why="好", at=minutes(0))
    return work.cases.add_decision(made).id


def test_only_answers_that_tell_an_organizer_of_no_order_count_as_unheard(store: Store) -> None:
    with store.write() as work:
        for number in range(1, 6):
            _answers(work, number, to_address=CLERK.upper() if number == 5 else CLERK)
        _answers(work, 6, kind="case_notice")
        _answers(work, 7, to_address="wang@huli.example")
        _order(work, letter_sha256=sha(1))
        _order(work, answer_id=2)

        counted = [
            work.orders.count_unheard(CLERK, campaign=campaign, since_at=minutes(since))
            for campaign, since in (("huli-2022", 0), ("huli-2022", 4), ("other", 0))
        ]

    assert counted == [3, 2, 0]


def test_order_taken_back_tells_who_did_it_and_an_earlier_one_tells_when(store: Store) -> None:
    with store.write() as work:
        letter_sha256 = sha(1)
        work.letters.add(letter(1))
        before, kept, stands = (_order(work) for _ in range(3))
        case_id = work.cases.open(case()).id
        decisions = [_decide(work, case_id) for _ in range(3)]
        for each, decision_id in zip((before, kept, stands), decisions, strict=True):
            work.orders.add_case(each.id, case_id, decision_id=decision_id)
        work.orders.settle(before.id, state="undone", at=minutes(1))  # as a program before this one did
        undoing = Undoing(order_id=kept.id, who="王主任", channel="mail", at=minutes(2), letter_sha256=letter_sha256)
        work.orders.take_back(undoing)

    with store.read() as view:
        undone = view.orders.undone_decisions()
        of_case = [(order.id, each) for order, each in view.orders.undone(case_id)]

    unknown = Undoing(order_id=before.id, who="", channel="", at=minutes(1))
    assert undone == {decisions[0]: unknown, decisions[1]: undoing}
    assert of_case == [(before.id, unknown), (kept.id, undoing)]
