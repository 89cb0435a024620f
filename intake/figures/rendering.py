"""A digest's sections as plain text and as HTML. Pure but for reading its template."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from intake.figures.charts import COLOURS, Chart, DayChart
from intake.figures.sections import Card, Section, Table

if TYPE_CHECKING:
    from jinja2 import Template


def render_text(headline: str, intro: Sequence[str], sections: Sequence[Section]) -> str:
    """The digest as plain text; a table's row is one line, its cells set apart by ｜."""
    parts = [headline, "\n".join(intro), *(_section_text(section) for section in sections)]
    return "\n\n".join(part for part in parts if part) + "\n"


def render_html(
    headline: str, intro: Sequence[str], sections: Sequence[Section], *, subject: str, loud: bool = False
) -> str:
    """The digest as a page with inline styles, which mail clients keep; every value escaped.

    `loud`: the first line itself tells of something wrong.
    """
    import css_inline

    page = _template().render(
        headline=headline, intro=intro, sections=sections, subject=subject, loud=loud, colours=COLOURS
    )
    # Nothing is fetched: neither style sheets of the net nor of the disk.
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_link_tags=False)
    return str(inliner.inline(page))


def _section_text(section: Section) -> str:
    mark = "!! " if section.loud else ""
    lines = [f"{mark}【{section.heading}】", *section.lines]
    for card in section.cards:
        lines += _card_text(card)
    if section.table:
        lines += _table_text(section.table)
    for chart in section.charts:
        lines += _chart_text(chart)
    for block in section.blocks:
        lines += [f"—— {block.title} ——", block.text, "——"]
    return "\n".join([*lines, *section.after])


def _card_text(card: Card) -> list[str]:
    return [card.title, *(f"   {label}：{text}" for label, text in card.rows)]


def _chart_text(chart: Chart) -> list[str]:
    """What a picture shows, a line for each day or bar that holds anything."""
    if isinstance(chart, DayChart):
        named = [(f"{each.day.month}月{each.day.day}日", each.counts) for each in chart.columns]
    else:
        named = [(bar.label, bar.counts) for bar in chart.bars]
    lines = []
    for label, counts in named:
        said = [f"{series.word}{count}" for series, count in zip(chart.series, counts, strict=True) if count]
        lines += [f"{label} {'，'.join(said)}"] if said else []
    return [f"{chart.title}：", *lines]


def _table_text(table: Table) -> list[str]:
    rows = [" ｜ ".join(cell.replace("\n", "，") for cell in row if cell) for row in table.rows]
    return [" ｜ ".join(table.columns), *rows]


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("intake.figures").joinpath("templates", "digest.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
