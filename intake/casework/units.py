"""Names of communities, streets, bureaus and other bodies in running Chinese text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from intake.casework.wording import letters_only
from parsers.text.script import to_simplified

_SUFFIX = (
    r"(?:(?:网格|社区|小区)办|社区(?:居民?委员会|居委会|党委|党总支|党支部|工作站|党群服务中心|综合党委)?|(?:村民|居民)委员会|居委会|村委会|"
    r"街道(?:办事处|办|党工委)?|镇(?:人民)?政府|乡(?:人民)?政府|镇党委|区委办公室|政府办公室|"
    r"(?:民政|司法|公安|城管|教育|卫健|卫生健康|文旅|文化和旅游|住建|财政|人社|农业农村|应急管理|市场监管|行政审批|城市管理|信访|数据管理)局|"
    r"(?:社会工作|组织|宣传|统战|政法委?)部|政法委|综治中心|网格中心|派出所|司法所|妇联|团委|工会|残联|"
    r"业委会|业主委员会|物业公司|物业服务(?:有限)?公司|有限公司|服务中心|服务站|协会|促进会|基金会|村)"
)
_NAME = re.compile(rf"[\u3400-\u9fff·0-9]{{2,30}}?{_SUFFIX}(?:[\u3400-\u9fff]{{2,12}}?{_SUFFIX})*")
_BREAK = re.compile(r"推荐|选送|报送|上报|提交|转发|的|[^\u3400-\u9fff·0-9]+")
"""Punctuation, and the verbs that stand between two names."""
_WHOLE = re.compile(rf"^[\u3400-\u9fff·0-9]{{1,28}}{_SUFFIX}$")
_LEAD_IN = re.compile(
    r"^.*(?:报送单位|推荐单位|申报单位|单位名称|单位|现将|现报送|现报|报送|报来|上报|提交|转发|转来|我们是|我是|我们|我|"
    r"这里是|这是|来自|附件为|附件是|附件|请查收|查收|关于|您好|你好|兹有|兹|由|为)"
)
_VAGUE = re.compile(
    r"^(?:本|我|该|各|全|贵|某|这个|我们|多个|一个|所在|辖区|城乡|城市|农村|智慧|和谐|文明|示范|老旧|新型|现代|完整|未来|平安|美丽)*"
    r"(?:社区|街道|村|小区|服务中心|服务站|协会|有限公司|物业公司|派出所|工会|居委会|村委会|业委会|业主委员会|妇联|团委)$"
)
_UPPER = re.compile(r"(街道|镇|乡|政府|局|部|政法委|综治中心|网格中心|(网格|社区|小区)办?)$(?<!社区)")
_LOWER = re.compile(r"(社区|村|居委会|村委会|居民委员会|村民委员会|业委会|业主委员会|物业公司|服务站|协会)$")
_ABOVE = re.compile(r"(?:省|市|县|区|旗|街道|街|镇|乡|局|委|部|政府|公司)$")
_OWN = re.compile(r"^(?:本|我|该|各|全|贵|某)(?:社区|街道|村|小区|镇|乡)")
_TOPIC = re.compile(
    r"^(?:党建引领|推进|加强|创新|打造|建设|探索|深化|完善|服务|基层治理|治理|城乡|共建|共治|共享|激活|构建|走进)"
)


def units_in(text: str) -> tuple[str, ...]:
    """The names of bodies in `text`, in order, once each; vague ones (本社区, 各街道) left out."""
    found: list[str] = []
    simplified = to_simplified(text)
    as_written = text if len(text) == len(simplified) else simplified
    for start, stop in _stretches(simplified):
        for match in _NAME.finditer(simplified, start, stop):
            unit = _trimmed(match.group())
            if unit is None:
                continue
            end = match.end()
            written = as_written[end - len(unit) : end]
            if written not in found:
                found.append(written)
    return tuple(found)


def as_unit(text: str) -> str | None:
    """`text` when it is nothing but the name of a body (a 落款 line, a display name); else None."""
    name = re.sub(r"[\s(（].*$", "", text.strip().strip("()（）[]【】:：,，。"))
    simplified = to_simplified(name)
    unit = _trimmed(simplified) if _WHOLE.match(simplified) else None
    return unit if unit is None or len(simplified) != len(name) else name[-len(unit) :]


def same_unit(a: str, b: str) -> bool:
    """Whether two names mean one body: 金安社区 and 湖里区金山街道金安社区居委会 do."""
    one, other = _core(a), _core(b)
    return bool(one) and bool(other) and (one.endswith(other) or other.endswith(one))


def is_called(unit: str, name: str) -> bool:
    """Whether `name` is what people write for `unit`: its whole name, also with or without the bodies above it.

    金安社区 for 江头街道金安社区居委会, not 安社区; no name at all is 社区, which ends that of every community. A case of no
    known unit is called by none: nothing ends every name.
    """
    if letters_only(unit) == letters_only(name):
        return bool(letters_only(name))
    shorter, longer = sorted((_core(unit), _core(name)), key=len)
    if not shorter or not longer.endswith(shorter) or as_unit(name) is None:
        return False
    higher = longer.removesuffix(shorter)
    return not higher or _ABOVE.search(higher) is not None


def above(one: Sequence[str], other: Sequence[str]) -> str:
    """The street, town or bureau among the units of one sender when the other's are communities; empty when unclear.

    `one`, `other`: the names each sender wrote of himself.
    """
    upper_one, upper_other = ([unit for unit in units if _UPPER.search(_core(unit))] for units in (one, other))
    lower_one, lower_other = ([unit for unit in units if _LOWER.search(_core(unit))] for units in (one, other))
    if upper_one and not upper_other and lower_other:
        return upper_one[0]
    if upper_other and not upper_one and lower_one:
        return upper_other[0]
    return ""


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where the stretches between breaks begin and end."""
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _trimmed(name: str) -> str | None:
    unit = _OWN.sub("", _LEAD_IN.sub("", name))
    if len(letters_only(unit)) < 3 or _VAGUE.match(unit) or _TOPIC.match(unit):
        return None
    return unit


def _core(name: str) -> str:
    return re.sub(r"(居民委员会|居委会|村民委员会|村委会|办事处|党委|党总支|党支部|工作站|办)$", "", letters_only(name))
