"""A reply language: sentences by key, checked whole when loaded. Pure but for reading its file.

A sentence is a `str.format` pattern with plain names only. A number may carry its
noun: `{count:photo|photos}` gives "1 photo" or "3 photos".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, cast

from intake.errors import OperatorError
from intake.replies.keys import PLACEHOLDERS, may_be_empty
from intake.wording import DateWords

_NAME = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_IDENTIFIER = re.compile(r"[a-z_0-9]+")
_INNER_MARKS = str.maketrans("“”", "‘’")
_INNER_CORNERS = str.maketrans("「」", "『』")
_DATE_LISTS = {"weekdays": 7, "months": 12}
_DATE_PATTERNS = {
    "day": {"year", "month", "month_name", "date", "weekday"},
    "plain_day": {"year", "month", "month_name", "date"},
    "moment": {"day", "hour", "minute"},
    "close_hour": {"day", "hour"},
    "close_minute": {"day", "hour", "minute"},
}


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


@dataclass(frozen=True, slots=True)
class Language:
    """All sentences of one language. Made by `load_language` only."""

    name: str
    sentences: Mapping[str, str]
    dates: DateWords

    def say(self, key: str, **values: object) -> str:
        """The sentence `key` with its values put in; numbers may be plain ints."""
        counted = {name: Count(value) if isinstance(value, int) else value for name, value in values.items()}
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


def shipped_languages() -> tuple[str, ...]:
    """Names of the languages that come with the program, sorted."""
    entries = files("intake.replies").joinpath("languages").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml")))


def load_language(name: str, override_dir: Path | None = None) -> Language:
    """The language `name` (`zh-CN`), its sentences replaced by those of `override_dir/<name>.toml` where given.

    A file there may hold a few sentences of a language we ship, or a whole new language.
    Raises: OperatorError naming the file and every key that is unknown, missing, or has
    a wrong or missing placeholder.
    """
    if not _NAME.fullmatch(name):
        raise OperatorError(f"语言名称“{name}”写法不对，应为 zh-CN、zh-TW、en 这样的形式。")
    shipped = files("intake.replies").joinpath("languages", f"{name}.toml")
    tables: dict[str, object] = {}
    source = f"{name}.toml"
    if shipped.is_file():
        tables = _flatten(_parse(shipped.read_text(encoding="utf-8"), source))
    own = override_dir / f"{name}.toml" if override_dir else None
    if own is not None and own.is_file():
        source = str(own)
        tables |= _flatten(_parse(own.read_text(encoding="utf-8"), source))
    if not tables:
        raise OperatorError(f"没有语言“{name}”的文件。自带的语言有 {'、'.join(shipped_languages())}。")
    if problems := [*_sentence_problems(tables), *_date_problems(tables)]:
        raise OperatorError(
            f"语言文件 {source} 有{len(problems)}处需要改正：\n" + "\n".join(f"  {p}" for p in problems)
        )
    return _build(name, tables)


def _parse(text: str, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"语言文件 {source} 不是有效的 TOML：{error}") from error


def _flatten(tables: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in tables.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _sentence_problems(tables: Mapping[str, object]) -> list[str]:
    problems = [f"{key}：缺少这一句" for key in PLACEHOLDERS if key not in tables]
    for key, value in tables.items():
        if key.startswith("dates."):
            continue
        if key not in PLACEHOLDERS:
            problems.append(f"{key}：没有这样的句子")
        elif not isinstance(value, str):
            problems.append(f"{key}：应为一句文字，写在引号里")
        elif not value.strip() and not may_be_empty(key):
            problems.append(f"{key}：不能为空")
        else:
            given = PLACEHOLDERS[key].split()
            required = {name for name in given if not name.endswith("?")} if value.strip() else set()
            problems += _pattern_problems(key, value, required=required, allowed={name.rstrip("?") for name in given})
    return problems


def _pattern_problems(key: str, pattern: str, *, required: set[str], allowed: set[str]) -> list[str]:
    try:
        used = {name: spec or "" for _, name, spec, _ in Formatter().parse(pattern) if name is not None}
    except ValueError:
        return [f"{key}：花括号不成对"]
    # Plain names only: `{title.__class__}` would reach into the program.
    problems = [
        f"{key}：不认识的占位符 {{{name}}}" for name in used if name not in allowed or not _IDENTIFIER.fullmatch(name)
    ]
    problems += [f"{key}：缺少占位符 {{{name}}}" for name in sorted(required - used.keys())]
    problems += [
        f"{key}：占位符 {{{name}:{spec}}} 应写成 {{{name}:单数|复数}}"
        for name, spec in used.items()
        if spec and (spec.count("|") != 1 or "{" in spec)
    ]
    return problems


def _date_problems(tables: Mapping[str, object]) -> list[str]:
    problems = []
    for name, length in _DATE_LISTS.items():
        value = tables.get(f"dates.{name}")
        if not isinstance(value, list) or len(value) != length or not all(isinstance(one, str) for one in value):
            problems.append(f"dates.{name}：应有{length}个词")
    for name, allowed in _DATE_PATTERNS.items():
        pattern = tables.get(f"dates.{name}")
        if not isinstance(pattern, str):
            problems.append(f"dates.{name}：缺少这一句")
            continue
        required = allowed - {"month", "month_name"}
        problems += _pattern_problems(f"dates.{name}", pattern, required=required, allowed=allowed)
    known = {f"dates.{name}" for name in (*_DATE_LISTS, *_DATE_PATTERNS)}
    return problems + [f"{key}：没有这样的句子" for key in tables if key.startswith("dates.") and key not in known]


def _build(name: str, tables: Mapping[str, object]) -> Language:
    sentences = {key: value for key, value in tables.items() if key in PLACEHOLDERS and isinstance(value, str)}
    words: dict[str, Any] = {key: tables[f"dates.{key}"] for key in _DATE_PATTERNS}
    words |= {key: tuple(cast("list[str]", tables[f"dates.{key}"])) for key in _DATE_LISTS}
    return Language(name=name, sentences=sentences, dates=DateWords(**words))
