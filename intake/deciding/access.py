"""Whether a letter may give orders: who wrote it, which of our mails it answers, and what stands above our line.

Peer: the caller's unit of work; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from intake.calls import Call
from intake.casework.threads import codes_to_look_up, message_ids_to_look_up
from intake.figures.answer_line import AnswerLine, with_answer_line
from intake.figures.matter import DigestDraft
from intake.lookups import answered_mail
from intake.model import Letter
from intake.orders import SENTINEL, Order, above_sentinel
from intake.organizers import name_of
from parsers.facts import LetterFacts
from storage.records.correspondence import OutgoingRecord
from storage.unit_of_work import View

ANSWERABLE = frozenset({"digest", "case_notice", "orders"})
"""Mails of ours to organizers that carry a token and our line."""
GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Access:
    """What a letter may do, and what it says."""

    mail: OutgoingRecord
    """The mail of ours it answers."""
    calls: tuple[Call, ...] = ()
    """The campaigns its writer is an organizer of, in order; empty when of none."""
    address: str = ""
    """Its writer's, lower case."""
    said: str = ""
    """What stands above our line."""
    refused: str = ""
    """Why it may order nothing; empty when it may."""
    is_answered: bool = True
    """Whether its writer hears why: those who surely are no organizers do not."""


def access_of(view: View, letter: Letter, calls: Mapping[str, Call]) -> Access | None:
    """What `letter` may do as an answer to a mail to organizers; None when it answers none of those."""
    address = letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
    mail = _answered(view, letter.facts, address)
    if mail is None:
        return None
    mine = tuple(call for call in calls.values() if name_of(call.campaign, address))
    if not mine:
        return Access(mail, refused="发件人不在活动文件的 organizers 名单里", is_answered=False)
    if letter.is_disowned:
        return Access(mail, mine, address, refused="发件人没有通过来源验证（DMARC），可能是冒名", is_answered=False)
    if letter.folder_role == "junk":
        return Access(mail, mine, address, refused="来信在垃圾邮件文件夹里", is_answered=False)
    if mail.to_address.casefold() != address:
        return Access(mail, mine, address, refused="所回复的邮件是发给别人的，各人只能用发给自己的邮件办理")
    if letter.received_at > (mail.sent_at or mail.created_at) + GOOD_FOR:
        return Access(mail, mine, address, refused=f"所回复的邮件已超过{GOOD_FOR.days}天")
    facts = letter.facts
    said = above_sentinel(facts.text, facts.quoted, leading=facts.leading_characters)
    if said is None:
        return Access(
            mail, mine, address, refused="回信里没有原邮件的“请在此线以上写处理意见”这一行，请保留原邮件直接回复"
        )
    return Access(mail, mine, address, said)


def unasked_by(view: View, letter: Letter, calls: Mapping[str, Call]) -> tuple[Call, ...]:
    """The campaigns whose organizer wrote `letter` of his own, without material; empty for every other letter."""
    address = letter.facts.sender.address if letter.facts.sender is not None else ""
    if letter.files or letter.is_disowned or letter.folder_role == "junk" or answered_mail(view, letter.facts):
        return ()
    return tuple(call for call in calls.values() if name_of(call.campaign, address))


def names_others_cases(view: View, orders: Sequence[Order], address: str) -> bool:
    """Whether there are orders, and none is on a case for which `address` itself may write as its submitter."""
    named = (view.cases.by_number(number) for order in orders for number in order.numbers)
    mine = any(case is not None and address.casefold() in view.cases.addresses(case.id) for case in named)
    return bool(orders) and not mine


def is_organizer(calls: Mapping[str, Call], address: str) -> bool:
    """Whether any of the campaigns lists `address` among its organizers."""
    return any(name_of(call.campaign, address) for call in calls.values())


def answerable(draft: DigestDraft, calls: Mapping[str, Call], *, recipient: str, token: str) -> DigestDraft:
    """`draft` as it goes to `recipient`: organizers may answer it with orders, nobody else."""
    if not is_organizer(calls, recipient):
        return draft
    return with_answer_line(draft, AnswerLine(SENTINEL, token))


def _answered(view: View, facts: LetterFacts, address: str) -> OutgoingRecord | None:
    """The mail to organizers that `facts` answers: one to its writer first, the nearest in the thread before others."""
    looked_up: Iterable[OutgoingRecord | None] = (
        *(view.outgoing.by_message_id(each) for each in message_ids_to_look_up(facts)),
        *(view.outgoing.by_token(each) for each in codes_to_look_up(facts)),
    )
    found = [mail for mail in looked_up if mail is not None and mail.kind in ANSWERABLE]
    own = (mail for mail in found if mail.to_address.casefold() == address)
    return next(own, None) or next(iter(found), None)
