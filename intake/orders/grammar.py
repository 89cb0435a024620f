"""Plain Chinese to orders, sentence by sentence; what is not wholly understood is handed back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from intake.orders.order import Order, Unclear, Understood, Vocabulary
from intake.orders.sentences import FREE_REASON, NEEDS_REASON, NotAnOrderError, read_sentence
from parsers.text.script import to_simplified

_MOST_LINES = 60
_LONGEST_LINE = 400
"""Characters; patterns never see more. A longer line is an essay, not an order."""
_LONGEST_SHOWN = 80

_STOP = re.compile(r"[。;；!！]+")
_COMMA = re.compile(r"[,，]")
_ONE_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2010: 0x2D, 0x2013: 0x2D}
"""Full-width forms of ASCII, the wide space, and dashes that phones put in."""
_REASON_LINE = re.compile(r"^(?:理由|原因|说明)\s?(?:[::]|是|为)?\s?(?P<why>.+)$")
_COURTESY = re.compile(
    r"(?:[^\s,。]{0,10}(?:老师|同志|秘书|主任|科长|处长|各位|大家))?[,:]?(?:您好|你们?好|大家好|好)?[,:]?(?:谢谢|多谢|感谢|辛苦)?(?:您|你们?|大家|了|啦)*|"
    r"(?:已?收到|收悉|好的?|知道了|明白|嗯|ok)(?:[,:]?(?:谢谢|多谢|辛苦)(?:您|你|了)*)?|(?:处理)?意见(?:如下)?:?|如下:?|此复|特此(?:回复|答复)|以上(?:意见|请办理)?|请(?:办理|处理|知悉)|"
    r"发自.{0,30}|sent from.{0,40}|[-=_*~—–.]+|(?:\d{4}年)?\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)


def read_orders(text: str, vocabulary: Vocabulary) -> Understood:
    """The orders in `text`, and every sentence that is neither an order nor a courtesy, both in the order written.

    `text` is what stands above our line. Whoever carries out the orders asks first when anything is unclear:
    the sentence not understood may be the one that takes back the others.
    """
    orders: list[Order] = []
    unclear: list[Unclear] = []
    lines = [line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line]
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
    orders: list[Order] = []
    unclear: list[Unclear] = []
    for sentence in _parts(line, _STOP):
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
        return [_as_written(read_sentence(_plain(sentence), vocabulary), sentence)]
    except NotAnOrderError:
        pieces = list(_parts(sentence, _COMMA))
        if len(pieces) < 2:
            raise
        orders: list[Order] = []
        for piece in pieces:
            try:
                orders.append(_as_written(read_sentence(_plain(piece), vocabulary), piece))
            except NotAnOrderError as problem:
                if not orders or orders[-1].action not in FREE_REASON or problem.names_a_case:
                    break
                orders[-1] = _with_more(orders[-1], piece, "，")
        else:
            return orders
        raise


def _as_written(order: Order, sentence: str) -> Order:
    """The order with its words and its reason as the writer set them: the reason goes into letters."""
    at = _plain(sentence).rfind(order.why) if order.why else -1
    return replace(order, said=sentence, why=sentence[at : at + len(order.why)] if at >= 0 else order.why)


def _parts(text: str, stop: re.Pattern[str]) -> Iterator[str]:
    for part in stop.split(text):
        if stripped := part.strip(" ,，、　"):
            yield stripped


def _late_reason(line: str, orders: list[Order]) -> Order | None:
    """The last order with the reason that stands on a line of its own; None when it has one or the line holds none."""
    reason = _REASON_LINE.match(_plain(line))
    if reason is None or not orders or orders[-1].why:
        return None
    return replace(orders[-1], why=line[reason.start("why") :].strip())


def _with_more(order: Order, sentence: str, mark: str) -> Order:
    return replace(order, why=f"{order.why}{mark}{sentence}", said=f"{order.said}{mark}{sentence}")


def _is_courtesy(sentence: str, vocabulary: Vocabulary) -> bool:
    names = {_plain(name) for name in vocabulary.names}
    if vocabulary.may_confirm or vocabulary.case:
        # There 好的 and ok might be meant as a yes; said so plainly they are read as one.
        return sentence in names or (_COURTESY.fullmatch(sentence) is not None and not _may_be_yes(sentence))
    return sentence in names or _COURTESY.fullmatch(sentence) is not None


def _may_be_yes(sentence: str) -> bool:
    return sentence.casefold() in ("好", "好的", "ok", "嗯")


def _plain(text: str) -> str:
    """One width, one script, character for character, so that places in it are places in `text`; 、and 《》 stay."""
    simplified = to_simplified(text)
    return (simplified if len(simplified) == len(text) else text).translate(_ONE_WIDTH)


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
