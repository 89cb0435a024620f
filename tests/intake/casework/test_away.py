"""Holiday notices and acknowledgements without any header, and people's letters that resemble them."""

from __future__ import annotations

import pytest

from intake.casework.away import notice_of_absence
from intake.casework.machines import machine_reason
from tests.intake.casework.samples import facts


def is_machine(text: str, subject: str = "回复：【湖里区案例征集】已收到") -> bool:
    return machine_reason(facts(subject, text), own_addresses=(), own_marker="x") == "auto_reply"


@pytest.mark.parametrize(
    "text",
    [
        "这是来自QQ邮箱的假期自动回复邮件。\n\n您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。",
        "这是来自QQ邮箱的自动回复邮件。\n您好，邮件我已经收到，将尽快给您回复！",
        "这是来自小陈的自动回复邮件。",
        "您好，您的邮件我已收到，会尽快回复您。",
        "感谢来信，邮件已发送到我的邮箱，收到后会尽快答复，如情况紧急请电话通知我。",
        "您好，来信已收到，我会在第一时间查看并回复。",
        "您好，您的邮件已收到，我们会在3个工作日内处理，请勿重复发送。",
        "您好，我最近正在努力学习中，无法及时回复邮件，过段时间后尽快给您回复。",
        "感谢您的来信！本人12月5日至9日休假，预计12日上午处理邮件。紧急事宜请联系李红。",
        "您好，我已出差，12月9日返回，期间不能及时查看邮件，急事请电话联系。",
        "本人12月5日至9日外出培训，邮件回复可能不及时，敬请谅解。",
        "您好，本人现已退休，此邮箱不再使用，工作事宜请联系李红。",
        "您好！本邮箱已停用，请将邮件发送至新邮箱，谢谢。",
        "您好，由于工作较忙，可能无法及时回复您的邮件，请拨打办公电话。",
        "感謝您的來信，我目前不在辦公室，將於12月9日返回。",
        "I am currently out of the office with limited access to email and will return on Monday.",
        "Thank you for your email. I will be out of the office until 9 December. For urgent matters please contact Li Hong.",
        "Thank you for contacting us. We have received your message and will get back to you as soon as possible.",
    ],
)
def test_a_notice_of_absence_is_a_machines(text: str) -> None:
    assert is_machine(text)


@pytest.mark.parametrize(
    "text",
    [
        "收到，谢谢！",
        "您好，我社区案例已报送，本人下周休假，联系人改为李红，麻烦您了。",
        "我在外出差，照片明天回来后尽快补充发送。",
        "您的邮件已收到，我会尽快补充照片。",
        "邮件收到，我们尽快修改后重新报送，谢谢老师。",
        "请问您的来信收到后几天内要回复？",
        "休假结束了，刚看到。",
        "不好意思，前几天出差，现在把报名表补上。",
        "老师您好，我们主任退休了，以后由我联系您。",
        "刚才收到系统的信，我看到后马上改好。",
        "Thanks, I will send the photos as soon as possible.",
        "我最近无法登录邮箱，能否发到新地址？",
        "您好，" + "感谢您的来信，我会尽快回复。" * 40,
    ],
)
def test_a_persons_letter_that_resembles_one_is_not(text: str) -> None:
    assert notice_of_absence(facts("回复", text)) is None


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("【汇编征稿】已收到：《小网格》（HB22-0001）", True),
        ("【汇编征稿】材料补充完善提示：《小网格》", True),
        ("回复：【湖里区案例征集】已收到：《小网格》（HL22-0001）", False),
        ("转发：【湖里区案例征集】已收到", False),
        ("关于征集邮箱", False),
    ],
)
def test_another_intakes_letter_is_known_by_its_own_sentence_but_not_a_persons_quotation_of_it(
    subject: str, expected: bool
) -> None:
    text = "您好：\n材料已收到。\n本邮件由征集邮箱自动核对后发出，可直接回复，工作人员会看到。" + "文字" * 300

    assert is_machine(text, subject) == expected
