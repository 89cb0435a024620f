"""Reads a TOML file with the line of every key. Files are small and local; what is wrong with one is a ConfigError."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.characters import all_without_unseen
from config.errors import ConfigError, Problem

_TABLE = re.compile(r"^\s*+(\[\[?)\s*+([^\]\[]++)\]\]?\s*+(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_INDEX = re.compile(r"\[\d+\]$")
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_STATEMENT = re.compile(r"^[\w-]+\s*[=＝]\s*[^\s\[{]")
"""A key with a plain value: nothing of it stands on other lines."""
_MOST_PROBLEMS = 20
_FULL_WIDTH = re.compile("[“”‘’＝＂，［］｛｝]")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file as read."""

    name: str
    """As shown to people."""
    data: Mapping[str, Any]
    lines: Mapping[str, int]
    """Dotted key ("campaign.title", "rule[2].max", arrays of tables counted from 1) to 1-based line."""
    sha256: str
    """Of the file's bytes, 64 hex digits."""

    def line_of(self, key: str) -> int | None:
        """The line of `key`, or of the nearest table that holds it; None when neither is written."""
        return nearest_line(key, self.lines)


def read_toml(path: Path) -> TomlFile:
    """The file at `path`.

    Raises: ConfigError when it is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError([Problem(str(path), "", None, "没有这个文件", "请检查文件名和所在文件夹")]) from None
    except OSError as error:
        problem = Problem(str(path), "", None, f"无法读取（{error.strerror}）", "请检查文件的访问权限")
        raise ConfigError([problem]) from error
    return parse_toml(raw, name=path.name)


def parse_toml(raw: bytes, *, name: str) -> TomlFile:
    """`raw` as TOML; a byte order mark (Windows Notepad) is accepted.

    Raises: ConfigError when it is not UTF-8 or not TOML.
    """
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(name, "", line, "文件不是 UTF-8 编码", "请用记事本打开，另存为时把编码选为 UTF-8")
        raise ConfigError([problem]) from error
    try:
        data = all_without_unseen(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax_problems(text, name=name)) from error
    return TomlFile(name=name, data=data, lines=key_lines(text), sha256=hashlib.sha256(raw).hexdigest())


def key_lines(text: str) -> dict[str, int]:
    """The line of every table header and key of valid TOML `text`, by a light scan: `tomllib` keeps none.

    Keys inside inline tables and multi-line values are not listed: their table's line stands for them.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    inside: str | None = None  # the closing quotes of a multi-line string
    for number, line in enumerate(text.split("\n"), 1):
        if inside is not None:
            inside = None if inside in line else inside
            continue
        if header := _TABLE.match(line):
            table = _plain(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table]}]"
            else:
                head, _, rest = table.partition(".")  # [rule.aliases] belongs to the [[rule]] above it
                table = f"{head}[{counts[head]}].{rest}" if rest and head in counts else table
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = _plain(key[1])
            lines.setdefault(f"{table}.{name}" if table else name, number)
            inside = _opened_string(line[key.end() :])
    return lines


def nearest_line(key: str, lines: Mapping[str, int]) -> int | None:
    """The line of `key` or of the nearest table around it; None when neither is known."""
    while key:
        for written in (key, _INDEX.sub("", key)):  # an element of a list stands where the list does
            if written in lines:
                return lines[written]
        key = key.rpartition(".")[0]
    return None


def _plain(dotted: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in dotted.split("."))


def _opened_string(value: str) -> str | None:
    value = value.strip()
    for quotes in ('"""', "'''"):
        if value.startswith(quotes) and quotes not in value[3:]:
            return quotes
    return None


def _syntax_problems(text: str, *, name: str) -> list[Problem]:
    """Every line that is no TOML, in order: each is taken out and the rest read again."""
    lines = text.split("\n")
    problems: list[Problem] = []
    while len(problems) < _MOST_PROBLEMS:
        try:
            tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            problem = _syntax_problem(error, text="\n".join(lines), name=name)
            place = (problem.line or 1) - 1
            whole = place < len(lines) and _STATEMENT.match(lines[place]) is not None
            # What is amiss after the first may come of the line taken out, unless it is a statement by itself.
            if whole or not problems:
                problems.append(problem)
            if not whole:
                break
            lines[place] = ""
        else:
            break
    return problems


def _syntax_problem(error: tomllib.TOMLDecodeError, *, text: str, name: str) -> Problem:
    lines = text.split("\n")
    place = _PLACE.search(str(error))
    number = int(place[1]) if place else len(lines)
    line = lines[number - 1] if number <= len(lines) else ""
    # The line itself is never shown: it may hold a password.
    before_comment = line.split("#", 1)[0]
    if _FULL_WIDTH.search(re.sub(r'"[^"]*"', "", before_comment)):
        return Problem(name, "", number, "这一行用了全角的引号、等号、逗号或括号", "请改为英文（半角）符号")
    if "Cannot overwrite" in str(error) or "Cannot declare" in str(error):
        return Problem(name, "", number, "这一项写了两次", "请删去其中一处")
    if "Invalid value" in str(error):
        return Problem(name, "", number, "等号后面的内容写法不对", "文字要放在英文双引号里，数字、true、false 不加引号")
    return Problem(name, "", number, "这一行的写法不对", '请写成：名称 = 值；文字放在英文双引号里，如 title = "……"')
