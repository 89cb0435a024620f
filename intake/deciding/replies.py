"""The one mail that answers an organizer's letter of orders. Peer: the caller's unit of work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from intake.calls import Call
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.figures.answer_line import AnswerLine
from intake.figures.orders_reply import OrderLine, OrdersMatter, write_orders_reply
from intake.model import Letter
from intake.orders import SENTINEL, Understood
from storage.records.correspondence import LetterRecord
from storage.records.ordering import OrderRecord
from storage.unit_of_work import UnitOfWork

UNHEARD_AT_MOST = 10
"""Answers to one organizer in a day that tell of nothing done: whoever answers each of them is a machine."""
_DAY = timedelta(hours=24)


@dataclass(slots=True)
class Results:
    """What becomes of a letter's orders, as they are gone through."""

    lines: list[OrderLine] = field(default_factory=list)
    records: list[OrderRecord] = field(default_factory=list)
    """Orders the answer tells of."""
    leave: bool = False
    """Letters wait that can still be taken back."""


class OrderReplies:
    """Writes to organizers what became of their orders; each mail can be answered in turn."""

    def __init__(self, outbox: Outbox, *, clock: Clock, undo_for: timedelta, dry_run: bool) -> None:
        """`undo_for`: how long an order can be taken back. `dry_run`: the mails are held as all others are."""
        self._outbox = outbox
        self._clock = clock
        self._undo_for = undo_for
        self._dry_run = dry_run

    def write(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        letter: Letter,
        call: Call,
        *,
        results: Results | None = None,
        understood: Understood | None = None,
        problem: str = "",
        unheard_at_most: int = UNHEARD_AT_MOST,
    ) -> bool:
        """Queue the answer to the letter's sender; False when he has had enough that tell of nothing done.

        `problem`: why nothing was read at all. `unheard_at_most`: how many such mails he may have had in a day.
        """
        results = results or Results()
        assert letter.facts.sender is not None  # an organizer's
        now, recipient = self._clock.now(), letter.facts.sender.address
        told_nothing = all(line.became == "refused" for line in results.lines)
        if told_nothing and self._unheard(work, recipient, call) >= unheard_at_most:
            return False
        token = new_token()
        matter = OrdersMatter(
            subject_tag=call.campaign.tag,
            prefix=call.campaign.number_prefix,
            line=AnswerLine(SENTINEL, token),
            lines=tuple(results.lines),
            unclear=tuple((each.said, each.hint) for each in understood.unclear) if understood is not None else (),
            problem=problem,
            leaves_at=now + self._undo_for if results.leave and self._undo_for else None,
            undo_minutes=int(self._undo_for.total_seconds() // 60),
            zone=call.campaign.timezone,
        )
        mail = self._outbox.put(
            work,
            write_orders_reply(matter),
            kind="orders",
            token=token,
            recipient=recipient,
            sender_name=call.campaign.from_name,
            at=now,
            campaign=call.campaign.id,
            in_reply_to=letter.facts.message_id,
            references=letter.facts.references,
            letters=(record.sha256,),
            held=self._dry_run,
        )
        if mail is not None:
            for each in results.records:
                work.orders.tell(each.id, mail.id)
        return True

    def _unheard(self, work: UnitOfWork, recipient: str, call: Call) -> int:
        since_at = self._clock.now() - _DAY
        return work.orders.count_unheard(recipient, campaign=call.campaign.id, since_at=since_at)
