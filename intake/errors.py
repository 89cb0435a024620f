"""What can go wrong in `intake`, drawn as a tree.

    IntakeError
    ├── MailboxError          the mailbox; `temporary` tells whether trying again may help
    │   ├── LoginRefusedError     wrong 授权码, IMAP switched off (never temporary: hammering locks accounts)
    │   └── BodyUnavailableError  the server lists a letter but does not hand out its body
    ├── TransportError        SMTP; `temporary`, and `accepted_unknown` when the link died after the final dot
    ├── ReaderLostError       a reader process was killed or crashed
    └── OperatorError         a person at the keyboard can mend it: what happened, where, what to do

A submitter's mistake is a `Finding`, never an exception.
"""

from __future__ import annotations


class IntakeError(Exception):
    """Root of everything raised on purpose in this package."""


class MailboxError(IntakeError):
    """The mailbox did not do what was asked. `advice` is a Chinese sentence for the organizer, may be empty."""

    def __init__(self, message: str, *, temporary: bool, advice: str = "") -> None:
        super().__init__(message)
        self.temporary = temporary
        self.advice = advice


class LoginRefusedError(MailboxError):
    """The server refused user name or password."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message, temporary=False, advice=advice)


class BodyUnavailableError(MailboxError):
    """The letter is listed, but its body does not come."""

    def __init__(self, message: str) -> None:
        super().__init__(message, temporary=True)


class TransportError(IntakeError):
    """An outgoing letter was not accepted.

    `code`: the SMTP reply code, None when there was none. `temporary`: 4xx or no answer.
    `accepted_unknown`: the link died between the final dot and the answer, so the
    server may have it (RFC 1047). `sender_refused`: login or sender was refused, so
    every other letter would fail the same way; with `temporary` it is a sending limit.
    `retry_after_seconds`: how long the refusal is known to last at least, None when unknown.
    """

    def __init__(
        self,
        message: str,
        *,
        temporary: bool,
        code: int | None = None,
        accepted_unknown: bool = False,
        sender_refused: bool = False,
        advice: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.temporary = temporary
        self.code = code
        self.accepted_unknown = accepted_unknown
        self.sender_refused = sender_refused
        self.advice = advice
        self.retry_after_seconds = retry_after_seconds


class ReaderLostError(IntakeError):
    """The process reading a file ended before it answered. `timed_out`: we stopped it."""

    def __init__(self, message: str, *, timed_out: bool) -> None:
        super().__init__(message)
        self.timed_out = timed_out


class OperatorError(IntakeError):
    """One clear Chinese sentence for the person who runs the service: what, where, what to do. Exit status 2."""
