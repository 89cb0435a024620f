"""Finds the lines of a text that only sign it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

# "发自内心" is a sentence: what follows must name a device, a mail program or a mail service.
_PROGRAM = (
    r"(?:iPhone|iPad|Mac|Android|安卓|HUAWEI|华为|HONOR|荣耀|Xiaomi|小米|Redmi|红米|MIUI|OPPO|vivo|OnePlus|一加|realme|"
    r"Samsung|三星|Galaxy|魅族|Meizu|Outlook|Foxmail|QQ|网易|Coremail|Windows|Thunderbird|Gmail|Yahoo|雅虎|新浪|搜狐|"
    r"139|189|263|阿里|钉钉|企业微信|腾讯|WPS)"
)
_DEVICE = r"(?:手机|平板|电脑|邮箱|客户端|大师|设备|浏览器)"
_SENT_FROM = re.compile(
    rf"^[\s|]*(?:(?:发自|發自|来自|來自)\s*+(?:我的)?\s*+(?:{_PROGRAM}[^，。；！？]{{0,24}}|[^，。；！？]{{0,16}}{_DEVICE})"
    r"|(?:发自|發自)\s*+我的\s*+[A-Za-z][\w .+®™-]{1,30}"
    rf"|(?:从|由|從)\s*+(?:我的)?\s*+(?=[^，。；！？]*(?:{_PROGRAM}|{_DEVICE}))[^，。；！？]{{1,24}}(?:发送|發送|傳送|定制)"
    r"|获取\s*+(?:适用于\s*+)?Outlook[^，。]{0,30}"
    r"|(?:Sent from|Get) (?:my |Mail |Outlook |Yahoo |Samsung |Huawei |Xiaomi |a )[^,;!?]{0,40}"
    r"|签名由\s*+[^，。]{1,20}定制)[\s|.。]*$",
    re.IGNORECASE,
)
_TABLE_END = re.compile(r"签名由\s*网易邮箱大师\s*定制")
_DELIMITER = re.compile(r"^--\s?$")
_LONGEST_DEVICE_LINE = 80
_LONGEST_SIGNATURE_LINES = 12
_CONTACT = re.compile(
    r"(?:(?:联系|办公)?(?:电话|手机)|传真|邮编|地址|邮箱|E-?mail|Tel|Phone|Mobile|Fax|微信|QQ)\s*+(?:号码?)?\s*+[:：]|"
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)|[\w.+-]@[\w-]+\.[\w.]",
    re.IGNORECASE,
)
_UNIT_OR_PERSON = re.compile(
    r"(?:[\u4e00-\u9fff（）()·]{2,28}(?:居委会|村委会|委员会|街道|社区|办事处|办公室|局|厅|处|科|股|室|中心|公司|学校|小区|协会|党委|支部|政府|联合会|物业|站|所|队)"
    r"[ \u3000]{0,4})?(?:[\u4e00-\u9fff]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})?"
    r"|联\s{0,4}系\s{0,4}人\s{0,4}[:：]\s{0,4}\S{2,10}"
)
"""金安社区居委会, 林晓梅, 湖里区民政局 林晓梅: what stands in a signature beside the telephone."""
_SENTENCE = re.compile(r"[，。；！？]|[,;!?]\s")
_RULE = re.compile(r"^\s*[-_=—–─*]{4,}\s*$")
_LONGEST_CONTACT_LINES = 7
_LONGEST_CONTACT_CHARACTERS = 45


def signature_lines(lines: Sequence[str]) -> set[int]:
    """Positions of the lines that sign the text; empty when none surely do.

    Three kinds: everything below "-- " (RFC 3676 §4.3), a device's line such as 发自我的iPhone
    wherever it stands alone, and a short last block of contact lines set off from the text.
    """
    found = {
        number for number, line in enumerate(lines) if len(line) <= _LONGEST_DEVICE_LINE and _SENT_FROM.match(line)
    }
    for number in range(len(lines) - 1, -1, -1):
        if _DELIMITER.match(lines[number]):
            below = [line for line in lines[number + 1 :] if line.strip()]
            if len(below) <= _LONGEST_SIGNATURE_LINES:
                return found | set(range(number, len(lines)))
            break
    for number in [each for each in found if _TABLE_END.search(lines[each])]:
        found |= _lines_joined_above(lines, number)
    return found | _contact_block([("" if number in found else line) for number, line in enumerate(lines)])


def _lines_joined_above(lines: Sequence[str], number: int) -> set[int]:
    """The lines right above, as far as the next blank one: what is left of a signature drawn as a table."""
    start = number
    while start and lines[start - 1].strip() and number - start < _LONGEST_SIGNATURE_LINES:
        start -= 1
    block = lines[start:number]
    is_table = any("|" in line for line in block) and all(len(line) <= _LONGEST_CONTACT_CHARACTERS for line in block)
    return set(range(start, number)) if is_table else set()


def _contact_block(lines: Sequence[str]) -> set[int]:
    """The last paragraph when it is short lines with at least two ways of contact, and text stands above it."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip() and not _RULE.match(lines[start - 1]):
        start -= 1
    block = lines[start:end]
    above = [line for line in lines[:start] if line.strip() and not _RULE.match(line)]
    if not above or not 2 <= len(block) <= _LONGEST_CONTACT_LINES:
        return set()
    if any(len(line) > _LONGEST_CONTACT_CHARACTERS or _SENTENCE.search(line) for line in block):
        return set()
    contacts = sum(1 for line in block if _CONTACT.search(line))
    others = [line.strip() for line in block if not _CONTACT.search(line)]
    is_card = contacts > 0 and all(_UNIT_OR_PERSON.fullmatch(line) for line in others)
    if not is_card and contacts < 2:
        return set()
    ruled = start > 0 and _RULE.match(lines[start - 1]) is not None
    return set(range(start - 1 if ruled else start, end))
