"""Findings in words. Pure.

A finding carries numbers and names; here they become what the call asks, what was
found, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.model import Finding, FindingValue
from intake.replies.language import Count, Language
from intake.replies.matter import Letterhead
from intake.wording import clean_text, clean_title, write_size

_QUOTED_SHORT = 30
_REASON = 300
_HEADINGS_SHOWN = 8
_LINK_CODES = frozenset({"only_as_link", "link_not_opened"})
_NUMBERED_CHOICES = frozenset({"category_not_chosen", "category_unknown", "level_not_stated", "level_unknown"})


@dataclass(frozen=True, slots=True)
class Voice:
    """In which language and for which campaign a finding is told, and how its reader is addressed."""

    language: Language
    letterhead: Letterhead
    you: str


@dataclass(frozen=True, slots=True)
class Point:
    """All findings of one rule, in words: one numbered point of a letter."""

    rule: str
    label: str
    """What it is about: 字数."""
    asked: str
    """The call's phrase in quotation marks, or our own words when it has none; may be empty."""
    found: tuple[str, ...]
    """One for each finding, without full stop."""
    todo: tuple[str, ...]
    """In order, once each; empty when there is nothing to do."""
    headings: tuple[str, ...] = ()
    """Headings taken for the text's own, in order; empty when none matter here."""


def gather_points(findings: Sequence[Finding], voice: Voice) -> tuple[Point, ...]:
    """The findings by rule, in their order; one `Point` for each rule."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    return tuple(_make_point(group, voice) for group in by_rule.values())


def describe_finding(
    finding: Finding,
    language: Language,
    letterhead: Letterhead,
    *,
    audience: Literal["submitter", "organizers"] = "organizers",
) -> str:
    """One finding in one sentence: found, then what to do. Organizers are told more than a submitter may know."""
    voice = Voice(language, letterhead, language.say("you.person"))
    inside = _inside(finding, voice) if audience == "organizers" else None
    if inside:
        return language.sentence(inside)
    found, todo = _found(finding, voice), _line(finding, "todo", voice)
    return language.sentence(language.say("report.item", found=found, todo=todo) if todo else found)


def asked_line(finding: Finding, voice: Voice) -> str:
    """What the call asks: its own phrase in quotation marks, else our words for it; may be empty."""
    quote = voice.letterhead.quote_of(finding.rule)
    return voice.language.quote(quote) if quote else _line(finding, "asked", voice)


def told_line(finding: Finding, voice: Voice) -> str:
    """What was found, with the file's name where there is one, without full stop."""
    return _found(finding, voice)


def found_line(finding: Finding, voice: Voice) -> str:
    """What was found, without the file's name and without full stop: for a place where the file is at hand."""
    return _line(finding, "found", voice)


def todo_line(finding: Finding, voice: Voice) -> str:
    """What to do, without full stop; empty when there is nothing to do."""
    return _line(finding, "todo", voice)


def number_choices(choices: Sequence[str], language: Language) -> str:
    """The choices with their numbers from 1, on one line."""
    numbered = [language.say("item.choice", number=n, name=clean_text(name)) for n, name in enumerate(choices, 1)]
    return language.join(numbered)


def _make_point(group: list[Finding], voice: Voice) -> Point:
    first, language = group[0], voice.language
    todo = dict.fromkeys(_line(finding, "todo", voice) for finding in group)
    return Point(
        rule=first.rule,
        label=language.say(f"check.{first.check}"),
        asked=asked_line(first, voice),
        found=_found_in_all(group, voice),
        todo=tuple(line for line in todo if line),
        headings=_headings(group),
    )


def _found_in_all(group: list[Finding], voice: Voice) -> tuple[str, ...]:
    """What was found, once each; a file is named where it begins to be spoken of, not again after it."""
    found: dict[str, None] = {}
    file: str | None = None
    for finding in group:
        is_named = finding.file is not None and finding.file == file
        found.setdefault(found_line(finding, voice) if is_named else _found(finding, voice), None)
        file = finding.file
    return tuple(found)


def _headings(group: list[Finding]) -> tuple[str, ...]:
    headings = next((value for f in group if isinstance(value := f.values.get("headings"), tuple) and value), ())
    shown = tuple(clean_text(heading, _QUOTED_SHORT) for heading in headings[:_HEADINGS_SHOWN])
    return (*shown, "…") if len(headings) > _HEADINGS_SHOWN else shown


def _found(finding: Finding, voice: Voice) -> str:
    found = _line(finding, "found", voice)
    if not finding.file:
        return voice.language.say("item.link_unnamed", found=found) if finding.code in _LINK_CODES else found
    return voice.language.say("item.found_in_file", file=voice.language.nest(clean_text(finding.file)), found=found)


def _inside(finding: Finding, voice: Voice) -> str | None:
    """What organizers alone read; None when they read the same as everybody."""
    values, language = finding.values, voice.language
    if finding.code == "near_identical":
        return _near_identical(values, language)
    if finding.code == "late":
        return language.say(
            "inside.late",
            received_at=_worded("received_at", str(values.get("received_at", "")), finding, voice),
            closes_at=_worded("closes_at", str(values.get("closes_at", "")), finding, voice),
        )
    if finding.code == "category_alias" and not values.get("taken_for"):
        return language.say("inside.category_alias", found=clean_text(str(values.get("found", ""))))
    if finding.code == "category_not_chosen" and values.get("suggestion"):
        return language.say("inside.category_suggestion", suggestion=clean_text(str(values["suggestion"])))
    return None


def _near_identical(values: Mapping[str, FindingValue], language: Language) -> str:
    """Another address sent nearly the same: most often a community and its street; then a merge is proposed."""
    named = {
        "number": clean_text(str(values.get("number", ""))),
        "title": clean_title(str(values.get("title", ""))),
        "similarity": values.get("similarity_percent"),
    }
    if "recommender" not in values:
        return language.say("inside.near_identical", **named)
    recommender = clean_text(str(values["recommender"] or ""), _QUOTED_SHORT)
    if recommender:
        return language.say("inside.merge_with_recommender", **named, recommender=recommender)
    return language.say("inside.merge", **named)


def _line(finding: Finding, line: Literal["asked", "found", "todo"], voice: Voice) -> str:
    values = {name: _worded(name, value, finding, voice) for name, value in finding.values.items()}
    values |= {"detail": _link_detail(finding, voice)} if finding.code in _LINK_CODES else {}
    return voice.language.say(f"finding.{finding.code}.{line}", **values, you=voice.you, **_range(finding))


def _worded(name: str, value: FindingValue, finding: Finding, voice: Voice) -> object:
    language = voice.language
    match value:
        case int():
            return Count(
                value, language.say("item.approximate", number="{number}") if _is_doubtful(name, finding) else ""
            )
        case tuple():
            return _several(name, value, finding, language)
        case str() if name in {"received_at", "files_at", "newer_at", "closes_at"}:
            at = datetime.fromisoformat(value)
            write = language.dates.write_close if name == "closes_at" else language.dates.write_moment
            return write(at, voice.letterhead.zone)
        case str() if name == "provider":
            return language.say(f"provider.{value}")
        case str() if name == "format":
            return _format_name(value, language)
        case str() if name == "why":
            return clean_text(value, _REASON).rstrip("。.")
        case str():
            return language.nest(clean_text(value, _QUOTED_SHORT))
        case _:
            return "" if value is None else value


def _link_detail(finding: Finding, voice: Voice) -> str:
    size_bytes, expires_at = finding.values.get("size_bytes"), finding.values.get("expires_at")
    return describe_link(
        size_bytes if isinstance(size_bytes, int) else None,
        datetime.fromisoformat(expires_at) if isinstance(expires_at, str) else None,
        voice=voice,
    )


def describe_link(size_bytes: int | None, expires_at: datetime | None, *, voice: Voice) -> str:
    """Size and end of a linked file as the letter states them, to follow its provider; empty when neither is known."""
    say, dates = voice.language.say, voice.language.dates
    size = say("item.link_size", size=write_size(size_bytes)) if size_bytes else ""
    ends = say("item.link_ends", at=dates.write_moment(expires_at, voice.letterhead.zone)) if expires_at else ""
    return size + ends


def _several(name: str, values: tuple[str, ...], finding: Finding, language: Language) -> str:
    if name == "choices" and finding.code in _NUMBERED_CHOICES:
        return number_choices(values, language)
    if name in {"colour", "colours", "lacking"}:
        table = "lacking" if name == "lacking" else "colour"
        return language.join([_named(table, value, language) for value in values])
    if name == "accepted":
        return language.join([_format_name(value, language) for value in values])
    if name == "titles":
        return language.join([clean_title(value) for value in values])
    quoted = [language.quote(clean_text(value, _QUOTED_SHORT)) for value in values]
    return language.join(quoted)


def _format_name(value: str, language: Language) -> str:
    key = f"format.{value}"
    return language.say(key) if key in language.sentences else clean_text(value, _QUOTED_SHORT)


def _named(table: str, value: str, language: Language) -> str:
    """What the language calls it; else as it is (RGB)."""
    key = f"{table}.{value}"
    return language.say(key) if key in language.sentences else clean_text(value, _QUOTED_SHORT)


def _is_doubtful(name: str, finding: Finding) -> bool:
    """Whether a word count carries honest doubt, so that it is said as 约."""
    return name in {"found", "over", "short"} and finding.values.get("low") != finding.values.get("high")


def _range(finding: Finding) -> Mapping[str, object]:
    """For 左右: from how many to how many words nothing is said."""
    about, tolerance = finding.values.get("about"), finding.values.get("tolerance_percent")
    if not isinstance(about, int) or not isinstance(tolerance, int | float):
        return {}
    width = int(about * tolerance / 100)
    return {"range_low": Count(about - width), "range_high": Count(about + width)}
