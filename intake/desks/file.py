"""Read letters to cases: which campaign, which case, or why not a submission.

One transaction for each letter, the judgement of its case and the answer included.
Peer: the database. A bug costs one letter, which is put aside with its traceback and
answered neutrally; the next letter goes on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from intake.answers import Answers
from intake.calls import Call, Route, route
from intake.casework.machines import machine_reason
from intake.casework.parts import NOT_PARTED, PartedLetter, part_letter
from intake.casework.requested import Requested
from intake.casework.sorting import Sorting, sort_letter
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.edges.records import ATTEMPTS_AT_MOST, ENDS_TOGETHER, NEVER, Readings, is_own_trouble
from intake.lookups import OurLetters, is_answered_by_hand, is_twin, known_cases, our_letters
from intake.model import IgnoredReason, Letter
from intake.replies.matter import Topic, describe_file
from intake.requests import Requests
from parsers.facts import LetterFacts, SharedFile
from parsers.letter import read_head
from storage.letters import LetterStore
from storage.records import CaseRecord, LetterRecord, NewCase
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

LETTERS_A_TURN = 50


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
        self._requests = Requests(readings, judge, answers)
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
                    work.letters.begin_attempt(record.sha256, at=self._clock.now(), together=ENDS_TOGETHER)

    def _file_safely(self, record: LetterRecord) -> None:
        """The one boundary per letter."""
        if record.attempts:  # it was being filed, or in line behind such a one, when the process ended
            with self._store.write() as work:
                if (
                    work.letters.begin_attempt(record.sha256, at=self._clock.now(), together=ENDS_TOGETHER)
                    > ATTEMPTS_AT_MOST
                ):
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
        record = replace(record, test=self._test_mode)
        letter = self._readings.letter(work, record)
        ours = our_letters(work, letter.facts)
        way = self._route(letter, ours)
        if way.call is None:
            self._leave_without_campaign(work, record, letter, way)
            return
        if is_twin(work, self._readings, record, letter):
            self._ignore(work, record, "same_again", evidence=("与已登记的一封信相同（Message-ID、发件人、文件）",))
            return
        call = way.call
        cases = known_cases(work, self._readings, call, letter, ours=ours.references, test=self._test_mode)
        sorting = sort_letter(
            letter,
            call.signs,
            own_addresses=self._own_addresses,
            own_marker=self._installation,
            cases=cases,
            ours=ours.references,
        )
        parted = NOT_PARTED
        if sorting.ignored is None:
            parted = part_letter(letter, call.signs, cases=cases, ours=ours.references)
        if parted.parts:
            self._take_up_parts(work, record, call, letter, sorting, parted=parted)
        elif sorting.ignored is None:
            self._take_up(work, record, call, letter, sorting, drafts=ours.drafts)
        elif sorting.ignored == "same_again":
            self._note_again(work, record, call, sorting)
        elif sorting.requested is not None:
            self._grant(work, record, call, sorting, sorting.requested, drafts=ours.drafts)
        else:
            self._set_aside(work, record, call, letter, sorting)
        log.info("letter_filed", letter=record.sha256[:12], ignored=sorting.ignored)

    # --- a submission

    def _take_up(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        call: Call,
        letter: Letter,
        sorting: Sorting,
        *,
        drafts: Sequence[LetterRecord] = (),
    ) -> None:
        """`drafts`: what the letter answers our remarks on; with it they become the submission."""
        joining = sorting.joining
        number = joining.case_number if joining is not None else None
        case = work.cases.by_number(number) if number is not None else None
        if case is None:
            case = self._open(work, record, call, letter)
        joined_by = "; ".join(joining.evidence) if joining is not None else ""
        for draft in drafts:
            work.cases.join(case.id, draft.sha256, joined_by="先发来的初稿", at=self._clock.now())
            work.letters.set_outcome(draft.sha256, "filed")
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

    def _take_up_parts(
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
            cases.append(case or self._open(work, record, call, letter))
            joined_by = "; ".join(part.joining.evidence)
            work.cases.join(cases[-1].id, record.sha256, joined_by=joined_by, at=self._clock.now(), leads=part.leads)
        lines = (f"来信有{len(cases)}个案例", *parted.open_questions, *sorting.evidence)
        if all(part.again for part in parted.parts):
            self._ignore(
                work,
                record,
                "same_again",
                evidence=lines,
                call=call,
                answer=sorting.answer,
                for_person=parted.for_person,
            )
            self._note_all_again(work, record, call, cases, answer=sorting.answer)
            return
        work.letters.set_outcome(record.sha256, "filed")
        work.letters.change(
            record.sha256,
            campaign=call.campaign.id,
            test=self._test_mode,
            evidence=_evidence(lines, for_person=parted.for_person),
            answered=None if sorting.answer else NEVER,
        )
        # The first holds what speaks of all, a summary sheet: it is judged when the others' titles are known.
        for case in reversed(cases):
            self._judge.judge(work, case, silently=case is not cases[0])

    def _note_all_again(
        self, work: UnitOfWork, record: LetterRecord, call: Call, cases: Sequence[CaseRecord], *, answer: bool
    ) -> None:
        if answer and not is_answered_by_hand(work, record.message_id):
            reports = [self._requests.standing(work, case) for case in cases]
            ids = [case.id for case in cases]
            self._answers.write(work, call, "same_again", record, reports=reports, cases=ids, letters=(record,))

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
        if report is not None and sorting.answer and not is_answered_by_hand(work, record.message_id):
            self._answers.write(
                work, call, "same_again", record, reports=(report,), cases=(case.id,), letters=(record,)
            )

    # --- no submission

    def _leave_without_campaign(self, work: UnitOfWork, record: LetterRecord, letter: Letter, way: Route) -> None:
        """Unanswered. A person looks when several campaigns fit, or when a letter that fits none brings files."""
        machine = self._machine(letter.facts)
        evidence = (way.evidence, *(call.campaign.title for call in way.calls))
        for_person = machine is None and bool(way.calls or letter.files or letter.facts.shares)
        self._ignore(work, record, machine or "no_campaign", evidence=evidence, for_person=for_person)

    def _set_aside(self, work: UnitOfWork, record: LetterRecord, call: Call, letter: Letter, sorting: Sorting) -> None:
        assert sorting.ignored is not None
        self._ignore(
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
        own = work.cases.for_address(record.from_address or "", campaign=call.campaign.id)
        cases = [case for case in own if case.test == self._test_mode]
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

    def _of_unknown(self, work: UnitOfWork, record: LetterRecord, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
        """Who asks after a case we do not know: of a draft they read that; else a person looks, as they are told."""
        if any(each.ignored == "draft" for each in work.letters.from_address(record.from_address or "")):
            return tuple("draft_received" if topic == "received" else topic for topic in topics)
        stored = work.letters.get(record.sha256)
        evidence = dict(stored.evidence or {}) if stored is not None else {}
        work.letters.change(record.sha256, evidence={**evidence, "for_person": True})
        return topics

    def _grant(
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
        self._ignore(
            work,
            record,
            asked.request,
            evidence=sorting.evidence,
            call=call,
            answer=sorting.answer,
            for_person=sorting.for_person or (not sorting.answer and not by_hand),
        )
        if sorting.answer and not by_hand:
            self._requests.grant(work, call, record, asked, drafts=drafts)

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
        shares: Sequence[SharedFile] = (),
    ) -> None:
        work.letters.set_outcome(record.sha256, "not_a_submission", reason="; ".join(evidence), ignored=ignored)
        work.letters.change(
            record.sha256,
            campaign=call.campaign.id if call is not None else None,
            evidence=_evidence(evidence, for_person=for_person, shares=shares),
            answered=None if answer else NEVER,
            test=self._test_mode,
        )

    def _answer_quarantined(self, record: LetterRecord) -> None:
        """材料已收到,正在人工核对: at once, neutrally, once, and not to machines. Never raises but StorageError."""
        try:
            with self._store.write() as work:
                answered = "neutrally" if self._say_it_is_being_checked(work, record) else NEVER
                work.letters.change(record.sha256, answered=answered)
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("quarantined_letter_not_answered", letter=record.sha256[:12])
            with self._store.write() as work:
                work.letters.change(record.sha256, answered=NEVER)

    def _say_it_is_being_checked(self, work: UnitOfWork, record: LetterRecord) -> bool:
        letter = self._readings.letter(work, record)
        if letter.facts.sender is None:  # it was never read
            letter = replace(letter, facts=self._facts_of_head(record))
        if record.folder_role == "junk" or self._machine(letter.facts) is not None:
            return False
        if is_answered_by_hand(work, letter.facts.message_id):
            return False
        call = self._route(letter, our_letters(work, letter.facts)).call
        if call is None:
            return False
        to = replace(record, test=self._test_mode)
        files = [describe_file(file) for file in letter.files]
        return self._answers.write(work, call, "being_checked", to, letters=(to,), files=files, head=letter.facts)

    def _facts_of_head(self, record: LetterRecord) -> LetterFacts:
        with self._letters.open(record.sha256) as raw:
            return read_head(raw.read(64_000))

    # --- looking things up

    def _route(self, letter: Letter, ours: OurLetters) -> Route:
        calls = tuple(self._calls.values())
        return route(letter.facts, calls, received_at=letter.received_at, thread=ours.campaign)

    def _machine(self, facts: LetterFacts) -> IgnoredReason | None:
        return machine_reason(facts, own_addresses=self._own_addresses, own_marker=self._installation)


def _evidence(lines: Sequence[str], *, for_person: bool, shares: Sequence[SharedFile] = ()) -> dict[str, object]:
    links = {"links": [share.model_dump(mode="json", exclude_defaults=True) for share in shares]} if shares else {}
    return {"lines": list(lines), "for_person": for_person, **links}
