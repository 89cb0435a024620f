"""What single lines of a Chinese report are: bylines, dates, captions, lines of a table of contents. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from parsers.facts import Block
from parsers.text.heading_numbers import leading_number

_CONTENTS_TITLE = re.compile(r"目\s*[录錄次]|(?:table\s+of\s+)?contents", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"(?:toc|目[录錄])\s*\d", re.IGNORECASE)
_LEADER = re.compile(
    r"(?:(?<!\t)\t|(?<![.．])[.．]{3,}|(?<!…)…{2,}|(?<!·)·{3,}|(?<!_)_{3,})[\s.…·]{0,120}+\d{1,3}\s*+$"
)
_PAGE = re.compile(r"(?<![\s.…·])[\s.…·]*+\d{1,3}\s*$")
_OVERVIEW_LINES = 4
_LONGEST_OVERVIEW_LINE = 60
_NUMERAL = r"[\d〇○零一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    r"[（(\[]?\s*+(?:[12]\d{3}|[二一][〇○零一二三四五六七八九]{3})\s*+[年./-]\s*+"
    rf"(?:{_NUMERAL}\s*+(?:[月./-]\s*+(?:{_NUMERAL}\s*+[日号號]?)?)?|[春夏秋冬]季?|[上下]半年)?"
    rf"(?:\s*+[-—~～至]{{1,2}}\s*+(?:{_NUMERAL}\s*+[年月日号號./-]?\s*+){{1,3}})?\s*+[）)\]]?"
)
_CAPTION = re.compile(
    r"[（(]?(?:图|圖|表|照片|附图|附表|图片)\s*[\d一二三四五六七八九十]{1,3}(?![\w]{0,2}[、])|[（(](?:图|上图|下图)为"
    r"|(?:fig(?:ure)?|table)\b\.?\s*\d",
    re.IGNORECASE,
)
_ATTACHMENTS = re.compile(r"附\s*[件錄录]\s*(?:\d\s*)?[：:]\s*(?:[1１①]|$)")
_OFFICE = re.compile(r"(?:公司|居委会|居民委员会|村委会|村民委员会|办事处|民政局|人民政府|党委|党工委|办公室)$")
_SALUTATION = re.compile(
    r"(?:尊敬的|敬爱的|各位|您好|你好).{0,20}[：:]?|.{0,20}(?:组委会|領導|领导|同志们|朋友们|女士|先生|老师)[：:]"
)
_ATTACHMENT = re.compile(r"附\s*+[件表录錄]\s*+[\d一二三四五六七八九十]{0,3}\s*+[：:]?")
_UNIT = re.compile(
    r"(?:社区|社區|街道|居委会|居委會|村委会|办事处|辦事處|办公室|委员会|委員會|工作站|民政局|政府|党委|党组|党工委|中心|公司|学校|医院"
    r"|[县縣区區市镇鎮乡鄉村局厅廳部站所])$"
)
_BYLINE = re.compile(
    r"(?:报送|申报|推荐|推薦|选送|参评|供稿|撰稿|执笔|作者|单位|單位|联系人|聯絡人|电话|電話|邮箱|郵箱|来源|编辑|记者|通讯员|日期|时间|地点|主持人|出席)"
    r"[^。]{0,6}[：:]|供稿[）)]?$|^by\s+[A-Z]"
)


def split_lines(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[int]]:
    """One block for each line, and for each of them the index of the block it came from.

    Text pasted from chats and pages has line breaks where paragraphs should be. A line
    looks as its block does; a bold start stays with the first line.
    """
    if not any("\n" in block.text for block in blocks):
        return blocks, range(len(blocks))
    lines: list[Block] = []
    origins: list[int] = []
    for index, block in enumerate(blocks):
        texts = block.text.split("\n")
        origins += [index] * len(texts)
        if len(texts) == 1:
            lines.append(block)
            continue
        lines.append(block.model_copy(update={"text": texts[0], "bold_lead": min(block.bold_lead, len(texts[0]))}))
        rest = {"bold_lead": 0, "label": ""}
        lines += [block.model_copy(update={"text": text, **rest}) for text in texts[1:]]
    return lines, origins


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing else: 2022年12月20日, 二〇二二年十二月."""
    return _DATE.fullmatch(text.strip()) is not None


def is_caption(text: str) -> bool:
    """Whether a line describes a picture or table: 图1 居民议事现场."""
    return _CAPTION.match(text.strip()) is not None


def is_attachment_mark(text: str) -> bool:
    """Whether a line only says which attachment this is: 附件1."""
    return _ATTACHMENT.fullmatch(text.strip()) is not None


def is_byline(text: str) -> bool:
    """Whether a line says who sends or wrote the text: 报送单位：金安社区, （金安社区供稿）."""
    return _BYLINE.search(text.strip().strip("（）()")) is not None


def is_unit(text: str) -> bool:
    """Whether a short line may be the bare name of a unit: 湖里区金安社区. A slogan may end like one."""
    line = text.strip().strip("（）()")
    return len(line) <= 30 and _UNIT.search(line) is not None


def is_office(text: str) -> bool:
    """Whether a line is surely the name of a unit as it stands on a cover: 某某有限公司, 湖里区民政局."""
    line = text.strip()
    return len(line) <= 30 and "，" not in line and _OFFICE.search(line) is not None


def is_salutation(text: str) -> bool:
    """Whether a line greets its readers: 尊敬的评委： or 各位领导："""
    return _SALUTATION.fullmatch(text.strip()) is not None


def attachment_lines(blocks: Sequence[Block]) -> AbstractSet[int]:
    """Indices of the numbered lines that follow 附件：1.… at once and go on with its list; empty when none."""
    lines: set[int] = set()
    listing = False
    for index, block in enumerate(blocks):
        text = block.text.strip()
        if not text:
            continue
        if _ATTACHMENTS.match(text):
            listing = True
        elif listing and leading_number(text) and len(text) <= _LONGEST_OVERVIEW_LINE and not text.endswith("。"):
            lines.add(index)
        else:
            listing = False
    return lines


def contents_lines(blocks: Sequence[Block]) -> AbstractSet[int]:
    """Indices of the blocks that make up a table of contents, its title included; empty when there is none."""
    lines = {index for index, block in enumerate(blocks) if _is_contents_line(block)}
    title = next((i for i, block in enumerate(blocks) if _CONTENTS_TITLE.fullmatch(block.text.strip())), None)
    if title is not None:
        lines.add(title)
        lines.update(_repeated_below(blocks, title))
    lines.update(_overviews(blocks))
    return lines


def _is_contents_line(block: Block) -> bool:
    return bool(_CONTENTS_STYLE.match(block.style) or (len(block.text) < 120 and _LEADER.search(block.text)))


def _repeated_below(blocks: Sequence[Block], start: int) -> Iterable[int]:
    """The lines right after a 目录 that come again further down, with or without page numbers."""
    texts = [_PAGE.sub("", block.text.strip()) for block in blocks]
    last = {text: index for index, text in enumerate(texts)}
    before = set(texts[:start])
    for index in range(start + 1, len(blocks)):
        text = texts[index]
        if not text or (last[text] == index and text not in before) or len(text) > _LONGEST_OVERVIEW_LINE:
            return
        yield index


def _overviews(blocks: Sequence[Block]) -> Iterable[int]:
    """Runs of short lines, three quarters of which come again further down: contents without a title or page numbers."""
    texts = ["".join(_PAGE.sub("", block.text).split()) for block in blocks]
    last = {text: index for index, text in enumerate(texts)}
    run: list[int] = []
    for index, block in enumerate(blocks):
        if (
            block.table is None
            and block.outline_level is None
            and 0 < len(texts[index]) <= _LONGEST_OVERVIEW_LINE
            and not texts[index].endswith("。")
        ):
            run.append(index)
        elif texts[index]:
            yield from _overview(run, [last[texts[i]] > i for i in run])
            run = []
    yield from _overview(run, [last[texts[i]] > i for i in run])


def _overview(run: Sequence[int], comes_again: Sequence[bool]) -> Sequence[int]:
    """The part of a run from its first to its last repeated line, when that is a list of contents."""
    places = [place for place, again in enumerate(comes_again) if again]
    if len(places) < _OVERVIEW_LINES or 4 * len(places) < 3 * (places[-1] - places[0] + 1):
        return ()
    return run[places[0] : places[-1] + 1]
