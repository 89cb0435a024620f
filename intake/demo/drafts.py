"""What a person writes, before a mail program puts it into its own form, and how programs quote what is answered."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class File:
    """A file to attach, or with `shown_px` a picture shown inside the HTML body at that size."""

    name: str
    data: bytes
    media_type: str = "application/octet-stream"
    shown_px: tuple[int, int] | None = None

    @property
    def content_id(self) -> str:
        """The Content-ID of a picture, without angle brackets; depends on name and bytes alone."""
        return f"{hashlib.sha256(self.name.encode() + self.data).hexdigest()[:16].upper()}@letter"


@dataclass(frozen=True)
class Quoted:
    """The letter an answer quotes below its own text."""

    text: str
    name: str = "征集邮箱"
    address: str = "anli@example.org"
    at: datetime = datetime(2022, 12, 1, 10, 0, tzinfo=CHINA)
    to: str = "jinan@qq.com"
    subject: str = "材料补充完善提示"

    def rows(self, *labels: str, date: str) -> list[tuple[str, str]]:
        """Sender, date, receiver and subject under the program's own labels."""
        return list(zip(labels, (f"{self.name}<{self.address}>", date, self.to, self.subject), strict=True))


@dataclass(frozen=True)
class Draft:
    """What a person writes; everything else is the mail program's doing."""

    subject: str = "案例征集报送"
    text: str = "请查收附件。"
    name: str = "金安社区"
    sender: str = "jinan@qq.com"
    to: str = "anli@example.org"
    to_name: str = "征集邮箱"
    cc: tuple[str, ...] = ()
    at: datetime = datetime(2022, 12, 5, 9, 30, tzinfo=CHINA)
    files: tuple[File, ...] = ()
    html: str | None = None
    """The HTML body; None lets the program make it from `text`."""
    quoted: Quoted | None = None
    in_reply_to: str | None = None
    """A Message-ID without angle brackets."""
    references: tuple[str, ...] = ()
    message_id: str | None = None
    """Without angle brackets; None lets the program make one from the content."""
    received: tuple[tuple[str, datetime], ...] = ()
    """Receiving hosts and times, topmost (latest) first."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """More headers, written last: {"Auto-Submitted": "auto-replied"}."""

    @property
    def pictures(self) -> tuple[File, ...]:
        """The files shown inside the HTML body, in order."""
        return tuple(file for file in self.files if file.shown_px)

    @property
    def attachments(self) -> tuple[File, ...]:
        """The files that are not shown, in order."""
        return tuple(file for file in self.files if not file.shown_px)

    @property
    def token(self) -> str:
        """32 hex digits that depend on the content alone."""
        said = [self.subject, self.text, self.sender, self.at.isoformat(), self.in_reply_to or ""]
        return hashlib.sha256("\0".join([*said, *(file.content_id for file in self.files)]).encode()).hexdigest()[:32]

    @property
    def domain(self) -> str:
        """What stands after the sender's at-sign."""
        return self.sender.partition("@")[2]


def html_lines(text: str) -> str:
    """Each line of `text` as a division of its own."""
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))


def qq_history(past: Quoted) -> tuple[str, str]:
    """QQ Mail: a ruler around 原始邮件, four labelled lines; `&nbsp;` stands in its plain text as well."""
    date = f"{past.at:%Y年%m月%d日}(星期{_WEEKDAYS[past.at.weekday()]}) {past.at:%H:%M}"
    rows = past.rows("发件人", "发送时间", "收件人", "主题", date=date)
    ruler = "------------------&nbsp;原始邮件&nbsp;------------------"
    plain = (
        "\n\n\n\n"
        + ruler
        + "\n"
        + "\n".join(f"{label}:&nbsp;{value};" for label, value in rows)
        + "\n\n\n\n"
        + past.text
    )
    cells = "".join(f"<div><b>{label}:</b>&nbsp;{html.escape(value)};</div>" for label, value in rows)
    head = f'<div style="font-size:12px;padding:2px 0;">{ruler}</div><div style="background:#efefef;">{cells}</div>'
    return plain, f"<div><br></div>{head}<div><br></div>{html_lines(past.text)}"


def netease_history(past: Quoted) -> tuple[str, str]:
    """NetEase in the browser: one line ending in 写道, then ">" or a blockquote of its own name."""
    line = f'在 {past.at:%Y-%m-%d %H:%M:%S}，"{past.name}" <{past.address}> 写道：'
    plain = f"\n\n\n\n\n{line}\n" + "\n".join(f">{each}" for each in past.text.split("\n"))
    style = "PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid"
    quote = f'<blockquote id="isReplyContent" style="{style}">{html_lines(past.text)}</blockquote>'
    return plain, f"<br><br><div>{html.escape(line)}<br></div>{quote}"


def mail_master_history(past: Quoted) -> tuple[str, str]:
    """NetEase Mail Master: ---- 回复的原邮件 ---- and a small table."""
    rows = past.rows("发件人", "日期", "收件人", "主题", date=f"{past.at:%Y年%m月%d日 %H:%M}")
    ruler = "---- 回复的原邮件 ----"
    plain = f"\n{ruler}\n" + "\n".join(f"| {label} | {value} |" for label, value in rows) + f"\n{past.text}"
    cells = "".join(f"<tr><td>{label}</td><td>{html.escape(value)}</td></tr>" for label, value in rows)
    inner = f"<div>{ruler}</div><table>{cells}</table>{html_lines(past.text)}"
    return plain, f'<div class="ntes-mailmaster-quote">{inner}</div>'


def foxmail_history(past: Quoted) -> tuple[str, str]:
    """Foxmail: a space, four labelled lines, all inside a blockquote."""
    rows = past.rows("发件人", "发送时间", "收件人", "主题", date=f"{past.at:%Y-%m-%d %H:%M}")
    plain = "\n \n" + "\n".join(f"{label}： {value}" for label, value in rows) + f"\n{past.text}"
    cells = "".join(f"<div><b>{label}：</b>&nbsp;{html.escape(value)}</div>" for label, value in rows)
    head = (
        f'<div style="border:none;border-top:solid #B5C4DF 1.0pt;"><div style="BACKGROUND: #efefef">{cells}</div></div>'
    )
    return plain, f'<blockquote style="margin-left: 0.5em"><div>&nbsp;</div>{head}{html_lines(past.text)}</blockquote>'


def outlook_history(past: Quoted) -> tuple[str, str]:
    """Outlook: -----邮件原件----- in plain text, a ruled division in HTML."""
    day = f"{past.at.year}年{past.at.month}月{past.at.day}日"
    rows = past.rows("发件人", "发送时间", "收件人", "主题", date=f"{day} {past.at:%H:%M}")
    plain = "\n\n-----邮件原件-----\n" + "\n".join(f"{label}: {value}" for label, value in rows) + f"\n\n{past.text}"
    cells = "<br>".join(f"<b>{label}:</b> {html.escape(value)}" for label, value in rows)
    head = f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{cells}</p></div>'
    return plain, f'<p class="MsoNormal">&nbsp;</p>{head}{html_lines(past.text)}'


def apple_history(past: Quoted) -> tuple[str, str]:
    """Apple Mail and the iPhone: a line ending in 写道, "> " before each line, a blockquote type="cite"."""
    day = f"{past.at.year}年{past.at.month}月{past.at.day}日"
    line = f"在 {day}，{past.at:%H:%M}，{past.name} <{past.address}> 写道："
    plain = f"\n\n> {line}\n> \n" + "\n".join(f"> {each}" for each in past.text.split("\n"))
    quote = f'<blockquote type="cite"><div>{html.escape(line)}<br><br></div></blockquote>'
    return plain, f'<div><br>{quote}</div><blockquote type="cite">{html_lines(past.text)}</blockquote>'
