"""Sample photos, drawn: streets, courtyards, meetings, notice boards, evenings. Pure.

The same number always gives the same bytes, different numbers give pictures that nobody
takes for one another.
"""

from __future__ import annotations

import functools
import io
import random
from collections.abc import Callable
from datetime import datetime

from PIL import Image, ImageDraw, ImageOps

WIDTH_PX, HEIGHT_PX = 1600, 1200
_DRAWN = (800, 600)
"""Drawn at half the size and enlarged: edges are soft, as a lens leaves them."""
_GRAIN = 0.09
"""Share of sensor noise."""
_JPEG_QUALITY = 82
_EXIF_TAGS = {"make": 0x010F, "model": 0x0110, "software": 0x0131, "date_time": 0x0132, "exif": 0x8769}
_DATE_TIME_ORIGINAL = 0x9003

Rgb = tuple[int, int, int]


@functools.lru_cache(maxsize=128)
def photo(number: int, *, taken_at: datetime) -> bytes:
    """A JPEG of 1600 x 1200 with EXIF; scene, colours and everything in it follow from `number`."""
    rng = random.Random(number)
    picture = Image.new("RGB", _DRAWN)
    _SCENES[number % len(_SCENES)](picture, rng)
    noise = Image.frombytes("RGB", _DRAWN, rng.randbytes(_DRAWN[0] * _DRAWN[1] * 3))
    picture = Image.blend(picture, noise, _GRAIN).resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BILINEAR)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=_JPEG_QUALITY, exif=_exif(taken_at, rng))
    return kept.getvalue()


def _exif(taken_at: datetime, rng: random.Random) -> Image.Exif:
    exif = Image.Exif()
    make, model = rng.choice((("HUAWEI", "NOH-AN00"), ("Xiaomi", "M2011K2C"), ("vivo", "V2055A"), ("OPPO", "PEGM00")))
    moment = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif[_EXIF_TAGS["make"]] = make
    exif[_EXIF_TAGS["model"]] = model
    exif[_EXIF_TAGS["date_time"]] = moment
    exif.get_ifd(_EXIF_TAGS["exif"])[_DATE_TIME_ORIGINAL] = moment
    return exif


def _street(picture: Image.Image, rng: random.Random) -> None:
    """Blocks of flats with lit and dark windows above a road."""
    _gradient(picture, _shade(rng, (120, 170, 220)), _shade(rng, (225, 232, 238)))
    draw = ImageDraw.Draw(picture)
    horizon = rng.randint(360, 430)
    left = -rng.randint(0, 80)
    while left < _DRAWN[0]:
        width, top = rng.randint(90, 210), rng.randint(60, 230)
        wall = _shade(rng, rng.choice(((196, 178, 158), (172, 178, 186), (206, 196, 180), (178, 150, 134))))
        draw.rectangle((left, top, left + width, horizon), fill=wall)
        for x in range(left + 12, left + width - 18, 30):
            for y in range(top + 16, horizon - 24, 34):
                draw.rectangle((x, y, x + 16, y + 20), fill=_shade(rng, rng.choice(((74, 92, 108), (224, 206, 150)))))
        left += width + rng.randint(-8, 24)
    draw.rectangle((0, horizon, *_DRAWN), fill=_shade(rng, (112, 112, 114)))
    for x in range(rng.randint(-60, 0), _DRAWN[0], 130):
        draw.polygon([(x, 520), (x + 70, 520), (x + 56, 532), (x - 14, 532)], fill=(214, 212, 204))
    _trees(draw, rng, ground=horizon + 30, count=rng.randint(3, 6))
    _people(draw, rng, ground=rng.randint(500, 560), count=rng.randint(2, 6))


def _courtyard(picture: Image.Image, rng: random.Random) -> None:
    """Trees and people on paving in front of a long wall."""
    _gradient(picture, _shade(rng, (204, 196, 176)), _shade(rng, (164, 152, 132)))
    draw = ImageDraw.Draw(picture)
    edge = rng.randint(300, 380)
    draw.rectangle((0, rng.randint(40, 90), _DRAWN[0], edge), fill=_shade(rng, (216, 206, 188)))
    for x in range(rng.randint(0, 60), _DRAWN[0], rng.randint(110, 170)):
        draw.rectangle((x, 150, x + 60, edge), fill=_shade(rng, (110, 84, 66)))
        draw.rectangle((x + 6, 158, x + 54, 216), fill=_shade(rng, (136, 158, 170)))
    for y in range(edge, _DRAWN[1], 36):
        draw.line((0, y, _DRAWN[0], y + rng.randint(-6, 6)), fill=_shade(rng, (142, 132, 116)), width=2)
    _trees(draw, rng, ground=edge + 60, count=rng.randint(2, 4))
    _people(draw, rng, ground=rng.randint(470, 540), count=rng.randint(5, 11))


def _meeting(picture: Image.Image, rng: random.Random) -> None:
    """People around a long table under a banner without words."""
    _gradient(picture, _shade(rng, (236, 230, 216)), _shade(rng, (206, 196, 178)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((rng.randint(60, 160), 50, rng.randint(620, 740), 110), fill=_shade(rng, (178, 38, 36)))
    draw.rectangle((rng.randint(20, 60), 150, rng.randint(180, 260), 300), fill=_shade(rng, (150, 186, 206)))
    middle = rng.randint(360, 430)
    _people(draw, rng, ground=middle + 20, count=rng.randint(6, 9), size=1.5)
    draw.polygon(
        [(60, middle), (740, middle), (800, 600), (0, 600)],
        fill=_shade(rng, rng.choice(((150, 104, 66), (96, 82, 74)))),
    )
    for _ in range(rng.randint(6, 12)):
        x, y = rng.randint(90, 660), rng.randint(middle + 30, 560)
        draw.polygon([(x, y), (x + 50, y), (x + 60, y + 24), (x - 8, y + 24)], fill=_shade(rng, (244, 242, 236)))


def _notice_board(picture: Image.Image, rng: random.Random) -> None:
    """A board with sheets of paper on it, and somebody reading."""
    _gradient(picture, _shade(rng, (158, 178, 150)), _shade(rng, (120, 138, 114)))
    draw = ImageDraw.Draw(picture)
    left, top = rng.randint(60, 160), rng.randint(60, 110)
    right, bottom = rng.randint(620, 740), rng.randint(380, 440)
    draw.rectangle((left - 14, top - 14, right + 14, bottom + 14), fill=_shade(rng, (92, 96, 104)))
    draw.rectangle((left, top, right, bottom), fill=_shade(rng, (40, 92, 140)))
    for x in range(left + 20, right - 90, 120):
        for y in range(top + 20, bottom - 100, 150):
            paper = _shade(rng, rng.choice(((246, 244, 238), (250, 236, 190), (226, 240, 226))))
            draw.rectangle((x, y, x + 92, y + 122), fill=paper)
            for line in range(y + 14, y + 110, rng.randint(9, 13)):
                draw.line((x + 10, line, x + rng.randint(50, 82), line), fill=(108, 108, 112), width=2)
    draw.rectangle((left + 40, bottom + 14, left + 54, 600), fill=(84, 84, 88))
    draw.rectangle((right - 54, bottom + 14, right - 40, 600), fill=(84, 84, 88))
    _people(draw, rng, ground=590, count=rng.randint(1, 4), size=2.2)


def _evening(picture: Image.Image, rng: random.Random) -> None:
    """Stalls and lamps at night."""
    _gradient(picture, _shade(rng, (22, 26, 56)), _shade(rng, (74, 58, 70)))
    draw = ImageDraw.Draw(picture)
    ground = rng.randint(400, 450)
    draw.rectangle((0, ground, *_DRAWN), fill=_shade(rng, (56, 50, 54)))
    for x in range(rng.randint(-40, 20), _DRAWN[0], rng.randint(120, 180)):
        cloth = _shade(rng, rng.choice(((190, 60, 48), (54, 118, 150), (196, 152, 60), (70, 132, 84))))
        draw.polygon(
            [(x, ground - 130), (x + 110, ground - 130), (x + 124, ground - 96), (x - 14, ground - 96)], fill=cloth
        )
        draw.rectangle((x + 4, ground - 40, x + 106, ground + 10), fill=_shade(rng, (150, 128, 104)))
        draw.ellipse((x + 42, ground - 90, x + 66, ground - 66), fill=(255, 236, 176))
    for x in range(rng.randint(10, 90), _DRAWN[0], rng.randint(150, 240)):
        draw.rectangle((x, 120, x + 6, ground), fill=(92, 92, 98))
        draw.ellipse((x - 18, 96, x + 24, 138), fill=(255, 226, 150))
    _people(draw, rng, ground=rng.randint(520, 570), count=rng.randint(4, 9), size=1.4)


_SCENES: tuple[Callable[[Image.Image, random.Random], None], ...] = (
    _street,
    _courtyard,
    _meeting,
    _notice_board,
    _evening,
)


def _gradient(picture: Image.Image, top: Rgb, bottom: Rgb) -> None:
    ramp = Image.linear_gradient("L").resize(picture.size)
    picture.paste(ImageOps.colorize(ramp, top, bottom))


def _trees(draw: ImageDraw.ImageDraw, rng: random.Random, *, ground: int, count: int) -> None:
    for _ in range(count):
        x, crown = rng.randint(20, 780), rng.randint(46, 92)
        draw.rectangle((x - 6, ground - 110, x + 6, ground), fill=_shade(rng, (96, 72, 52)))
        for _ in range(14):
            cx, cy = x + rng.randint(-crown, crown), ground - 140 + rng.randint(-crown, crown // 2)
            size = rng.randint(14, 34)
            draw.ellipse((cx - size, cy - size, cx + size, cy + size), fill=_shade(rng, (72, 118, 66)))


def _people(draw: ImageDraw.ImageDraw, rng: random.Random, *, ground: int, count: int, size: float = 1.0) -> None:
    for _ in range(count):
        x, tall = rng.randint(40, 760), int(rng.randint(78, 104) * size)
        wide, head = int(14 * size), int(10 * size)
        colour = _shade(rng, rng.choice(((176, 60, 54), (58, 84, 132), (84, 120, 96), (204, 196, 184), (70, 66, 74))))
        draw.rectangle((x - wide, ground - int(tall * 0.78), x + wide, ground - int(tall * 0.36)), fill=colour)
        draw.rectangle((x - wide + 3, ground - int(tall * 0.36), x + wide - 3, ground), fill=_shade(rng, (52, 54, 66)))
        top = ground - tall
        draw.ellipse((x - head, top, x + head, top + 2 * head), fill=_shade(rng, (216, 178, 150)))


def _shade(rng: random.Random, colour: Rgb) -> Rgb:
    """`colour`, a little lighter or darker and a little off."""
    lighter = rng.randint(-16, 16)
    red, green, blue = (max(0, min(255, value + lighter + rng.randint(-8, 8))) for value in colour)
    return red, green, blue
