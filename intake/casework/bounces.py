"""What a bounce says: which letter came back, from whom, for good or only for now, and why. Pure.

Two forms are read: the fields of a delivery report, wherever they stand (RFC 3464 §2.3; some services write them
into the body), and the free text of services that send no report.

Source: RFC 3464, RFC 3463; Coremail's 系统退信 (163.com and most bureaus' mailboxes), QQ Mail, Exchange, Exim, Gmail
and the others of the collection `email_dsn` of the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from intake.casework.machines import SYSTEM_SENDER
from intake.casework.threads import codes_to_look_up
from intake.casework.wording import letters_only, plain, quote
from parsers.facts import LetterFacts

_READ_CHARACTERS = 20_000
"""Of what the bounce says, and of the report and the letter that came back: all that matters stands at the top."""
_IDS_AT_MOST = 20
_ADDRESSES_AT_MOST = 20
_REASON_CHARACTERS = 160

UNPROVEN = "（退信没有附原信，也不是来自对方的邮件系统，真假待查）"
"""Ends the reason of a bounce that stops nothing."""

_FIELD = re.compile(
    r"^[^\S\n]*+(?P<name>original-recipient|final-recipient|action|status|diagnostic-code)[ \t]*:[ \t]*(?P<value>\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}")
_MESSAGE_ID = re.compile(r"message-id\s*:\s*<?([!-;=?-~]{1,250}@[!-;=?-~]{1,250})>?", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45][0-5]\d)(?=[\s:;,<\])）。，；-])")
_WHY = re.compile(r"^\s*(?:退信原因|失败原因|原因|英文说明|reason)\s*[:\uff1a]?\s*(?P<why>\S.*)?$", re.IGNORECASE)
_UNREACHED_FOR_NOW = re.compile(
    r"delayed|will (keep|continue|be retr|re-?try)|still (being )?(tr|re-?tr)|has not yet been delivered|deferred"
    r"|handle timeout|timed out|can ?not connect|could not connect|connection (refused|reset)|temporar"
    r"|延迟|延时|继续尝试|稍后(再|重)(试|投)|暂时(无法|不能|未能)|尚未送达|超时|联络上|网络异常"
)
_GONE_FOR_GOOD = re.compile(
    r"permanent|given up|user (unknown|not found|not exist|doesn't exist)|no such user|unknown user|mailbox not found"
    r"|not exist|不存在|未开通|已注销|停用"
)


@dataclass(frozen=True, slots=True)
class Unreached:
    """One address a letter of ours did not reach."""

    addresses: tuple[str, ...]
    """Lower case: as we wrote it first, then what it was passed on to; never empty."""
    permanent: bool
    status: str = ""
    """RFC 3463 code, else SMTP reply code; empty when none is stated."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What one bounce says."""

    message_ids: tuple[str, ...]
    """That may be of the letter that came back, without angle brackets, once each."""
    codes: tuple[str, ...]
    """Words that may be its 回执码, lower case."""
    unreached: tuple[Unreached, ...]
    """In the order of the bounce; empty when no address is named."""
    permanent: bool
    """As a whole: what holds for an address of which nothing is said apart."""
    status: str = ""
    reason: str = ""


def read_bounce(letter: LetterFacts, *, own_addresses: Collection[str]) -> Returned:
    """What `letter`, known to be a bounce, says. `own_addresses`: the mailbox's, which are never the ones not reached."""
    written = f"{letter.subject}\n{letter.text}\n{letter.signature}"
    text = f"{written[:_READ_CHARACTERS]}\n{letter.quoted[:_READ_CHARACTERS]}"
    own = {address.casefold() for address in own_addresses}
    reported = tuple(_reported(text, own))
    permanent, status, reason = _told(text)
    if reported:
        status, reason = reported[0].status, reported[0].reason
        permanent = any(each.permanent for each in reported)
    found = dict.fromkeys((*letter.in_reply_to, *letter.references, *_MESSAGE_ID.findall(text)))
    return Returned(
        message_ids=tuple(found)[:_IDS_AT_MOST],
        codes=codes_to_look_up(letter),
        unreached=reported
        or tuple(Unreached((address,), permanent, status, reason) for address in _named(letter, text, own)),
        permanent=permanent,
        status=status,
        reason=reason,
    )


# --- whether one that names an address alone is the bounce of our letter: anybody may write 退信


def quotes_subject(letter: LetterFacts, subject: str) -> bool:
    """Whether the bounce quotes the `subject` of a letter of ours, which only its reader and mail systems know."""
    ours = letters_only(subject)
    return bool(ours) and ours in letters_only(f"{letter.text}\n{letter.quoted}"[:_READ_CHARACTERS])


def is_of_its_mail_system(letter: LetterFacts, address: str, *, own_addresses: Collection[str]) -> bool:
    """Whether the bounce comes from the mail system of `address`, or from that of our own mailbox, with no return path.

    Source: RFC 5321 §4.5.5 (the return path of a bounce is empty); where no host says what it was, the sender's name
    counts: at the large providers anybody may have an address beside the one that is said to be gone.
    """
    path = letter.control.get("return-path")
    if letter.sender is None or (path is not None and path.replace(" ", "") not in ("<>", "")):
        return False
    name, _, host = letter.sender.address.strip().casefold().rpartition("@")
    if path is None and not SYSTEM_SENDER.match(name):
        return False
    domains = {each.casefold().rpartition("@")[2] for each in (address, *own_addresses)}
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def doubted(unreached: Unreached) -> Unreached:
    """`unreached` where nothing shows that the letter was ours: told to a person, and nothing stops."""
    if not unreached.permanent:
        return unreached
    return replace(unreached, permanent=False, reason=f"{unreached.reason}{UNPROVEN}")


# --- a report's fields


def _reported(text: str, own: Collection[str]) -> Iterator[Unreached]:
    for fields in _groups(text):
        found = [_ADDRESS.search(fields.get(name, "")) for name in ("original-recipient", "final-recipient")]
        addresses = tuple(dict.fromkeys(each.group().casefold() for each in found if each is not None))
        if not addresses or addresses[0] in own:
            continue
        stated, diagnostic = fields.get("status", ""), fields.get("diagnostic-code", "")
        status = _code(stated) or _code(diagnostic)
        failed = fields.get("action", "failed").split()[0].casefold() == "failed"
        reason = quote(diagnostic.partition(";")[2].strip() or diagnostic, _REASON_CHARACTERS)
        yield Unreached(addresses, permanent=failed and not status.startswith(("4", "2")), status=status, reason=reason)


def _groups(text: str) -> Iterator[dict[str, str]]:
    """The fields of one recipient after the other; a field that comes again begins the next."""
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        name = match["name"].casefold()
        if name in fields:
            yield fields
            fields = {}
        fields[name] = match["value"].strip()
    yield fields


def _code(text: str) -> str:
    """The RFC 3463 code in `text`, else the SMTP reply code; empty when there is none."""
    found = _STATUS.search(text) or _REPLY_CODE.search(f"{text} ")
    return found.group(1) if found is not None else ""


# --- free text


def _told(text: str) -> tuple[bool, str, str]:
    """Whether it is for good, the code, and the reason, as the text puts them."""
    status, words = _code(text), plain(text)
    if status:
        permanent = status.startswith("5")
    else:
        permanent = bool(_GONE_FOR_GOOD.search(words)) or not _UNREACHED_FOR_NOW.search(words)
    return permanent, status, _reason(text, status)


def _reason(text: str, status: str) -> str:
    """The line that says why: behind 退信原因, or below it; else the one with the code; else nothing."""
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines):
        why = _WHY.match(line)
        if why is not None:
            said = why["why"] or next((each for each in lines[number + 1 :] if each), "")
            return quote(said, _REASON_CHARACTERS)
    return quote(next((line for line in lines if status and status in line), ""), _REASON_CHARACTERS)


def _named(letter: LetterFacts, text: str, own: Collection[str]) -> list[str]:
    """The addresses a bounce without a report names, lower case, once each; those of mail systems are none."""
    sender = letter.sender.address.casefold() if letter.sender is not None else ""
    failed = letter.control.get("x-failed-recipients", "")
    found = dict.fromkeys(each.casefold().strip(".") for each in _ADDRESS.findall(f"{failed}\n{text}"))
    system = ("postmaster@", "mailer-daemon@")
    named = [each for each in found if each not in own and each != sender and not each.startswith(system)]
    return named[:_ADDRESSES_AT_MOST]
