"""How things stood before an order, kept so that it can be taken back. Peer: the caller's unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from intake.errors import OperatorError
from intake.model import UNSENT
from intake.requests import Judging
from storage.records import Json
from storage.records.casebook import CaseRecord, NewJudgement
from storage.records.correspondence import OutgoingRecord
from storage.unit_of_work import UnitOfWork, View

VERDICT_LETTERS = frozenset(
    {
        "receipt",
        "fix_request",
        "being_checked",
        "late",
        "awaiting",
        "decision",
        "extension",
        "moved",
        "merged",
        "parted",
    }
)
"""Letters that say how a case stands; unsent ones no longer hold once a person has decided."""
STILL_HERE = UNSENT | {"cancelled"}


def picture_of(view: View, cases: Iterable[CaseRecord]) -> list[dict[str, Any]]:
    """The cases as they stand, as JSON."""
    return [
        {
            "id": case.id,
            "campaign": case.campaign,
            "number": case.number,
            "state": case.state,
            "verdict": case.verdict,
            "due_at": iso(case.due_at),
            "closes_at": iso(case.closes_at),
            "revision": case.current_revision_id,
            "judged": judged.id if (judged := view.cases.last_judgement(case.id)) is not None else None,
        }
        for case in cases
    ]


def merges_of(view: View, cases: Sequence[CaseRecord]) -> list[dict[str, Any]]:
    """What the last of `cases` takes from each of the others when they are merged, as JSON."""
    *gone, stays = cases
    known = set(view.cases.addresses(stays.id))
    return [
        {"case": case.id, "into": stays.id, "addresses": sorted(set(view.cases.addresses(case.id)) - known)}
        for case in gone
    ]


def revisions_of(view: View, cases: Iterable[int]) -> dict[str, int | None]:
    """Id of each case to its current revision, as JSON has it."""
    found = (view.cases.get(case_id) for case_id in cases)
    return {str(case.id): case.current_revision_id for case in found if case is not None}


def cancel_overtaken(work: UnitOfWork, cases: Iterable[CaseRecord]) -> list[dict[str, Any]]:
    """Two letters that contradict each other must not leave one after the other: what was cancelled, as JSON."""
    overtaken: dict[int, OutgoingRecord] = {}
    ids = {case.id for case in cases}
    for case_id in ids:
        for mail in work.outgoing.of_case(case_id):
            alone = set(work.outgoing.cases_of(mail.id)) <= ids
            if mail.kind in VERDICT_LETTERS and mail.state in UNSENT and alone:
                overtaken[mail.id] = mail
    for outgoing_id in overtaken:
        work.outgoing.cancel(outgoing_id)
    return [{"id": mail.id, "state": mail.state, "next_at": iso(mail.next_at)} for _, mail in sorted(overtaken.items())]


def refuse_when_told(view: View, before: Json) -> None:
    """Raise OperatorError when a letter that told of the order has left."""
    for outgoing_id in before.get("told", ()):
        mail = view.outgoing.get(outgoing_id)
        if mail is not None and mail.state not in STILL_HERE:
            raise OperatorError(f"去信 {outgoing_id} 已经发出，不能撤销；可以作新的决定，报送人会收到新的核对结果。")


def restore(work: UnitOfWork, judging: Judging, before: Json, *, at: datetime) -> tuple[CaseRecord, ...]:
    """Put everything back; the cases as they stand then.

    A case that got something new since is judged anew, without the decision; the others are as they were.
    """
    for outgoing_id in before.get("told", ()):
        work.outgoing.cancel(outgoing_id)
        work.outgoing.leave_unanswered(outgoing_id)
    for mail in before.get("overtaken", ()):
        work.outgoing.reinstate(mail["id"], state=mail["state"], next_at=_time(mail["next_at"]))
    for pair in before.get("merged", ()):
        letters = work.orders.part_again(pair["case"])
        work.cases.hand_letters(pair["into"], letters, to_id=pair["case"], joined_by="撤销合并", at=at)
        work.cases.drop_addresses(pair["into"], pair.get("addresses", ()))
    after = before.get("after", {})
    parted = {pair["case"] for pair in before.get("merged", ())}
    return tuple(
        _restore_case(work, judging, stood, after=after.get(str(stood["id"])), again=stood["id"] in parted, at=at)
        for stood in before.get("cases", ())
    )


def _restore_case(
    work: UnitOfWork, judging: Judging, stood: Json, *, after: int | None, again: bool, at: datetime
) -> CaseRecord:
    case = work.cases.get(stood["id"])
    assert case is not None  # cases are never deleted
    moved = (case.campaign, case.number) != (stood["campaign"], stood["number"])
    if moved:
        work.orders.keep_number(case.number, case.id, at=at)
        case = work.cases.renumber(case.id, campaign=stood["campaign"], number=stood["number"], at=at)
        for record in work.letters.of_case(case.id):
            work.letters.change(record.sha256, campaign=stood["campaign"])
    case = work.cases.change(case.id, at=at, closes_at=_time(stood["closes_at"]))
    if case.current_revision_id != after:
        return judging.judge(work, case)
    if again or moved or after != stood["revision"]:  # the order itself made this revision
        case = judging.judge(work, case, decided=True, silently=True)
    elif stood["judged"] is not None:
        _say_again(work, case, stood["judged"], at=at)
    return work.cases.change(
        case.id, at=at, state=stood["state"], verdict=stood["verdict"], due_at=_time(stood["due_at"])
    )


def _say_again(work: UnitOfWork, case: CaseRecord, judgement_id: int, *, at: datetime) -> None:
    """The judgement that stood before stands again, as the last one on record."""
    last = work.cases.last_judgement(case.id)
    if last is None or last.id == judgement_id:
        return
    made = (each for revision in work.cases.revisions(case.id) for each in work.cases.judgements(revision.id))
    stood = next((each for each in made if each.id == judgement_id), None)
    if stood is not None:
        work.cases.add_judgement(
            NewJudgement(
                revision_id=last.revision_id,
                verdict=stood.verdict,
                findings=stood.findings,
                settled=stood.settled,
                waived=stood.waived,
                rules_hash=stood.rules_hash,
                code_version=stood.code_version,
                at=at,
            )
        )


def iso(at: datetime | None) -> str | None:
    """As JSON has it."""
    return at.isoformat() if at is not None else None


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
