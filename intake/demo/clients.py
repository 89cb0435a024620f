"""Letters as mail programs write them: bytes as they arrive, from a few plain values.

    letter = Draft(subject="案例报送", text="请查收。", files=(File("案例.docx", data),))
    raw = qq_mail(letter)

One function per program; each follows that program's MIME layout, charset, header order,
`X-Mailer` and way of writing file names and quoted history. `CLIENTS` lists them all.
The same draft always gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from itertools import count

from intake.demo.drafts import (
    CHINA,
    Draft,
    File,
    Quoted,
    apple_history,
    foxmail_history,
    html_lines,
    mail_master_history,
    netease_history,
    outlook_history,
    qq_history,
)
from intake.demo.mime_grain import CRLF, base64_lines, extended_parameter, multipart, part, text_part, word

__all__ = [
    "CHINA", "CLIENTS", "Draft", "File", "Quoted",
    "apple_mail", "foxmail", "iphone", "mail_master", "netease_web", "outlook", "plain_letter", "qq_mail",
]  # fmt: skip


@dataclass(frozen=True)
class _Program:
    """How a program writes what all of them write the same way: alternative in related in mixed."""

    charset: str
    boundary: str
    """`{token}` and `{number}` are filled in."""
    history: Callable[[Quoted], tuple[str, str]]
    encoded_names: bool = True
    """File names as encoded words in quotes; False: RFC 2231."""
    html_encoding: str = "base64"
    quoted_label: bool = True
    preamble: str = ""
    as_octets: bool = False
    """Every file is called application/octet-stream."""
    parting: str = ""
    """A line below every text: 发自…"""
    html_frame: str = "{}"


def qq_mail(draft: Draft) -> bytes:
    """QQ Mail in the browser: gb18030 base64 throughout, all files octet streams, `&nbsp;` in plain text."""
    program = _Program(
        charset="gb18030",
        boundary="----=_NextPart_{token}_{number}",
        history=qq_history,
        preamble="This is a multi-part message in MIME format.",
        as_octets=True,
        html_frame='<meta http-equiv="Content-Type" content="text/html; charset=GB18030">{}',
    )
    return _letter(
        draft,
        [
            "X-QQ-SSF: 00000000000000F0000000000000",
            "X-QQ-mid: webmail812t1670203800t9876543",
            f'From: "{word(draft.name, "gb18030")}" <{draft.sender}>',
            f'To: "{word(draft.to_name, "gb18030")}" <{draft.to}>',
            f"Subject: {word(draft.subject, 'gb18030')}",
            "Mime-Version: 1.0",
            "Content-Transfer-Encoding: 8Bit",
            f"Date: {format_datetime(draft.at)}",
            "X-Priority: 3",
            f"Message-ID: <{draft.message_id or f'tencent_{draft.token.upper()}@qq.com'}>",
            "X-QQ-MIME: TCMime 1.0 by Tencent",
            "X-Mailer: QQMail 2.x",
        ],
        _nested(draft, program),
    )


def netease_web(draft: Draft) -> bytes:
    """NetEase in the browser (163, 126, yeah): GBK base64, Coremail headers, history behind ">"."""
    program = _Program(
        charset="GBK",
        boundary="----=_Part_{number}_{token}.1670203800000",
        history=netease_history,
        quoted_label=False,
        html_frame='<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">{}</div>',
    )
    account = draft.sender.replace("@", "$")
    return _letter(
        draft,
        [
            (
                f"Received: from {account} ( [220.160.1.1] ) by{CRLF} ajax-webmail-wmsvr-40-117 (Coremail) ;"
                f" {format_datetime(draft.at)}{CRLF} (CST)"
            ),
            f"Date: {format_datetime(draft.at)} (CST)",
            f"From: {word(draft.name, 'GBK')} <{draft.sender}>",
            f"To: {word(draft.to_name, 'GBK')} <{draft.to}>",
            f"Subject: {word(draft.subject, 'GBK')}",
            "X-Priority: 3",
            "X-Mailer: Coremail Webmail Server Version XT5.0.13 build 20220113(9671e152)",
            "MIME-Version: 1.0",
            f"Message-ID: <{draft.message_id or f'{draft.token[:8]}.1b2c.184df.Coremail.{account}@163.com'}>",
            "X-Coremail-Locale: zh_CN",
        ],
        _nested(draft, program),
    )


def mail_master(draft: Draft) -> bytes:
    """NetEase Mail Master on a phone: UTF-8, file names by RFC 2231, a line 发自 below the text."""
    program = _Program(
        charset="UTF-8",
        boundary="__{token}_{number}",
        history=mail_master_history,
        encoded_names=False,
        quoted_label=False,
        parting="发自网易邮箱大师",
        html_frame="<html><body>{}</body></html>",
    )
    return _letter(
        draft,
        [
            f"Date: {format_datetime(draft.at)}",
            f"From: {word(draft.name, 'UTF-8')} <{draft.sender}>",
            f"To: {word(draft.to_name, 'UTF-8')} <{draft.to}>",
            f"Message-ID: <{draft.message_id or f'{draft.token}@{draft.domain}'}>",
            f"Subject: {word(draft.subject, 'UTF-8')}",
            "X-Mailer: MailMasterAndroid/7.15.2 (13)",
            "MIME-Version: 1.0",
        ],
        _nested(draft, program),
    )


def foxmail(draft: Draft) -> bytes:
    """Foxmail 7: the label GB2312 over GB18030 bytes, HTML quoted-printable."""
    program = _Program(
        charset="GB2312",
        boundary="----=_{number:03d}_NextPart{token}_=----",
        history=foxmail_history,
        html_encoding="quoted-printable",
        preamble="This is a multi-part message in MIME format.",
    )
    return _letter(
        draft,
        [
            f"Date: {format_datetime(draft.at)}",
            f'From: "{word(draft.name, "GB2312")}" <{draft.sender}>',
            f"To: {word(draft.to_name, 'GB2312')} <{draft.to}>",
            f"Subject: {word(draft.subject, 'GB2312')}",
            "X-Priority: 3",
            f"X-Has-Attach: {'yes' if draft.files else 'no'}",
            "X-Mailer: Foxmail 7.2.25.194[cn]",
            "Mime-Version: 1.0",
            f"Message-ID: <{draft.message_id or f'{draft.at:%Y%m%d%H%M%S}{draft.token[:10]}@{draft.domain}'}>",
        ],
        _nested(draft, program),
    )


def outlook(draft: Draft) -> bytes:
    """Outlook 2016 and later: gb2312, HTML quoted-printable."""
    program = _Program(
        charset="gb2312",
        boundary="----=_NextPart_{number:03d}_{token}",
        history=outlook_history,
        html_encoding="quoted-printable",
        preamble="This is a multipart message in MIME format.",
        html_frame='<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {{margin:0cm}}</style>'
        '</head><body lang=ZH-CN><div class="WordSection1">{}</div></body></html>',
    )
    return _letter(
        draft,
        [
            f'From: "{word(draft.name, "gb2312")}" <{draft.sender}>',
            f"To: <{draft.to}>",
            f"Subject: {word(draft.subject, 'gb2312')}",
            f"Date: {format_datetime(draft.at)}",
            f"Message-ID: <{draft.message_id or f'000001d9085a${draft.token[:8]}$@{draft.domain}'}>",
            "MIME-Version: 1.0",
            "X-Mailer: Microsoft Outlook 16.0",
            "Thread-Index: AdkIWkq2Jb8mZQxTTyO3kz0Vb1pXbA==",
            "Content-Language: zh-cn",
        ],
        _nested(draft, program),
    )


def iphone(draft: Draft) -> bytes:
    """The iPhone's Mail: photos `inline` between two texts, names unquoted, 发自我的iPhone; plain text only."""
    history = apple_history(draft.quoted)[0] if draft.quoted else ""
    parting = "\n\n发自我的iPhone"
    texts = (draft.text, parting + history) if draft.files else (draft.text + parting + history, "")
    parts = [text_part(texts[0], "utf-8", quoted_label=False)]
    for each in draft.files:
        plain_name = each.name.isascii() and " " not in each.name
        name, filename = (
            (f"name={each.name}", f"filename={each.name}")
            if plain_name
            else (f'name="{word(each.name, "utf-8")}"', extended_parameter("filename", each.name))
        )
        parts.append(
            _file_part(each, name=f"{name};{CRLF}\tx-apple-part-url={draft.token}", filename=filename, how="inline")
        )
    if draft.files:
        parts.append(text_part(texts[1], "utf-8", quoted_label=False))
    content = (
        multipart("mixed", f"Apple-Mail-{draft.token.upper()}", parts, quoted_label=False) if draft.files else parts[0]
    )
    return _letter(
        draft,
        [
            f"From: {word(draft.name, 'utf-8')} <{draft.sender}>",
            "Mime-Version: 1.0 (1.0)",
            f"Date: {format_datetime(draft.at)}",
            f"Subject: {word(draft.subject, 'utf-8')}",
            f"Message-Id: <{draft.message_id or f'{draft.token.upper()}@{draft.domain}'}>",
            f"To: {draft.to}",
            "X-Mailer: iPhone Mail (20B110)",
        ],
        content,
    )


def apple_mail(draft: Draft) -> bytes:
    """Mail on a Mac: the files stand inside the HTML half of the alternative, names decomposed (NFD) by RFC 2231."""
    past = apple_history(draft.quoted) if draft.quoted else ("", "")
    halves = [
        text_part(_html_body(draft, past[1]), "utf-8", kind="html", encoding="quoted-printable", quoted_label=False)
    ]
    for each in draft.files:
        name = unicodedata.normalize("NFD", each.name)
        halves.append(
            _file_part(
                each,
                name=f"x-mac-type=0;{CRLF}\t{extended_parameter('name', name)}",
                filename=extended_parameter("filename", name),
                how="inline" if each.shown_px else "attachment",
                content_id=bool(each.shown_px),
            )
        )
    shown = multipart("mixed", f"Apple-Mail=_{draft.token.upper()}_2", halves) if draft.files else halves[0]
    plain = text_part(draft.text + past[0], "utf-8", encoding="quoted-printable", quoted_label=False)
    return _letter(
        draft,
        [
            f"From: {word(draft.name, 'utf-8')} <{draft.sender}>",
            "Mime-Version: 1.0 (Mac OS X Mail 15.0 \\(3693.60.0.1.1\\))",
            f"Subject: {word(draft.subject, 'utf-8')}",
            f"Message-Id: <{draft.message_id or f'{draft.token.upper()}@{draft.domain}'}>",
            f"Date: {format_datetime(draft.at)}",
            f"To: {draft.to}",
            "X-Mailer: Apple Mail (2.3693.60.0.1.1)",
        ],
        multipart("alternative", f"Apple-Mail=_{draft.token.upper()}_1", [plain, shown]),
    )


def plain_letter(draft: Draft) -> bytes:
    """A letter by a plain program: UTF-8 text, base64 files, nothing of anyone's own; history behind "> "."""
    history = apple_history(draft.quoted)[0] if draft.quoted else ""
    content = text_part(draft.text + history, "utf-8")
    if draft.files:
        files = [
            _file_part(
                each, name=f'name="{word(each.name, "utf-8")}"', filename=extended_parameter("filename", each.name)
            )
            for each in draft.files
        ]
        content = multipart("mixed", f"={draft.token}=", [content, *files])
    return _letter(
        draft,
        [
            f"From: {word(draft.name, 'utf-8')} <{draft.sender}>",
            f"To: {word(draft.to_name, 'utf-8')} <{draft.to}>",
            f"Subject: {word(draft.subject, 'utf-8')}",
            f"Date: {format_datetime(draft.at)}",
            f"Message-ID: <{draft.message_id or f'{draft.token}@{draft.domain}'}>",
            "MIME-Version: 1.0",
        ],
        content,
    )


CLIENTS: tuple[Callable[[Draft], bytes], ...] = (
    qq_mail, netease_web, mail_master, foxmail, outlook, iphone, apple_mail, plain_letter,
)  # fmt: skip
"""Every program here; a test may run over all of them."""


def _nested(draft: Draft, program: _Program) -> str:
    """alternative(plain, HTML), in related with its pictures, in mixed with its attachments: as far as needed."""
    numbers = count(1)

    def join(kind: str, parts: Sequence[str]) -> str:
        boundary = program.boundary.format(token=draft.token[:12], number=next(numbers))
        return multipart(kind, boundary, parts, preamble=program.preamble if kind == "mixed" else "")

    past = program.history(draft.quoted) if draft.quoted else ("", "")
    parting = ("\n\n\n" + program.parting, html_lines(program.parting)) if program.parting else ("", "")
    plain = text_part(draft.text + parting[0] + past[0], program.charset, quoted_label=program.quoted_label)
    shown = text_part(
        program.html_frame.format(_html_body(draft, parting[1] + past[1])),
        program.charset,
        kind="html",
        encoding=program.html_encoding,
        quoted_label=program.quoted_label,
    )
    content = join("alternative", [plain, shown])
    if draft.pictures:
        content = join("related", [content, *(_program_file(each, program) for each in draft.pictures)])
    if draft.attachments:
        content = join("mixed", [content, *(_program_file(each, program) for each in draft.attachments)])
    return content


def _html_body(draft: Draft, below: str) -> str:
    """The draft's HTML or its text in divisions, then its pictures, then what stands below."""
    own = html_lines(draft.text) if draft.html is None else draft.html
    shown = "".join(
        f'<div><img src="cid:{each.content_id}" width="{each.shown_px[0]}" height="{each.shown_px[1]}"></div>'
        for each in draft.pictures
        if each.shown_px
    )
    return own + shown + below


def _program_file(each: File, program: _Program) -> str:
    if program.encoded_names:
        encoded = word(each.name, program.charset)
        name, filename = f'name="{encoded}"', f'filename="{encoded}"'
    else:
        name, filename = extended_parameter("name", each.name), extended_parameter("filename", each.name)
    if program.as_octets:
        each = File(each.name, each.data, shown_px=each.shown_px)
        name = f'charset="{program.charset}";{CRLF}\t{name}'
    return _file_part(each, name=name, filename=filename, content_id=bool(each.shown_px))


def _file_part(each: File, *, name: str, filename: str, how: str = "attachment", content_id: bool = False) -> str:
    """A base64 entity; `name` and `filename` are whole parameters as the program writes them."""
    headers = [
        f"Content-Type: {each.media_type};{CRLF}\t{name}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {how};{CRLF}\t{filename}",
    ]
    headers += [f"Content-ID: <{each.content_id}>"] if content_id else []
    return part(headers, base64_lines(each.data))


def _letter(draft: Draft, headers: Sequence[str], content: str) -> bytes:
    """Trace headers, the program's headers in its order, what the draft adds, then the MIME content."""
    trace = [
        f"Received: from mail ([203.0.113.9]){CRLF}\tby {host} with ESMTP;{CRLF}\t{format_datetime(at)}"
        for host, at in draft.received
    ]
    known = draft.references or ((draft.in_reply_to,) if draft.in_reply_to else ())
    thread = [f"In-Reply-To: <{draft.in_reply_to}>"] if draft.in_reply_to else []
    thread += [f"References: {f'{CRLF} '.join(f'<{each}>' for each in known)}"] if known else []
    copies = [f"Cc: {', '.join(draft.cc)}"] if draft.cc else []
    more = [f"{key}: {value}" for key, value in draft.extra.items()]
    return (CRLF.join([*trace, *headers, *copies, *thread, *more]) + CRLF + content).encode("ascii")
