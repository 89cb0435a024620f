"""Who sends what: title, unit, contact, phone, category and level of a submission, each with its evidence. Pure.

What is not written is unknown, None: a greeting without a name is better than one with a nickname.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from intake.casework.choices import (
    answered_category,
    category_part,
    labelled_category,
    labelled_level,
    unknown_choice,
    written_choice,
    written_level,
)
from intake.casework.known import STRENGTH, Known, Place, from_form
from intake.casework.senders import contacts_of, phones_of, units_of
from intake.casework.signs import CampaignSigns
from intake.casework.titles import bare_title, is_generic_title, title_of_name, titles_in_brackets
from intake.casework.wording import extension, letters_only, opening, quote, stem
from intake.model import Delivery, Document, Letter, Photo, ReadFile

_DOCUMENT_EXTENSIONS = frozenset({"docx", "doc", "wps", "pdf", "odt", "ofd", "rtf"})


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
    """What one letter and its files (roles assigned) say; the surest place wins for each.

    Of a delivery what was said at the desk goes before what its files say.
    """
    desk = letter.delivered or Delivery("onsite", "")
    return Identity(
        title=_said_at_desk(desk.title, desk) or _title(letter, files, signs),
        unit=_said_at_desk(desk.unit, desk) or _first(units_of(letter, files, signs)),
        contact=_said_at_desk(desk.contact, desk) or _first(contacts_of(letter, files)),
        phone=_said_at_desk(desk.phone, desk) or _first(phones_of(letter, files)),
        category=_first(_categories(letter, files, signs)),
        level=_first(_levels(letter, files, signs)),
    )


def merge_identities(earlier: Identity, later: Identity, signs: CampaignSigns | None = None) -> Identity:
    """`earlier` with what a later letter says better: newly known, or not less sure.

    A title that names the case never yields to one that names none in particular.
    """
    better = {}
    for field in fields(Identity):
        old: Known | None = getattr(earlier, field.name)
        new: Known | None = getattr(later, field.name)
        if new is not None and (old is None or _is_better(new, old, field.name, signs)):
            better[field.name] = new
    return replace(earlier, **better)


def _is_better(new: Known, old: Known, name: str, signs: CampaignSigns | None) -> bool:
    if name == "title" and is_generic_title(new.value, signs) != is_generic_title(old.value, signs):
        return is_generic_title(old.value, signs)
    return STRENGTH[new.place] <= STRENGTH[old.place] or old.place == "answer"


def _said_at_desk(value: str, desk: Delivery) -> Known | None:
    return Known(value, "answer", f"{desk.received_by}登记时写明") if value else None


def _first(found: Iterable[Known]) -> Known | None:
    return next(iter(found), None)


# --- title


def _title(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Known | None:
    found = [each for each in _titles(letter, files) if len(letters_only(each.value)) >= 2]
    return next((each for each in found if not is_generic_title(each.value, signs)), found[0] if found else None)


def _titles(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    yield from from_form(files, "title")
    cases = [file for file in files if not isinstance(file, Photo) and file.role == "case"]
    for file in cases:
        if isinstance(file, Document) and file.facts.title:
            yield Known(bare_title(file.facts.title), "document", f"{file.name} 的标题行")
    for file in cases:
        if isinstance(file, Document) and file.source == "inline":
            continue
        yield Known(title_of_name(file.name), "file_name", f"文件名 {file.name}")
    written: tuple[tuple[str, Place], ...] = (
        (opening(letter.facts.subject), "subject"),
        (opening(letter.facts.text), "body"),
    )
    for text, place in written:
        for title in titles_in_brackets(text):
            yield Known(title, place, f"《{title}》")
    for share in letter.facts.shares:
        if extension(share.name) in _DOCUMENT_EXTENSIONS:
            yield Known(title_of_name(share.name), "file_name", f"链接文件名 {share.name}")


# --- choices


def _categories(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[Known]:
    choices = signs.categories
    if not choices:
        return
    yield from _answers(letter, choices)
    for field in from_form(files, "category"):
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
    value = category_part(opening(letter.facts.subject), choices)
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
    for field in from_form(files, "level"):
        level = written_level(field.value, signs.levels)
        if level is not None:
            yield replace(field, value=level)
    for place, text in _category_places(letter, files):
        level = labelled_level(text, signs.levels)
        if level is not None:
            yield Known(level, place, quote(text))
