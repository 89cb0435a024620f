"""What a campaign's kit says, from its campaign file alone. Pure.

The call's own phrase goes before ours; what only people judge is named as such, and nothing is demanded that
no rule demands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intake.calls import Call
from intake.checks import Rule
from intake.checks.accepted_formats import AcceptedFormats
from intake.checks.attest import Attest
from intake.checks.category import Category
from intake.checks.image_count import ImageCount
from intake.checks.level import Level
from intake.checks.required_sections import RequiredSections
from intake.checks.rule import When
from intake.checks.word_count import WordCount
from intake.figures.sheets import Cell, Column, Sheet
from intake.wording import CHINESE_DATES

SHEET_ROWS = 30
"""Lines of an empty 汇总表; more can be added below."""
_NUMERALS = "一二三四五六七八九十"
_PHOTO_RULES = frozenset({"photo_quality", "photo_names"})
_LABELS = {
    "required_sections": "内容",
    "accepted_formats": "格式",
    "photo_quality": "照片要求",
    "photo_names": "照片文件名和说明",
}
"""Where a guide has shorter words for a demand than letters have."""
_TOLD_ELSEWHERE = frozenset({"deadline", "readable_files", "duplicates", "summary_sheet", "leftovers", "attest"})
"""Checks without a demand on the material, or with a place of their own in the guide."""


@dataclass(frozen=True, slots=True)
class Template:
    """The Word file in which a case is written."""

    headings: tuple[str, ...]
    """With their numbers, 一、背景与起因; empty when the call asks for no parts."""
    hint: str
    """One line for the page's header, where it counts for nothing."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A text of numbered chapters."""

    title: tuple[str, ...]
    """Its lines."""
    chapters: tuple[tuple[str, tuple[str, ...]], ...]
    signed: str
    day: str


def template_of(call: Call) -> Template:
    """The parts the call asks for as headings, and how long the text may be."""
    parts = [name for rule in call.checks if isinstance(rule, RequiredSections) for name in rule.sections]
    headings = tuple(f"{_number(at)}、{name}" for at, name in enumerate(dict.fromkeys(parts), 1))
    lengths = (rule for rule in call.checks if isinstance(rule, WordCount) and rule.when == When())
    length = "；".join(_length(rule) for rule in lengths)  # what holds for some categories alone stands in the guide
    hint = "，".join(part for part in ("请在各小标题下填写，小标题请保留" if headings else "", length) if part)
    return Template(headings, hint)


def guide_of(call: Call) -> Paper:
    """报送须知: what to send, how, until when, and what comes back."""
    head = call.letterhead
    chapters = [
        ("报送什么", tuple(_materials(call))),
        ("材料要求", tuple(_demands(call))),
        ("怎样报送", tuple(_how(call))),
        ("报送以后", _AFTERWARDS),
    ]
    judged = tuple(dict.fromkeys(rule.quote or rule.what for rule in call.checks if isinstance(rule, Attest)))
    if judged:
        chapters.append(("由评审人员评定的内容", judged))
    asked = tuple(part for part in (head.contact, f"电话：{head.phone}" if head.phone else "") if part)
    if asked:
        chapters.append(("联系方式", ("，".join(asked),)))
    opens_at = call.campaign.opens_at
    return Paper(
        title=(head.title, "报送须知"),
        chapters=tuple((name, lines) for name, lines in chapters if lines),
        signed=head.signature,
        day=CHINESE_DATES.write_plain_day(opens_at, head.zone) if opens_at is not None else "",
    )


def form_rows(call: Call) -> tuple[str, ...]:
    """The labels of the 报名表, in order."""
    choices = [label for kind, label in ((Category, "案例类别"), (Level, "申报层级")) if _choices(call, kind)]
    return ("案例名称", "报送单位", *choices, "联系人", "联系电话", "电子邮箱", "通讯地址")


def form_notes(call: Call) -> tuple[str, ...]:
    """What stands below the form: the choices, each once; empty when there are none."""
    named = (("类别", _choices(call, Category)), ("层级", _choices(call, Level)))
    return tuple(f"{label}请从下列各项中选填一项：{'、'.join(found)}。" for label, found in named if found)


def list_of(call: Call) -> Sheet:
    """汇总表: numbered empty lines for whoever sends several cases."""
    columns = [
        Column("序号", kind="number", width=6),
        Column("案例名称", width=44, wraps=True),
        Column("报送单位", width=30, wraps=True),
    ]
    columns += [Column("案例类别", width=18)] if _choices(call, Category) else []
    columns += [Column("申报层级", width=14)] if _choices(call, Level) else []
    columns += [Column("联系人", width=12), Column("联系电话", width=16, personal="phone"), Column("备注", width=20)]
    rows: tuple[tuple[Cell, ...], ...] = tuple((at, *("" for _ in columns[1:])) for at in range(1, SHEET_ROWS + 1))
    return Sheet("汇总表", tuple(columns), rows, filters=False)


# --- the guide's chapters


def _materials(call: Call) -> Iterator[str]:
    yield "案例正文：Word文档，可用“案例模板.docx”填写，写好后以“单位+案例名称”命名。"
    photos = next((rule for rule in call.checks if isinstance(rule, ImageCount)), None)
    if photos is not None:
        yield f"照片：{_photos(photos)}，原图作为附件，或插在文档里，都可以。"
    yield "报名表：填写“报名表.docx”。"
    yield "一次报送几个案例的，再填“汇总表.xlsx”。"


def _demands(call: Call) -> Iterator[str]:
    for rule in call.checks:
        said = _said(rule)
        if rule.check in _TOLD_ELSEWHERE or not (rule.quote or said):
            continue
        label = _LABELS.get(rule.check) or call.language.say(f"check.{rule.check}")
        label = "照片格式" if isinstance(rule, AcceptedFormats) and rule.of == "photos" else label
        quote = call.language.quote(rule.quote) if rule.quote else ""
        yield f"{label}：{'。'.join(part for part in (quote, said) if part)}。"


def _said(rule: Rule) -> str:
    """The rule in our words; empty when the call's phrase says it all."""
    match rule:
        case WordCount():
            limits = [str(limit) for limit in (rule.min, rule.max, rule.about) if limit is not None]
            counted = "只计正文，按Word、WPS“字数统计”里的“字数”"
            return counted if all(limit in rule.quote for limit in limits) else f"{_length(rule)}，{counted}"
        case RequiredSections():
            names = "、".join(rule.sections)
            if all(name in rule.quote for name in rule.sections):
                return "小标题见案例模板" if rule.as_ == "heading" else "这几个方面都要写到，可用案例模板的小标题"
            return f"须有下列小标题：{names}" if rule.as_ == "heading" else f"写明下列内容：{names}"
        case ImageCount():
            return f"{_photos(rule)}，同一张图片只计一次" if not rule.quote else "同一张图片只计一次"
        case Category() | Level() if all(choice in rule.quote for choice in rule.choices):
            return "请在报名表或邮件里写明属于哪一项"
        case Category() | Level():
            return f"请写明属于哪一项：{'、'.join(rule.choices)}"
        case AcceptedFormats():
            return f"接受{'、'.join(rule.formats)}"
        case _:
            return ""


def _how(call: Call) -> Iterator[str]:
    head = call.letterhead
    if head.sender_address:
        yield f"发送到{head.sender_address}，邮件主题写“{head.subject_tag}+单位+案例名称”。"
    yield "一个案例发一封邮件；照片太多、一封发不下的，可以分几封，从同一个邮箱发出。"
    yield "几个案例一起报送的，每个案例放一个文件夹，压缩成一个文件，附上汇总表，一封邮件发出。"
    yield "请直接添加附件；用网盘或超大附件链接的，收到时间照样有效，但还会请您补发附件。文件不要加密码。"
    if head.closes_at is not None:
        late = "逾期不予受理" if head.late_policy == "not_accepted" else "逾期收到的，是否纳入由主办单位研究确定"
        yield f"截止时间：{CHINESE_DATES.write_close(head.closes_at, head.zone)}，以邮箱收到时间为准。{late}。"
    yield "不便发邮件的，可以把电子版（U盘）或纸质材料送到主办单位，由工作人员登记，领取接收回执。"


_AFTERWARDS = (
    "收到后会回复收件回执，写明登记编号和收到的材料；回执不代表入选。",
    "有内容要补充的，会一次列全。直接回复那封邮件，只发要补充或修改的文件。",
    "一天内没有收到回复的，请先看垃圾邮件箱，再与工作人员联系，不必反复发送。",
)


def _length(rule: WordCount) -> str:
    if rule.about is not None:
        return f"正文{rule.about}字左右"
    if rule.min is not None and rule.max is not None:
        return f"正文{rule.min}至{rule.max}字"
    return f"正文不超过{rule.max}字" if rule.max is not None else f"正文不少于{rule.min}字"


def _photos(rule: ImageCount) -> str:
    if rule.min is not None and rule.min == rule.max:
        return f"{rule.min}张"
    if rule.min is not None and rule.max is not None:
        return f"{rule.min}至{rule.max}张"
    return f"不少于{rule.min}张" if rule.min is not None else f"不超过{rule.max}张"


def _choices(call: Call, kind: type[Category | Level]) -> tuple[str, ...]:
    found = (choice for rule in call.checks if isinstance(rule, kind) for choice in rule.choices)
    return tuple(dict.fromkeys(found))


def _number(at: int) -> str:
    return _NUMERALS[at - 1] if at <= len(_NUMERALS) else str(at)
