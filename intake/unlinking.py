"""Strangers' words written so that no mail program makes a link of them. Pure.

Mail programs look for links in plain text, and in the text of pages too. What they take for one differs: Outlook and
Thunderbird want `www.`, a scheme, an address or a share, web mail and phones are content with any name
that ends like a domain, and a file name can be one: `www.x.com案例.docx`, `案例.zip`. So nothing is looked up in a list
of domains: every dot a host name could have is written ．, but for those before the endings of files that are none.
"""

from __future__ import annotations

import re

_FILE_ENDINGS = (
    "docx?|docm|dotx|pdf|wp[st]|txt|rtf|od[tsp]|ofd|xlsx?|xlsm|csv|pptx?|dps|jpe?g|png|gif|bmp|tiff?|webp|hei[cf]|avif|raw"
    "|dng|svg|html?|mht|mhtml|xml|json|eml|msg|rar|7z|tar|gz|tgz|bz2|xz|mp[34]|m4a|avi|wmv|flv|mkv|wav|mpe?g|rmvb|webm|3gp"
    "|caj|ceb|uof|psd|jfif|emf|wmf|ico|pages|numbers|xmind|vsdx?|dwg|exe|bat|lnk|ini|log|tmp|bak|dat|ics|vcf|p7[ms]"
)
"""None of them is a top-level domain, which .zip, .et, .dot, .mov, .ps, .ai and .md are. Source: the root zone of 2026."""

_HOST_DOT = re.compile(rf"(?<=[^\W_])[.](?!(?:{_FILE_ENDINGS})(?![A-Za-z0-9-]))(?=[A-Za-z][A-Za-z0-9-])", re.IGNORECASE)
_CHINESE_ENDINGS = (
    "世界|中信|中国|中國|中文网|亚马逊|企业|佛山|信息|健康|八卦|公司|公益|台湾"
    "|台灣|商城|商店|商标|嘉里|嘉里大酒店|在线|大拿|天主教|娱乐|家電|广东|微博"
    "|慈善|我爱你|手机|招聘|政务|政府|新加坡|新闻|时尚|書籍|机构|淡马锡|游戏"
    "|澳門|澳门|点看|移动|组织机构|网址|网店|网站|网络|联通|臺灣|谷歌|购物|通販"
    "|集团|電訊盈科|飞利浦|食品|餐厅|香格里拉|香港"
)
"""The top-level domains in Chinese script. Source: the root zone of 2026."""
_CHINESE_DOT = re.compile(
    rf"(?<=[^\W\d_])[.](?=[^\W\d_A-Za-z])|(?<=\d)[.](?=(?:{_CHINESE_ENDINGS})(?![^\W_]))", re.IGNORECASE
)
"""Domains may be Chinese at both ends (案例.中国); 1.背景 is a numbered heading."""
_FIRST_LABEL = re.compile(r"(www\d{0,2}|(?<![A-Za-z0-9])(?:wap|ftp|mail|web))[.]", re.IGNORECASE)
"""Taken for a host whatever follows."""
_NUMERIC_HOST = re.compile(r"(?<![\d.])\d{1,3}(?:[.]\d{1,3}){3}(?![\d.])")
_SCHEME = re.compile(r"(?<![A-Za-z])([A-Za-z][A-Za-z0-9+.-]{1,15}):(?!\s)")

_MAKES_LINKS = frozenset("@\\:/.")
"""Without one of them nothing becomes a link."""


def unlink(text: str) -> str:
    """`text` with what makes a link written in full width: ． of hosts, ： of schemes, ＠, ／／ and ＼＼; as long as before."""
    if _MAKES_LINKS.isdisjoint(text):
        return text
    text = text.replace("@", "＠").replace("\\\\", "＼＼").replace("://", "：／／").replace("//", "／／")
    text = _SCHEME.sub(r"\1：", text)
    text = _FIRST_LABEL.sub(r"\1．", text)
    text = _NUMERIC_HOST.sub(lambda host: host.group().replace(".", "．"), text)
    return _CHINESE_DOT.sub("．", _HOST_DOT.sub("．", text))
