"""New text, quoted history and signature, as mail programs and people mix them."""

from __future__ import annotations

import pytest

from parsers.letter.history import Told, tell_apart
from parsers.letter.lines import plain_lines, unflowed


def told(text: str) -> Told:
    return tell_apart(plain_lines(text))


@pytest.mark.parametrize(
    "history",
    [
        '------------------ 原始邮件 ------------------\n发件人: "征集邮箱" <a@b.cn>;\n发送时间: 2022年12月1日(星期四) 上午10:00\n收件人: "金安";\n主题: 补充\n\n正文',
        "------------------&nbsp;原始邮件&nbsp;------------------\n发件人:&nbsp;a@b.cn\n\n正文",
        '------------------ Original ------------------\nFrom: &nbsp;"a" <a@b.cn>;\nDate: &nbsp;Thu, Dec 1, 2022 10:00 AM\nTo: "b";\nSubject: &nbsp;补充\n\n正文',
        '在 2022-12-01 10:00:00，"征集邮箱" <a@b.cn> 写道：\n正文没有标记\n第二行',
        '在 2022-12-01 10:00:00，"征集邮箱" <a@b.cn> 写道：\n>正文\n>第二行',
        'At 2022-12-01 10:00:00, "anli" <a@b.cn> wrote:\n\n正文没有标记',
        "---- 回复的原邮件 ----\n| 发件人 | 征集<a@b.cn> |\n| 日期 | 2022年12月01日 10:00 |\n| 收件人 | 金安 |\n| 主题 | 补充 |\n正文",
        "---- Replied Message ----\n| From | x<a@b.cn> |\n| Date | 12/01/2022 10:00 |\n| To | y |\n| Subject | z |\n正文",
        "发件人： 征集\n发送时间： 2022-12-01 10:00\n收件人： 金安\n主题： 补充\n正文",
        "发件人: 征集 <a@b.cn> 发送时间: 2022年12月1日 10:00 收件人: 金安 <c@d.cn> 主题: 补充\n正文",
        "-----邮件原件-----\n发件人: 征集 [mailto:a@b.cn]\n发送时间: 2022年12月1日 10:00\n收件人: 金安\n主题: 补充\n\n正文",
        "-----Original Message-----\nFrom: a\nSent: Thursday, December 1, 2022 10:00 AM\nTo: b\nSubject: c\n\nbody",
        "________________________________\nFrom: a <a@b.cn>\nSent: Thursday\nTo: b\nSubject: c\n\nbody",
        "寄件者: 徵集\n寄件日期: 2022年12月1日\n收件者: 金安\n主旨: 補充\n\n正文",
        "On Thu, Dec 1, 2022 at 10:00 AM Anli <a@b.cn> wrote:\n\n> 正文\n> 第二行",
        "On Thu, Dec 1, 2022 at 10:00 AM 征集邮箱案例组委会办公室\n<a@b.cn> wrote:\n> 正文",
        "征集邮箱 <a@b.cn> 于2022年12月1日周四 10:00写道：\n\n> 正文",
        "在 2022年12月1日，上午10:00，征集邮箱 <a@b.cn> 写道：\n\n正文",
        "> 在 2022年12月1日，10:00，征集邮箱 <a@b.cn> 写道：\n> \n> 正文",
        "---------- Forwarded message ---------\n发件人： 征集 <a@b.cn>\nDate: 2022年12月1日周四 10:00\nSubject: 补充\nTo: 金安\n\n正文",
        '-------- 转发邮件信息 --------\n发件人："征集" <a@b.cn>\n发送日期：2022-12-01 10:00:00\n收件人：x\n主题：补充\n正文',
        "开始转发的邮件：\n\n发件人: 征集 <a@b.cn>\n主题: 补充\n日期: 2022年12月1日 GMT+8 10:00:00\n收件人: 金安\n\n正文",
        "> 正文\n> 第二行",
    ],
)  # fmt: skip
def test_history_of_each_program_is_quoted_and_new_text_kept(history: str) -> None:
    found = told(f"已补充，请查收。\n\n谢谢！\n\n\n{history}")

    assert found == Told(
        text="已补充，请查收。\n\n谢谢！", quoted=history.replace("&nbsp;", " ").replace("> \n", ">\n"), signature=""
    )


@pytest.mark.parametrize(
    "text",
    [
        "网格员李明在2022年12月1日写道：\n今天走访了12户。\n效果很好。",
        "他在日记里写道：\n为人民服务。",
        "发件人请注意：附件有两个。\n收件人不变。",
        "主题：邻里守望\n时间：2022年\n地点：金安社区",
        "满意度 >95%\n>80 分的有 12 户。\n其余待回访。",
        "一、背景\n------------------\n二、做法\n------------------\n三、成效",
        "原始邮件里缺了附件，这次补上。",
        "发自内心的感谢每一位志愿者\n下一步继续努力",
        "来自群众的声音\n到群众中去",
        "由居委会牵头，从源头治理",
        "关于“Original Message”一词的说明",
        "--\n这一行后面还有很多正文\n" + "\n".join(f"第{number}条措施，落实到人。" for number in range(20)),
        "联系方式\n电话：0592-1234567\n手机：13800000000",
        "主要做法如下：\n1. 议事会每周一次，邀请居民参加，电话：0592-1234567，随时可问。\n2. 13800000000 是热线，请拨打。",
    ],
)  # fmt: skip
def test_text_that_only_resembles_history_or_signature_stays_new(text: str) -> None:
    assert told(text) == Told(text=text, quoted="", signature="")


def test_answers_between_quoted_lines_stay_new_text() -> None:
    found = told("> 请补充照片\n> 不少于五张\n\n已补五张。\n\n> 请写明联系人\n> 和电话\n\n联系人是林先生。")

    assert found.text == "已补五张。\n\n联系人是林先生。"
    assert found.quoted == "> 请补充照片\n> 不少于五张\n> 请写明联系人\n> 和电话"


def test_text_below_a_marked_quotation_stays_new_text() -> None:
    found = told('在 2022-12-01 10:00:00，"征集" <a@b.cn> 写道：\n> 请补充\n\n已在附件中补充。')

    assert found.text == "已在附件中补充。"


@pytest.mark.parametrize(
    "signature",
    [
        "发自我的iPhone", "发自我的 iPad", "发自我的华为手机", "发自我的小米手机", "发自我的HUAWEI Mate 40 Pro",
        "发自我的荣耀手机", "发自 网易邮箱大师", "发自QQ邮箱", "发自新浪邮箱客户端", "Sent from my iPhone",
        "Sent from Mail for Windows", "从 Windows 版邮件发送", "获取 Outlook for iOS", "签名由 网易邮箱大师 定制",
        "來自我的 iPhone", "从我的手机发送",
    ],
)  # fmt: skip
def test_line_of_a_device_is_signature_even_when_text_follows(signature: str) -> None:
    found = told(f"请查收附件。\n\n{signature}\n\n另：照片明天补。")

    assert found == Told(text="请查收附件。\n\n另：照片明天补。", quoted="", signature=signature)


def test_everything_below_the_signature_delimiter_is_signature() -> None:
    found = told("请查收。\n\n-- \n林先生\n金安社区居委会\n0592-1234567")

    assert found == Told(text="请查收。", quoted="", signature="--\n林先生\n金安社区居委会\n0592-1234567")


def test_last_block_of_contact_lines_is_signature() -> None:
    found = told(
        "案例材料见附件，请审阅。\n\n湖里区金安社区居委会\n联系人：林先生\n电话：0592-1234567\n邮箱：jinan@qq.com"
    )

    assert found.text == "案例材料见附件，请审阅。"
    assert found.signature == "湖里区金安社区居委会\n联系人：林先生\n电话：0592-1234567\n邮箱：jinan@qq.com"


def test_empty_text_is_nothing() -> None:
    assert told("\n \n\t\n") == Told(text="", quoted="", signature="")


@pytest.mark.parametrize(
    ("flowed", "drop_space", "whole"),
    [
        ("案例 \n材料", True, "案例材料"),
        ("first \nsecond", False, "first second"),
        ("fixed\nline", False, "fixed\nline"),
        (" >not a quote\n From here", False, ">not a quote\nFrom here"),
        ("> quoted \n> on\nnew", False, "> quoted on\nnew"),
        ("text\n-- \nname", False, "text\n-- \nname"),
    ],
)
def test_flowed_text_is_joined_where_its_breaks_are_soft(flowed: str, drop_space: bool, whole: str) -> None:
    assert unflowed(flowed, drop_space=drop_space) == whole


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("同意。\n\n> 日报\n> 第一行", "同意。"),
        ("> 日报\n> 第一行\n\n同意。", ""),
        ("17号同意。\n\n> 17号\n> 18号\n18号呢？\n> 19号\n> 20号", "17号同意。"),
        ("请查收。\n\n另：照片明天补。", "请查收。\n\n另：照片明天补。"),
        (
            "同意。\n\n林先生\n\n------------------ 原始邮件 ------------------\n发件人: 征集邮箱\n18号退回",
            "同意。\n\n林先生",
        ),
    ],
)
def test_leading_characters_reach_to_the_first_quoted_line(text: str, above: str) -> None:
    found = told(text)

    assert found.text[: found.leading] == above
