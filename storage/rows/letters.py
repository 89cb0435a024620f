"""Rows of letters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, Update, func, or_, select, update

from storage import tables
from storage.dialects import insert_missing
from storage.errors import MissingRecordError
from storage.records import Json
from storage.records.correspondence import LetterRecord
from storage.rows.mapping import Rows, as_row, chunks

_letters = tables.letters


class LetterChange(TypedDict, total=False):
    """What may change on a letter; what is left out stays."""

    outcome: str
    reason: str
    ignored: str | None
    message_id: str | None
    from_address: str | None
    from_name: str
    subject: str
    folder_role: str
    campaign: str | None
    case_id: int | None
    answered: str | None
    attempts: int
    traceback: str | None
    evidence: Json | None
    test: bool
    read_at: datetime | None


class LetterRows(Rows):
    """Letters, each once, by the hash of its bytes."""

    def add(self, letter: LetterRecord) -> bool:
        """Record `letter`; True when it is new. A known one only learns an earlier receipt time."""
        if self.get(letter.sha256) is not None:
            self.note_received(letter.sha256, letter.received_at, internal_at=letter.internal_at)
            return False
        row = as_row(letter)
        row["from_address"] = _key(letter.from_address)
        insert_missing(self._connection, _letters, [row])
        return True

    def note_received(self, sha256: str, received_at: datetime, *, internal_at: datetime | None = None) -> None:
        """Move receipt time and INTERNALDATE back to these when they are earlier; never forward."""
        mine = _letters.c.sha256 == sha256
        self._connection.execute(
            update(_letters).where(mine, _letters.c.received_at > received_at).values(received_at=received_at)
        )
        if internal_at is not None:
            later = or_(_letters.c.internal_at.is_(None), _letters.c.internal_at > internal_at)
            self._connection.execute(update(_letters).where(mine, later).values(internal_at=internal_at))

    def change(self, sha256: str, **change: Unpack[LetterChange]) -> None:
        """Change the named fields. Raises: MissingRecordError."""
        if "from_address" in change:
            change["from_address"] = _key(change["from_address"])
        if change and not self._connection.execute(_update(sha256).values(**change)).rowcount:
            raise MissingRecordError(f"no letter {sha256}")

    def set_outcome(self, sha256: str, outcome: str, *, reason: str = "", ignored: str | None = None) -> None:
        """Record what became of it; traceback and attempts of earlier trouble go. Raises: MissingRecordError."""
        self.change(sha256, outcome=outcome, reason=reason, ignored=ignored, traceback=None, attempts=0)

    def quarantine(self, sha256: str, *, reason: str, traceback: str) -> None:
        """Put it aside with what broke. Raises: MissingRecordError."""
        self.change(sha256, outcome="quarantined", reason=reason, traceback=traceback)

    def begin_attempt(self, sha256: str, *, at: datetime, together: timedelta = timedelta()) -> int:
        """Count one more attempt at it, before the work begins; return their number. Raises: MissingRecordError.

        One that begins within `together` of the last that counted is the same attempt still.
        """
        letter = self.get(sha256)
        if letter is None:
            raise MissingRecordError(f"no letter {sha256}")
        # abs: a clock that was set back must not keep attempts from counting for as long.
        if letter.attempts and letter.attempted_at is not None and abs(at - letter.attempted_at) < together:
            return letter.attempts
        self._connection.execute(_update(sha256).values(attempts=letter.attempts + 1, attempted_at=at))
        return letter.attempts + 1

    def get(self, sha256: str) -> LetterRecord | None:
        """The letter, None when unknown."""
        return self._first(LetterRecord, select(_letters).where(_letters.c.sha256 == sha256))

    def known(self, sha256s: Iterable[str]) -> frozenset[str]:
        """Those of `sha256s` that are recorded."""
        return frozenset(
            sha256
            for some in chunks(sha256s)
            for sha256 in self._connection.execute(
                select(_letters.c.sha256).where(_letters.c.sha256.in_(some))
            ).scalars()
        )

    def by_outcome(self, outcome: str, *, limit: int | None = None) -> tuple[LetterRecord, ...]:
        """Letters with this outcome, oldest received first."""
        return self._all(
            LetterRecord,
            select(_letters)
            .where(_letters.c.outcome == outcome)
            .order_by(_letters.c.received_at, _letters.c.sha256)
            .limit(limit),
        )

    def unread(self, *, limit: int) -> tuple[LetterRecord, ...]:
        """Letters collected whose facts are not stored yet, oldest received first."""
        return self._collected(_letters.c.read_at.is_(None), limit=limit)

    def unfiled(self, *, limit: int) -> tuple[LetterRecord, ...]:
        """Letters read and waiting to be filed, oldest received first."""
        return self._collected(_letters.c.read_at.is_not(None), limit=limit)

    def quarantined_unanswered(self, *, limit: int) -> tuple[LetterRecord, ...]:
        """Letters put aside whose sender has not been told yet, oldest received first."""
        chosen = select(_letters).where(_letters.c.outcome == "quarantined", _letters.c.answered.is_(None))
        return self._all(LetterRecord, chosen.order_by(_letters.c.received_at, _letters.c.sha256).limit(limit))

    def _collected(self, condition: ColumnElement[bool], *, limit: int) -> tuple[LetterRecord, ...]:
        return self._all(
            LetterRecord,
            select(_letters)
            .where(_letters.c.outcome == "collected", condition)
            .order_by(_letters.c.received_at, _letters.c.sha256)
            .limit(limit),
        )

    def note_hand_answers(self, message_ids: Iterable[str], *, at: datetime) -> None:
        """Record that a colleague answered the letters with these Message-IDs, known here already or not."""
        rows = [{"message_id": message_id, "at": at} for message_id in dict.fromkeys(message_ids)]
        insert_missing(self._connection, tables.hand_answers, rows)

    def hand_answered_at(self, message_id: str) -> datetime | None:
        """When a colleague answered the letter with this Message-ID; None when nobody did."""
        table = tables.hand_answers
        at: datetime | None = self._connection.execute(
            select(table.c.at).where(table.c.message_id == message_id)
        ).scalar_one_or_none()
        return at

    def by_message_id(self, message_id: str) -> tuple[LetterRecord, ...]:
        """Letters with this Message-ID (without angle brackets), oldest received first; empty when none."""
        return self._in_order(_letters.c.message_id == message_id)

    def after(self, sha256: str, *, outcomes: Collection[str], limit: int) -> tuple[LetterRecord, ...]:
        """Letters with these outcomes whose SHA-256 comes after `sha256`, in the order of their hashes: a page of all."""
        wanted = (_letters.c.sha256 > sha256, _letters.c.outcome.in_(outcomes))
        return self._all(LetterRecord, select(_letters).where(*wanted).order_by(_letters.c.sha256).limit(limit))

    def beginning_with(self, prefix: str) -> tuple[LetterRecord, ...]:
        """Letters whose SHA-256 begins with `prefix`, in lower case, oldest received first; empty when none."""
        return self._in_order(_letters.c.sha256.startswith(prefix, autoescape=True))

    def from_address(self, address: str) -> tuple[LetterRecord, ...]:
        """Letters of this sender, any case of letters, oldest received first; empty when none."""
        return self._in_order(_letters.c.from_address == address.lower())

    def of_case(self, case_id: int) -> tuple[LetterRecord, ...]:
        """The letters joined to a case, in the order casework folds them: (received_at, SHA-256)."""
        joined = select(tables.case_letters.c.letter_sha256).where(tables.case_letters.c.case_id == case_id)
        return self._in_order(_letters.c.sha256.in_(joined))

    def of_cases(self, case_ids: Iterable[int]) -> dict[int, list[LetterRecord]]:
        """By case, what `of_case` tells of it; cases without letters are left out."""
        found: dict[int, list[LetterRecord]] = {}
        joined = tables.case_letters
        for some in chunks(dict.fromkeys(case_ids)):
            mine = select(joined.c.letter_sha256, joined.c.case_id).where(joined.c.case_id.in_(some))
            cases: dict[str, list[int]] = {}
            for sha256, case_id in self._connection.execute(mine):
                cases.setdefault(sha256, []).append(case_id)
            for few in chunks(cases):
                for letter in self._in_order(_letters.c.sha256.in_(few)):
                    for case_id in cases[letter.sha256]:
                        found.setdefault(case_id, []).append(letter)
        for letters in found.values():
            letters.sort(key=lambda letter: (letter.received_at, letter.sha256))
        return found

    def stored_between(self, first_at: datetime, before_at: datetime) -> tuple[LetterRecord, ...]:
        """Letters stored here from `first_at` on and before `before_at`, oldest received first; empty when none."""
        return self._in_order(_letters.c.stored_at >= first_at, _letters.c.stored_at < before_at)

    def for_person(self) -> tuple[LetterRecord, ...]:
        """Letters that a person should look at, filed or not, oldest received first."""
        return self._in_order(
            _letters.c.outcome.in_(("not_a_submission", "filed")),
            _letters.c.evidence.is_not(None),
            _letters.c.evidence["for_person"].as_boolean().is_(True),
        )

    def received_between(self, first_at: datetime, before_at: datetime) -> tuple[LetterRecord, ...]:
        """Letters received from `first_at` on and before `before_at`, oldest first; empty when none."""
        return self._in_order(_letters.c.received_at >= first_at, _letters.c.received_at < before_at)

    def count_unread(self, *, from_address: str | None = None) -> int:
        """Letters collected but not yet read and filed; with an address, that sender's and those of unknown sender."""
        waiting = select(func.count()).select_from(_letters).where(_letters.c.outcome == "collected")
        if from_address is not None:
            waiting = waiting.where(
                or_(_letters.c.from_address == from_address.lower(), _letters.c.from_address.is_(None))
            )
        return self._count(waiting)

    def _in_order(self, *conditions: object) -> tuple[LetterRecord, ...]:
        return self._all(
            LetterRecord,
            select(_letters).where(*conditions).order_by(_letters.c.received_at, _letters.c.sha256),  # type: ignore[arg-type]
        )


def _update(sha256: str) -> Update:
    return update(_letters).where(_letters.c.sha256 == sha256)


def _key(address: str | None) -> str | None:
    return None if address is None else address.lower()
