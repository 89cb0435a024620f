"""Things to do as cards: why, on what evidence, until when, and how to settle them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake.figures.links import link_rows, soonest_end
from intake.figures.matter import CARDS_SHOWN, HumanItem
from intake.figures.sections import Card, Section
from intake.wording import clean_text

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
    cards = tuple(
        _card(number, item, now_at=now_at, zone=zone, answerable=answerable)
        for number, item in enumerate(ordered[:CARDS_SHOWN], 1)
    )
    more = len(ordered) - CARDS_SHOWN
    return Section(
        "需您处理",
        count=len(ordered),
        cards=cards,
        lines=() if cards else ("今天没有需要您处理的事项。",),
        after=(f"另有{more}项未列出：见台账，或运行 intake cases list 查看。",) if more > 0 else (),
    )


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
