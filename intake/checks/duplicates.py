"""Whether another case of the campaign has nearly the same text. Pure."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from intake.checks.rule import Rule
from intake.model import Finding, Resemblance, Revision


class Duplicates(Rule):
    """Hands near-identical texts to a person; says nothing of who wrote first."""

    name: ClassVar[str] = "duplicates"
    about_check: ClassVar[str] = "文字相近：与本活动其他来件文字几乎相同的，转人工核对。"

    check: Literal["duplicates"]
    similarity_percent: int = Field(90, ge=50, le=100, description="文字相同的比例达到多少（百分比）即转人工核对")

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """One finding for each case that is nearly the same, most alike first."""
        if not self.judges(revision):
            return ()
        alike = sorted(revision.resembles, key=lambda other: (-other.similarity, other.number))
        return tuple(
            self._finding(
                "near_identical",
                "human",
                number=other.number,
                title=other.title,
                similarity_percent=_whole_percent(other.similarity),
                **_proposal(other),
            )
            for other in alike
            # Compared as shown: in whole percents.
            if _whole_percent(other.similarity) >= self.similarity_percent
        )

    def _has_input(self, revision: Revision) -> bool:
        return bool(revision.case_documents)


def _proposal(other: Resemblance) -> dict[str, str]:
    """What organizers are told when another sent it: most often a community and its street."""
    return {} if other.same_sender else {"unit": other.unit, "recommender": other.recommender}


def _whole_percent(similarity: float) -> int:
    return int(similarity * 100 + 1e-9)  # 0.57 * 100 is 56.99…
