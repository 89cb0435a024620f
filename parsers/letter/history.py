"""Tells what the writer wrote now from the quoted history below and from the signature. Pure.

In doubt a line is new text: a missed quotation costs a reader a glance, eaten text costs
a submitter the case. Source: letters of QQ Mail, NetEase, Foxmail, Outlook, Apple Mail,
Gmail and phones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.letter.lines import Line
from parsers.letter.signature import signature_lines

_DASHES = "-_=—–"
_EDGES = _DASHES + " \t>*"
_RULER = re.compile(
    r"原始邮件|原始信件|原始信息|原始郵件|邮件原件|邮件原文|原文|原邮件|(?:回复|转发)的?原?邮件(?:信息)?|轉寄的?郵件|"
    r"Original(?: Message| Email| mail)?|(?:Begin )?Forwarded (?:Message|mail)|Replied Message|Reply Message",
    re.IGNORECASE,
)
# Without dashes the words may be the writer's own: only a block of labels right below makes them a ruler.
_OPENING = re.compile(r"(?:(?:以下(?:是|为))?(?:开始)?转发的?邮件|Begin forwarded message)\s?[:：]", re.IGNORECASE)
_WORDS = {
    "from": r"发件人|寄件人|寄件者|發件人|由|From|Von|De",
    "date": r"发送时间|发送日期|发件时间|日期|时间|寄件日期|傳送時間|發送時間|Sent|Date",
    "to": r"收件人|收件者|To",
    "copy": r"抄送人?|抄送至|副本|Cc",
    "subject": r"主题|主旨|主題|Subject",
    "more": r"附件|回复|答复|重要性|Attachments?|Reply-To|Importance",
}
# Some set the labels flush with spaces: 收 件 人, 主　题.
_LABELS = {
    key: re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "[ \u3000]{0,6}", words) for key, words in _WORDS.items()
}
_LABEL = re.compile(
    r"^[\s|>*]*+(?:"
    + "|".join(f"(?P<{key}>{words})" for key, words in _LABELS.items())
    + r")(?:[^\S\t]*+\t|\s*+\*++[^\S\t]*+\t|\s*+\**+\s*+(?:[:：|]|$))",
    re.IGNORECASE,
)
_RUN_IN = tuple(
    re.compile(rf"(?:{_LABELS[key]})\s?\*?\s?[:：]", re.IGNORECASE) for key in ("from", "date", "to", "subject")
)
_ATTRIBUTION_END = re.compile(r"(?:写道|寫道|wrote|写了|a écrit|schrieb)\s*[:：]\s*$", re.IGNORECASE)
_ATTRIBUTION_START = re.compile(
    r"^[>\s]*(?:在|于|於|On\s|At\s|Le\s|Am\s|\d{4}[-年/.]|[^，。；！？<]{0,60}<[^\s<>@]{1,80}@[^\s<>]{1,80}>)",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\d{4}\s*[-年/.]\s*\d{1,2}|\d{1,2}:\d{2}|\b\d{1,2},? \d{4}|\b(?:19|20)\d{2}\b")
_ADDRESS = re.compile(r"(?<![^\s<>()@])[^\s<>()@]++@[^\s<>()@]+\.[^\s<>()@]+")
_QUOTE_MARK = re.compile(r"^\s{0,3}>")
_LOOK_AHEAD_LINES = 12
_SHORTEST_RULER = 5
"""Dashes; a row of them counts only when labels follow it."""
_LONGEST_ATTRIBUTION = 300
_LONGEST_LABELS = 2_000
"""Characters. Patterns that go back and forth over a line never see a longer one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A letter's text in its three parts, each without blank edges; empty when there is none."""

    text: str
    quoted: str
    signature: str
    leading: int = field(default=0, compare=False)
    """How many characters of `text` stand above the first line of `quoted`; all of them when there is none."""


def tell_apart(lines: Sequence[Line]) -> Told:
    """What is new, what is history, what is signature; every line goes to exactly one of them."""
    old = quoted_lines(lines)
    new = [number for number in range(len(lines)) if number not in old]
    signature = {number for number in new if lines[number].signature}
    rest = [number for number in new if number not in signature]
    found = signature_lines([lines[number].text for number in rest])
    signature |= {rest[position] for position in found}
    first_old = min(old, default=len(lines))
    written = [number for number in new if number not in signature]
    return Told(
        leading=len(_block(lines[number].text for number in written if number < first_old)),
        text=_block(lines[number].text for number in written),
        quoted=_block(lines[number].text for number in sorted(old)),
        signature=_block(lines[number].text for number in sorted(signature)),
    )


def quoted_lines(lines: Sequence[Line]) -> set[int]:
    """Numbers of the lines that belong to earlier letters."""
    old = {number for number, line in enumerate(lines) if line.quoted} | _marked(lines)
    number = 0
    while number < len(lines):
        if number in old or not lines[number].text.strip():
            number += 1
            continue
        if _is_ruler(lines[number].text) or _opens_labels(lines, number):
            end = _end_of_block(lines, number)
            old.update(range(number, end))
            number = end
            continue
        if length := _attribution(lines, number, old):
            following = _next_text(lines, number + length)
            if following in old:
                old.update(range(number, following))
            elif _ADDRESS.search(" ".join(line.text for line in lines[number : number + length])):
                end = _end_of_block(lines, number)
                old.update(range(number, end))
        number += max(length, 1)
    return old


def _marked(lines: Sequence[Line]) -> set[int]:
    """Lines behind ">": two or more together, or one right below "… wrote:". A lone ">80" is a sentence's start."""
    marked = [number for number, line in enumerate(lines) if _QUOTE_MARK.match(line.text)]
    together = set(marked)
    old = {number for number in marked if number - 1 in together or number + 1 in together}
    for number in together - old:
        before = next((at for at in range(number - 1, -1, -1) if lines[at].text.strip()), None)
        if before is not None and _ATTRIBUTION_END.search(lines[before].text[-_LONGEST_ATTRIBUTION:]):
            old.add(number)
    return old


def _is_ruler(text: str) -> bool:
    """---- 原始邮件 ---- and its kind: the words between dashes on both sides."""
    words = text.strip(_EDGES)
    if not _RULER.fullmatch(words):
        return False
    left, _, right = text.partition(words)
    return all(sum(side.count(dash) for dash in _DASHES) >= 2 for side in (left, right))


def _may_be_ruler(text: str) -> bool:
    """The words alone, or a bare line of dashes."""
    words = text.strip(_EDGES)
    if words:
        return (_RULER.fullmatch(words) or _OPENING.fullmatch(words)) is not None
    return sum(text.count(dash) for dash in _DASHES) >= _SHORTEST_RULER


def _opens_labels(lines: Sequence[Line], number: int) -> bool:
    """Whether 发件人/发送时间/收件人/主题 begin here, a bare ruler above them included."""
    text = lines[number].text
    if _runs_in(text[:_LONGEST_LABELS]):
        return True
    if _may_be_ruler(text):
        following = _next_text(lines, number + 1)
        return following < len(lines) and following - number <= 4 and _labels_from(lines, following)
    return _labels_from(lines, number)


def _runs_in(text: str) -> bool:
    """Whether one line holds sender, date, receiver and subject in this order: HTML whose breaks were lost."""
    at = len(text) - len(text.lstrip(" >*"))
    if not _RUN_IN[0].match(text, at):
        return False
    for pattern in _RUN_IN[1:]:
        found = pattern.search(text, at)
        if found is None:
            return False
        at = found.end()
    return True


def _labels_from(lines: Sequence[Line], number: int) -> bool:
    """Whether the sender's label stands here and at least two other kinds of label follow closely."""
    first = _LABEL.match(lines[number].text[:_LONGEST_ATTRIBUTION])
    if first is None or first.lastgroup != "from":
        return False
    kinds = set()
    for line in lines[number + 1 : number + 1 + _LOOK_AHEAD_LINES]:
        label = _LABEL.match(line.text[:_LONGEST_ATTRIBUTION])
        if label and label.lastgroup in {"date", "to", "subject"}:
            kinds.add(label.lastgroup)
    return len(kinds) >= 2


def _attribution(lines: Sequence[Line], number: int, old: set[int]) -> int:
    """How many lines (1 to 3, as mailers wrap them) say who wrote when; 0 when these do not."""
    if len(lines[number].text) > _LONGEST_ATTRIBUTION or not _ATTRIBUTION_START.match(lines[number].text):
        return 0
    said = ""
    for length in range(1, 4):
        at = number + length - 1
        if at >= len(lines) or at in old or not lines[at].text.strip():
            return 0
        said = f"{said} {lines[at].text.strip()}"
        if len(said) > _LONGEST_ATTRIBUTION:
            return 0
        if _ATTRIBUTION_END.search(said):
            return length if _MOMENT.search(said) else 0
    return 0


def _next_text(lines: Sequence[Line], number: int) -> int:
    """The next line that is not blank; the number of lines when none follows."""
    return next((at for at in range(number, len(lines)) if lines[at].text.strip()), len(lines))


def _end_of_block(lines: Sequence[Line], number: int) -> int:
    """Where the history that opens at `number` ends: with its indented block when it stands in one, else with the letter."""
    block = lines[number].block
    if not block:
        return len(lines)
    return next((at for at in range(number, len(lines)) if lines[at].block != block), len(lines))


def _block(lines: Iterable[str]) -> str:
    """Lines as one text: no blank edges, at most one blank line between paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
