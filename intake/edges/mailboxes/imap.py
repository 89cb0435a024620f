"""An IMAP account as a `Mailbox`. Peer: an IMAP4rev1 server.

One connection is kept between calls. A link found dead (servers hang up on idle
clients) is opened anew once within a call; every other trouble is a `MailboxError`,
and the next call begins with a new connection. Waiting longer after repeated errors
is the worker's affair. One thread at a time; `close` may come from another and ends its call.
"""

from __future__ import annotations

import contextlib
import imaplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, TypeVar

import structlog
from imapclient.exceptions import ProtocolError

from intake.edges.mailboxes import Envelope, FolderStatus, Room
from intake.edges.mailboxes.advice import folder_refused, network_failed, protocol_trouble
from intake.edges.mailboxes.bodies import BodyFetch
from intake.edges.mailboxes.envelopes import envelopes_of
from intake.edges.mailboxes.folders import ListedFolder, WatchedFolder, watched
from intake.edges.mailboxes.login import ImapAccount, identification, open_account
from intake.edges.mailboxes.quota import room_of
from intake.edges.mailboxes.wire import WireClient
from intake.errors import MailboxError

__all__ = ["ImapAccount", "ImapMailbox"]

ENVELOPES_AT_ONCE = 100
"""UIDs named in one FETCH. Explicit numbers only: QQ refuses reversed ranges."""
IDLE_SECONDS = 24 * 60.0
"""IDLE is begun anew before the 29 minutes after which servers hang up (RFC 2177 §3)."""
NOOP_SECONDS = 120.0
_GLANCE_SECONDS = 0.5
"""How soon a set `stop` is seen while waiting."""

T = TypeVar("T")
_log = structlog.get_logger(__name__)


class ImapMailbox:
    """Reads one IMAP account without leaving a trace in it: EXAMINE and BODY.PEEK only."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account.address
        self._settings = account
        self._client: WireClient | None = None
        self._selected: str | None = None
        self._uidvalidity: dict[str, int] = {}
        self._messages: dict[str, int] = {}
        self._reconnects_left = 0
        self._in_use = False
        self._closing = threading.Event()
        self._idle_fails = False
        self._sessions = 0
        """Connections opened so far."""

    def statuses(self) -> tuple[FolderStatus, ...]:
        """The watched folders; one LIST and one EXAMINE each, whatever they hold.

        EXAMINE, not STATUS: STATUS on the open folder may be stale (RFC 3501 §6.3.10), and
        some servers answer it from a cache. A letter that becomes visible late below the highest
        UID shows in `messages`, and in `modseq` where offered.
        """
        self._begin()
        folders = self._run(self._watched)
        found = []
        for folder in folders:
            try:
                found.append(self._run(lambda client, folder=folder: self._status(client, folder)))  # type: ignore[misc]  # mypy infers no default of a lambda
            except MailboxError as error:
                if folder.required or error.temporary:
                    raise
                _log.warning("folder_skipped", folder=folder.name, reason=str(error))
        return tuple(found)

    def uids(self, folder: str, *, first: int = 1) -> tuple[int, ...]:
        """The UIDs now visible from `first` on, ascending, unique."""
        self._begin()
        criteria = ("ALL",) if first <= 1 else ("UID", f"{first}:*")
        found = self._run(lambda client: self._open(client, folder).uid_search(criteria))
        # `n:*` always names the last letter, even below n (RFC 3501 §6.4.8); order is the server's own.
        return tuple(sorted({uid for uid in found if uid >= max(first, 1)}))

    def envelopes(self, folder: str, uids: Sequence[int]) -> Iterator[Envelope]:
        """Envelopes of those of `uids` still there, ascending, asked for a hundred at a time."""
        asked = sorted(set(uids))
        for start in range(0, len(asked), ENVELOPES_AT_ONCE):
            batch = asked[start : start + ENVELOPES_AT_ONCE]
            self._begin()
            yield from self._run(lambda client, batch=batch: envelopes_of(self._open(client, folder), batch))  # type: ignore[misc]  # as above

    def fetch(self, folder: str, uid: int, sink: BinaryIO) -> int:
        """Write the letter's raw bytes to `sink` in pieces; return their number, 0 when it is gone.

        A link lost between two pieces is opened anew once; the body goes on where it stopped.
        """
        self._begin()
        body = BodyFetch(uid, piece_bytes=self._settings.piece_bytes)
        while not body.complete:
            piece = self._run(lambda client: body.next_piece(self._open(client, folder)))
            if piece:
                sink.write(piece)
        return body.written_bytes

    def room(self) -> Room | None:
        """How full the account is, None where the server does not tell."""
        self._begin()
        return self._run(room_of)

    def wait_for_news(self, seconds: float, stop: threading.Event) -> bool:
        """Wait in IDLE on the inbox where offered, else plainly with a NOOP now and then.

        A connection that dies while waiting is no error: the wait goes on without it, the
        next call connects again. So a server that cannot IDLE costs one connection per wait.
        """
        until = time.monotonic() + seconds
        self._begin()
        self._in_use = True
        try:
            while not stop.is_set() and (left := until - time.monotonic()) > 0:
                client = self._client
                if client is None:
                    break
                if self._wait_once(client, left, stop):
                    return True
        except (OSError, imaplib.IMAP4.error, ValueError, MailboxError) as error:
            _log.info("waiting_connection_lost", reason=self._settings.place.scrub(str(error)))
            self._drop()
        finally:
            self._in_use = False
        stop.wait(max(0.0, until - time.monotonic()))
        return False

    def close(self) -> None:
        """Log out and free the connection; never raises. A call of another thread ends with a MailboxError."""
        self._closing.set()
        client, self._client, self._selected = self._client, None, None
        if client is None:
            return
        if self._in_use:  # no word may go between its command and its answer
            client.shutdown()
            return
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.socket().settimeout(min(5.0, self._settings.timeout_seconds))
            client.logout()
        client.shutdown()

    # -- connection ---------------------------------------------------------------

    def _begin(self) -> None:
        """A public call begins: it may replace a dead connection once."""
        self._reconnects_left = 1
        self._closing.clear()

    def _run(self, action: Callable[[WireClient], T]) -> T:
        fresh = self._client is None
        self._in_use = True
        try:
            return action(self._connected())
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError, imaplib.IMAP4.abort) as error:
            self._drop()
            if fresh or not self._reconnects_left or self._closing.is_set():
                raise self._told(error) from error
            self._reconnects_left -= 1
            _log.info("reconnected", reason=self._settings.place.scrub(str(error)))
            return self._run(action)
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            self._drop()
            raise self._told(error) from error
        finally:
            self._in_use = False

    def _told(self, error: Exception) -> MailboxError:
        if isinstance(error, OSError):
            return network_failed(error, self._settings.place, connecting=False)
        return protocol_trouble(error, self._settings.place)

    def _connected(self) -> WireClient:
        if self._client is None:
            self._selected = None
            self._client = open_account(self._settings)
            self._sessions += 1
        return self._client

    def _drop(self) -> None:
        client, self._client, self._selected = self._client, None, None
        if client is not None:
            client.shutdown()

    # -- folders ------------------------------------------------------------------

    def _watched(self, client: WireClient) -> tuple[WatchedFolder, ...]:
        listed = [
            ListedFolder(
                str(name),
                frozenset(flag.decode("ascii", "replace").lower() for flag in flags if isinstance(flag, bytes)),
                (separator or b"/").decode("ascii", "replace"),
            )
            for flags, separator, name in client.list_folders()
        ]
        return watched(listed, wanted=self._settings.folders)

    def _status(self, client: WireClient, folder: WatchedFolder) -> FolderStatus:
        said = self._examine(client, folder.name)
        self._uidvalidity[folder.name] = uidvalidity = _number(said, b"UIDVALIDITY") or 0
        self._messages[folder.name] = messages = _number(said, b"EXISTS") or 0
        return FolderStatus(
            folder=folder.name,
            role=folder.role,
            uidvalidity=uidvalidity,
            uidnext=_number(said, b"UIDNEXT"),
            messages=messages,
            modseq=_number(said, b"HIGHESTMODSEQ"),
            session=self._sessions,
        )

    def _open(self, client: WireClient, folder: str) -> WireClient:
        """Open `folder` unless it is; the UIDs a caller holds must still mean the same letters."""
        if self._selected == folder:
            return client
        said = self._examine(client, folder)
        uidvalidity = _number(said, b"UIDVALIDITY") or 0
        if self._uidvalidity.setdefault(folder, uidvalidity) != uidvalidity:
            self._selected = None
            message = f"UIDVALIDITY of {folder} changed from {self._uidvalidity[folder]} to {uidvalidity}"
            raise MailboxError(message, temporary=True, advice=f"文件夹“{folder}”刚被服务器重建，稍后会自动重新核对。")
        return client

    def _examine(self, client: WireClient, folder: str) -> dict[bytes, Any]:
        self._selected = None
        try:
            said = client.select_folder(folder, readonly=True)
        except (imaplib.IMAP4.abort, ProtocolError):
            raise
        except imaplib.IMAP4.error as error:
            if "unsafe login" not in str(error).lower():
                raise folder_refused(folder, str(error), self._settings.place) from error
            said = self._examine_after_id(client, folder)
        self._selected = folder
        return dict(said)

    def _examine_after_id(self, client: WireClient, folder: str) -> dict[bytes, Any]:
        """NetEase answers "Unsafe Login" to clients that have not said who they are: say it again, try once more."""
        try:
            client.tell_id(identification())
            return dict(client.select_folder(folder, readonly=True))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise folder_refused(folder, str(error), self._settings.place) from error

    # -- waiting ------------------------------------------------------------------

    def _wait_once(self, client: WireClient, seconds: float, stop: threading.Event) -> bool:
        if client.has_capability("IDLE") and not self._idle_fails:
            return self._idle(client, min(seconds, IDLE_SECONDS), stop)
        if stop.wait(min(seconds, NOOP_SECONDS)) or seconds <= NOOP_SECONDS:
            return False
        return client.noop_brings_news()

    def _idle(self, client: WireClient, seconds: float, stop: threading.Event) -> bool:
        until = time.monotonic() + seconds
        folders = self._settings.folders or ("INBOX",)
        folder = "INBOX" if "INBOX" in folders else folders[0]
        # What came since the last status is told by EXAMINE, and by nothing in IDLE.
        messages = _number(self._examine(client, folder), b"EXISTS") or 0
        if self._messages.setdefault(folder, messages) != messages:
            self._messages[folder] = messages
            return True
        try:
            news = client.begin_idle()
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:  # refused although offered
            self._idle_fails = True
            return False
        while not news and not stop.is_set() and (left := until - time.monotonic()) > 0:
            news = client.idle_brings_news(min(left, _GLANCE_SECONDS))
        _, said = client.idle_done()
        return (news or any(len(s) > 1 and s[1] in {b"EXISTS", b"RECENT"} for s in said)) and not stop.is_set()


def _number(said: dict[bytes, Any], key: bytes) -> int | None:
    value = said.get(key)
    return value if isinstance(value, int) else None
