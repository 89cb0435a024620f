"""Headers as people meant them, however they were encoded."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parsers.facts import Address, LetterFacts, ReceivedHop
from parsers.letter import read_head
from parsers.letter.addresses import parse_addresses
from parsers.letter.headers import decode_words, unfolded
from parsers.letter.parameters import name_of_file, parse_value
from parsers.letter.trace import parse_date, parse_message_id, parse_message_ids, parse_received
from tests.letter_reading import headed, read_raw
from tests.letters import Draft, File, qq_mail


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


TITLE = "湖里区㙓镕喆案例报送"
GB = TITLE.encode("gb18030")
UTF8 = TITLE.encode()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"=?utf-8?B?{b64(UTF8)}?=", TITLE),
        (f"=?gb2312?B?{b64(GB)}?=", TITLE),
        (f"=?GBK?b?{b64(GB)}?=", TITLE),
        (f"=?gb18030*zh-CN?B?{b64(GB)}?=", TITLE),
        # Cut inside a character: after 7 of its bytes, which is no border in GB18030 or UTF-8.
        (f"=?gb2312?B?{b64(GB[:7])}?= =?gb2312?B?{b64(GB[7:])}?=", TITLE),
        (f"=?utf-8?B?{b64(UTF8[:7])}?=\t=?UTF-8?B?{b64(UTF8[7:])}?=", TITLE),
        (f"=?gb2312?B?{b64(GB[:7])}?=  =?gbk?B?{b64(GB[7:])}?=", TITLE),
        # Cut inside the base64 group itself.
        (f"=?utf-8?B?{b64(UTF8)[:9]}?= =?utf-8?B?{b64(UTF8)[9:]}?=", TITLE),
        ("=?utf-8?Q?=E6=A1=88=E4=BE=8B_A?=", "案例 A"),
        ("=?utf-8?Q?=E6=A1?= =?utf-8?Q?=88=E4=BE=8B?=", "案例"),
        ("=?big5?B?" + b64("社區治理案例報送".encode("big5")) + "?=", "社區治理案例報送"),
        ("=?x-unknown?B?" + b64(UTF8) + "?=", TITLE),
        ("=?unknown-8bit?B?" + b64(GB) + "?=", TITLE),
        ("=??B?" + b64(UTF8) + "?=", TITLE),
        (f"Re: =?utf-8?B?{b64(UTF8)}?= (2)", f"Re: {TITLE} (2)"),
        (f"=?utf-8?B?{b64(UTF8)}?= + =?utf-8?B?{b64(UTF8)}?=", f"{TITLE} + {TITLE}"),
        (f"=?utf-8?B?{b64(UTF8).rstrip('=')}?=", TITLE),
        ("=?utf-8?B?not base64", "=?utf-8?B?not base64"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("没有编码的主题", "没有编码的主题"),
    ],
)
def test_encoded_words_decode_to_what_was_meant(written: str, meant: str) -> None:
    assert decode_words(written) == meant


@pytest.mark.parametrize(
    ("raw", "meant"),
    [(UTF8, TITLE), (GB, TITLE), ("社區治理案例報送".encode("big5"), "社區治理案例報送")],
)
def test_raw_8_bit_value_is_read_in_its_own_charset(raw: bytes, meant: str, tmp_path: Path) -> None:
    letter = read_raw(b"Subject: " + raw + b"\r\nFrom: " + raw + b" <a@b.cn>\r\n\r\n", tmp_path).letter

    assert letter.subject == meant
    assert letter.sender == Address(name=meant, address="a@b.cn")


def test_folded_value_is_one_line() -> None:
    assert unfolded(" first\r\n second\n\tthird") == "first second\tthird"


def test_subject_loses_control_and_directional_characters(tmp_path: Path) -> None:
    subject = "案例\u202egpj.exe\u200b\x07 报送\u2028第二行"

    letter = read_raw(headed(f"Subject: =?utf-8?B?{b64(subject.encode())}?="), tmp_path).letter

    assert letter.subject == "案例gpj.exe 报送 第二行"


@pytest.mark.parametrize(
    ("disposition", "content_type", "name"),
    [
        (f'attachment; filename="=?GBK?B?{b64(GB)}?=.docx"', "", f"{TITLE}.docx"),
        (f'attachment; filename="=?gb2312?B?{b64(GB[:7])}?=\t=?gb2312?B?{b64(GB[7:])}?="', "", TITLE),
        (f"attachment; filename==?utf-8?B?{b64(UTF8)}?=", "", TITLE),
        ("attachment; filename*=utf-8''%E6%A1%88%E4%BE%8B.docx", "", "案例.docx"),
        ("attachment; filename*=GB2312'zh-cn'%B0%B8%C0%FD.docx", "", "案例.docx"),
        ("attachment; filename*0*=utf-8''%E6%A1; filename*1*=%88%E4%BE%8B; filename*2=.docx", "", "案例.docx"),
        ("attachment; filename*1*=%88.docx; filename*0*=UTF-8''%E6%A1", "", "案.docx"),
        ('attachment; filename*0="case "; filename*1="one.docx"', "", "case one.docx"),
        ("attachment; filename=\"????.docx\"; filename*=UTF-8''%E6%A1%88.docx", "", "案.docx"),
        ('attachment; filename="????.docx"', 'application/msword; name="案例.docx"', "案例.docx"),
        ("attachment; filename*=%E6%A1%88.docx", "", "案.docx"),
        ('attachment; filename="%E6%A1%88%E4%BE%8B.docx"', "", "案例.docx"),
        ('attachment; filename="100%.docx"', "", "100%.docx"),
        ("attachment; filename=案例 定稿.docx", "", "案例 定稿.docx"),
        ('attachment; filename="关于"近邻"的案例.docx"; size=3', "", '关于"近邻"的案例.docx'),
        ('attachment; filename="a;b.docx"', "", "a;b.docx"),
        (r'attachment; filename="C:\Users\lin\案例.docx"', "", "案例.docx"),
        ('attachment; filename="../../etc/passwd"', "", "passwd"),
        ('attachment; filename=".."', "", ""),
        ('attachment filename="a.docx"', "", "a.docx"),
        ("attachment", 'image/jpeg; name="1.jpg"', "1.jpg"),
        ("", 'image/jpeg name="1.jpg"', "1.jpg"),
        ("attachment", "image/jpeg", ""),
        ("attachment; filename*=utf-8''" + "%65%CC%81.docx", "", "\u00e9.docx"),
        ("attachment; filename*=utf-8''%E2%80%AEgpj.exe", "", "gpj.exe"),
    ],
)
def test_file_name_is_found_in_every_form(disposition: str, content_type: str, name: str) -> None:
    assert name_of_file(parse_value(disposition), parse_value(content_type)) == name


def test_very_long_file_name_keeps_its_extension() -> None:
    name = name_of_file(parse_value(f'attachment; filename="{"案" * 300}.docx"'), parse_value(""))

    assert name == "案" * 195 + ".docx"


@pytest.mark.parametrize(
    ("written", "value", "parameters"),
    [
        ("Text/HTML; Charset=gb2312", "text/html", {"charset": "gb2312"}),
        ("text/plain; charset=us-ascii (plain)", "text/plain", {"charset": "us-ascii (plain)"}),
        ('multipart/mixed\tboundary="x y"', "multipart/mixed", {"boundary": "x y"}),
        ("text / plain", "text/plain", {}),
        (" ; charset=utf-8", "", {"charset": "utf-8"}),
        ("", "", {}),
    ],
)
def test_structured_value_is_taken_apart(written: str, value: str, parameters: dict[str, str]) -> None:
    parsed = parse_value(written)

    assert (parsed.value, parsed.parameters) == (value, parameters)


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("a@b.cn", [("", "a@b.cn")]),
        ('"金安社区" <a@b.cn>', [("金安社区", "a@b.cn")]),
        (f'"=?gb18030?B?{b64("金安社区".encode("gb18030"))}?=" <a@b.cn>', [("金安社区", "a@b.cn")]),
        ("金安社区<a@b.cn>;  民政局 <c@d.cn>", [("金安社区", "a@b.cn"), ("民政局", "c@d.cn")]),
        ("a@b.cn <a@b.cn>", [("a@b.cn", "a@b.cn")]),
        ('"a@b.cn" <A@b.cn>, "林, 先生" <lin@d.cn>', [("a@b.cn", "A@b.cn"), ("林, 先生", "lin@d.cn")]),
        ("a@b.cn (林先生)", [("林先生", "a@b.cn")]),
        ("街道: a@b.cn, 林 <c@d.cn>;", [("", "a@b.cn"), ("林", "c@d.cn")]),
        ("undisclosed-recipients:;", []),
        ("甲 <a@b.cn> 乙 <c@d.cn>", [("甲", "a@b.cn"), ("乙", "c@d.cn")]),
        ("<a@b.cn> 林先生", [("林先生", "a@b.cn")]),
        ("<@relay.cn:a@b.cn>", [("", "a@b.cn")]),
        ("MAILER-DAEMON (Mail Delivery System)", [("Mail Delivery System", "MAILER-DAEMON")]),
        ("<>", []),
        ("MAILER-DAEMON <>", [("MAILER-DAEMON", "MAILER-DAEMON")]),
        ("'林先生' <a@b.cn>", [("林先生", "a@b.cn")]),
        ("'甲' 代乙 <a@b.cn>", [("'甲' 代乙", "a@b.cn")]),
        ("林先生", []),
        ("", []),
        (',,;<<>>(("', []),
        (f"=?utf-8?B?{b64('坏人 <evil@x.cn>'.encode())}?= <a@b.cn>", [("坏人 <evil@x.cn>", "a@b.cn")]),
    ],
)
def test_address_list_yields_its_mailboxes(written: str, addresses: list[tuple[str, str]]) -> None:
    assert [(each.name, each.address) for each in parse_addresses(written)] == addresses


def test_several_senders_give_the_first(tmp_path: Path) -> None:
    letter = read_raw(headed("From: 甲 <a@b.cn>, 乙 <c@d.cn>\nReply-To: r@b.cn"), tmp_path).letter

    assert letter.sender == Address(name="甲", address="a@b.cn")
    assert letter.reply_to == (Address(address="r@b.cn"),)


def test_letter_without_sender_has_none(tmp_path: Path) -> None:
    assert read_raw(headed("Subject: x"), tmp_path).letter.sender is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 5 Dec 2022 09:30:00 +0800", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("Mon, 05 Dec 2022 09:30:00 +0800 (CST)", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("Mon Dec 05 09:30:00 CST 2022", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("5 Dec 22 01:30 GMT", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("Mon, 5 Dec 2022 01:30:00 -0000", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("2022-12-05T09:30:00+08:00", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("Mon, 5 Dec 2022 09:30:60 +0800", datetime(2022, 12, 5, 1, 30, 59, tzinfo=UTC)),
        ("Mon, 5 Dec 2022 09:30:00 +800", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("Mon, 5 Dec 2022 09:30:00+0800", datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ("Mon, 5 Dec 2022 09:30:00", None),
        ("5-Dec-2022 09:30:00", None),
        ("2022-12-05 09:30:00", None),
        ("Mon, 32 Dec 2022 09:30:00 +0800", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Mon, 5 Dec 2022 09:30:00 +9999", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_date_is_a_moment_or_nothing(written: str, moment: datetime | None) -> None:
    assert parse_date(written) == moment


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("<a@b>", ("a@b",)),
        ("<a@b>\t<c@d> <a@b>", ("a@b", "c@d")),
        ("<a@b> (comment <x@y)", ("a@b",)),
        ("<a\t@b>", ("a@b",)),
        ("a@b, c@d", ("a@b", "c@d")),
        ('Your message of "Mon" <a@b>', ("a@b",)),
        ("<>", ()),
        ("no id here", ()),
        ("", ()),
    ],
)
def test_message_ids_are_found_without_brackets(written: str, ids: tuple[str, ...]) -> None:
    assert parse_message_ids(written) == ids


@pytest.mark.parametrize(
    ("written", "own"), [("<a@b>", "a@b"), ("<no at sign>", "noatsign"), ("bare", "bare"), ("<>", None), ("", None)]
)
def test_own_message_id_is_kept_even_when_malformed(written: str, own: str | None) -> None:
    assert parse_message_id(written) == own


def test_received_headers_give_host_and_time_topmost_first() -> None:
    hops = parse_received(
        (
            "from x (HELO y) by newxmesmtplogicsvrszc2-0.qq.com (NewEsmtp) with SMTP id 1; Mon, 05 Dec 2022 09:31:00 +0800",
            "from jinan$qq.com ( [220.160.1.1] ) by ajax-webmail (Coremail) ; Mon, 5 Dec 2022 09:30:00 +0800 (CST)",
            "(qmail 123 invoked by uid 0); garbage",
            "nothing",
        )
    )

    assert hops == (
        ReceivedHop(by="newxmesmtplogicsvrszc2-0.qq.com", at=datetime(2022, 12, 5, 1, 31, tzinfo=UTC)),
        ReceivedHop(by="ajax-webmail", at=datetime(2022, 12, 5, 1, 30, tzinfo=UTC)),
        ReceivedHop(by="uid", at=None),
        ReceivedHop(by="", at=None),
    )


def test_control_headers_are_kept_and_others_are_not(tmp_path: Path) -> None:
    letter = read_raw(
        headed(
            "Return-Path: <>\nAuto-Submitted: auto-replied (vacation)\nPrecedence: Bulk\nX-Intake-Letter: HL22\n"
            "Authentication-Results: mx.qq.com; spf=pass\nAuthentication-Results: forged; spf=pass\n"
            'Content-Type: multipart/report; report-type="delivery-status"; boundary=x\nX-Other: 1'
        ),
        tmp_path,
    ).letter

    assert letter.control == {
        "return-path": "<>",
        "auto-submitted": "auto-replied (vacation)",
        "precedence": "Bulk",
        "x-intake-letter": "HL22",
        "authentication-results": "mx.qq.com; spf=pass",
        "content-type": "multipart/report; report-type=delivery-status",
    }
    assert letter.report == "delivery-status"


@pytest.mark.parametrize("size_bytes", [600, 1_000, 64_000])
def test_first_bytes_of_a_letter_tell_what_its_headers_say(size_bytes: int, tmp_path: Path) -> None:
    raw = qq_mail(Draft(files=(File("a.docx", bytes(90_000)),)))

    head = read_head(raw[:size_bytes])

    letter = read_raw(raw, tmp_path).letter
    assert (head.subject, head.sender, head.to) == (letter.subject, letter.sender, letter.to)


def test_head_of_nothing_says_nothing() -> None:
    assert read_head(b"") == LetterFacts()
