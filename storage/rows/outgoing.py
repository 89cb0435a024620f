"""Rows of outgoing letters and the states they pass.

    held ──release──> queued ──begin_handing_over──> handing_over ──mark_sent──> sent
                        ^                               │──mark_retry───> retry_at ──(due again)
                        └───────release──────┐          │──mark_failed──> failed
    queued, retry_at, held ──cancel──> cancelled        └──mark_unknown─> retry_at once, then unknown

`handing_over` is committed before DATA. A row found in it after a crash is in doubt just
like one whose link died after the final dot: it is sent once more, the second doubt parks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from storage import tables
from storage.errors import AlreadyAnsweredError, ConflictError, MissingRecordError
from storage.records.correspondence import NewOutgoing, OutgoingRecord
from storage.rows.bounces import blocked_addresses
from storage.rows.counters import next_value
from storage.rows.mapping import Rows, as_row, chunks

_outgoing = tables.outgoing
_letters = tables.outgoing_letters
_cases = tables.outgoing_cases
_CLAIMABLE = ("queued", "retry_at")

FARTHEST = timedelta(hours=48)
"""No letter is put off for longer."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of the letters found in `handing_over`: row ids, ascending."""

    again: tuple[int, ...]
    """Sent once more."""
    parked: tuple[int, ...]
    """Parked as `unknown`, for a person to look at."""


class OutgoingRows(Rows):
    """Everything we send."""

    def reserve_id(self) -> int:
        """A number for a new outgoing letter, to stand in its Message-ID before the bytes are made."""
        return next_value(self._connection, "outgoing")

    def enqueue(self, mail: NewOutgoing, *, letters: Sequence[str] = (), cases: Sequence[int] = ()) -> OutgoingRecord:
        """Record a finished letter that answers `letters` and names `cases`.

        Raises: AlreadyAnsweredError when one of `letters` has an answer of this kind already
        (nothing is recorded then); ConflictError when id, Message-ID or token are in use.
        """
        answered = self.answered(letters, mail.kind)
        if answered:
            raise AlreadyAnsweredError(f"already answered with {mail.kind}: {', '.join(sorted(answered))}")
        row: dict[str, Any] = as_row(mail)
        row |= {"attempts": 0, "unknown_events": 0, "last_error": ""}
        self._connection.execute(insert(_outgoing).values(**row))
        if letters:
            self._connection.execute(
                insert(_letters),
                [{"outgoing_id": mail.id, "letter_sha256": s, "kind": mail.kind} for s in dict.fromkeys(letters)],
            )
        if cases:
            self._connection.execute(
                insert(_cases), [{"outgoing_id": mail.id, "case_id": c} for c in dict.fromkeys(cases)]
            )
        return self._found(mail.id)

    def answered(self, letters: Sequence[str], kind: str) -> frozenset[str]:
        """Those of `letters` that have an answer of this kind, in whatever state."""
        return frozenset(
            sha256
            for some in chunks(letters)
            for sha256 in self._connection.execute(
                select(_letters.c.letter_sha256).where(_letters.c.letter_sha256.in_(some), _letters.c.kind == kind)
            ).scalars()
        )

    def due(
        self, now: datetime, *, limit: int | None = None, up_to: int | None = None, always: Collection[str] = ()
    ) -> tuple[OutgoingRecord, ...]:
        """Letters to hand over now: by priority, then oldest first; none to an address whose mail came back.

        `up_to`: only those of this priority or a more urgent one. Kinds in `always` heed neither. A letter put off
        farther than any is ever put off was put off by a clock that was wrong: it is due.
        """
        next_at = _outgoing.c.next_at
        reaches = func.lower(_outgoing.c.to_address).not_in(blocked_addresses())
        urgent = [or_(reaches, _outgoing.c.kind.in_(always))]
        if up_to is not None:
            urgent.append(or_(_outgoing.c.priority <= up_to, _outgoing.c.kind.in_(always)))
        return self._all(
            OutgoingRecord,
            select(_outgoing)
            .where(_outgoing.c.state.in_(_CLAIMABLE), or_(next_at.is_(None), next_at <= now, next_at > now + FARTHEST))
            .where(*urgent)
            .order_by(_outgoing.c.priority, _outgoing.c.created_at, _outgoing.c.id)
            .limit(limit),
        )

    def begin_handing_over(self, outgoing_id: int, *, at: datetime) -> OutgoingRecord:
        """Claim a letter; commit before the first byte of DATA. Counts the attempt.

        Raises: ConflictError when it may not leave (sent, held, cancelled, claimed by another); MissingRecordError.
        """
        values = {"state": "handing_over", "handed_at": at, "attempts": _outgoing.c.attempts + 1}
        return self._move(outgoing_id, _CLAIMABLE, **values)

    def mark_sent(self, outgoing_id: int, *, at: datetime, answer: str = "") -> OutgoingRecord:
        """The server took it; `answer` is its reply to the final dot. Raises: ConflictError, MissingRecordError."""
        values = {"state": "sent", "sent_at": at, "next_at": None, "last_error": answer, "last_code": None}
        return self._move(outgoing_id, ("handing_over",), **values)

    def mark_retry(
        self, outgoing_id: int, *, next_at: datetime, error: str, code: int | None = None, counts: bool = True
    ) -> OutgoingRecord:
        """The server surely did not take it; try again at `next_at`. Raises: ConflictError, MissingRecordError.

        `counts`: the attempt is the letter's; off when no other letter would have left either.
        """
        values: dict[str, Any] = {"state": "retry_at", "next_at": next_at, "last_error": error, "last_code": code}
        if not counts:
            values["attempts"] = _outgoing.c.attempts - 1
        return self._move(outgoing_id, ("handing_over",), **values)

    def hurry(self) -> int:
        """Let every letter that waits for its next attempt leave now; return how many."""
        waiting = update(_outgoing).where(_outgoing.c.state == "retry_at").values(next_at=None)
        return self._connection.execute(waiting).rowcount

    def mark_failed(self, outgoing_id: int, *, error: str, code: int | None = None) -> OutgoingRecord:
        """The server refused it for good. Raises: ConflictError, MissingRecordError."""
        values = {"state": "failed", "next_at": None, "last_error": error, "last_code": code}
        return self._move(outgoing_id, ("handing_over",), **values)

    def mark_unknown(self, outgoing_id: int, *, next_at: datetime, error: str) -> OutgoingRecord:
        """Nobody can tell whether the server took it (RFC 1047): sent again at `next_at` once, then parked.

        Raises: ConflictError, MissingRecordError.
        """
        again = self._found(outgoing_id).unknown_events == 0
        return self._move(
            outgoing_id,
            ("handing_over",),
            state="retry_at" if again else "unknown",
            next_at=next_at if again else None,
            unknown_events=_outgoing.c.unknown_events + 1,
            last_error=error,
            last_code=None,
        )

    def recover_handing_over(self, *, at: datetime) -> Recovered:
        """Settle what a crash left in `handing_over`. Call once at start, before anything is sent."""
        again: list[int] = []
        parked: list[int] = []
        stranded = select(_outgoing.c.id).where(_outgoing.c.state == "handing_over").order_by(_outgoing.c.id)
        for outgoing_id in self._connection.execute(stranded).scalars().all():
            settled = self.mark_unknown(outgoing_id, next_at=at, error="the process ended while handing it over")
            (again if settled.state == "retry_at" else parked).append(outgoing_id)
        return Recovered(tuple(again), tuple(parked))

    def hold(self, outgoing_id: int) -> OutgoingRecord:
        """Keep a letter back until released. Raises: ConflictError, MissingRecordError."""
        return self._move(outgoing_id, (*_CLAIMABLE, "held"), state="held", next_at=None)

    def hold_all_open(self, *, error: str) -> int:
        """Keep back every letter not settled yet, those in `handing_over` too; return how many.

        For records that somebody may have gone on with elsewhere: any of them may have been sent.
        """
        open_ones = _outgoing.c.state.in_((*_CLAIMABLE, "handing_over"))
        kept = update(_outgoing).where(open_ones).values(state="held", next_at=None, last_error=error)
        return self._connection.execute(kept).rowcount

    def release(self, outgoing_id: int) -> OutgoingRecord:
        """Let a held, failed or parked letter go, now. Raises: ConflictError, MissingRecordError."""
        return self._move(outgoing_id, ("held", "failed", "unknown", *_CLAIMABLE), state="queued", next_at=None)

    def cancel(self, outgoing_id: int) -> OutgoingRecord:
        """Never send it. Raises: ConflictError when it is on its way or gone; MissingRecordError."""
        return self._move(
            outgoing_id, (*_CLAIMABLE, "held", "failed", "unknown", "cancelled"), state="cancelled", next_at=None
        )

    def reinstate(self, outgoing_id: int, *, state: str, next_at: datetime | None) -> OutgoingRecord:
        """Let a cancelled letter stand again as it stood before. Raises: ConflictError, MissingRecordError."""
        return self._move(outgoing_id, ("cancelled",), state=state, next_at=next_at)

    def leave_unanswered(self, outgoing_id: int) -> None:
        """What a cancelled letter answered waits for an answer again."""
        self._connection.execute(delete(_letters).where(_letters.c.outgoing_id == outgoing_id))

    def after(self, outgoing_id: int) -> tuple[OutgoingRecord, ...]:
        """Letters written later than this one, oldest first; empty when none. 0: all of them."""
        chosen = select(_outgoing).where(_outgoing.c.id > outgoing_id)
        return self._all(OutgoingRecord, chosen.order_by(_outgoing.c.id))

    def last_id(self) -> int:
        """Of the letter written last; 0 before the first."""
        return self._count(select(func.max(_outgoing.c.id)))

    def put_off(self, outgoing_id: int, *, until_at: datetime) -> OutgoingRecord:
        """Let a queued letter leave no earlier than `until_at`. Raises: ConflictError, MissingRecordError."""
        return self._move(outgoing_id, ("queued",), state="queued", next_at=until_at)

    def get(self, outgoing_id: int) -> OutgoingRecord | None:
        """The letter, None when unknown."""
        return self._first(OutgoingRecord, select(_outgoing).where(_outgoing.c.id == outgoing_id))

    def by_message_id(self, message_id: str) -> OutgoingRecord | None:
        """The letter with this Message-ID (without angle brackets), None when it is not ours."""
        return self._first(OutgoingRecord, select(_outgoing).where(_outgoing.c.message_id == message_id))

    def by_token(self, token: str) -> OutgoingRecord | None:
        """The letter with this 回执码, None when it is not ours."""
        return self._first(OutgoingRecord, select(_outgoing).where(_outgoing.c.token == token))

    def last_to(self, address: str, *, since_at: datetime, before_at: datetime) -> OutgoingRecord | None:
        """The last letter that left for `address`, in any case of letters, from `since_at` on and before `before_at`."""
        mine = (func.lower(_outgoing.c.to_address) == address.lower(), _outgoing.c.state.in_(("sent", "unknown")))
        left_at = func.coalesce(_outgoing.c.sent_at, _outgoing.c.handed_at)
        chosen = select(_outgoing).where(*mine, left_at >= since_at, left_at <= before_at)
        return self._first(OutgoingRecord, chosen.order_by(left_at.desc(), _outgoing.c.id.desc()).limit(1))

    def by_state(self, state: str, *, kind: str | None = None, limit: int | None = None) -> tuple[OutgoingRecord, ...]:
        """Letters in this state, of one kind alone when it is given, oldest first; empty when none."""
        chosen = select(_outgoing).where(_outgoing.c.state == state).order_by(_outgoing.c.created_at, _outgoing.c.id)
        if kind is not None:
            chosen = chosen.where(_outgoing.c.kind == kind)
        return self._all(OutgoingRecord, chosen.limit(limit))

    def of_case(self, case_id: int) -> tuple[OutgoingRecord, ...]:
        """Letters that name a case, oldest first; empty when none."""
        named = select(_cases.c.outgoing_id).where(_cases.c.case_id == case_id)
        return self._all(OutgoingRecord, select(_outgoing).where(_outgoing.c.id.in_(named)).order_by(_outgoing.c.id))

    def of_letter(self, letter_sha256: str) -> tuple[OutgoingRecord, ...]:
        """Our answers to a letter, oldest first; empty when none."""
        mine = select(_letters.c.outgoing_id).where(_letters.c.letter_sha256 == letter_sha256)
        return self._all(OutgoingRecord, select(_outgoing).where(_outgoing.c.id.in_(mine)).order_by(_outgoing.c.id))

    def letters_of(self, outgoing_id: int) -> tuple[str, ...]:
        """SHA-256 of the letters it answers, sorted."""
        chosen = select(_letters.c.letter_sha256).where(_letters.c.outgoing_id == outgoing_id)
        return tuple(self._connection.execute(chosen.order_by(_letters.c.letter_sha256)).scalars())

    def cases_of(self, outgoing_id: int) -> tuple[int, ...]:
        """Ids of the cases it names, ascending."""
        chosen = select(_cases.c.case_id).where(_cases.c.outgoing_id == outgoing_id)
        return tuple(self._connection.execute(chosen.order_by(_cases.c.case_id)).scalars())

    def blocked(self) -> tuple[OutgoingRecord, ...]:
        """Letters that wait because mail to their address came back, oldest first; empty when none."""
        mine = (_outgoing.c.state.in_(_CLAIMABLE), func.lower(_outgoing.c.to_address).in_(blocked_addresses()))
        return self._all(OutgoingRecord, select(_outgoing).where(*mine).order_by(_outgoing.c.id))

    def count_by_state(self, *, campaign: str | None = None) -> dict[str, int]:
        """How many letters are in each state that occurs."""
        counted = select(_outgoing.c.state, func.count()).group_by(_outgoing.c.state).order_by(_outgoing.c.state)
        if campaign is not None:
            counted = counted.where(_outgoing.c.campaign == campaign)
        return dict(self._connection.execute(counted).all())

    def count_waiting(self) -> int:
        """How many letters would leave by themselves, now or later."""
        return self._count(select(func.count()).select_from(_outgoing).where(_outgoing.c.state.in_(_CLAIMABLE)))

    def _found(self, outgoing_id: int) -> OutgoingRecord:
        found = self.get(outgoing_id)
        if found is None:
            raise MissingRecordError(f"no outgoing letter {outgoing_id}")
        return found

    def _move(self, outgoing_id: int, allowed: Sequence[str], **values: Any) -> OutgoingRecord:
        # The state is asked in the same statement: of two who try, one succeeds.
        moved = self._connection.execute(
            update(_outgoing).where(_outgoing.c.id == outgoing_id, _outgoing.c.state.in_(allowed)).values(**values)
        )
        now = self._found(outgoing_id)
        if not moved.rowcount:
            raise ConflictError(f"outgoing letter {outgoing_id} is {now.state}, not {' or '.join(allowed)}")
        return now
