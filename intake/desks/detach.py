"""What was put together and does not belong together: an organizer takes a letter out of a case.

Peer: the database; the decision, the new case, both judgements and both letters are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from intake.answers import Answers, contact_letter, unanswered, without_answer
from intake.calls import Call
from intake.deciding.meaning import GONE
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.edges.records import ON_BEHALF, PROVISIONAL, behalf_from_json
from intake.errors import NoReasonError, OperatorError, UnlistedCampaignError
from intake.organizers import who_is
from intake.replies.matter import Change
from storage.records.casebook import CaseRecord, NewCase, NewDecision
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

DETACHED = "detach"
"""Kind of the decision by which a letter that was joined to a case became a case of its own."""


class DetachDesk:
    """Parts letters from cases they were joined to, by the machine or by mistake."""

    def __init__(
        self, store: Store, judge: CaseJudge, answers: Answers, calls: Mapping[str, Call], *, clock: Clock
    ) -> None:
        self._store = store
        self._judge = judge
        self._answers = answers
        self._calls = calls
        self._clock = clock

    def detach(self, prefix: str, *, who: str, why: str, number: str = "") -> tuple[CaseRecord, CaseRecord]:
        """Make the letter whose hash begins with `prefix` a case of its own; the case it was in, and its own, as they are then.

        Both are judged anew, and each one's sender is told how it stands. `number`: the case, for a letter in several.
        Raises: OperatorError when letter, case, person or reason is not right; StorageError.
        """
        with self._store.write() as work:
            letter, case = _meant(work, prefix, number)
            who = self._organizer(case, who=who, why=why)
            own = self._open(work, letter, like=case)
            at = self._clock.now()
            work.cases.hand_letters(
                case.id, [letter.sha256], to_id=own.id, joined_by=f"{who}从{case.number}分出：{why.strip()}", at=at
            )
            # Judging puts back whom the letters that stay name themselves.
            work.cases.drop_addresses(case.id, [_sender_of(letter)])
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
                sender_address=_sender_of(letter),
                opened_at=letter.received_at,
                state="open",
                test=like.test,
            )
        )

    def _organizer(self, case: CaseRecord, *, who: str, why: str) -> str:
        """The name the decision is recorded under. Raises: OperatorError."""
        if not why.strip():
            raise NoReasonError
        call = self._calls.get(case.campaign)
        if call is None:
            raise UnlistedCampaignError(case.campaign, number=case.number)
        return who_is(call.campaign, who)


def _sender_of(letter: LetterRecord) -> str:
    """Whose letter it is: of one that was passed on, its first sender's."""
    behalf = behalf_from_json((letter.evidence or {}).get(ON_BEHALF))
    return (behalf.address if behalf is not None else None) or letter.from_address or ""


def _meant(view: View, prefix: str, number: str) -> tuple[LetterRecord, CaseRecord]:
    """The one letter that `prefix` names, and the case it is to be taken out of. Raises: OperatorError."""
    wanted = prefix.strip().lower()
    joined = [
        (letter, case)
        for letter in (view.letters.beginning_with(wanted) if wanted else ())
        for case in view.cases.of_letter(letter.sha256)
    ]
    if len({letter.sha256 for letter, _ in joined}) != 1:
        raise OperatorError(
            f"并入案例的来信中没有唯一以“{prefix}”开头的编号。编号见 intake cases show 列出的来信，或日报中该案例一行。"
        )
    chosen = [pair for pair in joined if pair[1].number == number.strip().upper()] if number else joined
    if len(chosen) != 1:
        numbers = "、".join(case.number for _, case in joined)
        raise OperatorError(f"这封来信属于 {numbers}，请用 --from 写明从哪个案例分出。")
    letter, case = chosen[0]
    if case.state in GONE:
        raise OperatorError(f"{case.number} {GONE[case.state]}，不能分出来信。")
    if view.cases.letters(case.id)[0].letter_sha256 == letter.sha256:
        raise OperatorError(f"这封来信就是 {case.number} 的第一封，请把另外的来信分出来。")
    return letter, case
