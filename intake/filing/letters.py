"""One read letter to what becomes of it: its campaign, its case, or why it is none.

Peer: the caller's unit of work. The decision itself is pure (`casework.sorting`); here the records
are asked for what it must know, and what it decides is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from intake.answers import Answers, contact_letter
from intake.calls import Call, Route, route
from intake.casework.forwarded import Behalf, behalf_of, several_originals
from intake.casework.known_case import KnownCase
from intake.casework.machines import machine_reason
from intake.casework.parts import NOT_PARTED, PartedLetter, part_letter
from intake.casework.requested import replaces_parts
from intake.casework.sorting import Sorting, sort_letter
from intake.casework.threads import NO_REFERENCES, OurReferences
from intake.casework.wording import plain
from intake.deciding.by_mail import OrdersByMail
from intake.edges.clock import Clock
from intake.edges.records import ON_BEHALF, Readings, behalf_from_json, behalf_to_json
from intake.filing.aside import SettingAside
from intake.filing.outcomes import Outcomes
from intake.filing.returned import ReturnedMail
from intake.filing.submissions import Submissions
from intake.lookups import OurLetters, is_answered_by_hand, is_twin, known_cases, our_letters, texts_without_photos
from intake.model import IgnoredReason, Letter
from intake.replies.matter import describe_file
from intake.requests import Judging, Requests
from parsers.facts import LetterFacts
from storage.records.correspondence import AuthenticationRecord, LetterRecord
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

_NAMED = 4
"""Addresses named in an evidence line."""


class Filing:
    """Files one letter at a time."""

    def __init__(
        self,
        readings: Readings,
        judging: Judging,
        answers: Answers,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        own_addresses: frozenset[str],
        installation: str,
        test_mode: bool = False,
        orders: OrdersByMail | None = None,
    ) -> None:
        """`own_addresses`: the mailbox's own, lower-case. `installation`: its name in our headers. `test_mode`: a trial run."""
        requests = Requests(readings, judging, answers)
        outcomes = Outcomes(test_mode=test_mode)
        self._readings = readings
        self._answers = answers
        self._calls = calls
        self._own_addresses = own_addresses
        self._installation = installation
        self._test_mode = test_mode
        self._outcomes = outcomes
        self._submissions = Submissions(judging, requests, answers, outcomes, clock=clock)
        self._returned = ReturnedMail(own_addresses=own_addresses, clock=clock)
        self._orders = orders
        self._aside = SettingAside(requests, answers, outcomes)

    def file(self, work: UnitOfWork, record: LetterRecord) -> None:
        """Decide on a letter that was read, and do what was decided, the answer included."""
        record = replace(record, test=self._test_mode)
        letter = self._readings.letter(work, record)
        machine = self._machine(letter.facts)
        self._returned.take_note(work, record, letter, machine=machine)
        _keep_origin(work, letter)
        if machine is None and self._takes_orders(work, record, letter):
            return
        ours = our_letters(work, letter.facts)
        way = self._route(letter, ours.campaign)
        if way.call is None:
            self._aside.without_campaign(work, record, letter, way, machine=machine)
            return
        if is_twin(work, self._readings, record, letter):
            self._outcomes.ignore(
                work, record, "same_again", evidence=("与已登记的一封信相同（Message-ID、发件人、文件）",)
            )
            return
        self._file_in(work, record, letter, way.call, ours)

    def _file_in(self, work: UnitOfWork, record: LetterRecord, letter: Letter, call: Call, ours: OurLetters) -> None:
        """Decide on a letter to a campaign."""
        record, letter = self._passed_on(work, record, letter, call)
        if letter.forwarded_by is not None:
            ours = our_letters(work, letter.facts)
        cases = known_cases(work, self._readings, call, letter, ours=ours.references, test=self._test_mode)
        sorting = sort_letter(
            letter,
            call.signs,
            own_addresses=self._own_addresses,
            own_marker=self._installation,
            cases=cases,
            ours=ours.references,
        )
        originals = several_originals(letter, call.signs)
        sorting = _noted(sorting, originals)
        sorting, parted = _parted(letter, call, sorting, cases=cases, ours=ours.references)
        self._carry_out(work, record, letter, call, sorting, parted=parted, ours=ours)
        if originals:
            self._outcomes.show_to_a_person(work, record)
        log.info("letter_filed", letter=record.sha256[:12], ignored=sorting.ignored)

    def _carry_out(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        letter: Letter,
        call: Call,
        sorting: Sorting,
        *,
        parted: PartedLetter,
        ours: OurLetters,
    ) -> None:
        if sorting.completes and self._confirms_several(work, record, letter, call, sorting, held=ours.unconfirmed):
            pass  # filed there, each case with its part
        elif parted.parts and sorting.ignored is None:
            self._submissions.take_up_parts(work, record, call, letter, sorting, parted=parted)
        elif sorting.ignored is None:
            record = self._for_whom(work, record, sorting)
            earlier = (*ours.drafts, *(ours.unconfirmed if sorting.completes else ()))
            perhaps = texts_without_photos(work, self._readings, call, letter, test=self._test_mode)
            self._submissions.take_up(work, record, call, letter, sorting, earlier=earlier, perhaps_of=perhaps)
        elif sorting.ignored == "same_again":
            self._submissions.note_again(work, record, call, sorting)
        elif sorting.requested is not None:
            self._aside.grant(work, record, call, sorting, sorting.requested, drafts=ours.drafts)
        else:
            self._aside.set_aside(work, record, call, letter, sorting)

    def _confirms_several(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        letter: Letter,
        call: Call,
        sorting: Sorting,
        *,
        held: Sequence[LetterRecord],
    ) -> bool:
        """Whether the letter says yes to one with several cases, which is filed then as it would have been; else False.

        Of the cases in the `held` letters those count that it names; all of them when it names none.
        """
        written = plain(letter.facts.text[: letter.facts.leading_characters])
        kept: list[tuple[LetterRecord, Letter, PartedLetter]] = []
        named: set[str] = set()
        for each in held:
            earlier = self._readings.letter(work, each)
            cases = known_cases(work, self._readings, call, earlier, ours=NO_REFERENCES, test=self._test_mode)
            parted = part_letter(earlier, call.signs, cases=cases)
            if not parted.parts:
                return False
            kept.append((each, earlier, parted))
            meant = {part.joining.case_number for part in parted.parts}
            named |= {case.number for case in cases if case.number in meant and case.is_quoted_in(written)}
        if not kept:
            return False
        self._submissions.take_up_confirmed(work, record, call, sorting, kept=kept, named=named)
        return True

    def _takes_orders(self, work: UnitOfWork, record: LetterRecord, letter: Letter) -> bool:
        """Whether the letter answers one of our mails to organizers; what it orders is done then, once."""
        if self._orders is None:
            return False
        access = self._orders.access(work, letter)
        if access is None:
            return self._told_how_to_order(work, record, letter, self._orders)
        if not access.calls and letter.files:
            return False  # a stranger who passes a case on: filed as any other
        if is_twin(work, self._readings, record, letter):
            self._outcomes.ignore(work, record, "same_again", evidence=("与已处理的一封信相同",))
            return True
        lines = self._orders.take(work, record, letter, access)
        self._outcomes.ignore(
            work,
            record,
            "orders",
            evidence=lines,
            call=access.calls[0] if access.calls else None,
            answer=access.is_answered,
            for_person=not access.is_answered or bool(letter.files),
        )
        return True

    def _told_how_to_order(self, work: UnitOfWork, record: LetterRecord, letter: Letter, orders: OrdersByMail) -> bool:
        """Whether the letter orders something without answering a mail of ours; nothing is done then."""
        unasked = orders.take_unasked(work, record, letter)
        if unasked is None:
            return False
        self._outcomes.ignore(
            work,
            record,
            "orders",
            evidence=("像是处理意见，但不是对我们邮件的回复，没有作任何处理",),
            call=unasked.call,
            answer=unasked.is_answered,
            for_person=not unasked.is_answered,
        )
        return True

    def _passed_on(
        self, work: UnitOfWork, record: LetterRecord, letter: Letter, call: Call
    ) -> tuple[LetterRecord, Letter]:
        """What an organizer passed on, as the letter of whom it was from, on record as such; any other as it is."""
        behalf = behalf_of(letter, call.signs) if self._machine(letter.facts) is None else None
        if behalf is None or (behalf.address or "").casefold() in self._own_addresses:
            return record, letter  # an answer to a letter of ours quotes it
        record = _keep_behalf(work, record, behalf)
        return record, self._readings.letter(work, record)

    def _for_whom(self, work: UnitOfWork, record: LetterRecord, sorting: Sorting) -> LetterRecord:
        """A letter passed on for a unit without an address, as that of whoever speaks for the case it belongs to."""
        behalf = behalf_from_json((record.evidence or {}).get(ON_BEHALF))
        number = sorting.joining.case_number if sorting.joining is not None else None
        case = work.cases.by_number(number) if number is not None else None
        if behalf is None or behalf.address or case is None:
            return record
        contact = contact_letter(work, case)
        sender = self._readings.letter(work, contact).facts.sender if contact is not None else None
        if sender is None:
            return record
        return _keep_behalf(work, record, replace(behalf, address=sender.address, name=sender.name))

    def say_it_is_being_checked(
        self, work: UnitOfWork, record: LetterRecord, *, head: Callable[[], LetterFacts]
    ) -> bool:
        """Queue 材料已收到,正在人工核对 for a letter that was put aside; False when it is not to be answered.

        `head` reads what its header says; asked when the letter itself could not be read.
        """
        letter = self._readings.letter(work, record)
        if letter.facts.sender is None:  # it was never read
            letter = self._readings.with_facts(letter, head())
        if record.folder_role == "junk" or letter.is_disowned or self._machine(letter.facts) is not None:
            return False
        if is_answered_by_hand(work, letter.facts.message_id):
            return False
        call = self._route(letter, our_letters(work, letter.facts).campaign).call
        if call is None:
            return False
        to = replace(record, test=self._test_mode)
        files = [describe_file(file) for file in letter.files]
        return self._answers.write(work, call, "being_checked", to, letters=(to,), files=files, head=letter.facts)

    def _route(self, letter: Letter, thread: str | None) -> Route:
        return route(letter.facts, tuple(self._calls.values()), received_at=letter.received_at, thread=thread)

    def _machine(self, facts: LetterFacts) -> IgnoredReason | None:
        return machine_reason(facts, own_addresses=self._own_addresses, own_marker=self._installation)


def _noted(sorting: Sorting, originals: Sequence[str]) -> Sorting:
    """`sorting` with what a person must know of letters of several senders (`originals`) in one; else as it is."""
    if not originals:
        return sorting
    named = "、".join(originals[:_NAMED])
    line = f"转来{len(originals)}个发件人的来信（{named}），暂按转发人登记并答复，请核对"
    return replace(sorting, evidence=(line, *sorting.evidence))


def _parted(
    letter: Letter, call: Call, sorting: Sorting, *, cases: Sequence[KnownCase], ours: OurReferences
) -> tuple[Sorting, PartedLetter]:
    """The several cases of a letter, and what becomes of it when they are looked at one by one."""
    asked = sorting.requested
    if sorting.ignored is not None and (asked is None or asked.request != "replacement"):
        return sorting, NOT_PARTED
    parted = part_letter(letter, call.signs, cases=cases, ours=ours)
    if not parted.parts:
        return sorting, parted
    replaced = replaces_parts(parted, call.signs, cases=cases) if not sorting.completes else None
    if replaced is not None:
        lines = tuple(dict.fromkeys((*replaced.evidence, *sorting.evidence)))
        held = Sorting("unconfirmed", answer=sorting.answer, evidence=lines, for_person=True, requested=replaced)
        return replace(held, files=sorting.files), NOT_PARTED
    return replace(sorting, ignored=None, requested=None), parted


def _keep_behalf(work: UnitOfWork, record: LetterRecord, behalf: Behalf) -> LetterRecord:
    evidence = {**(record.evidence or {}), ON_BEHALF: behalf_to_json(behalf)}
    work.letters.change(record.sha256, evidence=evidence)
    return replace(record, evidence=evidence)


def _keep_origin(work: UnitOfWork, letter: Letter) -> None:
    """Put on record what a trusted host says of who sent the letter; nothing when none says anything."""
    said = letter.authentication
    if said is not None:
        work.bounces.put_authentication(
            AuthenticationRecord(
                letter_sha256=letter.sha256, host=said.host, spf=said.spf, dkim=said.dkim, dmarc=said.dmarc
            )
        )
