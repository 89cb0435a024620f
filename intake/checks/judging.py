"""From findings to a verdict. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from intake.checks.rule import Rule
from intake.model import Finding, Judgement, Revision, Role, Verdict
from parsers.photos.page_likeness import photographed_pages

_JUDGED_TEXTS: frozenset[Role] = frozenset({"case", "form"})
"""What checks read of a submission; a scan in another role tells them nothing."""


def judge(checks: Sequence[Rule], revision: Revision, *, waived: Collection[str] = ()) -> Judgement:
    """The verdict on `revision`: any `fix` -> needs_fix; else any `human` -> needs_human; else accepted.

    Findings stand in the order of `checks`; those of rules named in `waived` are left out.
    """
    kept = [check for check in checks if check.id not in waived]
    by_rule = [(check, _within_doubt(check.findings(revision), revision)) for check in kept]
    findings = tuple(finding for _, found in by_rule for finding in found)
    return Judgement(
        verdict=_verdict(findings),
        findings=findings,
        settled=tuple(check.id for check, found in by_rule if check.judges(revision) and _is_settled(check, found)),
        waived=tuple(check.id for check in checks if check.id in waived),
    )


def _within_doubt(found: Sequence[Finding], revision: Revision) -> tuple[Finding, ...]:
    """`found`, where nothing is asked to be mended on the word of a recogniser.

    What a scan says is near its text and never certain, in whatever a check read there: words, headings, category,
    or how many of its pictures are photos.
    """
    recognised = any(document.facts.ocr and document.role in _JUDGED_TEXTS for document in revision.documents)
    if not recognised and not _is_photographed(revision):
        return tuple(found)
    return tuple(replace(finding, severity="human") if finding.severity == "fix" else finding for finding in found)


def _is_photographed(revision: Revision) -> bool:
    """Whether the case came as photos of its pages: then nobody knows yet what is missing."""
    return not revision.case_documents and photographed_pages([photo.facts for photo in revision.photos]) > 0


def _verdict(findings: Sequence[Finding]) -> Verdict:
    severities = {finding.severity for finding in findings}
    if "fix" in severities:
        return "needs_fix"
    return "needs_human" if "human" in severities else "accepted"


def _is_settled(check: Rule, found: Sequence[Finding]) -> bool:
    # A softened rule that found something is not "already fine", however lightly it says so.
    if check.severity != "fix" and found:
        return False
    return all(finding.severity == "note" for finding in found)
