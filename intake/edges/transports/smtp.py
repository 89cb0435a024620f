"""Handing letters to an SMTP server. Peer: a submission server (RFC 6409).

DATA is driven step by step, because what matters after a lost link is whether the
final dot was handed over: before it the letter was surely not accepted, after it
nobody knows (RFC 1047). One thread at a time, `close` excepted.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import structlog

from intake.edges.clock import Clock, SystemClock
from intake.edges.network import Place, Secret, current, is_loopback, network_trouble, tls_context
from intake.edges.transports.smtp_answers import LOGIN_ADVICE, refusal
from intake.errors import TransportError

_HELO_NAME = "[127.0.0.1]"
"""An address literal (RFC 5321 §4.1.4): tells nothing of this machine and asks no name server."""
_CHUNK_BYTES = 65_536
_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)
_BARE_END = re.compile(rb"\r?\n|\r")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """A sending account and how to reach it."""

    username: str
    """Empty: no login (a relay on loopback)."""
    host: str
    port: int
    password: Secret = field(default="", repr=False)
    token: Secret = field(default="", repr=False)
    tls: Literal["tls", "starttls", "plain"] = "tls"
    auth: Literal["login", "xoauth2"] = "login"
    timeout_seconds: float = 60.0
    final_answer_seconds: float = 300.0
    """How long the answer to the final dot is waited for: impatience here makes duplicates (RFC 5321 §4.5.3.2.6)."""
    pause_seconds: float = 0.0
    """Least time between two letters."""
    ca_file: Path | None = None
    allow_plain: bool = False
    """Allow an unencrypted connection to another machine."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never show in a message."""
        return tuple(secret for secret in (self.password, self.token) if isinstance(secret, str) and secret)


class SmtpTransport:
    """Keeps one connection between letters and says classified why a letter did not go."""

    def __init__(self, account: SmtpAccount, clock: Clock | None = None) -> None:
        self._settings = account
        self._clock: Clock = clock or SystemClock()
        self._server: smtplib.SMTP | None = None
        self._last_at: datetime | None = None
        self._closing = threading.Event()

    def send(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> str:
        """Hand over `raw`; return the answer to the final dot, with the recipients that were refused, if any.

        Raises: TransportError. With several recipients the letter goes to those accepted;
        it fails only when none is.
        """
        self._closing.clear()
        self._pace()
        try:
            server, refused = self._ready(raw, sender=sender, recipients=recipients)
            answer = self._hand_over(server, raw)
        finally:
            self._last_at = self._clock.now()
        return "; ".join([answer, *(f"{address}: {error}" for address, error in refused)])

    def close(self) -> None:
        """Say QUIT and free the connection; never raises. A send that is pausing ends at once."""
        self._closing.set()
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if server.sock is not None:
                server.sock.settimeout(min(5.0, self._settings.timeout_seconds))
            server.quit()
        server.close()

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
        except ValueError as error:
            raise TransportError(f"address not usable: {error}", temporary=False) from error
        except TransportError as error:
            if error.code == 421:  # the server is closing this connection (RFC 5321 §3.8)
                self._drop()
                if kept:
                    return self._ready(raw, sender=sender, recipients=recipients)
            raise

    def _reset(self, server: smtplib.SMTP) -> None:
        code, said = server.rset()
        if code == 421:
            raise refusal(code, said, stage="connect", secrets=self._settings.secrets)

    def _envelope(
        self, server: smtplib.SMTP, raw: bytes, *, sender: str, recipients: Sequence[str]
    ) -> list[tuple[str, TransportError]]:
        secrets = self._settings.secrets
        code, said = server.mail(sender, _mail_options(server, raw, (sender, *recipients)))
        if code != 250:
            raise refusal(code, said, stage="sender", secrets=secrets)
        refused: list[tuple[str, TransportError]] = []
        for address in recipients:
            code, said = server.rcpt(address)
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
            code, said = server.docmd("DATA")
            if code != 354:
                raise refusal(code, said, stage="data", secrets=self._settings.secrets)
            assert server.sock is not None
            body = memoryview(_dot_stuffed(raw))
            for start in range(0, len(body), _CHUNK_BYTES):
                server.sock.sendall(body[start : start + _CHUNK_BYTES])
            dot_handed_over = True  # before the attempt: a failing send may still have reached the server
            server.sock.settimeout(self._settings.final_answer_seconds)
            server.sock.sendall(b".\r\n")
            code, said = server.getreply()
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
        told = network_trouble(_network_cause(error), place, connecting=False)
        message = f"{told.message} ({'after' if accepted_unknown else 'before'} the final dot)"
        return TransportError(message, temporary=True, accepted_unknown=accepted_unknown, advice=told.advice)

    # -- connection ---------------------------------------------------------------

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = _open(self._settings)
        return self._server

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _open(account: SmtpAccount) -> smtplib.SMTP:
    """A connected, encrypted and logged-in server. One login attempt."""
    place = Place(account.host, account.port, account.username, account.secrets)
    if account.tls == "plain" and not (account.allow_plain or is_loopback(account.host)):
        advice = "不加密的连接会泄露授权码。请把发信设置中的 tls 改为 tls(465 端口)或 starttls(587 端口)。"
        raise TransportError("plain connection is not allowed", temporary=False, sender_refused=True, advice=advice)
    server: smtplib.SMTP | None = None
    try:
        context = None if account.tls == "plain" else tls_context(account.ca_file)
        if account.tls == "tls":
            assert context is not None
            server = smtplib.SMTP_SSL(
                account.host,
                account.port,
                local_hostname=_HELO_NAME,
                timeout=account.timeout_seconds,
                context=context,
            )
        else:
            server = smtplib.SMTP(
                account.host, account.port, local_hostname=_HELO_NAME, timeout=account.timeout_seconds
            )
        server.ehlo_or_helo_if_needed()
        if account.tls == "starttls":
            server.starttls(context=context)
            server.ehlo()
        if account.username:
            _log_in(server, account)
    except TransportError:
        _close(server)
        raise
    except smtplib.SMTPResponseException as error:
        _close(server)
        raise refusal(error.smtp_code, error.smtp_error, stage="connect", secrets=account.secrets) from None
    except smtplib.SMTPNotSupportedError as error:
        _close(server)
        advice = f"{account.host}:{account.port} 不支持 STARTTLS 加密。请把发信设置中的 tls 改为 tls,端口改为 465。"
        raise TransportError(str(error), temporary=False, sender_refused=True, advice=advice) from error
    except (smtplib.SMTPException, OSError) as error:
        _close(server)
        told = network_trouble(_network_cause(error), place, connecting=True)
        raise TransportError(
            told.message, temporary=told.temporary, sender_refused=not told.temporary, advice=told.advice
        ) from error
    return server


def _network_cause(error: Exception) -> OSError:
    """What the socket itself said; smtplib wraps it, and its own errors are `OSError`s too."""
    for candidate in (error, error.__context__):
        if isinstance(candidate, OSError) and not isinstance(candidate, smtplib.SMTPException):
            return candidate
    return ConnectionError(str(error))


def _log_in(server: smtplib.SMTP, account: SmtpAccount) -> None:
    """Authenticate by the best mechanism offered, once: `smtplib.login` tries them all, each a refused login."""
    server.user = account.username
    try:
        if account.auth == "xoauth2":
            first = f"user={account.username}\1auth=Bearer {current(account.token)}\1\1"
            answers = iter([first])
            server.auth("XOAUTH2", lambda _challenge=None: next(answers, ""))
            return
        server.password = current(account.password)
        offered = server.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            server.auth("PLAIN", server.auth_plain)
        elif "LOGIN" in offered or not offered:
            server.auth("LOGIN", server.auth_login)
        else:
            server.auth("CRAM-MD5", server.auth_cram_md5)
    except smtplib.SMTPAuthenticationError as error:
        raise refusal(error.smtp_code, error.smtp_error, stage="login", secrets=account.secrets) from None
    except UnicodeEncodeError:
        raise TransportError(
            "user name or password is not ASCII", temporary=False, sender_refused=True, advice=LOGIN_ADVICE
        ) from None


def _close(server: smtplib.SMTP | None) -> None:
    if server is not None:
        server.close()


def _mail_options(server: smtplib.SMTP, raw: bytes, addresses: Sequence[str]) -> list[str]:
    """Parameters of MAIL FROM: SIZE, and 8BITMIME or SMTPUTF8 only when the letter needs them."""
    options = []
    if server.has_extn("size"):
        options.append(f"size={len(raw)}")
    header = raw.partition(b"\r\n\r\n")[0]
    if not header.isascii() or not all(address.isascii() for address in addresses):
        if not server.has_extn("smtputf8"):
            advice = "对方或本邮箱的地址含有非英文字符,发信服务器不支持。请改用普通邮箱地址联系对方。"
            raise TransportError("SMTPUTF8 needed but not offered", temporary=False, advice=advice)
        options.append("SMTPUTF8")
    if not raw.isascii() and server.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    return options


def _dot_stuffed(raw: bytes) -> bytes:
    """`raw` with CRLF line ends and doubled leading dots, ending in CRLF (RFC 5321 §4.5.2)."""
    text = _LINE_START_DOT.sub(b"..", _BARE_END.sub(b"\r\n", raw))
    return text if text.endswith(b"\r\n") else text + b"\r\n"
