"""Recognised pieces become the lines a person reads: rows, columns, sizes. No recogniser is needed."""

from __future__ import annotations

from parsers.documents.ocr.engine import Piece, Recognised
from parsers.documents.ocr.layout import build_page_lines

EM = 24.0
A4 = {"page": 1, "width_px": 1060.0, "height_px": 1500.0, "height_pt": 842.0}


def piece(text: str, left: float, top: float, *, em: float = EM) -> Piece:
    width = sum(em if character > "\x7f" else em / 2 for character in text)
    return Piece(text, left, top, left + width, top + em, 0.99)


def lines(*pieces: Piece) -> list[str]:
    return [line.text for line in build_page_lines(pieces, **A4)]  # type: ignore[arg-type]


def test_a_page_without_text_has_no_lines() -> None:
    assert lines() == []


def test_lines_come_from_top_to_bottom_in_whatever_order_they_were_found() -> None:
    found = [piece("第三行", 100, 300), piece("第一行", 100, 100), piece("第二行", 100, 200)]

    assert lines(*found) == ["第一行", "第二行", "第三行"]


def test_pieces_on_one_row_are_one_text_when_they_stand_near() -> None:
    near = (piece("推动", 100, 100), piece("AI", 150, 102), piece("plus", 200, 101))
    apart = (piece("联系人：", 100, 200), piece("王小明", 700, 200))

    assert lines(*near, *apart) == ["推动AI plus", "联系人：", "王小明"]


def test_two_columns_are_read_one_after_the_other() -> None:
    title = piece("两栏排印的一个案例它的标题比一栏要宽", 250, 50, em=32)
    left = [piece("左" * 17, 90, 200 + 40 * row) for row in range(6)]
    right = [piece("右" * 17, 560, 200 + 40 * row) for row in range(6)]

    assert lines(title, *left, *right) == [title.text, *["左" * 17] * 6, *["右" * 17] * 6]


def test_a_table_stays_row_by_row() -> None:
    labels = [piece("单位", 90, 200 + 60 * row) for row in range(6)]
    values = [piece(f"金安社区第{row}", 700, 200 + 60 * row) for row in range(6)]

    assert lines(*labels, *values) == [
        text for label, value in zip(labels, values, strict=True) for text in (label.text, value.text)
    ]


def test_sizes_near_the_body_are_the_body_and_a_title_is_larger() -> None:
    found = [
        piece("小网格托起大民生", 300, 60, em=40),
        *(piece("金安社区把小事办好" * 3, 100, 200 + 50 * n, em=EM + 0.7 * (n % 2)) for n in range(5)),
    ]

    sizes = [line.size_pt for line in build_page_lines(found, **A4)]  # type: ignore[arg-type]

    assert sizes[0] > 20
    assert sizes[1:] == [13.5] * 5


def test_certainty_is_weighed_by_characters() -> None:
    read = Recognised((Piece("字" * 9, 0, 0, 1, 1, 1.0), Piece("字", 0, 0, 1, 1, 0.0)), 10, 10)

    assert (read.score, Recognised((), 10, 10).score) == (0.9, 0.0)
