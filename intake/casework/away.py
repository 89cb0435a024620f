"""Holiday notices and acknowledgements that people let their mailbox send, known by their words alone. Pure.

One such phrase proves nothing: people write that they travel, and that they will answer soon. Two that belong
together, in a short letter that neither asks anything nor speaks of a submission, are a notice.

Source: notices of QQ Mail, NetEase and Outlook mailboxes as they stand, by the hundred, below public discussions that
answer by mail, and the templates the services offer.
"""

from __future__ import annotations

import re

from intake.casework.wording import plain, quote
from parsers.facts import LetterFacts

_LONGEST_NOTICE = 400
"""Characters. A longer text has an author."""

_AWAY = re.compile(
    r"(休|度|放|年|病|产|请|寒|暑|春节|国庆|长)假|出差|外出|出国|培训|学习中|不在(办公室|岗|单位|公司)|离岗|退休|离职|调离"
    r"|out of (the )?office|away from (the|my) (office|desk)|on (annual |sick |maternity )?(leave|vacation|holiday)"
)
_UNABLE = re.compile(
    r"(无法|不能|未能|难以|不便|没有办法|可能不).{0,12}(回复|查看|查收|处理|回信|答复|收发)"
    r"|(回复|处理|查收|查看|收发)(邮件)?.{0,8}(不及时|延迟|延误|较慢|稍慢)"
    r"|(limited|no) access to|unable to (read|respond|reply|answer|check)"
)
_BACK = re.compile(
    r"(返回|返岗|恢复(上班|办公|正常)|回来(之)?后|回到(办公室|单位)|(假期|休假|出差|培训)结束(?!了)|上班后)|预计.{0,16}(返|回|处理)"
    r"|will (return|be back|be returning)|i will be out of|back (in the office |at work )?(on|by)"
)
_INSTEAD = re.compile(
    r"(紧急|急事|急件|加急|有急|要事|重要事).{0,24}(联系|致电|拨打|电话|来电|短信|微信)|请(拨打|致电|电话联系|联系我的同事)"
    r"|(urgent|immediate|emergenc).{0,60}(contact|call|reach|phone)"
)
_ARRIVED = re.compile(
    r"(邮件|来信|来函|信件|e-?mail|message|letter).{0,8}(已|我已|我们已|本人已)?经?.{0,2}(收到|收悉|发送到|received|送达)"
    r"|(收到|收悉)(了)?(您|你)的(邮件|来信|来函|信件)"
    r"|(谢|感谢)(您|你)?(的)?(来信|来函|邮件|来邮)|(received|thank you for|thanks for) your (e-?mail|message|letter)"
    r"|thank you for contacting"
)
_LATER = re.compile(
    r"(尽快|尽早|稍后|第一时间|随后|个工作日内|阅读后|看到(邮件)?后|收到后|有空).{0,16}(回复|答复|处理|查看|回信|联系|阅读|查阅)"
    r"|(as soon as (possible|i can|we can)|shortly|within .{1,24} (days?|hours?)).{0,20}|get back to you"
)
_MOVED = re.compile(
    r"(邮箱|邮件地址|e-?mail address).{0,8}(已|将)?.{0,3}(停用|不再使用|不再启用|废弃|弃用|注销|no longer)"
    r"|请(您)?将?(邮件)?(改?发送?|寄)(至|到)(我的)?新(的)?(邮箱|地址)"
)
_OF_A_SUBMISSION = re.compile(
    r"案例|照片|图片|附件|材料|报送|征集|报名|补充|修改|撤回|投诉|举报|字数|稿|问题|请问|吗|能否|可否|怎么|什么|多少|[?]"
    r"|attach|photo|picture|submission|draft"
)


def notice_of_absence(letter: LetterFacts) -> str | None:
    """The words that show the letter to be a holiday notice or an acknowledgement; None when it may be a person's."""
    if len(letter.text.strip()) > _LONGEST_NOTICE:
        return None
    text = plain(letter.text)
    if _OF_A_SUBMISSION.search(text):
        return None
    away, unable, back, instead = (pattern.search(text) for pattern in (_AWAY, _UNABLE, _BACK, _INSTEAD))
    later = _LATER.search(text)
    pairs = (
        (away, unable or back or instead),
        (unable, instead or later or back),
        (_ARRIVED.search(text), later or instead),
        (_MOVED.search(text), True),
    )
    return quote(letter.text) if any(one and other for one, other in pairs) else None
