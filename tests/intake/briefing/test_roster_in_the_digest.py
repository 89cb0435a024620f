"""Who has sent, by the working folder's roster and the cases on record, in the digest as it is queued."""

from __future__ import annotations

from datetime import UTC

import pytest

from storage.records.casebook import NewCase
from tests.intake.desks.conftest import Open, open_at  # noqa: F401 - a fixture
from tests.intake.desks.office import BEGIN, Office

ROSTER = "街道,单位,别名,联系人,电话,邮箱,数额\n金山街道,金安社区,,张三,,,1\n金山街道,金海社区,,,,jh@qq.example,1\n江头街道,阳光社区,,,,,1\n"


def opens(office: Office, number: int, *, state: str, unit: str = "", address: str = "a@qq.example") -> int:
    with office.records.store.write() as work:
        return work.cases.open(
            NewCase(
                campaign="huli-2022",
                number=f"HL22-{number:04}",
                sender_address=address,
                opened_at=BEGIN.astimezone(UTC),
                state=state,
                unit=unit,
            )
        ).id


def said(office: Office) -> str:
    return office.service.digest.write(since_at=None, until_at=office.clock.now()).text


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("accepted", "已报1，待完善0，未报2"),
        ("needs_human", "已报1，待完善0，未报2"),
        ("needs_fix", "已报0，待完善1，未报2"),
        ("waiting", "已报0，待完善1，未报2"),
        ("withdrawn", "已报0，待完善0，未报3"),
    ],
)
def test_a_unit_stands_by_the_state_of_its_case(open_at: Open, state: str, standing: str) -> None:  # noqa: F811
    office = open_at()
    (office.folder / "roster.csv").write_text(ROSTER, encoding="gb18030")
    opens(office, 1, state=state, unit="湖里区金山街道金安社区居委会")

    assert f"应报3家，{standing}。" in said(office)


def test_a_unit_is_known_by_its_address(open_at: Open) -> None:  # noqa: F811
    office = open_at()
    (office.folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    opens(office, 1, state="accepted", address="jh@qq.example")

    assert "未报：金安社区（张三）" in said(office)


def test_a_roster_that_cannot_be_read_costs_nobody_the_digest(open_at: Open) -> None:  # noqa: F811
    office = open_at()
    (office.folder / "roster.csv").write_text("单位,数额\n金安社区,两篇\n,1\n", encoding="utf-8")

    text = said(office)

    assert (
        "roster.csv 没有读成，本次没有“谁没报”：roster.csv 第2行 数额：“两篇”不是整数等2处。运行 intake doctor 可查看全部。"
        in text
    )
    assert "【谁没报】" not in text


def test_without_a_roster_nobody_is_said_to_be_missing(open_at: Open) -> None:  # noqa: F811
    office = open_at()
    opens(office, 1, state="accepted")

    assert "谁没报" not in said(office)
