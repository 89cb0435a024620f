"""Whether the parts a call asks for are there, each with text. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from intake.checks.rule import NameList, Rule, judged_document
from intake.model import Document, Finding, Revision, Severity
from parsers.facts import Heading
from parsers.text.titles import normalise_title, title_matches

_CLEARLY = 0.9
"""`title_matches` from which a heading surely is the section: the same words, perhaps with others around them."""

_PARTLY = 0.5
"""From here a heading names at least half of what the section does, or all of it in other usual words: 主要做法, 经验启示."""

_PERHAPS = 0.25
"""From here a heading may mean the section: 结语 for 探讨与评论. Nobody is asked for a part that may be there."""

_LONG_TEXT_WORDS = 500
"""From this many 字 a text may well cover a call's elements under headings of its own; a shorter one has no room."""


@dataclass(frozen=True, slots=True)
class Found:
    """One asked-for section and what the document has for it."""

    section: str
    heading: Heading | None
    """The heading taken for it; None when there is none."""

    @property
    def is_empty(self) -> bool:
        """A heading without text under it."""
        return self.heading is not None and self.heading.words == 0

    @property
    def is_there(self) -> bool:
        """A heading with text under it."""
        return self.heading is not None and self.heading.words > 0


class RequiredSections(Rule):
    """Looks for each section among the headings.

    `as = "heading"`: each must be one. `as = "element"`: the text must cover it; a heading that names half
    of it, or names it in other usual words, proves that it does, and the lack of headings proves nothing once
    a long text goes its own way.
    """

    name: ClassVar[str] = "required_sections"
    about_check: ClassVar[str] = (
        "必备部分：逐个查找小标题，繁简、标点、编号和“与、和、及”的差别都不计较；要素换了常见说法（主要做法、经验启示）也认得，拿不准的转人工。"
    )
    reads_documents: ClassVar[bool] = True

    check: Literal["required_sections"]
    as_: Literal["heading", "element"] = Field(
        "heading",
        alias="as",
        description="heading 必须有这些小标题；element 写到这些内容即可（启事用语为“要素”“内容”）",
    )
    sections: NameList = Field(min_length=1, description="各部分的名称")
    aliases: dict[str, NameList] = Field({}, description="部分名称 = [也算数的别的叫法]")

    @model_validator(mode="after")
    def _aliases_of_sections(self) -> Self:
        for name in self.aliases:
            if name not in self.sections:
                raise ValueError(f"aliases 里的“{name[:30]}”不在 sections 之中｜请与 sections 的写法一致")
        return self

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """Empty sections first, then missing ones, in the order of `sections`; or one finding for all in doubt."""
        document = judged_document(revision, self.scope.role)
        if document is None or not self.judges(revision):
            return ()
        looked_for = self.sections_in(document)
        empty = (self._empty(document, one) for one in looked_for if one.is_empty)
        missing = [one.section for one in looked_for if one.heading is None]
        return (*empty, *self._missing(document, missing))

    def sections_in(self, document: Document) -> tuple[Found, ...]:
        """What `document` has for each of `sections`, in their order; one heading may stand for several."""
        return tuple(Found(section, self._heading_for(section, document.facts.headings)) for section in self.sections)

    def _has_input(self, revision: Revision) -> bool:
        return judged_document(revision, self.scope.role) is not None

    def _heading_for(self, section: str, headings: Sequence[Heading]) -> Heading | None:
        enough = _CLEARLY if self.as_ == "heading" else _PARTLY
        fitting = [(score, heading) for heading in headings if (score := self._answers(section, heading)) >= enough]
        # One with text beats one without: a list of contents may repeat the titles.
        return max(fitting, key=lambda one: (one[1].words > 0, one[0], -one[1].level), default=(0.0, None))[1]

    def _answers(self, section: str, heading: Heading) -> float:
        """`_likeness`, but 0 for a heading that is surely another of the asked sections: 经验 where 启示 is asked as well."""
        likeness = self._likeness(section, heading)
        if likeness >= _CLEARLY:
            return likeness
        others = (other for other in self.sections if other != section)
        return 0.0 if any(self._likeness(other, heading) >= _CLEARLY for other in others) else likeness

    def _likeness(self, section: str, heading: Heading) -> float:
        return max(title_matches(heading.title, name) for name in (section, *self.aliases.get(section, ())))

    def _empty(self, document: Document, found: Found) -> Finding:
        text = found.heading.text if found.heading else ""
        severity: Severity = "human" if self._may_have_text(document, found) else "fix"
        return self._finding(
            "section_empty", severity, file=document.name, evidence=text, section=found.section, heading=text
        )

    def _may_have_text(self, document: Document, found: Found) -> bool:
        """Whether the text of an empty heading may stand where nobody could read it, or under the writer's own headings."""
        neighbours = itertools.pairwise(document.facts.headings)
        after = next((after for before, after in neighbours if before is found.heading), None)
        return _is_partly_read(document) or (after is not None and after.words > 0 and not self._is_asked(after))

    def _is_asked(self, heading: Heading) -> bool:
        return any(self._likeness(section, heading) >= _PERHAPS for section in self.sections)

    def _missing(self, document: Document, missing: Sequence[str]) -> Iterable[Finding]:
        if not missing:
            return
        headings = tuple(heading.text for heading in document.facts.headings)
        doubtful = tuple(self._in_doubt(document, missing))
        for section in missing:
            if section not in doubtful:
                yield self._finding("section_missing", "fix", file=document.name, section=section, headings=headings)
        if doubtful:
            yield self._finding(
                "sections_unrecognised", "human", file=document.name, sections=doubtful, headings=headings
            )

    def _in_doubt(self, document: Document, missing: Sequence[str]) -> Iterable[str]:
        """Those of `missing` that the document may have all the same."""
        headings = document.facts.headings
        if _is_partly_read(document) or (self.as_ == "element" and self._goes_its_own_way(document)):
            return missing
        return [
            section
            for section in missing
            if any(self._answers(section, heading) >= _PERHAPS for heading in headings)
            or self._begins_a_paragraph(section, document)
        ]

    def _goes_its_own_way(self, document: Document) -> bool:
        """Whether a text that is long, or has parts of its own, follows fewer than half of the call's names."""
        facts = document.facts
        # Half a name (做法) makes a part there, but does not show that the writer followed the call's list.
        recognised = sum(
            any(self._likeness(section, heading) >= _CLEARLY for heading in facts.headings) for section in self.sections
        )
        is_long = "main" in facts.counts and facts.counts["main"].words.high >= _LONG_TEXT_WORDS
        own = sum(heading.words > 0 and not self._is_asked(heading) for heading in facts.headings)
        return (is_long or own * 2 >= len(self.sections)) and recognised * 2 < len(self.sections)

    def _begins_a_paragraph(self, section: str, document: Document) -> bool:
        """True when a paragraph, or a cell of a form, opens with the section's name without being taken for a heading."""
        names = tuple(normalise_title(name) for name in (section, *self.aliases.get(section, ())))
        starts = (
            block.text[: 3 * len(section) + 8] for block in document.facts.blocks if block.part in ("main", "form")
        )
        return any(normalise_title(start).startswith(names) for start in starts)


def _is_partly_read(document: Document) -> bool:
    """Whether text may stand on a page that has none for us, or was read off a picture and may be read wrongly."""
    counts = document.facts.counts.get("main")
    return document.facts.pages_without_text > 0 or (counts is not None and counts.words.reason == "ocr")
