"""What only a person can judge. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from intake.checks.rule import Rule
from intake.model import Finding, Revision


class Attest(Rule):
    """Queues a demand for a person; never changes the verdict and never stands in a letter."""

    name: ClassVar[str] = "attest"
    about_check: ClassVar[str] = "由人判断：列给工作人员看，不影响自动核对的结论，也不写进回信。"

    check: Literal["attest"]
    what: str = Field(min_length=1, description="请工作人员看什么")

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """One note for the organizers."""
        if not self.applies(revision):
            return ()
        return (replace(self._finding("attest", "note", what=self.what), audience="organizers"),)

    def judges(self, revision: Revision) -> bool:  # noqa: ARG002 - the machine never does
        """False: nobody has judged it."""
        return False
