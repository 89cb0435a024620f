"""Lists of cases (汇总表): which titles a table names. Pure, over blocks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from parsers.facts import Block
from parsers.text.form_labels import field_name

_HEADER_WITHIN_ROWS = 6
"""A list's title, its unit and a date may stand above the row of headings."""
_TITLE_CHARACTERS = 100
_TITLES_AT_MOST = 500
_SUM = re.compile(r"^\s*(?:合\s*计|总\s*计|小\s*计|共\s*\d+|备\s*注|填表|说明|注[:：])")
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.．、]\s*(?=\S)")
_WORDS = re.compile(r"[^\W\d_]")

_Rows = dict[int, dict[int, str]]


def listed_titles(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The titles listed under a column called 案例名称 (or 题目, 项目名称 …), in order, each once, 500 at most.

    Empty when no table has such a column with two titles or more below it: a form names one.
    """
    titles: list[str] = []
    for rows in _tables(blocks):
        found = list(_titles_of(rows))
        if len(found) > 1:
            titles += found
    return tuple(dict.fromkeys(titles))[:_TITLES_AT_MOST]


def _tables(blocks: Sequence[Block]) -> Iterator[_Rows]:
    """Each table as row → column → text."""
    tables: dict[int, _Rows] = defaultdict(lambda: defaultdict(dict))
    for block in blocks:
        if block.table is None or block.row is None or block.column is None:
            continue
        cells = tables[block.table][block.row]
        cells[block.column] = f"{cells.get(block.column, '')} {block.text}".strip()
    for _, rows in sorted(tables.items()):
        yield {row: dict(cells) for row, cells in sorted(rows.items())}


def _titles_of(rows: _Rows) -> Iterator[str]:
    places = list(rows)
    for header in places[:_HEADER_WITHIN_ROWS]:
        labels = {column: field_name(text) for column, text in rows[header].items()}
        column = next((at for at, name in labels.items() if name == "title"), None)
        # One label alone is a form's row; a list has a heading for every column.
        if column is None or sum(name is not None for name in labels.values()) < min(2, len(labels)):
            continue
        for place in places[places.index(header) + 1 :]:
            title = _title(rows[place].get(column, ""))
            if title and not any(_SUM.match(text) for text in rows[place].values() if text):
                yield title
        return


def _title(cell: str) -> str:
    """The title a cell holds; empty when it holds none."""
    line = _NUMBERING.sub("", " ".join(cell.split()))
    if line.startswith("《") and line.endswith("》") and line.count("《") == 1:
        line = line[1:-1]
    is_title = 2 <= len(line) <= _TITLE_CHARACTERS and _WORDS.search(line) is not None and field_name(line) is None
    return line if is_title else ""
