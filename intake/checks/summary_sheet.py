"""Whether the cases a summary sheet (汇总表) lists have come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from rapidfuzz import fuzz

from intake.checks.rule import Rule
from intake.model import Document, Finding, Revision
from parsers.text.case_lists import listed_titles
from parsers.text.script import to_simplified

_SAME_TITLE = 80.0
"""rapidfuzz ratio (0 to 100) from which two titles name one case; a sheet shortens and mistypes them."""
_SHORTENED_CHARACTERS = 6
"""A title that stands whole inside another names the same case from this length on."""
_LONGEST_TITLE = 200
"""Characters compared; each listed title is held against each received one."""
_NAMED_AT_MOST = 10


class SummarySheet(Rule):
    """Compares the list with the cases the sender's addresses have sent; advice only, since more may be on its way."""

    name: ClassVar[str] = "summary_sheet"
    about_check: ClassVar[str] = "汇总表：表中列出的案例与已收到的对照，指出还没有见到的；只作提示。"

    check: Literal["summary_sheet"]

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """One note for each sheet of which a case is missing, in the order of the files."""
        if not self.applies(revision):
            return ()
        return tuple(
            finding
            for sheet in revision.documents
            if sheet.role == "summary_sheet"
            for finding in self._of_sheet(sheet, revision)
        )

    def judges(self, revision: Revision) -> bool:  # noqa: ARG002 - a list that fits is no demand of the call
        """False: nothing is asked."""
        return False

    def _of_sheet(self, sheet: Document, revision: Revision) -> tuple[Finding, ...]:
        listed = listed_titles(sheet.facts.blocks)
        received = tuple(dict.fromkeys(filter(None, (revision.title, *revision.reported))))
        missing = missing_titles(listed, received)
        if not missing:
            return ()
        return (
            self._finding(
                "listed_not_received",
                "note",
                file=sheet.name,
                listed=len(listed),
                received=len(listed) - len(missing),
                titles=missing[:_NAMED_AT_MOST],
            ),
        )


def missing_titles(listed: Sequence[str], received: Sequence[str]) -> tuple[str, ...]:
    """Those of `listed` no title of `received` stands for, in order; each received title stands for one.

    The likeliest pairs are made first, so that two titles that differ in one word do not take each other's place.
    """
    others = [_letters(title) for title in received]
    likeness = sorted(
        (
            (-likeness, at, place)
            for at, one in enumerate(map(_letters, listed))
            for place, other in enumerate(others)
            if (likeness := _likeness(one, other)) >= _SAME_TITLE
        ),
    )
    here: set[int] = set()
    taken: set[int] = set()
    for _, at, place in likeness:
        if at not in here and place not in taken:
            here.add(at)
            taken.add(place)
    return tuple(title for at, title in enumerate(listed) if at not in here)


def _likeness(a: str, b: str) -> float:
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= _SHORTENED_CHARACTERS and shorter in longer:
        return 99.0 if a != b else 100.0
    return fuzz.ratio(a, b)


def _letters(title: str) -> str:
    plain = to_simplified(title[:_LONGEST_TITLE]).casefold()
    return "".join(character for character in plain if character.isalnum())
