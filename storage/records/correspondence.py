"""Letters to us and from us, and what became of them on the way. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.records import Json


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
