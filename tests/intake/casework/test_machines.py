from __future__ import annotations

import pytest

from intake.casework.machines import machine_reason
from intake.model import IgnoredReason
from parsers.facts import LetterFacts
from tests.intake.casework.samples import facts

OWN = ("Anli@Example.CN",)
MARKER = "huli-intake"


def reason(letter: LetterFacts) -> IgnoredReason | None:
    return machine_reason(letter, own_addresses=OWN, own_marker=MARKER)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ({"auto-submitted": "auto-replied"}, "auto_reply"),
        ({"auto-submitted": "Auto-Generated"}, "auto_reply"),
        ({"auto-submitted": "auto-replied (vacation)"}, "auto_reply"),
        ({"auto-submitted": "(by (our) server) auto-notified; owner-email=a@b.cn"}, "auto_reply"),
        ({"auto-submitted": "no"}, None),
        ({"auto-submitted": "No (a person wrote this)"}, None),
        ({"auto-submitted": "no; x=1"}, None),
        ({"auto-submitted": ""}, None),
        ({"return-path": "<>"}, "auto_reply"),
        ({"return-path": "< > (null sender)"}, "auto_reply"),
        ({"return-path": "<jinan@163.com>"}, None),
        ({"precedence": "bulk"}, "list"),
        ({"precedence": "List"}, "list"),
        ({"precedence": "junk"}, "auto_reply"),
        ({"precedence": "first-class"}, None),
        ({"list-id": "<all.huli.gov.cn>"}, "list"),
        ({"list-unsubscribe": "<mailto:u@example.org>"}, "list"),
        ({"list-id": "  "}, None),
        ({"feedback-id": "1.eu-west-1:AmazonSES"}, None),
        ({"x-auto-response-suppress": "All"}, "auto_reply"),
        ({"x-auto-response-suppress": "DR, OOF, AutoReply"}, "auto_reply"),
        ({"x-auto-response-suppress": "DR, RN, NRN"}, None),
        ({"x-autoreply": "yes"}, "auto_reply"),
        ({"x-autorespond": "no"}, None),
        ({"x-failed-recipients": "someone@qq.com"}, "bounce"),
        ({"x-intake-id": "receipt.17 huli-intake"}, "own"),
        ({"x-intake-id": "receipt.3 another-intake"}, "auto_reply"),
        ({}, None),
    ],
)
def test_machine_headers_decide_as_rfc_3834_says(control: dict[str, str], expected: IgnoredReason | None) -> None:
    assert reason(facts("案例报送", "请查收附件。", control=control)) == expected


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("MAILER-DAEMON@qq.com", "bounce"),
        ("postmaster@163.com", "bounce"),
        ("post_master@example.com", "bounce"),
        ("anli@example.cn", "own"),
        ("no-reply@accounts.example.com", "auto_reply"),
        ("service-noreply@example.com", "auto_reply"),
        ("DoNotReply@example.com", "auto_reply"),
        ("noreplyfan@example.com", None),
        ("jinan_shequ@163.com", None),
    ],
)
def test_machine_sender_is_known_by_its_address(sender: str, expected: IgnoredReason | None) -> None:
    assert reason(facts("案例报送", "请查收。", sender=sender)) == expected


@pytest.mark.parametrize(
    ("report", "expected"),
    [("delivery-status", "bounce"), ("disposition-notification", "auto_reply"), ("", None)],
)
def test_machine_report_is_a_bounce_or_a_receipt(report: str, expected: IgnoredReason | None) -> None:
    assert reason(facts("案例报送", report=report)) == expected


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("自动回复: 【湖里区案例征集】已收到", "您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。"),
        ("自动回复：已收到", ""),
        ("[自动回复]您的来信已收到", "谢谢"),
        ("自動回覆: 收件回執", "我目前不在辦公室"),
        ("Automatic reply: 已收到", "I am out of office until Monday."),
        ("Out of Office: case", "back soon"),
        ("Re: 已收到", "这是来自QQ邮箱的假期自动回复邮件。\n\n您好，我最近正在休假中，无法亲自回复您的邮件。"),
        ("", "您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。"),
        ("回复: 收件回执", "此邮件为系统自动回复，请勿回复。"),
        ("通知", "本邮件由系统自动发出，请勿直接回复。"),
        ("已读: 材料补充完善提示", "您发送的邮件已于 2022-12-08 10:21 被对方阅读。"),
        ("Read: 收件回执", "Your message To: x Subject: y was read on 2022-12-08."),
        ("撤回: 案例报送", "发件人希望撤回邮件“案例报送”。"),
        ("案例", '王芳 would like to recall the message, "案例".'),
    ],
)  # fmt: skip
def test_machine_text_without_headers_is_an_auto_reply(subject: str, text: str) -> None:
    assert reason(facts(subject, text)) == "auto_reply"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("智能客服自动回复助力社区治理", "现报送我社区案例《自动回复机器人让诉求件件有着落》，请查收。"),
        ("自动回复机器人进社区", "附件是我们的案例。"),
        ("回复：自动回复: 已收到", "老师您好，刚才看到您的自动回复，请问照片还需要补吗？"),
        ("案例报送", "您好！我社区案例已报送，本人下周休假，联系人改为李红 13800000000，麻烦您了。"),
        ("案例报送", "我们在小区公告里写明“本通知由系统自动发送”，居民反映很好。"),
        ("撤回上一封，以此为准", "请以本邮件附件为准，谢谢。"),
        ("阅读空间改造案例", "请查收"),
        ("退信了请问怎么办", "昨天发的信被退回来了，请问邮箱地址对吗？"),
        ("案例", "您好，" + "我最近正在休假中，社区的同事让我把案例发来。" + "我们社区的做法是这样的。" * 40),
    ],
)
def test_human_letter_that_mentions_machines_is_not_one(subject: str, text: str) -> None:
    assert reason(facts(subject, text)) is None


@pytest.mark.parametrize(
    ("subject", "control", "sender", "expected"),
    [
        ("系统退信/Returned mail", {"return-path": "<>"}, "mail@qq.com", "bounce"),
        ("Undelivered Mail Returned to Sender", {"return-path": "<>"}, "mail@example.cn", "bounce"),
        ("邮件投递失败通知", {}, "noreply@163.com", "bounce"),
        ("Mail delivery failed", {}, "", "bounce"),
        ("系统退信/Returned mail", {}, "jinan@163.com", None),
    ],
)
def test_bounce_subject_counts_only_from_a_machine(
    subject: str, control: dict[str, str], sender: str, expected: IgnoredReason | None
) -> None:
    assert reason(facts(subject, control=control, sender=sender)) == expected


def test_own_mark_wins_over_every_other_sign() -> None:
    letter = facts(
        "自动回复: x", control={"x-intake-id": "HULI-INTAKE", "auto-submitted": "auto-replied", "list-id": "<a>"}
    )

    assert reason(letter) == "own"


def test_letter_without_sender_is_not_a_machine() -> None:
    assert reason(LetterFacts(subject="案例报送", text="请查收")) is None
