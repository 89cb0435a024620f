"""The ledger that goes with a digest: masked, readable, and never the reason why there is no digest."""

from __future__ import annotations

import io
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from intake.ledger import Ledgers
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import BEGIN, Office
from tests.letters import Draft

TO = ("wang@example.org", "li@example.org")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUESTION = Draft(subject="请问字数", text="请问字数有要求吗？", sender="13800138000@163.example")


def digests(office: Office) -> Sequence[EmailMessage]:
    """The digests in the queue, parsed, after one was asked for now."""
    assert office.service.digest.queue(since_at=None, until_at=office.clock.now())
    return [message_from_bytes(mail.raw, policy=policy.default) for mail in office.answers() if mail.kind == "digest"]


def attached(message: EmailMessage) -> list[tuple[str | None, str]]:
    return [(part.get_filename(), part.get_content_type()) for part in message.iter_attachments()]


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_every_recipient_gets_the_masked_ledger_with_the_digest(open_at: Open) -> None:
    office = open_at(digest={"recipients": TO})
    office.arrives(QUESTION)
    office.work(hours=1)

    first, second = digests(office)

    assert [attached(each) for each in (first, second)] == [[("台账2022年12月5日.xlsx", XLSX)]] * 2
    book = openpyxl.load_workbook(io.BytesIO(next(first.iter_attachments()).get_content()))
    assert [page.title for page in book] == ["案例", "文件", "来信", "核对意见", "统计", "编号说明"]
    assert [cell.value for cell in book["来信"]["C"]] == ["地址", "138******00@163.example"]
    assert "附件为台账，电话和身份证号已隐去中间几位；完整的在工作文件夹运行 intake ledger" in text(first)


def test_with_a_roster_the_ledger_tells_how_far_each_unit_is(open_at: Open) -> None:
    office = open_at(digest={"recipients": TO[:1]})
    (office.folder / "roster.csv").write_text("街道,单位\n金山街道,金安社区\n", encoding="utf-8")

    (told,) = digests(office)

    book = openpyxl.load_workbook(io.BytesIO(next(told.iter_attachments()).get_content()))
    assert [cell.value for cell in book["报送进度"][2]][:4] == ["金山街道", "金安社区", "未报", 1]


def test_a_large_ledger_stays_and_the_digest_says_where_it_is_to_be_had(
    open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.ledger.LARGEST_BYTES", 1_000)

    told = digests(open_at(digest={"recipients": TO[:1]}))[0]

    assert attached(told) == []
    assert "台账超过8MB，没有附上：在工作文件夹运行 intake ledger 台账.xlsx 取得。" in text(told)


def test_a_ledger_that_cannot_be_written_costs_nobody_the_digest(
    open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Ledgers, "write", full)

    told = digests(open_at(digest={"recipients": TO[:1]}))[0]

    assert attached(told) == []
    assert "台账这次没有写成，请在工作文件夹运行 intake ledger 台账.xlsx。" in text(told)


def test_no_ledger_goes_where_the_settings_say_so(open_at: Open) -> None:
    told = digests(open_at(digest={"recipients": TO[:1], "ledger": False}))[0]

    assert (attached(told), "台账" in text(told)) == ([], False)


def test_nothing_of_it_is_left_in_the_data_folder(open_at: Open, tmp_path: Path) -> None:
    office = open_at(digest={"recipients": TO[:1]})

    digests(office)

    assert [path.name for path in tmp_path.rglob("*") if "ledger" in path.name or path.suffix == ".xlsx"] == []
    assert office.clock.now() == BEGIN
