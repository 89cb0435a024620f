"""Opening an account for sending: connect, encrypt, log in. Peer: a submission server (RFC 6409)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from intake.edges.network import (
    Place,
    Secret,
    authority_file_trouble,
    current,
    is_loopback,
    network_trouble,
    tls_context,
)
from intake.edges.transports.smtp_answers import LOGIN_ADVICE, is_answer, refusal
from intake.errors import TransportError

_HELO_NAME = "[127.0.0.1]"
"""An address literal (RFC 5321 §4.1.4): tells nothing of this machine and asks no name server."""


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


def open_account(account: SmtpAccount) -> smtplib.SMTP:
    """A connected, encrypted and logged-in server. One login attempt.

    Raises: TransportError.
    """
    context = _context(account)
    server: smtplib.SMTP | None = None
    try:
        server = _connect(account, context)
        server.ehlo_or_helo_if_needed()
        if account.tls == "starttls":
            server.starttls(context=context)
            server.ehlo()
        if account.username:
            _log_in(server, account)
    except (TransportError, smtplib.SMTPException, OSError) as error:
        if server is not None:
            server.close()
        raise _told(error, account) from None  # the chain could quote what was sent
    return server


def _context(account: SmtpAccount) -> ssl.SSLContext | None:
    if account.tls == "plain":
        if account.allow_plain or is_loopback(account.host):
            return None
        advice = "不加密的连接会泄露授权码。请把发信设置中的 tls 改为 tls(465 端口)或 starttls(587 端口)。"
        raise TransportError("plain connection is not allowed", temporary=False, sender_refused=True, advice=advice)
    try:
        return tls_context(account.ca_file)
    except OSError as error:
        trouble = authority_file_trouble(account.ca_file)
        raise TransportError(trouble.message, temporary=False, sender_refused=True, advice=trouble.advice) from error


def _connect(account: SmtpAccount, context: ssl.SSLContext | None) -> smtplib.SMTP:
    host, port, timeout = account.host, account.port, account.timeout_seconds
    if account.tls == "tls":
        assert context is not None
        return _EncryptedSmtp(host, port, local_hostname=_HELO_NAME, timeout=timeout, context=context)
    return _PlainSmtp(host, port, local_hostname=_HELO_NAME, timeout=timeout)


class _WholeLines:
    """What the server says, line by line; a line that breaks off is the end, not an answer: half of `354` reads like it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readline(self, size: int = -1) -> bytes:
        line = self._file.readline(size)
        return line if line.endswith(b"\n") or len(line) == size else b""

    def close(self) -> None:
        self._file.close()


class _PlainSmtp(smtplib.SMTP):
    """Keeps the server's first line, which smtplib throws away, and takes no half line for an answer."""

    greeting = b""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _WholeLines(self.sock.makefile("rb"))
        return super().getreply()

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        code, self.greeting = super().connect(host, port, source_address)
        return code, self.greeting


class _EncryptedSmtp(_PlainSmtp, smtplib.SMTP_SSL):
    """The same within TLS from the start."""


def _told(error: TransportError | smtplib.SMTPException | OSError, account: SmtpAccount) -> TransportError:
    if isinstance(error, TransportError):
        return error
    if isinstance(error, smtplib.SMTPResponseException) and is_answer(error.smtp_code):
        return refusal(error.smtp_code, error.smtp_error, stage="connect", secrets=account.secrets)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        advice = f"{account.host}:{account.port} 不支持 STARTTLS 加密。请把发信设置中的 tls 改为 tls，端口改为 465。"
        return TransportError("STARTTLS not offered", temporary=False, sender_refused=True, advice=advice)
    place = Place(account.host, account.port, account.username, account.secrets)
    trouble = network_trouble(network_cause(error), place, connecting=True)
    return TransportError(
        trouble.message, temporary=trouble.temporary, sender_refused=not trouble.temporary, advice=trouble.advice
    )


def network_cause(error: Exception) -> OSError:
    """What the socket itself said; smtplib wraps it, and its own errors are `OSError`s too."""
    if isinstance(error, smtplib.SMTPResponseException):
        return ConnectionError("the server's answer is garbled")
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
        if not is_answer(error.smtp_code):
            raise
        raise refusal(error.smtp_code, error.smtp_error, stage="login", secrets=account.secrets) from None
    except UnicodeEncodeError:
        raise TransportError(
            "user name or password is not ASCII", temporary=False, sender_refused=True, advice=LOGIN_ADVICE
        ) from None
