"""An outline as plain text and as HTML. Pure but for reading its template."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from intake.replies.language import Language
from intake.replies.outline import Block, Bullets, Folded, Heading, Paragraph, Row, Rows, Signature

if TYPE_CHECKING:
    from jinja2 import Template


def render_text(blocks: Sequence[Block], language: Language) -> str:
    """The letter as plain text: a blank line between blocks, no hard wraps, one line end at the end."""
    text = ""
    for block in blocks:
        # A heading stays with what it heads.
        text += _block_text(block, language) + ("\n" if isinstance(block, Heading) else "\n\n")
    return text.rstrip("\n") + "\n"


def render_html(blocks: Sequence[Block], *, subject: str, language: str) -> str:
    """The letter as one HTML page: inline styles, no pictures, every value escaped."""
    return _template().render(blocks=blocks, subject=subject, language=language)


def _block_text(block: Block, language: Language) -> str:
    match block:
        case Paragraph(text=text):
            return text
        case Heading(text=text):
            return language.say("item.heading", text=text)
        case Bullets(items=items):
            return "\n".join(f"· {item}" for item in items)
        case Rows(rows=rows, title=title):
            indent = "   " if title else ""
            lines = [line for row in rows for line in _row_lines(row, indent, language.say("mark.colon"))]
            return "\n".join([title, *lines] if title else lines)
        case Signature(lines=lines):
            return "\n".join(lines)
        case Folded(summary=summary, lines=lines):
            return "\n".join([language.say("item.folded", text=summary), *lines])


def _row_lines(row: Row, indent: str, colon: str) -> list[str]:
    if len(row.values) == 1:
        return [f"{indent}{row.label}{colon}{row.values[0]}"]
    return [f"{indent}{row.label}{colon}".rstrip(), *(f"{indent}· {value}" for value in row.values)]


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("intake.replies").joinpath("templates", "letter.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
