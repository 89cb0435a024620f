"""Which of the campaign's choices a submitter wrote down: category and level. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from intake.casework.wording import letters_only, plain
from parsers.text.script import to_simplified

_LABEL = r"(?:申报|报送|参评|案例|所属|投稿|参赛|征集|参选)?(?:类别|类型|门类|分类|组别|方向)"
_LABELLED = re.compile(rf"{_LABEL}\s*(?:为|是|选择?|属于|[:：])\s*([^\n。;；]{{1,60}})")
_LEVEL_LABELLED = re.compile(r"(?:申报|案例|所属)?(?:层级|级别|层次)\s*(?:为|是|[:：])\s*([^\n。;；,，]{1,30})")
_BOXED_TICK = r"[☑☒■●◉▣🗹]"
_BARE_TICK = r"[✓✔√]"
_BOX = re.compile(r"[□☐○◯]")
_SEPARATORS = re.compile(r"[\s\-_—–+&,，、.。:：()（）\[\]【】《》]+")
_ANSWER = re.compile(
    r"^\W*(?:我们?|本(?:单位|社区|案例))?(?:报|选择?|申报|属于|是|为|类别)?\W{0,2}"
    r"(?:第)?([1-9１-９①-⑨一二三四五六七八九])\s*(?:类|项|个|号)?\W*$"
)
_FILLER = re.compile(
    r"我们?|您好|你好|本|社区|单位|案例|报送?|选择?|申报|属于?|归|类别?|是|为|的|应该?|按|谢谢|老师|登记编号|[0-9a-z]+"
)
_DIGITS = {**{str(n): n for n in range(1, 10)}, **{c: n for n, c in enumerate("一二三四五六七八九", start=1)}}
_TENDENCY = 3
"""The leading category must be named this often, and half as often again as the next, to be suggested."""


def written_choice(text: str, choices: Sequence[str]) -> str | None:
    """The choice a form cell or labelled phrase names: ticked, or the only one named; else None.

    "☑网格治理 □社区治理" is 网格治理; a cell that lists all choices unticked is None.
    """
    if not choices:
        return None
    ticked = _ticked(plain(text).strip(), choices)
    if ticked:
        return ticked[0] if len(ticked) == 1 else None
    letters = letters_only(text)
    named = [choice for choice in choices if letters_only(choice) and letters_only(choice) in letters]
    return named[0] if len(named) == 1 and not _BOX.search(text) else None


def _ticked(said: str, choices: Sequence[str]) -> list[str]:
    """The choices with a tick: a boxed one stands before its name, a bare one touches it, brackets stand all before or all after."""
    if said.startswith("("):
        mark = rf"(?:{_BOXED_TICK}\s*|{_BARE_TICK}|\(\s*(?:{_BARE_TICK}|{_BOXED_TICK})\s*\)\s*)"
        pattern = mark + "{name}"
    else:
        after = rf"{_BARE_TICK}|\(\s*(?:{_BARE_TICK}|{_BOXED_TICK})\s*\)"
        pattern = rf"(?:{_BOXED_TICK}\s*|{_BARE_TICK})" + "{name}|{name}" + rf"(?:{after})"
    return [choice for choice in choices if re.search(pattern.replace("{name}", re.escape(plain(choice))), said)]


def labelled_category(text: str, choices: Sequence[str]) -> str | None:
    """The category of a sentence or line such as "类别：网格治理" or "申报类别为智慧治理"; else None.

    One that is not among `choices` comes back as written, without punctuation.
    """
    for match in _LABELLED.finditer(to_simplified(text)):
        value = match.group(1)
        chosen = written_choice(value, choices)
        if chosen is not None:
            return chosen
        other = unknown_choice(value, choices)
        if other is not None:
            return other
    return None


def unknown_choice(value: str, choices: Sequence[str]) -> str | None:
    """A short written value that is none of `choices` (多元治理); None for blanks, lists of choices and instructions."""
    written = re.sub(r"^\W+|\W+$", "", value.strip())
    letters = letters_only(written)
    listed = sum(1 for choice in choices if letters_only(choice) in letters)
    if (
        not 2 <= len(letters) <= 10
        or listed
        or _BOX.search(value)
        or re.search(r"选|填|如下|以下|见|待定|什么|哪|怎|吗|\d", letters)
    ):
        return None
    return written


def category_part(name: str, choices: Sequence[str]) -> str | None:
    """The category that stands as a part of its own in a file name or subject ("网格治理-金安社区…"); else None."""
    parts = {letters_only(part) for part in _SEPARATORS.split(name)}
    wanted = {letters_only(choice): choice for choice in choices}
    found = {wanted[part.removesuffix("类")] for part in parts if part.removesuffix("类") in wanted}
    return found.pop() if len(found) == 1 else None


def answered_category(text: str, choices: Sequence[str]) -> str | None:
    """The category a reply to our question names: "2", "选2", "第二类", "社区治理"; else None."""
    line = plain(text).strip()
    if not choices or not line or len(line) > 40:
        return None
    match = _ANSWER.match(line)
    if match is not None:
        number = _DIGITS.get(plain(match.group(1)), 0)
        return choices[number - 1] if 1 <= number <= len(choices) else None
    return labelled_category(text, choices) or _plainly_named(text, choices)


def _plainly_named(text: str, choices: Sequence[str]) -> str | None:
    """The choice a short answer is about ("我们报的是社区治理类"); "社区治理案例已修改" is about something else."""
    choice = written_choice(text, choices)
    rest = letters_only(text).replace(letters_only(choice), "") if choice is not None else ""
    return choice if len(_FILLER.sub("", rest)) <= 1 else None


def written_level(text: str, choices: Sequence[str]) -> str | None:
    """The level a value names: "社区", "村级", "镇（街道）级"; else None."""
    said = re.sub(r"(?<=.)(级|层面|层级|一级)$", "", letters_only(text))
    for choice in choices:
        whole = letters_only(choice)
        if said and (said == whole or said in _alternatives(choice)):
            return choice
    return written_choice(text, choices)


def labelled_level(text: str, choices: Sequence[str]) -> str | None:
    """The level of a line such as "申报层级：村（社区）"; else None."""
    found = (written_level(match.group(1), choices) for match in _LEVEL_LABELLED.finditer(to_simplified(text)))
    return next((level for level in found if level is not None), None)


def suggest_category(text: str, choices: Sequence[str]) -> str | None:
    """The category a text speaks of most, for an organizer to confirm; None when none leads clearly.

    Simple counting of each choice by its full name.
    """
    said = letters_only(text)
    counts = sorted(
        ((said.count(letters_only(choice)), choice) for choice in choices if letters_only(choice)), reverse=True
    )
    if not counts or counts[0][0] < _TENDENCY:
        return None
    if len(counts) > 1 and 2 * counts[0][0] < 3 * counts[1][0]:
        return None
    return counts[0][1]


def _alternatives(choice: str) -> frozenset[str]:
    """县(市)区 -> 县, 市, 区, 县市, 市区 …; 镇(街道) -> 镇, 街道."""
    parts = [part for part in re.split(r"[()（）/、]+", choice) if part]
    return frozenset(letters_only(part) for part in parts) | frozenset(
        letters_only(first + second) for first, second in itertools.pairwise(parts)
    )
