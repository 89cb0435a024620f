"""Files made to hurt whoever reads them, by name. Small on the wire, and each written by this package alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from tests.hostile.bombs import archives, letters, lies, markup, office, pdfs, pictures, quines, tiles
from tests.hostile.bombs.markup import DECLARATIONS, docx, odt, ofd, svg

Make = Callable[[], bytes]


def _named(*makes: Any) -> dict[str, Make]:
    """Functions by their names, which are English."""
    return {make.__name__.replace("_", " "): make for make in makes}


def _with_entities(name: str, make: Callable[[str], bytes]) -> Iterable[tuple[str, Make]]:
    return ((f"{name}, {kind}", partial(make, text)) for kind, text in DECLARATIONS.items())


FILES: dict[str, Make] = {
    **_named(
        archives.flat_zip, archives.nested_zip, archives.overlapping_zip, archives.crowded_zip, archives.climbing_zip,
        archives.gzip_bomb, archives.nested_gzip, archives.bzip2_bomb, archives.xz_bomb, archives.crowded_tar,
        archives.climbing_tar, archives.seven_zip_bomb, quines.zip_quine, quines.gzip_quine,
        lies.rar_of_sizes, lies.rar_of_members, lies.rar_of_links, lies.rar_of_circles, lies.rar_four_of_sizes,
        lies.seven_zip_of_files, lies.seven_zip_of_streams, lies.seven_zip_of_header,
        markup.deep_docx, markup.endless_docx, office.docx_of_documents, office.xlsx_of_rows, office.xlsx_of_strings,
        office.xlsx_far_out, office.xlsx_of_laughs, office.doc_of_circles, office.msg_of_circles, office.xls_of_circles,
        office.tnef_of_attributes, office.html_of_depth, office.rtf_of_groups, office.csv_of_columns, office.calendar_of_repeats,
        pdfs.pdf_of_loops, pdfs.pdf_that_draws_itself, pdfs.pdf_of_filters, pdfs.pdf_of_one_page_many_times,
        pdfs.pdf_of_strokes, pdfs.pdf_of_glyphs, pdfs.pdf_of_objects,
        pictures.png_of_area, pictures.png_of_words, pictures.tiff_of_area, pictures.tiff_of_pages, tiles.tiff_of_folders,
        pictures.webp_of_area, pictures.avif_of_area, tiles.avif_of_tiles, pictures.gif_of_frames, tiles.bmp_of_area,
        tiles.ico_of_sizes, tiles.jpeg_of_remarks,
    ),
    **dict(_with_entities("docx", partial(docx, "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>" * 999))),
    **dict(_with_entities("odt", partial(odt, "<text:p>&l9;</text:p>" * 999))),
    **dict(_with_entities("ofd", ofd)),
    **dict(_with_entities("svg", svg)),
}  # fmt: skip
"""Attachments, by name."""

LETTERS: dict[str, Make] = _named(
    letters.letter_of_parts, letters.letter_of_depth, letters.letter_of_headers, letters.letter_of_one_line,
    letters.letter_of_parameters, letters.letter_of_recipients, letters.letter_of_brackets,
)  # fmt: skip
"""Whole letters, by name."""
