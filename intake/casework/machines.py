"""Is a letter written by a machine? Headers first, then the texts of mail services that set no header. Pure.

Source: RFC 3834 §2 and §5, RFC 3464, RFC 8098; texts as QQ Mail, NetEase, Foxmail and Outlook send them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from intake.casework.away import notice_of_absence
from intake.casework.wording import plain, quote
from intake.model import IgnoredReason
from parsers.facts import LetterFacts

_LONGEST_MACHINE_TEXT = 400
"""Characters. A holiday notice is short; a longer text without machine headers has an author."""

SYSTEM_SENDER = re.compile(r"^(mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?delivery([-_.]subsystem)?)$")
"""What mail systems call themselves before the @, in small letters."""
_NO_REPLY = re.compile(r"(^|[-_.+])(no|do[-_.]?not|dont)[-_.]?reply([-_.+]|$)")
_COMMENT = re.compile(r"\([^()]*\)")

_BOUNCE_SUBJECT = re.compile(
    r"^(系统退信|退信|邮件投递失败|邮件发送失败|无法投递|未送达|投递状态通知|"
    r"undeliver(ed|able)|mail delivery (failed|failure|subsystem)|delivery (status notification|failure|has failed)|"
    r"returned mail|failure notice)"
)
# Only at the very start: "回复:自动回复:…" is a person who answers a notice.
_AUTO_SUBJECT = re.compile(
    r"^\W*+(自动(回复|答复|应答|回覆)|自動回覆|auto(matic)?[- ]?(reply|response|answer)|autoreply|"
    r"out of (the )?office|不在办公室|外出自动(回复|答复)|假期自动回复)\s*+(?:(通知|邮件)\s*+)?([:\]】)]|$)"
)
_NOTICE_SUBJECT = re.compile(
    r"^(已读|未读|已阅读|已读回执|阅读回执|(not )?read|read receipt|return receipt|"
    r"撤回|召回|邮件撤回|recall|已接受|已拒绝|暂定|accepted|declined|tentative)\s*:"
)
_AUTO_TEXT = re.compile(
    r"^\W*+("
    r"这是(一封)?来自.{0,16}自动(回复|答复)"
    r"|(此|本|该)(邮件|信|信件|回复)(为|是|系|由)(系统)?.{0,6}自动(回复|答复|发送|发出|生成)"
    r"|(您好|你好)?\W*+(我)?(最近|目前|现在)?(正在|正|在)?(休假|度假|放假|出差|外出)(中|期间)?\W.{0,40}"
    r"(无法|不能|暂时).{0,12}(回复|处理|查(看|收))"
    r"|(您好|你好)\W*+我(最近|目前|现在)?正?在(休假|度假|放假|出差)中"
    r"|i am (currently )?(out of (the )?office|on (vacation|leave|holiday))"
    r"|thank you for your (e-?mail|message)\W++i am (currently )?(out of|away|on)"
    r")",
    re.DOTALL,
)
_UNATTENDED = re.compile(
    r"(系统|程序|机器人?)自动(发送|发出|生成|回复).{0,12}(请勿|勿|无需|不要)(直接)?(回复|回信)"
    r"|(请勿|勿)(直接)?回复(此|本)邮件"
    r"|您?(发送|发出)?的邮件.{0,80}已(于.{0,40})?被?(对方|收件人)?(阅读|打开|撤回)"
    r"|(would like|wants) to recall the message|your message .{0,200}was (read|displayed)",
    re.DOTALL,
)

INTAKE_SENTENCE = "本邮件由征集邮箱自动核对后发出"
"""What every letter of an intake like ours says of itself, in its plain form: some mail services take headers away."""
_INTAKE_SUBJECT = re.compile(r"^【[^】]{1,60}】(已收到|此前已收到|关于来信的答复|材料补充完善提示|核对结果|温馨提醒)")


class MachineSign(NamedTuple):
    """Why a letter is taken for a machine's."""

    reason: IgnoredReason
    evidence: str
    is_our_letter: bool = False
    """It carries our own installation's mark: a copy of what we sent, not merely a letter from our address."""


def machine_reason(letter: LetterFacts, *, own_addresses: Collection[str], own_marker: str) -> IgnoredReason | None:
    """`own`, `bounce`, `auto_reply` or `list`; None when a person wrote the letter.

    `own_addresses` are ours in any case of letters; `own_marker` is the installation's name as
    our own letters carry it in X-Intake-…: another installation's letter is an automatic one.
    """
    sign = machine_sign(letter, own_addresses=own_addresses, own_marker=own_marker)
    return sign.reason if sign is not None else None


def machine_sign(letter: LetterFacts, *, own_addresses: Collection[str], own_marker: str) -> MachineSign | None:
    """As `machine_reason`, with the line that shows it. The strongest sign wins: own, bounce, headers, address, text."""
    return (
        _own(letter, own_addresses, own_marker)
        or _bounce(letter)
        or _list(letter)
        or _automatic_headers(letter)
        or _automatic_sender(letter)
        or _automatic_text(letter)
    )


def _own(letter: LetterFacts, own_addresses: Collection[str], own_marker: str) -> MachineSign | None:
    for name, value in sorted(letter.control.items()):
        if name.startswith("x-intake-"):
            ours = bool(own_marker) and own_marker.casefold() in value.casefold()
            return MachineSign("own" if ours else "auto_reply", f"{name}: {quote(value)}", is_our_letter=ours)
    sender = _address(letter)
    if sender and sender in {address.casefold() for address in own_addresses}:
        return MachineSign("own", f"发件人是本邮箱 {sender}")
    return None


def _bounce(letter: LetterFacts) -> MachineSign | None:
    if letter.report in ("delivery-status", "feedback-report"):
        return MachineSign("bounce", f"multipart/report; report-type={letter.report}")
    if "x-failed-recipients" in letter.control:
        return MachineSign("bounce", f"X-Failed-Recipients: {quote(letter.control['x-failed-recipients'])}")
    if SYSTEM_SENDER.match(_local_part(letter)):
        return MachineSign("bounce", f"发件人 {_address(letter)}")
    subject = plain(letter.subject[:200]).strip()
    # People do write "退信…": only an empty envelope sender, a system's address or none at all makes it a bounce.
    nobody = _null_return_path(letter) or not _address(letter) or bool(_NO_REPLY.search(_local_part(letter)))
    if nobody and _BOUNCE_SUBJECT.match(subject):
        return MachineSign("bounce", f"主题 {quote(letter.subject)}")
    return None


def _list(letter: LetterFacts) -> MachineSign | None:
    for name in ("list-id", "list-unsubscribe"):
        if letter.control.get(name, "").strip():
            return MachineSign("list", f"{name}: {quote(letter.control[name])}")
    precedence = _token(letter.control.get("precedence", ""))
    if precedence in ("list", "bulk"):
        return MachineSign("list", f"Precedence: {precedence}")
    return None


def _automatic_headers(letter: LetterFacts) -> MachineSign | None:
    control = letter.control
    # RFC 3834 §5: anything but "no" is automatic; comments and parameters may stand beside the keyword.
    submitted = _token(control.get("auto-submitted", ""))
    if submitted and submitted != "no":
        return MachineSign("auto_reply", f"Auto-Submitted: {submitted}")
    if letter.report:
        return MachineSign("auto_reply", f"multipart/report; report-type={letter.report}")
    suppressed = {_token(part) for part in control.get("x-auto-response-suppress", "").split(",")}
    # DR, RN and NRN only ask for no receipts: ordinary Outlook letters carry them.
    if suppressed & {"all", "autoreply"}:
        return MachineSign("auto_reply", f"X-Auto-Response-Suppress: {quote(control['x-auto-response-suppress'])}")
    precedence = _token(control.get("precedence", ""))
    if precedence in ("junk", "auto_reply", "auto-reply"):
        return MachineSign("auto_reply", f"Precedence: {precedence}")
    for name in ("x-autoreply", "x-autorespond", "x-loop"):
        if _token(control.get(name, "")) not in ("", "no", "false"):
            return MachineSign("auto_reply", f"{name}: {quote(control[name])}")
    if _null_return_path(letter):
        return MachineSign("auto_reply", "Return-Path: <>")
    return None


def _automatic_sender(letter: LetterFacts) -> MachineSign | None:
    if _NO_REPLY.search(_local_part(letter)):
        return MachineSign("auto_reply", f"发件人 {_address(letter)}")
    return None


def _automatic_text(letter: LetterFacts) -> MachineSign | None:
    subject = plain(letter.subject[:200]).strip()
    if _AUTO_SUBJECT.match(subject) or _NOTICE_SUBJECT.match(subject):
        return MachineSign("auto_reply", f"主题 {quote(letter.subject)}")
    if _INTAKE_SUBJECT.match(subject) and INTAKE_SENTENCE in plain(letter.text):
        return MachineSign("auto_reply", f"正文 {INTAKE_SENTENCE}")
    if len(letter.text.strip()) > _LONGEST_MACHINE_TEXT:
        return None
    text = plain(letter.text).strip()
    if _AUTO_TEXT.match(text) or _UNATTENDED.search(text):
        return MachineSign("auto_reply", f"正文 {quote(letter.text)}")
    if (notice := notice_of_absence(letter)) is not None:
        return MachineSign("auto_reply", f"正文 {notice}")
    return None


def _address(letter: LetterFacts) -> str:
    return letter.sender.address.strip().casefold() if letter.sender is not None else ""


def _local_part(letter: LetterFacts) -> str:
    return _address(letter).partition("@")[0]


def _null_return_path(letter: LetterFacts) -> bool:
    value = letter.control.get("return-path")
    return value is not None and _uncommented(value).replace(" ", "") in ("<>", "")


def _token(value: str) -> str:
    """The keyword of a header, without comments, parameters and case. Source: RFC 3834 §5, RFC 5322 §3.2.2."""
    return _uncommented(value).partition(";")[0].strip().casefold()


def _uncommented(value: str) -> str:
    before = None
    while before != value:  # comments nest
        before, value = value, _COMMENT.sub(" ", value)
    return value.strip()
