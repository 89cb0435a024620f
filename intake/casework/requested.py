"""Whether a letter asks for something else than to be filed: to withdraw, to check once more, to look at a draft. Pure.

What costs a submitter something needs our thread or a 回执码; a From line alone is asked to confirm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from intake.casework.fold import superseded
from intake.casework.joining import Joining, join
from intake.casework.known_case import KnownCase
from intake.casework.likeness import is_quoted
from intake.casework.package import holds_material, is_case, package_of
from intake.casework.parts import PartedLetter
from intake.casework.requests import (
    WRITTEN_NUMBER,
    asks_for_review,
    asks_to_withdraw,
    confirms,
    makes_formal,
    means_all,
    objection_in,
    replaces_earlier,
)
from intake.casework.signs import CampaignSigns
from intake.casework.standing import WITHDRAWN
from intake.casework.threads import OurReferences, is_in_our_thread, numbers_of_thread
from intake.casework.wording import letters_only, opening, plain
from intake.model import IgnoredReason, Letter, Photo, ReadFile

Request = Literal["withdrawal", "dispute", "draft", "replacement", "claim"]
"""`replacement`: of a complete case's material, by a From line alone. `claim`: to speak for a case of another address."""

CONFIRM_WITHDRAWAL = "confirm_withdrawal"
CONFIRM_REPLACEMENT: Final = "confirm_replacement"
DRAFT_REVIEW: Final = "draft_review"
"""Kinds of our letters whose answers mean more than they say."""

_SCREENSHOTS = 2
"""Pictures of a word count that may stand beside an objection; more are photos of the case."""
_SHORTEST_TITLE = 4
_NAMED = 4
"""Files named in an evidence line."""


@dataclass(frozen=True, slots=True)
class Requested:
    """What a letter asks for, and of which cases."""

    request: Request
    evidence: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    """The cases meant, oldest first; of a withdrawal that is not certain those that may be meant."""
    certain: bool = True
    """False: its sender has to confirm first, or a person decides."""

    @property
    def ignored(self) -> IgnoredReason:
        """As what a letter that asks for it is kept."""
        match self.request:
            case "replacement" | "claim":
                return "unconfirmed"
            case request:
                return request


def requested(
    letter: Letter, files: Sequence[ReadFile], *, cases: Sequence[KnownCase], ours: OurReferences
) -> Requested | None:
    """The withdrawal or objection `letter` is; None when it is neither. Files of a case beside it make it a submission."""
    return _withdrawal(letter, files, cases, ours) or _dispute(letter, files, cases, ours)


def is_draft(
    letter: Letter, files: Sequence[ReadFile], *, known: KnownCase | None, ours: OurReferences
) -> Requested | None:
    """The request to look at a draft. A better version of a case that is still to be completed is none: it is filed.

    `known`: the case the letter would join.
    """
    if not any(is_case(file) for file in files) or not asks_for_review(
        letter.facts, in_our_thread=is_in_our_thread(letter.facts, ours)
    ):
        return None
    if known is not None and known.state not in ("accepted", WITHDRAWN):
        return None
    return Requested("draft", ("来信请求先看初稿，尚未正式报送",))


def completes(
    letter: Letter, files: Sequence[ReadFile], *, cases: Sequence[KnownCase], ours: OurReferences
) -> str | None:
    """The evidence that a letter of words says yes to what ours asked of an earlier one; None when it does not.

    A draft becomes the submission, material stands in place of a complete case's. A yes to other cases than those
    ours asked about is none.
    """
    if holds_material(files):
        return None
    if ours.kind == DRAFT_REVIEW and makes_formal(letter.facts):
        return "写明以初稿正式报送"
    if _wants_replacement(letter, ours) and not _names_only_others(letter, cases, ours):
        return "确认以此前来信所附材料为准"
    return None


def says_yes_to_others(
    letter: Letter, files: Sequence[ReadFile], *, cases: Sequence[KnownCase], ours: OurReferences
) -> bool:
    """Whether a letter of words says yes to a replacement, but of other cases than ours asked about."""
    return not holds_material(files) and _wants_replacement(letter, ours) and _names_only_others(letter, cases, ours)


def _wants_replacement(letter: Letter, ours: OurReferences) -> bool:
    facts = letter.facts
    return ours.kind == CONFIRM_REPLACEMENT and (confirms(facts) or replaces_earlier(facts, in_our_thread=True))


def _names_only_others(letter: Letter, cases: Sequence[KnownCase], ours: OurReferences) -> bool:
    """Whether the letter writes 登记编号, and none of a case our letter asked about."""
    said = plain(opening(letter.facts.text))
    asked = numbers_of_thread(letter.facts, ours)
    of_thread = (case for case in cases if case.number in asked)
    named = any(is_quoted(number, said) for number in asked) or any(case.is_quoted_in(said) for case in of_thread)
    return WRITTEN_NUMBER.search(said) is not None and not named


def claims(letter: Letter, files: Sequence[ReadFile], joining: Joining) -> Requested | None:
    """The claim of an address to speak for a case that is not its own; None when it only asks, or brings nothing."""
    if not joining.is_claim:
        return None
    wants = asks_to_withdraw(letter.facts) or objection_in(letter.facts) is not None
    if not (wants or holds_material(files) or letter.facts.shares):
        return None
    return Requested("claim", joining.evidence, joining.candidates, certain=False)


def replaces(letter: Letter, files: Sequence[ReadFile], *, known: KnownCase, joining: Joining) -> Requested | None:
    """The request to put other material in place of a complete case's; None when it adds, or our thread vouches for it."""
    if known.state != "accepted" or joining.known_by == "thread" or letter.forwarded_by is not None:
        return None
    if known.text_at is not None and letter.received_at < known.text_at:
        return None  # seen late, it came before: what stands stays
    gone = superseded(known.files, files)
    if not gone:
        return None
    names = "、".join(file.name for file in gone[:_NAMED])
    return Requested(
        "replacement",
        (*joining.evidence, f"来件将替换材料齐全的案例中的{names}，待确认"),
        (known.number,),
        certain=False,
    )


def replaces_parts(parted: PartedLetter, signs: CampaignSigns, *, cases: Sequence[KnownCase]) -> Requested | None:
    """As `replaces`, of a letter with several cases: all complete ones it would change, asked about at once.

    None when it is about one case, or changes none. One such case holds back the whole letter, as one answer lets it in.
    """
    known = {case.number: case for case in cases}
    found = [
        asked
        for part in parted.parts
        if part.joining.case_number is not None and not part.again
        for asked in (
            replaces(
                part.letter,
                package_of(part.letter, signs),
                known=known[part.joining.case_number],
                joining=part.joining,
            ),
        )
        if asked is not None
    ]
    if not found:
        return None
    evidence = tuple(dict.fromkeys(line for asked in found for line in asked.evidence))
    numbers = tuple(sorted({number for asked in found for number in asked.numbers}))
    return Requested("replacement", evidence, numbers, certain=False)


# --- withdrawing


def _withdrawal(
    letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase], ours: OurReferences
) -> Requested | None:
    if holds_material(files) or letter.facts.shares:
        return None  # "撤回上一封，以此为准": what it brings is filed
    in_thread = is_in_our_thread(letter.facts, ours)
    said_yes = ours.kind == CONFIRM_WITHDRAWAL and confirms(letter.facts)
    if not (said_yes or asks_to_withdraw(letter.facts, in_our_thread=in_thread)):
        return None
    joining = join(letter, (), cases=cases, ours=ours)
    if in_thread and means_all(letter.facts) and (all_of_them := _all(letter, cases, ours)):
        return Requested("withdrawal", (*joining.evidence, "来信要求全部撤回"), all_of_them)
    meant = joining.candidates if in_thread and joining.candidates else _meant(letter, cases)
    if in_thread and joining.case_number is not None:
        return Requested("withdrawal", (*joining.evidence, "来信要求撤回"), (joining.case_number,))
    named = _named(letter, [case for case in cases if case.number in meant])
    if in_thread and named:
        return Requested("withdrawal", (*joining.evidence, "来信要求撤回"), tuple(case.number for case in named))
    return Requested("withdrawal", ("来信要求撤回，待确认",), meant, certain=False)


def _all(letter: Letter, cases: Sequence[KnownCase], ours: OurReferences) -> tuple[str, ...]:
    """The cases our letter asked about when they were several, else all of the sender's that still stand."""
    listed = numbers_of_thread(letter.facts, ours)
    sender = letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
    standing = [case for case in cases if case.state != WITHDRAWN]
    of_thread = tuple(case.number for case in standing if case.number in listed)
    return of_thread if len(listed) > 1 else tuple(case.number for case in standing if sender in case.addresses)


def _meant(letter: Letter, cases: Sequence[KnownCase]) -> tuple[str, ...]:
    """The sender's cases that still stand: the one named by number or title, else all of them."""
    sender = letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
    own = [case for case in cases if sender and sender in case.addresses and case.state != WITHDRAWN]
    return tuple(case.number for case in _named(letter, own) or own)


def _named(letter: Letter, cases: Sequence[KnownCase]) -> list[KnownCase]:
    """Those of `cases` whose number or title the letter writes."""
    said = plain(f"{letter.facts.subject}\n{letter.facts.text}")
    letters = letters_only(said)
    return [
        case
        for case in cases
        if is_quoted(case.number, said)
        or (len(letters_only(case.title)) >= _SHORTEST_TITLE and letters_only(case.title) in letters)
    ]


# --- objecting


def _dispute(
    letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase], ours: OurReferences
) -> Requested | None:
    said = objection_in(letter.facts, in_our_thread=is_in_our_thread(letter.facts, ours))
    if said is None or letter.facts.shares or not (_only_screenshots(files, said) or not holds_material(files)):
        return None
    case = _disputed(letter, cases, ours)
    if case is None:
        return None
    return Requested("dispute", (_objects(said),), (case.number,))


def disputes_again(letter: Letter, known: KnownCase, *, ours: OurReferences) -> Requested | None:
    """The objection above the very material that is already on record; None when there is none."""
    said = objection_in(letter.facts, in_our_thread=is_in_our_thread(letter.facts, ours))
    if said is None or known.state != "needs_fix":
        return None
    return Requested("dispute", (_objects(said),), (known.number,))


def _objects(said: str) -> str:
    return f"对核对结果有异议：{said[:80]}"


def _only_screenshots(files: Sequence[ReadFile], said: str) -> bool:
    counted = [file for file in files if not isinstance(file, Photo) or file.counted]
    speaks_of_photos = any(word in said for word in ("照片", "图片", "相片"))
    return all(isinstance(file, Photo) for file in counted) and len(counted) <= _SCREENSHOTS and not speaks_of_photos


def _disputed(letter: Letter, cases: Sequence[KnownCase], ours: OurReferences) -> KnownCase | None:
    """The case whose findings are meant: of our thread or the quoted number, else the sender's only one to be completed."""
    open_cases = {case.number: case for case in cases if case.state == "needs_fix"}
    number = join(letter, (), cases=cases, ours=ours).case_number
    if number is not None:
        return open_cases.get(number)
    sender = letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
    own = [case for case in open_cases.values() if sender and sender in case.addresses]
    return own[0] if len(own) == 1 else None
