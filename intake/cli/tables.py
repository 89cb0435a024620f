"""Tables and progress for people; plain lines when the output is piped."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from intake.wording import clean_text


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on a screen, tab-separated lines in a pipe; strangers' text is made harmless."""
    cells = [[clean_text("" if value is None else str(value), 60) for value in row] for row in rows]
    if not sys.stdout.isatty():
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
