"""Builds revisions for the checks' tests: a complete huli-2022 submission, to be spoilt one way at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from config.campaign import Campaign, RuleTable, load_campaign
from intake.checks import Rule, build_checks
from intake.model import Document, Photo, Problem, ReadFile, Revision, Role
from parsers.facts import (
    Block,
    DocumentFacts,
    Format,
    FormField,
    Heading,
    Measure,
    Part,
    PhotoFacts,
    ProblemCode,
    TextCounts,
)

HULI_SECTIONS = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")
CLOSES_AT = datetime(2022, 12, 20, 16, tzinfo=UTC)
"""2022-12-21T00:00+08:00, the exclusive end of 12月20日."""
IN_TIME = datetime(2022, 12, 10, 2, tzinfo=UTC)


def checks_of(campaign: Campaign | str) -> tuple[Rule, ...]:
    """The checks of a preset or campaign."""
    loaded = load_campaign(campaign) if isinstance(campaign, str) else campaign
    return build_checks(loaded.rules, grace_minutes=loaded.grace_minutes)


def rule(check: str, **keys: Any) -> Rule:
    """One rule of that check, built the way a campaign file's is."""
    return rules({"check": check, **keys})[0]


def rules(*tables: dict[str, Any]) -> tuple[Rule, ...]:
    """Rules that know of one another, as those of one campaign file; an id not given is the check's name."""
    raw = [
        RuleTable(table={"id": table["check"], **table}, file="t.toml", key=f"rule[{number}]", line=number, lines={})
        for number, table in enumerate(tables, 1)
    ]
    return build_checks(raw)


def measure(value: int, *, low: int | None = None, high: int | None = None, reason: Any = "exact") -> Measure:
    """A measure; exact unless told."""
    return Measure(value=value, low=value if low is None else low, high=value if high is None else high, reason=reason)


def counts(words: int | Measure) -> TextCounts:
    """The three counts of a part that holds nothing but Chinese characters."""
    counted = words if isinstance(words, Measure) else Measure.exact(words)
    return TextCounts(words=counted, characters=counted, characters_with_spaces=counted)


def heading(title: str, *, words: int = 500, number: str = "", block: int = 0) -> Heading:
    """A numbered first-level heading."""
    return Heading(block=block, text=f"{number}{title}", title=title, level=1, signal="numbered", words=words)


def document(
    name: str = "案例.docx",
    *,
    role: Role = "case",
    format: Format = "docx",  # noqa: A002 - the field's name
    words: int | Measure = 2400,
    headings: Sequence[Heading | str] = HULI_SECTIONS,
    text: str = "金安社区把网格里的小事当大事办。",
    parts: dict[Part, TextCounts] | None = None,
    fields: Sequence[tuple[str, str]] = (),
    **facts: Any,
) -> Document:
    """A document that was read; by default a case with the four sections of huli-2022."""
    return Document(
        name=name,
        sha256=name.encode().hex().ljust(64, "0")[:64],
        size_bytes=20_000,
        format=format,
        role=role,
        facts=DocumentFacts(
            blocks=tuple(Block(text=line) for line in text.splitlines()),
            headings=tuple(heading(one) if isinstance(one, str) else one for one in headings),
            counts={"main": counts(words), **(parts or {})},
            fields=tuple(FormField(name=key, label=key, value=value, block=0) for key, value in fields),
            **facts,
        ),
    )


def photo(name: str = "1.jpg", *, counted: bool = True, kind: Any = "jpeg") -> Photo:
    """A photo of the usual size; not counted means the same picture again."""
    return Photo(
        name=name,
        sha256=name.encode().hex().ljust(64, "0")[:64],
        size_bytes=1_000_000,
        facts=PhotoFacts(kind=kind, width_px=4000, height_px=3000),
        counted=counted,
        why_not=None if counted else "same_picture",
    )


def photos(count: int) -> tuple[Photo, ...]:
    """That many different photos."""
    return tuple(photo(f"{number}.jpg") for number in range(1, count + 1))


def problem(name: str, code: ProblemCode, *, format: Format = "docx", role: Role = "attachment") -> Problem:  # noqa: A002 - the field's name
    """A file that could not be read."""
    return Problem(name=name, sha256="0" * 64, size_bytes=10, format=format, code=code, role=role)


def revision(*files: ReadFile, **facts: Any) -> Revision:
    """A revision of those files; received in time, category written, unless told."""
    told: dict[str, Any] = {
        "received_at": IN_TIME,
        "closes_at": CLOSES_AT,
        "title": "小网格办大事",
        "category": "网格治理",
        **facts,
    }
    return Revision(files=files, **told)


def complete() -> Revision:
    """A submission that meets every demand of huli-2022."""
    return revision(document(), *photos(5))
