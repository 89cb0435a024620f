"""Which case a letter belongs to, and how sure that is. Pure.

Strongest first: our thread or 回执码; the number quoted by an address that belongs to the case; the
same sender with the part a case lacks; the same sender with the same text; another address whose
unit is that of the one case which lacks what it brings. Similarity of text decides before titles;
what lies between is left to a person, and so is a number quoted by anybody else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from intake.casework.known_case import OPEN_STATES, KnownCase, Lack
from intake.casework.likeness import alike, likeness_of, said_in, same_name
from intake.casework.package import is_case
from intake.casework.photos import counted_photos
from intake.casework.requests import replaces_earlier
from intake.casework.sameness import RELATED, SAME_WORK, case_shingles, same_again
from intake.casework.threads import (
    NO_REFERENCES,
    OurReferences,
    codes_to_look_up,
    message_ids_to_look_up,
    numbers_of_thread,
)
from intake.casework.titles import titles_in_brackets
from intake.casework.units import same_unit, units_in
from intake.casework.wording import letters_only, plain
from intake.model import Letter, ReadFile

KnownBy = Literal["thread", "number", "sender", "unit", "nothing"]

_OTHER_WORK = 0.3
"""Below this two texts of one sender are two cases, even in one thread."""

_NO_TEXT_YET = "同一来信人的案例尚无可读取的文字材料"

_REVISED = re.compile(
    r"修改|修订|更新|更正|完善|补正|补充|重新(报送|提交|发送|上报)|重报|重发|重传|以此为准|替换|更换|压缩|精简|删减|新版|最新"
)
_ANOTHER = re.compile(
    r"另(一|外一|有一|报一)(个|篇|份)|另外(再)?(报|投|送)|第[二三四五六七八九2-9](个|篇|份)(案例)?|再报(送)?一(个|篇|份)|还有一(个|篇|份)"
)


@dataclass(frozen=True, slots=True)
class Joining:
    """The case a letter belongs to."""

    case_number: str | None
    """None: a new case."""
    evidence: tuple[str, ...] = ()
    certain: bool = True
    """False: filed so, but a person should look."""
    known_by: KnownBy = "nothing"
    """What points to the case. A From line anybody may write; `unit` holds until somebody says otherwise."""
    is_claim: bool = False
    """An address that does not belong to a case quotes its number: nothing is joined, a person decides."""
    candidates: tuple[str, ...] = ()
    """Other cases that may have been meant, in the order given; empty when certain."""


def join(
    letter: Letter,
    files: Sequence[ReadFile],
    *,
    cases: Sequence[KnownCase],
    ours: OurReferences = NO_REFERENCES,
    units: Sequence[str] = (),
) -> Joining:
    """The case `letter` with its `files` (roles assigned) belongs to; `case_number` None opens a new one.

    `units`: those the letter names as its own, by which it is matched with a case of another address.
    """
    return (
        _known("thread", _by_thread(letter, files, cases, ours))
        or _known("number", _by_number(letter, files, cases))
        or _known("sender", _by_sender(letter, files, cases))
        or _known("unit", by_unit(files, cases, units=units, sender=_sender(letter)))
        or _claimed(letter, files, cases)
        or Joining(None, ("与已有案例无关联",))
    )


def _known(known_by: KnownBy, joining: Joining | None) -> Joining | None:
    return replace(joining, known_by=known_by) if joining is not None and joining.case_number is not None else joining


# --- our thread, 回执码, number


def _by_thread(
    letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase], ours: OurReferences
) -> Joining | None:
    named = numbers_of_thread(letter.facts, ours)
    code = next((each for each in codes_to_look_up(letter.facts) if each in ours.by_code), "")
    by_id = any(each in ours.by_message_id for each in message_ids_to_look_up(letter.facts))
    evidence = "回复我方来信" if by_id else f"引用回执码 {code}"
    meant = [case for case in cases if case.number in named]
    if not meant:
        return None
    if len(meant) > 1:
        return _among(letter, files, meant, evidence)
    return _version_or_another(letter, files, meant[0], evidence)


def _version_or_another(letter: Letter, files: Sequence[ReadFile], case: KnownCase, evidence: str) -> Joining:
    """A letter in a case's own thread: nearly always that case; a wholly other text may be a second one."""
    likeness = likeness_of(files, case.files)
    if likeness is None or likeness >= _OTHER_WORK or same_again(files, case.files):
        return Joining(case.number, (evidence, *alike(likeness)))
    if _ANOTHER.search(plain(f"{letter.facts.subject}\n{letter.facts.text}")):
        return Joining(None, (evidence, "写明是另一个案例", *alike(likeness)))
    if same_name(files, case.files, title=case.title):
        return Joining(case.number, (evidence, "文件名或标题相同", *alike(likeness)))
    # Asked to complete one case they send a text that shares nothing with it: between the two, a person decides.
    return Joining(case.number, (evidence, "文字与原案例很不相同", *alike(likeness)), certain=False)


def _by_number(letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase]) -> Joining | None:
    facts = letter.facts
    written = plain(f"{facts.subject}\n{facts.text}\n{facts.quoted}")
    quoted = [case for case in cases if case.is_quoted_in(written)]
    own = [case for case in quoted if _belongs(letter, case)]
    if len(own) == 1:
        return Joining(own[0].number, (f"写有登记编号 {own[0].number}",))
    if own:
        return _among(letter, files, own, "写有几个登记编号")
    return None


def _claimed(letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase]) -> Joining | None:
    """A number quoted by an address that belongs to none of the cases it names.

    In quoted history above a text of one's own that is another work, it is what was answered, not what is meant.
    """
    facts = letter.facts
    written = plain(f"{facts.subject}\n{facts.text}\n{facts.quoted}")
    quoted = [case for case in cases if case.is_quoted_in(written)]
    if not quoted or any(_belongs(letter, case) for case in quoted):
        return None
    numbers = tuple(case.number for case in quoted)
    evidence = (f"写有登记编号 {'、'.join(numbers)}，但来信地址不属于该案例",)
    said = plain(f"{facts.subject}\n{facts.text}")
    likes = [likeness_of(files, case.files) for case in quoted]
    in_passing = not any(case.is_quoted_in(said) for case in quoted)
    if in_passing and all(like is not None and like < _OTHER_WORK for like in likes):
        return Joining(None, evidence, certain=False, candidates=numbers)
    return Joining(None, evidence, certain=False, candidates=numbers, is_claim=True)


# --- same sender


def _by_sender(letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase]) -> Joining | None:
    own = [case for case in cases if _sender(letter) in case.addresses]
    if not own or not (files or letter.facts.shares):
        return None
    if not files:
        return _links_of(letter, own)
    if not any(is_case(file) for file in files):
        return _part_of(letter, files, own)
    return _text_of(letter, files, own)


def _part_of(letter: Letter, files: Sequence[ReadFile], own: Sequence[KnownCase]) -> Joining | None:
    """Photos or a form without a case: for the one case that lacks them, else for the only open one."""
    part: Lack = "photos" if counted_photos(files) else "form"
    word = "照片" if part == "photos" else "报名表等材料"
    again = [case for case in own if same_again(files, case.files)]
    if len(again) == 1:
        return Joining(again[0].number, (f"同一来信人再次发来相同{word}",))
    still_open = [case for case in own if case.state in OPEN_STATES]
    lacking = [case for case in still_open if part in case.lacks]
    for group, evidence in (
        (lacking, f"同一来信人的案例正待{word}"),
        (still_open, f"同一来信人只有这一个未办结的案例，来件只有{word}"),
    ):
        if len(group) == 1:
            return Joining(group[0].number, (evidence,))
    if len(own) == 1:
        return Joining(own[0].number, (f"同一来信人只有这一个案例，来件只有{word}",))
    return _among(letter, files, lacking or still_open or own, f"同一来信人有几个案例，来件只有{word}")


def _links_of(letter: Letter, own: Sequence[KnownCase]) -> Joining | None:
    """Links alone: for the one case that still lacks something, unless the letter names another."""
    said = said_in(letter, ())
    lacking = [case for case in own if case.state in OPEN_STATES and {"text", "photos"} & set(case.lacks)]
    titles = titles_in_brackets(f"{letter.facts.subject}\n{letter.facts.text}")
    if not lacking or _ANOTHER.search(said):
        return None
    if titles and not any(letters_only(case.title) in map(letters_only, titles) for case in own if case.title):
        return None
    if len(lacking) == 1:
        return Joining(lacking[0].number, ("同一来信人的案例正待材料，来信以链接发送",))
    return _among(letter, (), lacking, "同一来信人有几个案例正待材料，来信以链接发送")


def _text_of(letter: Letter, files: Sequence[ReadFile], own: Sequence[KnownCase]) -> Joining | None:
    """A text from a known sender: the version of a case, the text a case lacks, or a case of its own."""
    said = said_in(letter, files)
    if not case_shingles(files):
        return _unreadable_text_of(files, own, said)
    ranked = sorted(
        ((likeness, case) for case in own if (likeness := likeness_of(files, case.files)) is not None),
        key=lambda pair: (-pair[0], pair[1].number),
    )
    if ranked and ranked[0][0] >= SAME_WORK:
        return Joining(ranked[0][1].number, ("同一来信人", *alike(ranked[0][0])))
    if ranked and ranked[0][0] >= _OTHER_WORK and not _ANOTHER.search(said):
        likeness, case = ranked[0]
        if likeness >= RELATED and (_REVISED.search(said) or same_name(files, case.files, title=case.title)):
            return Joining(case.number, ("同一来信人，写明是修改稿或名称相同", *alike(likeness)))
        told = (f"同一来信人，与{case.number}文字部分相同", *alike(likeness))
        return Joining(None, told, certain=False, candidates=(case.number,))
    if len(own) == 1 and replaces_earlier(letter.facts):
        return Joining(own[0].number, ("同一来信人，写明以此件为准",))
    unread = [case for case in own if case.state in OPEN_STATES and likeness_of(files, case.files) is None]
    if len(unread) == 1 and not _ANOTHER.search(said):
        case = unread[0]
        sure = "text" in case.lacks or same_name(files, case.files, title=case.title) or bool(_REVISED.search(said))
        if sure or len(own) == 1:
            return Joining(case.number, (_NO_TEXT_YET,), certain=sure)
    return None


def _unreadable_text_of(files: Sequence[ReadFile], own: Sequence[KnownCase], said: str) -> Joining | None:
    """An unreadable file from a known sender: the text a case lacks, or a version when named like one or said to be one."""
    again = [case for case in own if same_again(files, case.files)]
    alike = again or [case for case in own if same_name(files, case.files, title=case.title)]
    if len(alike) == 1:
        return Joining(alike[0].number, ("同一来信人，文件名相同",))
    lacking = [case for case in own if "text" in case.lacks and case.state in OPEN_STATES]
    if len(lacking) == 1 and not _ANOTHER.search(said):
        return Joining(lacking[0].number, (_NO_TEXT_YET,))
    to_fix = [case for case in own if case.state == "needs_fix"]
    if len(to_fix) == 1 and _REVISED.search(said):
        return Joining(to_fix[0].number, ("同一来信人，写明是修改或补充",))
    return None


# --- another address


def by_unit(
    files: Sequence[ReadFile], cases: Sequence[KnownCase], *, units: Sequence[str], sender: str
) -> Joining | None:
    """The one open case of another address whose unit is among `units` and which lacks the half that `files` are.

    Text and photos of one case may come from two people; whether they do is for a person to see.
    """
    half = half_of(files)
    if half is None:
        return None
    lacking = [
        case
        for case in cases
        if sender not in case.addresses
        and case.state in OPEN_STATES
        and half in case.lacks
        and {"text", "photos"} - {half} - set(case.lacks)
        and any(same_unit(case.unit or "", unit) for unit in units)
    ]
    if not lacking:
        return None
    word = "照片" if half == "photos" else "文字材料"
    if len(lacking) > 1:
        numbers = tuple(case.number for case in lacking)
        return Joining(None, (f"同一单位有几个案例正待{word}，无法确定属于哪一个",), certain=False, candidates=numbers)
    evidence = f"另一地址发来的{word}，单位“{lacking[0].unit}”相同，暂归入 {lacking[0].number}"
    return Joining(lacking[0].number, (evidence,), certain=False)


def half_of(files: Sequence[ReadFile]) -> Literal["text", "photos"] | None:
    """Which half of a submission `files` are: photos without a text, or a text without photos; None for both or neither."""
    has_text, has_photos = any(is_case(file) for file in files), bool(counted_photos(files))
    if has_text == has_photos:
        return None
    return "text" if has_text else "photos"


# --- choosing among several


def _among(letter: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase], evidence: str) -> Joining:
    """The one of several cases that text, title, number or unit point to; none of them when they do not."""
    likes = {case.number: likeness_of(files, case.files) or 0.0 for case in cases}
    alike = [case for case in cases if likes[case.number] >= SAME_WORK]
    said = said_in(letter, files)
    by_number = [case for case in cases if case.is_quoted_in(said)]
    by_title = [
        case for case in cases if len(letters_only(case.title)) >= 4 and letters_only(case.title) in letters_only(said)
    ]
    units = units_in(said)
    by_unit = [case for case in cases if case.unit is not None and any(same_unit(case.unit, unit) for unit in units)]
    for group, why in (
        (alike, "文字相同"),
        (by_number, "写有登记编号"),
        (by_title, "写有案例名称"),
        (by_unit, "写有单位"),
    ):
        if len(group) == 1:
            return Joining(group[0].number, (evidence, why))
    return Joining(
        None, (evidence, "无法确定属于哪一个"), certain=False, candidates=tuple(case.number for case in cases)
    )


def _belongs(letter: Letter, case: KnownCase) -> bool:
    """Whether the letter's sender may speak for the case; an organizer who passes one on says for which it is."""
    if letter.forwarded_by is not None:
        return True
    return _sender(letter) in case.addresses | case.related


def _sender(letter: Letter) -> str:
    return letter.facts.sender.address.casefold() if letter.facts.sender is not None else ""
