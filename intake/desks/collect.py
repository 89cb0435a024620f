"""Mailbox to raw letters and sightings: nothing the server showed us is left without a record.

Peers: the mailbox (`MailboxError`), the letter store and the database (`StorageError`).
The raw bytes are durable before the row that names them is committed (promise 2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from intake.edges.clock import Clock
from intake.edges.mailboxes import Envelope, FolderStatus, Mailbox
from intake.errors import BodyUnavailableError
from parsers.letter import read_header
from storage import FolderRow, NewLetter, NewSighting, Store
from storage.letters import LetterStore

log = structlog.get_logger(__name__)

RELIST_EVERY = timedelta(hours=1)
"""How often a folder whose counts did not move is listed whole all the same: a letter deleted and
another become visible between two polls leave the counts as they were."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one poll did."""

    letters: int = 0
    """Bodies fetched and stored."""
    sightings: int = 0
    """UIDs recorded, bodies fetched or not."""
    folders_changed: int = 0


class CollectDesk:
    """Looks at every watched folder and takes in what is new, oldest first."""

    def __init__(
        self,
        mailbox: Mailbox,
        store: Store,
        letters: LetterStore,
        *,
        clock: Clock,
        opens_at: datetime | None,
        largest_letter_bytes: int,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """`opens_at`: letters that arrived before it are recorded, not fetched. `beat` is called after every letter."""
        self._mailbox = mailbox
        self._store = store
        self._letters = letters
        self._clock = clock
        self._opens_at = opens_at
        self._largest_letter_bytes = largest_letter_bytes
        self._beat = beat

    def poll(self) -> Collected:
        """One look at all folders. A poll with nothing new costs the statuses and one short database read each.

        Raises: MailboxError, StorageError; what was collected until then is kept, the rest is found at the next poll.
        """
        done = Collected()
        for status in self._mailbox.statuses():
            with self._store.read() as view:
                known = view.folders.get(self._mailbox.account, status.folder)
            if known is not None and not self._worth_listing(known, status):
                continue
            with self._store.write() as work:
                work.service.put_mark(_behind_mark(self._mailbox.account, status.folder), True)
            done = self._collect_folder(status, known, done)
            with self._store.write() as work:
                work.service.put_mark(_behind_mark(self._mailbox.account, status.folder), False)
        return done

    def _worth_listing(self, known: FolderRow, status: FolderStatus) -> bool:
        same = (known.uidvalidity, known.uidnext, known.messages, known.modseq) == (
            status.uidvalidity,
            status.uidnext,
            status.messages,
            status.modseq,
        )
        due = self._clock.now() - known.listed_at >= RELIST_EVERY
        return not same or due or known.state != "normal"

    def _collect_folder(self, status: FolderStatus, known: FolderRow | None, done: Collected) -> Collected:
        account, now = self._mailbox.account, self._clock.now()
        renewed = known is not None and known.uidvalidity != status.uidvalidity
        folder = FolderRow(
            account=account,
            folder=status.folder,
            role=status.role,
            uidvalidity=status.uidvalidity,
            uidnext=None,
            messages=0,
            modseq=None,
            state="rematching" if renewed or (known is not None and known.state == "rematching") else "normal",
            looked_at=now,
            listed_at=now,
        )
        visible = set(self._mailbox.uids(status.folder))
        with self._store.write() as work:
            live = work.sightings.known_uids(account, status.folder, status.uidvalidity)
            gone = live - visible
            if gone:
                work.sightings.mark_gone(account, status.folder, status.uidvalidity, uids=gone, at=now)
            retry = work.sightings.body_unavailable_uids(account, status.folder, status.uidvalidity)
            work.folders.put(folder)
        new = sorted((visible - live) | (retry & visible))
        for envelope in self._mailbox.envelopes(status.folder, new):
            fetched = self._take_in(status, envelope, rematching=folder.state == "rematching")
            done = replace(done, sightings=done.sightings + 1, letters=done.letters + fetched)
            self._beat()
        with self._store.write() as work:
            work.folders.put(
                replace(folder, uidnext=status.uidnext, messages=len(visible), modseq=status.modseq, state="normal", listed_at=self._clock.now())
            )
        log.info("folder_listed", folder=status.folder, visible=len(visible), new=len(new), gone=len(gone))
        return replace(done, folders_changed=done.folders_changed + 1)

    def _take_in(self, status: FolderStatus, envelope: Envelope, *, rematching: bool) -> int:
        """Record one UID; fetch its body unless a reason stands against it. 1 when a body was stored."""
        header = read_header(envelope.header)
        sighting = NewSighting(
            account=self._mailbox.account,
            folder=status.folder,
            folder_role=status.role,
            uidvalidity=status.uidvalidity,
            uid=envelope.uid,
            first_seen_at=self._clock.now(),
            internal_at=envelope.internal_at,
            size_bytes=envelope.size_bytes,
            fingerprint=_fingerprint(envelope),
        )
        if status.role == "sent":
            with self._store.write() as work:
                work.sightings.add(replace(sighting, outcome="not_a_submission"))
                if "x-intake-id" not in header.control:
                    work.letters.note_answer_by_hand(header.in_reply_to, at=envelope.internal_at or self._clock.now())
            return 0
        if rematching and self._rematched(sighting):
            return 0
        if envelope.size_bytes > self._largest_letter_bytes:
            return self._without_body(sighting, "oversize")
        if self._opens_at is not None and envelope.internal_at is not None and envelope.internal_at < self._opens_at:
            return self._without_body(sighting, "before_opening")
        return self._fetch(sighting, sender=header.sender.address if header.sender else None)

    def _rematched(self, sighting: NewSighting) -> bool:
        """After a UIDVALIDITY change: the same letter under its new UID, told by its fingerprint."""
        with self._store.write() as work:
            letter = work.sightings.letter_by_fingerprint(sighting.account, sighting.fingerprint)
            if letter is None:
                return False
            work.sightings.add(replace(sighting, letter_sha256=letter))
            return True

    def _without_body(self, sighting: NewSighting, outcome: str) -> int:
        with self._store.write() as work:
            work.sightings.add(replace(sighting, outcome=outcome))
        return 0

    def _fetch(self, sighting: NewSighting, *, sender: str | None) -> int:
        with self._letters.receive() as incoming:
            try:
                size_bytes = self._mailbox.fetch(sighting.folder, sighting.uid, incoming)
            except BodyUnavailableError as error:
                log.warning("body_unavailable", folder=sighting.folder, uid=sighting.uid, error=str(error))
                return self._without_body(sighting, "body_unavailable")
            if size_bytes == 0:
                return self._without_body(sighting, "gone_before_fetch")
            stored = incoming.commit()
        now = self._clock.now()
        with self._store.write() as work:
            work.letters.add(
                NewLetter(
                    sha256=stored.sha256,
                    size_bytes=stored.size_bytes,
                    received_at=sighting.internal_at or now,
                    internal_at=sighting.internal_at,
                    stored_at=now,
                    folder_role=sighting.folder_role,
                    from_address=sender,
                )
            )
            work.sightings.add(replace(sighting, letter_sha256=stored.sha256))
        log.info("letter_collected", letter=stored.sha256[:12], folder=sighting.folder, uid=sighting.uid, bytes=stored.size_bytes)
        return 1


def _fingerprint(envelope: Envelope) -> str:
    """SHA-256 over the identifying header bytes, the arrival and the size: what survives a UIDVALIDITY change."""
    digest = hashlib.sha256(envelope.header)
    digest.update(f"|{envelope.internal_at.isoformat() if envelope.internal_at else ''}|{envelope.size_bytes}".encode())
    return digest.hexdigest()


def _behind_mark(account: str, folder: str) -> str:
    return f"behind:{account}:{folder}"


def behind_marks(marks: Sequence[str]) -> bool:
    """Whether any of the service's marks says that a folder still has uncollected letters."""
    return any(mark.startswith("behind:") for mark in marks)
