"""Lines of a case, and what headings are found among them."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.facts import Block
from parsers.text.counting import count_words
from parsers.text.headings import find_headings

PROSE = "近年来，社区党委坚持以居民需求为导向，围绕老旧小区停车难、环境差等突出问题，推动多元共治，居民议事渐成习惯。"
WORDS = count_words(PROSE)
SECTIONS = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")


def found(*blocks: Block | str, title_block: int | None = None) -> list[tuple[int, str, str, int]]:
    """(level, signal, text, words) of each heading."""
    headings = find_headings([as_block(one) for one in blocks], title_block=title_block)
    return [(one.level, one.signal, one.text, one.words) for one in headings]


def as_block(one: Block | str) -> Block:
    """A plain paragraph, unless it is more."""
    return one if isinstance(one, Block) else Block(text=one)


def between(headings: Sequence[Block | str]) -> list[Block | str]:
    """Each heading with a paragraph under it."""
    return [line for heading in headings for line in (heading, PROSE)]


def cell(text: str, row: int, column: int, *, table: int = 0) -> Block:
    """What stands in a cell."""
    return Block(text=text, table=table, row=row, column=column)
