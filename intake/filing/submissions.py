"""Letters that bring a case, or part of one: joined to it, or opening it, and judged.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from intake.answers import Answers
from intake.calls import Call
from intake.casework.known_case import KnownCase
from intake.casework.parts import Part, PartedLetter
from intake.casework.sorting import Sorting
from intake.edges.clock import Clock
from intake.edges.records import LEFT_OUT, ON_BEHALF
from intake.filing.outcomes import Outcomes
from intake.lookups import is_answered_by_hand
from intake.model import Letter
from intake.requests import Judging, Requests
from intake.wording import clean_title
from storage.records.casebook import CaseRecord, NewCase
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork


class Submissions:
    """Takes up letters to cases."""

    def __init__(
        self, judging: Judging, requests: Requests, answers: Answers, outcomes: Outcomes, *, clock: Clock
    ) -> None:
        self._judging = judging
        self._requests = requests
        self._answers = answers
        self._outcomes = outcomes
        self._clock = clock

    def take_up(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        call: Call,
        letter: Letter,
        sorting: Sorting,
        *,
        earlier: Sequence[LetterRecord] = (),
        perhaps_of: Sequence[KnownCase] = (),
    ) -> None:
        """`earlier`: letters kept apart until this one came, drafts and what had to be confirmed; filed with it.

        `perhaps_of`: cases the photos of a new case may belong to; the only one is shown to organizers, to nobody else.
        """
        joining = sorting.joining
        number = joining.case_number if joining is not None else None
        case = work.cases.by_number(number) if number is not None else None
        shown: tuple[str, ...] = ()
        if case is None:
            case = self._open(work, call, letter)
            shown = _perhaps_one_case(case, perhaps_of)
        joined_by = "; ".join(joining.evidence) if joining is not None else ""
        provisional = joining is not None and joining.known_by == "unit" and letter.forwarded_by is None
        for each in earlier:
            why = "先发来的初稿" if each.ignored == "draft" else "经来信确认以此为准"
            work.cases.join(case.id, each.sha256, joined_by=why, at=self._clock.now())
            work.letters.set_outcome(each.sha256, "filed")
            self._outcomes.show_to_a_person(work, each, shown=False)
        work.cases.join(case.id, record.sha256, joined_by=joined_by, at=self._clock.now())
        self._outcomes.file(
            work,
            record,
            call,
            evidence=(*shown, *sorting.evidence),
            answer=sorting.answer,
            for_person=bool(shown) or (sorting.for_person and not provisional),  # a question of the case, told with it
            test=case.test,
            provisional=provisional,
        )
        case = self._judging.judge(work, case)
        if letter.forwarded_by is not None and sorting.answer:
            self._answers.tell_forwarder(work, call, record, case, self._requests.standing(work, case))

    def take_up_parts(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        call: Call,
        letter: Letter,
        sorting: Sorting,
        *,
        parted: PartedLetter,
    ) -> None:
        """Every case of the letter joined before the first is judged; the last one judged answers for all."""
        cases: list[CaseRecord] = []
        for part in parted.parts:
            number = part.joining.case_number
            case = work.cases.by_number(number) if number is not None else None
            cases.append(case or self._open(work, call, letter))
            joined_by = "; ".join(part.joining.evidence)
            work.cases.join(cases[-1].id, record.sha256, joined_by=joined_by, at=self._clock.now(), leads=part.leads)
        lines = (f"来信有{len(cases)}个案例", *parted.open_questions, *sorting.evidence)
        person = parted.for_person
        if all(part.again for part in parted.parts):
            self._outcomes.ignore(
                work, record, "same_again", evidence=lines, call=call, answer=sorting.answer, for_person=person
            )
            self._note_all_again(work, record, call, cases, answer=sorting.answer)
            return
        self._outcomes.file(work, record, call, evidence=lines, answer=sorting.answer, for_person=person)
        # The first holds what speaks of all, a summary sheet: it is judged when the others' titles are known.
        for case in reversed(cases):
            self._judging.judge(work, case, silently=case is not cases[0])

    def take_up_confirmed(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        call: Call,
        sorting: Sorting,
        *,
        kept: Sequence[tuple[LetterRecord, Letter, PartedLetter]],
        named: Collection[str] = (),
    ) -> None:
        """Letters with several cases that were kept until `record` said yes: filed part by part, answered together.

        `named`: the numbers it said yes to; none means all. What came for other cases is left to a person.
        """
        cases: dict[int, CaseRecord] = {}
        at = self._clock.now()
        for each, letter, parted in kept:
            left = [part for part in parted.parts if _is_left(part, named)]
            for part in parted.parts:
                number = part.joining.case_number
                if _is_left(part, named):
                    continue
                case = work.cases.by_number(number) if number is not None else None
                case = case or self._open(work, call, letter)
                cases[case.id] = case
                work.cases.join(case.id, each.sha256, joined_by="经来信确认以此为准", at=at, leads=part.leads)
            work.letters.set_outcome(each.sha256, "filed")
            if left:
                self._leave_out(work, each, left, named)
            self._outcomes.show_to_a_person(work, each, shown=parted.for_person or bool(left))
        for case_id in cases:
            work.cases.join(case_id, record.sha256, joined_by="; ".join(sorting.evidence), at=at)
        self._outcomes.file(
            work, record, call, evidence=sorting.evidence, answer=sorting.answer, for_person=sorting.for_person
        )
        first, *others = cases.values()
        for case in (*reversed(others), first):
            self._judging.judge(work, case, silently=case is not first)

    @staticmethod
    def _leave_out(work: UnitOfWork, record: LetterRecord, left: Sequence[Part], named: Collection[str]) -> None:
        """Put on record which parts of a letter its sender did not confirm."""
        numbers = "、".join(part.joining.case_number or "" for part in left)
        line = f"来信只确认了{'、'.join(sorted(named))}，{numbers} 的新材料留存，没有采用"
        evidence = dict(record.evidence or {})
        told = {"lines": [line, *evidence.get("lines", ())], LEFT_OUT: [list(part.leads) for part in left]}
        work.letters.change(record.sha256, evidence={**evidence, **told})

    def note_again(self, work: UnitOfWork, record: LetterRecord, call: Call, sorting: Sorting) -> None:
        """The same content once more: kept with its case, told its number and state."""
        number = sorting.joining.case_number if sorting.joining is not None else None
        case = work.cases.by_number(number) if number is not None else None
        self._outcomes.ignore(
            work,
            record,
            "same_again",
            evidence=sorting.evidence,
            call=call,
            answer=sorting.answer,
            for_person=sorting.for_person,
        )
        if case is None:
            return
        work.cases.join(case.id, record.sha256, joined_by="; ".join(sorting.evidence), at=self._clock.now())
        if (record.evidence or {}).get(ON_BEHALF):  # its sender did not write twice: whoever passed it on is told
            self._answers.tell_forwarder(work, call, record, case, self._requests.standing(work, case))
            return
        report = self._judging.report(work, case)
        if report is not None and sorting.answer and not is_answered_by_hand(work, record.message_id):
            self._answers.write(
                work, call, "same_again", record, reports=(report,), cases=(case.id,), letters=(record,)
            )

    def _note_all_again(
        self, work: UnitOfWork, record: LetterRecord, call: Call, cases: Sequence[CaseRecord], *, answer: bool
    ) -> None:
        if answer and not is_answered_by_hand(work, record.message_id):
            reports = [self._requests.standing(work, case) for case in cases]
            ids = [case.id for case in cases]
            self._answers.write(work, call, "same_again", record, reports=reports, cases=ids, letters=(record,))

    def _open(self, work: UnitOfWork, call: Call, letter: Letter) -> CaseRecord:
        test = self._outcomes.test_mode
        prefix = f"测试-{call.campaign.number_prefix}" if test else call.campaign.number_prefix
        return work.cases.open(
            NewCase(
                campaign=call.campaign.id,
                number=f"{prefix}-{work.cases.next_number(prefix):04d}",
                sender_address=letter.facts.sender.address if letter.facts.sender else "",
                opened_at=letter.received_at,
                state="open",
                test=test,
            )
        )


def _is_left(part: Part, named: Collection[str]) -> bool:
    """Whether the part is for a case on record that is not among those `named`; no names are all."""
    number = part.joining.case_number
    return bool(named) and number is not None and number not in named


def _perhaps_one_case(case: CaseRecord, others: Sequence[KnownCase]) -> tuple[str, ...]:
    """What organizers read of the one case the photos of `case` may belong to; empty when there is none, or several."""
    if len(others) != 1:
        return ()
    other = others[0]
    named = " ".join(filter(None, (other.number, clean_title(other.title))))
    joined = f"intake cases merge {case.number} {other.number} --by 姓名 --why 理由"
    return (f"只有照片、没有写单位，可能是 {named} 所缺的照片；确为同一案例的，运行：{joined}",)
