"""Letters passed on by organizers and co-organizers, told on behalf of whom they first were from. Pure.

The original is an attached letter, or stands below 发件人, 发送时间, 收件人, 主题; or the subject says for whom
(代 金安社区 补 HL22-0017), or names the case. Whoever else passes a letter on is its sender.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from intake.casework.addresses import ADDRESS
from intake.casework.signs import CampaignSigns
from intake.casework.spoken_times import read_moment
from intake.casework.wording import plain
from intake.model import Letter
from parsers.facts import Address, LetterFacts

_FORWARDS = re.compile(r"^\s*(?:(?:re|回复|答复)\s*[:：]\s*)?(?:fwd?|转发|轉發|轉寄|转)\s*[:：]", re.IGNORECASE)
_RULER = re.compile(
    r"转发(?:的)?邮件|轉寄|原始邮件|邮件原件|Forwarded (?:Message|mail)|Begin forwarded message|Original Message",
    re.IGNORECASE,
)
_FROM = r"发\s?件\s?人|寄件[人者]|發件人|From"
_LABEL = re.compile(
    rf"^[\s>|*]*(?:(?P<sender>{_FROM})|(?P<date>发送时间|发送日期|发件时间|日\s?期|时\s?间|寄件日期|傳送時間|Sent|Date)|"
    r"(?P<subject>主\s?题|主\s?旨|主題|Subject)|(?P<other>收\s?件\s?[人者]|抄\s?送\s?[人至]?|副本|To|Cc|附件|Reply-To|回复))"
    r"\s*+(?:\*++\s*+)?[:：]\s*+(?P<value>.*)$",
    re.IGNORECASE,
)
_BLOCK_LINES = 12
_ON_BEHALF = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|我|请)代(?:为)?\s*+(?:[:：]\s*+)?(?P<unit>[\u3400-\u9fff]{2,30}?)\s*"
    r"(?:补充|补报|补发|补交|补送|补|报送|报来|上报|提交|转交|转报|转发|转来|转|送交|发送|发来)"
)
_NUMBER = re.compile(r"(?<![0-9a-z])(?=[0-9]*[a-z])[a-z0-9]{1,8}-\d{4,}(?!\d)")
"""A 登记编号 in plain form: material an organizer sends with one is that case's."""
_SAID_CHARACTERS = 2_000
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom a letter was passed on, as it is kept with the letter."""

    address: str
    """Of its first sender; empty when only the unit, or a case, is named."""
    name: str
    received_at: datetime
    """When the first sender's letter came, as far as it can be believed; never after the letter that passed it on."""
    evidence: str


@dataclass(frozen=True, slots=True)
class _Original:
    sender: Address
    sent_at: datetime | None
    facts: LetterFacts
    """What it said, as a letter of its own."""


def behalf_of(letter: Letter, signs: CampaignSigns) -> Behalf | None:
    """For whom `letter`, as it was received, was passed on; None when it is its sender's own, or not to be believed.

    The receipt time is that of the original: the topmost Received line of an attached letter, else its Date; the
    stated time of a quoted one. It is never later than our own receipt.
    """
    if not _is_forwarder(letter, signs):
        return None
    original = _original(letter, signs)
    if original is not None:
        sent_at = original.sent_at
        return Behalf(
            address=original.sender.address,
            name=original.sender.name[:_LONGEST_NAME],
            received_at=min(sent_at, letter.received_at) if sent_at is not None else letter.received_at,
            evidence=f"{_of(letter)}转来，原发件人 {original.sender.address}",
        )
    named = _ON_BEHALF.search(plain(f"{letter.facts.subject}\n{letter.facts.text[:_SAID_CHARACTERS]}"))
    if named is not None:
        return Behalf("", named["unit"], letter.received_at, f"{_of(letter)}代{named['unit']}报送")
    said = plain(f"{letter.facts.subject}\n{letter.facts.text[:_SAID_CHARACTERS]}")
    if letter.files and not letter.facts.in_reply_to and _NUMBER.search(said):
        return Behalf("", "", letter.received_at, f"{_of(letter)}代交")
    return None


def several_originals(letter: Letter, signs: CampaignSigns) -> tuple[str, ...]:
    """Whose letters a forwarder attached to one of his own, in order, once each; empty unless they are several people's.

    Such a letter stays his: for which of them it stands is for a person to say.
    """
    if not _is_forwarder(letter, signs) or letter.facts.sender is None:
        return ()
    own = letter.facts.sender.address.casefold()
    senders = (facts.sender.address.casefold() for facts in letter.attached if facts.sender is not None)
    others = tuple(dict.fromkeys(address for address in senders if address and address != own))
    return others if len(others) > 1 else ()


def told_on_behalf(letter: Letter, behalf: Behalf, signs: CampaignSigns | None = None) -> Letter:
    """`letter`, as it was received, as the letter of whom it was passed on for.

    What whoever passed it on wrote stands as its history: numbers count there, wishes do not.
    """
    original = _original(letter, signs or CampaignSigns())
    facts = letter.facts
    if original is None:
        sender = Address(name=behalf.name, address=behalf.address) if behalf.address else facts.sender
        told = facts.model_copy(update={"sender": sender, "reply_to": (), "cc": (), "message_id": None})
    else:
        told = original.facts.model_copy(
            update={
                "sender": Address(name=behalf.name, address=behalf.address),
                "reply_to": (),
                "quoted": "\n".join(part for part in (facts.subject, facts.text, original.facts.quoted) if part),
                "links": facts.links,
                "shares": facts.shares,
                "control": facts.control,
                "encrypted": facts.encrypted,
            }
        )
    return Letter(
        sha256=letter.sha256,
        received_at=behalf.received_at,
        facts=told,
        folder_role=letter.folder_role,
        files=letter.files,
        unplaced=letter.unplaced,
        attached=letter.attached,
        forwarded_by=facts.sender,
        authentication=letter.authentication,
    )


def _is_forwarder(letter: Letter, signs: CampaignSigns) -> bool:
    sender = letter.facts.sender
    return sender is not None and not letter.is_disowned and sender.address.casefold() in signs.forwarders


def _of(letter: Letter) -> str:
    sender = letter.facts.sender
    return (sender.name or sender.address)[:_LONGEST_NAME] if sender is not None else ""


def _original(letter: Letter, signs: CampaignSigns) -> _Original | None:
    own = letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
    attached = [facts for facts in letter.attached if facts.sender is not None]
    if len(attached) == 1:
        facts = attached[0]
        assert facts.sender is not None
        arrived_at = next((hop.at for hop in facts.received if hop.at is not None), facts.date_at)
        return _Original(facts.sender, arrived_at, facts) if facts.sender.address.casefold() != own else None
    quoted = _quoted_original(letter.facts, zone=signs.zone)
    return quoted if quoted is not None and quoted.sender.address.casefold() != own else None


def _quoted_original(facts: LetterFacts, *, zone: str) -> _Original | None:
    """The first labelled block of a letter that says it passes one on, with the text below."""
    if not (_FORWARDS.match(facts.subject) or _RULER.search(facts.quoted[:_SAID_CHARACTERS])):
        return None
    lines = facts.quoted.splitlines()
    found: dict[str, str] = {}
    first = next((at for at, line in enumerate(lines) if (m := _LABEL.match(line[:500])) and m["sender"]), None)
    if first is None:
        return None
    last = first
    for at in range(first, min(len(lines), first + _BLOCK_LINES)):
        label = _LABEL.match(lines[at][:500])
        if label is None:
            if lines[at].strip() and at > last + 1:
                break
            continue
        kind = next(name for name in ("sender", "date", "subject", "other") if label[name])
        found.setdefault(kind, label["value"].strip(" ;；"))
        last = at
    address = ADDRESS.search(found["sender"])
    if address is None:
        return None
    name = re.sub(r"[\"“”'<>＜＞\[\]()（）]|mailto:|" + re.escape(address.group()), " ", found["sender"])
    sender = Address(name=" ".join(name.split())[:_LONGEST_NAME], address=address.group())
    text = "\n".join(lines[last + 1 :]).strip()
    told = LetterFacts(subject=found.get("subject", ""), sender=sender, text=text)
    return _Original(sender, read_moment(found.get("date", ""), zone=zone), told)
