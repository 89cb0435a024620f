"""Photographed pages of text are suspected; photos, blank paper and pictures nobody looked at are not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from parsers.facts import PhotoFacts
from parsers.limits import DEFAULT_LIMITS
from parsers.photos.page_likeness import looks_like_page, photographed_pages
from parsers.photos.photo import read_photo


def seen(picture: Image.Image, tmp_path: Path) -> PhotoFacts:
    path = tmp_path / "picture.jpg"
    picture.save(path, quality=85)
    photo = read_photo(path, tmp_path, DEFAULT_LIMITS).photo
    assert photo is not None
    return photo


def page_of_text(paper: tuple[int, int, int] = (236, 232, 224)) -> Image.Image:
    picture = Image.new("RGB", (1240, 1754), paper)
    draw = ImageDraw.Draw(picture)
    for y in range(180, 1600, 44):
        for x in range(150, 1090, 28):
            draw.rectangle((x, y, x + 18, y + 20), outline=(40, 40, 44), width=3)
    return picture


def street(seed: int = 5) -> Image.Image:
    """Areas of many colours and brightnesses, as in a scene."""
    chance = random.Random(seed)
    small = Image.new("RGB", (24, 32))
    small.putdata([(chance.randrange(256), chance.randrange(200), chance.randrange(180)) for _ in range(24 * 32)])
    return small.resize((1200, 1600), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("paper", [(255, 255, 255), (236, 232, 224), (190, 184, 170)])
def test_a_page_of_text_looks_like_one_in_any_light(paper: tuple[int, int, int], tmp_path: Path) -> None:
    assert looks_like_page(seen(page_of_text(paper), tmp_path))


@pytest.mark.parametrize(
    "picture",
    [
        street(),
        Image.new("RGB", (1240, 1754), (255, 255, 255)),
        page_of_text().resize((400, 566)),
        page_of_text().resize((3000, 900)),
        page_of_text((90, 88, 80)),
    ],
    ids=["scene", "blank paper", "thumbnail", "banner", "dark"],
)
def test_other_pictures_do_not(picture: Image.Image, tmp_path: Path) -> None:
    assert not looks_like_page(seen(picture, tmp_path))


PAGE_WORDS, FEW_WORDS = 400, 30


def facts(words: int | None) -> PhotoFacts:
    return PhotoFacts(kind="jpeg", width_px=1240, height_px=1754, page_words=words)


@pytest.mark.parametrize(
    ("words", "pages"),
    [([], 0), ([None, None], 0), ([PAGE_WORDS, FEW_WORDS, None], 1), ([FEW_WORDS], 0), ([PAGE_WORDS] * 3, 3)],
)
def test_where_a_recogniser_looked_its_words_decide(words: list[int | None], pages: int) -> None:
    assert photographed_pages([facts(count) for count in words]) == pages


@pytest.mark.parametrize(("others", "pages"), [(0, 1), (1, 1), (2, 0)])
def test_where_none_looked_half_of_the_pictures_must_seem_pages(others: int, pages: int, tmp_path: Path) -> None:
    page = seen(page_of_text(), tmp_path)

    assert photographed_pages([page, *[facts(None)] * others]) == pages
