"""What a letter about a case asks of a person, in the digest, and what settles it."""

from __future__ import annotations

from dataclasses import replace

from intake.demo.cases import CaseText, load_case
from intake.demo.clients import Draft, File
from intake.demo.documents import DOCX, case_docx
from storage.records.casebook import NewDecision
from tests.intake.desks.conftest import Open, open_at  # noqa: F401 - a fixture
from tests.intake.desks.office import BEGIN, Office

FIRST = load_case("grid_ledger")
RELATED = replace(
    FIRST, title="另一条路上的网格", sections=(*FIRST.sections[:2], *load_case("parking_order").sections[2:])
)


def brings(name: str, case: CaseText) -> Draft:
    file = File(f"{name}.docx", case_docx(case, "headings"), DOCX)
    return Draft(subject=name, text="请查收。", files=(file,), at=BEGIN, sender="a@qq.example")


def said(office: Office) -> str:
    return office.service.digest.write(since_at=None, until_at=office.clock.now()).text


def test_a_text_partly_like_an_earlier_one_is_asked_about_until_somebody_has_looked(open_at: Open) -> None:  # noqa: F811
    office = open_at()
    for draft in (brings("案例", FIRST), brings("又一案例", RELATED)):
        office.arrives(draft)
        office.work()

    asked = said(office)
    with office.records.store.write() as work:
        second = work.cases.list(campaign="huli-2022")[1]
        work.cases.add_decision(
            NewDecision(case_id=second.id, kind="note", who="王老师", why="已核对", at=office.clock.now())
        )
    settled = said(office)

    card = asked[asked.index("HL22-0002 《另一条路上的网格》：是否HL22-0001的修改稿") :]
    assert "原因：同一来信人，与HL22-0001文字部分相同；文字相似度" in card
    assert "是修改稿：intake cases merge HL22-0002 --into HL22-0001 --by 姓名 --why 理由" in card
    assert "是否HL22-0001的修改稿" not in settled
