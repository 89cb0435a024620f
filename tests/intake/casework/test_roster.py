from __future__ import annotations

import pytest

from config.roster import RosterUnit
from intake.casework.roster import Sent, UnitStanding, stand

JINAN = RosterUnit(street="金山街道", name="金安社区", addresses=("jinan@qq.com",), quota=2)
JINHU = RosterUnit(street="金山街道", name="金湖社区", aliases=("湖边社区",), addresses=("jinhu@qq.com",))
SUNNY = RosterUnit(street="江头街道", name="阳光社区")
OTHER_SUNNY = RosterUnit(street="禾山街道", name="阳光社区")
BUREAU = RosterUnit(street="", name="区民政局", quota=0)
ROSTER = (JINAN, JINHU, SUNNY, OTHER_SUNNY, BUREAU)


def sent(number: str, unit: str = "", address: str = "", *, complete: bool = True) -> Sent:
    return Sent(number, unit, frozenset({address} if address else ()), complete)


@pytest.mark.parametrize(
    ("case", "unit"),
    [
        (sent("1", "金安社区"), JINAN),
        (sent("1", "湖里区金山街道金安社区居民委员会"), JINAN),
        (sent("1", "金安社区居委会"), JINAN),
        (sent("1", "金山街道金安社区党委"), JINAN),
        (sent("1", "", "jinan@qq.com"), JINAN),
        (sent("1", "湖边社区居委会", "somebody@163.com"), JINHU),
        (sent("1", "江头街道阳光社区"), SUNNY),
        (sent("1", "湖里区禾山街道阳光社区居委会"), OTHER_SUNNY),
        (sent("1", "金安社区", "jinhu@qq.com"), JINAN),
        (sent("1", "阳光社区"), None),
        (sent("1", "别的社区"), None),
        (sent("1"), None),
    ],
    ids=[
        "as listed", "in full", "居委会", "党委", "address alone", "alias", "one of two", "the other of two",
        "a street sends for another", "of two streets", "not listed", "nothing known",
    ],
)  # fmt: skip
def test_a_case_is_of_the_unit_it_names_or_comes_from(case: Sent, unit: RosterUnit | None) -> None:
    standing = stand(ROSTER, [case])

    assert [each.unit for each in standing.units if each.complete] == ([unit] if unit else [])
    assert standing.unmatched == (() if unit else ("1",))


def test_units_stand_by_their_quota() -> None:
    cases = [sent("1", "金安社区"), sent("2", "金湖社区", complete=False), sent("3", "江头街道阳光社区")]

    assert stand(ROSTER, cases).units == (
        UnitStanding(JINAN, "incomplete", ("1",), ()),
        UnitStanding(JINHU, "incomplete", (), ("2",)),
        UnitStanding(SUNNY, "sent", ("3",), ()),
        UnitStanding(OTHER_SUNNY, "missing", (), ()),
        UnitStanding(BUREAU, "not_expected", (), ()),
    )
