"""Words about single pictures: 把第3张换成这张, 合影那张不要. Pure.

Which picture is meant is seldom certain: nothing is taken out, the pictures that may be meant are
named, and a person sees to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.casework.photos import counted_photos
from intake.casework.wording import letters_only, opening, plain, stem
from intake.model import Finding, FindingValue, Letter, ReadFile
from parsers.facts import LetterFacts

_LONGEST = 600
"""Characters. A longer text is a case or a cover letter."""
_NAMED = 8
"""Pictures named one by one."""
_SHORTEST_NAME = 2

_PICTURE = r"(第[一二三四五六七八九十\d]{1,3}(张|幅|个图)|[^。!?;,\n]{0,16}(照片?|图片?|相片|合影|那张|这张|(img|dsc|mmexport|wx)[_-]?\d+|[\w-]\.(jpe?g|png|heic)))"
_SWAP = re.compile(
    rf"(把|将|用|请)?{_PICTURE}[^。!?;\n]{{0,16}}(换成|换为|换作|替换|更换|换掉|改成|改为|改用|取代|代替|换一下|换一张|换下)"
)
_DROP = re.compile(
    rf"{_PICTURE}[^。!?;\n]{{0,8}}(不要|不用|不算|删|去掉|去除|撤下|撤掉|撤回|拿掉|取消|作废)|"
    r"(不要|不用|删掉|删除|删去|去掉|撤下|撤掉|拿掉|取消)[^。!?;,\n]{0,6}(第[一二三四五六七八九十\d]{1,3}(张|幅)|那张|合影|[^。!?;,\n]{0,10}(照片|图片|相片))|"
    r"(以|只用|就用|保留)[^。!?;\n]{0,8}(第[一二三四五六七八九十\d、和,]{1,12}(张|幅)|这\d?张|那\d?张)"
)
_NO_WISH = re.compile(
    r"(已|已经|都)(经)?(换|改|删|替换|更换)(成|为|掉|好|了)+[^。]{0,10}(原图|高清|大图)|[?]|吗$|怎么|如何|要不要|是否"
)
_ORDINAL = re.compile(r"第([一二三四五六七八九十\d]{1,3})(?:张|幅)")
_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True, slots=True)
class PictureWish:
    """What a letter wants done with single pictures of its case."""

    said: str
    """The sentence, as plain text."""
    old: tuple[str, ...]
    """Names of the pictures meant, by ordinal or name; empty when the words do not tell."""
    new: tuple[str, ...]
    """Names of the pictures the letter brought; empty when none."""
    others: tuple[str, ...]
    """Names of all counted pictures there were, at most `_NAMED`."""
    letter_sha256: str


def picture_wish(letter: LetterFacts) -> str | None:
    """The sentence by which a letter wants single pictures exchanged or left out; None when there is none."""
    said = plain(opening(letter.text)).strip()
    if not said or len(said) > _LONGEST:
        return None
    sentences = (match.group() for match in re.finditer(r"[^。!?;\n]+[。!?;]?", said))
    wishes = (each for each in sentences if (_SWAP.search(each) or _DROP.search(each)) and not _NO_WISH.search(each))
    return next((each.strip().rstrip("。;") for each in wishes), None)


def wish_in(letter: Letter, package: Sequence[ReadFile], current: Sequence[ReadFile]) -> PictureWish | None:
    """The wish of `letter`, which brings `package`, about the pictures of its case as they were; None when it has none."""
    pictures = counted_photos(current)
    said = picture_wish(letter.facts) if pictures else None
    if said is None:
        return None
    names = [photo.name for photo in pictures]
    places = (_number(found) - 1 for found in _ORDINAL.findall(said))
    by_place = [names[place] for place in places if 0 <= place < len(names)]
    by_name = [name for name in names if _is_named(name, said)]
    return PictureWish(
        said=said,
        old=tuple(dict.fromkeys((*by_place, *by_name)))[:_NAMED],
        new=tuple(dict.fromkeys(photo.name for photo in counted_photos(package)))[:_NAMED],
        others=tuple(dict.fromkeys(names))[:_NAMED],
        letter_sha256=letter.sha256,
    )


def wish_to_finding(wish: PictureWish) -> Finding:
    """The wish as a finding for a person, both pictures named where they are known."""
    swap = bool(wish.old and wish.new)
    values: dict[str, FindingValue] = (
        {"old": wish.old, "new": wish.new} if swap else {"pictures": wish.old or (*wish.others, *wish.new)}
    )
    return Finding(
        rule="",
        check="correspondence",
        code="picture_swap" if swap else "picture_change",
        severity="human",
        values={"said": wish.said, **values},
        evidence=wish.said[:120],
    )


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    tens, _, ones = written.rpartition("十")
    if "十" not in written:
        return _DIGITS.get(written, 0)
    return 10 * (_DIGITS.get(tens, 0) or 1) + _DIGITS.get(ones, 0)


def _is_named(name: str, said: str) -> bool:
    letters = letters_only(stem(name))
    return len(letters) >= _SHORTEST_NAME and letters in letters_only(said)
