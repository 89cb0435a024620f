"""The labels that headings and sections are measured against: read from tests/labels, which says how they were made."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "labels"
CORPUS = ROOT.parent / "shared" / "corpus"

Half = Literal["tuning", "held-out"]
Mark = str
"""The first letter of a line in tests/labels/documents: see the README there."""

_LINE = re.compile(r"(?P<mark>[TB1-9PNGFC]|[RSKV]\d)(?:\{(?P<answers>[\d,]+)\})? (?P<text>.*)")
_HEADED: frozenset[str] = frozenset("123456789RSKV")
_LOOK = re.compile(r"look (?P<mark>\w)")
_IGNORED = re.compile(r"[\s：:。.【】\[\]]+")


@dataclass(frozen=True, slots=True)
class Call:
    """What one call asks for."""

    as_: Literal["heading", "element"]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands, whatever reader cuts the document into blocks."""

    key: str
    """See `line_key`."""
    nth: int
    """How many earlier lines of the document begin with the same words."""


@dataclass(frozen=True, slots=True)
class HeadingLabel:
    """A line a person takes for a heading."""

    place: Place
    level: int | None
    answers: tuple[int, ...]
    """Indices of the call's sections it stands for; empty when it is nobody's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a composed document."""

    mark: Mark
    answers: tuple[int, ...]
    text: str
    rest: str
    """What follows on the same line, beside it or below it: the text of a run-in heading or of a label's cell."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A case document written for the labels, with the looks its builder gives it."""

    name: str
    format: Literal["docx", "pdf", "txt"]
    call: str
    looks: dict[str, str]
    lines: tuple[Line, ...]
    headings: tuple[HeadingLabel, ...]
    missing: frozenset[int]
    """Sections a person would ask for."""
    empty: frozenset[int]
    """Sections whose heading has nothing under it."""
    open: frozenset[int]
    """Sections a person would neither ask for nor find among the headings."""


@dataclass(frozen=True, slots=True)
class CorpusLabels:
    """A document of the corpus, labelled by eye."""

    file: str
    headings: tuple[HeadingLabel, ...]
    either: frozenset[Place]
    """Lines on which people differ; not scored."""
    until: Place | None
    """The last line looked at; None when the whole document was."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A heading beside a call's sections."""

    call: str
    heading: str
    answers: frozenset[int]
    certain: bool
    """False where people differ: then it may be recognised or not, but stands for nothing else."""


def half(name: str) -> Half:
    """Which half a document or pair belongs to, by the SHA-256 of its name."""
    return "held-out" if hashlib.sha256(name.encode()).digest()[-1] % 2 else "tuning"


def plain(text: str) -> str:
    """A line without spaces and without the marks around titles."""
    return _IGNORED.sub("", text)


def line_key(text: str) -> str:
    """Twelve hex digits that stand for a line, so that no text of the corpus is copied."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:12]


def place_of(lines: Sequence[str], index: int, heading: str) -> Place:
    """The place of a heading that stands at the start of `lines[index]`."""
    words = plain(heading)
    return Place(line_key(heading), sum(plain(line).startswith(words) for line in lines[:index]))


@cache
def calls() -> dict[str, Call]:
    """The calls by id."""
    table = tomllib.loads((LABELS / "calls.toml").read_text("utf-8"))
    return {name: Call(one["as"], tuple(one["sections"])) for name, one in table.items()}


def pairs() -> Iterator[Pair]:
    """Headings beside calls, in the order of the file."""
    for line in (LABELS / "pairs.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        call, heading, answers = (part.strip() for part in line.split("|"))
        numbers = frozenset(int(one) - 1 for one in answers.lstrip("?").split(",") if one.isdecimal())
        yield Pair(call, heading, numbers, certain=not answers.startswith("?"))


def corpus_labels() -> Iterator[CorpusLabels]:
    """The labelled documents of the corpus, by file name."""
    for line in (LABELS / "corpus.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        until = row.get("until")
        yield CorpusLabels(
            file=row["file"],
            headings=tuple(HeadingLabel(Place(key, nth), None, ()) for _, key, nth in row["headings"]),
            either=frozenset(Place(key, nth) for _, key, nth in row["either"]),
            until=Place(until[1], until[2]) if until else None,
        )


def composed(folder: str = "documents") -> Iterator[Composed]:
    """The composed documents of a folder of the labels, by name."""
    for path in sorted((LABELS / folder).glob("*.txt")):
        yield read_composed(path.stem, path.read_text("utf-8"))


def read_composed(name: str, source: str) -> Composed:
    """One composed document from its source.

    Raises:
        ValueError: A line or head is not of the format, or a section is not accounted for.
    """
    head: dict[str, str] = {}
    lines: list[Line] = []
    for row in source.splitlines():
        if found := _LINE.fullmatch(row):
            lines.append(_line(found))
        elif not lines and ": " in row:
            key, value = row.split(": ", 1)
            head[key] = value
        else:
            raise ValueError(f"{name}: {row}")
    printed = [line.text if line.mark in _HEADED else line.text + line.rest for line in lines]
    headings = tuple(
        HeadingLabel(place_of(printed, index, line.text), int(line.mark[-1]), line.answers)
        for index, line in enumerate(lines)
        if line.mark[0] in _HEADED
    )
    document = Composed(
        name=name,
        format=head["format"],  # type: ignore[arg-type]  # checked by the builder, which knows three
        call=head["call"],
        looks={_LOOK.fullmatch(key)["mark"]: value for key, value in head.items() if key.startswith("look ")},  # type: ignore[index]  # no match is a mistake in the file
        lines=tuple(lines),
        headings=headings,
        missing=_numbers(head.get("missing", "")),
        empty=_numbers(head.get("empty", "")),
        open=_numbers(head.get("open", "")),
    )
    _account_for_sections(document)
    return document


def _line(found: re.Match[str]) -> Line:
    text, _, rest = found["text"].partition("|")
    answers = tuple(int(one) - 1 for one in (found["answers"] or "").split(",") if one)
    if found["mark"] in {"P", "N"}:
        return Line(found["mark"], answers, _prose(found["text"]), "")
    return Line(found["mark"], answers, text, _prose(rest) if found["mark"][0] in _HEADED else rest)


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(one) - 1 for one in text.split())


def _account_for_sections(document: Composed) -> None:
    answered = {section for heading in document.headings for section in heading.answers}
    groups = (answered, document.missing, document.empty, document.open)
    every = sorted(section for group in groups for section in group)
    if every != list(range(len(calls()[document.call].sections))):
        raise ValueError(f"{document.name}: each section of the call stands in one group, these do: {every}")


@cache
def _passages() -> dict[str, str]:
    rows = (LABELS / "prose.txt").read_text("utf-8").splitlines()
    return dict(row.split("|", 1) for row in rows)


def _prose(text: str) -> str:
    return re.sub(r"@(\w+) ?", lambda found: _passages()[found[1]], text)
