"""What an organizer's plain words order; and, as important, what they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from intake.orders import SENTINEL, Order, Unclear, Until, Vocabulary, above_sentinel, case_number, read_orders
from intake.orders.times import until_in

CHINA = ZoneInfo("Asia/Shanghai")
DIGEST = Vocabulary(
    now_at=datetime(2022, 12, 6, 10, tzinfo=CHINA),
    zone=CHINA,
    prefix="HL22",
    rules={"字数": ("length",), "length": ("length",), "图片": ("photos", "photo_size")},
    campaigns={"徐州市社区治理案例征集": "xuzhou-2015", "xuzhou-2015": "xuzhou-2015"},
    names=("林秘书",),
)
ABOUT_17 = Vocabulary(now_at=DIGEST.now_at, zone=CHINA, prefix="HL22", rules=DIGEST.rules, case="HL22-0017")
TWO = Vocabulary(
    now_at=DIGEST.now_at,
    zone=CHINA,
    campaigns={
        "2022年湖里区社区治理创新案例征集": "huli-2022",
        "2022年湖里区平安建设案例征集": "pingan-2022",
        "平安建设": "pingan-2022",
        "PA22": "pingan-2022",
    },
)
TO_CONFIRM = Vocabulary(now_at=DIGEST.now_at, zone=CHINA, prefix="HL22", may_confirm=True)


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("通过 HL22-0017", Order("pass", "", ("HL22-0017",))),
        ("HL22-0017通过", Order("pass", "", ("HL22-0017",))),
        ("ｈｌ２２－００１７　通过。", Order("pass", "", ("HL22-0017",))),
        ("17、18、20号同意", Order("pass", "", ("HL22-0017", "HL22-0018", "HL22-0020"))),
        ("17，18和20号均同意", Order("pass", "", ("HL22-0017", "HL22-0018", "HL22-0020"))),
        ("17至19号通过", Order("pass", "", ("HL22-0017", "HL22-0018", "HL22-0019"))),
        ("请通过HL22-0017、0018", Order("pass", "", ("HL22-0017", "HL22-0018"))),
        ("通過第17號案例《五社聯動》", Order("pass", "", ("HL22-0017",))),
        ("通过17号《不通过的案例》", Order("pass", "", ("HL22-0017",))),
        ("通过 测试-HL22-0003", Order("pass", "", ("测试-HL22-0003",))),
        ("通过 HL22-0017，扫描件已人工核对", Order("pass", "", ("HL22-0017",), "扫描件已人工核对")),
        ("通过 HL22-0017 理由：照片不足，电话已说明", Order("pass", "", ("HL22-0017",), "照片不足，电话已说明")),
        ("退回 HL22-0018 理由：第2张，请更换", Order("return", "", ("HL22-0018",), "第2张，请更换")),
        ("18号退回，第2张不清楚，请换。谢谢！", Order("return", "", ("HL22-0018",), "第2张不清楚，请换")),
        ("退回 18号\n理由：第2张，请更换", Order("return", "", ("HL22-0018",), "第2张，请更换")),
        ("放宽 字数 HL22-0019 理由：已说明", Order("waive", "", ("HL22-0019",), "已说明", rule="length")),
        ("19号放宽length", Order("waive", "", ("HL22-0019",), rule="length")),
        ("合并 HL22-0020 到 HL22-0011", Order("merge", "", ("HL22-0020",), target="HL22-0011")),
        ("HL22-0020并入11号", Order("merge", "", ("HL22-0020",), target="HL22-0011")),
        ("延期 HL22-0021 三天", Order("extend", "", ("HL22-0021",), until=Until(days=3))),
        ("21号延期两周", Order("extend", "", ("HL22-0021",), until=Until(days=14))),
        (
            "延期 全部 至12月25日",
            Order("extend", "", until=Until(at=datetime(2022, 12, 25, 16, tzinfo=UTC)), everybody=True),
        ),
        (
            "全部延期到1月5日17时",
            Order("extend", "", until=Until(at=datetime(2023, 1, 5, 9, tzinfo=UTC)), everybody=True),
        ),
        (
            "延期 金安社区 至2022-12-25",
            Order("extend", "", until=Until(at=datetime(2022, 12, 25, 16, tzinfo=UTC)), of="金安社区"),
        ),
        ("转活动 HL22-0021 到 徐州市社区治理案例征集", Order("move", "", ("HL22-0021",), target="xuzhou-2015")),
        ("撤回 HL22-0017 单位来电要求", Order("withdraw", "", ("HL22-0017",), "单位来电要求")),
        ("重新打开 HL22-0017", Order("reopen", "", ("HL22-0017",))),
        ("备注 HL22-0017 已电话联系", Order("note", "", ("HL22-0017",), "已电话联系")),
        ("采用 HL22-0017 第2版", Order("choose", "", ("HL22-0017",), version=2)),
        ("ＨＬ２２—００１７同意", Order("pass", "", ("HL22-0017",))),
        ("案例17通过", Order("pass", "", ("HL22-0017",))),
        ("我同意17号", Order("pass", "", ("HL22-0017",))),
        ("同意17号通过", Order("pass", "", ("HL22-0017",))),
        ("17号没问题", Order("pass", "", ("HL22-0017",))),
        ("17号可以👍", Order("pass", "", ("HL22-0017",))),
        ("您好，17号同意，谢谢！", Order("pass", "", ("HL22-0017",))),
        ("老师好：17号可以通过。", Order("pass", "", ("HL22-0017",))),
        ("好的，17号同意~", Order("pass", "", ("HL22-0017",))),
        ("请通过17号，谢谢老师", Order("pass", "", ("HL22-0017",))),
        ("（1）17号同意", Order("pass", "", ("HL22-0017",))),
        ("经研究，17号通过", Order("pass", "", ("HL22-0017",))),
        ("17号同意\n林秘书 湖里区民政局\n电话：0592-5550100", Order("pass", "", ("HL22-0017",))),
        ("18号打回，第2张不清楚", Order("return", "", ("HL22-0018",), "第2张不清楚")),
        ("退回18号。第2张不清楚", Order("return", "", ("HL22-0018",), "第2张不清楚")),
        ("19号字数放宽，情况特殊", Order("waive", "", ("HL22-0019",), "情况特殊", rule="length")),
        ("合并：20→11", Order("merge", "", ("HL22-0020",), target="HL22-0011")),
        ("同意21号延期三天", Order("extend", "", ("HL22-0021",), until=Until(days=3))),
        ("21延三天", Order("extend", "", ("HL22-0021",), until=Until(days=3))),
        (
            "经研究，同意全部延期至12月25日下午5点",
            Order("extend", "", until=Until(at=datetime(2022, 12, 25, 9, tzinfo=UTC)), everybody=True),
        ),
        ("取消", Order("undo", "")),
        ("撤销 HL22-0017", Order("undo", "", ("HL22-0017",))),
        ("撤销", Order("undo", "")),
    ],
)
def test_sentence_under_a_digest_is_the_order_it_says(said: str, order: Order) -> None:
    understood = read_orders(said, DIGEST)

    assert [_without_words(each) for each in understood.orders] == [order]
    assert understood.unclear == ()


@pytest.mark.parametrize(
    "said",
    [
        "先不要通过17号",
        "17号不通过",
        "不同意17号",
        "暂缓通过HL22-0017",
        "17号同意吗",
        "17号通过了吗？",
        "17号退回了吗",
        "撤回17号吗",
        "同意17号，但照片还要补",
        "通过 HL22-0017 等我电话",
        "延期 HL22-0021 三天，不行就算了",
        "全部同意",
        "同意",
        "确认",
        "退回 HL22-0018",
        "延期 HL22-0021",
        "延期 HL22-0021 至2月30日",
        "延期 HL22-0021 至2022年12月1日",
        "放宽 图片 HL22-0019",
        "放宽 颜色 HL22-0019",
        "合并 20 到 20",
        "转活动 HL22-0021 到 别的活动",
        "20到17号通过",
        "1至400号通过",
        "我的电话是05925550100",
        "同意17,18 但19退回",
        "17同意 18同意",
        "17号通过，但18号退回",
        "17号同意，照片在3号附件",
        "退回18号，谢谢",
        "1、17号同意",
        "除17号外都通过",
        "12月20日前17号同意",
        "20号和11号合并",
    ],
)
def test_sentence_that_is_not_surely_an_order_is_handed_back(said: str) -> None:
    understood = read_orders(said, DIGEST)

    assert understood.orders == ()
    assert [each.said for each in understood.unclear] == [said.rstrip("。")]


@pytest.mark.parametrize(
    "said",
    [
        "不要发给林主任",
        "先问问王老师",
        "电话里说先不通过",
        "电话：先别发",
        "林秘书 先别发",
        "林秘书 等我电话",
        "林秘书 我看看",
        "发自内心地觉得要等等",
        "（17）同意",
        "17. 同意",
        "17号通过❌",
        "17号通过❓",
    ],
)
@pytest.mark.parametrize("vocabulary", [DIGEST, replace(ABOUT_17, names=("林秘书",))], ids=["digest", "notice"])
def test_word_that_may_take_an_order_back_is_never_passed_over(said: str, vocabulary: Vocabulary) -> None:
    understood = read_orders(said, vocabulary)

    assert (understood.orders, [each.said for each in understood.unclear]) == ((), [said])


@pytest.mark.parametrize(
    "said",
    [
        "林秘书 湖里区委政法委",
        "手机13900000001",
        "地址：湖里区枋湖南路161号",
        "您好，",
        "林主任：您好",
        "谢谢！",
        "林秘书",
        "收到，谢谢",
        "12月6日",
        "处理意见如下：",
        "——",
    ],
)
def test_courtesy_says_nothing(said: str) -> None:
    assert read_orders(said, DIGEST).unclear == ()


def test_short_number_under_a_mail_of_several_campaigns_is_asked_for_in_full() -> None:
    several = Vocabulary(now_at=DIGEST.now_at, zone=CHINA)

    understood = read_orders("17号同意", several)

    assert understood.unclear == (Unclear("17号同意", "请写完整的登记编号，如 HL22-0017"),)


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("同意", Order("pass", "", ("HL22-0017",))),
        ("通过，材料已核", Order("pass", "", ("HL22-0017",), "材料已核")),
        ("退回：第2张不清楚", Order("return", "", ("HL22-0017",), "第2张不清楚")),
        ("放宽字数", Order("waive", "", ("HL22-0017",), rule="length")),
        ("延期三天", Order("extend", "", ("HL22-0017",), until=Until(days=3))),
        ("同意延期三天", Order("extend", "", ("HL22-0017",), until=Until(days=3))),
        ("经研究同意延期三天", Order("extend", "", ("HL22-0017",), until=Until(days=3))),
        ("可以延期三天", Order("extend", "", ("HL22-0017",), until=Until(days=3))),
    ],
)
def test_sentence_under_a_single_case_mail_needs_no_number(said: str, order: Order) -> None:
    assert [_without_words(each) for each in read_orders(said, ABOUT_17).orders] == [order]


def test_consent_to_more_time_under_a_mail_of_many_cases_is_asked_which_one_it_means() -> None:
    understood = read_orders("同意延期三天", DIGEST)

    assert understood.orders == ()
    assert understood.unclear == (Unclear("同意延期三天", "延期请写明编号和时间，如：延期 HL22-0021 三天"),)


@pytest.mark.parametrize(
    ("said", "campaign"),
    [
        ("延期 全部 平安 至12月25日", "pingan-2022"),
        ("平安建设全部延期至12月25日", "pingan-2022"),
        ("全部（平安建设）延期到12月25日", "pingan-2022"),
        ("延期 pa22 全部 至12月25日", "pingan-2022"),
        ("延期《2022年湖里区社区治理创新案例征集》全部单位至12月25日", "huli-2022"),
        ("2022年湖里区平安建设案例征集延期至12月25日", "pingan-2022"),
        ("延期 平安建设 至12月25日", "pingan-2022"),
        ("延期 全部 至12月25日", ""),
    ],
)
def test_extension_of_everybody_names_the_campaign_as_people_call_it(said: str, campaign: str) -> None:
    (order,) = read_orders(said, TWO).orders

    christmas = Until(at=datetime(2022, 12, 25, 16, tzinfo=UTC))
    assert _without_words(order) == Order("extend", "", until=christmas, everybody=True, campaign=campaign)


@pytest.mark.parametrize("said", ["延期 全部 湖里 至12月25日", "延期 全部 别的 至12月25日"])
def test_campaign_that_may_be_either_or_neither_is_asked_for(said: str) -> None:
    understood = read_orders(said, TWO)

    (unclear,) = understood.unclear
    assert (understood.orders, unclear.hint[:10]) == ((), "不能确定是哪个活动，")


@pytest.mark.parametrize("said", ["确认", "同意", "确认办理", "好的", "确认，谢谢", "请办理"])
def test_yes_under_a_mail_that_asks_confirms(said: str) -> None:
    assert [each.action for each in read_orders(said, TO_CONFIRM).orders] == ["confirm"]


@pytest.mark.parametrize("said", ["请确认", "确认吗", "不确认", "已确认", "算了"])
def test_word_that_is_no_yes_does_not_confirm(said: str) -> None:
    understood = read_orders(said, TO_CONFIRM)

    assert (understood.orders, [each.said for each in understood.unclear]) == ((), [said])


def test_several_orders_are_read_in_the_order_written() -> None:
    understood = read_orders("您好，\n17号同意，18号退回 理由：缺照片，请补；19号延期三天。\n谢谢", DIGEST)

    assert [(each.action, each.numbers, each.why) for each in understood.orders] == [
        ("pass", ("HL22-0017",), ""),
        ("return", ("HL22-0018",), "缺照片，请补"),
        ("extend", ("HL22-0019",), ""),
    ]
    assert understood.unclear == ()


@pytest.mark.parametrize(
    "pattern",
    [
        "1 2 3 " * 66,
        "通过" + "1、" * 190,
        "延期" + "区" * 390,
        "（" * 400,
        "17号" * 130,
        f"撤销 {'1 、 ' * 60}x",
        f"合并 {'1 和 ' * 60}x",
        f"转 {'第 1 号 、 ' * 40}x",
        f"撤销 {'1-2、' * 60}x",
        "全部" * 190 + "延期",
        "延期" + "区 " * 190,
    ],
)
def test_hostile_line_is_handed_back_at_once(pattern: str) -> None:
    assert len(read_orders(pattern, DIGEST).unclear) == 1


@pytest.mark.parametrize(
    ("said", "orders"),
    [
        ("同意17、18号，19号退回，理由是照片不清", [("pass", "17 18", ""), ("return", "19", "照片不清")]),
        ("同意17、18号，19号延期三天", [("pass", "17 18", ""), ("extend", "19", "")]),
        ("17号同意,18号也通过", [("pass", "17", ""), ("pass", "18", "")]),
        ("17号案例同意，18号案例退回，请补照片", [("pass", "17", ""), ("return", "18", "请补照片")]),
        ("备注17号 已联系，18号同意", [("note", "17", "已联系"), ("pass", "18", "")]),
        ("1. 17号同意\n2. 18号退回，缺照片", [("pass", "17", ""), ("return", "18", "缺照片")]),
        ("1、17号同意\n2、18号退回，缺照片", [("pass", "17", ""), ("return", "18", "缺照片")]),
        ("一、17号同意\n二、18号同意", [("pass", "17", ""), ("pass", "18", "")]),
    ],
)
def test_orders_of_one_sentence_or_list_are_told_apart(said: str, orders: list[tuple[str, str, str]]) -> None:
    understood = read_orders(said, DIGEST)

    found = [(each.action, " ".join(number[-2:] for number in each.numbers), each.why) for each in understood.orders]
    assert (found, understood.unclear) == (orders, ())


def test_order_behind_a_return_is_not_its_reason() -> None:
    understood = read_orders("退回18号，19号同意", DIGEST)

    assert [(each.action, each.numbers) for each in understood.orders] == [("pass", ("HL22-0019",))]
    assert understood.unclear == (Unclear("退回18号", "请写明理由"),)


@pytest.mark.parametrize(
    ("written", "prefix", "number"),
    [
        ("hl22-17", "", "HL22-0017"),
        (" ＨＬ２２－００１７ ", "", "HL22-0017"),
        ("测试-HL22-3", "HL22", "测试-HL22-0003"),
        ("17号", "HL22", "HL22-0017"),
        ("17", "", "17"),
        ("17、18号", "HL22", "17、18号"),
        ("别的", "HL22", "别的"),
    ],
)
def test_one_number_is_known_however_it_is_written(written: str, prefix: str, number: str) -> None:
    assert case_number(written, prefix) == number


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("12月25日", Until(at=datetime(2022, 12, 25, 16, tzinfo=UTC))),
        ("１２月２５日下午5点", Until(at=datetime(2022, 12, 25, 9, tzinfo=UTC))),
        ("12月25日晚上12点", Until(at=datetime(2022, 12, 25, 16, tzinfo=UTC))),
        ("12月25日晚8点", Until(at=datetime(2022, 12, 25, 12, tzinfo=UTC))),
        ("12月25日中午11点半", Until(at=datetime(2022, 12, 25, 3, 30, tzinfo=UTC))),
        ("12月25日中午1点", Until(at=datetime(2022, 12, 25, 5, tzinfo=UTC))),
        ("12月25日下午12点半", Until(at=datetime(2022, 12, 25, 4, 30, tzinfo=UTC))),
        ("12月25日晚上1点", None),  # of the 25th, or of the 26th?
        ("12月25日晚上12点半", None),
        ("下周", None),
    ],
)
def test_time_is_known_as_people_write_it(written: str, until: Until | None) -> None:
    assert until_in(written, now_at=DIGEST.now_at, zone=CHINA) == until


# --- the line above which is written


@pytest.mark.parametrize(
    ("text", "quoted", "leading", "above"),
    [
        ("通过17号", f"> {SENTINEL}\n> 日报", 5, "通过17号"),
        (f"通过17号\n{SENTINEL}\n退回18号", "", None, "通过17号\n"),
        ("通过17号\n>  ——请在此线以上写处理意见——\n退回18号", "", 99, "通过17号\n"),
        ("通过17号\n退回18号", f"| {SENTINEL}", 6, "通过17号\n"),
        ("通过17号", "> 日报", 4, None),
        ("通过17号", "", None, None),
        ("通过17号", f"> {SENTINEL}", None, None),
        ("请问“请在此线以上写处理意见”是什么意思", "", None, None),
    ],
)
def test_only_what_stands_above_our_line_is_read(
    text: str, quoted: str, leading: int | None, above: str | None
) -> None:
    assert above_sentinel(text, quoted, leading=leading) == above


def _without_words(order: Order) -> Order:
    fields = {name: getattr(order, name) for name in order.__slots__} | {"said": ""}
    return Order(**fields)
