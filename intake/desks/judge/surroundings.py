"""A revision of a case with what the records know of the cases beside it.

Peer: the caller's unit of work, in which the sketch of the case is kept for those to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from intake.casework.fold import CaseState, fold
from intake.casework.sameness import Shingles, case_shingles, similarity
from intake.casework.signs import CampaignSigns
from intake.casework.sketch import WORTH_COMPARING, sketch
from intake.casework.units import above, units_in
from intake.edges.records import Readings
from intake.model import Letter, Resemblance, Revision
from storage.records.casebook import CaseRecord
from storage.unit_of_work import UnitOfWork

_SIGNED_CHARACTERS = 80
"""At the end of a letter whose signature stands by itself in the text."""


def with_surroundings(
    work: UnitOfWork,
    readings: Readings,
    case: CaseRecord,
    state: CaseState,
    signs: CampaignSigns,
    *,
    at: int,
    end_at: datetime | None,
) -> Revision:
    """The revision of `state` at that place, with the cases that resemble it, those reported beside it, and its end.

    Of the newest the sketch is kept.
    """
    revision = state.revisions[at]
    mine = case_shingles(revision.files)
    if at == len(state.revisions) - 1:
        work.cases.put_sketch(case.id, sketch(mine))
    listed = any(document.role == "summary_sheet" for document in revision.documents)
    return replace(
        revision,
        closes_at=end_at,
        resembles=_resemblances(work, readings, case, mine, signs),
        reported=_reported(work, case, state) if listed else (),
    )


def _reported(work: UnitOfWork, case: CaseRecord, state: CaseState) -> tuple[str, ...]:
    """Titles of the other cases from this case's addresses."""
    found = {
        other.id: other.title
        for address in sorted(state.addresses)
        for other in work.cases.for_address(address, campaign=case.campaign)
        if other.id != case.id and other.test == case.test
    }
    return tuple(title for _, title in sorted(found.items()))


def _resemblances(
    work: UnitOfWork, readings: Readings, case: CaseRecord, mine: Shingles, signs: CampaignSigns
) -> tuple[Resemblance, ...]:
    """Other cases of the campaign with nearly the same text as `mine`."""
    values = sketch(mine)
    alike = work.cases.sharing_sketch(
        values, campaign=case.campaign, at_least=min(WORTH_COMPARING, len(values)), beside=case.id
    )
    found = []
    for other in alike:
        if other.id > case.id or other.test != case.test:
            continue  # the later one is the one to look at; a trial is none
        letters = readings.of_case(work, other.id, signs)
        theirs = case_shingles(fold(letters, signs, closes_at=None).files)
        own = readings.of_case(work, case.id, signs)
        found.append(
            Resemblance(
                number=other.number,
                title=other.title,
                similarity=similarity(mine, theirs),
                same_sender=other.sender_address == case.sender_address,
                unit=other.unit,
                recommender=above(_senders_units(own), _senders_units(letters)),
            )
        )
    return tuple(found)


def _senders_units(letters: Sequence[Letter]) -> list[str]:
    """The units that senders name as their own: in their display name, subject and signature, not in what they enclose."""
    found: list[str] = []
    for letter in letters:
        facts = letter.facts
        name = facts.sender.name if facts.sender is not None else ""
        found += units_in(f"{name}\n{facts.subject}\n{facts.signature or facts.text[-_SIGNED_CHARACTERS:]}")
    return found
