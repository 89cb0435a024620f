"""Mail services' own blocks of large attachments: the line that opens one, and whose it is. Pure."""

from __future__ import annotations

import re

from parsers.facts import ShareProvider
from parsers.letter.share_words import row_of

HEADING = re.compile(
    r"(?:从|從|由|來自|来自)\s*+(?P<who>[^，。\n]{0,20}?)\s*+(?:发来|發來|寄来|寄來|发送|發送|传送)的?\s*+(?:超大附件|云附件|雲附件|雲端附件|大附件)|"
    r"^\W*+(?P<mine>[^，。\n]{0,16}?)(?:超大附件|云附件|雲端附件|文件中转站)\W{0,3}(?:[(（]?\d+\s*+个?[)）]?)?\W*$|"
    r"(?:large|oversized?|big|cloud) attachments?\s+(?:sent\s+)?from\s+(?P<from>[\w ]{2,24})|"
    r"Mail ?Drop",
    re.IGNORECASE,
)
_LONGEST_HEADING = 240
_SERVICES: tuple[tuple[ShareProvider, str, str], ...] = (
    ("exmail", r"腾讯企业|騰訊企業|企业微信|exmail|wecom", ""),
    ("qq_mail", r"qq|foxmail|腾讯|騰訊", r"(?:.*\.)?(?:qq|foxmail)\.com"),
    ("netease_mail", r"网易|網易|163|126|yeah|netease", r"(?:.*\.)?(?:163|126|188)\.com|(?:.*\.)?yeah\.net"),
    ("aliyun_mail", r"阿里|aliyun|alimail", r"(?:.*\.)?aliyun\.com"),
    ("139_mail", r"139|移动|移動", r"139\.com"),
    ("sina_mail", r"新浪|sina", r"(?:.*\.)?sina\.(?:com|cn|com\.cn)"),
    ("icloud", r"mail ?drop|icloud", r"(?:icloud|me|mac)\.com"),
)
"""A service, the words by which its block names it, and its users' domains; empty: any domain of one's own."""
_FREE_MAIL = re.compile(
    "|".join(domains for _, _, domains in _SERVICES if domains)
    + r"|gmail\.com|(?:outlook|hotmail|live)\.\w+|sohu\.com|189\.cn"
)


def opened_block(line: str) -> ShareProvider | None:
    """The mail service whose block of large attachments this line opens; `other` when it does not say which."""
    if len(line) > _LONGEST_HEADING:
        return None
    heading = HEADING.search(line)
    if heading is None or (row_of(line) and not re.search(r"发来|發來", line)):
        return None
    who = (heading["who"] or heading["mine"] or heading["from"] or heading[0]).lower()
    return next((service for service, words, _ in _SERVICES if re.search(words, who)), "other")


def is_own_service(service: ShareProvider, address: str) -> bool:
    """Whether the sender's own mail service writes such blocks: one further down may be an earlier letter's."""
    domain = address.rpartition("@")[2].lower()
    domains = next((pattern for each, _, pattern in _SERVICES if each == service), None)
    if domains is None:
        return False
    return bool(re.fullmatch(domains, domain)) if domains else not _FREE_MAIL.fullmatch(domain)
