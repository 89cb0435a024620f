"""Pictures of public test suites against what ExifTool says of them: kind, size, orientation, frames."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
NOTE = re.compile(r"(?:Extended )?(?P<kind>\w+) (?P<width>\d+)x(?P<height>\d+)(?: orient=(?P<orientation>\d))?")
KINDS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "HEIC": "heic", "HEIF": "heic", "TIFF": "tiff", "BMP": "bmp",
         "GIF": "gif", "PSD": "psd"}  # fmt: skip
PROBLEMS = {
    "Pillow__broken_data_stream.png": "damaged",
    "Pillow__crash-0c7e0e8e11ce787078f00b5b0ca409a167f070e0.tif": "damaged",
    "Pillow__crash-0e16d3bfb83be87356d026d66919deaefca44dac.tif": "damaged",
    "Pillow__crash-1185209cf7655b5aed8ae5e77784dfdd18ab59e9.tif": "damaged",
    "Pillow__crash-4f085cc12ece8cde18758d42608bed6a2a2cfb1c.tif": "damaged",
    "Pillow__decompression_bomb.gif": "over_limit",
    "Pillow__hopper_webp.tif": "unsupported_format",  # a codec few builds of libtiff hold
    "pillow_heif__corrupted.heic": "damaged",
    "sharp__corrupt-header.jpg": "damaged",
    "sharp__truncated.png": "damaged",
    "tika__testHEIC_livePhoto.heic": "damaged",  # its owner cut the picture itself out
}
"""What the sources' own names say, or ExifTool: "Truncated", "format error", lengths beyond the end of the file."""


def notes() -> dict[str, str]:
    lines = (CORPUS / "index.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.startswith("image/")]
    return {row[0].removeprefix("image/"): row[5] for row in rows}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="0 pictures checked: the collection of public test files is not here")
def test_pictures_are_what_another_reader_says(tmp_path: Path) -> None:
    ours, theirs, problems = {}, {}, {}

    for name, note in notes().items():
        reading = read_file(CORPUS / "image" / name, tmp_path, DEFAULT_LIMITS)
        if reading.problem is not None:
            problems[name] = reading.problem.code
        if reading.photo is None or (told := NOTE.match(note)) is None:
            continue
        width, height = int(told["width"]), int(told["height"])
        orientation = int(told["orientation"] or 1)
        theirs[name] = (KINDS[told["kind"]], *((height, width) if orientation >= 5 else (width, height)), orientation)
        photo = reading.photo
        ours[name] = (photo.kind, photo.width_px, photo.height_px, photo.orientation)

    assert ours == theirs
    assert len(ours) >= 145
    assert problems == PROBLEMS
