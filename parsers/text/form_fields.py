"""Finds a 报名表 inside (or instead of) a case document, takes it out of the text and reads its fields. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from parsers.facts import Block, FormField
from parsers.text.counting import count_words
from parsers.text.form_labels import field_name, is_form_title, label_pattern
from parsers.text.lines import is_attachment_mark
from parsers.text.script import to_simplified
from parsers.text.titles import names_usual_part

_ENOUGH_LABELS = 3
"""Different labels that make a table or a run of lines a form; one less under a title that says so."""
_NARRATIVE_WORDS = 300
"""From this many 字 a cell holds prose, not a field."""
_PART_WORDS = 30
"""From this many 字 beside a title like 主要做法 a cell holds that part of the case."""
_ENOUGH_PARTS = 3
"""So many of them are the case itself; a recommendation has a 主要做法 or 主要成效 as a field."""
_TITLE_REACH = 3

Cells = dict[tuple[int, int], list[int]]
"""Block indices of one table by (row, column), in reading order."""


def separate_form(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[FormField, ...]]:
    """The same blocks, those of a form re-labelled as part `form`, and the form's fields in reading order.

    A table is a form when it holds three different labels (单位, 联系人, 电话, …), two
    when a 报名表 title stands above it; so are lines of label and value. Cells of prose
    stay in the main text when they hold more than everything outside the form does:
    then the case was written into the form.
    """
    form: set[int] = set()
    fields: list[FormField] = []
    for cells in _tables(blocks).values():
        found = list(_table_fields(blocks, cells))
        if _is_form(found, titled=_has_title_above(blocks, min(map(min, cells.values())))):
            fields += found
            form.update(index for indices in cells.values() for index in indices)
    for start, end in _line_runs(blocks):
        found = [field for index in range(start, end) for field in _line_fields(blocks[index].text, index)]
        if _is_form(found, titled=_has_title_above(blocks, start)):
            fields += found
            form.update(range(start, end))
    if not form:
        return tuple(blocks), ()
    form |= _titles_above(blocks, form)
    form -= _narrative(blocks, form)
    relabelled = (
        block.model_copy(update={"part": "form"}) if index in form else block for index, block in enumerate(blocks)
    )
    return tuple(relabelled), tuple(sorted(fields, key=lambda field: field.block))


def _is_form(fields: Sequence[FormField], *, titled: bool) -> bool:
    names = {field.name for field in fields} - {"other"}
    labels = {field.label for field in fields}
    return len(names) >= 2 and len(labels) >= (_ENOUGH_LABELS - 1 if titled else _ENOUGH_LABELS)


def _tables(blocks: Sequence[Block]) -> dict[int, Cells]:
    tables: dict[int, Cells] = defaultdict(lambda: defaultdict(list))
    for index, block in enumerate(blocks):
        if block.table is not None and block.part == "main":
            tables[block.table][block.row or 0, block.column or 0].append(index)
    return tables


def _table_fields(blocks: Sequence[Block], cells: Cells) -> Iterator[FormField]:
    """Label cells with the cell after them, or below them in a table whose first row is all labels."""
    texts = {place: "\n".join(blocks[index].text for index in indices).strip() for place, indices in cells.items()}
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place in sorted(texts):
        rows[place[0]].append(place)
    for row, places in rows.items():
        labels = [place for place in places if field_name(texts[place])]
        header = len(labels) >= 3 and len(labels) == len(places)
        for position, place in enumerate(places):
            if place in labels:
                after = places[position + 1] if position + 1 < len(places) else None
                value = (row + 1, place[1]) if header else after if after not in labels else None
                if value in cells:
                    yield _field(texts[place], texts[value], cells[value][0])
                elif not header:
                    yield _field(texts[place], "", cells[place][0])
            elif len(texts[place]) < _NARRATIVE_WORDS:
                for index in cells[place]:
                    yield from _line_fields(blocks[index].text, index)


def _line_fields(text: str, block: int) -> Iterator[FormField]:
    """Fields written as 联系人：张三 电话：138…, several to a line."""
    found = list(label_pattern().finditer(to_simplified(text)))
    for position, label in enumerate(found):
        end = found[position + 1].start() if position + 1 < len(found) else len(text)
        yield _field(text[label.start(1) : label.end(1)], text[label.end() : end], block)


def _field(label: str, value: str, block: int) -> FormField:
    plain = "".join(label.split()).strip("：:")
    tidy = "\n".join(line.strip(" \t\u3000；;，,、|｜") for line in value.splitlines() if line.strip())
    return FormField(name=field_name(label) or "other", label=plain, value=tidy, block=block)


def _line_runs(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of consecutive lines outside tables that each begin with a label."""
    start: int | None = None
    for index, block in enumerate(blocks):
        found = label_pattern().match(to_simplified(block.text.strip()[:40])) if len(block.text) < 400 else None
        is_label = found is not None and block.table is None and block.part == "main"
        if is_label and start is None:
            start = index
        # A blank line, or the second line of a value, does not end the form: what stands between two labels belongs.
        elif not is_label and start is not None and (block.text.strip() or block.table is not None):
            yield start, index
            start = None
    if start is not None:
        yield start, len(blocks)


def _has_title_above(blocks: Sequence[Block], index: int) -> bool:
    return any(is_form_title(block.text) for block in blocks[max(0, index - _TITLE_REACH) : index + 1])


def _titles_above(blocks: Sequence[Block], form: AbstractSet[int]) -> set[int]:
    """The lines just above a form that belong to it: 附件1, and from the title of the form on down."""
    titles: set[int] = set()
    for start in sorted(index for index in form if index - 1 not in form):
        above = range(max(0, start - _TITLE_REACH), start)
        first = next((i for i in above if is_form_title(blocks[i].text)), None)
        if first is not None:
            titles.update(range(first, start))
            if first and is_attachment_mark(blocks[first - 1].text):
                titles.add(first - 1)
    return {index for index in titles if blocks[index].part == "main"}


def _narrative(blocks: Sequence[Block], form: AbstractSet[int]) -> set[int]:
    """The blocks of prose cells with the parts they stand beside, when the case itself was written into the form; else none."""
    cells: dict[tuple[int | None, int | None, int | None], list[int]] = defaultdict(list)
    for index in sorted(form):
        if blocks[index].table is not None:
            cells[blocks[index].table, blocks[index].row, blocks[index].column].append(index)
    words = {place: sum(count_words(blocks[i].text) for i in indices) for place, indices in cells.items()}
    prose = {place for place in cells if words[place] >= _NARRATIVE_WORDS}
    titled = [(label, text) for label, text in itertools.pairwise(cells) if words[text] >= _PART_WORDS]
    # 背景与起因 | …: parts of the case with their headings, however short each of them.
    titled = [(label, text) for label, text in titled if _is_part_title(blocks, cells[label])]
    if len(titled) >= _ENOUGH_PARTS and sum(words[text] for _, text in titled) >= _NARRATIVE_WORDS:
        prose.update(place for pair in titled for place in pair)
    outside = sum(count_words(block.text) for i, block in enumerate(blocks) if block.part == "main" and i not in form)
    if sum(words[place] for place in prose) <= outside:
        return set()
    return {index for place in prose for index in cells[place]}


def _is_part_title(blocks: Sequence[Block], indices: Sequence[int]) -> bool:
    title = "".join(blocks[index].text for index in indices)
    return field_name(title) is None and names_usual_part(title)
