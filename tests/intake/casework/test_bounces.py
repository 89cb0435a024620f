"""What bounces say, as mail systems write them: which address, for good or for now, why, and of which letter of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.casework.bounces import Returned, read_bounce
from intake.casework.machines import machine_reason
from parsers.letter import read_letter
from parsers.limits import Limits
from tests.intake.casework.samples import facts

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "email_dsn"
OWN = ("anli@huli.example",)


def told(text: str, *, subject: str = "系统退信", quoted: str = "", sender: str = "postmaster@163.com") -> Returned:
    return read_bounce(facts(subject, text, sender=sender, quoted=quoted), own_addresses=OWN)


COREMAIL = """抱歉，您的邮件被退回来了……
原邮件信息：
  时  间 2022-12-05 09:00:00
  主  题 【湖里区案例征集】已收到：《小网格》（HL22-0001）
  收件人 Jinan_SQ@163.com

退信原因：
  {chinese}
  英文说明:{english}

建议解决方案：
  请您核对后再发送。"""


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        ("收件人的邮箱地址有误。", "Mailbox not found", True),
        ("收件人不存在。", "SMTP error, RCPT TO: Host x.cn(1.2.3.4) said 550 User not found: jinan_sq@163.com", True),
        ("邮箱空间已满。", "SMTP error, DOT: Host qq.com(1.2.3.4) said 552 Quota exceeded", True),
        ("网络不给力，我们无法与收信方联络上。", "Can not connect to wps.cn:114.112.66.62:25", False),
        ("对方服务器没有应答。", "rcpt handle timeout", False),
        ("对方暂时不能接收。", "SMTP error, RCPT TO: Host x.cn(1.2.3.4) said 451 try again", False),
    ],
)
def test_a_chinese_bounce_without_report_names_the_address_and_whether_it_is_for_good(
    chinese: str, english: str, expected: bool
) -> None:
    found = told(COREMAIL.format(chinese=chinese, english=english))

    assert [(each.addresses, each.permanent) for each in found.unreached] == [(("jinan_sq@163.com",), expected)]
    assert found.reason == chinese


REPORT = """Reporting-MTA: dns; mta.example

Original-Recipient: rfc822;Jinan@QQ.com
Final-Recipient: rfc822; jinan@backup.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}
"""


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "expected"),
    [
        ("failed", "5.1.1", "550 5.1.1 user unknown", (True, "5.1.1", "550 5.1.1 user unknown")),
        ("failed", "4.4.1", "connection timed out", (False, "4.4.1", "connection timed out")),
        ("delayed", "4.2.0", "451 later", (False, "4.2.0", "451 later")),
        ("delivered", "2.0.0", "250 ok", (False, "2.0.0", "250 ok")),
        ("relayed", "5.0.0", "250 ok", (False, "5.0.0", "250 ok")),
        ("failed", "", "552 mailbox full", (True, "552", "552 mailbox full")),
    ],
)
def test_a_report_says_what_became_of_each_address(
    action: str, status: str, diagnostic: str, expected: tuple[bool, str, str]
) -> None:
    found = told("", quoted=REPORT.format(action=action, status=status, diagnostic=diagnostic))

    assert [(e.addresses, (e.permanent, e.status, e.reason)) for e in found.unreached] == [
        (("jinan@qq.com", "jinan@backup.example"), expected)
    ]


def test_a_report_on_several_addresses_tells_them_apart() -> None:
    quoted = "\n".join(
        f"Final-Recipient: rfc822;{who}@x.cn\nAction: failed\nStatus: {status}\n"
        for who, status in (("a", "5.0.0"), ("b", "4.0.0"), ("c", "5.1.1"))
    )

    found = told("", quoted=quoted)

    assert [(each.addresses[0], each.permanent) for each in found.unreached] == [
        ("a@x.cn", True),
        ("b@x.cn", False),
        ("c@x.cn", True),
    ]


def test_the_letter_that_came_back_is_known_by_its_message_id_and_by_its_code() -> None:
    quoted = "Message-ID: <receipt.7.k7qm3xw9rt@huli.example>\n\n登记编号：HL22-0001\n回执码：k7qm3xw9rt"

    found = told("您的邮件未能送达 jinan@qq.com", quoted=quoted)

    assert (found.message_ids, found.codes) == (("receipt.7.k7qm3xw9rt@huli.example",), ("k7qm3xw9rt",))


def test_our_own_address_and_the_mail_systems_are_never_the_ones_not_reached() -> None:
    found = told("发件人 Anli@huli.example 的邮件未能送达 jinan@qq.com，请联系 postmaster@qq.com")

    assert [each.addresses for each in found.unreached] == [("jinan@qq.com",)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [  # read by a person from the raw letters
        ("set-of-emails__rfc3464-01.eml", ("userunknown@bouncehammer.jp", True, "5.1.1")),
        ("set-of-emails__lhost-exchange2007-02.eml", ("kijitora@example.edu", True, "5.2.2")),
        ("set-of-emails__lhost-gmx-01.eml", ("shironeko@example.jp", True, "5.2.2")),
        ("set-of-emails__lhost-exim-01.eml", ("kijitora@example.ed.jp", True, "5.7.0")),
        ("set-of-emails__lhost-domino-01.eml", ("kijitora@example.jp", True, "")),
        ("set-of-emails__lhost-verizon-01.eml", ("0000000000@vzwpix.com", True, "")),
        ("set-of-emails__dos~lhost-amazonworkmail-01.eml", ("kijitora@example.jp", True, "5.1.1")),
        ("set-of-emails__rhost-cloudflare-01.eml", ("kijitora-neko@example.com", False, "4.3.0")),
        ("set-of-emails__lhost-v5sendmail-01.eml", ("kijitora@example.com", False, "421")),
    ],
)
def test_bounces_of_many_mail_systems_are_read(name: str, expected: tuple[str, bool, str], tmp_path: Path) -> None:
    if not (CORPUS / name).exists():
        pytest.skip("the corpus is not here")
    letter = read_letter(CORPUS / name, tmp_path, Limits()).letter
    assert letter is not None

    found = read_bounce(letter, own_addresses=[address.address for address in letter.to])

    first = found.unreached[0]
    assert (first.addresses[0], first.permanent, first.status) == expected
    assert machine_reason(letter, own_addresses=(), own_marker="x") == "bounce"


def test_a_hostile_bounce_is_read_within_bounds() -> None:
    addresses = " ".join(f"a{number}@x.cn" for number in range(5_000))
    ids = "\n".join(f"Message-ID: <m{number}@x>" for number in range(500))

    found = told(addresses, quoted=ids + "\n" + "a" * 200_000 + "@" * 5_000)

    assert (len(found.unreached), len(found.message_ids)) == (20, 20)
