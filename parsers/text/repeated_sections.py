"""Several cases in one document, told by their parts coming round again. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.facts import DocumentFacts, Heading
from parsers.text.script import to_simplified

_ROUND_WORDS = 150
"""字数 a round of parts holds at least: the lines of a table of contents hold none, a summary table few."""
_NUMBERED_WORDS = 800
"""字数 under 案例一, 案例二: one case tells shorter examples under such headings, too."""
_PARTS_A_ROUND = 3
"""Parts of different kinds that make a round: one case may speak twice of 做法 and 成效."""

_KINDS = (
    re.compile(r"背景|起因|缘由|缘起|由来"),
    re.compile(r"做法|举措|措施|经过|过程|实施|路径"),
    re.compile(r"成效|成果|效果|反响|影响"),
    re.compile(r"探讨|评论|评析|点评|启示|思考|体会|经验"),
)
"""The parts of a case in the order they are written in."""
_NUMBERED_CASE = re.compile(r"^\W*(?:典型|优秀|创新)?案例\s*+(?:之|第)?\s*+[一二三四五六七八九十\d]{1,3}(?!个|年)")


def cases_inside(document: DocumentFacts) -> int:
    """How many cases a document seems to hold: 1 unless sets of parts, or 案例一 案例二 with long texts, repeat.

    Tables of contents and short examples within one case do not count.
    """
    return max(_rounds(document.headings), _numbered_cases(document), 1)


def _rounds(headings: Sequence[Heading]) -> int:
    """Full rounds of parts. A round ends where its first part comes again after a later one."""
    rounds, seen, words = 0, set[int](), 0
    for heading in headings:
        kind = _kind(heading.title)
        if kind is None:
            continue
        if kind in seen and kind == min(seen) and max(seen) > kind:
            rounds += len(seen) >= _PARTS_A_ROUND and words >= _ROUND_WORDS
            seen, words = set(), 0
        seen.add(kind)
        words += heading.words
    return rounds + (len(seen) >= _PARTS_A_ROUND and words >= _ROUND_WORDS)


def _kind(title: str) -> int | None:
    simplified = to_simplified(title)
    return next((kind for kind, pattern in enumerate(_KINDS) if pattern.search(simplified)), None)


def _numbered_cases(document: DocumentFacts) -> int:
    """Headings 案例一, 案例二 that differ, each over a text as long as a case's."""
    starts = [
        (at, match.group().strip())
        for at, block in enumerate(document.blocks)
        if block.part == "main" and block.table is None and "案例" in block.text and len(block.text) <= 60
        if (match := _NUMBERED_CASE.search(to_simplified(block.text)))
    ]
    if len(starts) < 2:
        return 0
    ends = [at for at, _ in starts[1:]] + [len(document.blocks)]
    long = {
        label
        for (at, label), end in zip(starts, ends, strict=True)
        if sum(len(block.text) for block in document.blocks[at:end] if block.part == "main") >= _NUMBERED_WORDS
    }
    return len(long) if len(long) > 1 else 0
