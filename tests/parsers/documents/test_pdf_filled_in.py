"""What was filled in over a PDF is text, in its place; vertical writing, locks and doubtful damage are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from parsers.documents.pdf import read_pdf
from parsers.documents.pdf_filled_in import with_filled_in
from parsers.documents.pdf_glyphs import Glyph, PageGlyphs
from parsers.errors import ParserError
from parsers.facts import Problem, Reading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file
from tests.parsers.documents.pdf_files import (
    FONT,
    LEFT,
    TOP,
    Draw,
    paragraph,
    picture,
    show,
    text_at,
    write_pdf,
)

PARAGRAPH = (
    "金安社区位于湖里区东部，辖区面积一点二平方公里，现有住宅小区八个，常住人口一万六千人。近年来，"
    "社区围绕党建引领、网格覆盖、智慧支撑、多元共治的思路，推动基层治理提质增效，居民满意度稳步上升。"
)
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "pdf"


def read(path: Path, tmp_path: Path, passwords: tuple[str, ...] = ()) -> Reading:
    job = tmp_path / "job"
    job.mkdir(exist_ok=True)
    return read_pdf(path, job, DEFAULT_LIMITS, passwords)


def texts(reading: Reading) -> list[str]:
    assert reading.document is not None
    return [block.text for block in reading.document.blocks]


def form(canvas: Canvas) -> None:
    y = paragraph(canvas, TOP, PARAGRAPH)
    for label, value in (("案例名称：", "Grid 2022"), ("联系电话：", "13900001234")):
        y -= 40
        text_at(canvas, LEFT, y, label)
        canvas.acroForm.textfield(value=value, x=LEFT + 75, y=y - 4, width=200, height=20, fontSize=12, borderWidth=0)
    text_at(canvas, LEFT, y - 60, "以上情况属实。")


def test_values_of_form_fields_stand_behind_their_labels(tmp_path: Path) -> None:
    reading = read(write_pdf(tmp_path / "form.pdf", form), tmp_path)

    assert texts(reading) == [PARAGRAPH, "案例名称：Grid 2022", "联系电话：13900001234", "以上情况属实。"]


def test_a_form_that_holds_nothing_but_values_has_text(tmp_path: Path) -> None:
    def values_only(canvas: Canvas) -> None:
        canvas.acroForm.textfield(value="Jinan community", x=LEFT, y=TOP, width=200, height=20, fontSize=12)

    reading = read(write_pdf(tmp_path / "values.pdf", values_only), tmp_path)

    assert (texts(reading), reading.problem) == (["Jinan community"], None)


def test_notes_of_a_reader_are_counted_and_links_are_not(tmp_path: Path) -> None:
    def annotated(canvas: Canvas) -> None:
        paragraph(canvas, TOP, PARAGRAPH)
        canvas.textAnnotation("请补充数据", Rect=(300, 300, 320, 320))
        canvas.linkURL("https://example.org", (100, 100, 200, 120))

    document = read(write_pdf(tmp_path / "notes.pdf", annotated), tmp_path).document

    assert document is not None
    assert document.comments == 1
    assert [block.text for block in document.blocks] == [PARAGRAPH]


def glyph(text: str, left: float, top: float) -> Glyph:
    return Glyph(text, left, top, left + 10, top + 10, 10.0, bold=False, black=False, spaces="")


def page(*glyphs: Glyph) -> PageGlyphs:
    return PageGlyphs(glyphs, 500, 700, 0, unreadable=0, invisible=0, characters=len(glyphs))


def test_text_without_a_label_beside_it_stands_below_what_is_above_it() -> None:
    printed = page(glyph("上", 0, 0), glyph("下", 0, 100))

    filled = with_filled_in(printed, page(*printed.glyphs, glyph("填", 200, 50)))

    assert "".join(glyph.text for glyph in filled.glyphs) == "上填下"


def test_print_that_changed_with_the_annotations_is_left_as_it_was() -> None:
    printed = page(glyph("上", 0, 0))

    assert with_filled_in(printed, page(glyph("别", 0, 0), glyph("上", 0, 20))) == printed


def test_vertical_lines_are_read_from_the_right_with_latin_words_among_them(tmp_path: Path) -> None:
    def upright(canvas: Canvas) -> None:
        font = UnicodeCIDFont(FONT, isVertical=True)
        pdfmetrics.registerFont(font)
        canvas.setFont(font.fontName, 14)
        for x, line in ((500, "一、背景与起因"), (470, "金安社区位于湖里区东部，辖区面积一点二"), (440, "平方公里。")):
            canvas.drawString(x, 760, line)
        canvas.setFont("Helvetica", 14)
        canvas.rotate(-90)
        canvas.drawString(-680, 436, "Grid")

    reading = read(write_pdf(tmp_path / "vertical.pdf", upright), tmp_path)

    assert texts(reading) == ["一、背景与起因", "金安社区位于湖里区东部，辖区面积一点二平方公里。Grid"]


@pytest.mark.parametrize("passwords", [("open",), ("wrong", "open")])
def test_a_locked_file_opens_with_a_password_that_fits(passwords: tuple[str, ...], tmp_path: Path) -> None:
    locked = write_pdf(tmp_path / "locked.pdf", form, encrypt=StandardEncryption("open", "own", strength=128))

    reading = read_file(locked, tmp_path, DEFAULT_LIMITS, passwords)

    assert reading.problem is None
    assert texts(reading)[0] == PARAGRAPH


def test_a_locked_file_stays_locked_without_a_password_that_fits(tmp_path: Path) -> None:
    locked = write_pdf(tmp_path / "locked.pdf", form, encrypt=StandardEncryption("open", "own", strength=128))

    with pytest.raises(ParserError) as caught:
        read(locked, tmp_path, ("wrong", "1234"))

    assert (caught.value.code, caught.value.detail) == ("encrypted", "asks for a password")


def test_a_scan_that_was_made_searchable_is_a_page_and_no_photo(tmp_path: Path) -> None:
    def searchable(canvas: Canvas) -> None:
        show(canvas, picture(size=(120, 170)), 0, 0, 595, 842)
        text = canvas.beginText(LEFT, TOP)
        text.setFont(FONT, 14)
        text.setTextRenderMode(3)
        text.textLines([PARAGRAPH[start : start + 29] for start in range(0, len(PARAGRAPH), 29)])
        canvas.drawText(text)

    reading = read(write_pdf(tmp_path / "searchable.pdf", searchable), tmp_path)

    assert reading.document is not None
    assert (reading.document.ocr, reading.document.pictures, reading.members) == (True, 0, ())
    assert texts(reading) == [PARAGRAPH]


def unknown_picture(canvas: Canvas) -> None:
    canvas._code.append("/Im9 Do")  # a picture that is nowhere in the file: something was meant to be seen


@pytest.mark.parametrize(
    ("draw", "code"),
    [(lambda _: None, "empty"), (unknown_picture, "no_text")],
    ids=["nothing painted", "something painted"],
)
def test_a_page_without_anything_is_blank_only_when_nothing_paints(draw: Draw, code: str, tmp_path: Path) -> None:
    problem = read(write_pdf(tmp_path / "blank.pdf", draw), tmp_path).problem

    assert isinstance(problem, Problem)
    assert problem.code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("format-corpus__T02-01_002_document-catalog-wrong-object-number.pdf", "unsupported_format"),
        ("pdf.js__issue19484_1.pdf", "unsupported_format"),
        ("format-corpus__T04_008_trailer-no-trailer-keyword.pdf", "damaged"),
    ],
)
def test_a_file_is_damaged_only_when_no_other_reader_finds_its_pages(name: str, code: str, tmp_path: Path) -> None:
    """The first is opened by pdfminer and the second by poppler, the third by neither."""
    path = CORPUS / name
    if not path.exists():
        pytest.skip("the corpus is not here")

    with pytest.raises(ParserError) as caught:
        read(path, tmp_path)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("pdfminer.six__kampo.pdf", "第二条第一項の表の青色の灯火の項第三号中"),
        ("pdf.js__vertical.pdf", "日本語あいうえお"),
        ("pdf.js__secHandler.pdf", "Security Handler"),
    ],
)
def test_vertical_texts_and_forms_of_others_are_read(name: str, beginning: str, tmp_path: Path) -> None:
    """As a person reads them on the page."""
    path = CORPUS / name
    if not path.exists():
        pytest.skip("the corpus is not here")

    assert texts(read(path, tmp_path))[0].startswith(beginning)
