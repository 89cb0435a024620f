"""What organizers pass on is told on behalf of whom it was from; what anybody else passes on is his own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.casework.forwarded import Behalf, behalf_of, told_on_behalf
from intake.model import Authentication, Letter
from parsers.facts import Address, LetterFacts, ReceivedHop
from tests.intake.casework.samples import HULI, START, document, letter

CLERK = "zuweihui@huli.example"
SIGNS = replace(HULI, forwarders=(CLERK,))
SENT = datetime(2022, 12, 4, 12, 15, tzinfo=UTC)
QQ = """------------------ 原始邮件 ------------------
发件人: "金安社区"<jinan@qq.example>;
发送时间: 2022年12月4日(星期日) 晚上8:15
收件人: "林秘书"<zuweihui@huli.example>;
主题: 金安社区报送案例

请查收附件。"""
NETEASE = """-------- 转发邮件信息 --------
发件人："金安社区" <jinan@qq.example>
发送日期：2022-12-04 20:15:00
收件人：zuweihui@huli.example
主题：金安社区报送案例

请查收附件。"""
FOXMAIL = """发件人： 金安社区<jinan@qq.example>
发送时间： 2022-12-04 20:15
收件人： zuweihui
抄送： x@y.example
主题： 金安社区报送案例
请查收附件。"""
OUTLOOK = """发件人: 金安社区 <jinan@qq.example>
发送时间: 2022年12月4日 20:15
收件人: 林秘书
主题: 金安社区报送案例

请查收附件。"""
APPLE = """Begin forwarded message:

From: 金安社区 <jinan@qq.example>
Subject: 金安社区报送案例
Date: December 4, 2022 at 20:15:00 GMT+8
To: zuweihui@huli.example

请查收附件。"""


def forwarded(quoted: str = "", *, subject: str = "转发：金安社区报送案例", **more: object) -> Letter:
    values = {"sender": CLERK, "display": "林秘书", **more}
    return letter(subject, "转发社区来件，请登记。", document(), quoted=quoted, **values)  # type: ignore[arg-type]  # a few plain values


@pytest.mark.parametrize(
    "quoted", [QQ, NETEASE, FOXMAIL, OUTLOOK, APPLE], ids=["QQ", "NetEase", "Foxmail", "Outlook", "Apple"]
)
def test_quoted_original_is_the_letter_of_its_sender_at_its_time(quoted: str) -> None:
    one = forwarded(quoted)

    behalf = behalf_of(one, SIGNS)

    assert behalf == Behalf("jinan@qq.example", "金安社区", SENT, "林秘书转来，原发件人 jinan@qq.example")
    told = told_on_behalf(one, behalf)
    assert (told.received_at, told.forwarded_by) == (SENT, Address(name="林秘书", address=CLERK))
    assert told.facts.sender == Address(name="金安社区", address="jinan@qq.example")
    assert (told.facts.subject, told.facts.text) == ("金安社区报送案例", "请查收附件。")
    assert told.facts.quoted == "转发：金安社区报送案例\n转发社区来件，请登记。"
    assert told.files == one.files


def test_attached_original_counts_from_the_moment_it_reached_whoever_passed_it_on() -> None:
    original = LetterFacts(
        subject="报送案例",
        sender=Address(name="金安社区", address="jinan@qq.example"),
        message_id="first@qq.example",
        date_at=SENT - timedelta(days=9),
        received=(ReceivedHop(by="mx.huli.example", at=SENT), ReceivedHop(by="qq", at=SENT - timedelta(hours=1))),
        text="请查收。",
    )

    behalf = behalf_of(replace(forwarded(), attached=(original,)), SIGNS)

    assert behalf is not None
    assert (behalf.address, behalf.received_at) == ("jinan@qq.example", SENT)
    assert told_on_behalf(replace(forwarded(), attached=(original,)), behalf).facts.message_id == "first@qq.example"


def test_original_is_never_later_than_our_own_receipt() -> None:
    behalf = behalf_of(forwarded(QQ.replace("12月4日", "12月24日")), SIGNS)

    assert behalf is not None
    assert behalf.received_at == START


def test_time_that_cannot_be_read_leaves_our_own_receipt() -> None:
    behalf = behalf_of(forwarded(QQ.replace("2022年12月4日(星期日) 晚上8:15", "前天")), SIGNS)

    assert behalf is not None
    assert behalf.received_at == START


@pytest.mark.parametrize(
    "one",
    [
        forwarded(QQ, sender="jinan@qq.example"),
        forwarded(QQ, sender="shangji@street.example"),
        forwarded(""),
        forwarded(FOXMAIL.replace("<jinan@qq.example>", "")),
        forwarded(OUTLOOK, subject="回复: 金安社区报送案例"),
        forwarded(QQ.replace("jinan@qq.example", CLERK)),
        replace(forwarded(QQ), authentication=Authentication("mx", spf="", dkim="", dmarc="fail")),
    ],
    ids=["the sender", "another", "nothing quoted", "no address", "a reply", "own letter", "disowned"],
)
def test_what_is_not_passed_on_by_an_organizer_is_its_senders_own(one: Letter) -> None:
    assert behalf_of(one, SIGNS) is None


def test_several_attached_letters_are_for_no_single_sender() -> None:
    both = tuple(LetterFacts(sender=Address(address=each)) for each in ("a@qq.example", "b@qq.example"))

    assert behalf_of(replace(forwarded(), attached=both), SIGNS) is None


@pytest.mark.parametrize(
    ("subject", "unit"),
    [
        ("代 金安社区 补 HL22-0017", "金安社区"),
        ("代金安社区报送案例", "金安社区"),
        ("我代湖里街道海晴社区转交照片", "湖里街道海晴社区"),
        ("HL22-0017 照片", ""),
        ("时代社区报送案例", None),
        ("现代社区治理案例报送", None),
    ],
)
def test_subject_says_for_whom_material_is_sent(subject: str, unit: str | None) -> None:
    behalf = behalf_of(letter(subject, "", document(), sender=CLERK, display="林秘书"), SIGNS)

    assert (behalf.name if behalf is not None else None) == unit
