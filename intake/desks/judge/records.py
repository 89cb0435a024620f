"""What is put on record of a case that was judged: who it is from, its revision, its findings.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake.casework.fold import CaseState
from intake.casework.sameness import content_key
from intake.casework.versions import Version
from intake.edges.records import finding_from_json, finding_to_json
from intake.model import Finding, Judgement, Revision
from storage.records.casebook import CaseRecord, NewJudgement, RevisionRecord
from storage.unit_of_work import UnitOfWork


def keep_newest(work: UnitOfWork, case: CaseRecord, version: Version, *, at: datetime) -> RevisionRecord:
    """The newest revision on record; a new one only when files or choices changed."""
    revisions = work.cases.revisions(case.id)
    if revisions and (revisions[-1].content_key, revisions[-1].summary) == (
        version.content_key,
        _summary(version.revision),
    ):
        return revisions[-1]
    return _add(work, case, version, at=at)


def keep_version(
    work: UnitOfWork, case: CaseRecord, version: Version, newest: RevisionRecord, *, at: datetime
) -> RevisionRecord:
    """The revision on record that holds `version`; `newest` when it is that one."""
    if version.content_key == newest.content_key:
        return newest
    stored = (each for each in reversed(work.cases.revisions(case.id)) if each.content_key == version.content_key)
    return next(stored, None) or _add(work, case, version, at=at)


def _add(work: UnitOfWork, case: CaseRecord, version: Version, *, at: datetime) -> RevisionRecord:
    return work.cases.add_revision(
        case.id,
        received_at=version.revision.received_at,
        content_key=version.content_key,
        summary=_summary(version.revision),
        at=at,
    )


def know_by_what_was_read(work: UnitOfWork, case: CaseRecord, state: CaseState) -> None:
    """Give the revisions on record the keys that their files have now that the letters were read anew.

    Better readers find other words in the same files, and files in archives that were shut: the submitter has sent
    nothing new, so no new version begins, and what an organizer has ruled on a version goes on binding it.
    """
    for stored in work.cases.revisions(case.id):
        revision = _made_of_the_same(stored, state.revisions)
        if revision is None:
            continue
        key, summary = content_key(revision.files), _summary(revision)
        if (stored.content_key, stored.summary) != (key, summary):
            work.cases.know_revision_by(stored.id, content_key=key, summary=summary)


def _made_of_the_same(stored: RevisionRecord, revisions: Sequence[Revision]) -> Revision | None:
    """The revision that the same letters make: in its place if it can be, else by its files, else by receipt."""
    hashes = {file["sha256"] for file in stored.summary.get("files", ())}
    in_place = revisions[stored.ordinal - 1 : stored.ordinal]
    candidates = (*in_place, *reversed(revisions))
    by_files = (each for each in candidates if {file.sha256 for file in each.files} == hashes)
    by_receipt = (each for each in candidates if each.received_at == stored.received_at is not None)
    return next(by_files, None) or next(by_receipt, None)


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


def last_judged(work: UnitOfWork, case: CaseRecord) -> tuple[RevisionRecord, Judgement] | None:
    """The latest judgement on the case and the revision it was made on; None when it was never judged."""
    last = work.cases.last_judgement(case.id)
    if last is None:
        return None
    judgement = Judgement(
        verdict=last.verdict,  # type: ignore[arg-type]  # written from the same closed list
        findings=tuple(finding_from_json(found) for found in last.findings),
        settled=last.settled,
    )
    return next(each for each in work.cases.revisions(case.id) if each.id == last.revision_id), judgement


def last_findings(work: UnitOfWork, revisions: Sequence[RevisionRecord]) -> tuple[Finding, ...]:
    """What the latest judgement on any of `revisions`, oldest first, found; empty when there is none."""
    for revision in reversed(revisions):
        judgements = work.cases.judgements(revision.id)
        if judgements:
            return tuple(finding_from_json(found) for found in judgements[-1].findings)
    return ()


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
