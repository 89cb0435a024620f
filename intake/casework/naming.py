"""Which of several cases a name or a line means: by unit, title or its number in the letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from intake.casework.titles import bare_title, is_generic_title, title_of_name, titles_in_brackets
from intake.casework.units import as_unit, units_in
from intake.casework.wording import letters_only, stem
from intake.model import Document, ReadFile

_UNIT_END = re.compile(
    r"(?:社区|村民|居民)?(?:居民?委员会|居委会|村委会|委员会|办事处|党委|党总支|党支部|工作站|党群服务中心)$|(?:社区|街道|小区|村|镇|乡|局|办)$"
)
_LABELLED = re.compile(r"案例([一二三四五六七八九十]{1,3}|\d{1,2})(?!\d)")
_CHINESE = {digit: at for at, digit in enumerate("一二三四五六七八九十", 1)}
_PHOTO_WORDS = re.compile(
    r"(?:活动|现场|工作|配套|相关|案例|附件|报送)?(?:照片|图片|相片|配图|插图|图|照)|(?:报名|申报|推荐|申请|登记|信息)表|盖章|扫描件?|微信|img|dsc|mmexport|image|photo|\d+"
)
_OWN_WORDS = 4
"""Characters a file's own words must have to name a case by a piece of its title."""
_BYLINES = 6
_CLOSING = 4


@dataclass(frozen=True, slots=True)
class Names:
    """What one case may be called by, in letters alone."""

    keys: frozenset[str] = frozenset()
    """Whole names: any of them within another name means this case."""
    text: str = ""
    """All its naming texts together, to find a piece in."""
    number: int | None = None
    """N when its documents are called 案例N."""


@dataclass(frozen=True, slots=True)
class Register:
    """The names of the cases of one letter, only those that tell them apart."""

    names: tuple[Names, ...] = ()
    _by_number: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, cases: Sequence[Sequence[ReadFile]], folders: Sequence[str]) -> Register:
        """`cases`: the documents known of each; `folders`: the folder that is each case's alone, empty when there is none."""
        found = [_names(files, folder) for files, folder in zip(cases, folders, strict=True)]
        kept = []
        for at, names in enumerate(found):
            others = [each.text for place, each in enumerate(found) if place != at]
            keys = frozenset(key for key in names.keys if not any(key in text for text in others))
            kept.append(Names(keys, names.text, names.number))
        numbers = [names.number for names in found]
        whole = None not in numbers and len(set(numbers)) == len(numbers)
        return cls(
            tuple(kept), {number: at for at, number in enumerate(numbers) if number is not None} if whole else {}
        )

    def named_in(self, text: str) -> int | None:
        """The one case that a name or line means; None when it means none, or more than one."""
        letters = letters_only(text)
        best = {
            at: max(found, key=len)
            for at, names in enumerate(self.names)
            if (found := [key for key in names.keys if _stands_in(key, letters)])
        }
        if len(best) > 1:
            longest = max(best, key=lambda at: len(best[at]))
            rest = [key for at, key in best.items() if at != longest]
            return longest if all(key in best[longest] and key != best[longest] for key in rest) else None
        if best:
            return next(iter(best))
        return self._by_label(letters)

    def named_by_words(self, text: str) -> int | None:
        """The one case whose names hold all the own words of a file's name: 楼道议事1.jpg for 楼道议事厅化解停车难."""
        words = _PHOTO_WORDS.sub("", letters_only(text))
        if len(words) < _OWN_WORDS or is_generic_title(words):
            return None
        found = [at for at, names in enumerate(self.names) if words in names.text]
        return found[0] if len(found) == 1 else None

    def _by_label(self, letters: str) -> int | None:
        numbers = {_number(match.group(1)) for match in _LABELLED.finditer(letters)}
        found = {self._by_number[number] for number in numbers if number in self._by_number}
        return found.pop() if len(found) == 1 else None


def _names(files: Sequence[ReadFile], folder: str) -> Names:
    written = list(_written(files, folder))
    keys: set[str] = set()
    for text in written:
        letters = letters_only(text)
        keys.add(letters)
        keys.update(letters_only(unit) for unit in units_in(text))
        unit = as_unit(text)
        if unit is not None:
            keys.add(letters_only(unit))
    keys |= {_UNIT_END.sub("", key) for key in keys if _UNIT_END.search(key)}
    telling = {key for key in keys if len(key) >= 2 and not key.isdigit() and not is_generic_title(key)}
    numbers = {
        _number(match.group(1)) for file in files[:1] for match in _LABELLED.finditer(letters_only(stem(file.name)))
    }
    return Names(
        frozenset(telling),
        "\n".join(letters_only(text) for text in written),
        numbers.pop() if len(numbers) == 1 else None,
    )


def _written(files: Sequence[ReadFile], folder: str) -> Iterable[str]:
    """Every line by which a case is called, its documents' own first."""
    if folder:
        yield title_of_name(folder.rsplit("/", 1)[-1])
        yield folder.rsplit("/", 1)[-1]
    for file in files:
        yield title_of_name(file.name)
        yield stem(file.name)
        yield from titles_in_brackets(file.name)
        if not isinstance(file, Document):
            continue
        if file.role in ("case", "form"):
            yield from (known.value for known in file.facts.fields if known.name in ("title", "unit") and known.value)
        if file.role != "case":
            continue
        if file.facts.title:
            yield bare_title(file.facts.title)
        main = [block.text.strip() for block in file.facts.blocks if block.part == "main" and block.text.strip()]
        for line in (*main[:_BYLINES], *main[-_CLOSING:]):
            unit = as_unit(line) if len(line) <= 32 else None
            if unit is not None:
                yield unit


def _stands_in(key: str, letters: str) -> bool:
    """案例1 does not stand in 案例12."""
    at = letters.find(key)
    while at >= 0:
        end = at + len(key)
        if not (key[-1].isdigit() and end < len(letters) and letters[end].isdigit()):
            return True
        at = letters.find(key, at + 1)
    return False


def _number(written: str) -> int:
    """1 to 99 of digits or Chinese digits; 0 when it is neither."""
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十") if "十" in written else ("", "", written)
    if "十" in written:
        return (_CHINESE.get(tens, 1 if not tens else 0)) * 10 + _CHINESE.get(ones, 0)
    return _CHINESE.get(ones, 0)
