"""Reads WordprocessingML of Word 2003 (one .xml file, often named .doc; Kingsoft writes it too).

Through an office program where there is one. Else by itself: its elements are those of .docx in
another namespace, so the story reader reads them once the names are changed; only its lists are
kept in another way, and automatic numbers are then unknown.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from parsers.documents.converted import read_through_office
from parsers.documents.docx_names import W
from parsers.documents.docx_numbering import Numbering
from parsers.documents.docx_story import Story
from parsers.documents.docx_styles import Stylesheet
from parsers.documents.office import ConversionError, find_office, reader_version
from parsers.documents.shown_pictures import ShownPictures
from parsers.documents.zip_parts import parse_xml
from parsers.errors import LimitError, ParserError
from parsers.facts import Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "word-xml/1"

_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_OOXML = W.strip("{}").encode("ascii")


def word_xml_reader_version() -> str:
    """The reader's version with the program it works through."""
    return reader_version(READER)


def read_word_xml(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure and counts of a Word 2003 XML document; the pictures it shows become members in `job`.

    Returns:
        A reading of format "doc", for it is what people call so; beside its facts the problem `empty` when it shows nothing.

    Raises:
        ParserError: `damaged` (no XML); `unsupported_format` (no body in it).
        LimitError: The file asks for more than `limits` allow.
    """
    if find_office() is not None:
        try:
            return read_through_office(
                path,
                job,
                limits,
                reader=word_xml_reader_version(),
                format_="doc",
                suffix=".xml",
                import_filter="MS Word 2003 XML",
            )
        except ConversionError:
            pass  # it may still be readable without
    try:
        return _read(path, job, limits)
    except RecursionError as error:
        raise LimitError("nested too deeply") from error


def _read(path: Path, job: Path, limits: Limits) -> Reading:
    data = path.read_bytes()
    root = parse_xml(data.replace(_WORD_2003, _OOXML), "Word 2003 XML")
    body = root.find(f"{W}body")
    if body is None:
        raise ParserError("unsupported_format", "no body")
    for section in list(body.iter(f"{W}sectPr")):  # headers and footers stand inside
        parent = section.getparent()
        if parent is not None:
            parent.remove(section)
    styles = Stylesheet(root.find(f"{W}styles"))
    story = Story(styles, Numbering(None, instance_of_style=lambda _: None), limits.text_characters)
    story.read(body, "main")
    pictures = ShownPictures(job, limits, "word-xml-picture")
    for number, picture in enumerate(body.iter(f"{W}binData"), 1):
        pictures.show(picture.get(f"{W}name") or f"picture-{number}", _unpacked(picture.text or ""))
    is_empty = not pictures.count and not any(block.text.strip() for block in story.blocks)
    return Reading(
        reader=word_xml_reader_version(),
        format="doc",
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        document=build_document_facts(
            story.blocks,
            pictures=pictures.count,
            macros=root.get(f"{W}macrosPresent") == "yes",
        ),
        problem=Problem(code="empty") if is_empty else None,
        members=pictures.members(),
    )


def _unpacked(text: str) -> Callable[[], Iterable[bytes]]:
    def pieces() -> Iterable[bytes]:
        try:
            yield base64.b64decode(text)
        except binascii.Error as error:
            raise ParserError("damaged", "a picture that is no base64") from error

    return pieces
