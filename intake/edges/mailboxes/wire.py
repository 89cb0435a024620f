"""The IMAP connection itself: one socket, read under a deadline, with what imapclient leaves out.

Peer: an IMAP server. Failure modes: any `OSError` (`TimeoutError` when silent or too
slow) and `imaplib.IMAP4.error` with its subclass `abort` (the connection is lost).
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import select
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient, SocketTimeout

LINE_BYTES = 32_000_000
"""Longest line accepted. imaplib stops at 1 MB, which a SEARCH answer of 100,000 UIDs exceeds."""

LITERAL_BYTES = 256_000_000
"""Largest literal accepted: a server that ignores partial fetches sends a letter whole."""

COMMAND_TIMEOUTS = 10
"""One command may take this many time-outs in all, so that a server that drips cannot hold us for ever."""

_RECEIVE_BYTES = 262_144
_ECHOES_WITHOUT_DATA = 20
_NEWS = re.compile(rb"\* \d+ (EXISTS|RECENT)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to connect, and how."""

    host: str
    port: int
    implicit_tls: bool
    tls: ssl.SSLContext | None
    timeout_seconds: float


class WireImap4(imaplib.IMAP4):
    """imaplib over a read buffer of our own: `imaplib` allows replacing `read`, `readline` and the socket.

    Its own file object becomes unusable after one time-out, limits lines to 1 MB, and
    cannot tell whether a line is already waiting in its buffer (IDLE needs that).
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._buffer = bytearray()
        self._deadline = time.monotonic() + endpoint.timeout_seconds * COMMAND_TIMEOUTS
        super().__init__(endpoint.host, endpoint.port, timeout=endpoint.timeout_seconds)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout or self._endpoint.timeout_seconds)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._endpoint.implicit_tls:
            return plain
        assert self._endpoint.tls is not None
        try:
            return self._endpoint.tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def allow_time(self) -> None:
        """Start the clock of one command."""
        self._deadline = time.monotonic() + self._endpoint.timeout_seconds * COMMAND_TIMEOUTS

    def send(self, data: bytes) -> None:  # type: ignore[override]  # typeshed says ReadableBuffer; imaplib sends bytes
        """Send `data`; every command starts its own clock."""
        self.allow_time()
        self.sock.sendall(data)

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes of a literal."""
        if size > LITERAL_BYTES:
            raise self.abort(f"literal of {size} bytes announced, more than {LITERAL_BYTES} are not taken")
        taken = bytearray(size)
        have = min(size, len(self._buffer))
        taken[:have] = self._buffer[:have]
        del self._buffer[:have]
        view = memoryview(taken)
        while have < size:
            self._check_deadline()
            count = self.sock.recv_into(view[have : have + _RECEIVE_BYTES])
            if not count:
                raise self.abort("socket error: EOF inside a literal")
            have += count
        return bytes(taken)

    def readline(self) -> bytes:
        """One line with its CRLF; empty at the end of the stream."""
        seen = 0
        while True:
            end = self._buffer.find(b"\n", seen)
            if end >= 0:
                line = bytes(self._buffer[: end + 1])
                del self._buffer[: end + 1]
                return line
            seen = len(self._buffer)
            if seen > LINE_BYTES:
                raise self.abort(f"line longer than {LINE_BYTES} bytes")
            self._check_deadline()
            received = self.sock.recv(_RECEIVE_BYTES)
            if not received:
                rest = bytes(self._buffer)
                self._buffer.clear()
                return rest
            self._buffer += received

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Change to TLS; what came in plain text after the answer is thrown away (CVE-2011-0411)."""
        wrap = (ssl_context or ssl.create_default_context()).wrap_socket
        typ, said = self._simple_command("STARTTLS")
        if typ != "OK":
            raise self.error("STARTTLS refused")
        self._buffer.clear()
        self.sock = wrap(self.sock, server_hostname=self.host)
        self._tls_established = True
        self.capabilities = ()
        return typ, said

    def line_waiting(self, seconds: float) -> bool:
        """Whether data came within `seconds`; reads what is there without blocking further."""
        if self._buffer:
            return True
        if not self._readable(seconds):
            return False
        timeout = self.sock.gettimeout()
        self.sock.setblocking(False)
        try:
            received = self.sock.recv(_RECEIVE_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False  # a TLS session ticket, not mail
        finally:
            self.sock.settimeout(timeout)
        if not received:
            raise self.abort("socket error: EOF")
        self._buffer += received
        return True

    def _readable(self, seconds: float) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        if hasattr(select, "poll"):  # `select` fails on descriptors above 1023, Windows has no `poll`
            poller = select.poll()
            poller.register(self.sock, select.POLLIN)
            return bool(poller.poll(max(0.0, seconds) * 1000))
        return bool(select.select([self.sock], [], [], max(0.0, seconds))[0])

    def _check_deadline(self) -> None:
        if time.monotonic() > self._deadline:
            raise TimeoutError("the command took too long")


class WireClient(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """imapclient over `WireImap4`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        super().__init__(
            endpoint.host,
            endpoint.port,
            ssl=endpoint.implicit_tls,
            ssl_context=endpoint.tls,
            timeout=SocketTimeout(endpoint.timeout_seconds, endpoint.timeout_seconds),
        )
        # imapclient sets 5, at which imaplib formats every literal for a log nobody reads: half of all CPU of a fetch.
        # Not below 4 either: there imaplib keeps the last commands, LOGIN among them, in a log of its own.
        self._wire.debug = 4
        self.normalise_times = False  # else INTERNALDATE comes naive, in the machine's own zone

    def _create_IMAP4(self) -> WireImap4:  # noqa: N802 - imapclient's name
        self._wire = WireImap4(self._endpoint)
        return self._wire

    def socket(self) -> socket.socket:
        """The socket in use, TLS or not."""
        return self._wire.sock

    def shutdown(self) -> None:
        """Close the socket without a word; never raises."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._wire.shutdown()

    def tell_id(self, fields: dict[str, str]) -> None:
        """Say who we are (RFC 2971), also to servers that want it but do not advertise it."""
        pairs = " ".join(f'"{key}" "{value}"' for key, value in fields.items())
        self._checkok("id", *self._wire._simple_command("ID", f"({pairs})"))  # noqa: SLF001 - imaplib has no ID

    def uid_search(self, criteria: Sequence[str]) -> list[int]:
        """UIDs in the answer, in the server's order. Takes answers split over lines, and none at all.

        Source: RFC 3501 §7.2.5; RFC 7162 §3.1.5 adds `(MODSEQ n)`, which is left out.
        """
        typ, data = self._wire.uid("SEARCH", *criteria)
        self._checkok("search", typ, data)
        lines = [line for line in data if isinstance(line, bytes)]
        return [int(number) for line in lines for number in line.partition(b"(")[0].split() if number.isdigit()]

    def noop_brings_news(self) -> bool:
        """NOOP; whether the server used it to say that letters are there."""
        _, responses = self.noop()
        return any(len(said) > 1 and said[1] in {b"EXISTS", b"RECENT"} for said in responses)

    def begin_idle(self) -> bool:
        """Enter IDLE; whether the server said meanwhile that letters are there.

        Raises: imaplib.IMAP4.error when it refuses. imapclient's own `idle` takes an
        untagged line before the `+` for a refusal and leaves the server in IDLE.
        """
        wire = self._wire
        for name in ("EXISTS", "RECENT"):
            wire.untagged_responses.pop(name, None)
        tag = wire._command("IDLE")  # noqa: SLF001 - imaplib has no IDLE
        while wire._get_response() is not None:  # noqa: SLF001 - as above
            if wire.tagged_commands.get(tag) is not None:
                raise imaplib.IMAP4.error(f"IDLE refused: {wire.tagged_commands.pop(tag)}")
            wire._check_bye()  # noqa: SLF001 - as above
        self._idle_tag = tag
        return "EXISTS" in wire.untagged_responses

    def idle_brings_news(self, seconds: float) -> bool:
        """While in IDLE: whether the server said within `seconds` that letters are there.

        A half line is waited for, a closed connection is an `abort`.
        """
        until = time.monotonic() + seconds
        for _ in range(_ECHOES_WITHOUT_DATA):
            if self._wire.line_waiting(until - time.monotonic()):
                break
            if time.monotonic() >= until:
                return False
        else:
            raise imaplib.IMAP4.abort("the socket keeps waking us without data")
        news = False
        while self._wire.line_waiting(0):
            self._wire.allow_time()
            line = self._wire.readline()
            if not line.endswith(b"\n") or line.upper().startswith(b"* BYE"):
                raise imaplib.IMAP4.abort("the server ended IDLE")
            news = news or bool(_NEWS.match(line))
        return news
