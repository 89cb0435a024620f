"""PDFs that go in circles or never end. Source: ISO 32000-1."""

from __future__ import annotations

import zlib

from tests.hostile.bombs.sizes import MB


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    pieces, offsets, at = [b"%PDF-1.7\n"], [], 9
    for number, each in enumerate(objects, 1):
        offsets.append(at)
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, each))
        at += len(pieces[-1])
    body = b"".join(pieces)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        count, table, count, root, len(body),
    )  # fmt: skip


def stream(data: bytes, dictionary: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (dictionary, len(data), data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def pdf_of_loops() -> bytes:
    """Pages that are their own parents and children, and say that they are a billion."""
    return pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 1000000000/Parent 2 0 R>>", b"<</Kids[2 0 R]>>")


def pdf_that_draws_itself() -> bytes:
    """A form that draws itself, ten times each."""
    form = stream(b"/F Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    return pdf(CATALOG, _PAGES, _PAGE % b"/XObject<</F 5 0 R>>", stream(b"/F Do " * 10), form)


def pdf_of_filters() -> bytes:
    """A page's content, deflated three times over: 200 MB."""
    data = bytes(200 * MB)
    for _ in range(3):
        data = zlib.compress(data, 6)
    filters = b"/Filter[/FlateDecode/FlateDecode/FlateDecode]"
    return pdf(CATALOG, _PAGES, _PAGE % b"", stream(data, filters))


def pdf_of_one_page_many_times() -> bytes:
    """One page, listed 200,000 times."""
    kids = b"3 0 R " * 200_000
    return pdf(CATALOG, b"<</Type/Pages/Kids[%s]/Count 200000>>" % kids, _PAGE % b"", stream(b"0 0 9 9 re f"))


def pdf_of_strokes() -> bytes:
    """Two million strokes on one page."""
    return pdf(CATALOG, _PAGES, _PAGE % b"", stream(zlib.compress(b"0 0 9 9 re f\n" * 2 * MB), b"/Filter/FlateDecode"))


def pdf_of_glyphs() -> bytes:
    """Four million characters on one page."""
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    text = b"BT /F 9 Tf " + b"(%s) Tj 0 -9 Td\n" % (b"a" * 1000) * 4_000 + b"ET"
    return pdf(CATALOG, _PAGES, _PAGE % font, stream(zlib.compress(text), b"/Filter/FlateDecode"))


def pdf_of_objects() -> bytes:
    """300,000 objects that nothing uses."""
    return pdf(CATALOG, _PAGES, _PAGE % b"", stream(b""), *[b"null"] * 300_000)
