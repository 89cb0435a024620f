"""A labelled set: answers and forwards as programs in daily use write them, plain and HTML; what is new, old and signature.

Layouts as the programs write them (2022 to 2024); names, addresses and words are invented.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.letter_reading import headed, read_raw

NEW = "老师好，材料已按要求补充，请查收。\n\n另附照片三张。"
OLD = "金安社区：\n请补充“推广价值”部分。\n湖里区民政局"

PLAIN = {
    "qq in the browser": '------------------ 原始邮件 ------------------\n发件人: "征集邮箱" <anli@example.org>;\n发送时间: 2022年12月5日(星期一) 上午9:30\n收件人: "金安社区"<jinan@qq.com>;\n主题: 材料补充完善提示\n\n{old}',
    "qq on a phone": '---Original---\nFrom: "征集邮箱"<anli@example.org>\nDate: Mon, Dec 5, 2022 09:30 AM\nTo: "金安社区"<jinan@qq.com>;\nSubject: 材料补充完善提示\n\n{old}',
    "qq since 2023": '金安社区\njinan@qq.com\n\n\n\n------------------ 原始邮件 ------------------\n发件人: "征集邮箱" <anli@example.org>;\n主题: 提示\n\n{old}',
    "exmail": '------------------ Original ------------------\nFrom:  "征集邮箱"<anli@example.org>;\nDate:  Mon, Dec 5, 2022 09:30 AM\nTo:  "金安社区"<jinan@qq.com>;\nSubject:  材料补充完善提示\n\n{old}',
    "netease in the browser": 'At 2022-12-05 09:30:00, "征集邮箱" <anli@example.org> wrote:\n>{marked}',
    "netease in Chinese": '在 2022-12-05 09:30:00，"征集邮箱" <anli@example.org> 写道：\n>{marked}',
    "netease 2023": "---- 回复的原邮件 ----\n| 发件人 | 征集邮箱<anli@example.org> |\n| 发送日期 | 2022年12月05日 09:30 |\n| 收件人 | 金安社区<jinan@163.com> |\n| 主题 | 材料补充完善提示 |\n{old}",
    "mail master": "---- 回复的原邮件 ----\n| 发件人 | 征集邮箱<anli@example.org> |\n| 日期 | 2022年12月05日 09:30 |\n| 收件人 | jinan<jinan@163.com> |\n| 抄送至 | |\n| 主题 | 提示 |\n{old}",
    "mail master forwards": "---- 转发的原邮件 ----\n| 发件人 | 征集邮箱<anli@example.org> |\n| 日期 | 2022年12月05日 09:30 |\n| 收件人 | jinan<jinan@163.com> |\n| 主题 | 提示 |\n{old}",
    "foxmail": "\n金安社区居委会\n \n发件人： 征集邮箱\n发送时间： 2022-12-05 09:30\n收件人： 金安社区\n抄送： 街道\n主题： 材料补充完善提示\n{old}",
    "outlook": "发件人: 征集邮箱 <anli@example.org> \n发送时间: 2022年12月5日 9:30\n收件人: 金安社区 <jinan@qq.com>\n主题: 材料补充完善提示\n\n{old}",
    "outlook with its ruler": "_____  \n\n发件人: 征集邮箱 <anli@example.org>\n发送时间: 2022年12月5日 9:30\n收件人: 金安社区\n主题: 提示\n\n{old}",
    "outlook on a phone": "________________________________\n发件人: 征集邮箱 <anli@example.org>\n发送时间: Monday, December 5, 2022 9:30:00 AM\n收件人: jinan@qq.com <jinan@qq.com>\n主题: 提示\n\n{old}",
    "windows mail": "发件人: 征集邮箱<mailto:anli@example.org>\n发送时间: 2022年12月5日 9:30\n收件人: 金安社区<mailto:jinan@qq.com>\n主题: 提示\n\n{old}",
    "outlook in English": "-----Original Message-----\nFrom: Anli <anli@example.org> \nSent: Monday, December 5, 2022 9:30 AM\nTo: Jinan <jinan@qq.com>\nSubject: Notice\n\n{old}",
    "iphone": "> 在 2022年12月5日，09:30，征集邮箱 <anli@example.org> 写道：\n> \n> \ufeff{marked}",
    "iphone in English": "> On Dec 5, 2022, at 09:30, Anli <anli@example.org> wrote:\n> \n> \ufeff{marked}",
    "mac": "> 2022年12月5日 09:30，征集邮箱 <anli@example.org> 写道：\n> \n> {marked}",
    "gmail": "征集邮箱 <anli@example.org> 于2022年12月5日周一 09:30写道：\n\n> {marked}",
    "gmail in English": "On Mon, Dec 5, 2022 at 9:30 AM 征集邮箱 <anli@example.org> wrote:\n\n> {marked}",
    "thunderbird": "在 2022/12/5 9:30, 征集邮箱 写道:\n> {marked}",
    "thunderbird in English": "On 2022/12/5 9:30, 征集邮箱 wrote:\n> {marked}",
    "huawei": "-------- 原始邮件 --------\n发件人： 征集邮箱 <anli@example.org>\n日期： 2022年12月5日周一 09:30\n收件人： jinan@qq.com\n主    题： 材料补充完善提示\n{old}",
    "xiaomi": '在 "征集邮箱" <anli@example.org>，2022年12月5日 09:30写道：\n{old}',
    "samsung": "-------- 原始信息 --------\n由： 征集邮箱 <anli@example.org>\n日期： 2022/12/5 09:30 (GMT+08:00)\n收件人： jinan@qq.com\n主题： 提示\n\n{old}",
    "139": '----邮件原文----\n发件人："征集邮箱" <anli@example.org>\n收 件 人：jinan <jinan@139.com>\n抄 送： (无)\n发送时间：2022-12-05 09:30:00\n主题：提示\n{old}',
    "189": "----- 原始邮件 -----\n发件人: 征集邮箱\n收件人: jinan\n时间: 2022年12月5日 09:30\n主题: 提示\n{old}",
    "sina": "----- 原始邮件 -----\n发件人：征集邮箱 <anli@example.org>\n收件人：jinan@sina.com\n主题：提示\n日期：2022年12月05日 09点30分\n\n{old}",
    "aliyun": "------------------------------------------------------------------\n发件人：征集邮箱 <anli@example.org>\n发送时间：2022年12月5日(星期一) 09:30\n收件人：jinan <jinan@aliyun.com>\n主　题：提示\n\n{old}",
    "coremail of a bureau": "> -----原始邮件-----\n> 发件人: 征集邮箱 <anli@example.org>\n> 发送时间: 2022-12-05 09:30:00 (星期一)\n> 收件人: jinan <jinan@xm.gov.cn>\n> 主题: 提示\n> \n> {marked}",
    "coremail without marks": "-----原始邮件-----\n发件人:征集邮箱 <anli@example.org>\n发送时间:2022-12-05 09:30:00 (星期一)\n收件人: jinan <jinan@xm.gov.cn>\n主题: 提示\n{old}",
    "sohu": '----- 原文 -----\n发件人："征集邮箱" <anli@example.org>\n收件人：jinan@sohu.com\n主 题：提示\n时 间：2022-12-05 09:30:00\n{old}',
    "yahoo": "---原始邮件---\n发件人: 征集邮箱 <anli@example.org>\n发送时间: 2022年12月5日\n收件人: jinan\n主题: 提示\n{old}",
    "feishu": "发件人: 征集邮箱<anli@example.org>\n时间: 2022年12月5日 (周一) 09:30\n主题: 提示\n收件人: 金安社区<jinan@qq.com>\n\n{old}",
    "traditional outlook": "寄件者: 徵集郵箱 <anli@example.org>\n寄件日期: 2022年12月5日 9:30\n收件者: 金安\n主旨: 提示\n\n{old}",
    "outlook with more fields": "发件人: 征集邮箱 <anli@example.org>\n答复: anli@example.org\n日期: 2022年12月5日 星期一 9:30\n收件人: 金安\n抄送: 街道\n主题: 提示\n\n{old}",
}  # fmt: skip

HTML = {
    "qq in the browser": '<div>{new}</div><div><br></div><div style="font-size: 12px;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef;"><div><b>发件人:</b>&nbsp;"征集邮箱" &lt;anli@example.org&gt;;</div><div><b>发送时间:</b>&nbsp;2022年12月5日(星期一) 上午9:30</div><div><b>收件人:</b>&nbsp;"金安"&lt;jinan@qq.com&gt;;</div><div><b>主题:</b>&nbsp;提示</div></div><div>{old}</div>',
    "qq 2024": '<div class="qmbox">{new}</div><div id="QMOriginDelimiter"></div><div xmail-quote="true"><div>原始邮件</div><div>发件人：征集邮箱 &lt;anli@example.org&gt;</div><div>发件时间：2022年12月5日 09:30</div><div>收件人：金安 &lt;jinan@qq.com&gt;</div><div>主题：提示</div><div>{old}</div></div>',
    "netease in the browser": '<div>{new}</div><p>At 2022-12-05 09:30:00, "征集邮箱" &lt;anli@example.org&gt; wrote:</p><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">{old}</blockquote>',
    "mail master": '<div>{new}</div><div class="ntes-mailmaster-quote"><div>---- 回复的原邮件 ----</div><table><tr><td>发件人</td><td>征集邮箱</td></tr><tr><td>日期</td><td>2022年12月05日</td></tr></table>{old}</div>',
    "foxmail": '<div>{new}</div><div><br></div><hr style="width: 210px;" align="left"><div><span><div>金安社区</div></span></div><blockquote style="margin-top: 0px;"><div>&nbsp;</div><div style="border-top:solid #B5C4DF 1.0pt;"><div style="background:#efefef;"><div><b>发件人：</b>&nbsp;<a href="mailto:anli@example.org">征集邮箱</a></div><div><b>发送时间：</b>&nbsp;2022-12-05&nbsp;09:30</div><div><b>收件人：</b>&nbsp;金安</div><div><b>主题：</b>&nbsp;提示</div></div></div><div>{old}</div></blockquote>',
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{new}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>发件人<span lang="EN-US">:</span></b> 征集邮箱 &lt;anli@example.org&gt;<br><b>发送时间<span>:</span></b> 2022年12月5日 9:30<br><b>收件人<span>:</span></b> 金安<br><b>主题<span>:</span></b> 提示</p></div><p class="MsoNormal">{old}</p></div>',
    "outlook on the web": '<div>{new}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>发件人:</b> 征集邮箱 &lt;anli@example.org&gt;<br><b>发送时间:</b> 2022年12月5日 9:30<br><b>收件人:</b> 金安<br><b>主题:</b> 提示</font></div><div>{old}</div>',
    "iphone": '<html><body>{new}<br><div dir="ltr">发自我的iPhone</div><div dir="ltr"><br><blockquote type="cite">在 2022年12月5日，09:30，征集邮箱 &lt;anli@example.org&gt; 写道：<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{old}</div></blockquote></body></html>',
    "gmail": '<div dir="ltr">{new}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">征集邮箱 &lt;<a href="mailto:anli@example.org">anli@example.org</a>&gt; 于2022年12月5日周一 09:30写道：<br></div><blockquote class="gmail_quote">{old}</blockquote></div>',
    "thunderbird": '<p>{new}</p><div class="moz-cite-prefix">在 2022/12/5 9:30, 征集邮箱 写道:<br></div><blockquote type="cite" cite="mid:1@example.org">{old}</blockquote>',
    "aliyun": '<div class="__aliyun_email_body_block"><div>{new}</div><blockquote style="margin-right:.0px;"><div>------------------------------------------------------------------</div><div>发件人：征集邮箱 &lt;anli@example.org&gt;</div><div>发送时间：2022年12月5日(星期一) 09:30</div><div>收件人：金安</div><div>主　题：提示</div><div>{old}</div></blockquote></div>',
    "feishu": '<div>{new}</div><div class="history-quote-wrapper"><div data-html-block="quote"><div><div class="adit-html-block adit-html-block--collapsed"><div><div>发件人: 征集邮箱&lt;anli@example.org&gt;</div><div>时间: 2022年12月5日 (周一) 09:30</div><div>主题: 提示</div><div>收件人: 金安</div></div></div><div>{old}</div></div></div></div>',
    "xiaomi": '<div>{new}</div><div class="mi_quote">在 "征集邮箱" &lt;anli@example.org&gt;，2022年12月5日 09:30写道：<br><blockquote class="quote">{old}</blockquote></div>',
}  # fmt: skip


@pytest.mark.parametrize("program", PLAIN)
def test_plain_answer_is_told_from_the_letter_it_answers(program: str, tmp_path: Path) -> None:
    quotation = PLAIN[program].format(old=OLD, marked=OLD.replace("\n", "\n> "))
    raw = headed("From: a@b.cn\nContent-Type: text/plain; charset=utf-8", f"{NEW}\n\n\n{quotation}\n")

    letter = read_raw(raw, tmp_path).letter

    assert letter.text == NEW + {"foxmail": "\n\n金安社区居委会"}.get(program, "")
    assert "请补充“推广价值”部分。" in letter.quoted
    assert letter.signature == {"qq since 2023": "金安社区\njinan@qq.com"}.get(program, "")


@pytest.mark.parametrize("program", HTML)
def test_html_answer_is_told_from_the_letter_it_answers(program: str, tmp_path: Path) -> None:
    new, old = NEW.replace("\n", "<br>"), OLD.replace("\n", "<br>")
    body = HTML[program].format(new=new, old=old)
    raw = headed("From: a@b.cn\nContent-Type: text/html; charset=utf-8", body)

    letter = read_raw(raw, tmp_path).letter

    assert letter.text == NEW + {"foxmail": "\n\n金安社区"}.get(program, "")
    assert "请补充“推广价值”部分。" in letter.quoted
    assert letter.signature == {"iphone": "发自我的iPhone"}.get(program, "")


@pytest.mark.parametrize("program", sorted(PLAIN.keys() - {"foxmail", "qq since 2023"}))  # those put a name above
def test_forward_without_a_word_is_all_history(program: str, tmp_path: Path) -> None:
    quotation = PLAIN[program].format(old=OLD, marked=OLD.replace("\n", "\n> ")).lstrip("\n")
    raw = headed("From: a@b.cn\nContent-Type: text/plain; charset=utf-8", quotation)

    letter = read_raw(raw, tmp_path).letter

    assert letter.text == ""
    assert "请补充“推广价值”部分。" in letter.quoted
