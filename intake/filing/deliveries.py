"""What was handed over at a desk: joined to the case named there, or to those it makes, and judged like any letter.

Peer: the caller's unit of work. A person has decided that it is a submission, so nothing is weighed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.answers import contact_letter
from intake.calls import Call
from intake.casework.fold import fold
from intake.casework.joining import Joining
from intake.casework.package import holds_material, package_of
from intake.casework.parts import part_letter
from intake.casework.sameness import case_shingles, same_again
from intake.casework.sketch import WORTH_COMPARING, sketch
from intake.casework.sorting import Sorting
from intake.casework.titles import is_generic_title
from intake.casework.units import same_unit
from intake.casework.wording import letters_only
from intake.edges.records import Readings
from intake.filing.submissions import Submissions
from intake.model import Letter
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork, View

CONTENTS_COMPARED = 40
"""Of the likeliest matches so many are looked into for the same files: each has to be put together from its letters."""


@dataclass(frozen=True, slots=True)
class Match:
    """A case on record that a delivery may belong to."""

    case: CaseRecord
    why: str
    """单位相同, 标题相同 …, joined."""
    same_content: bool = False
    """It holds everything that was handed over already."""


class Deliveries:
    """Files deliveries."""

    def __init__(self, readings: Readings, submissions: Submissions, *, test_mode: bool) -> None:
        self._readings = readings
        self._submissions = submissions
        self._test_mode = test_mode

    def matches(self, view: View, call: Call, letter: Letter) -> tuple[Match, ...]:
        """Cases of the campaign that have its text, its title or its unit; the likeliest first, empty when none."""
        state = fold([letter], call.signs, closes_at=None)
        values = sketch(case_shingles(state.files))
        near: frozenset[int] = frozenset()
        if values:
            at_least = min(WORTH_COMPARING, len(values))
            alike = view.cases.sharing_sketch(values, campaign=call.campaign.id, at_least=at_least, beside=0)
            near = frozenset(case.id for case in alike)
        title = "" if is_generic_title(state.title, call.signs) else letters_only(state.title)
        found = []
        merged = view.orders.merged()
        for case in view.cases.list(campaign=call.campaign.id, test=self._test_mode):
            if case.id in merged:
                continue
            signs = {
                "文字相近": case.id in near,
                "题目相同": bool(title) and letters_only(case.title) == title,
                "单位相同": bool(state.unit) and same_unit(case.unit, state.unit or ""),
            }
            if any(signs.values()):
                why = "、".join(name for name, holds in signs.items() if holds)
                found.append((sum(signs.values()), Match(case, why)))
        found.sort(key=lambda pair: (-pair[0], pair[1].case.number))
        likeliest = tuple(match for _, match in found)
        held = self._holding(view, call, [match.case for match in likeliest[:CONTENTS_COMPARED]], letter)
        matches = (replace(match, same_content=match.case.id in held) for match in likeliest)
        return tuple(sorted(matches, key=lambda match: not match.same_content))

    def contact(self, view: UnitOfWork, case: CaseRecord) -> Letter | None:
        """The letter by whose sender the case's mail goes; None when nobody has written of it."""
        record = contact_letter(view, case)
        letter = self._readings.letter(view, record) if record is not None else None
        return letter if letter is not None and letter.facts.sender is not None else None

    def take_up(
        self, work: UnitOfWork, record: LetterRecord, call: Call, letter: Letter, number: str | None
    ) -> tuple[CaseRecord, ...]:
        """File `record`: with the case `number`, or as the new cases its files make; the cases as they are then, in order."""
        assert letter.delivered is not None
        case = work.cases.by_number(number) if number is not None else None
        by = letter.delivered.registered_by or letter.delivered.received_by
        line = f"由{by}登记" + (f"，指明补充 {number}" if number is not None else "")
        joining = Joining(number, (line,))
        told = letter.facts.sender is not None
        sorting = Sorting(None, answer=told, evidence=(line,), joining=joining)
        if case is not None and self._holding(work, call, [case], letter):
            self._submissions.note_again(work, record, call, sorting)
        else:
            parted = part_letter(letter, call.signs) if case is None else None
            if parted is not None and parted.parts:
                self._submissions.take_up_parts(work, record, call, letter, sorting, parted=parted)
            else:
                self._submissions.take_up(work, record, call, letter, sorting)
        return work.cases.of_letter(record.sha256)

    def _holding(self, view: View, call: Call, cases: Sequence[CaseRecord], letter: Letter) -> frozenset[int]:
        """Ids of those of `cases` that hold everything that was handed over already."""
        material = [file for file in package_of(letter, call.signs) if holds_material((file,))]
        if not material:
            return frozenset()
        letters = self._readings.of_cases(view, [case.id for case in cases], call.signs)
        return frozenset(
            case.id for case in cases if same_again(material, fold(letters[case.id], call.signs, closes_at=None).files)
        )
