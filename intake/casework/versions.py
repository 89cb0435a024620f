"""Which version of a case stands: the newest, the last complete one before it, or the one a person chose. Pure.

Nothing is overwritten. A newer version that lacks something stands until the close, with the complete one kept; at
the close the complete one stands. A version that comes too late beside a complete one is left to a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from intake.casework.package import is_case
from intake.model import Finding, FindingValue, Judgement, Revision, Severity


@dataclass(frozen=True, slots=True)
class Version:
    """One revision with its verdict."""

    revision: Revision
    judgement: Judgement
    content_key: str

    @property
    def is_late(self) -> bool:
        """Whether it came after the end that held for it."""
        return any(finding.code == "late" for finding in self.judgement.findings)


@dataclass(frozen=True, slots=True)
class Ruled:
    """How a case stands with its versions."""

    stands: Version
    """The one that counts."""
    recorded: Version
    """What is put on record as its verdict."""
    told: Version
    """What the letter that answers its newest material tells."""
    changes_at: datetime | None = None
    """When, without a letter, another version will stand; None when none will."""


def rule_versions(
    newest: Version,
    complete: Version | None,
    *,
    closes_at: datetime | None,
    now: datetime,
    repair_due_at: datetime | None = None,
) -> Ruled:
    """How the case stands with its newest version and the last complete one before it.

    `repair_due_at`: until when what the newest lacks may still come, when that is after the close.
    """
    if complete is None or newest.judgement.verdict == "accepted":
        return _stands_alone(newest)
    if newest.is_late:
        said = _with(newest, _about("earlier_complete", complete))
        return Ruled(stands=complete, recorded=_left_to_a_person(said, complete), told=said)
    if newest.judgement.verdict == "needs_human" or closes_at is None:
        return _stands_alone(_with(newest, _about("earlier_complete", complete)))
    if now < closes_at:
        kept = _about("earlier_stands_at_close", complete, closes_at=_utc(closes_at))
        return replace(_stands_alone(_with(newest, kept)), changes_at=closes_at)
    standing = _with(complete, _newer(newest, complete, repair_due_at if _lies_ahead(repair_due_at, now) else None))
    return Ruled(stands=standing, recorded=standing, told=_with(newest, _about("earlier_complete", complete)))


def rule_as_chosen(chosen: Version, newest: Version) -> Ruled:
    """How it stands once a person has chosen: complete, whatever the rules found."""
    notes = tuple(finding for finding in chosen.judgement.findings if finding.severity == "note")
    passed = replace(chosen, judgement=replace(chosen.judgement, verdict="accepted", findings=notes))
    beside = None if chosen.content_key == newest.content_key else _beside(newest, "newer_kept")
    return _stands_alone(_with(passed, beside) if beside is not None else passed)


def _stands_alone(version: Version) -> Ruled:
    return Ruled(stands=version, recorded=version, told=version)


def _left_to_a_person(newest: Version, complete: Version) -> Version:
    """The newest as a person sees it: nothing of it is asked for before it was chosen."""
    choice = _finding(
        "version_to_choose",
        "human",
        version=_name(complete.revision),
        received_at=_utc(complete.revision.received_at),
        newer=_name(newest.revision),
        newer_at=_utc(newest.revision.received_at),
    )
    findings = tuple(
        replace(finding, severity="human") if finding.severity == "fix" else finding
        for finding in newest.judgement.findings
    )
    findings = (replace(choice, audience="organizers"), *findings)
    return replace(newest, judgement=replace(newest.judgement, verdict="needs_human", findings=findings))


def _newer(newest: Version, complete: Version, due_at: datetime | None) -> Finding:
    times: dict[str, FindingValue] = {
        "version": _name(complete.revision),
        "received_at": _utc(complete.revision.received_at),
    }
    if due_at is None:
        return _beside(newest, "newer_incomplete", **times)
    return _beside(newest, "newer_incomplete_yet", **times, closes_at=_utc(due_at))


def _about(code: str, complete: Version, **more: FindingValue) -> Finding:
    return _finding(
        code, "note", version=_name(complete.revision), received_at=_utc(complete.revision.received_at), **more
    )


def _beside(newest: Version, code: str, **more: FindingValue) -> Finding:
    return _finding(code, "note", newer=_name(newest.revision), newer_at=_utc(newest.revision.received_at), **more)


def _finding(code: str, severity: Severity, **values: FindingValue) -> Finding:
    return Finding(rule="", check="correspondence", code=code, severity=severity, values=values)


def _with(version: Version, finding: Finding) -> Version:
    judgement = version.judgement
    return replace(version, judgement=replace(judgement, findings=(*judgement.findings, finding)))


def _name(revision: Revision) -> str:
    """The file by which its sender knows a version: that of its text."""
    return next((file.name for file in revision.files if is_case(file)), revision.title)


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at is not None else ""


def _lies_ahead(at: datetime | None, now: datetime) -> bool:
    return at is not None and now < at
