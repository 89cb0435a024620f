"""The mail with a one-time link. Pure but for reading its template."""

from __future__ import annotations

from dataclasses import dataclass

from intake.web.rendering import render


@dataclass(frozen=True, slots=True)
class SignInLetter:
    """A finished draft."""

    subject: str
    text: str
    html: str
    language: str = "zh-CN"


def write_sign_in(who: str, url: str, *, tag: str, minutes: int) -> SignInLetter:
    """The letter to `who`; the link is good once and for `minutes`."""
    subject = f"{tag}登录链接"
    lines = (
        f"请在{minutes}分钟内打开下面的链接，再点页面上的“进入”。链接只能用一次。",
        "如果不是您本人要登录，不必理会这封邮件，也不要转给别人。",
    )
    text = f"{who}：\n\n{lines[0]}\n\n{url}\n\n{lines[1]}\n"
    return SignInLetter(subject, text, render("mail_sign_in.html.j2", who=who, url=url, lines=lines, subject=subject))
