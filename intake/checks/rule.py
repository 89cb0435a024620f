"""What every check shares: a rule table's common keys, when it applies, and how it words a finding. Pure.

A check is a frozen pydantic model. Its fields are the keys of its rule table; their
descriptions are the manual. `findings` sees one `Revision` and nothing else.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from rapidfuzz import fuzz

from intake.model import Document, Finding, FindingValue, Revision, Role, Severity
from parsers.text.repeated_sections import cases_inside

_SAME_TEXT = 95.0
"""rapidfuzz ratio (0 to 100) from which two documents hold the same text; a docx and its PDF differ by a few marks."""

_RANK: dict[Severity, int] = {"note": 0, "human": 1, "fix": 2}


def _listed(value: Any) -> Any:
    """One name may stand where a list is meant."""
    return (value,) if isinstance(value, str) else value


NameList = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Table(BaseModel):
    """A table inside a rule: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, populate_by_name=True)


class Scope(Table):
    """Which part of a submission a rule looks at."""

    role: Role = Field("case", description="看哪一类文件；不写为 case（案例正文）")
    category: NameList = Field((), description="只看这些类别的案例；不写则不分类别")


class When(Table):
    """Under which conditions a rule holds. Every one written must be met."""

    category: NameList = Field((), description="案例属于这些类别之一时才有效")
    level: NameList = Field((), description="案例属于这些层级之一时才有效")
    has: Role | None = Field(None, description="来件中有这一类文件时才有效")


class Rule(Table):
    """One rule of a campaign. Subclasses add their own keys and judge."""

    name: ClassVar[str]
    """The check's name in campaign files; a contract: added to, never renamed."""
    about_check: ClassVar[str]
    """What it checks, one Chinese sentence for the manual."""
    reads_documents: ClassVar[bool] = False
    """True when it looks at documents of `scope.role`; other checks refuse that key instead of ignoring it."""

    id: str = Field(min_length=1, max_length=60, description="规则代号，自己取，不能重复；放行某条规则时用它指明")
    check: str = Field(description="规则的种类")
    quote: str = Field("", description="启事原话，回信时引用")
    severity: Severity = Field(
        "fix",
        description="最重的结论：fix 请对方补充完善；human 转人工；note 只作提示（启事用语为原则上、左右、为宜时）",
    )
    scope: Scope = Field(Scope(), description="看哪些文件")
    when: When = Field(When(), description="在什么条件下有效")

    @model_validator(mode="after")
    def _role_has_meaning(self) -> Self:
        if self.scope.role != "case" and not self.reads_documents:
            raise ValueError("scope 里的 role 对这种规则不起作用｜请删去")
        return self

    @abstractmethod
    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """What the check finds in `revision`, one finding per fact, in reading order; empty when nothing is to be said.

        Says nothing when the rule does not apply or its input could not be read.
        """

    def judges(self, revision: Revision) -> bool:
        """True when the rule applies and its input is there: no finding then means the demand is met."""
        return self.applies(revision) and self._has_input(revision)

    def applies(self, revision: Revision) -> bool:
        """True when `scope.category` and every condition of `when` are met; an unknown category meets none."""
        wanted_categories = (self.scope.category, self.when.category)
        if any(wanted and revision.category not in wanted for wanted in wanted_categories):
            return False
        if self.when.level and revision.level not in self.when.level:
            return False
        return self.when.has is None or any(d.role == self.when.has for d in revision.documents)

    def _has_input(self, revision: Revision) -> bool:
        return bool(revision.files)

    def _finding(
        self,
        code: str,
        severity: Severity,
        *,
        file: str | None = None,
        evidence: str | None = None,
        **values: FindingValue,
    ) -> Finding:
        """A finding of this rule, never graver than the rule's own severity."""
        softened = min(severity, self.severity, key=_RANK.__getitem__)
        short = evidence[:120] if evidence else None
        return Finding(
            rule=self.id, check=self.name, code=code, severity=softened, file=file, values=values, evidence=short
        )


def judged_document(revision: Revision, role: Role) -> Document | None:
    """The one document of that role to be judged; None when there is none or when several differ.

    Of several with the same text the docx is taken, else the first. Several different ones, and one
    that seems to hold several cases, are not guessed at: `readable_files` hands them to a person.
    """
    documents = [document for document in revision.documents if document.role == role]
    if len(documents) > 1 and not same_text(documents):
        return None
    if any(cases_inside(document.facts) > 1 for document in documents):
        return None
    return min(documents, key=lambda document: document.format != "docx", default=None)


def same_text(documents: list[Document]) -> bool:
    """True when all `documents` hold the same main text, marks and spaces aside."""
    first, *others = (_letters_of(document) for document in documents)
    return all(fuzz.ratio(first, other) >= _SAME_TEXT for other in others)


def _letters_of(document: Document) -> str:
    text = "".join(block.text for block in document.facts.blocks if block.part == "main")
    return "".join(character for character in text if character.isalnum())
