"""What a file is, told by its bytes and never by its name.

Reads the head of a file, the directory of a zip and the directory of an OLE file,
all bounded. Order is meaning: sure signatures first, plain text last.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

import filetype

from parsers.documents.sniff_ole import sniff_ole
from parsers.documents.sniff_zip import ends_like_zip, sniff_zip
from parsers.facts import Format, ProblemCode
from parsers.text.decoding import decode_text
from parsers.text.delimited import delimiter_of

ArchiveKind = Literal["zip", "rar", "7z", "tar", "gz", "other"]

_HEAD_BYTES = 16_384
_TEXT_BYTES = 8_192
_PDF_WITHIN_BYTES = 1_024
"""Readers look for the header this far in. Source: ISO 32000-1 Annex H.3 note 13."""
_STRANGE_SHARE = 0.02
"""More control characters or unreadable bytes than this are no text."""

_IMAGES = {"jpg": "jpeg", "tif": "tiff", "apng": "png"}
_IMAGE_KINDS = frozenset(
    {"jpeg", "png", "webp", "heic", "avif", "tiff", "gif", "psd", "ico", "jpx", "jxr", "cr2", "xcf"}
)
_ARCHIVES = frozenset({"rar", "7z", "tar", "gz", "bz2", "xz", "Z", "lz", "lz4", "lzo", "zst", "cab", "ar"})
_HEIF_BRANDS = {
    b"heic": "heic", b"heix": "heic", b"hevc": "heic", b"hevx": "heic", b"heim": "heic", b"heis": "heic",
    b"mif1": "heic", b"msf1": "heic", b"avif": "avif", b"avis": "avif",
}  # fmt: skip
"""ISO/IEC 23008-12 Annex B and the AV1 image format's brands; mif1 alone says HEIF, not which codec."""
_SURE_IMAGES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    # Cameras' raw files that are no plain TIFF: Fujifilm, Olympus, Panasonic, Canon (ISO media). JPEG XL in its box.
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"IIRO", "raw"),
    (b"IIRS", "raw"),
    (b"IIU\x00", "raw"),
    (b"\x00\x00\x00\x18ftypcrx ", "raw"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
)
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

# Atomic and possessive: a file of ten thousand comments must not be tried in every grouping.
_HTML = re.compile(
    rb"(?:(?><\?xml[^>]*>|<!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(
    rb"(?:(?><\?xml[^>]*>|<!--.*?-->|<!doctype\s+svg[^>\[]*(?:\[.*?\]\s*)?>)\s*)*+<svg[\s>]", re.IGNORECASE | re.DOTALL
)
_PDF = re.compile(rb"%PDF-\d")
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")
"""RFC 5652 §6: the object identifier of enveloped data, which a locked smime.p7m opens with."""
_HEADER = re.compile(rb"^([!-9;-~]+):[ \t]?", re.MULTILINE)
_LETTER_HEADERS = frozenset(
    {b"from", b"to", b"subject", b"date", b"received", b"message-id", b"return-path", b"delivered-to", b"mime-version",
     b"content-type", b"x-mailer"}
)  # fmt: skip

_SENT_HEADERS = frozenset({b"received", b"to", b"message-id", b"return-path", b"delivered-to", b"x-mailer"})


class Sniffed(NamedTuple):
    """A file's true format."""

    format: Format
    kind: str
    """The finer name: "docx", "jpeg", "rar", "xlsx", "mp4"; empty when nothing is known."""
    problem: ProblemCode | None = None
    """What can be said without a reader: `empty`, `encrypted`; else None."""

    @property
    def archive_kind(self) -> ArchiveKind:
        """`kind` as `ArchiveFacts` names it."""
        return cast("ArchiveKind", self.kind) if self.kind in get_args(ArchiveKind) else "other"


def sniff(path: Path) -> Sniffed:
    """The true format of the file at `path`. Raises OSError only; a damaged file keeps the format its bytes claim."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        return Sniffed("other", "", "empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")):
        return Sniffed(*sniff_zip(path))
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Sniffed(*sniff_ole(path))
    sniffed = _sniff_binary(head) or _sniff_markup(head) or _sniff_text(head) or _named_by_library(head)
    if sniffed.kind == "" and ends_like_zip(path):
        return Sniffed(*sniff_zip(path))
    return sniffed


def _sniff_binary(head: bytes) -> Sniffed | None:
    """Signatures long enough to be sure of."""
    for signature, sure_kind in _SURE_IMAGES:
        if head.startswith(signature):
            return Sniffed("image", sure_kind)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Sniffed("image", "webp")
    if _PDF.search(head[:_PDF_WITHIN_BYTES]):
        return Sniffed("pdf", "pdf")
    if head[4:8] == b"ftyp" and (kind := _heif_kind(head)):
        return Sniffed("image", kind)
    if head.startswith(b"BM") and head[14:18] and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return Sniffed("image", "bmp")
    if head.startswith(b"\x01\x00\x00\x00") and head[40:44] == b" EMF":
        return Sniffed("image", "emf")
    # Placeable, or bare with its fixed header size. Source: [MS-WMF] 2.3.2.
    if head.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00\x00\x03")):
        return Sniffed("image", "wmf")
    return _sniff_message(head)


def _sniff_message(head: bytes) -> Sniffed | None:
    """What mail programs wrap letters in."""
    if head.startswith(b"\x78\x9f\x3e\x22"):  # [MS-OXTNEF] 2.1.3.1: winmail.dat
        return Sniffed("letter", "tnef")
    if head.startswith(b"-----BEGIN PGP MESSAGE-----") or (head[:1] == b"\x30" and _ENVELOPED in head[:32]):
        return Sniffed("other", "encrypted-message", "encrypted")
    return None


def _heif_kind(head: bytes) -> str | None:
    """HEIC or AVIF by major brand, else by compatible brands; None for other ISO media (mp4, mov)."""
    box_bytes = int.from_bytes(head[:4], "big")
    brands = [head[at : at + 4] for at in (8, *range(16, min(box_bytes, len(head), 256), 4))]
    known = [_HEIF_BRANDS[brand] for brand in brands if brand in _HEIF_BRANDS]
    if brands[0] not in _HEIF_BRANDS:
        return None
    return "avif" if "avif" in known else known[0]


def _sniff_markup(head: bytes) -> Sniffed | None:
    """Formats that are text and say so at their start."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):  # UTF-16, marked or not
        start = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"").lstrip()
    if start.startswith(b"{\\rtf"):
        return Sniffed("rtf", "rtf")
    if _SVG.match(start):
        return Sniffed("image", "svg")
    if b"urn:oasis:names:tc:opendocument:xmlns:office:1.0" in start and b"opendocument.text" in start:
        return Sniffed("odt", "fodt")
    if b'progid="Word.Document"' in start[:1024]:
        return Sniffed("doc", "word-xml")  # named .doc or .xml; people know it as Word
    if _HTML.match(start):
        return Sniffed("html", "html")
    if start.startswith(b"<?xml"):
        return Sniffed("other", "xml")
    if start.startswith(b"%!PS"):
        return Sniffed("other", "ps")
    return _sniff_headers(start)


def _sniff_headers(start: bytes) -> Sniffed | None:
    """A letter, or a web page saved as one (MHTML, what Word calls a single file web page)."""
    block = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    if start.startswith(b"From ") and b"\n" in block:
        block = block.split(b"\n", 1)[1]
    names = [name.lower() for name in _HEADER.findall(block)]
    lines = [line for line in block.splitlines() if line and line[:1] not in b" \t"]
    if not lines or len(names) < len(lines):
        return None
    if _is_web_archive(block, frozenset(names)):
        return Sniffed("html", "mht")
    return Sniffed("letter", "eml") if len(_LETTER_HEADERS.intersection(names)) >= 3 else None


def _is_web_archive(block: bytes, names: frozenset[bytes]) -> bool:
    """A page's headers: its own place or parts that belong together, and nothing of a letter that was ever sent."""
    if names & _SENT_HEADERS or re.search(rb"^from:[^\r\n]*@", block, re.IGNORECASE | re.MULTILINE):
        return False
    if names & {b"content-location", b"snapshot-content-location"}:
        return True
    return re.search(rb"^content-type:\s*multipart/related", block, re.IGNORECASE | re.MULTILINE) is not None


def _sniff_text(head: bytes) -> Sniffed | None:
    """Plain text in any charset the house decodes; None when the bytes are not text."""
    data = head[:_TEXT_BYTES]
    text, charset = decode_text(data)
    if b"\x00" in data and not charset.startswith(("utf-16", "utf-32")):
        return None
    strange = sum(not (c.isprintable() or c in "\t\n\r\f\v\u3000\xa0\x1a\u200b\ufeff") or c == "\ufffd" for c in text)
    if strange > max(len(text), 1) * _STRANGE_SHARE:
        return None
    return Sniffed("sheet", "csv") if delimiter_of(text) else Sniffed("txt", "txt")


def _named_by_library(head: bytes) -> Sniffed:
    """The name `filetype` knows the signature by. It is asked last: some of its signatures are two letters of text."""
    guess = filetype.guess(head)
    if guess is None:
        return Sniffed("other", "")
    kind = _IMAGES.get(guess.extension, guess.extension)
    if kind in _IMAGE_KINDS:
        return Sniffed("image", kind)
    if kind in _ARCHIVES:
        return Sniffed("archive", kind)
    return Sniffed("other", kind)
