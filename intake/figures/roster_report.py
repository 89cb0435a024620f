"""谁没报: how far the expected units are, street by street, and in words to pass on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from intake.figures.charts import UNITS, Bar, BarChart
from intake.figures.sections import Block, Section, Table
from intake.wording import CHINESE_DATES, clean_line

_WITHOUT_STREET = "其他单位"
_NAMES_IN_BULLETIN = 8
_UNMATCHED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of the roster."""

    street: str
    """May be empty."""
    name: str
    standing: Literal["sent", "incomplete", "missing", "not_expected"]
    complete: tuple[str, ...] = ()
    """Numbers of the cases that ask nothing more of it."""
    incomplete: tuple[str, ...] = ()
    """Numbers of the cases it has to complete."""
    quota: int = 1
    contact: str = ""


@dataclass(frozen=True, slots=True)
class RosterMatter:
    """How far the units of one campaign are."""

    campaign: str
    subject_tag: str
    written_at: datetime
    zone: str
    units: tuple[UnitLine, ...]
    """In the order of the roster."""
    unmatched: tuple[str, ...] = ()
    """Numbers of cases of nobody on the roster."""
    closes_at: datetime | None = None
    """Exclusive."""
    address: str = ""
    """Where cases are sent to."""
    cases: int = 0
    """Registered so far."""
    accepted: int = 0
    """Complete so far."""

    @property
    def is_open(self) -> bool:
        """Whether cases may still come in time."""
        return self.closes_at is None or self.closes_at > self.written_at

    def standing(self, *standings: str) -> tuple[UnitLine, ...]:
        """The units that stand so, in the order of the roster."""
        return tuple(unit for unit in self.units if unit.standing in standings)

    @property
    def expected(self) -> int:
        """How many units were to send, or have sent."""
        return sum(1 for unit in self.units if unit.standing != "not_expected")


def say_missing(matter: RosterMatter) -> str:
    """In one clause for the first line: 应报60家，未报12."""
    return f"应报{matter.expected}家，未报{len(matter.standing('missing'))}"


def say_roster(matter: RosterMatter) -> str:
    """All counts: 应报60家，已报41，待完善7，未报12."""
    sent, incomplete, missing = (len(matter.standing(each)) for each in ("sent", "incomplete", "missing"))
    return f"应报{matter.expected}家，已报{sent}，待完善{incomplete}，未报{missing}"


def roster_section(matter: RosterMatter, *, named: bool = False) -> Section:
    """The streets with who is missing, the words for a work group and the paragraph for leaders; `named` by campaign."""
    rows = tuple(_row(street, units) for street, units in _streets(matter.units))
    blocks = [Block("进度通报（供报领导）", write_bulletin(matter))]
    if matter.is_open and matter.standing("missing", "incomplete"):
        blocks.insert(0, Block("可直接粘贴到工作群", write_group_message(matter)))
    lines = [f"{say_roster(matter)}。"]
    if matter.unmatched:
        shown = "、".join(matter.unmatched[:_UNMATCHED_SHOWN])
        more = f"等{len(matter.unmatched)}件" if len(matter.unmatched) > _UNMATCHED_SHOWN else ""
        lines.append(
            f"以下案例没有对上 roster.csv 里的单位：{shown}{more}。如属名单内单位，请在 roster.csv 的别名或邮箱里补上。"
        )
    return Section(
        f"谁没报·{matter.campaign}" if named else "谁没报",
        lines=tuple(lines),
        table=Table(("街道", "已报", "未报和待完善"), rows),
        blocks=tuple(blocks),
    )


def roster_chart(matter: RosterMatter) -> BarChart:
    """The streets as bars of units."""
    bars = tuple(
        Bar(
            street,
            tuple(sum(1 for unit in units if unit.standing == each) for each in ("sent", "incomplete", "missing")),
        )
        for street, units in _streets(matter.units)
    )
    return BarChart("各街道报送情况", UNITS, bars, "家")


def write_group_message(matter: RosterMatter) -> str:
    """Words to paste into a work group as they are: who has not sent, who has to complete, until when, whereto."""
    missing, incomplete = matter.standing("missing"), matter.standing("incomplete")
    local = matter.written_at.astimezone(ZoneInfo(matter.zone))
    ends = CHINESE_DATES.write_close(matter.closes_at, matter.zone) if matter.closes_at else ""
    lines = [
        f"【{matter.subject_tag}】报送进度（截至{local.month}月{local.day}日{local:%H:%M}）",
        say_roster(matter) + "。",
    ]
    if missing:
        lines += [f"尚未收到（{len(missing)}家）：", *_by_street(matter, "missing")]
    if incomplete:
        lines += [f"材料待完善（{len(incomplete)}家）：", *_by_street(matter, "incomplete", numbers=True)]
    if missing:
        whereto = f"发至 {matter.address}" if matter.address else "报送"
        lines.append(f"请尚未报送的单位{f'于{ends}前' if ends else '尽快'}将材料{whereto}。")
    if incomplete:
        lines.append("材料待完善的单位请按邮件中的提示补充。")
    lines.append("如已报送而不在已收之列，请直接与我们联系核对。谢谢！")
    return "\n".join(lines)


def write_bulletin(matter: RosterMatter) -> str:
    """One paragraph for leaders: how many, how complete, who leads, who lags, how long is left."""
    sent, incomplete, missing = (matter.standing(each) for each in ("sent", "incomplete", "missing"))
    moment = CHINESE_DATES.write_moment(matter.written_at, matter.zone)
    parts = [
        (
            f"截至{moment}，{clean_line(matter.campaign)}应报单位{matter.expected}家，已报{len(sent)}家{_share(len(sent), matter.expected)}，"
            f"材料待完善{len(incomplete)}家，未报{len(missing)}家；共登记案例{matter.cases}件，其中材料齐全{matter.accepted}件"
        )
    ]
    streets = _streets(unit for unit in matter.units if unit.standing != "not_expected")
    done = [street for street, units in streets if street != _WITHOUT_STREET and _all_sent(units)]
    behind = sorted(
        ((sum(unit.standing == "missing" for unit in units), street) for street, units in streets),
        key=lambda pair: -pair[0],
    )
    if done:
        parts.append(f"{_listed(done)}已全部报送")
    if behind and behind[0][0]:
        named = [f"{street}（{count}家）" for count, street in behind if count]
        parts.append(f"未报单位分布在{_listed(named)}")
    parts.append(_time_left(matter))
    return "。".join(part for part in parts if part) + "。"


def _time_left(matter: RosterMatter) -> str:
    if matter.closes_at is None:
        return ""
    ends = CHINESE_DATES.write_close(matter.closes_at, matter.zone)
    if not matter.is_open:
        return f"征集已于{ends}截止"
    zone = ZoneInfo(matter.zone)
    last = (matter.closes_at.astimezone(zone) - timedelta(microseconds=1)).date()
    days = (last - matter.written_at.astimezone(zone).date()).days
    return f"征集于{ends}截止" + (f"，还有{days}天" if days else "，就在今天")


def _share(part: int, whole: int) -> str:
    return f"（{100 * part // whole}%）" if whole else ""


def _listed(names: Sequence[str]) -> str:
    more = f"等{len(names)}处" if len(names) > _NAMES_IN_BULLETIN else ""
    return "、".join(names[:_NAMES_IN_BULLETIN]) + more


def _all_sent(units: Sequence[UnitLine]) -> bool:
    return all(unit.standing in ("sent", "not_expected") for unit in units)


def _row(street: str, units: Sequence[UnitLine]) -> tuple[str, str, str]:
    expected = [unit for unit in units if unit.standing != "not_expected"]
    sent = [unit for unit in expected if unit.standing == "sent"]
    waiting = [_with_numbers(unit) for unit in expected if unit.standing == "incomplete"]
    missing = [_with_contact(unit) for unit in expected if unit.standing == "missing"]
    said = [
        f"未报：{'、'.join(missing)}" if missing else "",
        f"待完善：{'、'.join(waiting)}" if waiting else "",
    ]
    return (street, f"{len(sent)}/{len(expected)}", "\n".join(each for each in said if each) or "已全部报送")


def _by_street(matter: RosterMatter, standing: str, *, numbers: bool = False) -> list[str]:
    """A line for each street with units that stand so, in the order of the roster's streets."""
    lines = []
    for street, units in _streets(matter.units):
        mine = [unit for unit in units if unit.standing == standing]
        if mine:
            named = "、".join(_with_numbers(unit) if numbers else clean_line(unit.name) for unit in mine)
            lines.append(f"{street}：{named}")
    return lines


def _with_numbers(unit: UnitLine) -> str:
    said = list(unit.incomplete)
    if unit.quota > 1:
        said.append(f"应报{unit.quota}件，齐全{len(unit.complete)}件")
    return clean_line(unit.name) + (f"（{'，'.join(said)}）" if said else "")


def _with_contact(unit: UnitLine) -> str:
    return clean_line(unit.name) + (f"（{clean_line(unit.contact)}）" if unit.contact else "")


def _streets(units: Iterable[UnitLine]) -> list[tuple[str, list[UnitLine]]]:
    """The units by street, in the order of the roster; those of no street last."""
    streets: dict[str, list[UnitLine]] = {}
    for unit in units:
        streets.setdefault(clean_line(unit.street), []).append(unit)
    without = streets.pop("", None)
    return [*streets.items(), *([(_WITHOUT_STREET, without)] if without else [])]
