"""Who is expected to send cases: `roster.csv` in the working folder, as an organizer saves it from a spreadsheet.

Columns by their Chinese or English names, in any order, below a title or not. A community without a street belongs to the
street above it: so a merged cell is saved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from config.errors import ConfigError, Problem
from config.roster_cells import UnreadableRosterError, roster_cells

ROSTER_FILE = "roster.csv"
_OTHER_FILES = ("roster.xlsx", "roster.xls")
"""As a spreadsheet keeps it; taken when there is no CSV."""
_NAMES = "第一行写列名：街道,单位,别名,联系人,电话,邮箱,数额"
_TITLE_LINES = 5
"""So far down the names of the columns are looked for."""
_HEADING_SHOWN = 60

_COLUMNS = {
    "street": (
        "street", "街道", "街镇", "镇街", "街道镇", "乡镇街道", "街道乡镇", "镇街道", "所属街道", "所在街道", "街道名称", "区县", "县区", "系统",
    ),
    "unit": (
        "unit", "单位", "单位名称", "社区", "社区村", "村社区", "村居", "社区名称", "报送单位", "填报单位", "责任单位", "名称",
    ),
    "aliases": ("aliases", "alias", "别名", "简称", "曾用名", "其他名称"),
    "contact": ("contact", "联系人", "联络员", "经办人", "负责人", "联系人姓名", "姓名"),
    "phone": ("phone", "电话", "联系电话", "联系方式", "手机", "手机号", "手机号码", "电话号码"),
    "addresses": (
        "addresses", "address", "email", "e-mail", "邮箱", "邮箱地址", "电子邮箱", "电子邮件", "邮件地址", "联系邮箱", "报送邮箱",
    ),
    "quota": ("quota", "数额", "名额", "篇数", "件数", "数量", "任务数", "任务", "应报", "应报数", "报送数", "指标"),
}  # fmt: skip
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEVERAL = re.compile(r"[;；、,，/\s]+")
_BETWEEN_ALIASES = re.compile(r"[;；、,，/]+")
_BELOW = re.compile(r"(?:合计|总计|小计|共计|备注|说明|注|填表人|填报人|制表|审核)(?:[:：].*|\W*)?")
"""What stands below a list and is no unit, alone in its row but for numbers."""
_COMMUNITY = re.compile(r"(?:社区|村|居|居委会|村委会|居民委员会|村民委员会)$")


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
    names = (ROSTER_FILE, *_OTHER_FILES)
    path = next((each for name in names if (each := folder / name).is_file()), folder / ROSTER_FILE)
    try:
        return read_roster(path.read_bytes())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigError([_problem(None, "", f"不能读取（{error.strerror}）")]) from error
    except ConfigError as error:
        raise ConfigError(replace(each, file=path.name) for each in error.problems) from error


def read_roster(raw: bytes) -> tuple[RosterUnit, ...]:
    """The units in the bytes of a roster. Raises: ConfigError listing every problem."""
    try:
        rows = roster_cells(raw)
    except UnreadableRosterError as error:
        raise ConfigError([_problem(error.line, "", error.problem, error.advice)]) from error
    if not rows:
        raise ConfigError([_problem(None, "", "是空的", _NAMES)])
    problems: list[Problem] = []
    columns, below = _columns(rows, problems)
    units: list[RosterUnit] = []
    street = ""
    for line, cells in rows[below:] if columns else ():
        unit = _unit(cells, columns, line, problems)
        if unit is not None:
            street = unit.street or street
            units.append(unit if unit.street or not _COMMUNITY.search(unit.name) else replace(unit, street=street))
    problems += _repeated(units)
    if problems:
        raise ConfigError(problems)
    return tuple(units)


def _columns(rows: list[tuple[int, list[str]]], problems: list[Problem]) -> tuple[dict[str, int], int]:
    """Where each column stands, by its key, and how many rows its names end; a list without them is a problem."""
    for at, (_line, cells) in enumerate(rows[:_TITLE_LINES], 1):
        columns = _header(cells)
        if "unit" in columns and len(columns) >= min(2, sum(map(bool, cells))):
            return columns, at
    line, cells = rows[0]
    found = "、".join(filter(None, cells))[:_HEADING_SHOWN]
    problems.append(_problem(line, "", f"没有“单位”这一列，这一行是“{found}”", _NAMES))
    return {}, 0


def _header(cells: list[str]) -> dict[str, int]:
    known = {name: key for key, names in _COLUMNS.items() for name in names}
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        key = known.get(re.sub(r"[(（].{0,400}?[)）]|[\s*:：、/]", "", cell).lower())
        if key is not None:
            columns.setdefault(key, place)
    return columns


def _unit(cells: list[str], columns: dict[str, int], line: int, problems: list[Problem]) -> RosterUnit | None:
    def cell(key: str) -> str:
        place = columns.get(key)
        return cells[place] if place is not None and place < len(cells) else ""

    name = cell("unit")
    if _BELOW.fullmatch(name or next(filter(None, cells), "")):
        return None
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
    """Units that stand twice: a case could be counted for the wrong one. Several may have one mailbox."""
    problems: list[Problem] = []
    names: dict[tuple[str, str], int] = {}
    for unit in units:
        first = names.setdefault((unit.street, unit.name), unit.line)
        if first != unit.line:
            problems.append(_problem(unit.line, "单位", f"“{unit.name}”在第{first}行已经有了"))
    return problems


def _problem(line: int | None, key: str, problem: str, advice: str = "") -> Problem:
    return Problem(ROSTER_FILE, key, line, problem, advice)
