"""The daily digest: the one line that matters, then what needs a person, then everything else. Pure.

Organizers read Chinese; the words are here and not in a language file, because
nobody but them reads a digest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from intake.figures.cards import people_section
from intake.figures.completeness import completeness_section
from intake.figures.forms import closing_section, say_headline, say_intro, say_subject, week_section
from intake.figures.ledger_words import IGNORED, MAIL_STATES
from intake.figures.matter import (
    ROWS_SHOWN,
    CaseLine,
    DigestDraft,
    DigestMatter,
    IgnoredLetter,
)
from intake.figures.rendering import render_html, render_text
from intake.figures.roster_report import roster_chart, roster_section
from intake.figures.sections import Section, Table
from intake.wording import clean_sender, clean_text, clean_title, write_short_moment

_ROWS_UNFOLDED = 30
_IGNORED = IGNORED | {
    "own": "本邮箱自己发出的邮件",
    "quarantined": "处理时出现异常，已留存待查",
    "oversize": "邮件过大，未下载",
    "body_unavailable": "邮箱服务器未给出正文",
    "gone_before_fetch": "读取前已被移走或删除",
    "before_opening": "启用之前的来信",
    "purged": "已按期清除",
}


def write_digest(matter: DigestMatter) -> DigestDraft:
    """The digest as subject, plain text and HTML (a whole page, styles inline, no pictures)."""
    headline, intro, subject = say_headline(matter), say_intro(matter), say_subject(matter)
    sections = [section for section in _sections(matter) if section is not None]
    return DigestDraft(
        subject=subject,
        text=render_text(headline, intro, sections),
        html=render_html(headline, intro, sections, subject=subject, loud=not all(f.holds for f in matter.folders)),
    )


def _sections(matter: DigestMatter) -> list[Section | None]:
    return [
        people_section(matter.needs_person, now_at=matter.written_at, zone=matter.zone, answerable=matter.answerable),
        closing_section(matter),
        week_section(matter),
        *(roster_section(each, named=len(matter.rosters) > 1) for each in matter.rosters),
        _pictures(matter),
        _cases("新收案例", matter.new, matter.zone),
        _cases("材料齐全，已转初审", matter.accepted, matter.zone),
        _cases("组委会已作决定", matter.decided, matter.zone),
        _cases("等候报送单位补充完善", matter.needs_fix, matter.zone),
        _cases("等候后续材料（照片、报名表）", matter.waiting, matter.zone),
        _cases("已提醒报送单位补充", matter.reminded, matter.zone),
        _cases("截止后收到，待组委会研究", matter.late, matter.zone),
        _cases("报送单位已撤回", matter.withdrawn, matter.zone),
        _ignored(matter.ignored, matter.zone),
        _sending(matter),
        completeness_section(
            matter.folders,
            polled=write_short_moment(matter.polled_at, matter.zone) if matter.polled_at else "",
        ),
        _attest(matter.attest),
    ]


def _pictures(matter: DigestMatter) -> Section | None:
    charts = [*matter.charts, *(roster_chart(each) for each in matter.rosters)]
    shown = tuple(chart for chart in charts if not chart.is_empty)
    return Section("看图", charts=shown) if shown else None


def _cases(title: str, cases: Sequence[CaseLine], zone: str) -> Section | None:
    if not cases:
        return None
    rows = tuple(
        (clean_text(case.number), _case_cell(case, zone), clean_text(case.note, 200)) for case in cases[:ROWS_SHOWN]
    )
    return _table(title, ("登记编号", "案例", "说明"), rows, count=len(cases))


def _case_cell(case: CaseLine, zone: str) -> str:
    category = clean_text(case.category or "") or (
        f"类别未注明，建议{clean_text(case.suggestion)}" if case.suggestion else ""
    )
    received = write_short_moment(case.received_at, zone) + "收到" if case.received_at else ""
    details = [part for part in (clean_text(case.unit or ""), category, received) if part]
    title = clean_title(case.title) or "（未写标题）"
    return "\n".join([title, " · ".join(details)] if details else [title])


_NO_ANSWER_WANTED = frozenset({"auto_reply", "bounce", "list", "own", "courtesy", "before_opening", "purged"})


def _answered(letter: IgnoredLetter) -> str:
    if letter.answered:
        return "，已答复"
    return "，无需答复" if letter.reason in _NO_ANSWER_WANTED else "，未答复"


def _ignored(letters: Sequence[IgnoredLetter], zone: str) -> Section | None:
    if not letters:
        return None
    rows = tuple(
        (
            clean_sender(letter.sender),
            f"{clean_text(letter.subject) or '（无主题）'}\n{write_short_moment(letter.received_at, zone)}",
            _IGNORED.get(letter.reason, letter.reason) + _answered(letter),
        )
        for letter in letters[:ROWS_SHOWN]
    )
    kinds = Counter(_IGNORED.get(letter.reason, letter.reason) for letter in letters)
    summary = "，".join(f"{name}{count}封" for name, count in kinds.most_common())
    return replace(
        _table("非报送来信", ("发件人", "主题", "归类"), rows, count=len(letters)),
        lines=(f"{summary}。",),
        folded="逐封列出",
    )


def _sending(matter: DigestMatter) -> Section | None:
    lines = []
    if matter.mail_counts:
        lines.append("，".join(f"{MAIL_STATES[state]}{count}封" for state, count in matter.mail_counts if count) + "。")
    if waiting := sum(count for state, count in matter.mail_counts if state in {"queued", "retry_at"}):
        lines.append(f"尚有{waiting}封待发，先发补充提示，再发核对通知、回执和其他。")
    for incident in matter.incidents:
        at = write_short_moment(incident.at, matter.zone)
        state = ("，已恢复" if incident.recovered else "，尚未恢复") if incident.is_trouble else ""
        lines.append(f"{at} {clean_text(incident.what, 200)}{state}。{incident.advice}")
    rows = tuple(
        (
            clean_sender(mail.to_address),
            clean_text(mail.subject, 120),
            "：".join(part for part in (MAIL_STATES[mail.state], clean_text(mail.why, 200)) if part),
        )
        for mail in matter.stuck_mail
    )
    if not lines and not rows:
        return None
    table = Table(("收件人", "主题", "情况"), rows[:ROWS_SHOWN]) if rows else None
    open_trouble = any(incident.is_trouble and not incident.recovered for incident in matter.incidents)
    return Section(
        "发送与故障", lines=tuple(line for line in lines if line != "。"), table=table, loud=bool(rows) or open_trouble
    )


def _attest(lines: Sequence[str]) -> Section | None:
    if not lines:
        return None
    return Section(
        "由评审人员判断的内容",
        lines=("征集启事的以下要求不由系统判断，留给初审和专家评审：", *(f"· {line}" for line in lines)),
    )


def _table(title: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *, count: int) -> Section:
    more = (f"另有{count - ROWS_SHOWN}件未列出，见台账。",) if count > ROWS_SHOWN else ()
    # What follows should not lie many screens below on a telephone.
    folded = "逐件列出" if count > _ROWS_UNFOLDED else ""
    return Section(title, count=count, table=Table(columns, rows), after=more, folded=folded)
