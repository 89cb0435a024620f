"""What is put on record of a case that was judged: who it is from, its revision, its findings.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake.casework.fold import CaseState
from intake.edges.records import finding_from_json, finding_to_json
from intake.model import Finding, Judgement, Revision
from storage.records import CaseRecord, NewJudgement, RevisionRecord
from storage.unit_of_work import UnitOfWork


def keep_revision(
    work: UnitOfWork, case: CaseRecord, revision: Revision, *, content_key: str, at: datetime
) -> RevisionRecord:
    """The revision on record; a new one only when files or choices changed."""
    revisions = work.cases.revisions(case.id)
    summary = _summary(revision)
    if revisions and (revisions[-1].content_key, revisions[-1].summary) == (content_key, summary):
        return revisions[-1]
    return work.cases.add_revision(
        case.id, received_at=revision.received_at, content_key=content_key, summary=summary, at=at
    )


def keep_identity(work: UnitOfWork, case: CaseRecord, state: CaseState, *, at: datetime) -> CaseRecord:
    """The case with title, unit, contact, choices and addresses as its letters give them."""
    identity = state.identity
    work.cases.add_addresses(case.id, state.addresses | state.related)
    return work.cases.change(
        case.id,
        at=at,
        title=state.title,
        unit=state.unit or "",
        contact=identity.contact.value if identity.contact else "",
        phone=identity.phone.value if identity.phone else "",
        category=state.category,
        level=identity.level.value if identity.level else None,
    )


def keep_judgement(
    work: UnitOfWork, stored: RevisionRecord, judgement: Judgement, *, rules_hash: str, code_version: str, at: datetime
) -> None:
    """File the judgement on the revision `stored`."""
    work.cases.add_judgement(
        NewJudgement(
            revision_id=stored.id,
            verdict=judgement.verdict,
            findings=tuple(finding_to_json(finding) for finding in judgement.findings),
            settled=judgement.settled,
            waived=judgement.waived,
            rules_hash=rules_hash,
            code_version=code_version,
            at=at,
        )
    )


def last_judgement(work: UnitOfWork, stored: RevisionRecord) -> Judgement | None:
    """The latest judgement on the revision `stored`; None when it was never judged."""
    judgements = work.cases.judgements(stored.id)
    if not judgements:
        return None
    return Judgement(
        verdict=judgements[-1].verdict,  # type: ignore[arg-type]  # written from the same closed list
        findings=tuple(finding_from_json(found) for found in judgements[-1].findings),
        settled=judgements[-1].settled,
    )


def last_findings(work: UnitOfWork, revisions: Sequence[RevisionRecord]) -> tuple[Finding, ...]:
    """What the latest judgement on any of `revisions`, oldest first, found; empty when there is none."""
    judged = (last_judgement(work, revision) for revision in reversed(revisions))
    return next((judgement.findings for judgement in judged if judgement is not None), ())


def _summary(revision: Revision) -> dict[str, object]:
    """What a revision is made of, as stored: enough to see a change, and for lists."""
    linked = [link.file.model_dump(mode="json", exclude_defaults=True) for link in revision.linked]
    return {
        "title": revision.title,
        "category": revision.category,
        "level": revision.level,
        "files": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "role": getattr(file, "role", "photo"),
                "counted": getattr(file, "counted", None),
            }
            for file in revision.files
        ],
        **({"linked": linked} if linked else {}),
    }
