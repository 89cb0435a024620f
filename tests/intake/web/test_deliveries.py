"""What is handed over at a desk, registered on the page."""

from __future__ import annotations

import errno
import io
import logging
import re
import threading
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import py7zr
import pytest
from sqlalchemy import event

from intake.bootstrap import make_deliver_desk
from intake.demo import material
from intake.demo.clients import CHINA
from intake.demo.drafts import File
from intake.demo.pictures import photo
from intake.desks.deliver import Brought
from intake.edges.clock import SetClock
from intake.edges.executors.inline import InlineExecutor
from intake.model import Delivery
from intake.web.delivering import corrected
from intake.web.pending import PendingDeliveries
from intake.web.site import site_of_app
from tests.intake.web.conftest import NOW, Page
from tests.intake.web.desk_forms import TEXT, cases, handed_over, sent, stored_letters

PHOTO_AT = datetime(2022, 12, 1, 9, 0, tzinfo=CHINA)
MORE_PHOTOS = tuple(File(f"{n}.jpg", photo(n, taken_at=PHOTO_AT), "image/jpeg") for n in (901, 902))
PASSWORD = "weiyi-2022"


def test_files_are_read_and_shown_before_anything_is_on_record(page: Page) -> None:
    page.sign_in()
    before = (cases(page), stored_letters(page))

    shown = handed_over(page, *material.complete(), unit="海沧社区")

    assert "还没有登记。" in shown
    assert "街道办303室" in shown
    assert "前台小李" in shown
    assert "（案例正文，" in shown
    assert "登记时给出" in shown
    assert (cases(page), stored_letters(page)) == before


def test_a_delivery_becomes_a_case_and_its_receipt_is_printed_as_it_was_given(page: Page) -> None:
    page.sign_in()
    shown = handed_over(page, *material.complete(), unit="海沧社区", title="《楼道议事》")

    done = sent(page, shown, choice="new")

    case = cases(page)[-1]
    assert (case.number, case.unit, case.state) == ("HL22-0002", "海沧社区", "accepted")
    assert "<h1>已登记</h1>" in done
    key = re.search(r'"/deliveries/(\w{64})/receipt"', done)
    assert key is not None
    receipt = page.client.get(f"/deliveries/{key[1]}/receipt")
    assert "HL22-0002" in receipt.text
    assert "收到时间</th><td>2022年12月6日（星期二）09:00" in receipt.text
    assert receipt.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    page.form("/cases/HL22-0002", to="/cases/HL22-0002/orders", action="withdraw", why="误报", sure="yes")
    assert page.client.get(f"/deliveries/{key[1]}/receipt").text == receipt.text


def test_who_registered_it_is_on_record_beside_who_took_it_in(page: Page) -> None:
    page.sign_in()

    sent(page, handed_over(page, TEXT, unit="海沧社区"), choice="new")

    shown = page.client.get("/cases/HL22-0002").text
    assert "U盘送交，前台小李接收，街道办303室，王老师登记" in shown


def test_a_locked_archive_opens_by_a_password_that_nobody_reads_again(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page.sign_in()
    locked = locked_archive(material.complete())
    shown = handed_over(page, locked, unit="海沧社区", password="weiyi-4711")

    wrong = sent(page, shown, "/correct", password="weiyi-4712", unit="海沧社区", title="", case="")
    right = sent(page, wrong, "/correct", password=PASSWORD)
    done = sent(page, right, choice="new")
    key = re.search(r'"/deliveries/(\w{64})/receipt"', done)
    assert key is not None
    told = [
        page.client.get(f"/{path}").text for path in (f"deliveries/{key[1]}/receipt", f"letters/{key[1]}", "figures")
    ]

    assert "填写的密码打不开它" in shown
    assert "填写的密码打不开它" in wrong
    assert "密码，还没有打开" not in right
    assert [case.state for case in cases(page)][1:] == ["accepted"]
    assert "weiyi" not in "".join((shown, wrong, right, done, *told, caplog.text))
    assert "weiyi" not in _written_outside_the_records(page)
    with page.records.store.read() as view:
        assert b"weiyi" not in b"".join(mail.raw for mail in view.outgoing.after(0))
    pictures = re.findall(r'src="(/cases/HL22-0002/pictures/[^"]+)"', page.client.get("/cases/HL22-0002").text)
    assert pictures
    assert page.client.get(unescape(pictures[0])).headers["content-type"] == "image/jpeg"


def test_a_case_looked_at_stays_the_one_meant_when_a_password_is_typed(page: Page) -> None:
    page.sign_in()
    shown = handed_over(page, locked_archive(material.complete()), unit="海沧社区", password="weiyi-4711")
    token = re.search(r"/deliveries/pending/[\w-]+", shown)
    assert token is not None

    looked_at = page.client.get(f"{token[0]}?case=HL22-0001").text
    opened = sent(page, looked_at, "/correct", password=PASSWORD)

    assert "补充到 HL22-0001 以后" in looked_at
    assert "补充到 HL22-0001 以后" in opened


def test_a_password_written_among_the_remarks_opens_the_archive_and_is_not_printed(page: Page) -> None:
    page.sign_in()
    locked = locked_archive(material.complete())

    shown = handed_over(page, locked, unit="海沧社区", remark=f"解压密码：{PASSWORD}，周三来取U盘")
    done = sent(page, shown, choice="new")

    assert [case.state for case in cases(page)][1:] == ["accepted"]
    assert "解压密码：（已隐去），周三来取U盘" in shown
    assert "解压密码：（已隐去），周三来取U盘" in done
    assert PASSWORD not in shown + done


def _written_outside_the_records(page: Page) -> str:
    """Every file of the working folder but the database, which has to keep it, as one text; archives stay shut."""
    files = (path for path in page.records.settings.folder.rglob("*") if path.is_file())
    return "\n".join(path.read_bytes().decode("latin-1") for path in files if "sqlite3" not in path.name)


def locked_archive(files: tuple[File, ...]) -> File:
    """The files in an archive that shows not even their names without `PASSWORD`."""
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=PASSWORD, header_encryption=True) as archive:
        for file in files:
            archive.writestr(file.data, file.name)
    return File("海沧社区案例.7z", buffer.getvalue(), "application/octet-stream")


def test_the_missing_photos_of_a_mailed_case_complete_it_and_its_sender_hears_of_it(page: Page) -> None:
    page.sign_in()
    case = cases(page)[0]
    shown = handed_over(page, *MORE_PHOTOS, channel="chat", case="hl22-0001", tells="yes")

    done = sent(page, shown)

    assert "补充到 HL22-0001 以后" in shown
    assert "材料齐全" in shown
    assert cases(page)[0].state == "accepted"
    assert f"告知 {case.sender_address} 的信" in done


def _withdraw(page: Page) -> None:
    page.form("/cases/HL22-0001", to="/cases/HL22-0001/orders", action="withdraw", why="误报", sure="yes")


def test_what_was_received_before_a_case_was_withdrawn_is_kept_with_it_and_told_to_take_no_part(page: Page) -> None:
    page.sign_in()
    _withdraw(page)

    shown = handed_over(page, *MORE_PHOTOS, case="HL22-0001")
    done = sent(page, shown)
    receipt = page.client.get(str(re.findall(r'"(/deliveries/\w{64}/receipt)"', done)[0])).text

    assert "HL22-0001 已撤回，不参加征集；这份材料只留存备查。" in shown
    assert "HL22-0001 已撤回，不参加征集；这份材料只留存备查，回执上也这样写。" in done
    assert "案例已撤回，不参加本次征集，材料留存备查；要恢复参加的，请告知工作人员" in receipt
    assert [case.state for case in cases(page)] == ["withdrawn"]
    page.form("/cases/HL22-0001", to="/cases/HL22-0001/orders", action="reopen", why="社区要求恢复")
    assert [case.state for case in cases(page)] == ["accepted"]


def test_what_is_received_after_a_case_was_withdrawn_brings_it_back_which_is_told_before(page: Page) -> None:
    page.sign_in()
    _withdraw(page)
    clock = page.records.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(hours=1))

    shown = handed_over(page, *MORE_PHOTOS, case="HL22-0001", at="2022-12-06T10:00")
    sent(page, shown)

    assert "HL22-0001 此前已撤回；登记这份材料后恢复参加征集。" in shown
    assert [case.state for case in cases(page)] == ["accepted"]


def test_cases_it_may_belong_to_are_shown_and_one_has_to_be_chosen(page: Page) -> None:
    page.sign_in()
    unit = cases(page)[0].unit
    shown = handed_over(page, *MORE_PHOTOS, unit=unit)

    unchosen = sent(page, shown)
    looked = page.client.get(unescape(re.findall(r'href="([^"]+\?case=HL22-0001)"', shown)[0])).text
    sent(page, looked, choice="HL22-0001")

    assert "单位相同" in shown
    assert "请选补充到哪一件" in unchosen
    assert "补充到 HL22-0001 以后" in looked
    assert [(case.number, case.state) for case in cases(page)] == [("HL22-0001", "accepted")]


def test_a_number_of_another_campaign_is_not_taken(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        case = work.cases.by_number("HL22-0001")
        assert case is not None
        work.cases.renumber(case.id, campaign="xuzhou-2015", number="XZ15-0001", at=case.updated_at)
    shown = handed_over(page, TEXT, case="XZ15-0001")

    refused = sent(page, handed_over(page, TEXT, unit="海沧社区"), choice="XZ15-0001")

    for each in (shown, refused):
        assert "XZ15-0001 不属于“2022年湖里区社区治理创新案例征集”" in each
    assert [case.number for case in cases(page)] == ["XZ15-0001"]


def test_paper_alone_is_registered_with_its_unit_and_title(page: Page) -> None:
    page.sign_in()
    nameless = handed_over(page, channel="paper", unit="海沧社区")

    shown = sent(page, nameless, "/correct", unit="海沧社区", title="楼道议事", case="")
    done = sent(page, shown, choice="new")

    assert "只有纸质材料时，请写报送单位和案例名称" in nameless
    assert "已收到纸质材料，待补电子版。" in done
    assert cases(page)[-1].state == "needs_fix"


def test_several_cases_in_folders_are_registered_one_by_one(page: Page) -> None:
    page.sign_in()
    brought = [
        File(f"全局/{folder}/{file.name}", file.data, file.media_type)
        for folder, files in (("甲", material.part_missing()[:1]), ("乙", (TEXT,)))
        for file in files
    ]

    shown = handed_over(page, *brought, field="folder")
    done = sent(page, shown, choice="new")

    assert "第2件（另立）" in shown
    assert [case.number for case in cases(page)][1:] == ["HL22-0002", "HL22-0003"]
    assert "HL22-0002" in done
    assert "HL22-0003" in done


def test_a_button_pressed_twice_at_once_registers_once(page: Page) -> None:
    page.sign_in()
    shown = handed_over(page, TEXT, unit="海沧社区")
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(sent(page, shown, choice="new"))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(cases(page)) == 2
    assert [answer.count("<h1>已登记</h1>") for answer in answers] == [1, 1]
    assert "<h1>已登记</h1>" in sent(page, shown, choice="new")


def test_what_is_on_record_is_told_so_even_when_the_mark_of_it_cannot_be_made(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.sign_in()
    shown = handed_over(page, TEXT, unit="海沧社区")
    monkeypatch.setattr(PendingDeliveries, "_write", _no_room)

    first = sent(page, shown, choice="new")
    again = sent(page, shown, choice="new")

    assert [answer.count("<h1>已登记</h1>") for answer in (first, again)] == [1, 1]
    assert len(cases(page)) == 2


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_correction_that_comes_after_the_registration_leads_to_it(page: Page) -> None:
    page.sign_in()
    shown = handed_over(page, TEXT, unit="海沧社区")
    sent(page, shown, choice="new")

    late = sent(page, shown, "/correct", unit="别的社区", title="", case="")
    again = sent(page, shown, choice="new")

    assert [answer.count("<h1>已登记</h1>") for answer in (late, again)] == [1, 1]
    assert [case.unit for case in cases(page)][1:] == ["海沧社区"]


def test_words_corrected_while_an_older_look_was_under_way_are_those_registered(page: Page) -> None:
    page.sign_in()
    shown = handed_over(page, TEXT, unit="海沧社区")
    pending = site_of_app(page.app).deliveries
    token = re.search(r"/deliveries/pending/([\w-]+)/correct", shown)
    assert token is not None
    before = pending.said(token[1])
    assert before is not None
    pending.change(token[1], lambda said: corrected(said, {"unit": "嵩屿社区", "title": "", "case": ""}))
    pending.brought(token[1], before)

    sent(page, shown, choice="new")

    assert cases(page)[-1].unit == "嵩屿社区"


def test_what_is_not_to_be_registered_is_cleared_away(page: Page) -> None:
    page.sign_in()
    shown = handed_over(page, *MORE_PHOTOS, unit="海沧社区")

    sent(page, shown, "/forget")

    assert list((page.records.settings.data_dir / "cache" / "deliveries").iterdir()) == []
    assert "已经清除" in sent(page, shown, choice="new")
    assert len(cases(page)) == 1


def test_only_some_wait_at_a_time_and_the_oldest_goes(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.web.pending.MOST_KEPT", 2)
    page.sign_in()

    first, *_, last = (handed_over(page, MORE_PHOTOS[0], unit="海沧社区") for _ in range(3))

    assert "已经清除" in sent(page, first, choice="new")
    assert "<h1>已登记</h1>" in sent(page, last, choice="new")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "没有文件"),
        ({"paper": "yes", "at": "2099-01-01T00:00"}, "收到时间在现在之后"),
        ({"paper": "yes", "at": "昨天"}, "收到时间请写成"),
        ({"paper": "yes", "at": "0001-01-01T00:00"}, "收到时间的年份不对"),
        ({"paper": "yes", "at": "0022-12-06T09:00"}, "收到时间的年份不对"),
        ({"paper": "yes", "channel": "pigeon"}, "请选送交方式"),
        ({"paper": "yes", "address": "a b@c"}, "邮箱写得不对"),
        ({"paper": "yes", "address": "张三<a@b.cn>"}, "邮箱写得不对"),
        ({"paper": "yes", "case": "HL22-0404"}, "没有登记编号为 HL22-0404 的案例"),
        ({"paper": "yes"}, "请写登记编号，或者写报送单位"),
    ],
)
def test_what_cannot_be_registered_says_what_to_do(page: Page, fields: dict[str, str], told: str) -> None:
    page.sign_in()

    shown = handed_over(page, **fields)

    assert told in shown
    assert "--" not in re.sub(r"<!--.*?-->", "", shown)
    assert len(cases(page)) == 1


def test_matching_costs_as_many_queries_for_six_cases_as_for_two(page: Page, tmp_path: Path) -> None:
    desk, call = make_deliver_desk(page.records, InlineExecutor()), page.records.calls["huli-2022"]

    def brought(name: str, content: bytes) -> Brought:
        (tmp_path / name).write_bytes(content)
        letter, delivered = tmp_path / f"{name}.eml", Delivery("usb", "前台小李", unit="海沧社区", title=name)
        desk.wrap([tmp_path / name], delivered, call, received_at=NOW, into=letter)
        return desk.read(letter, delivered, call, received_at=NOW)

    def matched() -> tuple[int, int, int]:
        asked: list[str] = []
        store = page.records.store
        assert store._reading is not None
        event.listen(store._reading, "before_cursor_execute", listener := lambda *said: asked.append(said[2]))
        found = desk.matches(new)
        event.remove(store._reading, "before_cursor_execute", listener)
        return len(found), sum(match.same_content for match in found), len([each for each in asked if "SELECT" in each])

    new = brought("新.txt", b"1" * 300)
    for number in range(2):
        desk.register(brought(f"{number}.txt", f"{number}".encode() * 300), None)
    two = matched()
    for number in range(2, 6):
        desk.register(brought(f"{number}.txt", f"{number}".encode() * 300), None)
    six = matched()

    assert (two[0], six[0], two[2]) == (2, 6, six[2])
    assert (two[1], six[1]) == (1, 1)
