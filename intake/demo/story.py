"""The story of the demo as data: who writes what, when, with which mail program, and what must come of it. Pure.

Every place, person and figure is invented; the addresses are of a domain nobody can own
(RFC 2606). Receipt times are China's, in December 2022. The demo checks itself against
`Scene.expected`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.demo import material
from intake.demo.clients import (
    CHINA,
    Draft,
    File,
    apple_mail,
    foxmail,
    iphone,
    mail_master,
    netease_web,
    outlook,
    qq_mail,
)
from intake.model import IgnoredReason, MailKind, Verdict

MAILBOX = "anli@huli.example"
MAILBOX_NAME = "湖里区案例征集邮箱"
MAILBOX_HOST = "mx.huli.example"
"""The mailbox's own server: it writes the topmost Received, which is trusted for the time of receipt."""
ORGANIZERS = "zuweihui@huli.example"
ORGANIZER_NAME = "王敏"
OPENS_AT = datetime(2022, 11, 30, 9, 0, tzinfo=CHINA)
"""When the service is started for the first time."""
ENDS_AT = datetime(2022, 12, 21, 8, 5, tzinfo=CHINA)
"""After the last daily digest, on the morning after the close."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a letter."""

    verdict: Verdict | IgnoredReason | Literal["waiting"]
    """The verdict on the case as this letter left it, `waiting` when more arrived before any, or why it opened none."""
    answer: MailKind | None
    """The letter that answers it; None: none."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One letter of the story."""

    key: str
    at: datetime
    """When the mailbox's server received it: its Received line and INTERNALDATE."""
    who: str
    what: str
    """What it is, in one phrase."""
    client: Callable[[Draft], bytes]
    """The mail program it is written with."""
    sender: str
    subject: str
    text: str
    expected: Expected
    name: str = ""
    """The display name; `who` when empty."""
    files: Callable[[], tuple[File, ...]] = tuple
    folder: str = "INBOX"
    answers: str | None = None
    """Key of the scene whose answer from us this letter replies to, quoting it."""
    automatic: bool = False
    """Written by the sender's mail program, not by the sender."""


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2022, 12, day, hour, minute, tzinfo=CHINA)


STORY: tuple[Scene, ...] = (
    Scene(
        key="question",
        at=_on(1, 9, 12),
        who="小区居民陈先生",
        what="来信咨询",
        client=netease_web,
        sender="chen.haifeng@163.example",
        name="陈海峰",
        subject="请问案例征集的要求",
        text="您好！在报纸上看到社区治理案例的征集启事，想请问：\n"
        "1. 案例正文有没有字数要求？\n2. 照片要几张？\n3. 什么时候截止？\n4. 怎么报送？\n谢谢！",
        expected=Expected("question", "answer"),
    ),
    Scene(
        key="complete",
        at=_on(5, 10, 5),
        who="榕荫社区",
        what="材料齐全：Word正文、照片5张",
        client=qq_mail,
        sender="rongyin@qq.example",
        subject="榕荫社区报送2022年湖里区社区治理创新案例",
        text="各位老师好：\n现报送榕荫社区网格治理案例一篇，附件为案例正文和现场照片5张，请查收。\n\n"
        "江头街道榕荫社区居委会\n联系人：林小榕\n电话：0592-5550101",
        files=material.complete,
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="thanks",
        at=_on(5, 10, 31),
        who="榕荫社区",
        what="收到，谢谢",
        client=qq_mail,
        sender="rongyin@qq.example",
        subject="",
        text="收到，谢谢！",
        answers="complete",
        expected=Expected("courtesy", None),
    ),
    Scene(
        key="weekly",
        at=_on(9, 17, 20),
        who="湖里街道社区办",
        what="工作周报，发错邮箱",
        client=outlook,
        sender="sqb@hulijiedao.example",
        name="湖里街道社区办",
        subject="社区建设办公室工作周报（12月5日至9日）",
        text="各位领导：\n本周工作周报见附件，请阅。\n\n湖里街道社区建设办公室\n2022年12月9日",
        files=material.weekly,
        expected=Expected("unrelated", None),
    ),
    Scene(
        key="part_missing",
        at=_on(14, 9, 40),
        who="云屿社区",
        what="缺“探讨与评论”部分",
        client=netease_web,
        sender="yunyu_shequ@163.example",
        subject="云屿社区小区治理案例报送",
        text="您好：\n附件是云屿社区小区治理类案例正文和照片5张，请查收，谢谢。\n\n"
        "殿前街道云屿社区居委会\n联系人：黄云\n联系电话：0592-5550103",
        files=material.part_missing,
        expected=Expected("needs_fix", "fix_request"),
    ),
    Scene(
        key="three_photos",
        at=_on(19, 9, 8),
        who="柳溪社区",
        what="照片只有3张",
        client=mail_master,
        sender="liuxi_community@126.example",
        subject="【案例征集】柳溪社区报送材料",
        text="老师好，柳溪社区案例正文和照片在附件里，麻烦查收。\n禾山街道柳溪社区居委会 叶柳 0592-5550104",
        files=material.three_photos,
        expected=Expected("needs_fix", "fix_request"),
    ),
    Scene(
        key="too_long",
        at=_on(19, 11, 15),
        who="海晴社区",
        what="正文超过3000字",
        client=foxmail,
        sender="haiqing@hulijiedao.example",
        subject="海晴社区关于报送社区治理创新案例的函",
        text="区征集组委会：\n根据征集启事，现将我社区案例《七楼到一楼的商量》报送贵处，随附正文一份、照片5张，请予审阅。\n\n"
        "湖里街道海晴社区居民委员会\n2022年12月19日\n联系人：郑海  电话：0592-5550102",
        files=material.too_long,
        expected=Expected("needs_fix", "fix_request"),
    ),
    Scene(
        key="auto_reply",
        at=_on(19, 11, 17),
        who="海晴社区",
        what="邮箱自动回复",
        client=foxmail,
        sender="haiqing@hulijiedao.example",
        subject="",
        text="您好，您的邮件已收到。本人12月19日在外培训，回来后尽快处理。",
        answers="too_long",
        automatic=True,
        expected=Expected("auto_reply", None),
    ),
    Scene(
        key="repair",
        at=_on(19, 15, 26),
        who="柳溪社区",
        what="回复提示，补来2张照片",
        client=mail_master,
        sender="liuxi_community@126.example",
        subject="",
        text="补上2张照片，请查收，辛苦了！",
        files=material.repair,
        answers="three_photos",
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="photos_inside",
        at=_on(20, 9, 10),
        who="安禾社区",
        what="照片都在Word文件里",
        client=outlook,
        sender="anhe@jiangtou.example",
        subject="安禾社区案例报送",
        text="组委会老师：\n安禾社区案例见附件，照片已插入文中。如需原图请告知。\n\n"
        "江头街道安禾社区居民委员会\n联系人：吴禾 0592-5550105",
        files=material.photos_inside,
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="pdf",
        at=_on(20, 10, 2),
        who="鹭翔社区",
        what="PDF正文、照片5张",
        client=apple_mail,
        sender="luxiang@icloud.example",
        subject="鹭翔社区智慧治理案例",
        text="您好，鹭翔社区报送智慧治理类案例，PDF正文和5张照片请见附件。\n\n金山街道鹭翔社区居委会\n联系人：苏翔，0592-5550106",
        files=material.pdf,
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="zip",
        at=_on(20, 11, 22),
        who="桥畔社区",
        what="压缩包：正文、报名表、照片",
        client=qq_mail,
        sender="qiaopan2022@qq.example",
        subject="桥畔社区案例材料（压缩包）",
        text="老师您好，桥畔社区参评案例的全部材料打成一个压缩包，请查收。\n\n殿前街道桥畔社区居委会",
        files=material.zipped,
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="text_first",
        at=_on(20, 14, 30),
        who="和风社区",
        what="先发正文（分两封）",
        client=netease_web,
        sender="hefeng_sq@163.example",
        subject="和风社区案例（正文）",
        text="您好，和风社区报送小区治理案例，这封是正文，照片在手机里，马上另发。\n\n湖里街道和风社区居委会\n何风 0592-5550107",
        files=material.text_first,
        expected=Expected("waiting", "receipt"),
    ),
    Scene(
        key="photos_second",
        at=_on(20, 14, 36),
        who="和风社区",
        what="6分钟后用手机补发照片",
        client=iphone,
        sender="hefeng_sq@163.example",
        name="何风",
        subject="和风社区案例照片",
        text="照片5张，请查收。",
        files=material.photos_second,
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="same_again",
        at=_on(20, 15, 41),
        who="桥畔社区",
        what="不放心，原样再发一遍",
        client=qq_mail,
        sender="qiaopan2022@qq.example",
        subject="桥畔社区案例材料（压缩包）",
        text="老师您好，上午发的材料不知是否发送成功，再发一次，请查收。\n\n殿前街道桥畔社区居委会",
        files=material.zipped,
        expected=Expected("same_again", "same_again"),
    ),
    Scene(
        key="junk",
        at=_on(20, 16, 48),
        who="星澜社区",
        what="材料齐全，被归入垃圾箱",
        client=foxmail,
        sender="xinglan@heshan.example",
        subject="报送：星澜社区共治案例及照片",
        text="您好：\n现报送星澜社区案例《一根烟道引出的同盟》，类别为社区治理，附正文及照片5张，请查收。\n\n"
        "禾山街道星澜社区居委会\n联系人：蔡澜\n电话：0592-5550108",
        files=material.junk,
        folder="Junk",
        expected=Expected("accepted", "receipt"),
    ),
    Scene(
        key="late",
        at=_on(21, 0, 26),
        who="望湖社区",
        what="截止之后26分钟才到",
        client=mail_master,
        sender="wanghu_shequ@163.example",
        subject="望湖社区案例报送",
        text="实在抱歉，网络不好发晚了，望湖社区的案例和照片请收。\n金山街道望湖社区居委会 胡望 0592-5550109",
        files=material.late,
        expected=Expected("needs_human", "late"),
    ),
)
"""In the order of arrival; every kind of letter the service has to tell apart."""
