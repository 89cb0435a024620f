"""The letters that are measured: a Word file of 2,500 字 and five photos of 1 MB each, no two alike.

Made once into a cache folder; the same numbers always give letters of the same cost.
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from intake.demo.clients import CHINA, CLIENTS, Draft, File

ADDRESS = "box@example.test"
CASE_CHARACTERS = 2_500
PHOTOS = 5
PHOTO_BYTES = 1_000_000
FIRST_AT = datetime(2022, 12, 1, 9, 0, tzinfo=CHINA)
"""Inside the campaign `huli-2022`; letters follow at intervals of one minute."""

_VERSION = "1"
_BASES = 20
_PHOTO_PX = (4000, 3000)
_GRAIN_PX = (2000, 1500)
_SECTIONS = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")
_BANK = (
    "社区居民网格楼栋党员志愿协商议事物业电梯车棚停车垃圾分类老人儿童食堂花园广场路灯"
    "监控消防通道雨水管道外墙加装改造维修资金筹措公示表决走访座谈调解纠纷噪声油烟摊贩"
    "河道巡查认领积分兑换商户联盟业主租户党群服务中心平台数据系统手机微信小组楼长组长"
    "街道区级部门共建单位学校医院企业律师医生教师学生青年妇女退休军人邻里互助节日活动"
    "培训讲座宣传海报手册规约制度台账清单项目进度验收评价满意投诉下降上升增加减少明显"
    "逐步首先随后最终每周每月年初年底春季夏季秋季冬季早晨傍晚周末现场会议记录照片反馈"
    "难题堵点思路办法经验做法机制长效常态参与支持理解反对意见建议方案比选预算施工安全"
)
_WORDS = tuple(_BANK[at : at + 2] for at in range(0, len(_BANK), 2))


@dataclass(frozen=True)
class Sample:
    """A letter on disk, with the line ends a mail server keeps."""

    path: Path
    arrived_at: datetime
    bytes_with_crlf: int


def sample_letters(cache: Path, count: int) -> tuple[Sample, ...]:
    """`count` letters, made on all processors where `cache` lacks them."""
    folder = cache / f"letters-{_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(count) if not _path(folder, n).is_file()]
    if missing:
        with ProcessPoolExecutor() as processes:
            list(processes.map(_write_letter, [folder] * len(missing), missing, chunksize=5))
    return tuple(_sample(folder, number) for number in range(count))


def case_docx(number: int) -> bytes:
    """A Word file of 2,500 字 under the four headings the campaign asks for."""
    import docx

    document = docx.Document()
    document.add_heading(title_of(number), level=0)
    document.add_paragraph(f"报送单位：{_unit(number)}　案例类别：社区治理")
    for heading, paragraphs in _sections(number):
        document.add_heading(heading, level=1)
        for text in paragraphs:
            document.add_paragraph(text)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def case_pdf(number: int) -> bytes:
    """The same text as a PDF of several pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=14, leading=26, firstLineIndent=28, wordWrap="CJK")
    flow = [Paragraph(title_of(number), body)]
    for heading, paragraphs in _sections(number):
        flow += [Paragraph(text, body) for text in (heading, *paragraphs)]
    kept = io.BytesIO()
    SimpleDocTemplate(kept, pagesize=A4).build(flow)
    return kept.getvalue()


def photo(number: int) -> bytes:
    """A JPEG of 12 megapixels and about 1 MB; its bytes, though not all of its scene, are this number's alone."""
    base = _base_photo(number % _BASES)
    said = b"photo %d" % number
    # A comment segment after SOI: other bytes, the same work. Source: ITU-T T.81 B.2.4.5.
    return base[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + base[2:]


def title_of(number: int) -> str:
    """No two titles are alike."""
    words = random.Random(f"title {number}").sample(_WORDS, 3)
    return f"{_unit(number)}“{words[0]}{words[1]}”{words[2]}工作法"


def small_letters(count: int) -> Iterator[tuple[bytes, datetime]]:
    """Short letters, for a folder that is only looked at."""
    for number in range(count):
        at = FIRST_AT + timedelta(seconds=number)
        lines = [
            f"From: unit{number % 500:03d}@example.test",
            f"To: {ADDRESS}",
            f"Subject: letter {number}",
            f"Date: {at.strftime('%a, %d %b %Y %H:%M:%S +0800')}",
            f"Message-ID: <small{number}@example.test>",
            "",
            "text",
            "",
        ]
        yield "\n".join(lines).encode(), at


def _write_letter(folder: Path, number: int) -> None:
    raw = _letter(number).replace(b"\r\n", b"\n")
    path = _path(folder, number)
    part = path.with_suffix(".part")
    part.write_bytes(raw)
    at = (FIRST_AT + timedelta(minutes=number)).timestamp()
    os.utime(part, (at, at))  # Dovecot takes a Maildir file's time for INTERNALDATE
    part.replace(path)


def _letter(number: int) -> bytes:
    title, unit = title_of(number), _unit(number)
    photos = [File(f"照片{n + 1}.jpg", photo(number * PHOTOS + n), "image/jpeg") for n in range(PHOTOS)]
    draft = Draft(
        subject=f"【湖里区社区治理创新案例征集】{unit}报送《{title}》",
        text=f"征集组委会：\n    现报送{unit}案例《{title}》一份，案例类别：社区治理，照片{PHOTOS}张，请查收。\n{unit}",
        name=unit,
        sender=f"unit{number:03d}@example.test",
        to=ADDRESS,
        at=FIRST_AT + timedelta(minutes=number),
        files=(File(f"{title}.docx", case_docx(number)), *photos),
    )
    return CLIENTS[number % len(CLIENTS)](draft)


def _sample(folder: Path, number: int) -> Sample:
    path = _path(folder, number)
    with path.open("rb") as file:
        lines = sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
    arrived_at = FIRST_AT + timedelta(minutes=number)
    return Sample(path, arrived_at, path.stat().st_size + lines)


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}.mail"


def _unit(number: int) -> str:
    first, second = divmod(number, 40)
    return f"{'东西南北中上下前后新'[first % 10]}{_WORDS[second]}{'安和平康宁'[first // 10 % 5]}社区"


def _sections(number: int) -> Iterator[tuple[str, list[str]]]:
    """Words in an order nobody else has: texts that share no more than chance."""
    rng = random.Random(f"case {number}")
    for heading in _SECTIONS:
        paragraphs, left = [], CASE_CHARACTERS // len(_SECTIONS) - len(heading)
        while left > 20:
            text = ""
            while len(text) < min(200, left - 20):
                text += "".join(rng.choices(_WORDS, k=rng.randint(4, 9))) + rng.choice("，，，。")
            paragraphs.append(text + "。")
            left -= len(paragraphs[-1])
        yield heading, paragraphs


@lru_cache(maxsize=_BASES)
def _base_photo(number: int) -> bytes:
    """Soft shapes under sensor noise, at the JPEG quality that comes nearest to 1 MB."""
    from PIL import Image

    rng = random.Random(f"photo {number}")
    shapes = Image.frombytes("RGB", (16, 12), rng.randbytes(16 * 12 * 3)).resize(_PHOTO_PX, Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", _GRAIN_PX, rng.randbytes(_GRAIN_PX[0] * _GRAIN_PX[1] * 3)).resize(_PHOTO_PX)
    picture = Image.blend(shapes, grain, 0.06)
    low, high, best = 20, 95, b""
    while low <= high:
        quality = (low + high) // 2
        kept = io.BytesIO()
        picture.save(kept, "JPEG", quality=quality)
        if not best or abs(len(kept.getvalue()) - PHOTO_BYTES) < abs(len(best) - PHOTO_BYTES):
            best = kept.getvalue()
        low, high = (quality + 1, high) if kept.tell() < PHOTO_BYTES else (low, quality - 1)
    return best
