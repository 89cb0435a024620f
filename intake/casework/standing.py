"""What submitters themselves brought about: a case taken back, findings they object to. Pure.

Both are on record as decisions of theirs; a named organizer's later one ends them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from intake.model import Finding, Judgement

WITHDRAWN = "withdrawn"
DISPUTED = "disputed"
"""Kinds of decisions that a submitter's letter makes."""
REOPENED = "reopen"
CHOSEN = "choose"
RULINGS = ("pass", "return", REOPENED, CHOSEN)
"""Kinds by which an organizer settles a case as a whole; reopened, it is judged by the rules alone again; chosen, one
of its versions stands."""
MERGED = "merged"
"""State of a case that went into another; nothing of it is judged or told any more."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on a case, as far as it matters here."""

    kind: str
    at: datetime
    rule: str | None = None


def is_withdrawn(decisions: Sequence[Decided], filed_at: Iterable[datetime]) -> bool:
    """Whether the case stands withdrawn: nobody ruled on it and nothing was filed to it after it was taken back.

    `decisions` in the order they were made; `filed_at`: receipt times of the letters that brought the case something.
    """
    last = next((each for each in reversed(decisions) if each.kind in (WITHDRAWN, *RULINGS)), None)
    return last is not None and last.kind == WITHDRAWN and all(at <= last.at for at in filed_at)


def open_dispute(decisions: Sequence[Decided]) -> int | None:
    """Place of the objection that nobody has ruled on since; None when there is none."""
    last = next((at for at, each in reversed([*enumerate(decisions)]) if each.kind in (DISPUTED, *RULINGS)), None)
    return last if last is not None and decisions[last].kind == DISPUTED else None


def with_dispute(judgement: Judgement, *, objected: Sequence[Finding], said: str) -> Judgement:
    """`judgement` while a person checks again: findings that stood when the submitter objected ask nothing of them.

    What was found since, in other numbers or elsewhere, is not what they objected to and stays a `fix`.
    `objected`: the findings of the judgement objected to; `said`: the objection in the submitter's words.
    """
    known = {_what(finding) for finding in objected if finding.severity == "fix"}
    disputed = [finding for finding in judgement.findings if finding.severity == "fix" and _what(finding) in known]
    if not disputed:
        return judgement
    note = Finding(
        rule="",
        check="decision",
        code="disputed",
        severity="human",
        values={"said": said},
        evidence=said,
        audience="organizers",
    )
    findings = tuple(
        replace(finding, severity="human") if finding in disputed else finding for finding in judgement.findings
    )
    open_still = any(finding.severity == "fix" for finding in findings)
    return replace(judgement, verdict="needs_fix" if open_still else "needs_human", findings=(note, *findings))


def with_questions(judgement: Judgement, questions: Sequence[Finding]) -> Judgement:
    """`judgement` with what only a person can settle (`human`); what was complete waits for it."""
    if not questions:
        return judgement
    verdict = "needs_human" if judgement.verdict == "accepted" else judgement.verdict
    return replace(judgement, verdict=verdict, findings=(*questions, *judgement.findings))


def as_ruled(judgement: Judgement, *, kind: str, why: str) -> Judgement:
    """`judgement` as an organizer ruled: let pass, it asks nothing of the submitter any more; returned, it asks `why` first."""
    if kind == "pass":
        notes = tuple(finding for finding in judgement.findings if finding.severity == "note")
        return replace(judgement, verdict="accepted", findings=notes)
    returned = Finding(rule="", check="decision", code="returned", severity="fix", values={"why": why}, evidence=why)
    return replace(judgement, verdict="needs_fix", findings=(returned, *judgement.findings))


def _what(finding: Finding) -> tuple[object, ...]:
    """A finding with its numbers: the same text and pictures give the same."""
    return (finding.rule, finding.code, finding.file, tuple(sorted((k, repr(v)) for k, v in finding.values.items())))
