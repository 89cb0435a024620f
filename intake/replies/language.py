"""A reply language: sentences by key, and how they are put together. Pure.

A sentence is a `str.format` pattern with plain names only. A number may carry its
noun: `{count:photo|photos}` gives "1 photo" or "3 photos".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from intake.wording import DateWords

_COMMITTEES = ("组委会", "組委會", "组织委员会", "組織委員會", "Committee")
_INNER_MARKS = str.maketrans("“”", "‘’")
_INNER_CORNERS = str.maketrans("「」", "『』")


@dataclass(frozen=True, slots=True)
class Count:
    """A number in a sentence. `approximate` when honest doubt is left."""

    value: int
    approximate: str = ""
    """The language's pattern for an uncertain number; empty for a certain one."""

    def __format__(self, spec: str) -> str:
        """The bare number, or with the noun that fits it: `one|many`."""
        number = self.approximate.format(number=self.value) if self.approximate else str(self.value)
        if not spec:
            return number
        one, _, many = spec.partition("|")
        return f"{number} {one if self.value == 1 else many}"


class _Words(str):
    """Words where a file asks for the forms of a number: they stand as they are."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Language:
    """All sentences of one language. Made by `load_language` only."""

    name: str
    sentences: Mapping[str, str]
    dates: DateWords
    has_committee: bool = True
    """Whether a 组委会 decides, or whoever signs: what `{office}` stands for."""

    def signed(self, signature: str) -> Language:
        """The same language for a campaign signed so: a 民政局 that signs alone has no 组委会."""
        return replace(self, has_committee=any(word in signature for word in _COMMITTEES))

    def say(self, key: str, **values: object) -> str:
        """The sentence `key` with its values put in; numbers may be plain ints."""
        counted = {name: _formable(value) for name, value in values.items()}
        counted.setdefault("office", self.sentences[f"office.{'committee' if self.has_committee else 'host'}"])
        # A case without a title leaves two spaces where a language writes spaces between words.
        return self.sentences[key].format(**counted).replace("  ", " ")

    def quote(self, text: str) -> str:
        """`text` in quotation marks, those inside it made inner ones."""
        return self.say("item.quoted", text=self.nest(text))

    def nest(self, text: str) -> str:
        """`text` as it stands inside the language's quotation marks: “ ” become ‘ ’, or 「 」 become 『 』."""
        return text.translate(_INNER_CORNERS if "「" in self.sentences["item.quoted"] else _INNER_MARKS)

    def sentence(self, *parts: str) -> str:
        """Parts of a sentence joined to a whole one, with a capital where the script has them and a full stop."""
        text = self.join(tuple(part for part in parts if part), "join")
        return text[:1].upper() + text[1:] + self.sentences["mark.stop"]

    def paragraph(self, *sentences: str) -> str:
        """Whole sentences one after the other, spaced as the language does; empty ones left out."""
        return self.sentences["mark.space"].join(sentence for sentence in sentences if sentence)

    def join(self, parts: tuple[str, ...] | list[str], mark: str = "list") -> str:
        """`parts` with the language's own mark between them: `list` (、) or `join` (；)."""
        return self.sentences[f"mark.{mark}"].join(parts)


def _formable(value: object) -> object:
    """A value that takes `one|many` without complaint, be it a number or not."""
    if isinstance(value, int):
        return Count(value)
    return _Words(value) if isinstance(value, str) else value
