"""Where in a document each finding is meant, and what a comment there says: the marked copy before it is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from intake.model import Document, Finding, Photo
from intake.replies.sentences import Voice, asked_line, found_line, todo_line
from intake.wording import clean_text
from parsers.documents.docx_marks import Mark
from parsers.facts import Block, Part
from parsers.text.counting import count_text, count_words

MOST_MARKS = 20
"""Comments in one copy; what is said oftener is said in the letter."""

_WORDS_SHOWN = 12
_TOO_LONG = frozenset({"too_many_words", "far_from_about"})
_TOO_SHORT = frozenset({"too_few_words", "far_from_about"})
_MARKED_NOTES = frozenset({"placeholder_left"})
_IN_TEXT: frozenset[Part] = frozenset({"main", "form"})
"""Blocks a comment can hang on: those of the document's own story."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks, as far as it tells places of one document."""

    parts: tuple[Part, ...] = ("main",)
    """Which parts a length counts."""
    measure: Literal["words", "characters", "characters_with_spaces"] = "words"
    sections: tuple[tuple[str, int | None], ...] = ()
    """The sections in the call's order, each with the block of the heading taken for it; None where none was."""


def place_marks(
    document: Document,
    photos: Sequence[Photo],
    findings: Sequence[Finding],
    asked: Mapping[str, Asked],
    *,
    voice: Voice,
) -> tuple[Mark, ...]:
    """The comments for `document`, in the order of `findings`, at most `MOST_MARKS`.

    Empty when nothing that the submitter is asked to complete has a place in it: a missing photo has none.
    `asked`: by rule id, of the rules that have one.
    """
    marks: list[Mark] = []
    is_asked = False
    for finding in findings:
        if finding.audience != "submitter":
            continue
        if finding.severity == "note" and finding.code not in _MARKED_NOTES:
            continue
        for mark in _Places(document, photos, asked.get(finding.rule, Asked()), voice).of(finding):
            marks.append(mark)
            is_asked = is_asked or finding.severity == "fix"
    return tuple(dict.fromkeys(marks))[:MOST_MARKS] if is_asked else ()


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of one rule's findings in one document."""

    document: Document
    photos: Sequence[Photo]
    asked: Asked
    voice: Voice

    def of(self, finding: Finding) -> Iterator[Mark]:
        """The comment for one finding; nothing when it is about another file or has no place."""
        if finding.code.startswith("photo_"):
            yield from self._photo(finding)
            return
        if finding.file not in (None, self.document.name):
            return
        match finding.code:
            case "too_many_words" | "too_few_words" | "far_from_about":
                yield from self._length(finding)
            case "section_empty":
                yield from self._heading(finding)
            case "section_missing":
                yield from self._missing(finding)
            case "placeholder_left":
                yield from self._placeholder(finding)

    @property
    def _blocks(self) -> Sequence[Block]:
        return self.document.facts.blocks

    def _length(self, finding: Finding) -> Iterator[Mark]:
        limit = _whole(finding.values.get("max"))
        if limit is None and finding.code in _TOO_LONG:
            limit = _upper(finding)
        found = _whole(finding.values.get("found"))
        if limit is not None and found is not None and found > limit:
            passed = self._passing(limit)
            if passed is not None:
                at, offset = passed
                words = " ".join(self._blocks[at].text[offset:].split())[:_WORDS_SHOWN]
                lead = self.voice.language.say("marked.limit", limit=limit, words=clean_text(words))
                yield self._mark(at, finding, lead=lead, offset=offset)
        elif finding.code in _TOO_SHORT:
            last = self._last(range(len(self._blocks)))
            if last is not None:
                yield self._mark(last, finding)

    def _passing(self, limit: int) -> tuple[int, int] | None:
        """Block and character where the count first exceeds `limit`; None when it never does, or in a part no comment hangs on."""
        before = 0
        for at, block in enumerate(self._blocks):
            if block.part not in self.asked.parts:
                continue
            count = self._count(block.text)
            if before + count > limit:
                return (at, self._offset(block.text, limit - before)) if block.part in _IN_TEXT else None
            before += count
        return None

    def _offset(self, text: str, rest: int) -> int:
        """The longest start of `text` that counts no more than `rest`."""
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._count(text[:middle]) <= rest else (low, middle - 1)
        return low

    def _count(self, text: str) -> int:
        if self.asked.measure == "words":
            return count_words(text)
        counts = count_text([text])
        measure = counts.characters if self.asked.measure == "characters" else counts.characters_with_spaces
        return measure.value

    def _heading(self, finding: Finding) -> Iterator[Mark]:
        """At the heading that has no text."""
        text = finding.values.get("heading")
        at = next((heading.block for heading in self.document.facts.headings if heading.text == text), None)
        if at is not None and self._blocks[at].part in _IN_TEXT:
            yield self._mark(at, finding)

    def _missing(self, finding: Finding) -> Iterator[Mark]:
        """Where the call's order would have the part: after the one before it, else before the one that follows."""
        section = finding.values.get("section")
        names = [name for name, _ in self.asked.sections]
        if not isinstance(section, str) or section not in names:
            return
        place = names.index(section)
        here = max((at for _, at in self.asked.sections[:place] if at is not None), default=None)
        if here is not None:
            last = self._last(range(here, self._end_of(here)))
            if last is not None:
                lead = self.voice.language.say("marked.after", section=clean_text(section))
                yield self._mark(last, finding, lead=lead)
            return
        following = [at for _, at in self.asked.sections[place + 1 :] if at is not None]
        if following:
            lead = self.voice.language.say("marked.before", section=clean_text(section))
            yield self._mark(min(following), finding, lead=lead)
        elif (last := self._last(range(len(self._blocks)))) is not None:
            lead = self.voice.language.say("marked.after", section=clean_text(section))
            yield self._mark(last, finding, lead=lead)

    def _end_of(self, start: int) -> int:
        """One past the last block of the part that the heading at block `start` opens."""
        headings = self.document.facts.headings
        level = next((heading.level for heading in headings if heading.block == start), 1)
        ends = (heading.block for heading in headings if heading.block > start and heading.level <= level)
        return min(ends, default=len(self._blocks))

    def _last(self, blocks: range) -> int | None:
        """The last of these blocks with text of the document's own; None when there is none."""
        own = (at for at in reversed(blocks) if self._blocks[at].part == "main" and self._blocks[at].text.strip())
        return next(own, None)

    def _placeholder(self, finding: Finding) -> Iterator[Mark]:
        first = finding.values.get("first")
        if not isinstance(first, str):
            return
        for at, block in enumerate(self._blocks):
            if block.part in _IN_TEXT and first in block.text:
                yield self._mark(at, finding, offset=block.text.index(first))
                return

    def _photo(self, finding: Finding) -> Iterator[Mark]:
        for photo in self.photos:
            inside = photo.source == "embedded" and photo.container == self.document.name
            if inside and photo.name == finding.file:
                found = self.voice.language.say("marked.photo", found=found_line(finding, self.voice))
                yield Mark(comment=self._comment(finding, found=found), picture=photo.sha256)
                return

    def _mark(self, at: int, finding: Finding, *, lead: str = "", offset: int = 0) -> Mark:
        comment = self._comment(finding, lead=lead)
        return Mark(comment=comment, block=at, text=self._blocks[at].text, offset=offset)

    def _comment(self, finding: Finding, *, lead: str = "", found: str = "") -> str:
        """What is there, what to do, what the call asks; short, for the margin is narrow."""
        language = self.voice.language
        found, todo = found or found_line(finding, self.voice), todo_line(finding, self.voice)
        said = language.sentence(language.say("report.item", found=found, todo=todo) if todo else found)
        asked = asked_line(finding, self.voice)
        quoted = language.say("marked.asked", asked=asked) if asked else ""
        return language.paragraph(lead, said, quoted)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _upper(finding: Finding) -> int | None:
    """For 左右: the most words about which nothing is said."""
    about, tolerance = finding.values.get("about"), finding.values.get("tolerance_percent")
    if not isinstance(about, int) or not isinstance(tolerance, int | float):
        return None
    return about + int(about * tolerance / 100)
