"""Photos of every kind are measured, turned upright, dated and fingerprinted; broken ones are named."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw

from parsers.errors import LimitError, ParserError
from parsers.facts import PhotoFacts, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.photos.photo import read_photo
from parsers.reading import read_file
from tests.parsers.photos.pictures import saved, scene

SCENE = scene(1, (320, 200))


def read(tmp_path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Reading:
    path = tmp_path / "photo"
    path.write_bytes(data)
    return read_photo(path, tmp_path, limits)


def facts(tmp_path: Path, data: bytes) -> PhotoFacts:
    reading = read(tmp_path, data)
    assert reading.problem is None
    assert reading.photo is not None
    return reading.photo


def exif(**tags: object) -> Image.Exif:
    made = Image.Exif()
    if "orientation" in tags:
        made[0x0112] = tags["orientation"]
    if "taken_at" in tags:
        made.get_ifd(0x8769)[0x9003] = tags["taken_at"]
    return made


@pytest.mark.parametrize(
    ("kind", "format_name"),
    [
        ("jpeg", "JPEG"),
        ("png", "PNG"),
        ("webp", "WEBP"),
        ("heic", "HEIF"),
        ("avif", "AVIF"),
        ("tiff", "TIFF"),
        ("bmp", "BMP"),
        ("gif", "GIF"),
        ("jp2", "JPEG2000"),
    ],
)
def test_every_kind_is_measured_and_fingerprinted(kind: str, format_name: str, tmp_path: Path) -> None:
    data = saved(SCENE, format_name)

    reading = read(tmp_path, data)

    assert reading.photo is not None
    assert (reading.photo.kind, reading.photo.width_px, reading.photo.height_px) == (kind, 320, 200)
    assert len(reading.photo.grey_grid) == 2 * 32 * 32
    assert reading.photo.colours > 100
    assert (reading.format, reading.reader, reading.members) == ("image", "photo/2", ())
    assert (reading.sha256, reading.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_turned_photo_is_the_same_as_the_upright_one(kind: str, orientation: int, tmp_path: Path) -> None:
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = SCENE if orientation == 1 else SCENE.transpose(Image.Transpose(back[orientation]))
    upright = facts(tmp_path, saved(SCENE, "PNG"))

    options = {"lossless": True} if kind == "WEBP" else {}
    found = facts(tmp_path, saved(stored, kind, exif=exif(orientation=orientation), **options))

    assert found.orientation == orientation
    assert (found.width_px, found.height_px) == (320, 200)
    # A grey may be rounded the other way when rows and columns change places.
    greys = zip(bytes.fromhex(found.grey_grid), bytes.fromhex(upright.grey_grid), strict=True)
    assert max(abs(a - b) for a, b in greys) <= 1


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2022:12:01 09:30:00", "2022:12:01 09:30:00"),
        ("2022:12:01 09:30:00\0", "2022:12:01 09:30:00"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
    ],
)
def test_the_capture_time_is_kept_as_written_or_not_at_all(written: str, read_as: str | None, tmp_path: Path) -> None:
    assert facts(tmp_path, saved(SCENE, exif=exif(taken_at=written))).taken_at_local == read_as


@pytest.mark.parametrize(("orientation", "taken"), [(0, 1), (9, 1), (65_535, 1)])
def test_a_senseless_orientation_is_upright(orientation: int, taken: int, tmp_path: Path) -> None:
    assert facts(tmp_path, saved(SCENE, exif=exif(orientation=orientation))).orientation == taken


@pytest.mark.parametrize(("dpi", "found"), [((300, 300), 300), ((72, 72), 72), ((0, 0), None)])
def test_the_resolution_is_rounded_or_unknown(dpi: tuple[int, int], found: int | None, tmp_path: Path) -> None:
    assert facts(tmp_path, saved(SCENE, dpi=dpi)).dpi == found


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("I;16", "PNG")],
)
def test_every_colour_mode_is_fingerprinted(mode: str, kind: str, tmp_path: Path) -> None:
    found = facts(tmp_path, saved(SCENE.convert("I").convert("I;16") if mode == "I;16" else SCENE.convert(mode), kind))

    assert found.mode == mode
    assert len(set(found.grey_grid)) > 8


def test_transparency_shows_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))

    found = facts(tmp_path, saved(clear, "PNG"))

    assert (found.grey_grid, found.colours) == ("ff" * 1024, 1)


def test_frames_of_an_animation_are_counted(tmp_path: Path) -> None:
    more = [scene(seed, (60, 40)) for seed in (2, 3)]

    assert facts(tmp_path, saved(scene(1, (60, 40)), "GIF", save_all=True, append_images=more)).frames == 3


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_off_in_transfer_is_damaged(kind: str, share: float, tmp_path: Path) -> None:
    data = saved(scene(1, (1200, 900)), kind)
    path = tmp_path / "photo"
    path.write_bytes(data[: int(len(data) * share)])

    reading = read_file(path, tmp_path, DEFAULT_LIMITS)

    assert reading.problem is not None
    assert reading.problem.code == "damaged"
    assert reading.photo is None or (reading.photo.width_px, reading.photo.grey_grid) == (1200, "")


def test_a_progressive_photo_cut_off_is_damaged(tmp_path: Path) -> None:
    data = saved(scene(1, (1200, 900)), progressive=True)

    reading = read(tmp_path, data[: int(len(data) * 0.9)])

    assert reading.problem is not None
    assert reading.problem.code == "damaged"


@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0"])
def test_a_photo_without_a_header_is_damaged(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ParserError) as caught:
        read(tmp_path, data)

    assert caught.value.code == "damaged"


def test_a_picture_beyond_the_limit_is_refused_from_its_header(tmp_path: Path) -> None:
    data = saved(SCENE, "PNG")

    assert read(tmp_path, data, Limits(picture_pixels=320 * 200)).problem is None
    with pytest.raises(LimitError):
        read(tmp_path, data, Limits(picture_pixels=320 * 200 - 1))


def test_a_bomb_is_refused_from_its_header(tmp_path: Path) -> None:
    header = saved(Image.new("RGB", (1, 1)), "BMP")
    bomb = header[:18] + struct.pack("<ii", 50_000, 50_000) + header[26:]

    with pytest.raises(LimitError):
        read(tmp_path, bomb)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'<svg width="120" height="2cm" xmlns="x"/>', ("svg", 120, 76)),
        (b'<?xml version="1.0"?>\n<svg viewBox="0 0 300 150"/>', ("svg", 300, 150)),
        (b'<svg width="100%" height="100%"/>', ("svg", 0, 0)),
        (b"\xd7\xcd\xc6\x9a\0\0" + struct.pack("<hhhhH", 0, 0, 2880, 1440, 1440) + b"\0" * 6, ("wmf", 192, 96)),
        (b"\x01\x00\x09\x00\x00\x03" + b"\0" * 20, ("wmf", 0, 0)),
        (
            struct.pack("<II", 1, 88) + b"\0" * 16 + struct.pack("<iiii", 0, 0, 2540, 5080) + b" EMF" + b"\0" * 40,
            ("emf", 96, 192),
        ),
    ],
    ids=["svg", "svg by its box", "svg without size", "placeable wmf", "bare wmf", "emf"],
)
def test_drawings_are_measured_and_never_rendered(data: bytes, expected: tuple[str, int, int], tmp_path: Path) -> None:
    found = facts(tmp_path, data)

    assert (found.kind, found.width_px, found.height_px) == expected
    assert found.grey_grid == ""


def test_a_logo_has_few_colours_and_a_photo_many(tmp_path: Path) -> None:
    logo = Image.new("RGB", (200, 200), "white")
    logo.paste("red", (50, 50, 150, 150))

    assert facts(tmp_path, saved(logo, "PNG")).colours == 2
    assert facts(tmp_path, saved(SCENE)).colours > 200


def test_odd_tags_are_no_reason_not_to_read_a_photo(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    SCENE.save(buffer, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 60)

    assert facts(tmp_path, buffer.getvalue()).orientation == 1


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_photo_that_lacks_only_its_end_mark_is_whole(cut: int, progressive: bool, tmp_path: Path) -> None:
    whole = saved(scene(1, (1200, 900)), quality=85, progressive=progressive)

    found = facts(tmp_path, whole[:-cut])

    assert found == facts(tmp_path, whole)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("cut", [40, 400, 20_000])
def test_a_photo_that_lacks_its_last_rows_is_damaged(cut: int, progressive: bool, tmp_path: Path) -> None:
    whole = saved(scene(1, (1200, 900)), quality=85, progressive=progressive)

    reading = read(tmp_path, whole[:-cut])

    assert reading.problem is not None
    assert reading.problem.code == "damaged"


def test_a_tiff_of_a_rare_codec_is_left_to_people_not_called_damaged(tmp_path: Path) -> None:
    plain = saved(SCENE, "TIFF")
    codec = struct.pack("<HHI", 259, 3, 1)
    assert plain.count(codec) == 1
    webp = plain.replace(codec + struct.pack("<HH", 1, 0), codec + struct.pack("<HH", 50_001, 0))

    reading = read(tmp_path, webp)

    assert reading.problem is not None
    assert reading.problem.code == "unsupported_format"


@pytest.mark.parametrize(
    "tags", [{50706: b"\1\4\0\0"}, {254: 1, 330: 8}], ids=["digital negative", "preview before the picture"]
)
def test_a_raw_file_is_not_taken_for_its_preview(tags: dict[int, object], tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(saved(scene(1, (160, 120)), "TIFF", tiffinfo=tags))

    reading = read_file(path, tmp_path, DEFAULT_LIMITS)

    assert (reading.format, reading.photo) == ("image", None)
    assert reading.problem is not None
    assert (reading.problem.code, reading.problem.detail) == ("unsupported_format", "raw")


def test_a_photoshop_file_shows_its_flattened_picture(tmp_path: Path) -> None:
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 60, 80, 8, 3)
    planes = b"".join(channel.tobytes() for channel in scene(1, (80, 60)).split())

    found = facts(tmp_path, header + bytes(12) + b"\0\0" + planes)

    assert (found.kind, found.width_px, found.height_px, found.frames) == ("psd", 80, 60, 1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_frames_of_other_animations_are_counted(kind: str, tmp_path: Path) -> None:
    more = [scene(seed, (60, 40)) for seed in (2, 3)]

    assert facts(tmp_path, saved(scene(1, (60, 40)), kind, save_all=True, append_images=more)).frames == 3


def test_a_photo_with_a_second_one_hidden_behind_it_is_one(tmp_path: Path) -> None:
    found = facts(tmp_path, saved(SCENE, "MPO", save_all=True, append_images=[scene(2, (320, 200))]))

    assert (found.kind, found.frames, found.width_px) == ("jpeg", 1, 320)


def test_the_colour_space_is_the_one_the_file_names(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tagged = Image.Exif()
    tagged.get_ifd(0x8769)[0xA001] = 1

    found = [
        facts(tmp_path, data).colour_space
        for data in (saved(SCENE, icc_profile=profile), saved(SCENE, exif=tagged), saved(SCENE))
    ]

    assert found == ["sRGB", "sRGB", ""]


def test_a_broken_colour_profile_is_no_reason_not_to_read_a_photo(tmp_path: Path) -> None:
    assert facts(tmp_path, saved(SCENE, icc_profile=b"not a profile")).colour_space == ""


def test_camera_data_is_noticed_and_the_place_never_kept(tmp_path: Path) -> None:
    tags = Image.Exif()
    tags[0x010F], tags[0x0110] = "HUAWEI", "ABR-AL80"
    tags.get_ifd(0x8825).update({1: "N", 2: (24.0, 30.0, 41.25), 3: "E", 4: (118.0, 7.0, 13.5)})
    data = saved(SCENE, exif=tags)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)[2] == (24.0, 30.0, 41.25)

    reading = read(tmp_path, data)

    assert reading.photo is not None
    assert (reading.photo.exif, facts(tmp_path, saved(SCENE)).exif) == (True, False)
    written = reading.model_dump_json()
    assert [sign for sign in ("41.25", "13.5", "118", "GPS", "HUAWEI", "ABR") if sign in written] == []


def test_cut_out_and_flat_pictures_are_told_by_their_shares(tmp_path: Path) -> None:
    seal = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(seal).ellipse((100, 100, 300, 300), fill=(220, 20, 30, 255))
    palette = seal.quantize(16)

    found = [facts(tmp_path, data) for data in (saved(seal, "PNG"), saved(palette, "PNG"), saved(SCENE))]

    assert [one.transparent_percent for one in found] == [80, 80, 0]
    assert [one.flat_percent >= 75 for one in found] == [True, True, False]


def test_a_picture_broken_before_its_tags_is_damaged(tmp_path: Path) -> None:
    whole = saved(scene(1, (600, 400)), "PNG")
    broken = bytearray(whole)
    start = whole.index(b"IDAT") + 4
    broken[start + 50_000 : start + 51_000] = bytes(1000)

    reading = read(tmp_path, bytes(broken))

    assert reading.problem is not None
    assert reading.problem.code == "damaged"
    assert reading.photo is not None
    assert (reading.photo.width_px, reading.photo.grey_grid) == (600, "")
