"""What an SMTP refusal means for the letter, for the sender, and for when to try again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from intake.errors import TransportError

Stage = Literal["connect", "login", "sender", "recipient", "data"]
"""Where in the dialogue the answer came; `data` is everything from DATA to the answer after the final dot."""

MINUTES = 60.0
HOURS = 3600.0


@dataclass(frozen=True, slots=True)
class _Known:
    """A refusal whose text says more than its code."""

    pattern: re.Pattern[str]
    temporary: bool
    sender_refused: bool
    retry_after_seconds: float | None
    advice: str


def _known(
    pattern: str, *, temporary: bool, sender_refused: bool, retry_after_seconds: float | None, advice: str
) -> _Known:
    return _Known(re.compile(pattern, re.IGNORECASE), temporary, sender_refused, retry_after_seconds, advice)


KNOWN = (
    _known(
        # A day's allowance: MI:STC at NetEase, "daily sending quota" and the like elsewhere.
        r"\bMI:STC\b|daily.{0,30}(quota|limit)|(quota|limit).{0,30}per day|sending.{0,15}quota",
        temporary=True,
        sender_refused=True,
        retry_after_seconds=6 * HOURS,
        advice="今天的发信数量已达邮箱服务商上限，剩余回信将在限额恢复后自动发出，不会丢失。",
    ),
    _known(
        # Too much in a short time: MI:SFQ, RP:QRC, MI:DMC, HL:IFC, RP:CEL at NetEase, "frequency limited" at QQ.
        r"\b(MI:(SFQ|DMC|CEL|CCL|FRQ)|RP:(QRC|CEL|DRC|CCL|TRC)|HL:(IFC|ICC|REP|MEP))\b"
        r"|frequen\w{0,20} limit|rate limit|too (many|fast|frequent)|exceed.{0,20}(frequency|rate)|发信频率|频率限制",
        temporary=True,
        sender_refused=True,
        retry_after_seconds=30 * MINUTES,
        advice="邮箱服务商限制了发信频率，已暂停发信，半小时后自动继续，不会丢失。如经常出现，请把发信间隔调大。",
    ),
    _known(
        # The same text, or too much alike: judged by content and by recent volume, so a later try often passes.
        r"\bDT:SPM\b|suspected spam|spam (message|content|mail)|mail content denied",
        temporary=True,
        sender_refused=False,
        retry_after_seconds=2 * HOURS,
        advice="邮箱服务商把这封回信当作垃圾邮件退回，两小时后自动再试；若仍不行，请用网页邮箱手动回复该单位。",
    ),
    _known(
        # Envelope and From differ (DT:SUM), or the account may not use this address.
        r"\bDT:SUM\b|mail from must equal|must be (the )?same as|not owned by user|sender address rejected: not owned|from address.{0,30}not (match|allowed)",
        temporary=False,
        sender_refused=True,
        retry_after_seconds=None,
        advice="发件地址与登录的邮箱不一致，邮箱服务商不予发送。请把发信设置中的发件地址改为登录邮箱的地址。",
    ),
)
"""Read in order, the first that fits decides. Source: NetEase 退信代码 help page, QQ Mail answers, edge-case list."""

LOGIN_ADVICE = "发信登录被拒绝。请核对授权码（不是网页登录密码），并确认网页邮箱“设置”中已开启 SMTP 服务。"


def is_answer(code: int) -> bool:
    """Whether `code` is one a server may answer with (RFC 5321 §4.2); smtplib makes -1 of a line it cannot read."""
    return 200 <= code <= 599


def refusal(code: int, said: bytes | str, *, stage: Stage, secrets: tuple[str, ...] = ()) -> TransportError:
    """The answer `code said` as a classified error.

    4xx is temporary and 5xx is not (RFC 5321 §4.2.1), unless the text is one we know.
    A refused login or sender address would stop every other letter too.
    """
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    for secret in secrets:
        text = text.replace(secret, "***") if secret else text
    text = " ".join(text.split())[:300]
    message = f"{stage}: {code} {text}"
    if stage == "login":
        passing = 400 <= code < 500
        advice = "发信服务器暂时不接受登录，稍后会自动重试。" if passing else LOGIN_ADVICE
        return TransportError(message, temporary=passing, code=code, sender_refused=True, advice=advice)
    for known in KNOWN:
        if known.pattern.search(text):
            return TransportError(
                message,
                temporary=known.temporary,
                code=code,
                sender_refused=known.sender_refused,
                advice=known.advice,
                retry_after_seconds=known.retry_after_seconds,
            )
    if code in {530, 535, 538}:  # RFC 4954 §6: whatever the command, it is the login that is missing
        return TransportError(message, temporary=False, code=code, sender_refused=True, advice=LOGIN_ADVICE)
    return TransportError(
        message,
        temporary=400 <= code < 500,
        code=code,
        sender_refused=stage in {"connect", "sender"} and code != 552,  # 552 at MAIL is this letter's SIZE
        advice=_plain_advice(code, stage),
    )


def _plain_advice(code: int, stage: Stage) -> str:
    if 400 <= code < 500:
        return "发信服务器暂时不接收，稍后会自动重试。"
    if stage == "recipient":
        return "收件地址不存在或不收信，回信未能送达。请按登记的电话联系对方，或核对地址后手动回复。"
    if stage in {"connect", "sender"} and code != 552:
        return "发信服务器不接受本邮箱发信。请登录网页邮箱查看账号是否正常、SMTP 服务是否开启。"
    if code == 552:
        return "回信超过对方或服务商允许的大小，未能发出。"
    return "发信服务器退回了这封回信。请查看记录中的原因，必要时用网页邮箱手动回复。"
