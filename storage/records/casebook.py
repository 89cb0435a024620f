"""Cases, what they were made of at each time, and what was found and decided. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case about to be opened."""

    campaign: str
    number: str
    sender_address: str
    opened_at: datetime
    state: str
    title: str = ""
    unit: str = ""
    contact: str = ""
    phone: str = ""
    category: str | None = None
    level: str | None = None
    verdict: str | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    """Exclusive close of the intake for this case alone; None: the campaign's."""
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord(NewCase):
    """A stored case."""

    id: int
    updated_at: datetime
    current_revision_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetter:
    """That a letter belongs to a case, and by which evidence."""

    case_id: int
    letter_sha256: str
    joined_by: str
    leads: tuple[str, ...]
    """SHA-256 of the documents by which this case is told from others of the letter; empty: the letter is about it alone."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRecord:
    """One immutable set of files of a case."""

    id: int
    case_id: int
    ordinal: int
    """1 for the first."""
    received_at: datetime | None
    content_key: str
    summary: Json
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJudgement:
    """A verdict with everything that explains it."""

    revision_id: int
    verdict: str
    findings: tuple[Json, ...]
    settled: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    rules_hash: str
    code_version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRecord(NewJudgement):
    """A stored judgement."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What a named organizer decided, and why."""

    case_id: int
    kind: str
    who: str
    why: str
    at: datetime
    rule: str | None = None
    """The rule it is about; None: the case as a whole."""
    revision_id: int | None = None
    """The one revision it binds; None: this and all later ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord(NewDecision):
    """A stored decision."""

    id: int
