"""What was put together for the time being and does not belong together: an organizer takes a letter out of a case.

Peer: the database; the decision, the new case, both judgements and both letters are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from intake.answers import Answers, contact_letter, unanswered, without_answer
from intake.calls import Call
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.edges.records import PROVISIONAL
from intake.errors import OperatorError
from intake.replies.matter import Change
from storage.records import CaseRecord, LetterRecord, NewCase, NewDecision
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

DETACHED = "detach"
"""Kind of the decision by which a letter that was joined for the time being became a case of its own."""


class DetachDesk:
    """Parts letters from cases of another address."""

    def __init__(
        self, store: Store, judge: CaseJudge, answers: Answers, calls: Mapping[str, Call], *, clock: Clock
    ) -> None:
        self._store = store
        self._judge = judge
        self._answers = answers
        self._calls = calls
        self._clock = clock

    def detach(self, prefix: str, *, who: str, why: str) -> tuple[CaseRecord, CaseRecord]:
        """Make the letter whose hash begins with `prefix` a case of its own; the case it was in, and its own, as they are then.

        Both are judged anew, and each one's sender is told how it stands.
        Raises: OperatorError when letter, person or reason is not right; StorageError.
        """
        with self._store.write() as work:
            letter, case = self._meant(work, prefix)
            self._check(case, who=who, why=why)
            own = self._open(work, letter, like=case)
            at = self._clock.now()
            work.cases.hand_letters(
                case.id, [letter.sha256], to_id=own.id, joined_by=f"{who}从{case.number}分出：{why.strip()}", at=at
            )
            # Judging puts back whom the letters that stay name themselves.
            work.cases.drop_addresses(case.id, [letter.from_address or ""])
            evidence = {key: told for key, told in (letter.evidence or {}).items() if key != PROVISIONAL}
            lines = [*evidence.get("lines", ()), f"{who}决定从{case.number}分出：{why.strip()}"]
            work.letters.change(letter.sha256, evidence={**evidence, "lines": lines})
            for each in (case, own):
                work.cases.add_decision(
                    NewDecision(case_id=each.id, kind=DETACHED, who=who, why=why.strip(), at=at, revision_id=None)
                )
            return self._judge_and_tell(work, case), self._judge_and_tell(work, own)

    def _judge_and_tell(self, work: UnitOfWork, case: CaseRecord) -> CaseRecord:
        case = self._judge.judge(work, case, decided=True, silently=True)
        report, contact = self._judge.report(work, case), contact_letter(work, case)
        if report is not None and contact is not None:
            letters = without_answer(work, unanswered(work, case), "parted")
            self._answers.write(
                work,
                self._calls[case.campaign],
                "parted",
                contact,
                reports=(report,),
                cases=(case.id,),
                letters=letters,
                change=Change(),
            )
        return case

    @staticmethod
    def _open(work: UnitOfWork, letter: LetterRecord, *, like: CaseRecord) -> CaseRecord:
        """A case in the campaign of `like`, received when the letter was."""
        prefix = like.number.rpartition("-")[0]
        return work.cases.open(
            NewCase(
                campaign=like.campaign,
                number=f"{prefix}-{work.cases.next_number(prefix):04d}",
                sender_address=letter.from_address or "",
                opened_at=letter.received_at,
                state="open",
                test=like.test,
            )
        )

    @staticmethod
    def _meant(view: View, prefix: str) -> tuple[LetterRecord, CaseRecord]:
        """The one letter so joined that `prefix` names, and its case."""
        wanted = prefix.strip().lower()
        found = view.letters.beginning_with(wanted) if wanted else ()
        joined = [
            (letter, case)
            for letter in found
            if (letter.evidence or {}).get(PROVISIONAL)
            for case in view.cases.of_letter(letter.sha256)
        ]
        if len(joined) != 1:
            raise OperatorError(
                f"暂时并入案例的来信中没有唯一以“{prefix}”开头的编号。编号见日报中该案例一行，或用 intake cases show 查看。"
            )
        return joined[0]

    def _check(self, case: CaseRecord, *, who: str, why: str) -> None:
        if not why.strip():
            raise OperatorError("请用 --why 写明理由，理由会记录在案。")
        call = self._calls.get(case.campaign)
        names = [organizer.name for organizer in call.campaign.organizers] if call is not None else []
        if who not in names:
            listed = f"现有：{'、'.join(names)}" if names else "目前一个也没有"
            raise OperatorError(f"“{who}”不在活动文件的 organizers 名单里（{listed}）。")
