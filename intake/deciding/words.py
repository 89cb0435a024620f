"""What organizers call things, and how orders and cases are told to them. Pure but for what the caller's view tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email import message_from_bytes, policy

from intake.calls import Call
from intake.deciding.service import Carried
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES
from intake.figures.orders_reply import ShownLetter
from intake.orders import Vocabulary
from intake.wording import CHINESE_DATES, clean_title
from storage.records.casebook import CaseRecord
from storage.records.correspondence import OutgoingRecord

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "image_count": ("照片", "图片", "照片数量", "图片数量"),
    "word_count": ("字数", "篇幅"),
}


def vocabulary_for(
    mine: Sequence[Call],
    calls: Mapping[str, Call],
    *,
    now: datetime,
    names: tuple[str, ...],
    case: str | None,
    may_confirm: bool,
    test: bool,
) -> Vocabulary:
    """What an organizer of `mine` may write under a mail of ours."""
    prefix = mine[0].campaign.number_prefix if len(mine) == 1 else ""
    campaigns = {
        name: campaign
        for campaign, call in calls.items()
        for name in (call.campaign.title, call.campaign.short_title, campaign, call.campaign.number_prefix)
        if name
    }
    return Vocabulary(
        now_at=now,
        zone=mine[0].campaign.zone,
        prefix=f"测试-{prefix}" if prefix and test else prefix,
        rules=_rules_of(mine),
        campaigns=campaigns,
        case=case,
        may_confirm=may_confirm,
        names=names,
    )


def rule_named(call: Call, said: str) -> str:
    """The id of the rule that people call `said`; `said` itself when none is called so. Raises: OperatorError."""
    ids = _rules_of((call,)).get(said.strip(), (said.strip(),))
    if len(ids) > 1:
        raise OperatorError(f"“{said}”有几条规则，请写代号：{'、'.join(ids)}。")
    return ids[0]


def _rules_of(calls: Sequence[Call]) -> dict[str, tuple[str, ...]]:
    """What people call the rules of `calls`, to the ids it may mean."""
    rules: dict[str, dict[str, None]] = {}
    for call in calls:
        for rule in call.checks:
            for word in (rule.id, call.language.say(f"check.{rule.check}"), *_SYNONYMS.get(rule.check, ())):
                rules.setdefault(word, {})[rule.id] = None
    return {word: tuple(ids) for word, ids in rules.items()}


def told(carried: Carried, call: Call) -> str:
    """What was done, in words."""
    cases = [f"{_named(case)}，现在：{STATES.get(case.state, case.state)}" for case in carried.cases[:12]]
    more = [f"等共{len(carried.cases)}个案例"] if len(carried.cases) > len(cases) else []
    extra = []
    if carried.order.action == "extend" and (carried.order.terms or {}).get("everybody"):
        end = call.campaign.closes_at
        until = CHINESE_DATES.write_close(end, call.campaign.timezone) if end is not None else ""
        extra.append(f"征集截止时间延至{until}，发出{len(carried.told)}封去信")
    elif carried.order.action == "extend":
        ends = {case.closes_at for case in carried.cases if case.closes_at is not None}
        extra += [f"延至{CHINESE_DATES.write_close(end, call.campaign.timezone)}" for end in sorted(ends)]
    if carried.overtaken:
        extra.append(f"此前还没有发出的{len(carried.overtaken)}封去信已取消")
    if not carried.told and carried.order.action != "note" and carried.order.state == "done":
        extra.append("没有需要发出的去信")
    return "；".join([*cases, *more, *extra])


def shown(mails: Sequence[OutgoingRecord]) -> tuple[ShownLetter, ...]:
    """Letters as their readers will see them."""
    return tuple(_shown(mail) for mail in mails)


def _shown(mail: OutgoingRecord) -> ShownLetter:
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
    return ShownLetter(to=mail.to_address, subject=mail.subject, text=text, held=mail.state == "held")


def _named(case: CaseRecord) -> str:
    title = clean_title(case.title)
    return f"{case.number}{title}"
