"""What became of the letters of the story, held against what the story expects.

Peer: the service's database, read only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.demo.stage import Arrived
from intake.demo.story import Scene
from intake.figures.ledger_words import ANSWERS, IGNORED, STATES
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.unit_of_work import UnitOfWork

NO_ANSWER = "不回信"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One letter and what became of it."""

    scene: Scene
    verdict: str
    """As `Expected.verdict`; anything else the database holds when it went otherwise."""
    answer: str | None
    """Kind of the answer; several joined by + when it was answered more than once."""
    number: str | None
    """The case it belongs to."""
    answer_id: int | None
    """Row of the answer."""
    answered_together: bool = False
    """The answer also settles a later letter."""

    @property
    def as_expected(self) -> bool:
        """Whether it went as the story says."""
        return (self.verdict, self.answer) == (self.scene.expected.verdict, self.scene.expected.answer)

    @property
    def verdict_text(self) -> str:
        """For the table."""
        return (STATES | IGNORED).get(self.verdict, self.verdict)

    @property
    def answer_text(self) -> str:
        """For the table."""
        if self.answer is None:
            return NO_ANSWER
        return "与下一封一并答复" if self.answered_together else ANSWERS.get(self.answer, self.answer)

    @property
    def complaint(self) -> str:
        """What went otherwise; empty when nothing did."""
        if self.as_expected:
            return ""
        expected = self.scene.expected
        wanted = f"{expected.verdict} / {expected.answer or NO_ANSWER}"
        return f"{self.scene.who}“{self.scene.what}”：应为 {wanted}，实为 {self.verdict} / {self.answer or NO_ANSWER}"


def read_outcomes(view: UnitOfWork, arrived: Sequence[Arrived]) -> tuple[Outcome, ...]:
    """One for each letter, in the order given."""
    return tuple(_outcome(view, each) for each in arrived)


def read_complaints(view: UnitOfWork, arrived: Sequence[Arrived]) -> tuple[str, ...]:
    """What is wrong with the records as a whole; empty when every letter is accounted for and every answer left."""
    folders = [count for count in view.figures.folders() if count.current]
    complaints = [
        f"{count.folder}：邮箱有{count.messages}封，登记{count.live}封"
        for count in folders
        if count.messages != count.live or count.uncollected
    ]
    seen = sum(count.live for count in folders if count.role != "sent")
    if seen != len(arrived):
        complaints.append(f"来信{len(arrived)}封，登记{seen}封")
    unsent = {state: count for state, count in view.outgoing.count_by_state().items() if state != "sent" and count}
    if unsent:
        complaints.append(f"有回信没有发出：{unsent}")
    return tuple(complaints)


def _outcome(view: UnitOfWork, arrived: Arrived) -> Outcome:
    letter = view.letters.get(arrived.sha256)
    if letter is None:
        return Outcome(arrived.scene, "not_recorded", None, None, None)
    answers = view.outgoing.of_letter(letter.sha256)
    cases = view.cases.of_letter(letter.sha256)
    return Outcome(
        scene=arrived.scene,
        verdict=letter.ignored or _verdict(view, letter),
        answer="+".join(mail.kind for mail in answers) or None,
        number=cases[0].number if cases else None,
        answer_id=answers[-1].id if answers else None,
        answered_together=bool(answers) and _settles_later(view, letter, answers[-1]),
    )


def _verdict(view: UnitOfWork, letter: LetterRecord) -> str:
    """The verdict on the revision this letter completed; the letter's outcome when it belongs to no case."""
    if letter.outcome != "filed" or letter.case_id is None:
        return letter.outcome
    for revision in view.cases.revisions(letter.case_id):
        if revision.received_at == letter.received_at:
            judgements = view.cases.judgements(revision.id)
            return judgements[-1].verdict if judgements else "waiting"
    return "no_revision"


def _settles_later(view: UnitOfWork, letter: LetterRecord, answer: OutgoingRecord) -> bool:
    others = (view.letters.get(sha256) for sha256 in view.outgoing.letters_of(answer.id))
    return any(other is not None and other.received_at > letter.received_at for other in others)
