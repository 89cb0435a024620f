"""What a link, and the line it stands on, tell of the file behind it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs

from parsers.letter.share_places import Place
from parsers.letter.share_providers import host_of, split
from parsers.letter.share_words import clean_name, end_of_epoch, has_file_name, said_name, said_size

HELPER = re.compile(r"客户端|用户端|推荐|帮助|邮箱大师|APP|了解更多|极速下载", re.IGNORECASE)
"""Labels of links that offer a program and no file."""
CODE_KEYS = ("pwd", "password", "passcode", "accesscode", "accessCode")
NAME_KEYS = ("fname", "filename", "file_name", "title", "name", "f")
EVIDENCE_CHARACTERS = 120


def label_name(place: Place) -> str:
    """The shown words of a link when they are the file's name."""
    name = clean_name(place.label)
    if not name or len(name) > 160 or HELPER.search(name):
        return ""
    return (
        said_name(name) or name
        if has_file_name(name)
        else ("" if re.search(r"[，。；！？,;!?]|点击|下载|链接|https?:", name) or len(name) > 60 else name)
    )


def bare_name(line: str, place: Place) -> str:
    """What stands alone before a drive's link, `案例材料 https://cloud.189.cn/t/…`, when it reads as a name."""
    before = line[: place.column].strip()
    before = re.sub(
        r"(?:(?:下载|分享|网盘|百度网盘|文件)?(?:链接|地址|网址|連結)|url)\s*+[:：]?\s*+$",
        "",
        before,
        flags=re.IGNORECASE,
    ).strip(" :：-—")
    if not 2 <= len(before) <= 60 or re.search(
        r"[，。；：！？,;:!?]|请|您|给|我|都|已|分享|微盘|了$|链接|如下|发送|报送|上传|下载|网盘|云盘|材料在|见$|为$",
        before,
    ):
        return ""
    return clean_name(before)


def size_beside(lines: Sequence[str]) -> int | None:
    """The first size the lines state, limits spoken of aside; None when there is none."""
    for line in lines:
        text = without_links(line)
        if not re.search(r"超过|超過|大于|限制|以内|不足", text) and (size := said_size(text)) is not None:
            return size
    return None


def in_query(url: str, keys: Sequence[str]) -> str:
    """The first of `keys` among the parameters of query or fragment; empty when there is none."""
    parts = split(url)
    if parts is None:
        return ""
    found: Mapping[str, list[str]] = {}
    for text in (parts.query, parts.fragment.partition("?")[2]):
        try:
            found = {**parse_qs(text, max_num_fields=60), **found}
        except ValueError:
            continue
    return next((found[key][0].strip() for key in keys if found.get(key) and len(found[key][0]) <= 200), "")


def number_in(url: str, key: str) -> int | None:
    """A parameter that is a whole number; None when it is not."""
    value = in_query(url, (key,))
    return int(value) if re.fullmatch(r"\d{1,13}", value) else None


def end_in_link(url: str) -> datetime | None:
    """Apple's Mail Drop carries its end inside: `e=` of the address in `u=`."""
    parts = split(url)
    if parts is None or not re.search(r"icloud(?:-content)?\.com", host_of(parts)):
        return None
    inner = in_query(url, ("u",)) or url
    return end_of_epoch(in_query(inner, ("e",)))


def without_links(line: str) -> str:
    """The line with its written addresses blanked: their parameters are no words of the writer."""
    return re.sub(r"https?://[!-~]+", " ", line)


def evidence(line: str) -> str:
    """The line as it stands in a record: single spaces, at most 120 characters."""
    text = " ".join(line.split())
    return text if len(text) <= EVIDENCE_CHARACTERS else text[: EVIDENCE_CHARACTERS - 1] + "…"
