"""Files that a letter only links to: mail services' blocks, history, forwards, and what is no share."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.letter.share_providers import provider_of, unwrapped
from tests.letter_reading import read_raw
from tests.letters import CLIENTS, Draft, foxmail, netease_web, outlook, plain_letter, qq_mail
from tests.parsers.letter.linked_files import ENDS, NETEASE_URL, QQ_URL, bare, told, told_html

# --- HTML as mail services write it


QQ_BLOCK = f"""
<div id="QQMailBigAttach" style="clear:both"><div><b>从QQ邮箱发来的超大附件</b></div><div>
<div><a href="{QQ_URL.replace("&", "&amp;")}"><img src="https://res.mail.qq.com/zip.gif"></a></div>
<div><div class="name_big"><a href="{QQ_URL.replace("&", "&amp;")}">案例照片.zip</a>
<span style="color:#a0a0a0"> (86.21M, 2022年12月20日 10:12 到期)</span></div>
<div class="down_big"><a href="{QQ_URL.replace("&", "&amp;")}">进入下载页面</a></div></div></div></div>"""
OLD_QQ_BLOCK = f"""
<div id="QQMailBigAttach"><hr id="source"><b>从QQ邮箱发来的超大附件</b><br>
<span class="qqmailbgattach" expiretime="1671502320" downloadlink="{QQ_URL.replace("&", "&amp;")}"><a
 href="{QQ_URL.replace("&", "&amp;")}">案例照片.zip</a><span> (86.21M, 2022年12月20日 10:12 到期)</span></span></div>"""
NETEASE_BLOCK = f"""
<div id="divNeteaseBigAttach"><div><b>从网易163邮箱发来的超大附件</b>
<a class="bigattach-mailmaster-download" href="http://u.163.com/RcUwvU56g?spm=pos">推荐客户端极速下载</a></div>
<div><div style="float:left"><a href="{NETEASE_URL}"></a></div><div><div>
<a href="{NETEASE_URL}" expiretime="1671502320000" filesize="90397737" filename="案例照片.zip" download="{NETEASE_URL}">案例照片.zip</a>
<span style="color:#bbb"> (86.21M, 2022年12月20日 10:12 到期)</span></div><div><a href="{NETEASE_URL}">下载</a></div></div></div></div>"""
SEEN = {
    "name": "案例照片.zip",
    "size_bytes": 90_397_737,
    "expires_at": ENDS,
    "expires_said": "2022年12月20日 10:12 到期",
}


@pytest.mark.parametrize(
    ("block", "provider", "url"),
    [
        (QQ_BLOCK, "qq_mail", QQ_URL),
        (OLD_QQ_BLOCK, "qq_mail", QQ_URL),
        (QQ_BLOCK.replace("QQ邮箱", "腾讯企业邮箱"), "exmail", QQ_URL),
        (NETEASE_BLOCK, "netease_mail", NETEASE_URL),
    ],
    ids=["qq", "old qq", "exmail", "netease"],
)
def test_block_of_a_mail_service_is_one_share_with_all_it_states(block: str, provider: str, url: str) -> None:
    found = told_html(f"<div>附件请查收。</div>{block}")

    assert found == [{"provider": provider, "url": url, **SEEN}]


def test_enterprise_netease_attributes_tell_name_and_size() -> None:
    url = "https://edisk.qiye.163.com/api/biz/attachment/download?identity=6606e7"
    block = (
        '<div id="divNeteaseSiriusCloudAttach"><b>从网易企业邮箱发来的云附件</b>'
        f'<a class="divNeteaseSiriusCloudAttachItem" href="{url}" download="{url}" file-name="案例.zip" file-size="95397296"'
        ' expired="0">案例.zip</a></div>'
    )

    assert told_html(block) == [{"provider": "netease_mail", "url": url, "name": "案例.zip", "size_bytes": 95_397_296}]


def test_mail_drop_tells_name_size_and_end_inside_its_address() -> None:
    inner = "https%3A%2F%2Fcvws.icloud-content.com%2FB%2FAUy%2F%24%7Bf%7D%3Fo%3DAr%26v%3D1%26e%3D1671502320%26fl%3D"
    url = f"https://www.icloud.com/attachment/?u={inner}&uk=Xy&f=IMG_0021.zip&sz=46893402"

    found = told_html(f'<div>Click to Download</div><a href="{url}"><img></a>')

    assert found == [
        {"provider": "icloud", "url": url, "name": "IMG_0021.zip", "size_bytes": 46_893_402, "expires_at": ENDS}
    ]


def test_link_behind_a_warning_page_is_told_by_where_it_leads() -> None:
    wrapped = "https://apc01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpan.baidu.com%2Fs%2F1AbCdEf&data=05"

    assert unwrapped(wrapped) == "https://pan.baidu.com/s/1AbCdEf"
    assert told_html(f'<a href="{wrapped}">案例.zip</a>') == [
        {"provider": "baidu_pan", "url": "https://pan.baidu.com/s/1AbCdEf", "name": "案例.zip"}
    ]


def test_block_that_names_a_service_but_leads_elsewhere_is_not_taken_for_that_service() -> None:
    found = told_html(QQ_BLOCK.replace("http://mail.qq.com/cgi-bin", "http://mail-qq.evil.example/cgi-bin"))

    assert [share["provider"] for share in found] == ["other"]


def test_plain_text_and_html_of_one_letter_complete_each_other(tmp_path: Path) -> None:
    plain = "案例报送。\n从QQ邮箱发来的超大附件\n案例照片.zip (86.21M, 2022年12月20日 10:12 到期)"

    letter = read_raw(qq_mail(Draft(text=plain, html=f"<div>案例报送。</div>{QQ_BLOCK}")), tmp_path).letter

    assert bare(letter.shares) == [{"provider": "qq_mail", "url": QQ_URL, **SEEN}]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_share_survives_every_mail_programs_way_of_writing(client: object, tmp_path: Path) -> None:
    assert callable(client)
    text = "链接: https://pan.baidu.com/s/1AbCdEf?pwd=ab12 提取码: ab12"

    letter = read_raw(client(Draft(text=text)), tmp_path).letter

    assert [(share.provider, share.url, share.code) for share in letter.shares] == [
        ("baidu_pan", "https://pan.baidu.com/s/1AbCdEf?pwd=ab12", "ab12")
    ]


# --- history, forwards, signatures


QUOTED = """修改稿见附件。

------------------ 原始邮件 ------------------
发件人: "征集邮箱" <anli@example.org>;
发送时间: 2022年12月1日(星期四) 上午10:00
收件人: "金安社区" <jinan@qq.com>;
主题: 案例征集

模板: https://pan.baidu.com/s/1Template 提取码: tttt
"""


def test_share_in_quoted_history_is_no_new_one() -> None:
    assert told(QUOTED, subject="回复：案例征集") == []


def test_share_in_a_forwarded_letter_is_the_material() -> None:
    assert [share["url"] for share in told(QUOTED, subject="转发：案例征集")] == ["https://pan.baidu.com/s/1Template"]


def test_own_services_block_below_the_history_is_new() -> None:
    text = f"{QUOTED}\n\n从QQ邮箱发来的超大附件\n\n案例.zip (1.5M, 2022年12月20日 10:12 到期)进入下载页面：{QQ_URL}"

    mine = told(text, subject="回复：案例征集", address="jinan@qq.com")
    theirs = told(text, subject="回复：案例征集", address="jinan@163.com")

    assert ([share["name"] for share in mine], theirs) == (["案例.zip"], [])


def test_share_behind_quotation_marks_stays_old_whoever_writes() -> None:
    text = f"> 从QQ邮箱发来的超大附件\n> 案例.zip (1.5M, 2022年12月20日 10:12 到期)\n> {QQ_URL}\n\n已收到。"

    assert told(text, subject="回复：案例") == []


def test_block_after_the_signature_is_found() -> None:
    text = f"请查收。\n\n-- \n金安社区\n电话：0592-1234567\n\n从QQ邮箱发来的超大附件\n案例.zip (1.5M, 无限期)\n{QQ_URL}"

    assert [share["name"] for share in told(text)] == ["案例.zip"]


# --- what is no share


@pytest.mark.parametrize(
    "text",
    [
        "金安社区\n网址：http://www.xmhuli.gov.cn/\n电话：0592-1234567",
        "请登录 https://mail.qq.com 查收，或访问 https://pan.baidu.com 下载客户端",
        "邮箱大师客户端下载 https://mail.163.com/dashi/dlpro.html?from=mail81",
        "退订请点 https://list.example.com/unsubscribe?u=1&id=2",
        "请填写 https://docs.qq.com/form/page/DABCDEF",
        "报名问卷 https://wj.qq.com/s2/123/abc/ ，截止时间：2022年12月20日",
        "媒体报道：https://mp.weixin.qq.com/s/AbCdEf_123",
        "欢迎关注我们的公众号 https://mp.weixin.qq.com/s/AbCdEf_123",
        "系统登录地址 https://oa.example.gov.cn/login 密码：abc123",
        "会议链接：https://meeting.tencent.com/dm/AbCdEf 会议密码：123456",
        "附件较大，已发网盘，稍后补链接。",
        "https://pan.baidu.com.evil.example/s/1AbCdEf",
        "https://evil.example/?u=https://pan.baidu.com/s/",
        "超大附件无法发送怎么办？",
        "",
    ],
)
def test_ordinary_links_and_words_are_no_share(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("client", [qq_mail, netease_web, foxmail, outlook, plain_letter], ids=lambda c: c.__name__)
def test_letter_with_attachments_alone_has_no_share(client: object, tmp_path: Path) -> None:
    assert callable(client)

    assert read_raw(client(Draft()), tmp_path).letter.shares == ()


@pytest.mark.parametrize(
    "url",
    ["", "https://", "http://[::1", "javascript:alert(1)", "https://pan.baidu.com/s/" + "a" * 3000, "http://\u202e/s/"],
)
def test_odd_addresses_belong_to_nobody_and_break_nothing(url: str) -> None:
    assert (provider_of(url), unwrapped(url)) == (None, url)


def test_hostile_text_of_many_links_ends_with_a_bounded_number() -> None:
    text = "\n".join(f"案例{n}.zip (1M, 2022年12月20日到期) https://pan.baidu.com/s/1{n:05d}" for n in range(5_000))

    assert len(told(text)) == 100


@pytest.mark.parametrize("text", ["(" * 50_000, "从" * 50_000, "「" * 30_000, "a.zip (1" * 9_000, "有效期" * 20_000])
def test_hostile_lines_end_in_a_value(text: str) -> None:
    assert told(f"{text}\nhttps://pan.baidu.com/s/1AbCdEf")[0]["url"] == "https://pan.baidu.com/s/1AbCdEf"


CORPUS = Path(__file__).parents[4] / "shared" / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_no_letter_of_the_collection_has_a_share(tmp_path: Path) -> None:
    """A person has looked at all links of its letters: none offers a file."""
    paths = [path for name in ("email", "email_dsn") for path in sorted((CORPUS / name).iterdir())]

    found = [path.name for path in paths if path.stat().st_size and read_raw(path.read_bytes(), tmp_path).letter.shares]

    assert (len(paths) > 400, found) == (True, [])
