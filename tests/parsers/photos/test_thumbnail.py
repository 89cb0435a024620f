"""Small copies for people: upright, bounded, nothing of the camera in them; nothing at all where a picture cannot be shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.photos.thumbnail import THUMBNAIL_PX, write_thumbnail
from tests.parsers.photos.pictures import saved, scene

SCENE = scene(1, (1200, 900))


def thumbnail(tmp_path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Image.Image | None:
    path, target = tmp_path / "photo", tmp_path / "small.jpg"
    path.write_bytes(data)
    target.unlink(missing_ok=True)
    shown = write_thumbnail(path, target, limits)
    assert shown == target.exists()
    return Image.open(io.BytesIO(target.read_bytes())) if shown else None


def looks_like(found: Image.Image, wanted: Image.Image) -> bool:
    difference = ImageChops.difference(found.convert("RGB"), wanted.convert("RGB").resize(found.size))
    return max(ImageStat.Stat(difference).mean) < 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "TIFF", "GIF"])
def test_every_kind_is_shown_small(kind: str, tmp_path: Path) -> None:
    found = thumbnail(tmp_path, saved(SCENE, kind))

    assert found is not None
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (THUMBNAIL_PX, THUMBNAIL_PX * 3 // 4))
    assert looks_like(found, SCENE)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG"])
def test_a_turned_photo_is_shown_upright_and_without_its_tags(kind: str, tmp_path: Path) -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    tags.get_ifd(0x8825)[1] = "N"

    found = thumbnail(tmp_path, saved(SCENE.transpose(Image.Transpose.ROTATE_90), kind, exif=tags))

    assert found is not None
    assert looks_like(found, SCENE)
    assert (dict(found.getexif()), "exif" in found.info, "icc_profile" in found.info) == ({}, False, False)


def test_words_in_a_photo_s_file_stay_there(tmp_path: Path) -> None:
    found = thumbnail(tmp_path, saved(SCENE, "JPEG", comment=b"Jin'an office", xmp=b"<x>Jin'an</x>"))

    assert found is not None
    assert {"comment", "xmp"} & found.info.keys() == set()


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGBA", "P", "1", "I;16"])
def test_every_colour_mode_is_shown(mode: str, tmp_path: Path) -> None:
    picture = SCENE.convert("I").convert("I;16") if mode == "I;16" else SCENE.convert(mode)

    found = thumbnail(tmp_path, saved(picture, "TIFF" if mode == "CMYK" else "PNG"))

    assert found is not None
    assert found.mode == "RGB"


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    found = thumbnail(tmp_path, saved(SCENE.resize((40, 30))))

    assert found is not None
    assert found.size == (40, 30)


@pytest.mark.parametrize(
    "data",
    [saved(SCENE)[:20_000], b"\xff\xd8\xff\xe0", b'<svg width="9" height="9"/>', b""],
    ids=["cut off", "header only", "drawing", "empty"],
)
def test_what_cannot_be_shown_leaves_nothing(data: bytes, tmp_path: Path) -> None:
    assert thumbnail(tmp_path, data) is None


def test_a_picture_beyond_the_limit_is_not_decoded(tmp_path: Path) -> None:
    assert thumbnail(tmp_path, saved(SCENE), Limits(picture_pixels=1200 * 900 - 1)) is None
