"""Files that a letter only links to: what the share texts of mail services and drives tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.parsers.letter.linked_files import ENDS, NETEASE_URL, QQ_URL, told

# --- share texts, one for each provider


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"从QQ邮箱发来的超大附件\n\n案例照片.zip (128.03M, 2022年12月20日 10:12 到期)进入下载页面：{QQ_URL}",
            {
                "provider": "qq_mail",
                "url": QQ_URL,
                "name": "案例照片.zip",
                "size_bytes": 134_249_185,
                "expires_at": ENDS,
                "expires_said": "2022年12月20日 10:12 到期",
            },
        ),
        (
            f"從QQ郵箱發來的超大附件\n案例照片.zip (128.03M, 2022年12月20日 10:12 到期)\n進入下載頁面：{QQ_URL}",
            {
                "provider": "qq_mail",
                "url": QQ_URL,
                "name": "案例照片.zip",
                "size_bytes": 134_249_185,
                "expires_at": ENDS,
                "expires_said": "2022年12月20日 10:12 到期",
            },
        ),
        (
            "檔案名稱：案例.docx\n連結：https://pan.baidu.com/s/1AbCdEf 提取碼：ab12",
            {"provider": "baidu_pan", "url": "https://pan.baidu.com/s/1AbCdEf", "name": "案例.docx", "code": "ab12"},
        ),
        (
            "附件\nhttps://wx.mail.qq.com/ftn/download?func=3&key=QQKEY&code=abc",
            {"provider": "qq_mail", "url": "https://wx.mail.qq.com/ftn/download?func=3&key=QQKEY&code=abc"},
        ),
        (
            f"从腾讯企业邮箱发来的超大附件\n案例.rar (65.38M, 无限期)\n进入下载页面：{QQ_URL}",
            {
                "provider": "exmail",
                "url": QQ_URL,
                "name": "案例.rar",
                "size_bytes": 68_555_899,
                "expires_said": "无限期",
            },
        ),
        (
            f"从网易126邮箱发来的云附件\n案例.zip (5.6 MB, 2022-12-20 10:12 到期)\n下载:{NETEASE_URL}",
            {
                "provider": "netease_mail",
                "url": NETEASE_URL,
                "name": "案例.zip",
                "size_bytes": 5_872_026,
                "expires_at": ENDS,
                "expires_said": "2022-12-20 10:12 到期",
            },
        ),
        (
            "案例.mp4\nhttps://dashi.163.com/html/cloud-attachment-download/?key=NETEASEKEY",
            {
                "provider": "dashi_163",
                "url": "https://dashi.163.com/html/cloud-attachment-download/?key=NETEASEKEY",
                "name": "案例.mp4",
            },
        ),
        (
            "https://mail.sina.com.cn/filecenter/download.php?id=abc",
            {"provider": "sina_mail", "url": "https://mail.sina.com.cn/filecenter/download.php?id=abc"},
        ),
        (
            "通过网盘分享的文件：金安社区案例.zip\n链接: https://pan.baidu.com/s/1AbCdEf?pwd=ab12 提取码: ab12 \n--来自百度网盘超级会员v5的分享",
            {
                "provider": "baidu_pan",
                "url": "https://pan.baidu.com/s/1AbCdEf?pwd=ab12",
                "name": "金安社区案例.zip",
                "code": "ab12",
            },
        ),
        (
            "链接：https://pan.baidu.com/s/1AbCdEf \n提取码：zz99 \n复制这段内容后打开百度网盘手机App，操作更方便哦",
            {"provider": "baidu_pan", "url": "https://pan.baidu.com/s/1AbCdEf", "code": "zz99"},
        ),
        (
            "「案例」https://www.alipan.com/s/abcdefg 提取码: 1a2b 点击链接保存，或者复制本段内容，打开「阿里云盘」APP ，无需下载极速在线查看",
            {"provider": "aliyun_drive", "url": "https://www.alipan.com/s/abcdefg", "name": "案例", "code": "1a2b"},
        ),
        (
            "我用夸克网盘给你分享了「网格治理材料」，点击链接或复制整段内容，打开「夸克APP」即可获取。\n/~5b2d37q1X8~:/\n链接：https://pan.quark.cn/s/0123456789ab\n提取码：Rk2s",
            {
                "provider": "quark",
                "url": "https://pan.quark.cn/s/0123456789ab",
                "name": "网格治理材料",
                "code": "Rk2s",
            },
        ),
        (
            "案例材料 https://cloud.189.cn/t/AbCdEfGh（访问码：m6ih）",
            {"provider": "tianyi", "url": "https://cloud.189.cn/t/AbCdEfGh", "name": "案例材料", "code": "m6ih"},
        ),
        (
            "链接：https://caiyun.139.com/m/i?1A5C提取码:Qm7P  复制内容打开中国移动云盘手机APP，操作更方便哦",
            {"provider": "139_cloud", "url": "https://caiyun.139.com/m/i?1A5C", "code": "Qm7P"},
        ),
        (
            "分享文件：案例.zip 链接: https://yun.139.com/shareweb/#/w/i/2nQQabc 提取码:abcd 复制内容打开移动云盘PC客户端",
            {
                "provider": "139_cloud",
                "url": "https://yun.139.com/shareweb/#/w/i/2nQQabc",
                "name": "案例.zip",
                "code": "abcd",
            },
        ),
        (
            "微云文件分享：照片.rar下载地址：https://share.weiyun.com/AbCd12 密码：8sd9k2",
            {"provider": "weiyun", "url": "https://share.weiyun.com/AbCd12", "name": "照片.rar", "code": "8sd9k2"},
        ),
        (
            "【腾讯文档】金安社区网格治理案例\nhttps://docs.qq.com/doc/DABCDEF",
            {"provider": "tencent_docs", "url": "https://docs.qq.com/doc/DABCDEF", "name": "金安社区网格治理案例"},
        ),
        (
            "【金山文档 | WPS云文档】 金安社区案例.docx\nhttps://kdocs.cn/l/cabcDEF1234",
            {"provider": "kdocs", "url": "https://kdocs.cn/l/cabcDEF1234", "name": "金安社区案例.docx"},
        ),
        (
            "案例.docx https://drive.wps.cn/view/l/sabc123",
            {"provider": "wps", "url": "https://drive.wps.cn/view/l/sabc123", "name": "案例.docx"},
        ),
        (
            "https://huli.feishu.cn/file/boxcnAbCdEf",
            {"provider": "feishu", "url": "https://huli.feishu.cn/file/boxcnAbCdEf"},
        ),
        ("https://drive.weixin.qq.com/s?k=AJEA", {"provider": "wecom", "url": "https://drive.weixin.qq.com/s?k=AJEA"}),
        (
            "https://alidocs.dingtalk.com/i/nodes/AbCdEf",
            {"provider": "dingtalk", "url": "https://alidocs.dingtalk.com/i/nodes/AbCdEf"},
        ),
        (
            "照片.zip https://www.wenshushu.cn/f/abc123def 7天内有效",
            {
                "provider": "wenshushu",
                "url": "https://www.wenshushu.cn/f/abc123def",
                "name": "照片.zip",
                "expires_at": datetime(2022, 12, 17, 1, 0, tzinfo=UTC),
                "expires_said": "7天内有效",
            },
        ),
        (
            "链接：https://cowtransfer.com/s/0123abcd 点击链接查看 [ 案例照片.zip ] ，或访问奶牛快传 cowtransfer.com 输入传输口令 t2k9ab 查看；",
            {
                "provider": "cowtransfer",
                "url": "https://cowtransfer.com/s/0123abcd",
                "name": "案例照片.zip",
                "code": "t2k9ab",
            },
        ),
        (
            "照片 https://1drv.ms/u/s!AbCdEf?e=1",
            {"provider": "outlook_onedrive", "url": "https://1drv.ms/u/s!AbCdEf?e=1", "name": "照片"},
        ),
        (
            "https://drive.google.com/file/d/1AbC/view?usp=sharing",
            {"provider": "gmail_drive", "url": "https://drive.google.com/file/d/1AbC/view?usp=sharing"},
        ),
        (
            "我社区的案例已在公众号发布，正文见 https://mp.weixin.qq.com/s/AbCdEf_123",
            {"provider": "wechat_article", "url": "https://mp.weixin.qq.com/s/AbCdEf_123"},
        ),
        (
            "https://wwab.lanzoum.com/iAbCd12 密码:9x8y",
            {"provider": "other", "url": "https://wwab.lanzoum.com/iAbCd12", "code": "9x8y"},
        ),
        (
            "材料已上传，下载地址 https://files.example.org/x/y 提取码：abcd，有效期至2022年12月31日",
            {
                "provider": "other",
                "url": "https://files.example.org/x/y",
                "code": "abcd",
                "expires_at": datetime(2022, 12, 31, 16, 0, tzinfo=UTC),
                "expires_said": "有效期至2022年12月31日",
            },
        ),
    ],
    ids=lambda value: value["provider"] if isinstance(value, dict) else "",
)
def test_share_text_of_each_provider_tells_what_it_states(text: str, expected: dict[str, object]) -> None:
    found = told(text)

    assert found == [expected]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我给您分享了【案例材料】文件夹, 链接:https://www.123pan.com/s/AbCd-EfGh", "案例材料"),
        ("文叔叔发送了文件：照片.zip\nhttps://f.ws59.cn/f/abc123 复制链接到浏览器打开", "照片.zip"),
        ("案例《小网格》word版 https://www.kdocs.cn/l/cq1w2e3r4t5y", "案例《小网格》word版"),
        ("文件名称：案例.docx\n分享链接：https://share.weiyun.com/abcd123", "案例.docx"),
        ("照片和文字都放到企业微信微盘了：https://drive.weixin.qq.com/s?k=ABCDE 请查收", ""),
        ("分享一个文件给你 https://www.jianguoyun.com/p/DabcXYZ", ""),
        ("现将材料发送如下 https://pan.baidu.com/s/1AbCdEf", ""),
        ("各位老师：我社区案例已上传腾讯微云 https://share.weiyun.com/xyz", ""),
    ],
)
def test_name_is_what_names_the_file_and_not_the_sentence_around_it(text: str, name: str) -> None:
    (found,) = told(text)

    assert found.get("name", "") == name


def test_several_shares_keep_their_own_names_and_codes() -> None:
    text = (
        "文字材料.docx\n链接：https://pan.baidu.com/s/1One\n提取码：aaaa\n\n"
        "现场照片.zip\n链接：https://pan.baidu.com/s/1Two\n提取码：bbbb"
    )

    found = told(text)

    assert [(share["name"], share["code"]) for share in found] == [("文字材料.docx", "aaaa"), ("现场照片.zip", "bbbb")]


def test_code_in_the_subject_belongs_to_the_only_share() -> None:
    found = told("https://pan.baidu.com/s/1AbCdEf", subject="案例报送（提取码 k8j7）")

    assert [share["code"] for share in found] == ["k8j7"]


def test_password_of_the_archive_is_not_the_code_of_the_share() -> None:
    found = told("https://pan.baidu.com/s/1AbCdEf\n解压密码：123456")

    assert found == [{"provider": "baidu_pan", "url": "https://pan.baidu.com/s/1AbCdEf"}]


def test_row_whose_link_was_lost_on_the_way_to_plain_text_is_told_without_address() -> None:
    found = told("从腾讯企业邮箱发来的超大附件\n案例照片.zip (86.2M, 2022年12月20日到期)\n进入下载页面")

    assert found == [
        {
            "provider": "exmail",
            "name": "案例照片.zip",
            "size_bytes": 90_387_251,
            "expires_at": datetime(2022, 12, 20, 16, 0, tzinfo=UTC),
            "expires_said": "2022年12月20日到期",
        }
    ]


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("2022年12月20日 10:12 到期", ENDS),
        ("2022年12月20日(星期二) 上午10:12 到期", ENDS),
        ("2022年12月20日（星期二）下午 3:05 过期", datetime(2022, 12, 20, 7, 5, tzinfo=UTC)),
        ("2022-12-20 10:12 失效", ENDS),
        ("有效期至 2022/12/20 10:12", ENDS),
        ("Expires on Dec 20, 2022 10:12", ENDS),
        ("有效期：3天", datetime(2022, 12, 13, 1, 0, tzinfo=UTC)),
        ("72小时后失效", datetime(2022, 12, 13, 1, 0, tzinfo=UTC)),
        ("12月20日10:12到期", ENDS),
        ("1月3日到期", datetime(2023, 1, 3, 16, 0, tzinfo=UTC)),
        ("2022年13月45日到期", None),
        ("永久有效", None),
    ],
)
def test_end_of_a_share_is_read_however_it_is_written(said: str, ends: datetime | None) -> None:
    (found,) = told(f"https://pan.baidu.com/s/1AbCdEf {said}")

    assert found.get("expires_at") == ends
