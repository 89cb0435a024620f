"""Whether a letter asks for something else than to be filed: to withdraw, to check once more, to look at a draft. Pure.

What costs a submitter something needs our thread or a 回执码; a From line alone is asked to confirm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from intake.casework.joining import KnownCase, OurReferences, is_in_our_thread, join
from intake.casework.likeness import is_quoted
from intake.casework.package import holds_material, is_case
from intake.casework.requests import (
    asks_for_review,
    asks_to_withdraw,
    confirms,
    makes_formal,
    objection_in,
)
from intake.casework.standing import WITHDRAWN
from intake.casework.wording import letters_only, plain
from intake.model import Letter, Photo, ReadFile

Request = Literal["withdrawal", "dispute", "draft"]

CONFIRM_WITHDRAWAL = "confirm_withdrawal"
DRAFT_REVIEW = "draft_review"
"""Kinds of our letters whose answers mean more than they say."""

_SCREENSHOTS = 2
"""Pictures of a word count that may stand beside an objection; more are photos of the case."""
_SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class Requested:
    """What a letter asks for, and of which cases."""

    request: Request
    evidence: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    """The cases meant, oldest first; of a withdrawal that is not certain those that may be meant."""
    certain: bool = True
    """False: its sender has to confirm first."""


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


def formalises(letter: Letter, files: Sequence[ReadFile], *, ours: OurReferences) -> bool:
    """Whether the answer to our remarks on a draft makes that draft the submission."""
    return ours.kind == DRAFT_REVIEW and not holds_material(files) and makes_formal(letter.facts)


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
    if in_thread and joining.case_number is not None:
        return Requested("withdrawal", (*joining.evidence, "来信要求撤回"), (joining.case_number,))
    meant = joining.candidates if in_thread and joining.candidates else _meant(letter, cases)
    return Requested("withdrawal", ("来信要求撤回，待确认",), meant, certain=False)


def _meant(letter: Letter, cases: Sequence[KnownCase]) -> tuple[str, ...]:
    """The sender's cases that still stand: the one named by number or title, else all of them."""
    sender = letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
    own = [case for case in cases if sender and sender in case.addresses and case.state != WITHDRAWN]
    said = plain(f"{letter.facts.subject}\n{letter.facts.text}")
    letters = letters_only(said)
    named = [
        case
        for case in own
        if is_quoted(case.number, said)
        or (len(letters_only(case.title)) >= _SHORTEST_TITLE and letters_only(case.title) in letters)
    ]
    return tuple(case.number for case in named or own)


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
