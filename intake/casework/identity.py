"""Who sends what: title, unit, contact, phone, category and level of a submission, each with its evidence. Pure.

What is not written is unknown, None: a greeting without a name is better than one with a nickname.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from intake.casework.choices import (
    answered_category,
    category_part,
    labelled_category,
    labelled_level,
    unknown_choice,
    written_choice,
    written_level,
)
from intake.casework.signs import CampaignSigns
from intake.casework.units import as_unit, same_unit, units_in
from intake.casework.wording import letters_only, main_text, plain, quote, stem
from intake.model import Document, Letter, Photo, ReadFile
from parsers.facts import FormField

Place = Literal[
    "form", "byline", "closing", "answer", "body", "signature", "document", "file_name", "subject", "display_name"
]
"""Where it was read."""

_STRENGTH: dict[Place, int] = {
    "answer": 0,
    "form": 1,
    "byline": 2,
    "document": 2,
    "closing": 3,
    "signature": 4,
    "body": 5,
    "file_name": 6,
    "subject": 7,
    "display_name": 8,
}
"""The smaller, the surer; between letters, a later word wins unless it is less sure."""

_GENERIC_TITLE = re.compile(
    r"^(\d{2,4}年?)?(关于)?(报送|上报)?(.{2,4}[省市区县])?(社区|网格|小区|智慧|基层|城乡|城市|多元|街道|村)*(治理|服务|工作|自治|共治)*"
    r"(和|与)?(服务)?(创新|典型|优秀|精品)*(案例|事迹|材料|文章|稿件|正文|文本|文档|投稿|征集|报送|附件|报名表|申报表|推荐表|新建(microsoft)?word文档|"
    r"终稿|定稿|初稿|修改稿|最终版|修改版|照片|图片|邮件|无主题|doc|img|\d)*$"
)
_NAME_PARTS = re.compile(r"[-_—–+&\s]+")
_WORN = re.compile(
    r"^(附件\s*\d*\s*[:、.]?|\d+\s*[.、])|[(\[【](终稿|定稿|初稿|修改稿?|最终版?|盖章版?|\d+|word版?|pdf版?|电子版)[)\]】]|"
    r"(终稿|定稿|最终版|修改版|修改稿|完善版|盖章版|扫描件|电子版|word版|pdf版|v\d+(\.\d+)?|副本)$"
)
_BOOK_TITLE = re.compile(r"《([^《》\n]{4,60})》")
_CONTACT = re.compile(
    r"(?:[联聯]\s*[系繫絡络]\s*人|填报人|经办人|报送人|投稿人|申报人|姓\s*名|作\s*者)\s*[:：]\s*([\u3400-\u9fff·]{2,4})(?![\u3400-\u9fff])"
)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}(?:-\d{1,5})?)(?!\d)")
_UNIT_LABEL = re.compile(
    r"(?:报送|推荐|申报|填报|选送|投稿|参评|所在|工作)?单\s*位(?:名称)?\s*[:：]\s*([^\n,，;；。]{3,40})"
)
_SALUTATION = re.compile(r"^[^\n。!?]{0,40}[:]\s*$|^(尊敬的|致)[^\n]{0,40}$")


@dataclass(frozen=True, slots=True)
class Known:
    """One thing known of a submission, and how."""

    value: str
    place: Place
    evidence: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a submission; None where nothing was written."""

    title: Known | None = None
    unit: Known | None = None
    contact: Known | None = None
    phone: Known | None = None
    category: Known | None = None
    level: Known | None = None


def identify(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Identity:
    """What one letter and its files (roles assigned) say; the surest place wins for each."""
    return Identity(
        title=_title(letter, files, signs),
        unit=_first(_units(letter, files, signs)),
        contact=_first(_contacts(letter, files)),
        phone=_first(_phones(letter, files)),
        category=_first(_categories(letter, files, signs)),
        level=_first(_levels(letter, files, signs)),
    )


def merge_identities(earlier: Identity, later: Identity) -> Identity:
    """`earlier` with what a later letter says better: newly known, or not less sure."""
    better = {}
    for field in fields(Identity):
        old: Known | None = getattr(earlier, field.name)
        new: Known | None = getattr(later, field.name)
        if new is not None and (old is None or _STRENGTH[new.place] <= _STRENGTH[old.place] or old.place == "answer"):
            better[field.name] = new
    return replace(earlier, **better)


def is_generic_title(title: str, signs: CampaignSigns | None = None) -> bool:
    """Whether a title names no case in particular (社区治理案例, 附件1, the campaign's own title)."""
    letters = letters_only(title)
    campaign = letters_only(signs.title) if signs is not None else ""
    return bool(_GENERIC_TITLE.match(letters)) or (bool(campaign) and (letters in campaign or letters == campaign))


def _first(found: Iterable[Known]) -> Known | None:
    return next(iter(found), None)


# --- title


def _title(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Known | None:
    found = [each for each in _titles(letter, files) if len(letters_only(each.value)) >= 2]
    return next((each for each in found if not is_generic_title(each.value, signs)), found[0] if found else None)


def _titles(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    yield from _from_form(files, "title")
    cases = [file for file in files if not isinstance(file, Photo) and file.role == "case"]
    for file in cases:
        if isinstance(file, Document) and file.facts.title:
            yield Known(_bare_title(file.facts.title), "document", f"{file.name} 的标题行")
    for file in cases:
        if isinstance(file, Document) and file.source == "inline":
            continue
        yield Known(title_of_name(file.name), "file_name", f"文件名 {file.name}")
    for text, place in ((letter.facts.subject, "subject"), (letter.facts.text, "body")):
        for match in _BOOK_TITLE.finditer(text):
            yield Known(match.group(1), "subject" if place == "subject" else "body", quote(match.group()))


def _bare_title(title: str) -> str:
    line = " ".join(title.split())
    return line[1:-1] if line.startswith("《") and line.endswith("》") and line.count("《") == 1 else line


def title_of_name(name: str) -> str:
    """A file name's own words: without extension, numbering, version, unit, category and date parts."""
    book = _BOOK_TITLE.search(name)
    if book is not None:
        return book.group(1)
    base = re.sub(r"\.[0-9A-Za-z]{1,5}$", "", name.strip())
    before = ""
    while before != base:
        before, base = base, _WORN.sub("", base.strip()).strip()
    parts = [part for part in _NAME_PARTS.split(base) if part]
    telling = [part for part in parts if as_unit(part) is None and not is_generic_title(part) and not part.isdigit()]
    return max(telling, key=len) if telling else base


# --- unit


def _units(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[Known]:
    """The units named, surest place first; the organizers are who is written to, not who writes."""
    for known in _all_units(letter, files):
        if not any(same_unit(known.value, organizer) for organizer in signs.organizers):
            yield known


def _all_units(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    yield from _from_form(files, "unit")
    cases = [file for file in files if isinstance(file, Document) and file.role in ("case", "cover_letter")]
    for document in cases:
        yield from _byline_units(document)
    for document in cases:
        yield from _closing_units(document)
    facts = letter.facts
    for line in reversed(facts.signature.splitlines()):
        unit = as_unit(line)
        if unit is not None:
            yield Known(unit, "signature", quote(line))
    yield from _body_units(facts.text)
    for file in files:
        if not isinstance(file, Photo):
            for unit in units_in(re.sub(r"\.[0-9A-Za-z]{1,5}$", "", file.name)):
                yield Known(unit, "file_name", f"文件名 {file.name}")
    for unit in units_in(facts.subject):
        yield Known(unit, "subject", quote(facts.subject))
    display = facts.sender.name if facts.sender is not None else ""
    unit = as_unit(display) if display else None
    if unit is not None:
        yield Known(unit, "display_name", display)


def _byline_units(document: Document) -> Iterator[Known]:
    """The short lines under the title (at the top when no title stands out): 金安社区居委会, （金山街道金安社区）."""
    start = (document.facts.title_block + 1) if document.facts.title_block is not None else 0
    top = [block for block in document.facts.blocks[start : start + 4] if block.part == "main"]
    for block in top:
        labelled = _UNIT_LABEL.search(block.text)
        text = labelled.group(1) if labelled else block.text
        unit = as_unit(text) if len(text.strip()) <= 32 else None
        if unit is not None:
            yield Known(unit, "byline", quote(block.text))


def _closing_units(document: Document) -> Iterator[Known]:
    """落款: the last short lines."""
    blocks = [block for block in document.facts.blocks if block.part == "main" and block.text.strip()]
    for block in reversed(blocks[-4:]):
        labelled = _UNIT_LABEL.search(block.text)
        unit = as_unit(labelled.group(1) if labelled else block.text)
        if unit is not None:
            yield Known(unit, "closing", quote(block.text))


def _body_units(text: str) -> Iterator[Known]:
    labelled = _UNIT_LABEL.search(text)
    if labelled is not None:
        for unit in units_in(labelled.group(1)):
            yield Known(unit, "body", quote(labelled.group()))
    lines = [line for line in text.splitlines() if line.strip() and not _SALUTATION.match(plain(line).strip())]
    for line in reversed(lines[-3:]):
        closing = as_unit(line)
        if closing is not None:
            yield Known(closing, "body", quote(line))
    for line in lines[:12]:
        for unit in units_in(line):
            yield Known(unit, "body", quote(line))


# --- people


def _contacts(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    yield from _from_form(files, "contact")
    for place, text in _written_places(letter, files):
        for match in _CONTACT.finditer(text):
            yield Known(match.group(1), place, quote(match.group()))
    yield from _from_form(files, "author")


def _phones(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    for known in _from_form(files, "phone"):
        match = _PHONE.search(known.value)
        yield replace(known, value=_digits(match.group())) if match else known
    for place, text in _written_places(letter, files):
        match = _PHONE.search(text)
        if match is not None:
            yield Known(_digits(match.group()), place, quote(match.group()))


def _written_places(letter: Letter, files: Sequence[ReadFile]) -> Iterator[tuple[Place, str]]:
    """Where senders write who they are. Of documents only head and foot: a resident's number in the text is not theirs."""
    yield "signature", letter.facts.signature
    yield "body", letter.facts.text if len(letter.facts.text) < 1500 else letter.facts.text[-300:]
    for file in files:
        if isinstance(file, Document) and file.role in ("case", "cover_letter"):
            lines = [line for line in main_text(file).splitlines() if line.strip()]
            for line in (*lines[:5], *lines[-4:]):
                if len(line) <= 60 and re.search(r"联\s*系|电话|手机", line):
                    yield "closing", line


def _digits(phone: str) -> str:
    return phone.replace(" ", "") if phone.startswith("0") else re.sub(r"\D", "", phone)


# --- choices


def _categories(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[Known]:
    choices = signs.categories
    if not choices:
        return
    yield from _answers(letter, choices)
    for field in _from_form(files, "category"):
        value = written_choice(field.value, choices) or unknown_choice(field.value, choices)
        if value is not None:
            yield replace(field, value=value)
    for place, text in _category_places(letter, files):
        value = labelled_category(text, choices)
        if value is not None:
            yield Known(value, place, quote(text))
    for file in files:
        value = category_part(stem(file.name), choices) if not isinstance(file, Photo) else None
        if value is not None:
            yield Known(value, "file_name", f"文件名 {file.name}")
    value = category_part(letter.facts.subject, choices)
    if value is not None:
        yield Known(value, "subject", quote(letter.facts.subject))


def _answers(letter: Letter, choices: Sequence[str]) -> Iterator[Known]:
    facts = letter.facts
    answer = answered_category(facts.text, choices) if facts.in_reply_to or facts.references else None
    if answer is not None:
        yield Known(answer, "answer", quote(facts.text))


def _category_places(letter: Letter, files: Sequence[ReadFile]) -> Iterator[tuple[Place, str]]:
    for file in files:
        if isinstance(file, Document) and file.role == "case":
            for block in file.facts.blocks[:8]:
                if len(block.text) <= 60:
                    yield "byline", block.text
    for line in letter.facts.text.splitlines()[:30]:
        yield "body", line
    yield "subject", letter.facts.subject


def _levels(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[Known]:
    if not signs.levels:
        return
    for field in _from_form(files, "level"):
        level = written_level(field.value, signs.levels)
        if level is not None:
            yield replace(field, value=level)
    for place, text in _category_places(letter, files):
        level = labelled_level(text, signs.levels)
        if level is not None:
            yield Known(level, place, quote(text))


# --- forms


def _from_form(files: Sequence[ReadFile], name: str) -> Iterator[Known]:
    for file in files:
        if isinstance(file, Document) and file.role in ("case", "form"):
            for field in file.facts.fields:
                if field.name == name and _is_filled(field):
                    yield Known(
                        " ".join(field.value.split()), "form", f"{file.name}:{field.label} {quote(field.value)}"
                    )


def _is_filled(field: FormField) -> bool:
    """Blank cells, rules of underscores and the form's own hints are no answer."""
    return bool(letters_only(field.value)) and not re.match(
        r"^\W*(请|须|如|限|不超过|\d+字以内|必填|选填)", field.value
    )
