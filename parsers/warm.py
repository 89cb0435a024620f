"""Importing this imports every reader with the libraries it works with: for a process that reads much, or forks for each file.

What a forked child imports it imports for one file alone, half a second of it for a Word file.
"""

from __future__ import annotations

import contextlib
import importlib

from PIL import Image

_READERS = (
    "parsers.archives.compressed",
    "parsers.archives.rar",
    "parsers.archives.seven_zip",
    "parsers.archives.split",
    "parsers.archives.tar",
    "parsers.archives.zip",
    "parsers.documents.converted",
    "parsers.documents.doc",
    "parsers.documents.docx",
    "parsers.documents.docx_marking",
    "parsers.documents.html",
    "parsers.documents.mht",
    "parsers.documents.odt",
    "parsers.documents.ofd",
    "parsers.documents.pdf",
    "parsers.documents.rtf",
    "parsers.documents.sheet",
    "parsers.documents.txt",
    "parsers.documents.word_passwords",
    "parsers.documents.word_xml",
    "parsers.documents.works",
    "parsers.letter",
    "parsers.letter.msg",
    "parsers.letter.tnef",
    "parsers.photos.photo",
    "parsers.photos.thumbnail",
    "parsers.photos.vector",
    "parsers.reading",
)
_LIBRARIES = ("compressed_rtf", "doc2docx", "pdfminer.pdfpage", "charset_normalizer")
"""Imported by readers only where they are used."""
_ENCODINGS = (
    "gb18030",
    "gbk",
    "gb2312",
    "big5hkscs",
    "cp950",
    "utf_16_be",
    "utf_16_le",
    "cp1252",
    "latin_1",
    "ascii",
    "cp437",
)

for _name in (*_READERS, *_LIBRARIES, *(f"encodings.{encoding}" for encoding in _ENCODINGS)):
    with contextlib.suppress(ImportError):  # a reader that lacks its library says so of the file
        importlib.import_module(_name)
Image.init()
