"""What judges of the first round read and sign: a case as one document, and the lists that go with all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.figures.sheets import Cell, Column, Sheet
from intake.model import Document

LONGEST_TEXT = 60_000
"""Characters of a case that are printed; calls ask for some thousands."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A paragraph of a case."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A case as judges see it; names are hidden already where they are to be."""

    number: str
    title: str
    category: str
    unit: str = ""
    """Empty when it is hidden."""
    words: int | None = None
    photos: int = 0
    path: str = ""
    """Of its document, relative to the lists."""


def text_lines(documents: Iterable[Document]) -> tuple[ReviewLine, ...]:
    """The main text of case documents in reading order; the cells of a table row on one line."""
    lines: list[ReviewLine] = []
    left = LONGEST_TEXT
    for document in documents:
        headings = {heading.block for heading in document.facts.headings}
        row: tuple[int | None, int | None] = (None, None)
        for at, block in enumerate(document.facts.blocks):
            text = f"{block.label}{block.text}".strip()
            if block.part != "main" or not text or left <= 0 or at == document.facts.title_block:
                continue
            here = (block.table, block.row)
            if block.table is not None and here == row:
                lines[-1] = ReviewLine(f"{lines[-1].text}　{text}"[:left])
            else:
                lines.append(ReviewLine(text[:left], heading=at in headings and block.table is None))
            left -= len(text)
            row = here
    return tuple(lines)


def sign_sheet(cases: Sequence[ReviewCase]) -> Sheet:
    """初审登记表: a row for each case, with columns to fill in and sign."""
    columns = (
        Column("序号", "number", 6),
        Column("登记编号", width=14),
        Column("类别", width=12),
        Column("案例名称", width=40, wraps=True),
        Column("得分", width=8),
        Column("初审意见（入选／不入选）", width=22),
        Column("理由", width=30),
        Column("评审人签名", width=14),
        Column("日期", width=12),
    )
    rows = tuple((at, case.number, case.category, case.title, *[None] * 5) for at, case in enumerate(cases, 1))
    return Sheet("初审登记表", columns, rows, filters=False)


def summary_sheet(cases: Sequence[ReviewCase]) -> Sheet:
    """汇总表: what is there to be judged."""
    columns = (
        Column("序号", "number", 6),
        Column("登记编号", width=14),
        Column("类别", width=12),
        Column("案例名称", width=44, wraps=True),
        Column("报送单位", width=32, wraps=True),
        Column("字数", "number", 8),
        Column("照片", "number", 8),
        Column("材料", width=44, wraps=True),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (at, case.number, case.category, case.title, case.unit, case.words, case.photos, case.path)
        for at, case in enumerate(cases, 1)
    )
    return Sheet("汇总表", columns, rows)
