"""Plain Chinese to orders, sentence by sentence; what is not wholly understood is handed back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from intake.orders.numbers import ONE_WIDTH
from intake.orders.order import Order, Unclear, Understood, Vocabulary
from intake.orders.sentences import FREE_REASON, NEEDS_REASON, NotAnOrderError, holds_order, read_sentence
from parsers.text.script import to_simplified

_MOST_LINES = 60
_LONGEST_LINE = 400
"""Characters; patterns never see more. A longer line is an essay, not an order."""
_LONGEST_SHOWN = 80

_STOP = re.compile(r"[。;；!！]+")
_COMMA = re.compile(r"[,，]")
_MARKER = re.compile(
    r"^(?:[-*•·●◆]\s+|[•·●◆①-⑳]\s?|[(（][一二三四五六七八九十]{1,3}[)）]\s?|[一二三四五六七八九十]{1,3}[、.．]\s?"
    r"|(?:[(（]\d{1,2}[)）]\s?|\d{1,2}[.．]\s++)(?=.*\d))"
)
"""What cannot be but the mark of a list; a number only where another follows: （17）同意 may name a case."""
_COUNTED = re.compile(r"^(?P<count>\d{1,2})\s?(?:[.．、)）]|号?[:：](?=\s?\d))\s?(?=\S*\d)")
"""What may be one, and may be the first of several numbers: 1、17号同意."""
_MARK_OR_NUMBER = re.compile(r"1\s?、\s?\d{1,4}(?:\s?号)?\s?(?![\d、,，和及与至到~-])")
_PLEASANTRY = r"[\s~～…👍👌🙏🤝😊😄😀🙂☺🌹🌸🎉✅✔💪❤\ufe0f\U0001f3fb-\U0001f3ff]"
_TRAILING = re.compile(rf"(?<!{_PLEASANTRY}){_PLEASANTRY}++$")
"""Flourishes at the end of a sentence; ❌ and ❓ are none."""
_ADDRESS_LINE = re.compile(
    r"(?:联系)?(?:电话|手机|传真|邮箱|地址|邮编|微信|tel|mobile|phone|fax|e-?mail)"
    r"(?:\s?[:]\s?(?P<address>[^,]{1,60})|\s?[\d()+-][\d()+ -]{4,30})",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[ (/|][^,:?]{0,30}(?:局|委|委员会|办|办公室|街道|社区|中心|科|处|室|部|组|站|院|馆|公司|政府)\)?")
"""What stands behind a name in a signature."""
_GREETING = re.compile(r"^[^,:，：\d]{0,10}(?:您|你们?|大家|老师|主任|书记|同志|秘书)好\s?[:：]\s?")
_REASON_LINE = re.compile(r"^(?:理由|原因|说明)\s?(?:[::]|是|为)?\s?(?P<why>.+)$")
_COURTESY = re.compile(
    r"(?:[^\s,。:\d不没别勿未暂先等请给让叫问同通退]{0,4}(?:老师|同志|秘书|主任|科长|处长|各位|大家))?[,:]?(?:您好|你们?好|大家好|好)?[,:]?(?:谢谢|多谢|感谢|辛苦)?(?:您|你们?|大家|了|啦)*|"
    r"(?:已?收到|收悉|好的?|知道了|明白|嗯|ok)(?:[,:]?(?:谢谢|多谢|辛苦)(?:您|你|了)*)?|(?:处理)?意见(?:如下)?:?|如下:?|此复|特此(?:回复|答复)|以上(?:意见|请办理)?|请(?:办理|处理|知悉)|"
    r"发自(?:我的|\s?[a-z]).{0,30}|sent from.{0,40}|[-=_*~—–.]+|(?:\d{4}年)?\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)


def read_orders(text: str, vocabulary: Vocabulary) -> Understood:
    """The orders in `text`, and every sentence that is neither an order nor a courtesy, both in the order written.

    `text` is what stands above our line. Whoever carries out the orders asks first when anything is unclear:
    the sentence not understood may be the one that takes back the others.
    """
    orders: list[Order] = []
    unclear: list[Unclear] = []
    lines = _without_marks([line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line])
    for line in lines[:_MOST_LINES]:
        if reason := _late_reason(line, orders):
            orders[-1] = reason
            continue
        found, lost = _read_line(line, vocabulary)
        orders += found
        unclear += lost
    if len(lines) > _MOST_LINES:
        unclear.append(Unclear(_shown(lines[_MOST_LINES]), f"一封信最多读{_MOST_LINES}行"))
    complete = tuple(order for order in orders if order.action not in NEEDS_REASON or order.why)
    bare = (Unclear(order.said, "请写明理由") for order in orders if order not in complete)
    return Understood(complete, (*unclear, *bare))


def _read_line(line: str, vocabulary: Vocabulary) -> tuple[list[Order], list[Unclear]]:
    if len(line) > _LONGEST_LINE:
        return [], [Unclear(_shown(line), "这一行太长")]
    if _MARK_OR_NUMBER.match(_plain(line)):
        return [], [Unclear(_shown(line), "开头的“1、”是序号还是登记编号？请写完整的登记编号")]
    orders: list[Order] = []
    unclear: list[Unclear] = []
    for sentence in _parts(_GREETING.sub("", line), _STOP):
        if _is_courtesy(_plain(sentence), vocabulary):
            continue
        try:
            orders += _read(sentence, vocabulary)
        except NotAnOrderError as problem:
            if orders and not unclear and orders[-1].action in FREE_REASON and not problem.names_a_case:
                orders[-1] = _with_more(orders[-1], sentence, "；")
            else:
                unclear.append(Unclear(_shown(sentence), str(problem)))
    return orders, unclear


def _read(sentence: str, vocabulary: Vocabulary) -> list[Order]:
    """The order, or the orders between commas, each whole in itself. Raises: NotAnOrderError."""
    try:
        return [_as_written(read_sentence(_plain(sentence), vocabulary), sentence, vocabulary)]
    except NotAnOrderError:
        pieces = list(_parts(sentence, _COMMA))
        if len(pieces) < 2:
            raise
        if len(bare := _without_courtesies(pieces, vocabulary)) < len(pieces):
            return _read("，".join(bare), vocabulary)
        orders: list[Order] = []
        for piece in pieces:
            try:
                orders.append(_as_written(read_sentence(_plain(piece), vocabulary), piece, vocabulary))
            except NotAnOrderError as problem:
                if not orders or orders[-1].action not in FREE_REASON or problem.names_a_case:
                    break
                orders[-1] = _with_more(orders[-1], piece, "，")
        else:
            return orders
        raise


def _without_courtesies(pieces: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """`pieces` of a sentence without the greeting before and the thanks behind; at least one stays."""
    kept = list(pieces)
    while len(kept) > 1 and _is_courtesy(_plain(kept[0]), vocabulary):
        del kept[0]
    while len(kept) > 1 and _is_courtesy(_plain(kept[-1]), vocabulary):
        del kept[-1]
    return kept


def _without_marks(lines: Sequence[str]) -> list[str]:
    """`lines` without the marks of a list; 1、 and 2、 are such where they count the lines, else they are numbers."""
    counted = [(at, found) for at, line in enumerate(lines) if (found := _COUNTED.match(line))]
    is_list = len(counted) > 1 and [int(found["count"]) for _, found in counted] == [*range(1, len(counted) + 1)]
    ends = {at: found.end() for at, found in counted} if is_list else {}
    return [line[ends[at] :] if at in ends else _MARKER.sub("", line) for at, line in enumerate(lines)]


def _as_written(order: Order, sentence: str, vocabulary: Vocabulary) -> Order:
    """The order with its words and its reason as the writer set them: the reason goes into letters.

    Thanks are none.
    """
    why = "" if _is_courtesy(order.why, vocabulary) else order.why
    at = _plain(sentence).rfind(why) if why else -1
    return replace(order, said=sentence, why=sentence[at : at + len(why)] if at >= 0 else why)


def _parts(text: str, stop: re.Pattern[str]) -> Iterator[str]:
    for part in stop.split(text):
        if stripped := _TRAILING.sub("", part.strip(" ,，、　")):
            yield stripped


def _late_reason(line: str, orders: list[Order]) -> Order | None:
    """The last order with the reason that stands on a line of its own; None when it has one or the line holds none."""
    reason = _REASON_LINE.match(_plain(line))
    if reason is None or not orders or orders[-1].why:
        return None
    return replace(orders[-1], why=line[reason.start("why") :].strip())


def _with_more(order: Order, sentence: str, mark: str) -> Order:
    stated = _REASON_LINE.match(_plain(sentence))
    more = sentence if stated is None or order.why else sentence[stated.start("why") :]
    return replace(order, why=f"{order.why}{mark}{more}" if order.why else more, said=f"{order.said}{mark}{sentence}")


def _is_courtesy(sentence: str, vocabulary: Vocabulary) -> bool:
    names = tuple(_plain(name) for name in vocabulary.names)
    if _is_signature(sentence, names):
        return True
    if vocabulary.may_confirm or vocabulary.case:
        # There 好的 and ok might be meant as a yes; said so plainly they are read as one.
        return sentence in names or (_COURTESY.fullmatch(sentence) is not None and not _may_be_yes(sentence))
    return sentence in names or _COURTESY.fullmatch(sentence) is not None


def _is_signature(sentence: str, names: Sequence[str]) -> bool:
    """Whether the words are of a signature: 林秘书 湖里区委政法委, 电话：0592-5550100. None holds anything to be done."""
    signed = next((name for name in names if name and sentence.startswith(name)), None)
    if signed is not None:
        behind = sentence[len(signed) :]
        return not behind or (_UNIT.fullmatch(behind) is not None and not holds_order(behind))
    found = _ADDRESS_LINE.fullmatch(sentence)
    return found is not None and not holds_order(found["address"] or "", numbers=False)


def _may_be_yes(sentence: str) -> bool:
    return sentence.casefold() in ("好", "好的", "ok", "嗯", "请办理", "请处理")


def _plain(text: str) -> str:
    """One width, one script, character for character, so that places in it are places in `text`; 、and 《》 stay."""
    simplified = to_simplified(text)
    return (simplified if len(simplified) == len(text) else text).translate(ONE_WIDTH)


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
