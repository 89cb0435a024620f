"""Bounces of our own letters: whose they are, whom they did not reach; and who writes again after all.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from intake.casework.bounces import (
    Returned,
    Unreached,
    doubted,
    is_of_its_mail_system,
    quotes_subject,
    read_bounce,
)
from intake.edges.clock import Clock
from intake.model import IgnoredReason, Letter
from storage.records.correspondence import LetterRecord, NewBounce, OutgoingRecord
from storage.unit_of_work import UnitOfWork

RETURNS_WITHIN = timedelta(days=7)
"""A bounce that names only the address is about our last letter there; mail systems give up after five days or fewer."""


class ReturnedMail:
    """Takes note of letters of ours that came back."""

    def __init__(self, *, own_addresses: frozenset[str], clock: Clock) -> None:
        self._own_addresses = own_addresses
        self._clock = clock

    def take_note(
        self, work: UnitOfWork, record: LetterRecord, letter: Letter, *, machine: IgnoredReason | None
    ) -> None:
        """Record whom we did not reach, of a bounce; that an address lives, of a person's letter.

        `machine`: why the letter is a machine's; None for a person's. A letter that fails DMARC proves neither.
        """
        if letter.is_disowned or letter.facts.report == "feedback-report":
            return
        if machine == "bounce":
            work.bounces.add(list(self._bounces(work, record, letter)))
        elif machine is None and record.from_address:
            work.bounces.lift(record.from_address, at=self._clock.now(), before_at=record.received_at)

    def _bounces(self, work: UnitOfWork, record: LetterRecord, letter: Letter) -> Iterator[NewBounce]:
        said = read_bounce(letter.facts, own_addresses=self._own_addresses)
        mail = _named(work, said)
        if mail is not None:
            yield _bounce(record, mail, _about(said, mail))
            return
        found: dict[str, tuple[OutgoingRecord, Unreached]] = {}
        for unreached in said.unreached:
            for address in unreached.addresses:
                last = work.outgoing.last_to(
                    address, since_at=record.received_at - RETURNS_WITHIN, before_at=record.received_at
                )
                if last is not None:
                    found.setdefault(address, (last, unreached))
        for address, (last, unreached) in found.items():
            # Each letter of ours has one recipient: a bounce that names several is not the bounce of one.
            proven = len(found) == 1 and (
                quotes_subject(letter.facts, last.subject)
                or is_of_its_mail_system(letter.facts, address, own_addresses=self._own_addresses)
            )
            yield _bounce(record, last, unreached if proven else doubted(unreached))


def _named(work: UnitOfWork, said: Returned) -> OutgoingRecord | None:
    """The letter of ours that the bounce carries, by its Message-ID or 回执码; None when it carries none."""
    by_id = (work.outgoing.by_message_id(each) for each in said.message_ids)
    by_code = (work.outgoing.by_token(each) for each in said.codes)
    return next((mail for found in (by_id, by_code) for mail in found if mail is not None), None)


def _about(said: Returned, mail: OutgoingRecord) -> Unreached:
    """What is said of the address `mail` went to.

    When only others are named, it was passed on from there to somebody it did not reach: that says nothing for good.
    """
    address = mail.to_address.lower()
    mine = next((each for each in said.unreached if address in each.addresses), None)
    if mine is not None:
        return mine
    return Unreached((address,), said.permanent and not said.unreached, said.status, said.reason)


def _bounce(record: LetterRecord, mail: OutgoingRecord, unreached: Unreached) -> NewBounce:
    return NewBounce(
        letter_sha256=record.sha256,
        address=mail.to_address.lower(),
        outgoing_id=mail.id,
        permanent=unreached.permanent,
        status=unreached.status,
        reason=unreached.reason,
        at=record.received_at,
    )
