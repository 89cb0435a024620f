"""What an organizer orders on the page, and what is asked once more before it is done."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from storage.records.casebook import CaseRecord
from storage.records.ordering import OrderRecord
from tests.intake.web.conftest import OTHER_ADDRESS, Page

CASE = "/cases/HL22-0001"


def _orders(page: Page) -> list[tuple[str, str, str]]:
    with page.records.store.read() as view:
        return [(each.action, each.who, each.state) for each in reversed(view.orders.latest(10))]


def _latest(page: Page) -> OrderRecord:
    with page.records.store.read() as view:
        return view.orders.latest(1)[0]


def _case(page: Page) -> CaseRecord:
    with page.records.store.read() as view:
        case = view.cases.by_number("HL22-0001")
    assert case is not None
    return case


def test_a_longer_time_given_on_the_page_holds_for_the_case_alone(page: Page) -> None:
    page.sign_in()

    shown = page.form(CASE, to=f"{CASE}/orders", action="extend", days="3", why="当地停电")

    assert "已办理" in shown
    assert _case(page).closes_at == datetime(2022, 12, 28, 16, tzinfo=UTC)


def test_a_rule_is_waived_for_the_case(page: Page) -> None:
    page.sign_in()

    shown = page.form(CASE, to=f"{CASE}/orders", action="waive", rule="photos", why="场地所限")

    assert "已放宽" in shown
    assert _latest(page).terms is not None
    assert _case(page).state == "accepted"


def test_a_button_pressed_twice_orders_once(page: Page) -> None:
    page.sign_in()
    opened = page.client.get(CASE).text
    pressed = {"to": f"{CASE}/orders", "action": "extend", "days": "3", "why": "当地停电"}
    page.send(opened, **pressed)

    again = page.send(opened, **pressed)
    on_purpose = page.form(CASE, **pressed)

    assert "这一项刚才已经办理，没有再办一次。" in again
    assert "没有再办一次" not in on_purpose
    assert _orders(page) == [("extend", "王老师", "done")] * 2
    assert _case(page).closes_at == datetime(2022, 12, 31, 16, tzinfo=UTC)


def test_what_was_taken_back_can_be_ordered_again_from_the_same_page(page: Page) -> None:
    page.sign_in()
    opened = page.client.get(CASE).text
    pressed = {"to": f"{CASE}/orders", "action": "extend", "days": "3", "why": "当地停电"}
    page.send(opened, **pressed)
    page.form(CASE, to=f"{CASE}/undo")

    page.send(opened, **pressed)

    assert _orders(page) == [("extend", "王老师", "undone"), ("extend", "王老师", "done")]
    assert _case(page).closes_at == datetime(2022, 12, 28, 16, tzinfo=UTC)


def test_a_yes_given_twice_gives_a_campaign_its_days_once(page: Page) -> None:
    page.sign_in()
    asked = page.form("/figures", to="/campaigns/huli-2022/extend", days="3", why="各街道来不及")
    page.confirm(asked)

    again = page.confirm(asked)

    assert "没有再办一次" in again
    assert _orders(page) == [("extend", "王老师", "done")]
    assert page.records.calls["huli-2022"].campaign.closes_at == datetime(2022, 12, 28, 16, tzinfo=UTC)


@pytest.mark.parametrize("action", ["withdraw", "merge"])
def test_what_takes_a_case_out_is_asked_once_more(page: Page, action: str) -> None:
    page.sign_in()

    shown = page.form(CASE, to=f"{CASE}/orders", action=action, target="HL22-0002", why="重复报送")

    assert "请再确认一次" in shown
    assert _orders(page) == []


def test_what_was_confirmed_is_done(page: Page) -> None:
    page.sign_in()

    shown = page.confirm(page.form(CASE, to=f"{CASE}/orders", action="withdraw", why="重复<报送>"))

    assert "已办理" in shown
    assert (_case(page).state, _latest(page).why) == ("withdrawn", "重复<报送>")


def test_a_case_cannot_go_into_one_that_is_not_there(page: Page) -> None:
    page.sign_in()

    shown = page.confirm(page.form(CASE, to=f"{CASE}/orders", action="merge", target="HL22-0404", why="重复"))

    assert "没有登记编号为 HL22-0404 的案例。" in shown
    assert "intake cases" not in shown
    assert _orders(page) == []


def test_the_second_organizer_is_told_who_decided_and_may_decide_all_the_same(page: Page) -> None:
    page.sign_in()
    page.form(CASE, to=f"{CASE}/orders", action="pass", why="照片已另行核实")
    page.sign_in(OTHER_ADDRESS)

    shown = page.form(CASE, to=f"{CASE}/orders", action="return", why="照片不是原图")

    assert "已由王老师于" in shown
    assert "照片已另行核实" in shown
    assert _orders(page) == [("pass", "王老师", "done")]
    assert "已办理" in page.confirm(shown)
    assert _orders(page) == [("pass", "王老师", "done"), ("return", "李老师", "done")]


def test_the_letter_about_to_leave_is_shown_beside_the_button_that_takes_it_back(page: Page) -> None:
    page.sign_in()
    shown = page.form(CASE, to=f"{CASE}/orders", action="return", why="照片不是原图")

    link = re.search(r'<a href="(/mails/\d+)">[^<]+</a> \d+年\d+月\d+日 \d\d:\d\d发出', shown)

    assert link is not None
    assert "照片不是原图" in page.client.get(link[1]).text
    assert "王老师：退回，" in shown


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"action": "extend", "why": "停电"}, "延几天"),
        ({"action": "extend", "why": "停电", "days": "0"}, "整数"),
        ({"action": "extend", "why": "停电", "days": "٣"}, "整数"),
        ({"action": "extend", "why": "停电", "until": "明天"}, "日期"),
        ({"action": "extend", "why": "停电", "until": "2022-12-30", "days": "3"}, "二者写一个"),
        ({"action": "choose", "why": "以新的为准", "version": "x"}, "哪一版"),
        ({"action": "merge", "why": "重复", "target": "hl22-0001"}, "并入哪个"),
        ({"action": "delete", "why": "不要了"}, "请选一项"),
    ],
)
def test_a_form_that_is_not_clear_orders_nothing(page: Page, fields: dict[str, str], told: str) -> None:
    page.sign_in()

    shown = page.form(CASE, to=f"{CASE}/orders", **fields)

    assert told in shown
    assert _orders(page) == []


def test_a_whole_campaign_gets_a_later_end_after_a_second_yes_and_its_old_one_back(page: Page) -> None:
    page.sign_in()

    asked = page.form("/figures", to="/campaigns/huli-2022/extend", until="2022-12-31", why="各街道来不及")
    before = _orders(page)
    shown = page.confirm(asked)

    assert "整个活动延期" in asked
    assert before == []
    assert "已办理" in shown
    assert "12月31日" in shown
    page.form("/figures", to="/campaigns/huli-2022/undo")
    assert _orders(page) == [("extend", "王老师", "undone")]


def test_a_version_that_came_while_the_page_was_open_is_told_and_nothing_is_done(page: Page) -> None:
    page.sign_in()
    opened = page.client.get(CASE).text
    page.photos_come()

    shown = page.send(opened, to=f"{CASE}/orders", action="return", why="照片不够<清楚>")

    assert "您看到的是第1版。现在已有第2版" in shown
    assert "新增：照片 901.jpg、照片 902.jpg" in shown
    assert "材料齐全" in shown
    assert "照片不够&lt;清楚&gt;" in shown
    assert _orders(page) == []
    assert "已办理" in page.form(CASE, to=f"{CASE}/orders", action="return", why="照片不够清楚")


def test_a_confirmation_holds_for_the_version_that_was_shown_before_it(page: Page) -> None:
    page.sign_in()
    asked = page.form(CASE, to=f"{CASE}/orders", action="withdraw", why="重复报送")
    page.photos_come()

    shown = page.confirm(asked)

    assert "材料有变，没有办理" in shown
    assert _orders(page) == []


def test_a_note_may_be_written_whatever_has_come(page: Page) -> None:
    page.sign_in()
    opened = page.client.get(CASE).text
    page.photos_come()

    shown = page.send(opened, to=f"{CASE}/orders", action="note", why="已电话联系")

    assert "已办理" in shown


def test_a_button_takes_back_only_the_order_it_stood_beside(page: Page) -> None:
    page.sign_in()
    page.form(CASE, to=f"{CASE}/orders", action="pass", why="照片已另行核实")
    opened = page.client.get(CASE).text
    page.sign_in(OTHER_ADDRESS)
    page.confirm(page.form(CASE, to=f"{CASE}/orders", action="return", why="照片不是原图"))
    page.sign_in()
    fresh = page.client.get(CASE).text

    token = re.findall(r'name="csrf" value="(\w+)"', fresh)[0]
    shown = page.send(opened, to=f"{CASE}/undo", csrf=token)

    assert "没有撤销" in shown
    assert [state for *_, state in _orders(page)] == ["done", "done"]


def test_versions_stand_in_the_history_with_what_they_changed(page: Page) -> None:
    page.sign_in()
    before = page.client.get(CASE).text
    page.photos_come()

    shown = page.client.get(CASE).text

    assert "第1版材料" not in before
    history = re.findall(r'<li class="at-(\w+)">', shown)
    assert history == ["letter", "version", "letter", "version", "mail"]
    assert "新增：照片 901.jpg、照片 902.jpg" in shown
