"""Whether a case document is there and every file can be read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import ClassVar, Literal

from pydantic import field_validator

from intake.checks.rule import Rule, same_text
from intake.model import Document, Finding, LinkedFile, Problem, Revision, Role, Severity
from parsers.facts import OUR_TROUBLE, Format, ProblemCode
from parsers.photos.page_likeness import photographed_pages
from parsers.text.repeated_sections import cases_inside

_CODES: Mapping[ProblemCode, tuple[str, Severity]] = {
    "encrypted": ("file_encrypted", "fix"),
    "damaged": ("file_damaged", "fix"),
    "part_missing": ("file_part_missing", "human"),  # the others may be on their way in letters of their own
    "empty": ("file_empty", "fix"),
    "over_limit": ("file_over_limit", "human"),
    "no_text": ("file_without_text", "human"),
    "garbled_text": ("file_garbled", "human"),
    "unsupported_format": ("file_unsupported", "human"),
}

_COULD_BE_CASE: frozenset[Format] = frozenset(
    {"docx", "doc", "pdf", "odt", "ofd", "rtf", "wps", "txt", "html", "archive", "letter", "other"}
)
"""Formats in which an unreadable file may hide the case."""

_NEVER_CASE: frozenset[Role] = frozenset({"form", "cover_letter", "summary_sheet"})

_SCANS_EXPECTED: frozenset[Role] = frozenset({"stamped_copy", "duplicate", "cover_letter"})
"""Roles whose paper original is stamped or signed: a scan beside a readable case is what they should be."""

_PASTED_CASE_CHARACTERS = 500
"""A letter text this long may itself be the case; a cover note is rarely half as long."""


class ReadableFiles(Rule):
    """Names every file that cannot be read, and a submission that holds no case at all."""

    name: ClassVar[str] = "readable_files"
    about_check: ClassVar[str] = "文件可读：有案例正文，且每个文件都打得开、读得出。"

    check: Literal["readable_files"]

    @field_validator("severity")
    @classmethod
    def _never_only_a_note(cls, severity: Severity) -> Severity:
        if severity == "note":
            raise ValueError("读不出的文件不能只作提示｜请写 fix 或 human")
        return severity

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """Unreadable files in order of arrival, then what is missing or ambiguous about the case document."""
        if not self.applies(revision):
            return ()
        has_case = bool(revision.case_documents)
        unreadable = (self._of_problem(problem, has_case=has_case) for problem in revision.problems)
        scanned = (self._of_scan(document) for document in revision.case_documents if document.facts.ocr)
        linked = (self._of_link(link) for link in revision.linked)
        return (*(finding for finding in unreadable if finding), *scanned, *linked, *self._of_case(revision))

    def _of_problem(self, problem: Problem, *, has_case: bool) -> Finding | None:
        if problem.code in OUR_TROUBLE:
            return self._finding("reader_trouble", "human", file=problem.name, format=problem.format)
        code, severity = _CODES[problem.code]
        if has_case and code == "file_unsupported" and problem.role != "case":
            severity = "note"
        if has_case and code == "file_without_text" and problem.role in _SCANS_EXPECTED:
            return None
        return self._finding(code, severity, file=problem.name, format=problem.format)

    def _of_scan(self, document: Document) -> Finding:
        """A case whose text had to be recognised: in time, about so long, and a person looks."""
        words = document.facts.counts["main"].words
        return self._finding(
            "file_scanned", "human", file=document.name, found=words.value, low=words.low, high=words.high
        )

    def _of_link(self, link: LinkedFile) -> Finding:
        """Asked for as an attachment when the case needs it; else only named as not looked at."""
        file = link.file
        return self._finding(
            "only_as_link" if link.needed else "link_not_opened",
            "fix" if link.needed else "note",
            file=file.name or None,
            evidence=file.evidence,
            provider=file.provider,
            url=file.url,
            size_bytes=file.size_bytes,
            expires_at=file.expires_at.astimezone(UTC).isoformat() if file.expires_at is not None else None,
            expires_said=file.expires_said,
            access_code=file.code,
        )

    def _of_case(self, revision: Revision) -> tuple[Finding, ...]:
        cases = revision.case_documents
        inside = [(case, count) for case in cases if (count := cases_inside(case.facts)) > 1]
        if inside:
            return tuple(
                self._finding("cases_in_one_file", "human", file=case.name, count=count) for case, count in inside
            )
        if len(cases) > 1 and not same_text(list(cases)):
            return (self._finding("several_cases", "human", count=len(cases)),)
        if cases or revision.linked or any(_could_be_case(problem) for problem in revision.problems):
            return ()
        if revision.on_paper:
            return (self._finding("paper_only", "fix"),)
        pages = photographed_pages([photo.facts for photo in revision.photos])
        if pages:
            return (self._finding("pages_photographed", "human", count=pages),)
        # A stamped copy or a long letter may be the case itself: a person looks, nobody is told it is missing.
        stamped = any(document.role == "stamped_copy" for document in revision.documents)
        pasted = len(revision.letter_text.strip()) >= _PASTED_CASE_CHARACTERS
        return (self._finding("case_missing", "human" if stamped or pasted else "fix"),)


def _could_be_case(problem: Problem) -> bool:
    return problem.role == "case" or (problem.format in _COULD_BE_CASE and problem.role not in _NEVER_CASE)
