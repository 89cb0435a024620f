"""A PDF is read as its reader sees it: paragraphs, cells, pictures, and pages that cannot be read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from parsers.documents.pdf import read_pdf
from parsers.errors import ParserError
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from tests.parsers.documents.pdf_files import (
    BODY_PT,
    LEFT,
    PER_LINE,
    TOP,
    centred,
    paragraph,
    picture,
    show,
    text_at,
    write_pdf,
)

BACKGROUND = (
    "金安社区位于湖里区东部，辖区面积一点二平方公里，现有住宅小区八个，常住人口一万六千人。近年来，"
    "社区围绕党建引领、网格覆盖、智慧支撑、多元共治的思路，推动基层治理提质增效，居民满意度稳步上升。"
)
PRACTICE = "社区把辖区划分为十二个网格，每个网格配备专职网格员一名，兼职网格员若干名，做到小事不出网格，大事不出社区。"


def read(path: Path, tmp_path: Path, limits: Limits = DEFAULT_LIMITS) -> Reading:
    job = tmp_path / "job"
    job.mkdir(exist_ok=True)
    return read_pdf(path, job, limits)


def texts(reading: Reading) -> list[str]:
    assert reading.document is not None
    return [block.text for block in reading.document.blocks]


def case_page(canvas: Canvas) -> None:
    centred(canvas, TOP, "小网格托起大民生", 22)
    text_at(canvas, LEFT, TOP - 50, "一、背景与起因")
    y = paragraph(canvas, TOP - 50 - 1.6 * BODY_PT, BACKGROUND)
    text_at(canvas, LEFT, y, "二、主要做法")
    paragraph(canvas, y - 1.6 * BODY_PT, PRACTICE)


def test_lines_of_a_chinese_paragraph_become_one_text_without_spaces(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "case.pdf", case_page)

    reading = read(path, tmp_path)

    assert texts(reading) == ["小网格托起大民生", "一、背景与起因", BACKGROUND, "二、主要做法", PRACTICE]
    assert reading.problem is None


def test_a_case_shows_title_headings_pages_and_doubtful_counts(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "case.pdf", case_page)

    document = read(path, tmp_path).document

    assert document is not None
    assert document.title == "小网格托起大民生"
    assert [heading.title for heading in document.headings] == ["背景与起因", "主要做法"]
    assert document.pages == 1
    assert document.pages_without_text == 0
    printed = sum(len(block.text) for block in document.blocks)
    words = document.counts["main"].words
    assert (words.value, words.reason) == (printed, "pdf_text")
    assert words.low < printed < words.high


def test_blocks_carry_page_size_and_place(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "case.pdf", case_page, case_page)

    document = read(path, tmp_path).document

    assert document is not None
    assert [block.page for block in document.blocks] == [1] * 5 + [2] * 5
    assert (document.blocks[0].size_pt, document.blocks[0].centred) == (22.0, True)
    assert (document.blocks[2].size_pt, document.blocks[2].centred) == (14.0, False)


def test_a_paragraph_goes_on_over_the_end_of_a_page(tmp_path: Path) -> None:
    two_lines = PER_LINE - 2 + PER_LINE

    def first(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "一、背景与起因")
        paragraph(canvas, TOP - 30, BACKGROUND[:two_lines])

    def second(canvas: Canvas) -> None:
        y = paragraph(canvas, TOP, BACKGROUND[two_lines:], indent=0)
        paragraph(canvas, y, PRACTICE)

    path = write_pdf(tmp_path / "case.pdf", first, second)

    assert texts(read(path, tmp_path)) == ["一、背景与起因", BACKGROUND, PRACTICE]


def test_running_headers_and_page_numbers_are_not_text(tmp_path: Path) -> None:
    def page(number: int) -> object:
        def draw(canvas: Canvas) -> None:
            text_at(canvas, LEFT, 800, "湖里区案例征集材料", 9)
            paragraph(canvas, TOP, BACKGROUND)
            centred(canvas, 40, f"- {number} -", 9)

        return draw

    path = write_pdf(tmp_path / "case.pdf", *(page(number) for number in (1, 2, 3)))  # type: ignore[arg-type]

    assert texts(read(path, tmp_path)) == [BACKGROUND] * 3


def test_text_that_repeats_itself_at_the_foot_of_each_page_stays(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 100 + 3 * 1.6 * BODY_PT, BACKGROUND)

    path = write_pdf(tmp_path / "case.pdf", draw, draw, draw)

    assert texts(read(path, tmp_path)) == [BACKGROUND] * 3


def test_spaces_stand_between_latin_words_only(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "推动")
        canvas.setFont("Helvetica", 14)
        canvas.drawString(LEFT + 30, TOP, "AI plus")
        canvas.drawString(LEFT + 80, TOP, "grid")
        text_at(canvas, LEFT + 108, TOP, "治理")

    path = write_pdf(tmp_path / "case.pdf", draw)

    assert texts(read(path, tmp_path)) == ["推动AI plus grid治理"]


def test_a_ruled_table_comes_out_cell_by_cell(tmp_path: Path) -> None:
    rows = [("指标", "治理前", "治理后"), ("诉求办结率", "71.2%", "98.7%"), ("平均办理时长", "72小时", "18小时")]

    def draw(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "主要数据如下：")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                x, y = LEFT + 130 * column, TOP - 60 - 30 * row
                canvas.rect(x, y, 130, 30)
                text_at(canvas, x + 6, y + 10, cell, 12)
        text_at(canvas, LEFT, TOP - 160, "以上数据截至十一月。")

    document = read(write_pdf(tmp_path / "table.pdf", draw), tmp_path).document

    assert document is not None
    assert [block.text for block in document.blocks if block.table is None] == [
        "主要数据如下：",
        "以上数据截至十一月。",
    ]
    assert [(b.text, b.table, b.row, b.column) for b in document.blocks if b.table is not None] == [
        (cell, 0, row, column) for row, cells in enumerate(rows) for column, cell in enumerate(cells)
    ]
    assert [block.text for block in document.blocks][0::10] == ["主要数据如下：", "以上数据截至十一月。"]


def test_pictures_are_taken_out_once_with_their_showings_and_sizes(tmp_path: Path) -> None:
    photo, logo = picture(), picture((0, 0, 255), (8, 8), "PNG")

    def first(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "现场照片")
        show(canvas, photo, LEFT, 400, 240, 180)
        show(canvas, logo, LEFT, 200, 12, 12)

    def second(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "同一张照片")
        show(canvas, photo, LEFT, 400, 120, 90)

    reading = read(write_pdf(tmp_path / "photos.pdf", first, second), tmp_path)

    assert reading.document is not None
    assert reading.document.pictures == 3
    assert [(m.shown_px, m.repeats, m.origin, m.media_type) for m in reading.members] == [
        ((320, 240), 2, "embedded", "image/jpeg"),
        ((16, 16), 1, "embedded", "image/png"),
    ]
    written = (tmp_path / "job" / reading.members[0].stored_as).read_bytes()
    assert written == photo
    assert reading.members[0].sha256 == hashlib.sha256(photo).hexdigest()


def test_pages_of_pictures_only_are_no_text_and_never_nought_words(tmp_path: Path) -> None:
    def scan(canvas: Canvas) -> None:
        show(canvas, picture(size=(120, 170)), 0, 0, 595, 842)

    reading = read(write_pdf(tmp_path / "scan.pdf", scan, scan), tmp_path)

    assert reading.problem is not None
    assert reading.problem.code == "no_text"
    assert reading.document is not None
    assert (reading.document.pages, reading.document.pages_without_text) == (2, 2)


def test_a_scanning_app_stamp_makes_no_text_of_a_scan(tmp_path: Path) -> None:
    def scan(canvas: Canvas) -> None:
        show(canvas, picture(size=(120, 170)), 0, 0, 595, 842)
        text_at(canvas, 400, 20, "由手机扫描王扫描", 9)

    reading = read(write_pdf(tmp_path / "scan.pdf", scan), tmp_path)

    assert reading.problem is not None
    assert reading.problem.code == "no_text"


def test_one_scanned_page_among_text_is_counted_beside_it(tmp_path: Path) -> None:
    def scan(canvas: Canvas) -> None:
        show(canvas, picture(size=(120, 170)), 0, 0, 595, 842)

    reading = read(write_pdf(tmp_path / "mixed.pdf", case_page, scan), tmp_path)

    assert reading.problem is None
    assert reading.document is not None
    assert reading.document.pages_without_text == 1


def test_blank_pages_are_empty(tmp_path: Path) -> None:
    reading = read(write_pdf(tmp_path / "blank.pdf", lambda _: None), tmp_path)

    assert reading.problem is not None
    assert reading.problem.code == "empty"


def test_text_in_no_ink_under_a_scan_is_a_machine_reading(tmp_path: Path) -> None:
    def searchable(canvas: Canvas) -> None:
        show(canvas, picture(size=(120, 170)), 0, 0, 595, 842)
        text = canvas.beginText(LEFT, TOP)
        text.setFont("STSong-Light", BODY_PT)
        text.setTextRenderMode(3)
        for start in range(0, len(BACKGROUND), 29):
            text.textLine(BACKGROUND[start : start + 29])
        canvas.drawText(text)

    document = read(write_pdf(tmp_path / "ocr.pdf", searchable), tmp_path).document

    assert document is not None
    assert document.counts["main"].words.reason == "ocr"


def test_characters_that_stand_for_nothing_are_garbled(tmp_path: Path) -> None:
    def private_use(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "".join(chr(0xE000 + n) for n in range(30)))

    reading = read(write_pdf(tmp_path / "garbled.pdf", private_use), tmp_path)

    assert reading.problem is not None
    assert reading.problem.code == "garbled_text"


def test_a_password_to_open_is_encrypted_and_one_to_print_is_not(tmp_path: Path) -> None:
    locked = write_pdf(tmp_path / "locked.pdf", case_page, encrypt=StandardEncryption("open", "own", strength=128))
    printable = write_pdf(tmp_path / "noprint.pdf", case_page, encrypt=StandardEncryption("", "own", canPrint=0))

    with pytest.raises(ParserError) as caught:
        read(locked, tmp_path)

    assert caught.value.code == "encrypted"
    assert texts(read(printable, tmp_path))[0] == "小网格托起大民生"


def test_a_file_without_its_pages_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(write_pdf(tmp_path / "whole.pdf", case_page).read_bytes()[:300])

    with pytest.raises(ParserError) as caught:
        read(path, tmp_path)

    assert caught.value.code == "damaged"


@pytest.mark.parametrize(
    ("limits", "read_pages"),
    [(Limits(pages=2), 2), (Limits(text_characters=150), 1)],
    ids=["pages", "characters"],
)
def test_a_document_beyond_a_limit_is_read_up_to_it(limits: Limits, read_pages: int, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "long.pdf", *[case_page] * 4)

    reading = read(path, tmp_path, limits)

    assert reading.problem is not None
    assert reading.problem.code == "over_limit"
    assert reading.document is not None
    assert reading.document.pages == 4
    assert {block.page for block in reading.document.blocks} == set(range(1, read_pages + 1))


@pytest.mark.parametrize("limits", [Limits(members=1), Limits(picture_pixels=1_000), Limits(members_bytes=100)])
def test_pictures_beyond_a_limit_are_counted_and_not_taken_out(limits: Limits, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text_at(canvas, LEFT, TOP, "照片")
        show(canvas, picture((10, 10, 10)), LEFT, 400, 100, 75)
        show(canvas, picture((250, 250, 250), (200, 150)), LEFT, 200, 100, 75)

    reading = read(write_pdf(tmp_path / "photos.pdf", draw), tmp_path, limits)

    assert reading.problem is not None
    assert reading.problem.code == "over_limit"
    assert reading.document is not None
    assert reading.document.pictures == 2
    assert len(reading.members) <= 1
    assert {file.name for file in (tmp_path / "job").iterdir()} == {member.stored_as for member in reading.members}


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_a_turned_page_reads_like_an_upright_one(quarter: int, tmp_path: Path) -> None:
    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(quarter)
        canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 842)}[quarter])
        canvas.rotate(quarter)
        text_at(canvas, 72, 500, "一、背景与起因")
        text_at(canvas, 72, 470, "二、主要做法")

    assert texts(read(write_pdf(tmp_path / "turned.pdf", turned), tmp_path)) == ["一、背景与起因", "二、主要做法"]


def test_a_slanting_watermark_is_no_text(tmp_path: Path) -> None:
    def marked(canvas: Canvas) -> None:
        paragraph(canvas, TOP, BACKGROUND)
        canvas.translate(150, 300)
        canvas.rotate(45)
        text_at(canvas, 0, 0, "内部资料", 60)

    assert texts(read(write_pdf(tmp_path / "marked.pdf", marked), tmp_path)) == [BACKGROUND]


def test_a_shadow_behind_a_title_is_counted_once(tmp_path: Path) -> None:
    def shadowed(canvas: Canvas) -> None:
        centred(canvas, TOP, "小网格托起大民生", 26)
        canvas.translate(1.5, -1.5)
        centred(canvas, TOP, "小网格托起大民生", 26)

    assert texts(read(write_pdf(tmp_path / "shadow.pdf", shadowed), tmp_path)) == ["小网格托起大民生"]
