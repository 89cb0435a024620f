"""Handing letters to an SMTP server. Peer: a submission server (RFC 6409).

DATA is driven step by step, because what matters after a lost link is whether the
final dot was handed over: before it the letter was surely not accepted, after it
nobody knows (RFC 1047). One thread at a time; `close` may come from another.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from intake.edges.clock import Clock, SystemClock
from intake.edges.network import Place, network_trouble
from intake.edges.transports.smtp_answers import is_answer, refusal
from intake.edges.transports.smtp_login import SmtpAccount, network_cause, open_account
from intake.errors import TransportError

CLOSE_SECONDS = 5.0
_CHUNK_BYTES = 65_536
_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)
_NO_ADDRESS = re.compile(r"[\x00-\x20<>,;\x7f]|^$")
_BARE_END = re.compile(rb"\r?\n|\r")

__all__ = ["SmtpAccount", "SmtpTransport"]

_log = structlog.get_logger(__name__)


class SmtpTransport:
    """Keeps one connection between letters and says classified why a letter did not go."""

    def __init__(self, account: SmtpAccount, clock: Clock | None = None) -> None:
        self._settings = account
        self._clock: Clock = clock or SystemClock()
        self._server: smtplib.SMTP | None = None
        self._last_at: datetime | None = None
        self._closing = threading.Event()
        self._in_use = threading.Lock()

    def send(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> str:
        """Hand over `raw`; return the answer to the final dot, with the recipients that were refused, if any.

        Raises: TransportError. With several recipients the letter goes to those accepted;
        it fails only when none is.
        """
        for address in (sender, *recipients):
            if _NO_ADDRESS.search(address):  # smtplib would quietly make another address of it
                raise TransportError(f"no usable address: {address[:100]!r}", temporary=False)
        self._closing.clear()
        self._pace()
        try:
            with self._in_use:
                server, refused = self._ready(raw, sender=sender, recipients=recipients)
                answer = self._hand_over(server, raw)
        finally:
            self._last_at = self._clock.now()
        return "; ".join([answer, *(f"{address}: {error}" for address, error in refused)])

    def close(self) -> None:
        """Say QUIT and free the connection; never raises.

        A send that is pausing ends at once. One that is handing over a letter is left
        alone: QUIT would become a line of it, and a cut link would leave it unknown.
        """
        self._closing.set()
        if not self._in_use.acquire(timeout=CLOSE_SECONDS):
            return
        try:
            server, self._server = self._server, None
            if server is None:
                return
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if server.sock is not None:
                    server.sock.settimeout(min(CLOSE_SECONDS, self._settings.timeout_seconds))
                server.quit()
            server.close()
        finally:
            self._in_use.release()

    # -- before DATA: anything that fails here was surely not accepted ----------------

    def _pace(self) -> None:
        if self._last_at is None or self._settings.pause_seconds <= 0:
            return
        due = self._last_at + timedelta(seconds=self._settings.pause_seconds)
        left = (due - self._clock.now()).total_seconds()
        if left > 0 and self._clock.wait(self._closing, left):
            raise TransportError("the transport is closing", temporary=True)

    def _ready(
        self, raw: bytes, *, sender: str, recipients: Sequence[str]
    ) -> tuple[smtplib.SMTP, list[tuple[str, TransportError]]]:
        """A server that has accepted sender and at least one recipient.

        A kept connection that the server has closed, or closes now, is opened anew once;
        nothing was handed over, so that is no failure.
        """
        kept = self._server is not None
        try:
            server = self._connected()
            if kept:
                self._reset(server)
            return server, self._envelope(server, raw, sender=sender, recipients=recipients)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            if kept and not isinstance(error, TimeoutError):
                _log.info("reconnected", reason=type(error).__name__)
                return self._ready(raw, sender=sender, recipients=recipients)
            raise self._lost(error) from error
        except TransportError as error:
            if error.code == 421:  # the server is closing this connection (RFC 5321 §3.8)
                self._drop()
                if kept:
                    return self._ready(raw, sender=sender, recipients=recipients)
            raise

    def _reset(self, server: smtplib.SMTP) -> None:
        code, said = _understood(server.rset())
        if code == 421:
            raise refusal(code, said, stage="connect", secrets=self._settings.secrets)

    def _envelope(
        self, server: smtplib.SMTP, raw: bytes, *, sender: str, recipients: Sequence[str]
    ) -> list[tuple[str, TransportError]]:
        secrets = self._settings.secrets
        code, said = _understood(server.mail(sender, _mail_options(server, raw, (sender, *recipients))))
        if code != 250:
            raise refusal(code, said, stage="sender", secrets=secrets)
        refused: list[tuple[str, TransportError]] = []
        for address in recipients:
            code, said = _understood(server.rcpt(address))
            if code == 421:
                raise refusal(code, said, stage="connect", secrets=secrets)
            if code not in {250, 251}:
                refused.append((address, refusal(code, said, stage="recipient", secrets=secrets)))
        if len(refused) == len(recipients):
            temporary = [error for _, error in refused if error.temporary]
            raise temporary[0] if temporary else refused[0][1]
        return refused

    # -- DATA ---------------------------------------------------------------------

    def _hand_over(self, server: smtplib.SMTP, raw: bytes) -> str:
        dot_handed_over = False
        try:
            code, said = _understood(server.docmd("DATA"))
            if code != 354:
                raise refusal(code, said, stage="data", secrets=self._settings.secrets)
            assert server.sock is not None
            body = memoryview(_dot_stuffed(raw))
            for start in range(0, len(body), _CHUNK_BYTES):
                server.sock.sendall(body[start : start + _CHUNK_BYTES])
            dot_handed_over = True  # before the attempt: a failing send may still have reached the server
            server.sock.settimeout(self._settings.final_answer_seconds)
            server.sock.sendall(b".\r\n")
            code, said = _understood(server.getreply())
            server.sock.settimeout(self._settings.timeout_seconds)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError) as error:
            self._drop()
            raise self._lost(error, accepted_unknown=dot_handed_over) from error
        if code == 421:
            self._drop()
        if not 200 <= code < 300:
            raise refusal(code, said, stage="data", secrets=self._settings.secrets)
        return f"{code} {said.decode('utf-8', 'replace')}"

    def _lost(self, error: Exception, *, accepted_unknown: bool = False) -> TransportError:
        place = Place(self._settings.host, self._settings.port, self._settings.username, self._settings.secrets)
        told = network_trouble(network_cause(error), place, connecting=False)
        message = f"{told.message} ({'after' if accepted_unknown else 'before'} the final dot)"
        return TransportError(message, temporary=True, accepted_unknown=accepted_unknown, advice=told.advice)

    # -- connection ---------------------------------------------------------------

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = open_account(self._settings)
        return self._server

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _understood(answer: tuple[int, bytes]) -> tuple[int, bytes]:
    """`answer`, unless it is none: whatever a garbled line was, it was no refusal. Raises: ConnectionError."""
    if not is_answer(answer[0]):
        raise ConnectionError("the server's answer is garbled")
    return answer


def _mail_options(server: smtplib.SMTP, raw: bytes, addresses: Sequence[str]) -> list[str]:
    """Parameters of MAIL FROM: SIZE, and 8BITMIME or SMTPUTF8 only when the letter needs them."""
    options = []
    if server.has_extn("size"):
        options.append(f"size={len(raw)}")
    header = raw.partition(b"\r\n\r\n")[0]
    if not header.isascii() or not all(address.isascii() for address in addresses):
        if not server.has_extn("smtputf8"):
            advice = "对方或本邮箱的地址含有非英文字符，发信服务器不支持。请改用普通邮箱地址联系对方。"
            raise TransportError("SMTPUTF8 needed but not offered", temporary=False, advice=advice)
        options.append("SMTPUTF8")
    if not raw.isascii() and server.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    return options


def _dot_stuffed(raw: bytes) -> bytes:
    """`raw` with CRLF line ends and doubled leading dots, ending in CRLF (RFC 5321 §4.5.2)."""
    text = _LINE_START_DOT.sub(b"..", _BARE_END.sub(b"\r\n", raw))
    return text if text.endswith(b"\r\n") else text + b"\r\n"
