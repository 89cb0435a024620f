"""The mail that does not wait for the next digest: what may cost a submitter the deadline. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.figures.cards import people_section
from intake.figures.matter import DigestDraft, HumanItem
from intake.figures.rendering import render_html, render_text
from intake.wording import CHINESE_DATES, clean_text


def write_urgent(
    items: Sequence[HumanItem],
    *,
    subject_tag: str,
    written_at: datetime,
    closes_at: datetime | None,
    zone: str,
    answerable: bool,
) -> DigestDraft:
    """What has turned up and may not wait, as the digest would show it. `closes_at`: the next close, exclusive."""
    first = clean_text(items[0].what, 40)
    subject = f"【{subject_tag}】请尽快处理：{first}" + (f"等{len(items)}项" if len(items) > 1 else "")
    headline = f"有{len(items)}项可能影响报送时限，请尽快处理。"
    if closes_at is not None and closes_at > written_at:
        headline += f"征集于{CHINESE_DATES.write_close(closes_at, zone)}截止。"
    local = written_at.astimezone(ZoneInfo(zone))
    intro = (f"{local.month}月{local.day}日{local:%H:%M}发现，未等下一次简报；处理以前，简报里仍会列出。",)
    sections = [people_section(items, now_at=written_at, zone=zone, answerable=answerable)]
    return DigestDraft(
        subject=subject,
        text=render_text(headline, intro, sections),
        html=render_html(headline, intro, sections, subject=subject),
    )
