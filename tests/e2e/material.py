"""What the letters of these tests carry: cases, photos, reports. The same call always gives the same bytes."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageDraw

from intake.demo.cases import CaseText, load_case
from intake.demo.documents import DOCX, case_docx
from tests.letters import File

JPEG = "image/jpeg"


@cache
def case(name: str = "grid_ledger", *, without_last_section: bool = False) -> File:
    """A Word document with all that huli-2022 asks of a text, or with its last part missing."""
    text = load_case(name)
    if without_last_section:
        text = CaseText(text.title, text.byline, text.sections[:-1])
    return File(f"{name}案例.docx", case_docx(text, "headings"), DOCX)


@cache
def weekly_report() -> File:
    """What a shared mailbox also gets."""
    return File("社区工作周报（12.5-12.9）.docx", case_docx(load_case("weekly_report"), "bold"), DOCX)


@cache
def small_case(number: int) -> File:
    """A short text file with the four parts, unlike any other number's."""
    rng = random.Random(number)
    words = [chr(0x4E00 + rng.randrange(3000)) for _ in range(400)]
    parts = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")
    body = "\n".join(f"{part}\n{''.join(words[at * 100 : at * 100 + 100])}。" for at, part in enumerate(parts))
    return File(f"社区治理案例{number}.txt", f"社区治理案例之{number}\n{body}\n".encode())


@cache
def photo(number: int) -> File:
    """A JPEG nobody would take for that of another number."""
    rng = random.Random(number)
    picture = Image.new("RGB", (80, 60))
    picture.putdata([(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(80 * 60)])
    picture = picture.resize((800, 600), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(20):
        x, y = rng.randrange(700), rng.randrange(500)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        draw.rectangle((x, y, x + rng.randrange(40, 260), y + rng.randrange(40, 200)), fill=colour)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=60)
    return File(f"照片{number}.jpg", kept.getvalue(), JPEG)


def photos(first: int, count: int = 5) -> tuple[File, ...]:
    """`count` different photos."""
    return tuple(photo(number) for number in range(first, first + count))


def complete(name: str = "grid_ledger") -> tuple[File, ...]:
    """A text and five photos: accepted."""
    return (case(name), *photos(_first_photo(name)))


def without_photos(name: str = "grid_ledger") -> tuple[File, ...]:
    """The text alone."""
    return (case(name),)


def without_last_section(name: str = "grid_ledger") -> tuple[File, ...]:
    """Five photos, and a text that ends before its last part: a fix request at once."""
    return (case(name, without_last_section=True), *photos(_first_photo(name)))


def _first_photo(name: str) -> int:
    return 1000 + 10 * sum(name.encode())
