"""The demo's documents are what the story says they are, by readers that are not ours."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import pypdfium2
import pytest
from PIL import Image

from intake.demo import material
from intake.demo.cases import load_case
from intake.demo.clients import File
from intake.demo.documents import Manner, case_docx
from intake.demo.pictures import HEIGHT_PX, WIDTH_PX, photo
from parsers.facts import PhotoFacts
from parsers.limits import Limits
from parsers.photos.sameness import same_picture
from parsers.reading import read_file

CASES = (
    "charging_sheds", "grid_ledger", "kitchen_smoke", "neighbour_property", "parking_order",
    "rental_houses", "river_stalls", "shared_table", "water_meter",
)  # fmt: skip
PARTS = ["背景与起因", "做法与经过", "成效与反响", "探讨与评论"]


def count_words(lines: list[str]) -> int:
    """字数 counted another way than the product does: character by character, by Unicode's names and widths."""
    total, in_run = 0, False
    for line in lines:
        for character in line:
            wide = unicodedata.east_asian_width(character) in "WF" or character in "“”—…·"
            total += wide or (not character.isspace() and not in_run)
            in_run = not wide and not character.isspace()
        in_run = False
    return total


@pytest.mark.parametrize("name", CASES)
def test_a_sample_case_has_a_length_the_call_allows(name: str) -> None:
    case = load_case(name)

    assert 2300 <= count_words(list(case.lines)) <= 2900


def test_the_long_sample_case_is_some_hundred_words_too_long() -> None:
    assert 3200 <= count_words(list(load_case("elevator_talks").lines)) <= 3400


@pytest.mark.parametrize("name", [*CASES, "elevator_talks"])
def test_a_sample_case_has_its_parts_and_no_placeholders(name: str) -> None:
    case = load_case(name)

    wanted = PARTS[:3] if name == "parking_order" else PARTS
    assert [section.heading for section in case.sections] == wanted
    assert all(len(section.paragraphs) >= 3 for section in case.sections)
    assert not re.search(r"XX|××|某某|○○|待补|1[3-9]\d{9}|\d{17}[\dX]", "\n".join(case.lines))


def test_no_two_sample_cases_share_a_paragraph() -> None:
    paragraphs = [text for name in [*CASES, "elevator_talks"] for text in load_case(name).lines if len(text) > 30]

    assert len(paragraphs) == len(set(paragraphs))


@pytest.mark.parametrize("manner", ["headings", "bold", "numbered", "run_in"])
def test_a_word_file_holds_the_whole_case_and_is_the_same_each_time(manner: Manner) -> None:
    case = load_case("grid_ledger")

    data = case_docx(case, manner)

    text = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    assert all(line in text for line in case.lines)
    assert data == case_docx(case, manner)


@pytest.mark.parametrize(
    ("manner", "marks", "opening"),
    [
        ("headings", lambda p: p.style.name == "Heading 1", "{part}"),
        (
            "bold",
            lambda p: bool(re.match("[一二三四]、", p.text)) and all(run.bold for run in p.runs),
            "{numeral}、{part}",
        ),
        ("numbered", lambda p: p._p.pPr is not None and p._p.pPr.numPr is not None, "{part}"),
        ("run_in", lambda p: len(p.runs) == 2 and p.runs[0].bold is True, "{part}："),
    ],
)
def test_a_word_file_makes_its_headings_in_its_own_manner(
    manner: Manner, marks: Callable[[object], bool], opening: str
) -> None:
    paragraphs = docx.Document(io.BytesIO(case_docx(load_case("grid_ledger"), manner))).paragraphs

    marked = [paragraph.text for paragraph in paragraphs if marks(paragraph)]

    wanted = [opening.format(part=part, numeral=numeral) for part, numeral in zip(PARTS, "一二三四", strict=True)]
    assert [text[: len(start)] for text, start in zip(marked, wanted, strict=True)] == wanted
    assert (manner == "run_in") == (max(map(len, marked)) > 40)


def test_the_photos_inside_the_word_file_are_five_different_ones_with_captions() -> None:
    (file,) = material.photos_inside()

    with zipfile.ZipFile(io.BytesIO(file.data)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    captions = [p.text for p in docx.Document(io.BytesIO(file.data)).paragraphs if re.match(r"图\d ", p.text)]
    assert (len(pictures), len(set(pictures)), len(captions)) == (5, 5, 5)


def test_the_pdf_holds_text_over_several_pages() -> None:
    data = material.pdf()[0].data

    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) >= 3
    assert all(line in re.sub(r"\s", "", text) for line in load_case("water_meter").lines)
    assert data == material.pdf()[0].data


def test_the_zip_names_its_members_in_gbk_without_saying_so() -> None:
    (file,) = material.zipped()

    first_flags = struct.unpack_from("<H", file.data, 6)[0]
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = [entry.filename.encode("cp437").decode("gbk") for entry in archive.infolist()]
        marked = [entry.flag_bits & 0x800 for entry in archive.infolist()]
        assert archive.testzip() is None
    assert names[:2] == ["桥畔社区/桥畔社区案例正文.docx", "桥畔社区/报名表.docx"]
    assert names[2:] == [f"桥畔社区/照片/桥畔{number}.jpg" for number in range(1, 6)]
    assert (any(marked), first_flags & 0x800) == (False, 0)


def test_a_photo_looks_like_a_phone_s_and_is_the_same_each_time() -> None:
    taken_at = datetime(2022, 10, 11, 9, 24, 18)  # noqa: DTZ001 - EXIF times name no zone

    data = photo(7, taken_at=taken_at)

    picture = Image.open(io.BytesIO(data))
    exif = picture.getexif()
    assert (picture.format, picture.size) == ("JPEG", (WIDTH_PX, HEIGHT_PX))
    assert 150_000 <= len(data) <= 450_000
    assert (exif[0x0132], exif.get_ifd(0x8769)[0x9003]) == ("2022:10:11 09:24:18", "2022:10:11 09:24:18")
    assert data == photo(7, taken_at=taken_at)


def test_no_two_photos_of_the_story_pass_for_the_same(tmp_path: Path) -> None:
    letters = (
        material.complete, material.part_missing, material.three_photos, material.repair, material.too_long,
        material.pdf, material.photos_second, material.junk, material.late,
    )  # fmt: skip
    photos = [file for letter in letters for file in letter() if file.media_type == "image/jpeg"]

    facts = [_photo_facts(file, tmp_path / str(number)) for number, file in enumerate(photos)]

    assert len(photos) == 40
    pairs = [(a, b) for a in range(len(facts)) for b in range(a) if same_picture(facts[a], facts[b])]
    assert pairs == []


def _photo_facts(file: File, folder: Path) -> PhotoFacts:
    folder.mkdir()
    (folder / "photo").write_bytes(file.data)
    reading = read_file(folder / "photo", folder, Limits())
    assert reading.photo is not None
    return reading.photo
