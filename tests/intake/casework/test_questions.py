from __future__ import annotations

import pytest

from intake.casework.questions import Topic, read_wish, topics_of
from tests.intake.casework.samples import facts


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("请问案例有字数要求吗？", ("length",)),
        ("老师好，案例大概写多少字合适", ("length",)),
        ("請問字數限制是多少？", ("length",)),
        ("文章要包括哪几个部分？有没有模板", ("sections",)),
        ("照片要几张？", ("photos",)),
        ("图片对像素有没有要求", ("photos",)),
        ("请问什么时候截止？", ("deadline",)),
        ("现在报还来得及吗", ("deadline",)),
        ("能不能延期两天？", ("deadline",)),
        ("可以用WPS吗？PDF行不行？", ("format",)),
        ("请问正文用什么字体字号？", ("format",)),
        ("怎么报名？材料发到哪个邮箱？", ("how_to_submit",)),
        ("居民个人可以报吗", ("how_to_submit",)),
        ("报名表要盖章吗？", ("how_to_submit",)),
        ("请问收到了吗？", ("received",)),
        ("您好，昨天发的案例是否已收到", ("received",)),
        ("没有收到回执，麻烦看一下有没有收到我们的邮件", ("received",)),
        ("请问评选结果什么时候公布？", ("received",)),
        ("请问字数要求和截止时间是什么？照片要几张？", ("length", "photos", "deadline")),
        ("请问奖金有多少？", ("other",)),
    ],
)
def test_question_is_read_with_its_topics(text: str, topics: tuple[Topic, ...]) -> None:
    wish = read_wish(facts("咨询", text))

    assert (wish.intent, wish.topics) == ("question", topics)


@pytest.mark.parametrize(
    "text",
    [
        "收到，谢谢！",
        "收到,谢谢",
        "好的",
        "好的，谢谢老师，辛苦了！",
        "已收到，我们会尽快修改完善后报送。",
        "收悉，感谢！\n金安社区 李红",
        "谢谢您的回复！",
        "OK, thanks!",
        "👍",
        "收到，謝謝",
        "知道了，麻烦您了",
        "回执已收到，祝工作顺利！",
    ],
)
def test_courtesy_asks_and_sends_nothing(text: str) -> None:
    assert read_wish(facts("回复：【湖里区案例征集】已收到", text)).intent == "courtesy"


@pytest.mark.parametrize(
    "text",
    [
        "收到，谢谢！请问照片要几张？",
        "收到吗？",
        "好的，那字数能否放宽？",
    ],
)
def test_thanks_with_a_question_is_a_question(text: str) -> None:
    assert read_wish(facts("回复：已收到", text), in_our_thread=True).intent == "question"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("案例报送", "各位老师好，附件为我社区的案例，请查收。"),
        ("金安社区案例材料", "请查收附件"),
        ("投稿", "现将《小网格办成大事情》报送贵办，请审阅。"),
        ("案例", "Please find attached our case."),
        ("金安社区案例报送", ""),
        ("照片", "从腾讯企业邮箱发来的超大附件 案例照片.zip (86.2M, 2022年12月20日到期)"),
        ("案例", "链接: https://pan.baidu.com/s/1abc 提取码: 9x2k"),
        ("Re: 材料补充完善提示", "修改后的案例见附件"),
    ],
)
def test_announced_attachment_that_is_not_there_is_named(subject: str, text: str) -> None:
    assert read_wish(facts(subject, text)).intent == "nothing_attached"


def test_link_alone_is_nothing_attached() -> None:
    letter = facts("案例", "材料在这里", links=("https://mail.163.com/large-attachment-download/?id=1",))

    assert read_wish(letter).intent == "nothing_attached"


@pytest.mark.parametrize("text", ["我数了是2980字", "照片在文档里", "背景写在第一段了", "李红的电话换成13900000000"])
def test_statement_in_our_thread_is_for_a_person(text: str) -> None:
    wish = read_wish(facts("回复：材料补充完善提示", text), in_our_thread=True)

    assert (wish.intent, wish.topics[-1:] != ()) == ("question", True)


@pytest.mark.parametrize(
    ("subject", "text"),
    [("通知", "明天上午九点在三楼开会。"), ("", ""), ("团购", "橙子每箱50元，包邮到家。")],
)
def test_letter_that_wants_nothing_of_us_is_unrelated(subject: str, text: str) -> None:
    assert read_wish(facts(subject, text)).intent == "unrelated"


def test_quoted_history_is_never_read_as_the_writers_words() -> None:
    wish = read_wish(facts("回复：已收到", "收到，谢谢", quoted="请问照片要几张？附件请查收。"), in_our_thread=True)

    assert wish.intent == "courtesy"


def test_our_own_subject_is_no_announcement() -> None:
    """ "案例征集…已收到" in a reply's subject is ours; the text alone speaks."""
    assert read_wish(
        facts("回复：【湖里区案例征集】已收到:《小网格》(HL22-0017)", "嗯"), in_our_thread=True
    ).topics == ("other",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("我要投诉小区物业乱收费！", True), ("举报违建，请问找谁？", True), ("请问字数要求？", False)],
)
def test_complaint_wording_is_marked(text: str, complaint: bool) -> None:
    assert read_wish(facts("反映问题", text)).complaint is complaint


def test_topics_are_never_empty() -> None:
    assert topics_of("在吗") == ("other",)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("请问字数有什么要求?什么时候截止?", ("length", "deadline")),
        ("请问字数有什么要求?评委是哪几位?", ("length", "other")),
        ("请问,字数要求多少?", ("length",)),
        ("请问案例征集的要求\n想请问：\n1. 字数多少？\n2. 什么时候截止？", ("length", "deadline")),
        ("请问案例征集的要求", ("other",)),
        ("上午发的材料不知是否发送成功，再发一次", ("received",)),
        ("请问我们小区业委会可以自己报吗?", ("how_to_submit",)),
    ],
)
def test_question_that_no_topic_covers_is_not_dropped_beside_others(text: str, topics: tuple[str, ...]) -> None:
    assert topics_of(text) == topics
