"""A real SMTP server whose answers a test writes: per recipient, at DATA, at login, or a link that breaks."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

from aiosmtpd.smtp import AuthResult, LoginPassword

from intake.demo.servers import EmbeddedSmtp

USER = "box@example.test"
PASSWORD = "loopback-secret"

DROP = "drop"
"""Instead of an answer: break the link."""


class SmtpSink(EmbeddedSmtp):
    """Takes every letter, but for what the test says."""

    def __init__(
        self,
        *,
        login: bool = False,
        tls: ssl.SSLContext | None = None,
        at_mail: list[str] | None = None,
        at_recipient: Mapping[str, str] | None = None,
        at_data: list[str] | None = None,
        close_after: int | None = None,
        utf8: bool = False,
    ) -> None:
        """`at_mail`, `at_data`: answers to the first such commands, in order, then `250 OK`.

        `close_after`: the server closes the connection after so many letters.
        """
        options: dict[str, Any] = {"enable_SMTPUTF8": utf8}
        if tls is not None:
            options |= {"tls_context": tls, "require_starttls": True}
        if login:
            options |= {
                "authenticator": self._authenticate,
                "auth_required": True,
                "auth_require_tls": tls is not None,
            }
        super().__init__(**options)
        self.logins: list[tuple[str, bool]] = []
        """Mechanism of each login attempt, and whether it was accepted."""
        self.connections = 0
        self.mail_options: list[list[str]] = []
        self._at_mail = list(at_mail or [])
        self._at_recipient = dict(at_recipient or {})
        self._at_data = list(at_data or [])
        self._close_after = close_after
        self._sessions: dict[int, int] = {}

    def forget(self) -> None:
        """Begin anew: no letter was given to it."""
        with self._lock:
            self._letters.clear()

    async def handle_EHLO(  # noqa: N802 - the hooks are named by aiosmtpd
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if id(session) not in self._sessions:
            self._sessions[id(session)] = 0
            self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802 - as above
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._at_mail.pop(0) if self._at_mail else "250 OK"
        if answer == DROP:
            server.transport.abort()
        if answer.startswith("2"):
            self.mail_options.append(options)
            envelope.mail_from = address
        if answer.startswith("421"):
            server.loop.call_later(0.05, server.transport.close)
        return answer

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._at_recipient.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        answer = self._at_data.pop(0) if self._at_data else "250 OK"
        if answer == DROP:
            server.transport.abort()
            return "250 never sent"
        if not answer.startswith("2"):
            return answer
        said = await super().handle_DATA(server, session, envelope)
        self._sessions[id(session)] = self._sessions.get(id(session), 0) + 1
        if self._sessions[id(session)] == self._close_after:
            server.loop.call_later(0.05, server.transport.close)
        return said

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        accepted = (
            isinstance(data, LoginPassword) and data.login == USER.encode() and data.password == PASSWORD.encode()
        )
        self.logins.append((mechanism, accepted))
        return AuthResult(success=accepted, handled=accepted)
