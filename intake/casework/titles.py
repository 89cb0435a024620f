"""Titles of cases: the words of a file name, and which titles name no case in particular. Pure."""

from __future__ import annotations

import re

from intake.casework.signs import CampaignSigns
from intake.casework.units import as_unit
from intake.casework.wording import letters_only

_GENERIC_TITLE = re.compile(
    r"^(\d{2,4}年?)?(关于)?(报送|上报)?(.{2,4}[省市区县])?(社区|网格|小区|智慧|基层|城乡|城市|多元|街道|村)*(治理|服务|工作|自治|共治)*"
    r"(和|与)?(服务)?(创新|典型|优秀|精品)*(案例|事迹|材料|文章|稿件|正文|文本|文档|投稿|征集|报送|附件|报名表|申报表|推荐表|新建(microsoft)?word文档|"
    r"终稿|定稿|初稿|修改稿|最终版|修改版|照片|图片|邮件|无主题|doc|img|\d)*$"
)
_NAME_PARTS = re.compile(r"[-_—–+&\s]+")
_VERSION = r"终稿|定稿|初稿|最终稿?版?|修改[稿版]?|修订[稿版]|完善[稿版]|盖章[件版]?|扫描件|电子[稿版]|批注[稿版]?|word版?|pdf版?|v\d+(?:\.\d+)?|副本|\d{1,2}"
_WORN = re.compile(
    r"^(?:附件\s*\d*\s*[:：、.．-]?|\d{1,2}\s*[.．、])\s*"
    rf"|[(（\[【]\s*(?:{_VERSION})\s*[)）\]】]"
    r"|(?<=.)(?:终稿|定稿|最终[稿版]|修改[稿版]|完善版|盖章版|扫描件|电子版|word版|pdf版|v\d+(?:\.\d+)?|副本)$",
    re.IGNORECASE,
)
_LONGEST_NAME = 500
"""Characters; file systems allow 255. Numbers before a name are taken off one by one."""
_BOOK_TITLE = re.compile(r"《([^《》\n]{4,60})》")


def is_generic_title(title: str, signs: CampaignSigns | None = None) -> bool:
    """Whether a title names no case in particular (社区治理案例, 附件1, the campaign's own title)."""
    letters = letters_only(title)
    campaign = letters_only(signs.title) if signs is not None else ""
    return bool(_GENERIC_TITLE.match(letters)) or (bool(campaign) and (letters in campaign or letters == campaign))


def titles_in_brackets(text: str) -> tuple[str, ...]:
    """The titles in 《》 of `text`, in order, without the brackets."""
    return tuple(match.group(1) for match in _BOOK_TITLE.finditer(text))


def bare_title(title: str) -> str:
    """A title line on one line, without the 《》 around the whole of it."""
    line = " ".join(title.split())
    return line[1:-1] if line.startswith("《") and line.endswith("》") and line.count("《") == 1 else line


def title_of_name(name: str) -> str:
    """A file name's own words: without extension, numbering, version, unit, category and date parts."""
    name = name[:_LONGEST_NAME]
    book = _BOOK_TITLE.search(name)
    if book is not None:
        return book.group(1)
    base = re.sub(r"\.[0-9A-Za-z]{1,5}$", "", name.strip())
    before = ""
    while before != base:
        before, base = base, _WORN.sub("", base.strip()).strip()
    parts = [part for part in _NAME_PARTS.split(base) if part]
    telling = [part for part in parts if as_unit(part) is None and not is_generic_title(part) and not part.isdigit()]
    return max(telling, key=len) if telling else base
