"""The one decision on a letter: a submission and its case, or why it is none, and whether it is answered. Pure.

The order, each step final:

1. our own copy in Sent, our own letters, bounces: recorded, never filed, never answered;
2. other machines and lists: filed when they carry a case, never answered;
3. a letter that withdraws a case or objects to what we found: it is that (`casework.requested`);
4. a letter with material, or with links to it: complaint wording without a case is left to people; then evidence
   of a submission, or of belonging to a known case; the same content once more is `same_again`, a draft to be looked at is `draft`;
5. a letter that is locked (S/MIME, OpenPGP, a mail service's password) and brings nothing
   that can be read: its sender is asked once to send it again without;
6. a letter without material: an answer to what our letter asked (category) is filed with its
   case; else a question, a courtesy, nothing attached, unrelated.

A letter in the junk folder is answered only when it holds a submission; one that fails DMARC never, and a person looks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from intake.casework.choices import answered_category
from intake.casework.evidence import Evidence, weigh_evidence
from intake.casework.joining import Joining, join
from intake.casework.known_case import OPEN_STATES, KnownCase
from intake.casework.linked import repeats_links
from intake.casework.machines import MachineSign, machine_sign
from intake.casework.package import holds_material, is_case, package_of
from intake.casework.photos import counted_photos
from intake.casework.pictures_meant import picture_wish
from intake.casework.questions import Topic, Wish, holds_complaint, read_wish
from intake.casework.requested import (
    Requested,
    claims,
    completes,
    disputes_again,
    is_draft,
    replaces,
    requested,
    says_yes_to_others,
)
from intake.casework.sameness import same_again
from intake.casework.senders import unit_names
from intake.casework.signs import CampaignSigns
from intake.casework.standing import WITHDRAWN
from intake.casework.threads import NO_REFERENCES, OurReferences, is_in_our_thread
from intake.casework.wording import quote
from intake.model import Document, IgnoredReason, Letter, Photo, Problem, ReadFile
from parsers.facts import LetterFacts
from parsers.text.passwords import find_passwords

_LOCKS = {"smime": "S/MIME", "pgp": "PGP", "provider": "邮箱的加密邮件功能"}
_UNLOCKS = "说明了文件的密码"
COMPLAINT = "来信有投诉、信访类措辞，请人工处理"
"""Evidence line of letters left to people for their wording; the digest puts them first."""

UNTOLD = "由自动程序、群发地址或本邮箱发来的案例：已登记，没有发回执"
"""Evidence line of a case nobody was told of: whoever wrote it may never read an answer to that address."""
DISOWNED = "发件人未通过邮箱服务商的核验（DMARC），可能有人冒用这个地址，系统没有答复"
"""Evidence line of letters somebody else may have written; to answer them would be to write to whom they name."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What becomes of a letter."""

    ignored: IgnoredReason | None
    """None: a submission, or a part of one; file it."""
    answer: bool
    evidence: tuple[str, ...]
    """Why, strongest first; never empty."""
    files: tuple[ReadFile, ...] = ()
    """What it brought: roles assigned, photos counted, a case in the body included."""
    joining: Joining | None = None
    """The case it belongs to or opens; also known for a question or courtesy in our thread. None when there is none."""
    topics: tuple[Topic, ...] = ()
    """What a question asks, also one that came with material already known; empty otherwise."""
    for_person: bool = False
    """A person should look: complaint wording, a question without a ready answer, an uncertain case, files that may be a submission after all."""
    requested: Requested | None = None
    """With `draft`, `withdrawal` and `dispute`: what exactly is asked for."""
    completes: bool = False
    """It says yes to what our letter asked of an earlier one (a draft, a replacement): that one is filed with it."""


def sort_letter(
    letter: Letter,
    signs: CampaignSigns,
    *,
    own_addresses: Collection[str] = (),
    own_marker: str = "",
    cases: Sequence[KnownCase] = (),
    ours: OurReferences = NO_REFERENCES,
) -> Sorting:
    """The decision on `letter`.

    Args:
        letter: With its files, roles not yet assigned.
        signs: What a submission to the campaign is known by.
        own_addresses: The mailbox's own addresses, in any case of letters.
        own_marker: The installation's name in our X-Intake-… headers.
        cases: The sender's cases and those `ours` or a quoted number names.
        ours: Look-ups of the letter's references and 回执码 (`message_ids_to_look_up`, `codes_to_look_up`).
    """
    if letter.folder_role == "sent":
        return Sorting("own", answer=False, evidence=("已发送文件夹中的邮件",))
    desk = _Desk(letter, package_of(letter, signs), signs, cases, ours)
    machine = machine_sign(letter.facts, own_addresses=own_addresses, own_marker=own_marker)
    if machine is not None:
        sorting = _sort_machine(desk, machine)
    elif letter.facts.encrypted and not _holds_readable(desk.files, letter.facts):
        sorting = _sort_locked(desk)
    elif (asked := _requested(desk)) is not None:
        sorting = _sort_requested(asked)
    elif (said_yes := completes(letter, desk.files, cases=cases, ours=ours)) is not None:
        sorting = Sorting(None, answer=True, evidence=(said_yes,), joining=_joined(desk), completes=True)
    elif says_yes_to_others(letter, desk.files, cases=cases, ours=ours):
        sorting = _sort_misnamed_yes(desk)
    elif letter.facts.shares or (holds_material(desk.files) and not _is_courtesy_with_pictures(desk)):
        sorting = _sort_material(desk)  # of a link the material is there, only not in the letter
    else:
        sorting = _sort_words(desk)
    sorting = replace(sorting, files=desk.files)
    if letter.is_disowned and sorting.ignored not in ("own", "bounce"):
        return replace(sorting, answer=False, evidence=(DISOWNED, *sorting.evidence), for_person=True)
    if letter.folder_role == "junk" and sorting.ignored not in (None, "same_again", "draft"):
        return replace(sorting, answer=False)
    return sorting


@dataclass(frozen=True, slots=True)
class _Desk:
    """A letter with everything known while it is sorted."""

    letter: Letter
    files: tuple[ReadFile, ...]
    signs: CampaignSigns
    cases: Sequence[KnownCase]
    ours: OurReferences

    @property
    def in_our_thread(self) -> bool:
        return is_in_our_thread(self.letter.facts, self.ours)

    def joining(self, files: Sequence[ReadFile]) -> Joining:
        units = unit_names(self.letter, files, self.signs)
        return join(self.letter, files, cases=self.cases, ours=self.ours, units=units)

    def case_of(self, joining: Joining) -> KnownCase | None:
        return next((case for case in self.cases if case.number == joining.case_number), None)


def _sort_machine(desk: _Desk, machine: MachineSign) -> Sorting:
    """Never answered. A scanner, a list address or a clerk's own forward may still carry a case: that one is filed."""
    evidence = (machine.evidence,)
    returned = machine.reason == "bounce" or machine.is_our_letter
    if returned or not any(is_case(file) for file in desk.files):
        return Sorting(machine.reason, answer=False, evidence=evidence)
    # A notice that quotes our thread is no submission for it: the thread does not count here.
    weighed = weigh_evidence(desk.letter, desk.files, desk.signs)
    if not weighed.positive:
        return Sorting(machine.reason, answer=False, evidence=(*evidence, *weighed.against))
    return replace(_file(desk, (UNTOLD, *weighed.lines, *evidence)), answer=False, for_person=True)


def _sort_material(desk: _Desk) -> Sorting:
    in_thread = desk.in_our_thread
    if holds_complaint(desk.letter.facts) and not _has_readable_case(desk.files) and not in_thread:
        return Sorting("unrelated", answer=False, evidence=(COMPLAINT,), for_person=True)
    weighed = weigh_evidence(desk.letter, desk.files, desk.signs, in_our_thread=in_thread)
    # A known sender's part of a known case is one however little the letter says,
    # unless it calls itself something else.
    expected = desk.joining(desk.files).case_number is not None and not weighed.against
    if weighed.positive or expected:
        return _file(desk, weighed.lines)
    return _without_evidence(desk, weighed)


def _file(desk: _Desk, lines: tuple[str, ...]) -> Sorting:
    """A submission: new, a part or a version of a known case, or the same again."""
    joining = desk.joining(desk.files)
    known = desk.case_of(joining)
    # What a person has to settle comes first: lists show as much of it as there is room.
    is_new = known is None and joining.certain
    evidence = (*lines, *joining.evidence) if is_new else (*joining.evidence, *lines)
    material = [file for file in desk.files if holds_material((file,))]
    draft = is_draft(desk.letter, desk.files, known=known, ours=desk.ours)
    if draft is not None:
        return _sort_requested(replace(draft, evidence=(*draft.evidence, *lines)))
    links_again = known is not None and not material and repeats_links(desk.letter.facts.shares, known.linked)
    back = known is not None and known.state == WITHDRAWN  # what was taken back may be sent again
    if known is not None and not back and (links_again or same_again(material, known.files)):
        # "我数了是2980字" above the very same file is an objection, not a repetition.
        disputed = disputes_again(desk.letter, known, ours=desk.ours)
        if disputed is not None:
            return _sort_requested(disputed)
        wish = read_wish(desk.letter.facts, in_our_thread=desk.in_our_thread)
        return Sorting(
            "same_again",
            answer=True,
            evidence=("与已有材料内容相同", *evidence),
            joining=joining,
            topics=wish.topics,
            for_person="other" in wish.topics,
        )
    replacement = replaces(desk.letter, desk.files, known=known, joining=joining) if known is not None else None
    if replacement is not None:
        return _sort_requested(replace(replacement, evidence=(*replacement.evidence, *lines)))
    return Sorting(None, answer=True, evidence=evidence, joining=joining, for_person=not joining.certain)


def _requested(desk: _Desk) -> Requested | None:
    """What the letter asks for; who complains is left to people, whatever else they ask."""
    if holds_complaint(desk.letter.facts):
        return None
    claim = claims(desk.letter, desk.files, desk.joining(desk.files))
    return claim or requested(desk.letter, desk.files, cases=desk.cases, ours=desk.ours)


def _sort_requested(asked: Requested) -> Sorting:
    number = asked.numbers[0] if asked.certain and asked.numbers else None
    return Sorting(
        asked.ignored,
        answer=True,
        evidence=asked.evidence,
        joining=Joining(number, asked.evidence) if number is not None else None,
        # Whoever takes back what we do not know, objects, or is not known to speak for a case is heard by a person.
        for_person=asked.request in ("dispute", "claim", "replacement")
        or (asked.request == "withdrawal" and not asked.numbers),
        requested=asked,
    )


def _sort_misnamed_yes(desk: _Desk) -> Sorting:
    """Which of the two is meant, the case asked about or the one named, only its sender knows: a person asks."""
    evidence = (f"来信确认替换的编号不是所问的案例，没有替换：{quote(desk.letter.facts.text)}",)
    return Sorting(
        "question", answer=True, evidence=evidence, joining=_joined(desk), topics=("other",), for_person=True
    )


def _without_evidence(desk: _Desk, weighed: Evidence) -> Sorting:
    """Files, but no sign of the campaign; a question that happens to carry a picture is still a question."""
    wish = read_wish(desk.letter.facts)
    reasons = weighed.against or ("没有足够的征集材料特征", *weighed.lines)
    if desk.letter.facts.shares and not holds_material(desk.files) and not weighed.against:
        names = "、".join(share.name for share in desk.letter.facts.shares if share.name)
        evidence = ("来信只有网盘或超大附件链接", *((names,) if names else ()))
        return Sorting("nothing_attached", answer=True, evidence=evidence, for_person=True)
    if wish.intent == "question" and not weighed.against and not any(is_case(file) for file in desk.files):
        return _sort_wish(wish, None, extra=reasons)
    return Sorting("unrelated", answer=False, evidence=reasons, for_person=weighed.doubtful)


def _is_courtesy_with_pictures(desk: _Desk) -> bool:
    """A mere "收到，谢谢" above a mail signature whose pictures are large enough to be photos."""
    only_inline = all(isinstance(file, Photo) and file.source == "inline" for file in desk.files)
    return only_inline and read_wish(desk.letter.facts, in_our_thread=desk.in_our_thread).intent == "courtesy"


def _sort_locked(desk: _Desk) -> Sorting:
    """A person looks as well: the password may have come by telephone."""
    return Sorting(
        "encrypted",
        answer=True,
        evidence=(f"来信经过加密（{_LOCKS[desk.letter.facts.encrypted]}），不能打开",),
        joining=_joined(desk),
        for_person=True,
    )


def _joined(desk: _Desk) -> Joining | None:
    """The case a letter of words is about; None when there is none."""
    joining = desk.joining(())
    return joining if joining.case_number is not None else None


def _sort_words(desk: _Desk) -> Sorting:
    joined = _joined(desk)
    facts = desk.letter.facts
    if joined is not None:
        answer = answered_category(facts.text, desk.signs.categories)
        if answer is not None:
            return Sorting(None, answer=True, evidence=(*joined.evidence, f"答复类别：{answer}"), joining=joined)
    pictured = _case_of_pictures(desk, joined)
    if pictured is not None:
        return Sorting(None, answer=True, evidence=pictured.evidence, joining=pictured)
    unlocked = _case_of_password(desk, joined)
    if unlocked is not None:
        return Sorting(None, answer=True, evidence=unlocked.evidence, joining=unlocked)
    return _sort_wish(read_wish(facts, in_our_thread=desk.in_our_thread), joined)


def _case_of_pictures(desk: _Desk, joined: Joining | None) -> Joining | None:
    """The case of whose pictures a letter of words wants one left out; None when it wants none, or may mean several."""
    said = picture_wish(desk.letter.facts)
    if said is None:
        return None
    pictured = [case for case in desk.cases if counted_photos(case.files) and case.state != WITHDRAWN]
    if joined is not None:
        pictured = [case for case in pictured if case.number == joined.case_number]
    else:
        sender = desk.letter.facts.sender
        pictured = [case for case in pictured if sender and sender.address.casefold() in case.addresses]
    return Joining(pictured[0].number, (f"来信要求调整图片：{said[:80]}",)) if len(pictured) == 1 else None


def _case_of_password(desk: _Desk, joined: Joining | None) -> Joining | None:
    """The open case for whose files a letter of words states the password; None when there is none, or several."""
    if not find_passwords(f"{desk.letter.facts.subject}\n{desk.letter.facts.text}"):
        return None
    open_cases = [case for case in desk.cases if case.state in OPEN_STATES]
    if joined is not None:
        is_open = any(case.number == joined.case_number for case in open_cases)
        return replace(joined, evidence=(*joined.evidence, _UNLOCKS)) if is_open else None
    return Joining(open_cases[0].number, (_UNLOCKS,)) if len(open_cases) == 1 else None


def _sort_wish(wish: Wish, joining: Joining | None, *, extra: tuple[str, ...] = ()) -> Sorting:
    evidence = tuple(line for line in (wish.evidence, *extra) if line) or ("空白来信",)
    if wish.complaint:
        return Sorting(
            wish.intent,
            answer=False,
            evidence=(COMPLAINT, *evidence),
            joining=joining,
            topics=wish.topics,
            for_person=True,
        )
    return Sorting(
        wish.intent,
        answer=wish.intent in ("question", "nothing_attached"),
        evidence=evidence,
        joining=joining,
        topics=wish.topics,
        for_person="other" in wish.topics,
    )


def _holds_readable(files: Sequence[ReadFile], facts: LetterFacts) -> bool:
    """A document, or a picture that counts: what a locked letter still showed.

    The page that asks for a mail service's password may come as a file; it is no document of the sender's.
    """
    pages = ("html", "txt") if facts.encrypted == "provider" else ()
    return any(
        holds_material((file,))
        and not isinstance(file, Problem)
        and not (isinstance(file, Document) and file.format in pages)
        for file in files
    )


def _has_readable_case(files: Sequence[ReadFile]) -> bool:
    return any(isinstance(file, Document) and is_case(file) for file in files)
