"""Orders that name a sender, by unit or address, instead of numbers."""

from __future__ import annotations

import re

import pytest

from intake.bootstrap import make_decide_desk
from intake.errors import OperatorError
from intake.orders import Order
from tests.e2e.material import complete
from tests.intake.desks.office import Office
from tests.intake.desks.two_campaigns import (
    CHRISTMAS,
    LIN,
    SUBMISSION,
    campaigns,
    office,
    standing,
)
from tests.letters import Draft

__all__ = ["campaigns", "office"]


@pytest.fixture
def units(office: Office) -> Office:
    """Three cases, of 金安社区 in two streets and of 禾山街道."""
    named = ("湖里区江头街道金安社区居委会", "湖里区禾山街道办事处", "集美区杏林街道金安社区居委会")
    office.arrives(Draft(subject=SUBMISSION, sender="third@qq.example", files=complete("river_stalls")))
    office.work()
    with office.records.store.write() as work:
        for case, unit in zip(work.cases.list(), named, strict=True):
            work.cases.change(case.id, at=office.clock.now(), unit=unit)
    return office


@pytest.mark.parametrize(
    ("of", "numbers"),
    [
        ("江头街道金安社区", ["HL22-0001"]),
        ("湖里区江头街道金安社区居民委员会", ["HL22-0001"]),
        ("禾山街道", ["HL22-0002"]),
        ("THIRD@qq.example", ["HL22-0003"]),
    ],
)
def test_order_of_a_sender_is_carried_out_on_the_cases_of_that_one(units: Office, of: str, numbers: list[str]) -> None:
    order = Order("extend", "", (), "电话同意", until=CHRISTMAS, of=of)

    carried = make_decide_desk(units.records).order(order, who=LIN, campaign="huli-2022")

    assert [case.number for case in carried.cases] == numbers


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (
            "金安社区",
            "“金安社区”可能是“湖里区江头街道金安社区居委会”、“集美区杏林街道金安社区居委会”，请写单位全称或登记编号。",
        ),
        (
            "安社区",
            "没有“安社区”报送的案例。名称相近的有“湖里区江头街道金安社区居委会”、“集美区杏林街道金安社区居委会”，",
        ),
        ("街道", "没有“街道”报送的案例。名称相近的有"),
        ("third@qq.exampl", "没有“third@qq.exampl”报送的案例。"),
        ("ird@qq.example", "没有“ird@qq.example”报送的案例。"),
    ],
)
def test_part_of_a_name_or_an_address_is_nobodys(units: Office, of: str, said: str) -> None:
    order, before = Order("extend", "", (), "电话同意", until=CHRISTMAS, of=of), standing(units)

    with pytest.raises(OperatorError, match=re.escape(said)):
        make_decide_desk(units.records).order(order, who=LIN, campaign="huli-2022")

    assert standing(units) == before


def test_case_of_no_known_unit_is_nobodys(units: Office) -> None:
    with units.records.store.write() as work:
        work.cases.change(work.cases.list()[1].id, at=units.clock.now(), unit="")
    desk = make_decide_desk(units.records)

    carried = desk.order(
        Order("extend", "", (), "电话同意", until=CHRISTMAS, of="江头街道金安社区"), who=LIN, campaign="huli-2022"
    )
    with pytest.raises(OperatorError, match="没有“蔡塘社区”报送的案例。"):
        desk.order(Order("extend", "", (), "电话同意", until=CHRISTMAS, of="蔡塘社区"), who=LIN, campaign="huli-2022")

    assert [case.number for case in carried.cases] == ["HL22-0001"]
