"""What the daily digest is about, as data: filled by the desk, read by `write_digest`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.figures.charts import Chart
from intake.figures.roster_report import RosterMatter

ROWS_SHOWN = 60
"""Rows of one list; those beyond are counted and need no words. The ledger has all."""
CARDS_SHOWN = 60
"""Things to do, told one by one; those beyond are counted."""

MailState = Literal["sent", "queued", "retry_at", "held", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as one row."""

    number: str
    title: str
    unit: str | None = None
    category: str | None = None
    """The category written down; None when none was."""
    suggestion: str | None = None
    """A category suggested from the text when none was written."""
    received_at: datetime | None = None
    note: str = ""
    """What stands in the last column: what is missing, until when we wait, by how much it is late."""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A file that was only linked to, as an organizer needs it to fetch it."""

    name: str
    """Empty when the letter gives none."""
    where: str
    """Whose service it lies on: QQ邮箱超大附件."""
    url: str
    is_known: bool = True
    """Whether the address is that service's own; one of a host nobody knows is not written so that it can be clicked."""
    size_bytes: int | None = None
    expires_at: datetime | None = None
    """Exclusive, aware; None when no end is stated."""
    expires_said: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class HumanItem:
    """Something only a person can settle."""

    what: str
    """Number and title of the case, or sender and subject of the letter."""
    reason: str
    """In one sentence, why."""
    evidence: str = ""
    """The line of the material, the measured value, the file."""
    how: str = ""
    """What to type or do at the desk."""
    answer: str = ""
    """The words to answer with, for mails that can be answered; empty when no answer settles it."""
    link: str = ""
    """Where it stands on the page; empty when the page has no address of its own."""
    cost: Literal["complaint", "deadline", "submitter", "none"] = "none"
    """`complaint`: nobody was answered, before everything else. `deadline`: may cost a submitter the deadline; shown first. `submitter`: somebody is waiting."""
    links: tuple[LinkLine, ...] = ()
    """What lies behind links, in any order: shown by expiry, and the item with the soonest comes first."""


@dataclass(frozen=True, slots=True)
class IgnoredLetter:
    """A letter that opened no case, and why."""

    sender: str
    subject: str
    reason: str
    """An `IgnoredReason`, or a letter outcome such as `quarantined`."""
    received_at: datetime
    answered: bool = False
    """Whether we wrote back."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A failure or its recovery, or what a person did about sending."""

    at: datetime
    what: str
    recovered: bool = False
    is_trouble: bool = True
    advice: str = ""


@dataclass(frozen=True, slots=True)
class StuckMail:
    """An outgoing letter that did not simply go out."""

    to_address: str
    subject: str
    state: MailState
    why: str = ""


@dataclass(frozen=True, slots=True)
class FolderCount:
    """The completeness equation of one folder (one UIDVALIDITY): letters on the server = recorded ones not gone."""

    name: str
    on_server: int
    recorded: int
    """Sightings not gone."""
    gone: int = 0
    """Recorded, since moved or deleted."""
    out_of_window: int = 0
    """Recorded, since too old for the server to show."""
    before_opening: int = 0
    """Of the recorded: older than the service's first day."""
    rematching: bool = False

    @property
    def holds(self) -> bool:
        """Whether every letter on the server is recorded."""
        return self.on_server == self.recorded and not self.rematching


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """What came in seven days, and in the seven before."""

    letters: int
    opened: int
    complete: int
    opened_before: int
    complete_before: int


@dataclass(frozen=True, slots=True)
class DigestMatter:
    """One day of one or several campaigns."""

    written_at: datetime
    """Aware; the digest tells what happened up to here."""
    since_at: datetime | None
    """Start of the time told; None for the first digest."""
    zone: str
    campaigns: tuple[str, ...]
    """Titles, in the order of the settings."""
    subject_tag: str
    closes_at: datetime | None = None
    """The next close, exclusive."""
    letters_new: int = 0
    """Letters newly received in this time, of any sort."""
    total_cases: int = 0
    """All cases registered so far, test numbers left out."""
    needs_person: tuple[HumanItem, ...] = ()
    new: tuple[CaseLine, ...] = ()
    """Cases opened in this time."""
    accepted: tuple[CaseLine, ...] = ()
    """Cases that became complete in this time."""
    needs_fix: tuple[CaseLine, ...] = ()
    """All cases waiting for the submitter to complete them."""
    waiting: tuple[CaseLine, ...] = ()
    """All cases whose photos or form may still be under way."""
    late: tuple[CaseLine, ...] = ()
    withdrawn: tuple[CaseLine, ...] = ()
    """All cases their senders took back; their numbers are kept."""
    reminded: tuple[CaseLine, ...] = ()
    """Cases whose senders were reminded in this time."""
    decided: tuple[CaseLine, ...] = ()
    """What organizers decided in this time, one line each, in the order decided."""
    ignored: tuple[IgnoredLetter, ...] = ()
    mail_counts: tuple[tuple[MailState, int], ...] = ()
    stuck_mail: tuple[StuckMail, ...] = ()
    incidents: tuple[Incident, ...] = ()
    """Oldest first."""
    folders: tuple[FolderCount, ...] = ()
    attest: tuple[str, ...] = ()
    """What the call leaves to human judges, one line each."""
    notes: tuple[str, ...] = ()
    """States of the service worth a line: rules changed, paused, dry run."""
    states: tuple[tuple[str, int], ...] = ()
    """All cases by state, trial ones left out; states that occur."""
    rosters: tuple[RosterMatter, ...] = ()
    """Who was expected to send, for each campaign; empty without a roster."""
    charts: tuple[Chart, ...] = ()
    week: WeekCounts | None = None
    """The last seven days, for a digest that sums them up."""
    is_closing: bool = False
    """The last days: digests come several times a day."""
    answerable: bool = False
    """The mail can be answered with orders."""
    polled_at: datetime | None = None
    """When the mailbox was last looked at; None when never."""
    demo: bool = False
    """The clock is a set one."""


@dataclass(frozen=True, slots=True)
class DigestDraft:
    """The finished digest without its envelope."""

    subject: str
    text: str
    html: str
    language: str = "zh-CN"
