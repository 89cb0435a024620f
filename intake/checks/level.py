"""On which administrative level a case was made. Pure."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from intake.checks.choice import Choice, form_values, written_choice
from intake.checks.rule import NameList, Rule
from intake.model import Finding, Revision


class Level(Rule):
    """Reads the level the submitter wrote; what is not said is asked of a person, who knows the unit."""

    name: ClassVar[str] = "level"
    about_check: ClassVar[str] = "层级：哪一级的案例；没写明的转人工确认，不退回对方。"

    check: Literal["level"]
    choices: NameList = Field(min_length=2, description="启事列出的层级")
    aliases: dict[str, str] = Field({}, description="通常的写法 = 启事里的层级")

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """At most one finding on the whole submission."""
        if not self.applies(revision) or not self._can_be_read(revision):
            return ()
        written = self._written(revision)
        if written.kind == "none":
            return (self._finding("level_not_stated", "human", choices=self.choices),)
        if written.kind == "unknown":
            return (self._finding("level_unknown", "human", found=written.found, choices=self.choices),)
        return ()

    def _has_input(self, revision: Revision) -> bool:
        return self._can_be_read(revision) and self._written(revision).kind != "none"

    def _can_be_read(self, revision: Revision) -> bool:
        return bool(revision.case_documents) or bool(form_values(revision, "level"))

    def _written(self, revision: Revision) -> Choice:
        said = (revision.level or "", *form_values(revision, "level"))
        return written_choice(said, self.choices, self.aliases)
