"""Reads HTML as Word, WPS, browsers and web editors save it, alone or as a web archive (.mht), from a file."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import posixpath
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from parsers.documents.mht import open_web_archive
from parsers.documents.shown_pictures import ShownPictures, Size
from parsers.errors import LimitError, ParserError
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import Limits
from parsers.text.decoding import decode_text
from parsers.text.document_facts import build_document_facts
from parsers.text.html_blocks import HtmlText, read_blocks
from parsers.text.markup import declared_charset, parse_html

READER = "html/2"
ARCHIVE_READER = "mht/2"

_MOST_LOST = 0.1
"""Share of unreadable characters above which a text is garbled, not merely scratched."""
_LARGEST_BYTES = 60_000_000
"""The tree of a page takes several times its bytes; pasted pictures and all, real ones stay far below."""

Find = Callable[[str], bytes | None]
"""The content of a picture by its address as written; None when the file does not hold it."""

OpenPage = Callable[[bytes], tuple[bytes, str | None, Find]]
"""From a file's bytes to its page, the charset declared outside the page, and its pictures."""


def read_html_file(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure and counts of a saved page; pictures it holds itself become members in `job`.

    Blocks: paragraphs, list items and table cells in reading order, notes with their
    part. Scripts, styles, hidden elements, deletions and what Word keeps for itself are
    left out. A picture that lies elsewhere is not counted, and nothing is ever fetched.

    Args:
        path: The file, any name.
        job: Existing folder that receives the members.
        limits: Ceilings for sizes and counts.

    Returns:
        A reading of format "html". Beside its facts stands the problem `empty` when it
        shows nothing, `garbled_text` when more than a tenth of the characters cannot be read.

    Raises:
        LimitError: The file asks for more than `limits` allow.
    """
    return _reading(path, job, limits, reader=READER, open_page=_plain_page)


def read_mht(path: Path, job: Path, limits: Limits) -> Reading:
    """As `read_html_file`, for a web archive: its pictures are inside.

    Raises:
        ParserError: `damaged` when no page is in it.
        LimitError: The file asks for more than `limits` allow.
    """
    return _reading(path, job, limits, reader=ARCHIVE_READER, open_page=open_web_archive)


def _plain_page(data: bytes) -> tuple[bytes, str | None, Find]:
    return data, None, lambda _: None


def _reading(path: Path, job: Path, limits: Limits, *, reader: str, open_page: OpenPage) -> Reading:
    largest = min(limits.file_bytes, _LARGEST_BYTES)
    if (size_bytes := path.stat().st_size) > largest:
        raise LimitError(f"{size_bytes} bytes; the limit is {largest}")
    data = path.read_bytes()
    page, charset, find = open_page(data)
    text, _ = decode_text(page, charset or declared_charset(page))
    root = parse_html(text)
    shown = HtmlText() if root is None else read_blocks(root, most_characters=limits.text_characters)
    pictures = ShownPictures(job, limits, "html-picture")
    for source, size_px in shown.pictures:
        _show(source, size_px, find=find, pictures=pictures)
    facts = build_document_facts(
        shown.blocks,
        pictures=pictures.count,
        comments=shown.comments,
        tracked_changes=shown.tracked_changes,
    )
    return Reading(
        reader=reader,
        format="html",
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        document=facts,
        problem=_problem(facts),
        members=pictures.members(),
    )


def _problem(facts: DocumentFacts) -> Problem | None:
    characters = sum(len(block.text) for block in facts.blocks)
    if not characters:
        return None if facts.pictures else Problem(code="empty")
    if sum(block.text.count("\ufffd") for block in facts.blocks) > _MOST_LOST * characters:
        return Problem(code="garbled_text", detail="characters that no charset explains")
    return None


def _show(source: str, size_px: Size | None, *, find: Find, pictures: ShownPictures) -> None:
    """Count and keep a picture the file holds; one that lies elsewhere shows nothing here."""
    if source[:5].lower() == "data:":
        head, comma, body = source[5:].partition(",")
        media_type = head.partition(";")[0].strip().lower()
        if not comma or not media_type.startswith("image/"):
            return
        # The same picture pasted twice is written twice: its text tells.
        key = f"data-{hashlib.sha256(body.encode('utf-8', 'replace')).hexdigest()[:16]}"
        is_base64 = head.lower().rstrip().endswith("base64")
        content = functools.partial(_from_data, body, is_base64=is_base64)
        pictures.show(key, content, media_type=media_type, size_px=size_px)
        return
    found = find(source)
    if found is not None:
        name = posixpath.basename(unquote(source).replace("\\", "/"))
        pictures.show(f"part-{hashlib.sha256(found).hexdigest()[:16]}", lambda: [found], name=name, size_px=size_px)


def _from_data(body: str, *, is_base64: bool) -> Iterable[bytes]:
    """The bytes of a data: URI. Source: RFC 2397.

    Raises:
        ParserError: `damaged`: it is no base64.
    """
    raw = unquote_to_bytes(body)
    if not is_base64:
        return [raw]
    try:
        return [base64.b64decode(raw)]
    except (binascii.Error, ValueError) as error:
        raise ParserError("damaged", f"picture: {error}") from error
