"""What can go wrong in `intake`, drawn as a tree.

    IntakeError
    ├── MailboxError          the mailbox; `temporary` tells whether trying again may help
    │   ├── LoginRefusedError     wrong 授权码, IMAP switched off (never temporary: hammering locks accounts)
    │   └── BodyUnavailableError  the server lists a letter but does not hand out its body
    ├── TransportError        SMTP; `temporary`, and `accepted_unknown` when the link died after the final dot
    ├── ReaderLostError       a reader process was killed or crashed
    └── OperatorError         a person at the keyboard can mend it: what happened, where, what to do
        ├── UnknownCaseError      no case has this number
        ├── UnlistedCampaignError the campaign of what is meant is not in the settings
        ├── NoReasonError         a decision without a reason
        └── NoSuchPathError       a file or folder named that is not there

A submitter's mistake is a `Finding`, never an exception.
"""

from __future__ import annotations

from pathlib import Path


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


class UnknownCaseError(OperatorError):
    """No case has the 登记编号 a person wrote."""

    def __init__(self, number: str) -> None:
        super().__init__(f"没有登记编号为 {number} 的案例。请用 intake cases list 查看。")


class UnlistedCampaignError(OperatorError):
    """The campaign that the case `number`, or with none a letter, belongs to is not in the settings."""

    def __init__(self, campaign: str | None, *, number: str = "") -> None:
        whose = f"{number} " if number else "来信"
        super().__init__(f"{whose}所属的活动 {campaign} 不在设置里。请在 intake.toml 的 campaigns 中加上它。")


class NoReasonError(OperatorError):
    """A decision was given without a reason."""

    def __init__(self) -> None:
        super().__init__("请用 --why 写明理由，理由会记录在案。")


class NoSuchPathError(OperatorError):
    """A file or folder was named that is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"没有这个文件或文件夹：{path}。请检查路径，路径中有空格时要加引号。")
