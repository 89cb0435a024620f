"""What folders of a mailbox show, and how much of it. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


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
