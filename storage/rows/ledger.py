"""Everything at once, for lists of the whole: each noun in one query, without what lists do not show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, cast, func, select

from storage import tables as t
from storage.records.casebook import CaseLetter, DecisionRecord, JudgementRecord, RevisionRecord
from storage.rows.mapping import Rows, chunks

_CASE = "case:"


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter without its traceback and evidence."""

    sha256: str
    size_bytes: int
    received_at: datetime
    outcome: str
    reason: str
    ignored: str | None
    from_address: str | None
    from_name: str
    subject: str
    folder_role: str
    campaign: str | None
    answered: str | None
    test: bool


class FileLine(NamedTuple):
    """A file, as far as lists show it."""

    id: int
    letter_sha256: str
    parent_id: int | None
    sha256: str
    name: str
    folder: str
    format: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FileMeasure:
    """What lists show of a stored reading."""

    problem: str | None
    words: int | None
    """字数 of the main text; None when it is no document that was read."""
    about: bool
    """The words are a recogniser's."""
    width_px: int | None
    height_px: int | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """That a letter of ours answered a letter."""

    letter_sha256: str
    kind: str
    state: str
    created_at: datetime
    sent_at: datetime | None


class LedgerRows(Rows):
    """Whole tables, read once."""

    def letters(self) -> tuple[LetterLine, ...]:
        """All letters, oldest received first."""
        columns = [t.letters.c[name] for name in LetterLine.__slots__]
        return self._all(LetterLine, select(*columns).order_by(t.letters.c.received_at, t.letters.c.sha256))

    def files(self) -> tuple[FileLine, ...]:
        """All files, by letter (its hash), in reading order."""
        columns = [t.files.c[name] for name in FileLine._fields]
        chosen = select(*columns).order_by(t.files.c.letter_sha256, t.files.c.id)
        return tuple(FileLine._make(row) for row in self._connection.execute(chosen))

    def measures(self) -> dict[str, FileMeasure]:
        """By file, what was found by the reading recorded last."""
        facts = t.readings.c.facts
        # A path at once: step by step SQLite would write out and read again the whole text at each step.
        words = ("document", "counts", "main", "words")
        chosen = select(
            t.readings.c.file_sha256,
            t.readings.c.problem,
            _whole(facts[(*words, "value")]),
            facts[(*words, "reason")].as_string(),
            _whole(facts[("photo", "width_px")]),
            _whole(facts[("photo", "height_px")]),
        )
        # Letters have readings too, the largest of all, and are no files.
        chosen = chosen.where(t.readings.c.file_sha256.in_(select(t.files.c.sha256))).order_by(t.readings.c.at)
        return {
            sha256: FileMeasure(problem, count, reason == "ocr", width, height)
            for sha256, problem, count, reason, width, height in self._connection.execute(chosen)
        }

    def revisions(self) -> tuple[RevisionRecord, ...]:
        """The current revision of every case that has one, by case."""
        joined = t.revisions.join(t.cases, t.cases.c.current_revision_id == t.revisions.c.id)
        return self._all(RevisionRecord, select(t.revisions).select_from(joined).order_by(t.revisions.c.case_id))

    def judgements(self) -> dict[int, JudgementRecord]:
        """By case, the latest judgement on any of its revisions; cases without one are left out."""
        mine = t.judgements.join(t.revisions, t.revisions.c.id == t.judgements.c.revision_id)
        latest = select(func.max(t.judgements.c.id)).select_from(mine).group_by(t.revisions.c.case_id)
        case_of = dict(self._connection.execute(select(t.revisions.c.id, t.revisions.c.case_id)).all())
        found = self._all(JudgementRecord, select(t.judgements).where(t.judgements.c.id.in_(latest)))
        return {case_of[judgement.revision_id]: judgement for judgement in found}

    def decisions(self, *, since_at: datetime | None = None) -> tuple[DecisionRecord, ...]:
        """All decisions, from `since_at` on, oldest first."""
        chosen = () if since_at is None else (t.decisions.c.at >= since_at,)
        return self._all(DecisionRecord, select(t.decisions).where(*chosen).order_by(t.decisions.c.id))

    def addresses(self, *, among: Collection[str] | None = None) -> dict[int, frozenset[str]]:
        """By case, the addresses it belongs to, lower case. `among`: of these alone, cases without one left out."""
        table = t.case_addresses
        pairs = select(table.c.case_id, table.c.address)
        parts = [pairs] if among is None else [pairs.where(table.c.address.in_(some)) for some in chunks(among)]
        found: dict[int, set[str]] = {}
        for part in parts:
            for case_id, address in self._connection.execute(part).all():
                found.setdefault(case_id, set()).add(address)
        return {case_id: frozenset(addresses) for case_id, addresses in found.items()}

    def joins(self) -> tuple[CaseLetter, ...]:
        """Which letter belongs to which case, by case, in the order they were joined."""
        table = t.case_letters
        return self._all(CaseLetter, select(table).order_by(table.c.case_id, table.c.at, table.c.letter_sha256))

    def answers(self) -> tuple[AnswerLine, ...]:
        """Our answers by letter, oldest first."""
        joined = t.outgoing_letters.join(t.outgoing, t.outgoing.c.id == t.outgoing_letters.c.outgoing_id)
        columns = (
            t.outgoing_letters.c.letter_sha256,
            *(t.outgoing.c[name] for name in ("kind", "state", "created_at", "sent_at")),
        )
        return self._all(AnswerLine, select(*columns).select_from(joined).order_by(t.outgoing.c.id))

    def unfetched(self) -> dict[str, int]:
        """By outcome, how many letters were seen in folders other than Sent and have no letter here, outcomes sorted."""
        seen = t.sightings.c
        counted = select(seen.outcome, func.count()).where(
            seen.letter_sha256.is_(None), seen.outcome.is_not(None), seen.folder_role != "sent"
        )
        return dict(self._connection.execute(counted.group_by(seen.outcome).order_by(seen.outcome)).all())

    def last_numbers(self) -> dict[str, int]:
        """By prefix of case numbers, the last number given out or skipped."""
        counters = t.counters
        chosen = select(counters.c.name, counters.c.value).where(counters.c.name.startswith(_CASE, autoescape=True))
        return {name.removeprefix(_CASE): value for name, value in self._connection.execute(chosen)}


def _whole(fact: Any) -> Any:
    """A whole number among facts. A picture may claim to be wider than a server's INTEGER: 32 bits, signed."""
    return cast(fact.as_string(), BigInteger)
