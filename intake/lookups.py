"""What the records know of a letter before it is filed: which of ours it answers, which cases it may belong to.

Peer: the caller's unit of work. Nothing is written, nothing is decided here.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from intake.calls import Call
from intake.casework.fold import fold
from intake.casework.joining import half_of
from intake.casework.known_case import OPEN_STATES, KnownCase
from intake.casework.package import package_of
from intake.casework.requested import CONFIRM_REPLACEMENT, DRAFT_REVIEW
from intake.casework.senders import unit_names
from intake.casework.threads import OurReferences, codes_to_look_up, message_ids_to_look_up
from intake.casework.units import same_unit
from intake.edges.executors.tree import passwords_stated_in
from intake.edges.records import Readings
from intake.model import IgnoredReason, Letter, MailKind, Problem
from intake.orders import case_number
from parsers.facts import LetterFacts, Reading
from parsers.text.passwords import typed_passwords
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.store import Store
from storage.unit_of_work import View

LETTERS_AT_MOST = 20
"""Letters of one sender looked through for a password, the latest first."""

PAIRED_WITHIN = timedelta(hours=24)
"""A text and its photos from two addresses come within a day; what lies further apart is not even shown as a pair."""

UNIT_CASES_AT_MOST = 20
"""Cases of one unit looked at for the half that is lacking: a bureau may have more, and none is guessed then."""

NUMBERS_AT_MOST = 20
"""登记编号 looked up of those one letter quotes: a list of hundreds is no reply."""


@dataclass(frozen=True, slots=True)
class OurLetters:
    """Those of our letters that a letter answers or quotes."""

    references: OurReferences
    """Which cases each of them named."""
    campaign: str | None
    """The campaign of the nearest one; None when the letter answers none of ours."""
    drafts: tuple[LetterRecord, ...] = ()
    """Letters with drafts that those of ours were remarks on, oldest first; those filed since left out."""
    unconfirmed: tuple[LetterRecord, ...] = ()
    """Letters of which ours asked whether they shall stand, oldest first; those filed since left out."""


def our_letters(view: View, letter: LetterFacts) -> OurLetters:
    """Our letters that `letter` answers, by Message-ID, or quotes, by 回执码."""
    by_message_id = _found((each, view.outgoing.by_message_id(each)) for each in message_ids_to_look_up(letter))
    by_code = _found((each, view.outgoing.by_token(each)) for each in codes_to_look_up(letter))
    ours = (*by_message_id.values(), *by_code.values())
    campaigns = (campaign for mail in ours if (campaign := _campaign_of(view, mail)) is not None)
    return OurLetters(
        references=OurReferences(
            by_message_id={each: _numbers(view, mail) for each, mail in by_message_id.items()},
            by_code={each: _numbers(view, mail) for each, mail in by_code.items()},
            kind=next((mail.kind for mail in ours), ""),
        ),
        campaign=next(campaigns, None),
        drafts=_kept_as(view, "draft", ours, kind=DRAFT_REVIEW),
        unconfirmed=_kept_as(view, "unconfirmed", ours, kind=CONFIRM_REPLACEMENT),
    )


def case_written(view: View, written: str, calls: Mapping[str, Call]) -> CaseRecord | None:
    """The case that a person names: hl22-17, ＨＬ２２－００１７, and where there is one campaign 17号 as well; None when none."""
    prefix = next(iter(calls.values())).campaign.number_prefix if len(calls) == 1 else ""
    found = view.cases.by_number(case_number(written, prefix))
    return found or view.cases.by_number(case_number(written, f"测试-{prefix}" if prefix else ""))


def answered_mail(view: View, letter: LetterFacts) -> OutgoingRecord | None:
    """Our letter that `letter` answers, the nearest by Message-ID, else by 回执码; None when it answers none of ours."""
    by_id = (view.outgoing.by_message_id(each) for each in message_ids_to_look_up(letter))
    by_code = (view.outgoing.by_token(each) for each in codes_to_look_up(letter))
    return next((mail for found in (by_id, by_code) for mail in found if mail is not None), None)


def stated_passwords(view: View, readings: Readings, letter: LetterFacts, hashes: Iterable[str]) -> tuple[str, ...]:
    """Passwords stated in the letters that brought files of `hashes`, then in the sender's others; each latest letter first.

    Also those typed at the desk where such files were handed over. They are the senders' secrets: to be tried on files,
    never to be told.
    """
    sender = letter.sender.address if letter.sender else ""
    found = {record.sha256: record for record in (view.letters.from_address(sender) if sender else ())}
    brought: dict[str, LetterRecord] = {}
    for sha256 in hashes:
        for file in view.files.with_content(sha256)[:LETTERS_AT_MOST]:
            record = view.letters.get(file.letter_sha256)
            if record is not None:
                brought[record.sha256] = record
    found |= brought
    likeliest = sorted(found.values(), key=lambda record: (record.sha256 in brought, record.received_at), reverse=True)
    latest = likeliest[:LETTERS_AT_MOST]
    stated = [
        (*typed_passwords(each.delivered.password if each.delivered else ""), *passwords_stated_in(each.facts))
        for each in readings.letters(view, latest)
    ]
    return tuple(dict.fromkeys(password for passwords in stated for password in passwords))


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the records know while a stored letter is opened again; each is asked in a unit of work of its own."""

    store: Store
    readings: Readings

    def known(self, hashes: Iterable[str]) -> Mapping[str, Reading]:
        """What is on record of files with these hashes, by hash; those nobody has read are not in it."""
        wanted = tuple(hashes)
        if not wanted:
            return {}
        with self.store.read() as view:
            return self.readings.get_many(view, wanted)

    def stated_elsewhere(self, letter: LetterFacts, hashes: Iterable[str]) -> tuple[str, ...]:
        """As `stated_passwords`."""
        with self.store.read() as view:
            return stated_passwords(view, self.readings, letter, hashes)


def locked_letters(view: View, readings: Readings, letter: LetterFacts) -> tuple[LetterRecord, ...]:
    """The sender's letters with a file that asked for a password none of us knew, latest first; empty when none."""
    if letter.sender is None:
        return ()
    records = view.letters.from_address(letter.sender.address)[-LETTERS_AT_MOST:]
    held = readings.letters(view, records)
    locked = [
        record
        for record, each in zip(records, held, strict=True)
        if any(isinstance(file, Problem) and file.code == "encrypted" for file in each.files)
    ]
    return tuple(reversed(locked))


def known_cases(
    view: View, readings: Readings, call: Call, letter: Letter, *, ours: OurReferences, test: bool
) -> tuple[KnownCase, ...]:
    """The sender's cases, those our own letters named, those whose number is quoted, and those of its unit that
    lack the half of a submission it brings; each once, oldest first.

    Only those of the campaign. With `test` only cases of the trial run, else none of them: what was
    tried out never takes in a real submission. Who wrote a letter that failed DMARC is not known: of it only our
    own thread counts, whose 回执码 nobody else has.
    """
    sender = letter.facts.sender.address if letter.facts.sender else ""
    found: dict[int, CaseRecord] = {}
    if not letter.is_disowned:
        found = {case.id: case for case in view.cases.for_address(sender, campaign=call.campaign.id)}
    named = _thread_numbers(ours) if letter.is_disowned else _named_numbers(call, letter.facts, ours)
    for number in named:
        quoted = view.cases.by_number(number)
        case = _standing(view, quoted.id) if quoted is not None else None
        if case is not None and case.campaign == call.campaign.id:
            found[case.id] = case
    if not letter.is_disowned:
        found |= {case.id: case for case in _of_its_unit(view, call, letter)}
    return tuple(_known(view, readings, call, case) for _, case in sorted(found.items()) if case.test == test)


def _of_its_unit(view: View, call: Call, letter: Letter) -> list[CaseRecord]:
    """Open cases of the unit a letter names, when it brings but a text or but photos; at most `UNIT_CASES_AT_MOST`."""
    files = package_of(letter, call.signs)
    units = unit_names(letter, files, call.signs) if half_of(files) is not None else ()
    if not units:
        return []
    cases = (case for state in sorted(OPEN_STATES) for case in view.cases.list(campaign=call.campaign.id, state=state))
    mates = (case for case in cases if any(same_unit(case.unit, unit) for unit in units))
    return list(itertools.islice(mates, UNIT_CASES_AT_MOST))


def texts_without_photos(
    view: View, readings: Readings, call: Call, letter: Letter, *, test: bool
) -> tuple[KnownCase, ...]:
    """Open cases of other addresses that came in the day before photos whose letter names no unit, and lack photos.

    Oldest first; empty for any other letter, and when there are too many recent cases to look at each.
    """
    files = package_of(letter, call.signs)
    if half_of(files) != "photos":
        return ()
    # The call's own title reads like a unit ("湖里区社区" in 湖里区社区治理创新案例).
    if any(unit not in call.campaign.title for unit in unit_names(letter, files, call.signs)):
        return ()
    sender = letter.facts.sender.address.casefold() if letter.facts.sender else ""
    open_cases = (
        case for state in sorted(OPEN_STATES) for case in view.cases.list(campaign=call.campaign.id, state=state)
    )
    recent = [
        case
        for case in open_cases
        if case.test == test and timedelta(0) <= letter.received_at - case.opened_at <= PAIRED_WITHIN
    ]
    if len(recent) > UNIT_CASES_AT_MOST:
        return ()
    known = (_known(view, readings, call, case) for case in sorted(recent, key=lambda case: case.id))
    return tuple(
        case for case in known if sender not in case.addresses and "photos" in case.lacks and "text" not in case.lacks
    )


def is_twin(view: View, readings: Readings, record: LetterRecord, letter: Letter) -> bool:
    """Whether a settled letter has the same Message-ID, sender and content in other raw bytes.

    A server that rewrites headers does that; it is not a new letter. One that was left alone in junk is not settled
    for one that lies in the inbox: somebody took it out of there.
    """
    if record.message_id is None:
        return False
    others = [
        other
        for other in view.letters.by_message_id(record.message_id)
        if other.sha256 != record.sha256 and other.from_address == record.from_address and other.outcome != "collected"
        if record.folder_role == "junk" or not _was_left_in_junk(view, other)
    ]
    return any(_says_the_same(known, letter) for known in readings.letters(view, others))


def _says_the_same(known: Letter, letter: Letter) -> bool:
    """By their files; letters that bring none but pictures in the text, by that too: some programs use one Message-ID twice."""
    if sorted(file.sha256 for file in known.files) != sorted(file.sha256 for file in letter.files):
        return False
    brings_files = any(file.source != "inline" for file in letter.files)
    return brings_files or known.facts.text.split() == letter.facts.text.split()


def _was_left_in_junk(view: View, record: LetterRecord) -> bool:
    is_left = (record.folder_role, record.outcome) == ("junk", "not_a_submission")
    return is_left and not view.outgoing.of_letter(record.sha256)


def is_answered_by_hand(view: View, message_id: str | None) -> bool:
    """Whether a colleague has answered the letter with this Message-ID; False for a letter without one."""
    return message_id is not None and view.letters.hand_answered_at(message_id) is not None


def _found(looked_up: Iterable[tuple[str, OutgoingRecord | None]]) -> dict[str, OutgoingRecord]:
    return {each: mail for each, mail in looked_up if mail is not None}


def _kept_as(
    view: View, ignored: IgnoredReason, ours: Iterable[OutgoingRecord], *, kind: MailKind
) -> tuple[LetterRecord, ...]:
    """The letters so kept that those of `ours` of this kind answered, oldest first."""
    hashes = {sha256 for mail in ours if mail.kind == kind for sha256 in view.outgoing.letters_of(mail.id)}
    found = [record for sha256 in hashes if (record := view.letters.get(sha256)) is not None]
    kept = [record for record in found if record.ignored == ignored]
    return tuple(sorted(kept, key=lambda record: (record.received_at, record.sha256)))


def _numbers(view: View, mail: OutgoingRecord) -> tuple[str, ...]:
    cases = (_standing(view, case_id) for case_id in view.outgoing.cases_of(mail.id))
    return tuple(dict.fromkeys(case.number for case in cases if case is not None))


def _standing(view: View, case_id: int) -> CaseRecord | None:
    """The case, or the one it went into when organizers joined the two."""
    return view.cases.get(view.orders.merged_into(case_id) or case_id)


def _campaign_of(view: View, mail: OutgoingRecord) -> str | None:
    """The campaign a letter of ours is about: that of its case, which may have been moved since."""
    case = next((case for each in view.outgoing.cases_of(mail.id) if (case := _standing(view, each)) is not None), None)
    return case.campaign if case is not None else mail.campaign


def _named_numbers(call: Call, letter: LetterFacts, ours: OurReferences) -> set[str]:
    text = unicodedata.normalize("NFKC", f"{letter.subject}\n{letter.text}\n{letter.quoted}").upper()
    quoted = re.findall(rf"(?:测试-)?{re.escape(call.campaign.number_prefix)}-\d{{4,}}", text)
    return _thread_numbers(ours) | set(quoted[:NUMBERS_AT_MOST])


def _thread_numbers(ours: OurReferences) -> set[str]:
    groups = (*ours.by_message_id.values(), *ours.by_code.values())
    return {number for numbers in groups for number in numbers}


def _known(view: View, readings: Readings, call: Call, case: CaseRecord) -> KnownCase:
    state = fold(readings.of_case(view, case.id, call.signs), call.signs, closes_at=None)
    return KnownCase(
        number=case.number,
        former=view.orders.other_numbers(case.id),
        addresses=state.addresses,
        related=frozenset(view.cases.addresses(case.id)) | state.related - state.addresses,
        title=case.title,
        unit=case.unit or None,
        state=case.state,
        files=state.files,
        lacks=state.lacks,
        linked=tuple(link.file for link in state.linked),
        text_at=state.text_at,
    )
