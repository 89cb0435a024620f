"""Read letters to cases: which campaign, which case, or why not a submission.

One transaction for each letter, the judgement of its case and the answer included.
Peer: the database. A bug costs one letter, which is put aside with its traceback and
answered neutrally; the next letter goes on.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from intake.answers import Answers
from intake.calls import Call, route
from intake.casework.fold import fold
from intake.casework.joining import KnownCase, OurReferences, codes_to_look_up, message_ids_to_look_up
from intake.casework.machines import machine_reason
from intake.casework.sorting import Sorting, sort_letter
from intake.edges.clock import Clock
from intake.edges.records import ATTEMPTS_AT_MOST, NEVER, Readings, is_own_trouble
from intake.model import IgnoredReason, Letter
from intake.replies.matter import CaseReport, Topic, describe_file
from parsers.facts import LetterFacts
from parsers.letter import read_head
from storage.letters import LetterStore
from storage.records import CaseRecord, LetterRecord, NewCase, OutgoingRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

LETTERS_A_TURN = 50


class CaseJudge(Protocol):
    """What filing needs of judging: both happen in one transaction."""

    def judge(self, work: UnitOfWork, case: CaseRecord) -> CaseRecord:
        """Fold, judge, record, queue the answer."""
        ...

    def report(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case stands; None while it waits."""
        ...


class FileDesk:
    """Files read letters, oldest received first."""

    def __init__(
        self,
        store: Store,
        letters: LetterStore,
        readings: Readings,
        judge: CaseJudge,
        calls: Mapping[str, Call],
        *,
        answers: Answers,
        clock: Clock,
        own_addresses: frozenset[str],
        installation: str,
        test_mode: bool = False,
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._letters = letters
        self._readings = readings
        self._judge = judge
        self._answers = answers
        self._calls = calls
        self._clock = clock
        self._own_addresses = own_addresses
        self._installation = installation
        self._test_mode = test_mode
        self._beat = beat
        self._stopped = stopped

    def turn(self) -> int:
        """File the letters that wait; return their number. Raises: StorageError.

        Attempts are counted before the work begins: a letter over which the process ended again and
        again (a pattern that never ends, memory) is put aside, so that the next ones go on.
        """
        with self._store.read() as view:
            if view.folders.any_rematching():
                return 0  # what looks new may be old: nothing is answered until the folder is matched again
            waiting = view.letters.unfiled(limit=LETTERS_A_TURN)
            aside = view.letters.quarantined_unanswered(limit=LETTERS_A_TURN)
        self._count_attempts(waiting)
        for record in waiting:
            if self._stopped():
                break
            self._file_safely(record)
            self._beat()
        for record in aside:
            self._answer_quarantined(record)
        return len(waiting) + len(aside)

    def _count_attempts(self, waiting: Sequence[LetterRecord]) -> None:
        fresh = [record for record in waiting if record.attempts == 0]
        if fresh:
            with self._store.write() as work:
                for record in fresh:
                    work.letters.begin_attempt(record.sha256)

    def _file_safely(self, record: LetterRecord) -> None:
        """The one boundary per letter."""
        if record.attempts:  # it was being filed, or in line behind such a one, when the process ended
            with self._store.write() as work:
                if work.letters.begin_attempt(record.sha256) > ATTEMPTS_AT_MOST:
                    reason = "登记这封来信时程序几次中断"
                    work.letters.quarantine(record.sha256, reason=reason, traceback="the process ended while filing it")
                    return
        try:
            with self._store.write() as work:
                self._file(work, record)
        except Exception as error:
            if is_own_trouble(error):
                with self._store.write() as work:
                    work.letters.change(record.sha256, attempts=0)
                raise
            log.exception("letter_quarantined", letter=record.sha256[:12], desk="file")
            with self._store.write() as work:
                reason = "登记来信时出现意外情况"
                work.letters.quarantine(record.sha256, reason=reason, traceback=traceback.format_exc())

    def _file(self, work: UnitOfWork, record: LetterRecord) -> None:
        letter = self._readings.letter(work, record)
        call = self._route(letter)
        if call is None:
            self._ignore(work, record, "no_campaign", evidence=("没有与来信对应的征集活动",), for_person=True)
            return
        if self._is_twin(work, record, letter):
            self._ignore(work, record, "same_again", evidence=("与已登记的一封信相同（Message-ID、发件人、文件）",))
            return
        known = self._known_cases(work, call, letter)
        sorting = sort_letter(
            letter,
            call.signs,
            own_addresses=self._own_addresses,
            own_marker=self._installation,
            cases=list(known.values()),
            ours=self._our_references(work, letter),
        )
        if sorting.ignored is None:
            self._take_up(work, record, call, letter, sorting)
        elif sorting.ignored == "same_again":
            self._note_again(work, record, call, sorting)
        else:
            self._set_aside(work, record, call, sorting)
        log.info("letter_filed", letter=record.sha256[:12], ignored=sorting.ignored)

    # --- a submission

    def _take_up(self, work: UnitOfWork, record: LetterRecord, call: Call, letter: Letter, sorting: Sorting) -> None:
        joining = sorting.joining
        number = joining.case_number if joining is not None else None
        case = work.cases.by_number(number) if number is not None else None
        if case is None:
            case = self._open(work, record, call, letter)
        joined_by = "; ".join(joining.evidence) if joining is not None else ""
        work.cases.join(case.id, record.sha256, joined_by=joined_by, at=self._clock.now())
        work.letters.set_outcome(record.sha256, "filed")
        work.letters.change(
            record.sha256,
            campaign=call.campaign.id,
            test=case.test,
            evidence=_evidence(sorting.evidence, for_person=sorting.for_person),
            answered=None if sorting.answer else NEVER,
        )
        self._judge.judge(work, case)

    def _open(self, work: UnitOfWork, record: LetterRecord, call: Call, letter: Letter) -> CaseRecord:
        prefix = f"测试-{call.campaign.number_prefix}" if self._test_mode else call.campaign.number_prefix
        return work.cases.open(
            NewCase(
                campaign=call.campaign.id,
                number=f"{prefix}-{work.cases.next_number(prefix):04d}",
                sender_address=letter.facts.sender.address if letter.facts.sender else "",
                opened_at=record.received_at,
                state="open",
                test=self._test_mode,
            )
        )

    def _note_again(self, work: UnitOfWork, record: LetterRecord, call: Call, sorting: Sorting) -> None:
        """The same content once more: kept with its case, told its number and state."""
        number = sorting.joining.case_number if sorting.joining is not None else None
        case = work.cases.by_number(number) if number is not None else None
        self._ignore(
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
        report = self._judge.report(work, case)
        if report is not None and sorting.answer and not self._answered_by_hand(work, record):
            self._answers.write(
                work, call, "same_again", record, reports=(report,), cases=(case.id,), letters=(record,)
            )

    # --- no submission

    def _set_aside(self, work: UnitOfWork, record: LetterRecord, call: Call, sorting: Sorting) -> None:
        assert sorting.ignored is not None
        self._ignore(
            work,
            record,
            sorting.ignored,
            evidence=sorting.evidence,
            call=call,
            answer=sorting.answer,
            for_person=sorting.for_person,
        )
        if not sorting.answer or self._answered_by_hand(work, record):
            return
        cases = work.cases.for_address(record.from_address or "", campaign=call.campaign.id)
        reports = [report for case in cases if (report := self._judge.report(work, case)) is not None]
        topics: tuple[Topic, ...] = sorting.topics
        if sorting.ignored == "nothing_attached":
            topics = ("nothing_attached",)
        about_cases = "received" in topics
        self._answers.write(
            work,
            call,
            "answer",
            record,
            reports=reports if about_cases else (),
            cases=[case.id for case in cases] if about_cases else (),
            letters=(record,),
            topics=topics,
        )

    def _ignore(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        ignored: IgnoredReason,
        *,
        evidence: Sequence[str],
        call: Call | None = None,
        answer: bool = False,
        for_person: bool = False,
    ) -> None:
        work.letters.set_outcome(record.sha256, "not_a_submission", reason="; ".join(evidence), ignored=ignored)
        work.letters.change(
            record.sha256,
            campaign=call.campaign.id if call is not None else None,
            evidence=_evidence(evidence, for_person=for_person),
            answered=None if answer else NEVER,
            test=self._test_mode,
        )

    def _answer_quarantined(self, record: LetterRecord) -> None:
        """材料已收到,正在人工核对: at once, neutrally, once, and not to machines. Never raises but StorageError."""
        try:
            with self._store.write() as work:
                letter = self._readings.letter(work, record)
                if letter.facts.sender is None:
                    letter = replace(letter, facts=self._facts_of_head(record))
                machine = machine_reason(letter.facts, own_addresses=self._own_addresses, own_marker=self._installation)
                call = self._route(letter)
                answered = NEVER
                asked = machine is None and record.folder_role != "junk" and not self._answered_by_hand(work, record)
                if asked and call is not None:
                    files = [describe_file(file) for file in letter.files]
                    self._answers.write(work, call, "being_checked", record, letters=(record,), files=files)
                    answered = "neutrally"
                work.letters.change(record.sha256, answered=answered)
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("quarantined_letter_not_answered", letter=record.sha256[:12])
            with self._store.write() as work:
                work.letters.change(record.sha256, answered=NEVER)

    def _facts_of_head(self, record: LetterRecord) -> LetterFacts:
        with self._letters.open(record.sha256) as raw:
            return read_head(raw.read(64_000))

    # --- looking things up

    def _route(self, letter: Letter) -> Call | None:
        """The campaign a letter is meant for; a single one takes everything."""
        calls = list(self._calls.values())
        if len(calls) == 1:
            return calls[0]
        return route(letter.facts, calls, received_at=letter.received_at)

    def _is_twin(self, work: UnitOfWork, record: LetterRecord, letter: Letter) -> bool:
        """Same Message-ID, sender and files in other raw bytes: a server that rewrites headers, not a new letter."""
        if record.message_id is None:
            return False
        mine = sorted(file.sha256 for file in letter.files)
        for other in work.letters.by_message_id(record.message_id):
            if (
                other.sha256 != record.sha256
                and other.from_address == record.from_address
                and other.outcome != "collected"
            ):
                theirs = sorted(file.sha256 for file in self._readings.letter(work, other).files)
                if theirs == mine:
                    return True
        return False

    def _known_cases(self, work: UnitOfWork, call: Call, letter: Letter) -> dict[str, KnownCase]:
        """The sender's cases, those our own letters named, and those whose number is quoted, by number."""
        sender = letter.facts.sender.address if letter.facts.sender else ""
        found = {case.number: case for case in work.cases.for_address(sender, campaign=call.campaign.id)}
        for number in self._named_numbers(work, call, letter):
            case = work.cases.by_number(number)
            if case is not None and case.campaign == call.campaign.id:
                found[number] = case
        return {number: self._known(work, call, case) for number, case in found.items()}

    def _named_numbers(self, work: UnitOfWork, call: Call, letter: Letter) -> set[str]:
        ours = self._our_references(work, letter)
        named = {
            number for group in (ours.by_message_id, ours.by_code) for numbers in group.values() for number in numbers
        }
        text = f"{letter.facts.subject}\n{letter.facts.text}\n{letter.facts.quoted}"
        return named | set(re.findall(rf"(?:测试-)?{re.escape(call.campaign.number_prefix)}-\d{{4,}}", text)[:20])

    def _known(self, work: UnitOfWork, call: Call, case: CaseRecord) -> KnownCase:
        state = fold(self._readings.letters(work, work.letters.of_case(case.id)), call.signs, closes_at=None)
        return KnownCase(
            number=case.number,
            addresses=frozenset(work.cases.addresses(case.id)),
            title=case.title,
            unit=case.unit or None,
            state=case.state,
            files=state.files,
            lacks=state.lacks,
        )

    def _our_references(self, work: UnitOfWork, letter: Letter) -> OurReferences:
        def cases_of(mail: OutgoingRecord | None) -> tuple[str, ...] | None:
            if mail is None:
                return None
            cases = (work.cases.get(case_id) for case_id in work.outgoing.cases_of(mail.id))
            return tuple(case.number for case in cases if case is not None)

        ids = {each: cases_of(work.outgoing.by_message_id(each)) for each in message_ids_to_look_up(letter.facts)}
        codes = {each: cases_of(work.outgoing.by_token(each)) for each in codes_to_look_up(letter.facts)}
        return OurReferences(
            by_message_id={each: numbers for each, numbers in ids.items() if numbers is not None},
            by_code={each: numbers for each, numbers in codes.items() if numbers is not None},
        )

    def _answered_by_hand(self, work: UnitOfWork, record: LetterRecord) -> bool:
        return record.message_id is not None and work.letters.hand_answered_at(record.message_id) is not None


def _evidence(lines: Sequence[str], *, for_person: bool) -> dict[str, object]:
    return {"lines": list(lines), "for_person": for_person}
