"""What a writer may have forgotten in a text: comments, tracked changes, placeholders, residents' numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from intake.checks.rule import Rule
from intake.model import Document, Finding, Revision

_PLACEHOLDERS = re.compile(
    r"(?<![A-Za-z0-9])(?:[XxＸｘ×✕*＊]{2,40}|[○〇]{2,40})(?=社区|街道|小区|村|镇|乡|区|市|县|单位|年|月|日|人次?|户|元|个)"
    r"|[（(【\[](?:此处|在此|请|可)(?:填写?|插入|补充|添加)[^）)】\]\n]{0,20}[）)】\]]"
    r"|[（(【\[]?待(?:补充|填写?|完善|核实|更新)[^，。；\n]{0,6}[）)】\]]"
)
"""XX社区, 202×年××月, （此处插入照片）, 【待补充】. A surname before the marks (王××) is a resident kept anonymous on purpose."""
_MARKED_YEAR = re.compile(r"(?<!\d)20\d?[XxＸｘ×*＊]{1,2}年")
_MOBILE = re.compile(r"(?<![\d.])1[3-9]\d(?:[- ]?\d{4}){2}(?!\d|\.\d)")
_ID_NUMBER = re.compile(
    r"(?<![\dA-Za-z])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dA-Za-z])"
)
_CONTACT_LINE = re.compile(r"联\s*系|电\s*话|手\s*机|撰\s*稿|作\s*者|供\s*稿|报送|填报|热线|咨询|邮箱|微信")
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
"""Source: GB 11643-1999 §4.2.4 (ISO 7064 MOD 11-2)."""
_AROUND = 4
"""Characters shown on either side of a placeholder, so that it can be found."""


class Leftovers(Rule):
    """Points out what is easily overlooked before sending. Advice only: it never changes the verdict."""

    name: ClassVar[str] = "leftovers"
    about_check: ClassVar[str] = (
        "文稿细节：留在文中的批注、修订痕迹、“××社区”一类占位符、居民手机号和身份证号；只提请核对，不影响结论。"
    )
    reads_documents: ClassVar[bool] = True

    check: Literal["leftovers"]
    personal_numbers: bool = Field(True, description="是否提请核对居民手机号、身份证号")

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """At most five notes for each document of `scope.role`, in order of the documents; numbers in evidence are masked."""
        if not self.applies(revision):
            return ()
        documents = (each for each in revision.documents if each.role == self.scope.role)
        return tuple(finding for document in documents for finding in self._of_document(document))

    def judges(self, revision: Revision) -> bool:  # noqa: ARG002 - same for every revision
        """False: that nothing was noticed is no demand met."""
        return False

    def _of_document(self, document: Document) -> Iterator[Finding]:
        facts = document.facts
        if facts.macros:
            # For those who will open the original; the sender often does not know of them and need do nothing.
            yield replace(self._finding("macros_present", "note", file=document.name), audience="organizers")
        if facts.comments:
            yield self._finding("comments_left", "note", file=document.name, found=facts.comments)
        if facts.tracked_changes:
            yield self._finding("changes_left", "note", file=document.name, found=facts.tracked_changes)
        lines = [block.text for block in facts.blocks if block.part != "form" and block.text.strip()]
        placeholders = [found for line in lines for found in _placeholders(line)]
        if placeholders:
            first = placeholders[0]
            yield self._finding(
                "placeholder_left", "note", file=document.name, evidence=first, found=len(placeholders), first=first
            )
        numbers = [found for line in lines if not _is_contact_line(line) for found in personal_numbers_in(line)]
        if self.personal_numbers and numbers:
            evidence = "、".join(dict.fromkeys(map(mask_number, numbers)))
            yield self._finding(
                "personal_numbers", "note", file=document.name, evidence=evidence, found=len(dict.fromkeys(numbers))
            )


def personal_numbers_in(text: str) -> tuple[str, ...]:
    """Mobile numbers and ID card numbers (with a right check character) in `text`, in order of kind, then of place."""
    ids = [match.group(1) for match in _ID_NUMBER.finditer(text) if _checks(match.group(1))]
    return (*(match.group() for match in _MOBILE.finditer(text)), *ids)


def mask_number(number: str) -> str:
    """The first three and the last two characters; the rest as asterisks."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def _placeholders(line: str) -> Iterator[str]:
    for pattern in (_PLACEHOLDERS, _MARKED_YEAR):
        for match in pattern.finditer(line):
            yield line[max(0, match.start() - _AROUND) : match.end() + _AROUND].strip()


def _is_contact_line(line: str) -> bool:
    """The writer's own number: a short line that says whose it is."""
    return len(line) <= 80 and _CONTACT_LINE.search(line) is not None


def _checks(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _CHECK_WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11] == number[17].upper()
