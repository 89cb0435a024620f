"""The sample cases as text: believable, and wholly invented, as are their places, people and figures."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a case: its heading and the paragraphs under it, in order."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseText:
    """A case as its writer typed it, before any layout."""

    title: str
    byline: tuple[str, ...]
    """The lines under the title: who reports it, and its category where the writer stated one."""
    sections: tuple[Section, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything in reading order, one paragraph a line."""
        parts = (line for section in self.sections for line in (section.heading, *section.paragraphs))
        return (self.title, *self.byline, *parts)


def load_case(name: str) -> CaseText:
    """The text `name` of the folder `texts`: a title, byline lines, then `# ` headings with their paragraphs."""
    text = files("intake.demo").joinpath("texts", f"{name}.txt").read_text(encoding="utf-8")
    head, *parts = text.split("\n# ")
    title, *byline = filter(None, head.split("\n"))
    return CaseText(title, tuple(byline), tuple(_section(part) for part in parts))


def _section(part: str) -> Section:
    heading, *paragraphs = filter(None, part.split("\n"))
    return Section(heading, tuple(paragraphs))
