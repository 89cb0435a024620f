"""Things to do as cards: why, on what evidence, until when, and how to settle them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake.figures.links import link_rows, soonest_end
from intake.figures.matter import CARDS_SHOWN, HumanItem
from intake.figures.sections import Card, Section, Table
from intake.wording import clean_text

_CARDS_IN_FULL = 12
"""Things to do that are set out; some more when they are the last, further ones are rows."""
_FEW = 3
_URGENCY = {"complaint": 0, "deadline": 1, "submitter": 2, "none": 3}
_COST = {
    "complaint": "来信有投诉、信访类措辞，系统没有答复",
    "deadline": "可能影响报送时限，请优先处理",
    "submitter": "报送单位在等回复",
    "none": "",
}


def people_section(items: Sequence[HumanItem], *, now_at: datetime, zone: str, answerable: bool) -> Section:
    """需您处理: complaints first, then what may cost a deadline, the link that ends first before others.

    `answerable`: the mail can be answered with orders, so the words for that are told.
    """
    ordered = sorted(items, key=lambda item: (_URGENCY[item.cost], soonest_end(item, now_at=now_at)))
    full = _CARDS_IN_FULL if len(ordered) > _CARDS_IN_FULL + _FEW else len(ordered)
    cards = tuple(
        _card(number, item, now_at=now_at, zone=zone, answerable=answerable)
        for number, item in enumerate(ordered[:full], 1)
    )
    rows = tuple(
        _row(number, item, answerable=answerable) for number, item in enumerate(ordered[full:CARDS_SHOWN], full + 1)
    )
    more = len(ordered) - CARDS_SHOWN
    return Section(
        "需您处理",
        count=len(ordered),
        cards=cards,
        lines=(_say_urgency(ordered),) if rows else () if cards else ("今天没有需要您处理的事项。",),
        table=Table(("事项", "原因", "回复" if answerable else "办法"), rows) if rows else None,
        folded=f"其余{len(rows)}项，逐项列出" if rows else "",
        after=(f"另有{more}项未列出：见台账，或运行 intake cases list 查看。",) if more > 0 else (),
    )


def _say_urgency(items: Sequence[HumanItem]) -> str:
    """How many of each weight, when there are more than a telephone shows."""
    counts = [sum(item.cost == cost for item in items) for cost in _URGENCY]
    words = ("涉投诉、信访", "可能影响报送时限", "报送单位在等回复", "可稍后核对")
    return "其中" + "，".join(f"{word}{count}项" for word, count in zip(words, counts, strict=True) if count) + "。"


def _row(number: int, item: HumanItem, *, answerable: bool) -> tuple[str, str, str]:
    reason = "；".join(part for part in (item.reason, item.evidence) if part)
    how = item.answer if answerable and item.answer else item.how
    return f"{number}. {clean_text(item.what, 60)}", clean_text(reason, 80), how


def _card(number: int, item: HumanItem, *, now_at: datetime, zone: str, answerable: bool) -> Card:
    rows = [
        ("提醒", _COST[item.cost]),
        ("原因", clean_text(item.reason, 200)),
        ("依据", clean_text(item.evidence, 200)),
        *link_rows(item.links, now_at=now_at, zone=zone),
        ("回复", item.answer) if answerable and item.answer else ("办法", item.how),
        ("网页", item.link),
    ]
    return Card(
        title=f"{number}. {clean_text(item.what, 120)}",
        rows=tuple((label, text) for label, text in rows if text),
        loud=item.cost in ("complaint", "deadline"),
    )
