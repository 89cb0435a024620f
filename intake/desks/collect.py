"""Mailbox to raw letters and sightings: nothing the server showed us is left without a record.

Two steps, so that a kill between any two lines costs nothing: first every visible UID
becomes a sighting, then the bodies of those that still lack one are fetched. The raw
bytes are durable before the row that names them is committed (promise 2).

Peers: the mailbox (`MailboxError`), the letter store and the database (`StorageError`).
"""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import structlog

from intake.edges.clock import Clock
from intake.edges.first_records import folder_as_told, sighting_of, why_no_body
from intake.edges.folder_changes import is_unmoved, numbers_began_again, session_of
from intake.edges.mailbox_marks import Gap, MailboxNotes, close_gap, note_gap
from intake.edges.mailboxes import Envelope, FolderStatus, Mailbox
from intake.edges.mailboxes.told import answered_by_hand
from intake.edges.seen_before import look_again, with_known_letters
from intake.errors import BodyUnavailableError, LoginRefusedError, MailboxError
from parsers.letter import read_head
from storage.letters import Incoming, LetterStore, StoredLetter
from storage.records.correspondence import LetterRecord
from storage.records.mailbox import FolderRecord, NewSighting, SightingRecord
from storage.rows.purging import PURGED
from storage.store import Store

log = structlog.get_logger(__name__)

RELIST_EVERY = timedelta(hours=1)
"""How often a folder whose counts did not move is listed whole all the same: a letter deleted and
another become visible between two polls leave the counts as they were."""

SIGHTINGS_AT_ONCE = 200
"""Sightings recorded in one transaction."""

HEAD_BYTES = 64_000
"""As much of a stored letter as is searched for its From field."""

TRIES_OF_A_BODY = 3
"""A body over which the connection breaks so often is recorded as unavailable: it must not keep the others waiting."""

BODIES_BEHIND = 4
"""Most bodies that are received but not yet on record: what a kill makes us fetch again."""

WINDOW_SLACK = timedelta(days=1)
"""Nobody says at what hour a provider's days end."""

NO_UIDVALIDITY = -1
"""No folder's: UIDVALIDITY is at least 1 (RFC 3501 §9, nz-number), 0 where a server gives none."""

CHECK_AFTER_RECONNECT = timedelta(minutes=10)
"""A new connection has every folder listed whole, but not more often: some servers hang up after every poll."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one poll did."""

    letters: int = 0
    """Bodies fetched and stored."""
    sightings: int = 0
    """UIDs newly recorded."""
    folders_listed: int = 0

    def __bool__(self) -> bool:
        """Whether anything came in."""
        return bool(self.letters or self.sightings)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A body as it came over the line."""

    sighting: SightingRecord
    incoming: Incoming
    outcome: str | None
    """Why there is none; None when there is."""
    reception: ExitStack
    """Forgets what was received, unless it was committed."""


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
        notes: MailboxNotes | None = None,
        window: timedelta | None = None,
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`opens_at`: letters that arrived before it are recorded, not fetched.

        `notes`: where what is found out about the mailbox itself is kept.
        `window`: how far back the provider lets programs look; None when it shows all.
        `beat` is called after every letter; when `stopped`, a turn ends after the letter in hand.
        """
        self._mailbox = mailbox
        self._store = store
        self._letters = letters
        self._clock = clock
        self._opens_at = opens_at
        self._largest_letter_bytes = largest_letter_bytes
        self._notes = notes or MailboxNotes(store, clock)
        self._window = window
        self._beat = beat
        self._stopped = stopped
        self._session = 0
        self._checked_at: datetime | None = None
        """When this process last listed every folder whole; None until it has."""
        self._broken: Counter[int] = Counter()
        """How often the connection broke over the body of a sighting, by its row."""

    def turn(self) -> Collected:
        """One look at all folders; with nothing new it costs the statuses and one short database read each.

        Every folder is listed before the first body is fetched, Sent before the others: what is under way
        and what a colleague has answered is on record before any letter can be filed.

        Raises: MailboxError, StorageError. What was recorded until then is kept, the rest is found at the next turn.
        """
        done = Collected()
        statuses = self._mailbox.statuses()
        checks = self._is_time_to_check(statuses)
        self._let_go(statuses)
        visible: dict[str, int] = {}
        for status in sorted(statuses, key=lambda each: each.role != "sent"):
            with self._store.read() as view:
                known = view.folders.get(self._mailbox.account, status.folder)
            if known is None or checks or self._is_worth_listing(known, status):
                visible[status.folder], recorded = self._list(status, known)
                done = replace(done, sightings=done.sightings + recorded, folders_listed=done.folders_listed + 1)
        for status in statuses:
            done = replace(done, letters=done.letters + self._fetch_bodies(status))
            if self._stopped():
                break
            if status.folder in visible:
                self._settle(status, visible[status.folder])
        if checks and not self._stopped():
            self._notes.take_room(self._mailbox)
            self._checked_at, self._session = self._clock.now(), session_of(statuses)
        return done

    def _is_time_to_check(self, statuses: Sequence[FolderStatus]) -> bool:
        """Whether every folder is to be listed whole, moved or not: at the start, after a reconnect, every hour."""
        if self._checked_at is None:
            return True
        since = abs(self._clock.now() - self._checked_at)
        return since >= RELIST_EVERY or (session_of(statuses) != self._session and since >= CHECK_AFTER_RECONNECT)

    def _let_go(self, statuses: Sequence[FolderStatus]) -> None:
        """Folders that are watched no longer (renamed, deleted, taken out of the settings): what they showed is gone.

        Else a letter there that never came, or a renumbering never finished, would hold up every answer for good.
        Should the folder come back, its letters are known again.
        """
        watched = {(self._mailbox.account, status.folder) for status in statuses}
        with self._store.read() as view:
            left = [each for each in view.folders.all() if (each.account, each.folder) not in watched]
        now = self._clock.now()
        for folder in left:
            empty = replace(folder, state="normal", messages=0, uidnext=None, modseq=None, listed_at=None)
            if folder == empty:
                continue
            with self._store.write() as work:
                work.sightings.retire(folder.account, folder.folder, current_uidvalidity=NO_UIDVALIDITY, gone_at=now)
                work.folders.put(replace(empty, looked_at=now))
                close_gap(work, folder.folder)
            log.info("folder_left", folder=folder.folder)

    def _is_worth_listing(self, known: FolderRecord, status: FolderStatus) -> bool:
        # A clock that was ahead must not keep a folder from being listed until its time has come.
        due = known.listed_at is None or abs(self._clock.now() - known.listed_at) >= RELIST_EVERY
        return not is_unmoved(known, status) or due or known.state != "normal"

    # --- first step: every visible UID becomes a sighting

    def _list(self, status: FolderStatus, known: FolderRecord | None) -> tuple[int, int]:
        """Record what appeared and what went; return how many UIDs are visible and how many of them were new."""
        account, place = self._mailbox.account, (self._mailbox.account, status.folder, status.uidvalidity)
        renewed = known is not None and (known.uidvalidity != status.uidvalidity or known.state == "rematching")
        begun_again = known is not None and numbers_began_again(known, status)
        visible = self._mailbox.uids(status.folder)
        now = self._clock.now()
        with self._store.write() as work:
            live = work.sightings.known_uids(*place)
            gone = live - set(visible)
            work.sightings.mark_gone(*place, uids=gone, gone_at=now)
            if self._window is not None:
                aged_at = now - self._window + WINDOW_SLACK
                work.sightings.note_out_of_window(*place, uids=gone, arrived_before_at=aged_at)
            if renewed:
                work.sightings.retire(account, status.folder, current_uidvalidity=status.uidvalidity, gone_at=now)
            # Without counts: should we be stopped now, the next turn lists again.
            folder = self._folder(status, state="rematching" if renewed else "normal", agreed=False)
            # By the higher UIDNEXT the next turn knows, too, that its numbers mean other letters now.
            work.folders.put(replace(folder, uidnext=known.uidnext) if known is not None and begun_again else folder)
            for sighting in work.sightings.without_body(*place):
                work.sightings.retry_body(sighting.id)
            if self._checked_at is None:  # settings are read at the start
                work.sightings.reconsider(
                    *place, largest_letter_bytes=self._largest_letter_bytes, opens_at=self._opens_at
                )
        new = [uid for uid in visible if begun_again or uid not in live]
        unannounced = known is not None and known.state == "normal" and is_unmoved(known, status)
        late = 0
        for some in _batches(self._mailbox.envelopes(status.folder, new)):
            late += self._record(status, some, rematching=renewed)
            self._beat()
        if late and unannounced:
            log.warning("found_by_listing", folder=status.folder, letters=late)
            self._notes.tell_late(status.folder, late)
        log.info("folder_listed", folder=status.folder, visible=len(visible), new=len(new), gone=len(gone))
        return len(visible), len(new)

    def _record(self, status: FolderStatus, envelopes: list[Envelope], *, rematching: bool) -> int:
        """Record sightings; how many of them show a letter that was never seen before, anywhere."""
        sightings = [self._sighting(status, envelope) for envelope in envelopes]
        now = self._clock.now()
        with self._store.write() as work:
            earlier = work.sightings.by_fingerprint(self._mailbox.account, [s.fingerprint for s in sightings])
            if rematching:
                # The same letters under new UIDs: bodies only for those nobody has seen.
                sightings = with_known_letters(work, sightings, envelopes, earlier)
                for sighting in sightings:
                    if sighting.letter_sha256 is not None:
                        look_again(work, sighting.letter_sha256, role=status.role)
            work.sightings.add_many(sightings)
            if status.role == "sent":
                for envelope in envelopes:
                    work.letters.note_hand_answers(answered_by_hand(envelope), at=envelope.internal_at or now)
                    self._notes.take_sent(work, envelope)
        return sum(sighting.fingerprint not in earlier for sighting in sightings)

    def _sighting(self, status: FolderStatus, envelope: Envelope) -> NewSighting:
        outcome = why_no_body(
            envelope, status, largest_letter_bytes=self._largest_letter_bytes, opens_at=self._opens_at
        )
        return sighting_of(envelope, status, account=self._mailbox.account, at=self._clock.now(), outcome=outcome)

    # --- second step: the bodies that are still missing

    def _fetch_bodies(self, status: FolderStatus) -> int:
        place = (self._mailbox.account, status.folder, status.uidvalidity)
        with self._store.read() as view:
            missing = view.sightings.uncollected(*place)
        # Those that broke the connection come last, so that they keep nobody waiting.
        missing = tuple(sorted(missing, key=lambda each: (self._broken[each.id], each.uid)))
        stored = 0
        # While a letter is made durable and waits for its turn at the database, the next ones come over the line.
        with ThreadPoolExecutor(1, thread_name_prefix="collect-store") as storing:
            behind: deque[Future[bool]] = deque()
            for sighting in itertools.takewhile(lambda _: not self._stopped(), missing):
                behind.append(storing.submit(self._put_down, self._fetch(sighting)))
                if len(behind) > BODIES_BEHIND:
                    stored += behind.popleft().result()
            return stored + sum(each.result() for each in behind)

    def _fetch(self, sighting: SightingRecord) -> _Fetched:
        """One body, received but not yet durable; or why there is none."""
        outcome: str | None = None
        with ExitStack() as reception:
            incoming = reception.enter_context(self._letters.receive())
            try:
                if not self._mailbox.fetch(sighting.folder, sighting.uid, incoming.sink):
                    outcome = "gone_before_fetch"
            except BodyUnavailableError as error:
                log.warning("body_unavailable", folder=sighting.folder, uid=sighting.uid, error=str(error))
                outcome = "body_unavailable"
            except LoginRefusedError:
                raise
            except MailboxError as error:
                self._broken[sighting.id] += 1
                if self._broken[sighting.id] < TRIES_OF_A_BODY:
                    raise
                log.warning("body_breaks_connection", folder=sighting.folder, uid=sighting.uid, error=str(error))
                outcome = "body_unavailable"
            return _Fetched(sighting, incoming, outcome, reception.pop_all())

    def _put_down(self, fetched: _Fetched) -> bool:
        """Make a body durable, then its row; True when there was one."""
        sighting, outcome = fetched.sighting, fetched.outcome
        with fetched.reception:
            stored = fetched.incoming.commit() if outcome is None else None
        letter = self._letter(sighting, stored) if stored is not None else None
        purged = False
        with self._store.write() as work:
            if letter is not None:
                if not work.letters.add(letter):
                    purged = look_again(work, letter.sha256, role=sighting.folder_role) == PURGED
                work.sightings.attach(sighting.id, letter.sha256)
            elif outcome is not None:
                work.sightings.set_outcome(sighting.id, outcome)
        if letter is not None and purged:  # it lies in the mailbox still, and was moved there
            self._letters.remove(letter.sha256)
        self._beat()
        if letter is not None:
            log.info("letter_collected", letter=letter.sha256[:12], uid=sighting.uid, bytes=letter.size_bytes)
        return letter is not None

    def _letter(self, sighting: SightingRecord, stored: StoredLetter) -> LetterRecord:
        now = self._clock.now()
        return LetterRecord(
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            received_at=sighting.internal_at or now,
            internal_at=sighting.internal_at,
            stored_at=now,
            folder_role=sighting.folder_role,
            from_address=_sender(self._letters, stored),
        )

    # --- the folder as it stands after both

    def _settle(self, status: FolderStatus, visible: int) -> None:
        """Put the counts down that make the next turn cheap.

        What the server counts, what it lists and what we recorded must agree; until they do, the
        folder is listed at every turn and the digest says that the equation does not hold.
        """
        place = (self._mailbox.account, status.folder, status.uidvalidity)
        with self._store.write() as work:
            live = work.sightings.count_live(*place)
            agreed = status.messages == visible == live
            folder = self._folder(status, state="normal", agreed=agreed)
            # A letter that arrived between the count and the listing is no gap.
            work.folders.put(replace(folder, messages=max(status.messages, visible), listed_at=self._clock.now()))
            if agreed:
                close_gap(work, status.folder)
            else:
                note_gap(work, Gap(status.folder, status.messages, visible, live, self._clock.now()))
        if not agreed:
            log.warning("counts_disagree", folder=status.folder, counted=status.messages, listed=visible, recorded=live)

    def _folder(self, status: FolderStatus, *, state: Literal["normal", "rematching"], agreed: bool) -> FolderRecord:
        return folder_as_told(status, account=self._mailbox.account, at=self._clock.now(), state=state, agreed=agreed)


def _sender(letters: LetterStore, stored: StoredLetter) -> str | None:
    """The From address, known before the letter is read: nobody gets a fix request while a letter of theirs waits."""
    with letters.open(stored.sha256) as raw:
        sender = read_head(raw.read(HEAD_BYTES).partition(b"\r\n\r\n")[0]).sender
    return sender.address if sender is not None else None


def _batches(envelopes: Iterable[Envelope]) -> Iterable[list[Envelope]]:
    waiting = iter(envelopes)
    while some := list(itertools.islice(waiting, SIGHTINGS_AT_ONCE)):
        yield some
