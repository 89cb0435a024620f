"""A small IMAP server that misbehaves on request.

By itself it serves `folders` properly, as far as our client asks. A fault is an answer
of the test's own to a command: `server.on("UID FETCH", answer)`.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

USER = "box@example.test"
PASSWORD = "loopback-secret"
DEFAULT_AT = datetime(2022, 12, 1, 4, 0, tzinfo=UTC)
_HEADER_FIELDS = re.compile(rb"(?im)^(?:message-id|date|from|subject):.*\r\n(?:[ \t].*\r\n)*")


@dataclass
class StoredLetter:
    """A letter on the server."""

    uid: int
    raw: bytes
    internal_at: datetime | None = DEFAULT_AT


@dataclass
class StoredFolder:
    """A folder on the server."""

    letters: list[StoredLetter] = field(default_factory=list)
    uidvalidity: int = 1
    uidnext: int = 1

    def add(self, raw: bytes, *, uid: int | None = None, internal_at: datetime | None = DEFAULT_AT) -> int:
        """Put a letter in; with `uid`, one that becomes visible late."""
        given = self.uidnext if uid is None else uid
        self.letters.append(StoredLetter(given, raw, internal_at))
        self.letters.sort(key=lambda letter: letter.uid)
        self.uidnext = max(self.uidnext, given + 1)
        return given


@dataclass
class Session:
    """One connection: what a fault may do with it."""

    link: socket.socket
    server: ScriptedImapServer
    selected: StoredFolder | None = None

    def say(self, *lines: str | bytes) -> None:
        """Send lines, each with CRLF."""
        for line in lines:
            self.link.sendall((line.encode("utf-8") if isinstance(line, str) else line) + b"\r\n")

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.link.sendall(data)

    def hang_up(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self.link.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Say nothing more until the server ends."""
        self.server.stopping.wait(60)


Answer = Callable[[Session, str, str], bool | None]
"""Gets session, tag and arguments. Returning False means: answer properly after all."""


class ScriptedImapServer:
    """Serves on a free port of 127.0.0.1 from `start` to `stop`."""

    def __init__(self, capabilities: str = "IMAP4rev1 ID") -> None:
        self.capabilities = capabilities
        self.folders: dict[str, StoredFolder] = {"INBOX": StoredFolder()}
        self.commands: list[str] = []
        """Every command received, without tag; passwords included, so never print it."""
        self.connections = 0
        self.stopping = threading.Event()
        self._answers: dict[str, Answer] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._links: list[socket.socket] = []

    @property
    def inbox(self) -> StoredFolder:
        """INBOX."""
        return self.folders["INBOX"]

    def on(self, command: str, answer: Answer) -> None:
        """Answer `command` (`EXAMINE`, `UID FETCH`) by `answer` from now on."""
        self._answers[command] = answer

    def start(self) -> None:
        """Begin to serve."""
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """End, with every connection."""
        self.stopping.set()
        for link in (self._listener, *self._links):
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._links.append(link)
            threading.Thread(target=self._serve, args=(Session(link, self),), daemon=True).start()

    def _serve(self, session: Session) -> None:
        with suppress(OSError, ValueError), session.link.makefile("rb") as lines:
            if not self._faulty(session, "GREETING", "*", ""):
                session.say("* OK scripted server ready")
            while line := lines.readline():
                tag, _, rest = line.decode("utf-8").rstrip("\r\n").partition(" ")
                if tag.upper() == "DONE":
                    continue
                self.commands.append(rest)
                name, _, arguments = rest.partition(" ")
                if name.upper() == "UID":
                    sub, _, arguments = arguments.partition(" ")
                    name = f"UID {sub}"
                self._answer(session, name.upper(), tag, arguments, lines.readline)
        session.hang_up()

    def _faulty(self, session: Session, name: str, tag: str, arguments: str) -> bool:
        answer = self._answers.get(name)
        return answer is not None and answer(session, tag, arguments) is not False

    def _answer(self, session: Session, name: str, tag: str, arguments: str, next_line: Callable[[], bytes]) -> None:
        if self._faulty(session, name, tag, arguments):
            return
        refusal = self._answer_properly(session, name, arguments, next_line)
        session.say(f"{tag} {refusal or f'OK {name} completed'}")
        if name == "LOGOUT":
            session.hang_up()

    def _answer_properly(
        self, session: Session, name: str, arguments: str, next_line: Callable[[], bytes]
    ) -> str | None:
        """Say what comes before the tagged line; the refusal, if it is one."""
        match name:
            case "CAPABILITY":
                session.say(f"* CAPABILITY {self.capabilities}")
            case "LOGIN" if arguments != f'{USER} "{PASSWORD}"':
                return "NO [AUTHENTICATIONFAILED] LOGIN Login error or password error"
            case "LIST":
                session.say(*(f'* LIST () "/" "{folder}"' for folder in self.folders))
            case "EXAMINE" if not self._examine(session, arguments.strip('"')):
                return "NO no such folder"
            case "UID SEARCH":
                session.say("* SEARCH " + " ".join(str(uid) for uid in self._searched(session, arguments)))
            case "UID FETCH":
                self._fetch(session, arguments)
            case "IDLE":
                session.say("+ idling")
                next_line()
            case "LOGOUT":
                session.say("* BYE")
        return None

    def _examine(self, session: Session, name: str) -> bool:
        folder = session.selected = self.folders.get(name)
        if folder is None:
            return False
        session.say(
            r"* FLAGS (\Seen)",
            f"* {len(folder.letters)} EXISTS",
            "* 0 RECENT",
            f"* OK [UIDVALIDITY {folder.uidvalidity}] valid",
            f"* OK [UIDNEXT {folder.uidnext}] next",
        )
        return True

    def _searched(self, session: Session, criteria: str) -> list[int]:
        assert session.selected is not None
        uids = [letter.uid for letter in session.selected.letters]
        if criteria == "ALL" or not uids:
            return uids
        wanted = criteria.removeprefix("UID ")
        if wanted.endswith(":*"):  # as the standard has it: the last letter always belongs to it
            first = int(wanted.removesuffix(":*"))
            return [uid for uid in uids if uid >= min(first, uids[-1])]
        return [uid for uid in uids if str(uid) in wanted.split(",")]

    def _fetch(self, session: Session, arguments: str) -> None:
        assert session.selected is not None
        wanted, _, items = arguments.partition(" ")
        for number, letter in enumerate(session.selected.letters, 1):
            if str(letter.uid) in wanted.split(","):
                session.send(described(number, letter, items))


def described(number: int, letter: StoredLetter, items: str) -> bytes:
    """One FETCH line with the asked items."""
    parts = [b"UID %d" % letter.uid]
    if "RFC822.SIZE" in items:
        parts.append(b"RFC822.SIZE %d" % len(letter.raw))
    if "INTERNALDATE" in items and letter.internal_at is not None:
        parts.append(letter.internal_at.strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S %z"').encode())
    if "HEADER.FIELDS" in items:
        header = b"".join(_HEADER_FIELDS.findall(letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n")) + b"\r\n"
        parts.append(b"BODY[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)] {%d}\r\n%b" % (len(header), header))
    if partial := re.search(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>", items):
        offset, size = int(partial[1]), int(partial[2])
        piece = letter.raw[offset : offset + size]
        parts.append(b"BODY[]<%d> {%d}\r\n%b" % (offset, len(piece), piece))
    elif "BODY.PEEK[]" in items:
        parts.append(b"BODY[] {%d}\r\n%b" % (len(letter.raw), letter.raw))
    return b"* %d FETCH (%b)\r\n" % (number, b" ".join(parts))
