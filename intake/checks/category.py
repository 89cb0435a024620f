"""Which of the call's categories a case belongs to. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from intake.checks.choice import Choice, form_values, key_of, written_choice
from intake.checks.rule import NameList, Rule
from intake.model import Finding, Revision, Severity

_CLEARLY_MORE = 2
"""How many times as often a category must be named in the text as the next one to be suggested."""


class Category(Rule):
    """Reads the category the submitter wrote. One not asked to be written never blocks."""

    name: ClassVar[str] = "category"
    about_check: ClassVar[str] = "类别：从启事列出的几类中选一；启事没有要求写明的，没写也不影响报送。"

    check: Literal["category"]
    choices: NameList = Field(min_length=2, description="启事列出的类别")
    also_accepted: NameList = Field((), description="启事别处提到、照收但提请组委会留意的类别")
    aliases: dict[str, str] = Field({}, description="别的写法 = 启事里的类别；照收并提请组委会留意")
    must_be_written: bool = Field(False, description="启事要求写明类别的写 true：没写就请对方补上")

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """At most one finding on the whole submission."""
        if not self.applies(revision) or not self._can_be_read(revision):
            return ()
        written = self._written(revision)
        match written.kind:
            case "none":
                return (self._not_chosen(revision),)
            case "unknown":
                return (self._finding("category_unknown", "human", found=written.found, choices=self.choices),)
            case "alias":
                note = self._finding("category_alias", "note", found=written.found, taken_for=written.taken_for)
                return (replace(note, audience="organizers"),)
            case "chosen":
                return ()

    def judges(self, revision: Revision) -> bool:
        """True when a category was written down: an open choice is not a demand met."""
        return self.applies(revision) and self._can_be_read(revision) and self._written(revision).kind != "none"

    def _can_be_read(self, revision: Revision) -> bool:
        return bool(revision.case_documents) or bool(form_values(revision, "category"))

    def _written(self, revision: Revision) -> Choice:
        aliases = dict.fromkeys(self.also_accepted, "") | self.aliases
        said = (revision.category or "", *form_values(revision, "category"))
        return written_choice(said, self.choices, aliases)

    def _not_chosen(self, revision: Revision) -> Finding:
        # It may be written in a form nobody could read.
        unread = any(problem.role in {"case", "form"} for problem in revision.problems)
        wanted: Severity = "human" if unread else "fix"
        severity: Severity = wanted if self.must_be_written else "note"
        suggestion = self._suggestion(revision)
        return self._finding("category_not_chosen", severity, choices=self.choices, suggestion=suggestion)

    def _suggestion(self, revision: Revision) -> str | None:
        """The category the title names, else the one the text names clearly most often; None in doubt."""
        keys = {choice: key_of(choice) for choice in self.choices}
        title = key_of(revision.title)
        in_title = [choice for choice, key in keys.items() if key in title]
        if len(in_title) == 1:
            return in_title[0]
        blocks = (block for document in revision.case_documents for block in document.facts.blocks)
        text = key_of("".join(block.text for block in blocks))
        ranked = sorted(((text.count(key), choice) for choice, key in keys.items()), reverse=True)
        (most, first), (next_most, _) = ranked[0], ranked[1]
        return first if most > 0 and most >= _CLEARLY_MORE * next_most else None
