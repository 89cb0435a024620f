"""What the ledger is about, as data: filled from the records, read by `ledger_sheets`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.figures.roster_report import RosterMatter


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCase:
    """A case as one row."""

    number: str
    state: str
    opened_at: datetime
    campaign: str = ""
    """Title of the campaign."""
    title: str = ""
    unit: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    category: str | None = None
    level: str | None = None
    last_at: datetime | None = None
    """When its latest letter arrived."""
    letters: int = 0
    revision: int | None = None
    words: int | None = None
    """字数 of its text; None when nobody counted."""
    about: bool = False
    photos: int | None = None
    """Those counted; None before the first revision."""
    files: int | None = None
    to_complete: str = ""
    to_check: str = ""
    advice: str = ""
    late: bool = False
    decision: str = ""
    """The organizers' last ruling: by whom, what, why."""
    closes_at: datetime | None = None
    """An end of its own, exclusive."""
    judged_at: datetime | None = None
    test: bool = False
    link: str = ""
    """Where its folder lies; empty when it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFile:
    """A file as one row."""

    name: str
    format: str
    size_bytes: int
    sha256: str
    received_at: datetime
    numbers: tuple[str, ...] = ()
    """The cases whose current material it is part of, or whose letter brought it."""
    role: str | None = None
    """`photo`, a document's role, or None when it is not part of the current material."""
    counted: bool | None = None
    """Of a photo; None for other files."""
    words: int | None = None
    pixels: tuple[int, int] | None = None
    problem: str | None = None
    sender: str = ""
    place: str = ""
    """The archives, documents, forwarded letters and folders it lay in."""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLetter:
    """A letter as one row."""

    sha256: str
    received_at: datetime
    sender_name: str
    sender_address: str
    subject: str
    outcome: str
    ignored: str | None = None
    numbers: tuple[str, ...] = ()
    reason: str = ""
    answers: tuple[tuple[str, str, datetime], ...] = ()
    """Kind, state and time of each letter of ours that answered it, oldest first."""
    by_hand: bool = False
    """A colleague answered it."""
    size_bytes: int = 0
    folder_role: str = "inbox"
    test: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFinding:
    """A finding of a case's latest judgement as one row."""

    number: str
    title: str
    check: str
    """Name of the check in words."""
    rule: str
    severity: Literal["fix", "human", "note"]
    file: str = ""
    says: str = ""
    evidence: str = ""
    judged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMatter:
    """The records of all campaigns of one intake as of one moment."""

    written_at: datetime
    zone: str
    campaigns: tuple[str, ...]
    """Titles, in the order of the settings."""
    mailbox: str
    signature: str = ""
    cases: tuple[LedgerCase, ...] = ()
    """Oldest first, trial cases among them."""
    files: tuple[LedgerFile, ...] = ()
    letters: tuple[LedgerLetter, ...] = ()
    """Oldest first."""
    unfetched: tuple[tuple[str, int], ...] = ()
    """By outcome, letters that were seen in the mailbox and never lay here."""
    findings: tuple[LedgerFinding, ...] = ()
    last_numbers: tuple[tuple[str, int], ...] = ()
    """By prefix of case numbers, the last one given out or skipped."""
    restored_at: datetime | None = None
    """When the records came from a backup and numbers were skipped; None when never."""
    rosters: tuple[RosterMatter, ...] = ()
    """Who was expected to send, for each campaign; empty without a roster."""
    trial: bool = False
    """The service runs on trial: its trial cases are listed like any other."""
