"""One shot in many files is one picture; two shots of one scene are two, worth a look side by side."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from parsers.facts import PhotoFacts
from parsers.limits import DEFAULT_LIMITS
from parsers.photos.photo import read_photo
from parsers.photos.sameness import same_picture, similar_picture
from tests.parsers.photos.pictures import saved, scene

SIZE = (960, 720)


def facts(tmp_path: Path, data: bytes) -> PhotoFacts:
    path = tmp_path / "photo"
    path.write_bytes(data)
    found = read_photo(path, tmp_path, DEFAULT_LIMITS).photo
    assert found is not None
    return found


def resized(picture: Image.Image, factor: float) -> Image.Image:
    return picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.LANCZOS)


def copies(picture: Image.Image) -> dict[str, bytes]:
    """How one picture comes twice: sent through a chat, put into Word, converted, turned."""
    return {
        "quality 40": saved(picture, quality=40),
        "half size": saved(resized(picture, 0.5), quality=70),
        "third of the size": saved(resized(picture, 1 / 3), quality=70),
        "larger": saved(resized(picture, 1.5), quality=60),
        "odd size": saved(picture.resize((333, 250)), quality=80),
        "webp": saved(picture, "WEBP", quality=50),
        "heic": saved(picture, "HEIF", quality=50),
        "avif": saved(picture, "AVIF", quality=50),
        "png": saved(picture, "PNG"),
        "turned left": saved(picture.transpose(Image.Transpose.ROTATE_90), quality=80),
        "upside down": saved(picture.transpose(Image.Transpose.ROTATE_180), quality=80),
        "turned right and smaller": saved(resized(picture.transpose(Image.Transpose.ROTATE_270), 0.5), quality=60),
        "darker": saved(ImageEnhance.Brightness(picture).enhance(0.9), quality=85),
    }


def shots(picture: Image.Image) -> dict[str, Image.Image]:
    """What a second press of the button changes, on a picture with room at its edges."""
    width, height = picture.size
    margin = 0.06
    inner = (int(margin * width), int(margin * height), int((1 - margin) * width), int((1 - margin) * height))

    def moved(share: float, degrees: float = 0.0) -> Image.Image:
        across, down = int(share * width), int(share * height)
        turned = picture.rotate(degrees, Image.Resampling.BICUBIC) if degrees else picture
        return turned.crop((inner[0] + across, inner[1] + down, inner[2] + across, inner[3] + down))

    somebody = moved(0.0)
    ImageDraw.Draw(somebody).ellipse(
        [somebody.width // 3, somebody.height // 3, somebody.width // 2, somebody.height * 2 // 3], fill="black"
    )
    return {
        "first": moved(0.0),
        "half a step": moved(0.01),
        "a step aside": moved(0.02),
        "two steps": moved(0.04),
        "turned and moved": moved(0.02, 1.0),
        "somebody walked in": somebody,
        "seen in a mirror": ImageOps.mirror(moved(0.0)),
    }


@pytest.mark.parametrize("seed", range(4))
def test_copies_of_one_picture_are_the_same(seed: int, tmp_path: Path) -> None:
    original = scene(seed, SIZE)
    first = facts(tmp_path, saved(original, quality=90))

    found = {name: same_picture(first, facts(tmp_path, data)) for name, data in copies(original).items()}

    assert found == dict.fromkeys(found, True)


@pytest.mark.parametrize("seed", range(4))
def test_shots_in_a_row_are_not_the_same(seed: int, tmp_path: Path) -> None:
    found = {name: facts(tmp_path, saved(shot, quality=85)) for name, shot in shots(scene(seed, SIZE)).items()}

    merged = [(a, b) for a, b in itertools.combinations(found, 2) if same_picture(found[a], found[b])]

    assert merged == []


def test_shots_in_a_row_and_crops_are_similar_and_other_scenes_are_not(tmp_path: Path) -> None:
    first, aside = (saved(shots(scene(0, SIZE))[name], quality=85) for name in ("first", "half a step"))
    whole = scene(3, SIZE)
    cropped = whole.crop((10, 7, 950, 713))

    found = [
        similar_picture(facts(tmp_path, a), facts(tmp_path, b))
        for a, b in ((first, aside), (saved(whole), saved(cropped)), (saved(whole), first))
    ]

    assert found == [True, True, False]


def test_different_scenes_are_not_the_same(tmp_path: Path) -> None:
    found = [facts(tmp_path, saved(scene(seed, (320, 240)))) for seed in range(12)]

    assert not any(same_picture(a, b) for a, b in itertools.combinations(found, 2))


def test_the_same_whichever_of_the_two_comes_first(tmp_path: Path) -> None:
    upright = facts(tmp_path, saved(scene(2, SIZE)))
    turned = facts(tmp_path, saved(scene(2, SIZE).transpose(Image.Transpose.ROTATE_90)))
    other = facts(tmp_path, saved(scene(3, SIZE).transpose(Image.Transpose.ROTATE_90)))

    assert [same_picture(upright, turned), same_picture(turned, upright)] == [True, True]
    assert [same_picture(upright, other), same_picture(other, upright)] == [False, False]


def test_certificates_of_one_template_are_not_the_same(tmp_path: Path) -> None:
    def certificate(name: str) -> bytes:
        page = Image.new("RGB", (1600, 1130), (250, 245, 235))
        draw = ImageDraw.Draw(page)
        draw.rectangle((40, 40, 1560, 1090), outline=(180, 30, 30), width=14)
        for row in range(4):
            draw.rectangle((200, 480 + row * 90, 1400, 500 + row * 90), fill=(60, 60, 60))
        for place, letter in enumerate(name):
            draw.rectangle((220 + place * 60, 330, 220 + place * 60 + (ord(letter) % 5) * 10, 390), fill="black")
        return saved(page, quality=85)

    assert not same_picture(facts(tmp_path, certificate("Zhangsan")), facts(tmp_path, certificate("Liuxiaomei")))


def test_blank_pages_are_known_again_by_their_bytes_alone(tmp_path: Path) -> None:
    pages = [facts(tmp_path, saved(Image.new("RGB", (800, 600), grey))) for grey in ("white", "whitesmoke")]

    assert not same_picture(pages[0], pages[0])
    assert not same_picture(*pages)


@pytest.mark.parametrize("seed", range(3))
def test_a_photo_turned_in_its_header_is_the_same(seed: int, tmp_path: Path) -> None:
    original = scene(5 + seed, SIZE)
    tags = Image.Exif()
    tags[0x0112] = 6

    turned = saved(original.transpose(Image.Transpose.ROTATE_90), quality=80, exif=tags)

    assert same_picture(facts(tmp_path, saved(original)), facts(tmp_path, turned))


def test_two_capture_times_are_two_shots(tmp_path: Path) -> None:
    found = facts(tmp_path, saved(scene(6, SIZE)))
    dated = found.model_copy(update={"taken_at_local": "2022:12:01 09:30:00"})
    later = found.model_copy(update={"taken_at_local": "2022:12:01 09:30:01"})

    assert [same_picture(found, dated), same_picture(dated, dated), same_picture(dated, later)] == [True, True, False]


def test_a_crop_to_another_shape_is_another_picture(tmp_path: Path) -> None:
    original = scene(7, SIZE)

    assert not same_picture(facts(tmp_path, saved(original)), facts(tmp_path, saved(original.crop((0, 0, 720, 720)))))


def test_fingerprints_of_an_earlier_reader_are_not_compared_with_later_ones() -> None:
    earlier, later = (PhotoFacts(kind="jpeg", width_px=4, height_px=3, grey_grid="00ff" * n) for n in (128, 512))

    assert not same_picture(earlier, later)


def test_drawings_without_fingerprints_are_never_the_same() -> None:
    drawing = PhotoFacts(kind="emf", width_px=10, height_px=10)

    assert not same_picture(drawing, drawing)
