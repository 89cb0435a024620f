"""Finished letters into the queue: a token, a Message-ID, the bytes, one row.

Peer: the caller's unit of work, so that a letter is queued in the same transaction as
what it tells of. Nothing is sent here.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from intake.model import MailKind
from intake.replies.envelope import Attachment, Written, build_message
from storage.errors import AlreadyAnsweredError
from storage.records.correspondence import NewOutgoing, OutgoingRecord
from storage.unit_of_work import UnitOfWork

TOKEN_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - letters to choose from, no secret
"""What people can read out and type: no 0 O 1 l i."""
TOKEN_LENGTH = 10
"""31^10 tokens: about 49 bits, far beyond guessing by mail."""

PRIORITY: dict[MailKind, int] = {
    "alarm": 0,
    "sign_in": 0,
    "fix_request": 10,
    "decision": 15,
    "correction": 15,
    "being_checked": 20,
    "late": 20,
    "reminder": 25,
    "awaiting": 25,
    "confirm_withdrawal": 20,
    "disputed": 20,
    "confirm_replacement": 20,
    "notice": 25,
    "receipt": 30,
    "receipts": 30,
    "summary": 50,
    "withdrawn": 30,
    "draft_review": 35,
    "answer": 40,
    "same_again": 50,
    "extension": 15,
    "moved": 15,
    "merged": 30,
    "parted": 15,
    "orders": 5,
    "case_notice": 5,
    "digest": 60,
}
"""Lower leaves first: who must act before the deadline hears first."""


CORRECTED = "corrections_queued"
"""Event: letters that correct earlier ones were put into the queue."""

URGENT = 25
"""Priorities up to this leave even from the last tenth of a day's letters: somebody can act only when he has read them."""
NOTHING = -1


def least_urgent(sent: int, daily_sends: int) -> int | None:
    """Up to which priority letters may leave when so many have left in 24 hours; None: all of them.

    The last tenth of what the provider takes is kept for requests, decisions, what a person checks and reminders.
    """
    if sent >= daily_sends:
        return NOTHING
    return URGENT if sent >= daily_sends - daily_sends // 10 else None


def runs_short(sent: int, daily_sends: int) -> bool:
    """Whether so many have left in 24 hours that letters are to be saved: what one letter can say is not said in several."""
    return sent >= daily_sends - daily_sends // 5


def new_token() -> str:
    """A fresh 回执码."""
    return "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))


class Outbox:
    """Queues letters from one address."""

    def __init__(self, *, sender_address: str, installation: str) -> None:
        """`installation` stands in our own header, so that two intakes tell their letters apart."""
        self._sender_address = sender_address
        self._installation = installation

    def put(
        self,
        work: UnitOfWork,
        draft: Written,
        *,
        kind: MailKind,
        token: str,
        recipient: str,
        sender_name: str,
        at: datetime,
        campaign: str | None = None,
        in_reply_to: str | None = None,
        references: Sequence[str] = (),
        letters: Sequence[str] = (),
        cases: Sequence[int] = (),
        attachments: Sequence[Attachment] = (),
        held: bool = False,
    ) -> OutgoingRecord | None:
        """Queue one letter that answers `letters` and names `cases`; None when one of them has such an answer.

        `held`: not to be sent until an organizer releases it.
        """
        outgoing_id = work.outgoing.reserve_id()
        message_id = f"{kind}.{outgoing_id}.{token}@{self._sender_address.rpartition('@')[2]}"
        raw = build_message(
            draft,
            sender=self._sender_address,
            sender_name=sender_name,
            recipient=recipient,
            message_id=message_id,
            date_at=at,
            in_reply_to=in_reply_to,
            references=references,
            kind=kind,
            token=token,
            installation=self._installation,
            attachments=attachments,
        )
        mail = NewOutgoing(
            id=outgoing_id,
            kind=kind,
            to_address=recipient,
            sender_address=self._sender_address,
            message_id=message_id,
            token=token,
            subject=draft.subject,
            raw=raw,
            created_at=at,
            campaign=campaign,
            priority=PRIORITY[kind],
            state="held" if held else "queued",
        )
        try:
            return work.outgoing.enqueue(mail, letters=letters, cases=cases)
        except AlreadyAnsweredError:
            return None
