"""Letters, documents and photos as casework gets them, made of a few plain values. Same values, same facts."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.casework.signs import CampaignSigns
from intake.model import Document, FolderRole, Letter, Photo, Problem, ReadFile, Source
from parsers.facts import Address, Block, Format, LetterFacts, PhotoFacts, ProblemCode
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

_WHO = [
    "网格员",
    "楼长",
    "物业经理",
    "退休教师",
    "党员志愿者",
    "业主代表",
    "社区民警",
    "外卖骑手",
    "独居老人",
    "双职工家长",
    "新就业青年",
    "沿街商户",
]
_WHERE = [
    "口袋公园",
    "地下车库",
    "架空层",
    "邻里中心",
    "老旧电梯",
    "菜市场",
    "消防通道",
    "党群驿站",
    "小广场",
    "河边步道",
    "充电车棚",
    "议事亭",
]
_DID = [
    "召开了议事会",
    "张贴了公示",
    "逐户走访登记",
    "签订了共治公约",
    "重新划定了车位",
    "更换了照明灯具",
    "建立了微信群",
    "开设了夜间课堂",
    "清理了堆放杂物",
    "安装了监控探头",
    "制定了轮值表",
    "引入了社会组织",
]
_THEN = [
    "矛盾随之化解",
    "邻里往来多了起来",
    "投诉明显减少",
    "大家主动参与",
    "经费由各方分担",
    "经验在片区推广",
    "安全隐患得到消除",
    "服务半径缩短到一刻钟",
]


def prose(seed: int, words: int) -> str:
    """Running Chinese text of about `words` 字; different seeds share no sentence to speak of."""
    chance = random.Random(seed)
    text = ""
    while len(text) < words:
        text += (
            f"{chance.randint(2, 12)}月{chance.randint(1, 28)}日,{chance.choice(_WHO)}与{chance.choice(_WHO)}在{chance.choice(_WHERE)}"
            f"{chance.choice(_DID)},涉及{chance.randint(11, 999)}户,{chance.choice(_THEN)}。"
        )
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
) -> Document:
    """A document as a reader finds it; without `lines`, a complete case."""
    written = case_lines() if lines is None else lines
    return Document(
        name=name,
        sha256=digest(name, format, *written),
        size_bytes=20_000,
        format=format,
        role="attachment",
        facts=build_document_facts([Block(text=line) for line in written], pictures=pictures),
        source=source,
    )


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
        "difference_hash": f"{chance.getrandbits(64):016x}",
        "perceptual_hash": f"{chance.getrandbits(64):016x}",
        "grey_grid": chance.randbytes(256).hex(),
    }
    seen |= {key: values.pop(key) for key in ("kind", "colours", "taken_at_local") if key in values}
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
        in_reply_to=(answers,) if answers else (),
        references=(answers,) if answers else (),
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
