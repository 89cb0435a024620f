"""Orders of organizers: carried out whole, taken back whole, and by one organizer at a time."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.bootstrap import make_decide_desk, make_deciding, open_records
from intake.deciding import AlreadyDecidedError, Giver
from intake.desks.admit import AdmitDesk
from intake.errors import OperatorError
from intake.orders import Order, Until
from tests.e2e.material import complete, photos, without_last_section
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.intake.desks.two_campaigns import (
    CHRISTMAS,
    JINAN,
    LIN,
    SUBMISSION,
    WANG,
    campaigns,
    office,
    standing,
)
from tests.letters import CHINA, Draft

__all__ = ["campaigns", "office"]

ORDERS = [
    Order("pass", "", ("HL22-0001",), "已电话核实"),
    Order("return", "", ("HL22-0001", "HL22-0002"), "请补全景"),
    Order("waive", "", ("HL22-0001",), "确无", rule="sections"),
    Order("withdraw", "", ("HL22-0001",), "单位要求"),
    Order("merge", "", ("HL22-0001",), "同一案例", target="HL22-0002"),
    Order("move", "", ("HL22-0001",), "报错了活动", target="pingan-2022"),
    Order("extend", "", ("HL22-0001",), "电话同意", until=Until(days=3)),
    Order("extend", "", (), "电话同意", until=CHRISTMAS, of=JINAN),
    Order("extend", "", (), "组委会研究", until=CHRISTMAS, everybody=True),
    Order("reopen", "", ("HL22-0002",), "再看一遍"),
    Order("note", "", ("HL22-0001",), "李主任来电"),
]


@pytest.mark.parametrize(
    "order", ORDERS, ids=lambda order: f"{order.action}{'-all' * order.everybody}{'-of' * bool(order.of)}"
)
def test_order_taken_back_leaves_everything_as_it_was(office: Office, order: Order) -> None:
    desk = make_decide_desk(office.records)
    before = standing(office)

    carried = desk.order(order, who=LIN, campaign="huli-2022")
    after = standing(office)
    office.clock.advance(timedelta(minutes=9))
    numbers = () if order.everybody else (carried.cases[0].number,)
    desk.undo(*(numbers or ("",)), who=LIN, campaign="huli-2022")

    assert after != before
    assert standing(office) == before
    assert all(mail.next_at == carried.order.at + timedelta(minutes=10) for mail in carried.told)


def test_order_older_than_ten_minutes_stands(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(ORDERS[0], who=LIN)
    office.clock.advance(timedelta(minutes=10))

    with pytest.raises(OperatorError, match="已过10分钟，不能撤销"):
        desk.undo("HL22-0001", who=LIN)

    assert office.cases()[0].state == "accepted"


def test_order_under_a_later_one_is_not_taken_back_before_it(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("merge", "", ("HL22-0001",), "同一案例", target="HL22-0002"), who=LIN)
    desk.order(Order("return", "", ("HL22-0002",), "请补全景"), who=LIN)

    with pytest.raises(OperatorError, match="HL22-0002 之后又有新的决定，请先撤销那一项"):
        desk.undo("HL22-0001", who=LIN)

    desk.undo("HL22-0002", who=LIN)
    desk.undo("HL22-0001", who=LIN)
    assert [(each.number, each.state) for each in office.cases()] == [
        ("HL22-0001", "needs_fix"),
        ("HL22-0002", "accepted"),
    ]


def test_case_that_got_something_new_is_judged_anew_when_the_order_is_taken_back(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("withdraw", "", ("HL22-0001",), "单位要求"), who=LIN)
    office.clock.advance(timedelta(minutes=2))
    office.arrives(Draft(subject=f"补充 HL22-0001 {SUBMISSION}", sender=JINAN, files=complete()))
    office.work()

    desk.undo("HL22-0001", who=LIN)

    first = office.cases()[0]
    assert (first.number, first.state) == ("HL22-0001", "accepted")


def test_second_organizer_is_told_who_decided_and_may_still_decide_knowingly(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("pass", "", ("HL22-0001",), "已电话核实"), who=LIN)
    returned = Order("return", "", ("HL22-0001",), "请补全景")

    with pytest.raises(AlreadyDecidedError) as refused:
        desk.order(returned, who=WANG)
    carried = desk.order(returned, who=WANG, knowing=True)

    assert str(refused.value) == "HL22-0001 已由林秘书于2022年12月5日（星期一）09:01通过，理由：已电话核实。"
    assert [each.state for each in carried.cases] == ["needs_fix"]


def test_order_on_several_cases_of_which_one_is_decided_is_not_taken_for_done(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("pass", "", ("HL22-0001",), "已电话核实"), who=LIN)

    with pytest.raises(AlreadyDecidedError) as refused:
        desk.order(Order("pass", "", ("HL22-0001", "HL22-0002"), "材料齐全"), who=WANG)

    assert not refused.value.same


def test_second_organizer_is_told_of_every_case_that_is_decided(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("pass", "", ("HL22-0001", "HL22-0002"), "已电话核实"), who=LIN)

    with pytest.raises(AlreadyDecidedError) as refused:
        desk.order(Order("pass", "", ("HL22-0001", "HL22-0002"), "材料齐全"), who=WANG)

    assert refused.value.same
    assert re.findall(r"HL22-\d+", str(refused.value)) == ["HL22-0001", "HL22-0002"]


def test_case_is_not_merged_into_itself_under_a_number_it_had(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("move", "", ("HL22-0001",), "报错活动", target="pingan-2022"), who=LIN)
    before = standing(office)

    with pytest.raises(OperatorError, match="HL22-0001 就是 PA22-0001，一个案例不能合并到它自己"):
        desk.order(Order("merge", "", ("PA22-0001",), "同一案例", target="HL22-0001"), who=LIN)

    assert standing(office) == before


def test_letter_kept_apart_is_not_let_into_a_case_that_went_into_another(office: Office) -> None:
    records = office.records
    office.clock.advance(timedelta(minutes=1))
    claim = office.arrives(Draft(subject=f"HL22-0001 补充 {SUBMISSION}", sender="b@126.example", files=photos(8, 1)))
    office.work()
    make_decide_desk(records).order(Order("merge", "", ("HL22-0001",), "同一案例", target="HL22-0002"), who=LIN)
    desk = AdmitDesk(records.store, records.judge, records.calls, clock=office.clock)

    with pytest.raises(OperatorError, match="HL22-0001 已并入别的案例，请改写 HL22-0002"):
        desk.admit(claim.sha256, "HL22-0001", who=LIN, why="同事")

    assert [each.state for each in office.cases()] == ["merged", "accepted"]
    assert [each.sha256 for each in desk.kept()] == [claim.sha256]


def test_end_of_a_campaign_under_a_later_one_is_not_taken_back_before_it(office: Office) -> None:
    deciding, desk = make_deciding(office.records), make_decide_desk(office.records)
    longer = Order("extend", "", why="疫情", until=Until(days=5), everybody=True)
    first = desk.order(longer, who=LIN, campaign="huli-2022")
    second = desk.order(longer, who=WANG, campaign="huli-2022")
    giver = Giver(LIN, office.clock.now(), "mail")

    with (
        pytest.raises(OperatorError, match="整个活动之后又延期过，请先撤销那一项"),
        office.records.store.write() as work,
    ):
        deciding.take_back(work, first.order, giver)

    with office.records.store.write() as work:
        assert work.orders.ends() == {"huli-2022": datetime(2022, 12, 30, 16, tzinfo=UTC)}
        deciding.take_back(work, second.order, giver)
        deciding.take_back(work, first.order, giver)
        assert work.orders.ends() == {}


def test_end_given_in_a_transaction_is_seen_by_nobody_else_and_not_at_all_when_it_fails(office: Office) -> None:
    deciding, calls = make_deciding(office.records), office.records.calls
    former = calls["huli-2022"].campaign.closes_at

    def end() -> datetime | None:
        return calls["huli-2022"].campaign.closes_at

    def extend_and_fail() -> None:
        with ThreadPoolExecutor(1) as others, office.records.store.write() as work:
            deciding.carry_out(work, ORDERS[8], Giver(LIN, office.clock.now(), "page"), campaign="huli-2022")
            seen.extend((end(), others.submit(end).result()))
            raise ZeroDivisionError

    seen: list[datetime | None] = []
    with pytest.raises(ZeroDivisionError):
        extend_and_fail()

    assert (seen, end()) == ([CHRISTMAS.at, former], former)


def test_end_of_one_campaign_is_taken_back_beside_a_later_one_of_another(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(ORDERS[8], who=LIN, campaign="huli-2022")
    desk.order(ORDERS[8], who=LIN, campaign="pingan-2022")

    with pytest.raises(OperatorError, match="请用 --campaign 写明活动"):
        desk.undo("", who=LIN)
    undone = desk.undo("", who=WANG, campaign="huli-2022")

    with office.records.store.read() as view:
        ends, last = view.orders.ends(), view.orders.latest(2)
    assert (undone.order.campaign, ends) == ("huli-2022", {"pingan-2022": CHRISTMAS.at})
    assert [(each.campaign, each.state) for each in last] == [("pingan-2022", "done"), ("huli-2022", "undone")]


def test_organizer_of_one_campaign_decides_on_no_case_of_another_by_having_a_name_of_its_list(
    open_at: Open, campaigns: tuple[str, ...]
) -> None:
    pingan = Path(campaigns[1])
    pingan.write_text(pingan.read_text("utf-8").replace("wang@huli.example", "wang@pingan.example"), encoding="utf-8")
    office = open_at(campaigns=campaigns)
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=without_last_section()))
    office.work()
    desk = make_decide_desk(office.records)

    with pytest.raises(OperatorError, match=r"“wang@pingan\.example”不在活动文件的 organizers 名单里"):
        desk.order(ORDERS[0], who="wang@pingan.example")
    carried = desk.order(ORDERS[0], who="wang@huli.example")

    assert carried.order.who == WANG


def test_second_organizer_of_the_same_name_is_told_who_decided(open_at: Open, campaigns: tuple[str, ...]) -> None:
    huli = Path(campaigns[0])
    huli.write_text(huli.read_text("utf-8").replace(LIN, WANG), encoding="utf-8")
    office = open_at(campaigns=campaigns)
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=without_last_section()))
    office.work()
    desk = make_decide_desk(office.records)
    desk.order(ORDERS[0], who="lin@huli.example")

    with pytest.raises(AlreadyDecidedError, match=r"已由王主任（lin@huli.example）于.*通过"):
        desk.order(Order("return", "", ("HL22-0001",), "请补全景"), who="wang@huli.example")


def test_first_organizer_may_change_his_mind_unasked(office: Office) -> None:
    desk = make_decide_desk(office.records)
    desk.order(Order("pass", "", ("HL22-0001",), "已电话核实"), who=LIN)

    carried = desk.order(Order("return", "", ("HL22-0001",), "请补全景"), who=LIN)

    assert [each.state for each in carried.cases] == ["needs_fix"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order("pass", "", ("HL22-0099",), "好"), "没有登记编号为 HL22-0099 的案例"),
        (Order("merge", "", ("HL22-0001",), "好", target="HL22-0099"), "没有登记编号为 HL22-0099 的案例"),
        (Order("waive", "", ("HL22-0001",), "好", rule="colour"), "活动里没有代号为 colour 的规则"),
        (Order("move", "", ("HL22-0001",), "好", target="huli-2022"), "案例已经在"),
        (
            Order("extend", "", ("HL22-0001",), "好", until=Until(at=datetime(2022, 12, 10, tzinfo=UTC))),
            "不晚于现在的截止时间",
        ),
        (Order("extend", "", (), "好", until=Until(days=3), of="蔡塘社区"), "没有“蔡塘社区”报送的案例"),
        (
            Order("extend", "", (), "好", until=Until(days=3), of="无锡jinan@qq.example"),
            "没有“无锡jinan@qq.example”报送",
        ),
        (Order("choose", "", ("HL22-0001",), "好", version=7), "没有第7版"),
        (Order("pass", "", ("HL22-0001",), " "), "请用 --why 写明理由"),
    ],
)
def test_order_that_cannot_be_carried_out_changes_nothing(office: Office, order: Order, said: str) -> None:
    before = standing(office)

    with pytest.raises(OperatorError, match=said):
        make_decide_desk(office.records).order(order, who=LIN, campaign="huli-2022")

    assert standing(office) == before


def test_merged_case_is_found_by_its_former_number_and_takes_no_letters(office: Office) -> None:
    desk = make_decide_desk(office.records, undo_for=timedelta(0))
    (merged,) = {mail.kind for mail in desk.order(ORDERS[4], who=LIN).told}
    office.arrives(
        Draft(subject="补充社区治理案例材料 HL22-0001", text="补一张照片。", sender=JINAN, files=photos(21, 1))
    )
    office.work()

    with pytest.raises(OperatorError, match="HL22-0001 已并入别的案例，请改写 HL22-0002"):
        desk.order(ORDERS[0], who=LIN)

    with office.records.store.read() as view:
        taken = {each.number: len(view.letters.of_case(each.id)) for each in view.cases.list()}
    assert (merged, taken) == ("merged", {"HL22-0001": 0, "HL22-0002": 3})


def test_extension_ordered_in_another_process_is_known_to_the_next_turn(
    office: Office, campaigns: tuple[str, ...]
) -> None:
    elsewhere = open_records(office.records.settings, clock=office.clock)
    make_decide_desk(elsewhere).order(ORDERS[8], who=LIN, campaign="huli-2022")
    elsewhere.close()

    office.records.refresh()

    ends = {campaign: call.campaign.closes_at for campaign, call in office.records.calls.items()}
    assert ends == {"huli-2022": CHRISTMAS.at, "pingan-2022": datetime(2022, 12, 20, 16, tzinfo=UTC)}
    assert office.records.calls["huli-2022"].letterhead.closes_at == CHRISTMAS.at


def test_days_count_from_tonight_when_the_end_is_over(office: Office) -> None:
    office.clock.set(datetime(2022, 12, 22, 10, tzinfo=CHINA))

    carried = make_decide_desk(office.records).order(ORDERS[6], who=LIN)

    assert carried.cases[0].closes_at == datetime(2022, 12, 25, 16, tzinfo=UTC)
