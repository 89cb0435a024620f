"""Language files: ours, and the sentences organizers put in their place. Pure but for reading the files.

Every fault is found when a file is loaded, all at once, with its place: a letter is no
moment to learn that a placeholder was mistyped.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, cast

from config.complaints import did_you_mean
from config.errors import ConfigError, Problem
from config.toml_file import TomlFile, parse_toml, read_toml
from intake.replies.keys import EVERYWHERE, PLACEHOLDERS, may_be_empty
from intake.replies.language import Language
from intake.wording import DateWords

_NAME = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_IDENTIFIER = re.compile(r"[a-z_0-9]+")
_ENDING = ".toml"
_DATE_LISTS = {"weekdays": 7, "months": 12}
_DATE_PATTERNS = {
    "day": {"year", "month", "month_name", "date", "weekday"},
    "plain_day": {"year", "month", "month_name", "date"},
    "moment": {"day", "hour", "minute"},
    "close_hour": {"day", "hour"},
    "close_minute": {"day", "hour", "minute"},
}
_DATE_KEYS = tuple(f"dates.{name}" for name in (*_DATE_LISTS, *_DATE_PATTERNS))
_NO_SUCH = "没有这样的句子"


def shipped_languages() -> tuple[str, ...]:
    """Names of the languages that come with the program, sorted."""
    entries = files("intake.replies").joinpath("languages").iterdir()
    return tuple(sorted(entry.name.removesuffix(_ENDING) for entry in entries if entry.name.endswith(_ENDING)))


def own_languages(folder: Path) -> tuple[str, ...]:
    """Names of the languages organizers have a file of in `folder`, sorted; empty when there is no such folder."""
    names = (path.name.removesuffix(_ENDING) for path in _toml_files(folder))
    return tuple(name for name in names if _NAME.fullmatch(name))


def load_language(name: str, own: Path | None = None) -> Language:
    """The language `name` (`zh-CN`), its sentences replaced by those of the file of that name in the folder `own`.

    A file there may hold a few sentences of a language we ship, or a whole new language.
    Raises: ConfigError naming file, line and every key that is unknown, missing, or has
    a wrong or missing placeholder.
    """
    if own is None or not (own / f"{name}{_ENDING}").is_file():
        return _load_shipped(name)
    return _checked(name, own)


@functools.cache
def _load_shipped(name: str) -> Language:
    """Several campaigns may speak one language, and what we ship does not change while we run."""
    return _checked(name, None)


def _checked(name: str, own: Path | None) -> Language:
    written = _read(name, own)
    if problems := tuple(_problems(written)):
        raise ConfigError(problems)
    return _build(name, written.tables)


def language_problems(own: Path) -> tuple[Problem, ...]:
    """What is wrong with the organizers' files in `own`, by file: also in those no campaign uses. Empty when nothing."""
    problems: list[Problem] = []
    known = {shipped.casefold(): shipped for shipped in shipped_languages()}
    for path in _toml_files(own):
        name = path.name.partition(_ENDING)[0]
        meant = known.get(name.replace("_", "-").casefold(), "")
        if path.suffix != _ENDING or not _NAME.fullmatch(name) or meant not in {"", name}:
            advice = f"请改名为 {meant or 'zh-CN'}{_ENDING}" if meant else f"请以语言代号命名，如 zh-CN{_ENDING}"
            problems.append(
                Problem(f"{own.name}/{path.name}", "", None, "文件名不是语言代号，这个文件不会起作用", advice)
            )
            continue
        try:
            load_language(name, own)
        except ConfigError as error:
            problems += error.problems
    return tuple(problems)


def _toml_files(folder: Path) -> list[Path]:
    """Whatever is meant as a language file: Notepad likes to save zh-CN.toml.txt."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _ENDING in path.name and not path.name.startswith((".", "~")))


@dataclass(frozen=True, slots=True)
class _Written:
    """A language as written: ours with the organizers' file over it."""

    file: str
    """The organizers' file, else ours: where a fault is mended."""
    tables: Mapping[str, object]
    """Dotted key to what stands there."""
    lines: TomlFile


def _read(name: str, own: Path | None) -> _Written:
    if not _NAME.fullmatch(name):
        advice = "请写成 zh-CN、zh-TW、en 这样的形式"
        raise ConfigError([Problem(f"{name}{_ENDING}", "", None, f"语言名称“{name}”写法不对", advice)])
    entry = files("intake.replies").joinpath("languages", f"{name}{_ENDING}")
    shipped = parse_toml(entry.read_bytes(), name=f"{name}{_ENDING}") if entry.is_file() else None
    path = own / f"{name}{_ENDING}" if own is not None else None
    ours = _flatten(shipped.data) if shipped else {}
    if path is not None and path.is_file():
        shown = f"{path.parent.name}/{path.name}"
        try:
            theirs = read_toml(path)
        except ConfigError as error:
            raise ConfigError(replace(problem, file=shown) for problem in error.problems) from None
        return _Written(shown, ours | _flatten(theirs.data), theirs)
    if shipped is None:
        advice = f"自带的语言有 {'、'.join(shipped_languages())}"
        raise ConfigError([Problem(f"{name}{_ENDING}", "", None, f"没有语言“{name}”的文件", advice)])
    return _Written(shipped.name, ours, shipped)


def _flatten(tables: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in tables.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _problems(written: _Written) -> Iterator[Problem]:
    faults = [*_sentence_faults(written.tables), *_date_faults(written.tables)]
    for key, problem, advice in faults:
        yield Problem(written.file, key, written.lines.line_of(key), problem, advice)


_Fault = tuple[str, str, str]
"""Key, what is wrong, what to write instead."""


def _sentence_faults(tables: Mapping[str, object]) -> Iterator[_Fault]:
    for key in PLACEHOLDERS:
        if key not in tables:
            yield key, "缺少这一句", "新的语言要写全，请从自带的语言文件复制一份再改"
    for key, value in tables.items():
        if key.startswith("dates."):
            continue
        if key not in PLACEHOLDERS:
            yield key, _NO_SUCH, did_you_mean(key, tuple(PLACEHOLDERS))
        elif not isinstance(value, str):
            yield key, "应为一句文字，写在引号里", ""
        elif not value.strip() and not may_be_empty(key):
            yield key, "不能为空", "不想改这一句的，把这一行删去即可"
        elif any(unicodedata.category(char)[0] == "C" for char in value):
            yield key, "应写在一行里，不能换行或含有看不见的字符", ""
        else:
            given = PLACEHOLDERS[key].split()
            required = {name for name in given if not name.endswith("?")} if value.strip() else set()
            yield from _pattern_faults(key, value, required=required, allowed={name.rstrip("?") for name in given})


def _everywhere(key: str) -> set[str]:
    """What a sentence may name beside its own; words that are put into sentences, and dates, may not."""
    return set() if key.startswith((f"{EVERYWHERE}.", "dates.")) else {EVERYWHERE}


def _pattern_faults(key: str, pattern: str, *, required: set[str], allowed: set[str]) -> Iterator[_Fault]:
    try:
        fields = [(name, spec or "", bang) for _, name, spec, bang in Formatter().parse(pattern) if name is not None]
    except ValueError:
        yield key, "花括号不成对", "占位符写成 {名称}，正文里不要另用花括号"
        return
    usable = f"这一句可以用 {'、'.join(f'{{{name}}}' for name in sorted(allowed))}" if allowed else "这一句没有占位符"
    for name, spec, bang in fields:
        # Plain names only: `{title.__class__}` would reach into the program.
        if name not in allowed | _everywhere(key) or not _IDENTIFIER.fullmatch(name) or bang:
            yield key, f"不认识的占位符 {{{name}{f'!{bang}' if bang else ''}}}", usable
        elif spec and (spec.count("|") != 1 or "{" in spec or key.startswith("dates.")):
            yield key, f"占位符 {{{name}:{spec}}} 的写法不对", f"请写成 {{{name}}}，或 {{{name}:单数|复数}}"
    for name in sorted(required - {name for name, _, _ in fields}):
        yield key, f"缺少占位符 {{{name}}}", usable


def _date_faults(tables: Mapping[str, object]) -> Iterator[_Fault]:
    for name, length in _DATE_LISTS.items():
        value = tables.get(f"dates.{name}")
        if not isinstance(value, list) or len(value) != length or not all(isinstance(one, str) for one in value):
            yield f"dates.{name}", f"应有{length}个词", ""
    for name, allowed in _DATE_PATTERNS.items():
        key = f"dates.{name}"
        pattern = tables.get(key)
        if not isinstance(pattern, str):
            yield key, "缺少这一句", ""
            continue
        yield from _pattern_faults(key, pattern, required=allowed - {"month", "month_name"}, allowed=allowed)
    for key in tables:
        if key.startswith("dates.") and key not in _DATE_KEYS:
            yield key, _NO_SUCH, did_you_mean(key, _DATE_KEYS)


def _build(name: str, tables: Mapping[str, object]) -> Language:
    sentences = {key: value for key, value in tables.items() if key in PLACEHOLDERS and isinstance(value, str)}
    words: dict[str, Any] = {key: tables[f"dates.{key}"] for key in _DATE_PATTERNS}
    words |= {key: tuple(cast("list[str]", tables[f"dates.{key}"])) for key in _DATE_LISTS}
    return Language(name=name, sentences=sentences, dates=DateWords(**words))
