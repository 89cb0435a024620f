"""What only a person can settle of a case, beside its rules: files another address sent, pictures to be exchanged.

Peer: the caller's unit of work. An organizer's ruling on the case settles what came before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake.casework.fold import CaseState
from intake.casework.pictures_meant import wish_to_finding
from intake.casework.standing import RULINGS
from intake.edges.records import PROVISIONAL
from intake.model import Finding
from storage.records.casebook import CaseRecord, DecisionRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork

_FILES_NAMED = 8


def open_questions(
    work: UnitOfWork, case: CaseRecord, state: CaseState, decisions: Sequence[DecisionRecord]
) -> tuple[Finding, ...]:
    """The questions nobody has ruled on since they came up; empty when none."""
    ruled_at = max((each.at for each in decisions if each.kind in RULINGS), default=None)
    joined_at = {each.letter_sha256: each.at for each in work.cases.letters(case.id)}
    letters = work.letters.of_case(case.id)
    open_since = {record.sha256 for record in letters if ruled_at is None or joined_at[record.sha256] > ruled_at}
    others = [record for record in letters if is_provisional(record) and record.sha256 in open_since]
    wishes = [wish for wish in state.wishes if wish.letter_sha256 in open_since]
    return (*_files_of_others(work, others), *map(wish_to_finding, wishes))


def is_provisional(record: LetterRecord) -> bool:
    """Whether a letter was joined to a case of another address until a person has looked."""
    return bool((record.evidence or {}).get(PROVISIONAL))


def _files_of_others(work: UnitOfWork, letters: Sequence[LetterRecord]) -> Iterator[Finding]:
    for record in letters:
        files = [file for file in work.files.of_letter(record.sha256) if file.parent_id is None]
        names = tuple(dict.fromkeys(file.name for file in files if file.name and file.origin != "inline"))
        lines = (record.evidence or {}).get("lines", [])
        yield Finding(
            rule="",
            check="correspondence",
            code="provisional_files",
            severity="human",
            values={"count": len(names), "files": names[:_FILES_NAMED], "letter": record.sha256[:12]},
            evidence=lines[0][:120] if lines else None,
        )
