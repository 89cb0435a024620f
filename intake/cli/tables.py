"""Tables for people, plain lines in a pipe; what strangers wrote is made harmless on either."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence

CELL_CHARACTERS = 60


def plain(text: str, limit: int | None = None) -> str:
    """A stranger's text on one line, without control and bidirectional signs; addresses stay as they are."""
    visible = "".join(" " if char.isspace() else char for char in text if char.isspace() or _shows(char))
    flat = " ".join(visible.split())
    return flat if limit is None or len(flat) <= limit else f"{flat[: limit - 1]}…"


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on a screen; tab-separated lines, nothing cut off, in a pipe."""
    screen = sys.stdout.isatty()
    limit = CELL_CHARACTERS if screen else None
    cells = [[plain("" if value is None else str(value), limit) for value in row] for row in rows]
    if not screen:
        print("\t".join(columns))
        for row in cells:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_lines=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in cells:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)


def _shows(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"
