"""A proxy before a real IMAP or SMTP server that breaks chosen exchanges, each in a chosen way."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from tests.servers.dialogues import GREETING, LETTER, Dialogue, ImapDialogue, SmtpDialogue

Way = Literal["cut_before", "cut_after", "cut_inside", "silence", "late", "garbled", "refused"]

LATE_SECONDS = 0.1
_SILENT_SECONDS = 30.0


@dataclass(frozen=True)
class Exchange:
    """A command and its answer; greetings are exchanges too."""

    command: str
    number: int
    """1 for the first of its kind over all connections."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with an exchange."""

    way: Way
    """`cut_before`: the command never reaches the server. `cut_after`: it does, the answer is lost. `cut_inside`: half
    of the answer arrives (half of a literal, where there is one). `silence`: nothing arrives any more. `late`: the
    answer comes late, and whole. `garbled`: what is not the content of a literal comes in other bytes. `refused`: the
    proxy answers `words`, the server never hears of it."""
    words: str = ""
    seed: int = 0

    def __str__(self) -> str:
        return self.words or self.way


Plan = Callable[[Exchange], Fault | None]


class FaultProxy:
    """Listens on a free port of 127.0.0.1 and speaks with the server at `port`, one exchange after the other."""

    def __init__(self, port: int, protocol: Literal["imap", "smtp"]) -> None:
        self.heard: list[Exchange] = []
        """Every exchange that began, in order."""
        self.struck: list[Exchange] = []
        """Those that were broken."""
        self.plan: Plan = lambda _: None
        self._server_port = port
        self._dialogue: Callable[[], Dialogue] = ImapDialogue if protocol == "imap" else SmtpDialogue
        self._counts: Counter[str] = Counter()
        self._links: list[socket.socket] = []
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Listen no more, break every connection."""
        self._ended.set()
        _end(self._listener)
        self.cut()

    def cut(self) -> None:
        """Break every connection there is now; new ones are served."""
        links, self._links = self._links, []
        for link in links:
            _end(link)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._server_port), timeout=20) as server:
            for link in (client, server):
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._links += [client, server]
            with suppress(OSError, ValueError):
                _Link(self, client, server, self._dialogue()).pass_all()
            _end(server)
        _end(client)

    def next_fault(self, command: str) -> Fault | None:
        """What is to go wrong with the exchange that begins now."""
        with self._lock:
            self._counts[command] += 1
            exchange = Exchange(command, self._counts[command])
            self.heard.append(exchange)
            fault = self.plan(exchange)
            if fault is not None:
                self.struck.append(exchange)
            return fault

    def fall_silent(self) -> None:
        """Until the proxy ends; clients give up long before."""
        self._ended.wait(_SILENT_SECONDS)


class _Link:
    """One connection, from its greeting to its end."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, server: socket.socket, dialogue: Dialogue) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._dialogue = dialogue
        self._from_client = client.makefile("rb")
        self._from_server = server.makefile("rb")

    def pass_all(self) -> None:
        goes_on = self._exchange(b"", GREETING)
        while goes_on and (said := self._dialogue.command(self._from_client)):
            goes_on = self._exchange(said, self._dialogue.name(said))

    def _exchange(self, said: bytes, name: str) -> bool:
        """Whether the connection lives on."""
        fault = self._proxy.next_fault(name)
        if fault is None:
            self._server.sendall(said)
            return self._tell(self._dialogue.answer(self._from_server, said))
        if fault.way == "refused":
            return self._refuse(said, name, fault)
        if fault.way == "cut_before":
            self._server.sendall(said.removesuffix(b".\r\n") if name == LETTER else b"")
            return False
        self._server.sendall(said)
        pieces = self._dialogue.answer(self._from_server, said)
        if fault.way == "cut_inside":
            self._client.sendall(_half(pieces))
        elif fault.way == "silence":
            self._proxy.fall_silent()
        elif fault.way == "late":
            threading.Event().wait(LATE_SECONDS)
            return self._tell(pieces)
        elif fault.way == "garbled":
            self._client.sendall(b"".join(_garbled(pieces, fault.seed)))
            return True
        return False

    def _tell(self, pieces: list[bytes]) -> bool:
        self._client.sendall(b"".join(pieces))
        return bool(pieces)

    def _refuse(self, said: bytes, name: str, fault: Fault) -> bool:
        if name == LETTER:  # the server waits for its end: break that link, it must not take half a letter
            _end(self._server)
        self._client.sendall(self._dialogue.refusal(said, fault.words))
        if fault.words.startswith(("BYE", "421")) or name in {GREETING, LETTER}:
            return False
        if name == "DATA":  # the server still has sender and recipient of it
            self._server.sendall(b"RSET\r\n")
            self._dialogue.answer(self._from_server, b"RSET\r\n")
        return True


def _half(pieces: list[bytes]) -> bytes:
    """Up to the middle of the longest piece: of the literal, where there is one."""
    if not pieces:
        return b""
    longest = max(range(len(pieces)), key=lambda at: len(pieces[at]))
    return b"".join(pieces[:longest]) + pieces[longest][: len(pieces[longest]) // 2]


def _garbled(pieces: list[bytes], seed: int) -> list[bytes]:
    """Every fourth byte of the protocol's own lines is another one; what a literal holds stays."""
    garbled = []
    in_literal = False
    for piece in pieces:
        garbled.append(piece if in_literal else _noise(piece, seed))
        in_literal = not in_literal and piece.endswith(b"}\r\n")
    return garbled


def _noise(line: bytes, seed: int) -> bytes:
    kept = len(line.rstrip(b"\r\n"))
    return bytes(byte ^ 0x55 if at % 4 == seed % 4 and at < kept else byte for at, byte in enumerate(line))


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        link.close()
