"""What a zip is, by the names in its central directory: docx, odt, ofd, xlsx … or just an archive.

Reads the directory itself, bounded, instead of opening the archive: a hostile
directory of millions of entries costs nothing, a cut-off file still has names.
Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import mmap
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from parsers.facts import Format

_MOST_NAMES = 4_096
_TAIL_BYTES = 65_557
"""The end record with the longest comment."""
_DIRECTORY_BYTES = 4_000_000
"""Largest directory handed to `zipfile`."""
_TYPES_BYTES = 1_000_000

_BY_NAME: tuple[tuple[str, Format, str], ...] = (
    ("word/document.xml", "docx", "docx"),
    ("OFD.xml", "ofd", "ofd"),
    ("Encryptions.xml", "ofd", "ofd"),  # GM/T 0099-2020: an OFD behind a password
    ("xl/workbook.xml", "sheet", "xlsx"),
    ("xl/workbook.bin", "sheet", "xlsb"),
    ("ppt/presentation.xml", "other", "pptx"),
    ("visio/document.xml", "other", "vsdx"),
    ("FixedDocSeq.fdseq", "other", "xps"),
)
"""In order: the first name present decides."""
_BY_MIMETYPE: tuple[tuple[bytes, Format, str], ...] = (
    (b"application/vnd.oasis.opendocument.text", "odt", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "sheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "other", "odp"),
    (b"application/vnd.oasis.opendocument", "other", "opendocument"),
    (b"application/epub+zip", "other", "epub"),
)
_BY_CONTENT_TYPE: tuple[tuple[bytes, Format, str], ...] = (
    (b"wordprocessingml.document.main+xml", "docx", "docx"),
    (b"wordprocessingml.template.main+xml", "docx", "docx"),
    (b"ms-word.document.macroEnabled.main+xml", "docx", "docx"),
    (b"ms-word.template.macroEnabledTemplate.main+xml", "docx", "docx"),
    (b"spreadsheetml.", "sheet", "xlsx"),
    (b"presentationml.", "other", "pptx"),
)


def sniff_zip(path: Path) -> tuple[Format, str]:
    """Format and kind of a file that begins like a zip; ("archive", "zip") when nothing more is known."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        directory = _directory(view)
        names = {name.lower() for name in _names(view, directory)} if directory else _names_without_directory(view)
        first_stored = _first_stored(view)
    for mimetype, format_, kind in _BY_MIMETYPE:
        if first_stored.startswith(mimetype):
            return format_, kind
    for name, format_, kind in _BY_NAME:
        if name.lower() in names:
            return format_, kind
    if "[content_types].xml" in names and directory is not None and directory[1] <= _DIRECTORY_BYTES:
        return _by_content_types(path)
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        return "odt", "odt"
    return "archive", "zip"


def ends_like_zip(path: Path) -> bool:
    """Whether the file ends with a zip's end record: an archive with other bytes put before it."""
    with path.open("rb") as file:
        size_bytes = file.seek(0, 2)
        file.seek(max(0, size_bytes - _TAIL_BYTES))
        return b"PK\x05\x06" in file.read()


def _directory(view: mmap.mmap) -> tuple[int, int] | None:
    """Where the central directory lies: offset and length in bytes; None when there is none to be found."""
    at = view.rfind(b"PK\x05\x06", max(0, len(view) - _TAIL_BYTES))
    if at < 0 or at + 22 > len(view):
        return None
    length, offset = struct.unpack_from("<II", view, at + 12)
    # Bytes put before the archive move everything: the directory ends where the end record begins.
    for start in (at - length, offset):
        if 0 <= start < len(view) and view[start : start + 4] == b"PK\x01\x02":
            return start, length
    return None


def _names(view: mmap.mmap, directory: tuple[int, int]) -> Iterator[str]:
    """The first names of the directory, undecoded but for ASCII."""
    at, length = directory
    end = min(at + length, len(view))
    for _ in range(_MOST_NAMES):
        if at + 46 > end or view[at : at + 4] != b"PK\x01\x02":
            return
        name_bytes, extra_bytes, comment_bytes = struct.unpack_from("<HHH", view, at + 28)
        yield view[at + 46 : at + 46 + name_bytes].decode("ascii", "replace").replace("\\", "/")
        at += 46 + name_bytes + extra_bytes + comment_bytes


def _names_without_directory(view: mmap.mmap) -> set[str]:
    """Telling names that stand anywhere in a zip cut off before its directory."""
    return {name.lower() for name, _, _ in _BY_NAME if view.find(name.encode()) >= 0}


def _first_stored(view: mmap.mmap) -> bytes:
    """The first bytes of an uncompressed first member called mimetype (OpenDocument part 2, 3.3; EPUB OCF), else empty."""
    if len(view) < 30:
        return b""
    method, name_bytes, extra_bytes = struct.unpack_from("<H16xHH", view, 8)
    start = 30 + name_bytes + extra_bytes
    if method != 0 or view[30 : 30 + name_bytes] != b"mimetype":
        return b""
    return view[start : start + 64]


def _by_content_types(path: Path) -> tuple[Format, str]:
    """An OPC package whose main part has an unusual name. Source: ECMA-376 part 2, 10.1.2."""
    try:
        with zipfile.ZipFile(path) as package:
            name = next(n for n in package.namelist() if n.lower() == "[content_types].xml")
            with package.open(name) as part:
                types = part.read(_TYPES_BYTES)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, StopIteration):
        return "archive", "zip"
    except Exception as error:
        if type(error).__module__ in {"zlib", "lzma", "bz2"}:
            return "archive", "zip"
        raise
    for marker, format_, kind in _BY_CONTENT_TYPE:
        if marker in types:
            return format_, kind
    return "archive", "zip"
