"""What is known of the mailbox itself: how full it is, what is not on record, who else answers from it.

The collecting desk notes it, one mark each; the watchdog asks. Peer: the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from intake.edges.clock import Clock
from intake.edges.mailboxes import Envelope, Mailbox, Room, TellsRoom
from intake.edges.mailboxes.told import installation_of
from intake.errors import MailboxError
from storage.errors import StorageError
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

ROOM = "mailbox_room"
GAPS = "mailbox_gaps"
OTHER_INTAKE = "other_intake"

FOUND_LATE = "found_late"
"""Kind of the event that tells of letters found by listing a folder that had not said it changed."""

FULL_SHARE = 0.80
"""From here on the mailbox counts as nearly full."""
ROOM_AGAIN_SHARE = 0.75
"""Below this it has room again: not at every letter that comes and goes."""
GAP_AFTER = timedelta(minutes=30)
"""A count and a list that disagree for so long are no letter that was just arriving."""
OTHER_FOR = timedelta(hours=24)
"""So long after its last letter another installation counts as being at work."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A folder whose count, list and records have disagreed since then."""

    folder: str
    counted: int
    """As the server says."""
    listed: int
    """As it lists them."""
    recorded: int
    since_at: datetime


def note_room(work: UnitOfWork, room: Room | None) -> None:
    """Keep how full the account is; None: the server does not tell."""
    before = work.service.get_mark(ROOM) or {}
    if room is None:
        work.service.put_mark(ROOM, None)
        return
    is_full = room.share >= (ROOM_AGAIN_SHARE if before.get("is_full") else FULL_SHARE)
    work.service.put_mark(ROOM, asdict(room) | {"is_full": is_full})


def note_gap(work: UnitOfWork, gap: Gap) -> None:
    """Keep that a folder's figures disagree, from the first time on."""
    gaps = gaps_of(work)
    known = gaps.get(gap.folder)
    gaps[gap.folder] = replace(gap, since_at=known.since_at) if known is not None else gap
    _put_gaps(work, gaps)


def close_gap(work: UnitOfWork, folder: str) -> None:
    """Its figures agree, or it is watched no longer."""
    gaps = gaps_of(work)
    if gaps.pop(folder, None) is not None:
        _put_gaps(work, gaps)


def gaps_of(view: View) -> dict[str, Gap]:
    """The gaps there are, by folder; empty when there is none."""
    kept = view.service.get_mark(GAPS) or ()
    gaps = (Gap(**each | {"since_at": datetime.fromisoformat(each["since_at"])}) for each in kept)
    return {gap.folder: gap for gap in gaps}


def note_other_intake(work: UnitOfWork, installation: str, *, sent_at: datetime) -> None:
    """Keep when another installation last answered from this mailbox."""
    before = work.service.get_mark(OTHER_INTAKE)
    if before is None or datetime.fromisoformat(before["sent_at"]) < sent_at:
        work.service.put_mark(OTHER_INTAKE, {"installation": installation, "sent_at": sent_at.isoformat()})


class MailboxNotes:
    """Where the collecting desk puts what it finds out about the mailbox itself."""

    def __init__(self, store: Store, clock: Clock, *, installation: str = "", begun_at: datetime | None = None) -> None:
        """`installation`, `begun_at`: ours, and since when; what others sent before that is history."""
        self._store = store
        self._clock = clock
        self._installation = installation
        self._begun_at = begun_at

    def take_room(self, mailbox: Mailbox) -> None:
        """Ask how full it is, where it may know. A server that breaks over the question must not cost the poll.

        Raises: StorageError.
        """
        try:
            room = mailbox.room() if isinstance(mailbox, TellsRoom) else None
        except MailboxError as error:
            log.info("room_not_told", error=str(error))
            return
        with self._store.write() as work:
            note_room(work, room)

    def take_sent(self, work: UnitOfWork, envelope: Envelope) -> None:
        """A letter in Sent: note it when another installation wrote it."""
        written_by, sent_at = installation_of(envelope), envelope.internal_at
        if not self._installation or written_by in {"", self._installation}:
            return
        if sent_at is not None and (self._begun_at is None or sent_at >= self._begun_at):
            note_other_intake(work, written_by, sent_at=sent_at)

    def tell_late(self, folder: str, count: int) -> None:
        """Letters the counts had not told of: they were hidden, or took the place of others. Raises: StorageError."""
        with self._store.write() as work:
            text = f"“{folder}”里有{count}封来信此前没有显示，已补收"
            work.service.add_event("collect", FOUND_LATE, text, at=self._clock.now())


class MailboxHealth:
    """Says what is wrong with the mailbox: a phrase with figures; empty when nothing is, None when nobody could ask."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def nearly_full(self) -> str | None:
        """How full it is, when it is nearly full."""
        return self._ask(lambda view: _say_full(view.service.get_mark(ROOM)))

    def incomplete(self) -> str | None:
        """What is not on record although the server counts it, once that has lasted."""
        return self._ask(lambda view: self._say_gaps(gaps_of(view)))

    def shared_with_another(self) -> str | None:
        """When another installation last answered from it, while that is not long ago."""
        return self._ask(lambda view: self._say_other(view.service.get_mark(OTHER_INTAKE)))

    def _ask(self, say: Callable[[View], str]) -> str | None:
        try:
            with self._store.read() as view:
                return say(view)
        except StorageError:
            return None

    def _say_gaps(self, gaps: Mapping[str, Gap]) -> str:
        now = self._clock.now()
        lasting = [gap for gap in gaps.values() if now - gap.since_at >= GAP_AFTER]
        return "；".join(f"“{g.folder}”邮箱报称{g.counted}封，列出{g.listed}封，已登记{g.recorded}封" for g in lasting)

    def _say_other(self, kept: Any) -> str:
        if kept is None or self._clock.now() - datetime.fromisoformat(kept["sent_at"]) >= OTHER_FOR:
            return ""
        return f"“已发送”里有另一套收件系统（{kept['installation']}）发出的回信"


def _say_full(kept: Any) -> str:
    if not kept or not kept["is_full"]:
        return ""
    room = Room(kept["used_bytes"], kept["limit_bytes"])
    return f"已用{room.used_bytes / 1e9:.1f} GB，共{room.limit_bytes / 1e9:.1f} GB（{room.share:.0%}）"


def _put_gaps(work: UnitOfWork, gaps: Mapping[str, Gap]) -> None:
    kept = [asdict(gap) | {"since_at": gap.since_at.isoformat()} for gap in gaps.values()]
    work.service.put_mark(GAPS, kept or None)
