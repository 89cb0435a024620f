"""What the unit of work takes and hands back: frozen records, never a live row. Pure data.

Names of fields are names of columns. All times are aware UTC. `New…` is what a caller
gives; the `…Record` comes back with its row number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecord:
    """One raw letter, known by the hash of its bytes."""

    sha256: str
    size_bytes: int
    received_at: datetime
    """The earliest receipt time known so far."""
    stored_at: datetime
    """When its bytes became durable here."""
    outcome: str = "collected"
    internal_at: datetime | None = None
    reason: str = ""
    """Why this outcome, one line for the operator."""
    ignored: str | None = None
    """Why it opened no case, one word."""
    message_id: str | None = None
    """Without angle brackets."""
    from_address: str | None = None
    """Lower case; None until the letter is read."""
    from_name: str = ""
    subject: str = ""
    folder_role: str = "inbox"
    campaign: str | None = None
    case_id: int | None = None
    """The first case it joined; all of them are in `cases.letters`."""
    answered: str | None = None
    """How it was answered outside our outgoing letters ("by_hand"); None when not."""
    attempts: int = 0
    """How often work on it was begun since the last success."""
    attempted_at: datetime | None = None
    """When the last attempt that counted began."""
    traceback: str | None = None
    """With outcome `quarantined`: what broke."""
    evidence: Json | None = None
    """What the outcome rests on."""
    test: bool = False
    read_at: datetime | None = None
    """When its facts and those of its files were stored; None until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSighting:
    """A letter as one folder shows it."""

    account: str
    folder: str
    folder_role: str
    uidvalidity: int
    uid: int
    first_seen_at: datetime
    size_bytes: int
    fingerprint: str
    """Hash over Message-ID, Date, From, Subject bytes, INTERNALDATE and size."""
    internal_at: datetime | None = None
    letter_sha256: str | None = None
    outcome: str | None = None
    """Set when the letter's body is not (yet) ours: `before_opening`, `gone_before_fetch` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingRecord(NewSighting):
    """A stored sighting."""

    id: int
    gone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRecord:
    """What we last knew of a folder."""

    account: str
    folder: str
    role: str
    uidvalidity: int
    uidnext: int | None
    messages: int
    looked_at: datetime
    modseq: int | None = None
    state: str = "normal"
    """`normal`, or `rematching` after a changed UIDVALIDITY."""
    listed_at: datetime | None = None
    """When all its UIDs were last listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file inside a letter, an archive or a document."""

    sha256: str
    size_bytes: int
    locator: str
    name: str
    origin: str
    format: str
    folder: str = ""
    parent: int | None = None
    """Index of the containing file in the same sequence, before this one; None directly in the letter."""
    content_id: str | None = None
    shown: tuple[int, int] | None = None
    """Width and height shown, in CSS pixels."""
    media_type: str = ""
    repeats: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A stored file row."""

    id: int
    letter_sha256: str
    sha256: str
    size_bytes: int
    locator: str
    name: str
    origin: str
    format: str
    folder: str
    parent_id: int | None
    content_id: str | None
    shown: tuple[int, int] | None
    media_type: str
    repeats: int


@dataclass(frozen=True, slots=True)
class ReadingKey:
    """What a stored reading is found by."""

    file_sha256: str
    reader: str
    limits_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRecord:
    """The facts one reader found in one file under given limits."""

    file_sha256: str
    reader: str
    limits_key: str
    facts: Json
    problem: str | None
    at: datetime
    seconds: float | None = None
    """How long reading took; None when not measured."""

    @property
    def key(self) -> ReadingKey:
        """What it is found by."""
        return ReadingKey(self.file_sha256, self.reader, self.limits_key)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutgoing:
    """A finished letter to be sent; its bytes never change."""

    id: int
    """From `outgoing.reserve_id()`, because it stands in the Message-ID."""
    kind: str
    to_address: str
    sender_address: str
    """Our own address, the envelope sender."""
    message_id: str
    token: str
    subject: str
    raw: bytes = field(repr=False)
    created_at: datetime
    campaign: str | None = None
    priority: int = 50
    """Lower leaves first."""
    state: str = "queued"
    """`queued`, or `held` until released."""
    next_at: datetime | None = None
    """Not before this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRecord(NewOutgoing):
    """A stored outgoing letter."""

    attempts: int
    unknown_events: int
    """How often we cannot tell whether the server took it."""
    last_error: str
    last_code: int | None
    handed_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOfCase:
    """That a letter of ours names a case, without its bytes."""

    case_id: int
    outgoing_id: int
    kind: str
    to_address: str
    message_id: str
    state: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatRecord:
    """When a desk last gave a sign of life."""

    desk: str
    at: datetime
    busy_since: datetime | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """A failure or recovery worth a line in the digest."""

    id: int
    at: datetime
    desk: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCount:
    """One folder under one UIDVALIDITY, for the completeness equation: `messages == live` when it is current."""

    account: str
    folder: str
    role: str
    uidvalidity: int
    current: bool
    """The folder still has this UIDVALIDITY."""
    state: str
    """Of the folder; `retired` when not current."""
    messages: int
    """On the server when last looked; 0 when not current."""
    looked_at: datetime | None
    live: int
    """Sightings not gone."""
    gone: int
    out_of_window: int = 0
    """Of the gone: too old for the server to show."""
    uncollected: int
    """Live sightings with neither letter nor outcome."""
    outcomes: Mapping[str, int]
    """Outcome of each sighting, gone ones too, its letter's where it has one; without the uncollected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationRecord:
    """What the mailbox's own host found out about who really sent a letter."""

    letter_sha256: str
    host: str
    """Its authserv-id."""
    spf: str
    """RFC 8601 result in lower case (pass, fail, none …); empty when not stated. So are the next two."""
    dkim: str
    dmarc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBounce:
    """That a letter of ours did not reach an address."""

    letter_sha256: str
    """Of the letter that says so."""
    address: str
    """Lower case."""
    outgoing_id: int | None
    """Ours that came back; None when it is not known which."""
    permanent: bool
    """Nothing more can reach it until something changes; False for one that is only late."""
    status: str
    """RFC 3463 code or SMTP reply code; empty when not stated."""
    reason: str
    """What the other side said, one line; may be empty."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceRecord(NewBounce):
    """A stored bounce."""

    id: int
    lifted_at: datetime | None
    """Since when the address is written to again; None while it is not."""
    lifted_by: str
    """The organizer who lifted it; empty when a letter from the address did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferralRecord:
    """A letter whose answer waits to be told in one summary with others."""

    letter_sha256: str
    campaign: str
    address: str
    """To whom the answer goes, lower case and normalised."""
    at: datetime
    outgoing_id: int | None
    """The summary that answered it; None while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What a named organizer ordered, by mail or at a desk."""

    campaign: str
    action: str
    who: str
    why: str
    said: str
    """The words of the mail; empty for an order given at a desk."""
    channel: str
    """`mail`, `command_line` or `page`."""
    at: datetime
    state: str
    """`asked` (to be confirmed), `done`, `undone`, `dropped`."""
    terms: Json | None = None
    """The whole order, to be carried out later."""
    letter_sha256: str | None = None
    """The mail it came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord(NewOrder):
    """A stored order."""

    id: int
    settled_at: datetime | None
    before: Json | None
    """What taking it back needs; None before it was carried out."""
    answer_id: int | None
    """Our mail that told its giver of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """That an order was taken back."""

    order_id: int
    who: str
    """Empty for orders taken back before this was kept."""
    channel: str
    """As of the order."""
    at: datetime
    letter_sha256: str | None = None
    """The mail that said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCase:
    """That an order was carried out on a case."""

    order_id: int
    case_id: int
    decision_id: int | None
