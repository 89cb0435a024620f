"""Letters that are no submission: answered from the call or the records, carried out, or left to people.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.answers import Answers
from intake.calls import Call, Route
from intake.casework.requested import Requested
from intake.casework.sorting import Sorting
from intake.filing.outcomes import Outcomes
from intake.lookups import is_answered_by_hand
from intake.model import IgnoredReason, Letter
from intake.replies.matter import Topic
from intake.requests import Requests
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork


class SettingAside:
    """What is done with letters that bring no case."""

    def __init__(self, requests: Requests, answers: Answers, outcomes: Outcomes) -> None:
        self._requests = requests
        self._answers = answers
        self._outcomes = outcomes

    def without_campaign(
        self, work: UnitOfWork, record: LetterRecord, letter: Letter, way: Route, *, machine: IgnoredReason | None
    ) -> None:
        """Unanswered. A person looks when several campaigns fit, or when a letter that fits none brings files.

        `machine`: why it is a machine's, if it is.
        """
        evidence = (way.evidence, *(call.campaign.title for call in way.calls))
        for_person = machine is None and bool(way.calls or letter.files or letter.facts.shares)
        self._outcomes.ignore(work, record, machine or "no_campaign", evidence=evidence, for_person=for_person)

    def set_aside(self, work: UnitOfWork, record: LetterRecord, call: Call, letter: Letter, sorting: Sorting) -> None:
        """A question, a courtesy, a machine's letter …: on record, and answered when `sorting` says so."""
        assert sorting.ignored is not None
        self._outcomes.ignore(
            work,
            record,
            sorting.ignored,
            evidence=sorting.evidence,
            call=call,
            answer=sorting.answer,
            for_person=sorting.for_person,
            shares=letter.facts.shares,
        )
        if not sorting.answer or is_answered_by_hand(work, record.message_id):
            return
        asks = letter.facts.sender.address if letter.facts.sender is not None else ""
        own = work.cases.for_address(asks, campaign=call.campaign.id)
        cases = [case for case in own if case.test == self._outcomes.test_mode]
        topics: tuple[Topic, ...] = sorting.topics
        if sorting.ignored == "nothing_attached":
            topics = ("only_linked",) if letter.facts.shares else ("nothing_attached",)
        elif sorting.ignored == "encrypted":
            topics = ("encrypted",)
        about_cases = "received" in topics
        if about_cases and not cases:
            topics = self._of_unknown(work, record, topics)
        self._answers.write(
            work,
            call,
            "answer",
            record,
            reports=[self._requests.standing(work, case) for case in cases] if about_cases else (),
            cases=[case.id for case in cases] if about_cases else (),
            letters=(record,),
            topics=topics,
        )

    def grant(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        call: Call,
        sorting: Sorting,
        asked: Requested,
        *,
        drafts: Sequence[LetterRecord],
    ) -> None:
        """What the letter asks for is done and answered; one that is not to be answered is left to a person."""
        by_hand = is_answered_by_hand(work, record.message_id)
        self._outcomes.ignore(
            work,
            record,
            asked.ignored,
            evidence=sorting.evidence,
            call=call,
            answer=sorting.answer,
            for_person=sorting.for_person or (not sorting.answer and not by_hand),
        )
        if sorting.answer and not by_hand:
            self._requests.grant(work, call, record, asked, drafts=drafts)

    def _of_unknown(self, work: UnitOfWork, record: LetterRecord, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
        """Who asks after a case we do not know: of a draft they read that; else a person looks, as they are told."""
        if any(each.ignored == "draft" for each in work.letters.from_address(record.from_address or "")):
            return tuple("draft_received" if topic == "received" else topic for topic in topics)
        self._outcomes.show_to_a_person(work, record)
        return topics
