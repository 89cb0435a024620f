"""The ledger's sheet of units: who has sent, who has to complete, who has not sent. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.figures.roster_report import RosterMatter
from intake.figures.sheets import Column, Sheet

_STANDING = {"sent": "已报", "incomplete": "待完善", "missing": "未报", "not_expected": "不要求报送"}
_COLUMNS = (
    Column("街道", width=16),
    Column("单位", width=24, wraps=True),
    Column("情况", width=10),
    Column("应报", "number", 7),
    Column("已报案例", width=24, wraps=True, personal=""),
    Column("待完善案例", width=24, wraps=True, personal=""),
    Column("联系人", width=10),
    Column("活动", width=30, wraps=True),
)


def roster_sheet(rosters: Sequence[RosterMatter]) -> Sheet:
    """A row for each unit and campaign, in the order of the roster."""
    rows = tuple(
        (
            unit.street,
            unit.name,
            _STANDING[unit.standing],
            unit.quota,
            "、".join(unit.complete),
            "、".join(unit.incomplete),
            unit.contact,
            matter.campaign,
        )
        for matter in rosters
        for unit in matter.units
    )
    return Sheet("报送进度", _COLUMNS, rows)
