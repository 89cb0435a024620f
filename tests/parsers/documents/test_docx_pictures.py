"""Pictures are counted as they are shown; the files behind them are handed on once each."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Inches

from parsers.documents.docx import read_docx
from parsers.errors import LimitError
from parsers.facts import Member
from parsers.limits import DEFAULT_LIMITS, Limits
from tests.parsers.documents.docx_files import (
    drawing,
    inline_picture,
    paragraph,
    picture,
    png,
    read,
    run,
    write_docx,
)

RED, BLUE = png("red"), png("blue")
MEDIA = {"media/image1.png": RED, "media/image2.png": BLUE}
RELATIONS = {"r1": ("image", "media/image1.png"), "r2": ("image", "media/image2.png")}
VML = '<w:pict><v:shape style="width:75pt;height:1in"><v:imagedata r:id="r1"/></v:shape></w:pict>'
OBJECT = VML.replace("w:pict", "w:object").replace("</v:shape>", '</v:shape><o:OLEObject ProgID="{}"/>')
ALTERNATE = (
    f'<mc:AlternateContent><mc:Choice Requires="wps">{drawing("inline", picture("r1"))}</mc:Choice>'
    f"<mc:Fallback>{VML}</mc:Fallback></mc:AlternateContent>"
)


def shown(tmp_path: Path, *runs: str) -> tuple[int, list[tuple[str, int, tuple[int, int] | None]]]:
    """Pictures counted, and (name, repeats, size) of each member, of a document with two pictures in its package."""
    path = write_docx(
        tmp_path / "a.docx",
        paragraph(run("文"), *runs),
        parts=MEDIA,
        relations=RELATIONS,
    )
    reading = read(path)
    assert reading.document is not None
    return reading.document.pictures, [(one.name, one.repeats, one.shown_px) for one in reading.members]


def test_inline_picture_becomes_a_member_and_unused_media_does_not(tmp_path: Path) -> None:
    path = write_docx(
        tmp_path / "a.docx",
        paragraph(inline_picture("r1")),
        parts=MEDIA,
        relations=RELATIONS,
    )

    reading = read(path)

    assert reading.members == (
        Member(
            locator="word/media/image1.png",
            name="image1.png",
            stored_as="docx-picture-0001",
            size_bytes=len(RED),
            sha256=hashlib.sha256(RED).hexdigest(),
            origin="embedded",
            media_type="image/png",
            shown_px=(100, 50),
            repeats=1,
        ),
    )
    assert (tmp_path / "job" / "docx-picture-0001").read_bytes() == RED
    assert reading.problem is None


@pytest.mark.parametrize(
    ("content", "size_px"),
    [
        (drawing("inline", picture("r1")), (100, 50)),
        (drawing("anchor", picture("r1")), (100, 50)),
        (VML, (100, 96)),
        ('<w:pict><v:shape style="width:50%;height:1in"><v:imagedata r:id="r1"/></v:shape></w:pict>', None),
        (OBJECT.format("PBrush"), (100, 96)),
        (ALTERNATE, (100, 50)),
    ],
    ids=["inline", "floating", "vml", "vml without size", "painted object", "alternate"],
)
def test_every_way_to_show_a_picture_counts_once(tmp_path: Path, content: str, size_px: tuple[int, int] | None) -> None:
    assert shown(tmp_path, f"<w:r>{content}</w:r>") == (1, [("image1.png", 1, size_px)])


@pytest.mark.parametrize(
    "content",
    [
        drawing("anchor", picture("r1"), hidden=True),
        drawing("inline", '<pic:pic><pic:blipFill><a:blip r:link="r1"/></pic:blipFill></pic:pic>'),
        drawing("inline", picture("dangling")),
        OBJECT.format("Excel.Sheet.12"),
        "<w:pict><v:rect/></w:pict>",
    ],
    ids=["hidden", "linked", "dangling", "embedded sheet", "shape"],
)
def test_drawing_that_shows_no_picture_of_ours_counts_nothing(tmp_path: Path, content: str) -> None:
    assert shown(tmp_path, f"<w:r>{content}</w:r>") == (0, [])


def test_deleted_and_hidden_pictures_count_nothing(tmp_path: Path) -> None:
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{drawing('inline', picture('r1'))}</w:r>"

    assert shown(tmp_path, f"<w:del>{inline_picture('r1')}</w:del>", hidden) == (0, [])


def test_picture_shown_again_counts_each_time_and_keeps_its_largest_size(tmp_path: Path) -> None:
    again = inline_picture("r1", width_emu=9525 * 400, height_emu=9525 * 300)

    assert shown(tmp_path, inline_picture("r1"), inline_picture("r2"), again) == (
        3,
        [("image1.png", 2, (400, 300)), ("image2.png", 1, (100, 50))],
    )


def test_grouped_pictures_count_one_by_one_with_their_own_size(tmp_path: Path) -> None:
    own = '<pic:spPr><a:xfrm><a:ext cx="95250" cy="95250"/></a:xfrm></pic:spPr>'
    group = drawing("anchor", picture("r1") + picture("r2").replace("</pic:pic>", f"{own}</pic:pic>"))

    assert shown(tmp_path, f"<w:r>{group}</w:r>") == (
        2,
        [("image1.png", 1, (100, 50)), ("image2.png", 1, (10, 10))],
    )


def test_picture_in_a_text_box_counts_and_in_a_header_does_not(tmp_path: Path) -> None:
    box = f"<wps:txbx><w:txbxContent>{paragraph(inline_picture('r2'))}</w:txbxContent></wps:txbx>"
    path = write_docx(
        tmp_path / "a.docx",
        paragraph(f"<w:r>{drawing('anchor', box)}</w:r>"),
        parts={**MEDIA, "hdr": paragraph(inline_picture("r1"))},
        relations=RELATIONS,
    )

    reading = read(path)

    assert reading.document is not None
    assert (reading.document.pictures, [one.name for one in reading.members]) == (1, ["image2.png"])


def test_picture_that_cannot_be_unpacked_is_shown_but_no_member(tmp_path: Path) -> None:
    path = write_docx(
        tmp_path / "a.docx",
        paragraph(run("文"), inline_picture("r1"), inline_picture("r2")),
        parts=MEDIA,
        relations=RELATIONS,
    )
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("word/media/image1.png")
    data = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename)
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)

    reading = read(path)

    assert reading.document is not None
    assert (reading.document.pictures, [one.name for one in reading.members]) == (2, ["image2.png"])
    assert [file.name for file in (tmp_path / "job").iterdir()] == ["docx-picture-0002"]


@pytest.mark.parametrize("limits", [Limits(members=1), Limits(members_bytes=len(RED))])
def test_more_pictures_than_the_limits_allow_are_refused(tmp_path: Path, limits: Limits) -> None:
    path = write_docx(
        tmp_path / "a.docx",
        paragraph(inline_picture("r1"), inline_picture("r2")),
        parts=MEDIA,
        relations=RELATIONS,
    )

    with pytest.raises(LimitError):
        read(path, limits)


def test_pictures_added_by_python_docx_are_found(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(RED)
    document = docx.Document()
    document.add_picture(str(tmp_path / "1.png"), width=Inches(2), height=Inches(1))
    document.add_picture(str(tmp_path / "1.png"), width=Inches(1), height=Inches(1))
    document.save(str(tmp_path / "a.docx"))

    reading = read(tmp_path / "a.docx")

    assert reading.document is not None
    assert reading.document.pictures == 2
    assert [(one.repeats, one.shown_px, one.sha256) for one in reading.members] == [
        (2, (192, 96), hashlib.sha256(RED).hexdigest())
    ]


def test_disk_that_fails_while_writing_is_not_the_documents_fault(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph(inline_picture("r1")), parts=MEDIA, relations=RELATIONS)
    (tmp_path / "job").write_text("a file where the folder should be")

    with pytest.raises(OSError, match="directory"):
        read_docx(path, tmp_path / "job", DEFAULT_LIMITS)
