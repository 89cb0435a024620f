"""Letters, documents and photos as casework gets them, made of a few plain values. Same values, same facts."""

from __future__ import annotations

import functools
import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.casework.signs import CampaignSigns
from intake.model import Document, FolderRole, Letter, Photo, Problem, ReadFile, Source
from parsers.facts import Address, Block, DocumentFacts, Format, LetterFacts, PhotoFacts, ProblemCode
from parsers.text.document_facts import build_document_facts

SECTIONS = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")
HULI = CampaignSigns(
    title="2022年湖里区社区治理创新案例征集",
    keywords=("社区治理", "创新案例", "网格治理", "小区治理", "智慧治理", "多元治理"),
    sections=SECTIONS,
    categories=("网格治理", "社区治理", "小区治理", "智慧治理"),
    organizers=("湖里区网格办", "湖里区社区办", "湖里区小区办"),
    photos_min=5,
)
START = datetime(2022, 12, 5, 1, tzinfo=UTC)
CLOSES_AT = datetime(2022, 12, 20, 16, tzinfo=UTC)
SENDER = "jinan_shequ@163.com"

_WORDS = (
    "网格楼长物业教师党员志愿业主民警骑手老人家长青年商户公园车库架空邻里电梯菜场消防驿站广场步道车棚议事"
    "召开公示走访登记签订公约划定更换照明建立群组开设课堂清理杂物安装探头制定轮值引入组织矛盾化解往来投诉"
    "减少参与经费分担经验推广安全消除服务半径缩短居民主动协商共享花园积分超市热线台账闭环响应平台巡查回访"
)
"""Two characters a word."""


def prose(seed: int, words: int) -> str:
    """Chinese words in random order, about `words` 字 of them; different seeds share next to no run of five characters."""
    chance = random.Random(seed)
    pairs = [_WORDS[at : at + 2] for at in range(0, len(_WORDS), 2)]
    text = ""
    while len(text) < words:
        text += "".join(chance.choice(pairs) for _ in range(chance.randint(5, 9))) + chance.choice(",。")
    return text[:words]


def case_lines(
    seed: int = 1, *, title: str = "小网格办成大事情", words: int = 2400, sections: Sequence[str] = SECTIONS
) -> list[str]:
    """The paragraphs of a case: title, then each section with its share of the text."""
    share = words // max(len(sections), 1)
    lines = [title]
    for number, section in zip("一二三四五六七八", sections, strict=False):
        lines += [f"{number}、{section}", prose(seed * 100 + ord(number), share)]
    return lines if sections else [title, prose(seed, words)]


def document(
    name: str = "案例.docx",
    lines: Sequence[str] | None = None,
    *,
    format: Format = "docx",  # noqa: A002 - the field's name
    source: Source = "attachment",
    pictures: int = 0,
    ocr: bool = False,
) -> Document:
    """A document as a reader finds it; without `lines`, a complete case."""
    written = case_lines() if lines is None else lines
    return Document(
        name=name,
        sha256=digest(name, format, *written),
        size_bytes=20_000,
        format=format,
        role="attachment",
        facts=_facts(tuple(written), pictures=pictures, ocr=ocr),
        source=source,
    )


@functools.lru_cache(maxsize=256)
def _facts(lines: tuple[str, ...], *, pictures: int, ocr: bool) -> DocumentFacts:
    """What a reader finds in the same lines each time, which takes it a hundredth of a second."""
    facts = build_document_facts(
        [Block(text=line) for line in lines], pictures=pictures, counts_reason="ocr" if ocr else "exact"
    )
    return facts.model_copy(update={"ocr": ocr})


def form(name: str = "报名表.docx", **filled: str) -> Document:
    """A filled 报名表: a table of labels and values."""
    cells = [
        Block(text=text, table=0, row=row, column=column)
        for row, pair in enumerate(filled.items())
        for column, text in enumerate(pair)
    ]
    blocks = [Block(text="湖里区社区治理创新案例报名表"), *cells]
    return Document(
        name=name,
        sha256=digest(name, *filled.values()),
        size_bytes=15_000,
        format="docx",
        role="attachment",
        facts=build_document_facts(blocks),
    )


def photo(seed: int, name: str | None = None, *, width_px: int = 4000, height_px: int = 3000, **values: Any) -> Photo:
    """A photograph. The same seed at another size is the same shot; its bytes differ."""
    chance = random.Random(seed)
    seen: dict[str, Any] = {
        "kind": "jpeg",
        "colours": 800,
        "grey_grid": chance.randbytes(32 * 32).hex(),
    }
    told = ("kind", "colours", "taken_at_local", "flat_percent", "transparent_percent", "frames")
    seen |= {key: values.pop(key) for key in told if key in values}
    return Photo(
        name=name or f"IMG_{seed:04d}.jpg",
        sha256=digest("photo", str(seed), str(width_px), str(height_px)),
        size_bytes=1_200_000,
        facts=PhotoFacts(width_px=width_px, height_px=height_px, **seen),
        **values,
    )


def photos(*seeds: int) -> tuple[Photo, ...]:
    """Different photographs, in order."""
    return tuple(photo(seed) for seed in seeds)


def problem(name: str, code: ProblemCode = "unsupported_format", *, format: Format = "doc") -> Problem:  # noqa: A002 - the field's name
    """A file that could not be read."""
    return Problem(name=name, sha256=digest(name, code), size_bytes=30_000, format=format, code=code)


def facts(
    subject: str = "",
    text: str = "",
    *,
    sender: str = SENDER,
    display: str = "",
    control: dict[str, str] | None = None,
    answers: str | None = None,
    **more: Any,
) -> LetterFacts:
    """What a letter says; `answers` is the Message-ID it replies to."""
    return LetterFacts(
        subject=subject,
        sender=Address(name=display, address=sender),
        text=text,
        control=control or {},
        **({"in_reply_to": (answers,), "references": (answers,)} if answers else {}),
        **more,
    )


def letter(
    subject: str = "",
    text: str = "",
    *files: ReadFile,
    day: float = 0.0,
    folder: FolderRole = "inbox",
    **more: Any,
) -> Letter:
    """A letter received `day` days after the start, with its files."""
    said = facts(subject, text, **more)
    return Letter(
        sha256=digest(subject, text, str(day), said.model_dump_json(), *(file.sha256 for file in files)),
        received_at=START + timedelta(days=day),
        facts=said,
        folder_role=folder,
        files=files,
    )


def resent(original: Letter, *, hours: float = 3) -> Letter:
    """The same content in other raw bytes, later."""
    return replace(
        original, sha256=digest(original.sha256, "again"), received_at=original.received_at + timedelta(hours=hours)
    )


def digest(*parts: str) -> str:
    """A SHA-256 that depends on `parts` alone."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def misread(lines: Sequence[str]) -> list[str]:
    """The same as a recogniser gives it: one character in thirty is another."""
    return ["".join("口" if place % 30 == 29 else character for place, character in enumerate(line)) for line in lines]
