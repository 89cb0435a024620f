"""The mail that tells an organizer what became of the orders in an answer, and the mail on one case. Pure.

Organizers read Chinese; the words are here and in no language file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from intake.figures.answer_line import AnswerLine, examples_for, with_answer_line
from intake.figures.matter import DigestDraft
from intake.figures.rendering import render_html, render_text
from intake.figures.sections import Card, Section
from intake.wording import CHINESE_DATES, clean_sender, clean_text, clean_title

_LETTERS_SHOWN = 3
"""Letters quoted whole; of a bulk order the others are only counted."""
_LETTER_CHARACTERS = 2_000
_SAID_CHARACTERS = 200
_FOLDED = "（文件校验码"
_AUTOMATIC = "本邮件由征集邮箱自动核对后发出，可直接回复，工作人员会看到。"

Became = Literal["done", "asked", "undone", "refused"]
"""What became of an order: carried out, to be confirmed first, taken back, or not done and why."""


_LABELS: dict[Became, str] = {"done": "结果", "undone": "结果", "asked": "说明", "refused": "原因"}


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter that is about to leave, as its reader will see it."""

    to: str
    subject: str
    text: str
    held: bool = False
    """It leaves only when somebody releases it."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order and what became of it."""

    said: str
    became: Became
    told: str
    """In words: the cases and how they stand, or why nothing was done."""
    letters: tuple[ShownLetter, ...] = ()


@dataclass(frozen=True, slots=True)
class OrdersMatter:
    """Everything an answer to an organizer says."""

    subject_tag: str
    prefix: str
    """Of the 登记编号, for the examples."""
    line: AnswerLine
    lines: tuple[OrderLine, ...] = ()
    unclear: tuple[tuple[str, str], ...] = ()
    """Words that were not understood, and what would help."""
    problem: str = ""
    """Why nothing was read at all; empty when something was."""
    leaves_at: datetime | None = None
    """When letters leave that can still be taken back; None when there are none."""
    undo_minutes: int = 10
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """One case that needs a person now."""

    subject_tag: str
    number: str
    title: str
    line: AnswerLine
    unit: str = ""
    reasons: tuple[str, ...] = ()
    evidence: str = ""
    received_at: datetime | None = None
    closes_at: datetime | None = None
    files: tuple[str, ...] = ()
    rules: tuple[str, ...] = field(default=())
    """What can be waived, as it may be written."""
    zone: str = "Asia/Shanghai"


def write_orders_reply(matter: OrdersMatter) -> DigestDraft:
    """What was done, what waits for a yes, what was not understood; with the letters that are about to leave."""
    sections = [
        # What its reader must still do comes first; letters quoted whole are long.
        *_sections(matter, "asked", "请确认后办理"),
        *_unclear(matter),
        *_sections(matter, "refused", "没有办理"),
        *_sections(matter, "undone", "已撤销，恢复原状"),
        *_sections(matter, "done", "已办理"),
    ]
    if matter.unclear or matter.problem or not matter.lines:
        sections.append(Section("可以这样写", lines=tuple(f"· {each}" for each in examples_for(matter.prefix))))
    subject = f"【{matter.subject_tag}】{_subject(matter)}"
    headline = _headline(matter)
    draft = DigestDraft(
        subject=subject,
        text=render_text(headline, (_AUTOMATIC,), sections),
        html=render_html(headline, (_AUTOMATIC,), sections, subject=subject),
    )
    return with_answer_line(draft, matter.line)


def write_case_notice(notice: CaseNotice) -> DigestDraft:
    """One case, why it needs a person, and how to answer in one word."""
    title = clean_title(notice.title) or "（未写标题）"
    rows = [
        ("单位", clean_text(notice.unit)),
        ("收到", CHINESE_DATES.write_moment(notice.received_at, notice.zone) if notice.received_at else ""),
        ("截止", CHINESE_DATES.write_close(notice.closes_at, notice.zone) if notice.closes_at else ""),
        ("原因", "；".join(clean_text(reason, 200) for reason in notice.reasons)),
        ("依据", clean_text(notice.evidence, 200)),
        ("材料", "、".join(clean_text(name) for name in notice.files)),
    ]
    card = Card(f"{notice.number} {title}", tuple((label, text) for label, text in rows if text), loud=True)
    ways = [
        "同意（即通过，材料转初审）",
        "退回 理由：…（理由会写进给报送人的信）",
        f"放宽 {'、'.join(notice.rules[:1])} 理由：…" if notice.rules else "",
        "延期三天",
        "备注 …",
    ]
    sections = [
        Section("需您处理", cards=(card,)),
        Section("回复时可以这样写", lines=tuple(f"· {way}" for way in ways if way)),
    ]
    subject = f"【{notice.subject_tag}】需您处理：{title}（{notice.number}）"
    headline = f"{notice.number} 需要人工核对，可能影响报送时限。"
    draft = DigestDraft(
        subject=subject,
        text=render_text(headline, (_AUTOMATIC,), sections),
        html=render_html(headline, (_AUTOMATIC,), sections, subject=subject),
    )
    return with_answer_line(draft, notice.line)


def _subject(matter: OrdersMatter) -> str:
    kinds = {line.became for line in matter.lines}
    if "asked" in kinds:
        return "请确认处理意见"
    if "done" in kinds:
        return "处理意见已办理"
    if "undone" in kinds:
        return "处理意见已撤销"
    return "处理意见没有办理"


def _headline(matter: OrdersMatter) -> str:
    counts = {
        became: sum(1 for line in matter.lines if line.became == became) for became in ("done", "undone", "asked")
    }
    parts = []
    if matter.problem:
        parts.append(f"{matter.problem}没有作任何处理")
    if counts["done"]:
        parts.append(f"已办理{counts['done']}项")
    if counts["undone"]:
        parts.append(f"已撤销{counts['undone']}项")
    if counts["asked"]:
        parts.append(f"{counts['asked']}项等您回复“确认”后办理")
    if not parts:
        parts.append("没有作任何处理")
    if matter.leaves_at is not None:
        at = CHINESE_DATES.write_moment(matter.leaves_at, matter.zone)
        parts.append(f"下列去信{at}发出，此前{matter.undo_minutes}分钟内回复“撤销”即可收回")
    return "；".join(parts) + "。"


def _sections(matter: OrdersMatter, became: Became, title: str) -> list[Section]:
    chosen = [line for line in matter.lines if line.became == became]
    if not chosen:
        return []
    cards = tuple(_card(number, line) for number, line in enumerate(chosen, 1))
    after = ("回复“确认”即按此办理；不办理的，无须回复。",) if became == "asked" else ()
    return [Section(title, count=len(chosen), cards=cards, after=after, loud=became == "refused")]


def _card(number: int, line: OrderLine) -> Card:
    rows = [(_LABELS[line.became], line.told)]
    for letter in line.letters[:_LETTERS_SHOWN]:
        state = "（暂缓发送，需放行）" if letter.held else ""
        rows += [
            ("去信", f"{clean_sender(letter.to)}{state}"),
            ("主题", clean_text(letter.subject, 120)),
            ("正文", _quoted(letter.text)),
        ]
    if len(line.letters) > _LETTERS_SHOWN:
        rows.append(("另有", f"{len(line.letters) - _LETTERS_SHOWN}封内容相似的去信，可用 intake outbox list 查看"))
    return Card(f"{number}. {clean_text(line.said, _SAID_CHARACTERS)}", tuple(rows))


def _quoted(text: str) -> str:
    """The letter as its reader sees it, set off; without its 回执码, which is the submitter's, and what is folded away."""
    lines = text.strip().partition(_FOLDED)[0].splitlines()
    kept = "\n".join(line for line in lines if not line.startswith("回执码")).strip()
    kept = kept if len(kept) <= _LETTER_CHARACTERS else kept[:_LETTER_CHARACTERS] + "…"
    return "\n" + "\n".join(f"│ {line}".rstrip() for line in kept.splitlines())


def _unclear(matter: OrdersMatter) -> list[Section]:
    if not matter.unclear:
        return []
    lines: Sequence[str] = [
        f"· {clean_text(said, _SAID_CHARACTERS)}{f'（{hint}）' if hint else ''}" for said, hint in matter.unclear
    ]
    return [Section("未能读懂", count=len(lines), lines=tuple(lines), loud=True)]
