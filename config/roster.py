"""Who is expected to send cases: `roster.csv` in the working folder, as an organizer saves it from a spreadsheet.

Columns by their Chinese or English names, in any order; UTF-8 or GB18030; commas, tabs or semicolons.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.errors import ConfigError, Problem

ROSTER_FILE = "roster.csv"
MOST_LINES = 20_000

_COLUMNS = {
    "street": ("street", "街道", "镇街", "街道镇", "所属街道", "区县", "系统"),
    "unit": ("unit", "单位", "单位名称", "社区", "社区村", "报送单位", "名称"),
    "aliases": ("aliases", "alias", "别名", "简称", "曾用名"),
    "contact": ("contact", "联系人", "经办人", "姓名"),
    "phone": ("phone", "电话", "联系电话", "手机"),
    "addresses": ("addresses", "address", "email", "邮箱", "邮箱地址", "电子邮箱", "邮件地址"),
    "quota": ("quota", "数额", "名额", "篇数", "任务数", "应报"),
}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEVERAL = re.compile(r"[;；、,，/\s]+")
_BETWEEN_ALIASES = re.compile(r"[;；、,，/]+")


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """A unit that is expected to send cases."""

    street: str
    """What it is listed under; may be empty."""
    name: str
    """Unique within its street."""
    aliases: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    addresses: tuple[str, ...] = ()
    """Lower case."""
    quota: int = 1
    """Cases expected; 0: none is."""
    line: int = 0
    """1-based, in the file."""


def load_roster(folder: Path) -> tuple[RosterUnit, ...]:
    """The units of the folder's roster, in the order of the file; empty when there is no file.

    Raises: ConfigError listing every problem, with its line.
    """
    path = folder / ROSTER_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigError([_problem(None, "", f"不能读取（{error.strerror}）")]) from error
    return read_roster(raw)


def read_roster(raw: bytes) -> tuple[RosterUnit, ...]:
    """The units in the bytes of a roster. Raises: ConfigError listing every problem."""
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ConfigError([_problem(None, "", "是 Excel 工作簿", "请用“另存为”存成 CSV")])
    problems: list[Problem] = []
    units: list[RosterUnit] = []
    columns: dict[str, int] = {}
    for line, cells in _rows(raw, problems):
        if not columns:
            columns = _header(cells, line, problems)
            if not columns.keys() >= {"unit"}:
                break
        elif (unit := _unit(cells, columns, line, problems)) is not None:
            units.append(unit)
    if not columns and not problems:
        problems.append(_problem(None, "", "是空的", "第一行写列名：街道,单位,别名,联系人,电话,邮箱,数额"))
    problems += _repeated(units)
    if problems:
        raise ConfigError(problems)
    return tuple(units)


def _rows(raw: bytes, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row that holds anything; a file that cannot be cut into cells is a problem."""
    text = _decoded(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;，", key=first.count)
    if delimiter == "，":  # the module knows no such one
        text, delimiter = text.replace("，", ","), ","
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in rows:
            cells = [_clean(cell) for cell in row]
            if rows.line_num > MOST_LINES:
                problems.append(_problem(rows.line_num, "", f"超过{MOST_LINES}行"))
                return
            if any(cells):
                yield rows.line_num, cells
    except csv.Error:
        problems.append(_problem(rows.line_num, "", "有一格过长或引号不成对", "请在表格软件里重新存成 CSV"))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError([_problem(None, "", "文字编码认不出", "请存成“CSV UTF-8”")])


def _clean(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", cell).split())


def _header(cells: list[str], line: int, problems: list[Problem]) -> dict[str, int]:
    known = {name: key for key, names in _COLUMNS.items() for name in names}
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        key = known.get(re.sub(r"[\s()（）*:：、/]", "", cell).lower())
        if key is not None:
            columns.setdefault(key, place)
    if "unit" not in columns:
        problems.append(_problem(line, "", "没有“单位”这一列", "第一行写列名：街道,单位,别名,联系人,电话,邮箱,数额"))
    return columns


def _unit(cells: list[str], columns: dict[str, int], line: int, problems: list[Problem]) -> RosterUnit | None:
    def cell(key: str) -> str:
        place = columns.get(key)
        return cells[place] if place is not None and place < len(cells) else ""

    name = cell("unit")
    if not name:
        problems.append(_problem(line, "单位", "没有写单位"))
        return None
    addresses = [each.lower() for each in _SEVERAL.split(cell("addresses")) if each]
    problems += (
        _problem(line, "邮箱", f"“{each[:60]}”不是邮箱地址") for each in addresses if not _ADDRESS.fullmatch(each)
    )
    quota = re.sub(r"[篇个件]$", "", cell("quota")).strip()
    if quota and not (quota.isdecimal() and len(quota) < 5):
        problems.append(_problem(line, "数额", f"“{cell('quota')[:20]}”不是整数"))
        quota = ""
    return RosterUnit(
        street=cell("street"),
        name=name,
        aliases=tuple(each.strip() for each in _BETWEEN_ALIASES.split(cell("aliases")) if each.strip()),
        contact=cell("contact"),
        phone=cell("phone"),
        addresses=tuple(dict.fromkeys(addresses)),
        quota=int(quota) if quota else 1,
        line=line,
    )


def _repeated(units: list[RosterUnit]) -> list[Problem]:
    """Units and addresses that stand twice: a case could be counted for the wrong one."""
    problems: list[Problem] = []
    names: dict[tuple[str, str], int] = {}
    addresses: dict[str, int] = {}
    for unit in units:
        first = names.setdefault((unit.street, unit.name), unit.line)
        if first != unit.line:
            problems.append(_problem(unit.line, "单位", f"“{unit.name}”在第{first}行已经有了"))
        for address in unit.addresses:
            first = addresses.setdefault(address, unit.line)
            if first != unit.line:
                problems.append(_problem(unit.line, "邮箱", f"“{address}”在第{first}行已经有了"))
    return problems


def _problem(line: int | None, key: str, problem: str, advice: str = "") -> Problem:
    return Problem(ROSTER_FILE, key, line, problem, advice)
