"""The verdict on a revision: by the rules, by what organizers decided on them, and by what the submitter objects to.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.calls import Call
from intake.casework.fold import CaseState
from intake.casework.standing import (
    REOPENED,
    Decided,
    as_ruled,
    is_withdrawn,
    open_dispute,
    with_dispute,
    with_questions,
)
from intake.checks import judge
from intake.desks.judge.questions import open_questions
from intake.edges.records import finding_from_json
from intake.model import Judgement, Revision
from storage.records.casebook import CaseRecord, DecisionRecord
from storage.unit_of_work import UnitOfWork


def reach_verdict(
    work: UnitOfWork,
    case: CaseRecord,
    call: Call,
    revision: Revision,
    *,
    content_key: str,
    state: CaseState | None = None,
) -> Judgement:
    """The verdict on `revision` with its surroundings.

    `state`: of the newest; what only a person can settle and what is objected to is of it alone.
    """
    decisions = work.cases.decisions(case.id)
    judgement = _by_organizers(work, case, call, revision, content_key)
    if state is None:
        return judgement
    judgement = with_questions(judgement, open_questions(work, case, state, decisions))
    disputed = open_dispute(_decided(decisions))
    if disputed is None:
        return judgement
    objection = decisions[disputed]
    made = work.cases.judgements(objection.revision_id or 0)
    objected = [finding_from_json(found) for each in made for found in each.findings]
    return with_dispute(judgement, objected=objected, said=objection.why)


def is_taken_back(work: UnitOfWork, case: CaseRecord) -> bool:
    """Whether the case stands withdrawn by its submitter."""
    decisions = _decided(work.cases.decisions(case.id))
    filed = (record.received_at for record in work.letters.of_case(case.id) if record.outcome == "filed")
    return is_withdrawn(decisions, filed)


def _by_organizers(work: UnitOfWork, case: CaseRecord, call: Call, revision: Revision, content_key: str) -> Judgement:
    """By the rules, and what organizers decided on them."""
    decisions = work.cases.decisions(case.id)
    waived = frozenset(d.rule for d in decisions if d.kind == "waive" and d.rule is not None)
    judgement = judge(call.checks, revision, waived=waived)
    # A ruling binds what it was made on: a category answered later changes no file.
    made_on = {each.id for each in work.cases.revisions(case.id) if each.content_key == content_key}
    for ruling in reversed(decisions):
        if ruling.kind == REOPENED:
            break
        if ruling.kind in ("pass", "return") and ruling.revision_id in made_on:
            return as_ruled(judgement, kind=ruling.kind, why=ruling.why)
    return judgement


def _decided(decisions: Sequence[DecisionRecord]) -> list[Decided]:
    return [Decided(each.kind, each.at, each.rule) for each in decisions]
