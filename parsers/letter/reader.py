"""Reads a raw letter: its facts, and its files into the job folder.

Peers: the letter's file, which is mapped and never held whole, and the job folder.
Order: hash and skeleton (one pass), parse, sort, decode straight to files. Source: RFC 5322, RFC 2045 to 2049.
"""

from __future__ import annotations

import hashlib
import mmap
import re
from pathlib import Path
from urllib.parse import unquote

from parsers.errors import LimitError, ParserError
from parsers.facts import LetterFacts, Member, Problem, Reading
from parsers.letter.content import Content, File, Text, sort_parts
from parsers.letter.envelope import envelope
from parsers.letter.files import JobFolder
from parsers.letter.history import tell_apart
from parsers.letter.lines import Line, plain_lines
from parsers.letter.opened import Opened
from parsers.letter.shown_html import Picture, Shown, read_html
from parsers.letter.skeleton import LARGEST_BYTES, LONGEST_HEAD_BYTES, PIECE_BYTES, build_skeleton
from parsers.letter.tree import parse_tree
from parsers.limits import Limits

READER = "letter/1"

_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|]{3,2000}", re.IGNORECASE)
_MOST_LINKS = 1_000


def read_letter(path: Path, job: Path, limits: Limits) -> Reading:
    """What a raw RFC 5322 letter says; its files are written to `job` as members, in document order.

    A letter that asks for too much comes back as far as it was read, with the problem `over_limit` beside the facts.

    Raises:
        ParserError: `empty` for a file without bytes, `reader_failed` when file or folder cannot be used.
    """
    try:
        return _read(path, job, limits)
    except OSError as error:
        raise ParserError("reader_failed", f"{type(error).__name__}: {error.strerror}") from error


def read_head(head: bytes) -> LetterFacts:
    """What the first bytes of a letter, or a few of its header lines alone, tell: every field that headers give."""
    return LetterFacts(**envelope(parse_tree(head, most_parts=1).root))


def _read(path: Path, job: Path, limits: Limits) -> Reading:
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise ParserError("empty", "a letter of 0 bytes")
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as file:
        sha256 = _sha256(file)
        if size_bytes > limits.file_bytes:
            return _headers_only(file, sha256, f"{size_bytes} bytes; the limit is {limits.file_bytes}")
        skeleton = build_skeleton(file, sha256)
        most_parts = 4 * limits.members + 100
        tree = parse_tree(skeleton.data, most_parts=most_parts)
        problems = [tree.problem] if tree.problem else []
        if not skeleton.complete:
            problems.append(f"more than {LARGEST_BYTES} bytes of headers and text")
        opened = Opened(file, skeleton, limits.text_characters, most_parts, 4 * limits.text_characters)
        content = sort_parts(tree.root, opened)
        shown = {id(text): read_html(text.text) for text in content.html}
        folder = JobFolder(job, limits)
        try:
            _write_files(content.files, opened, shown=list(shown.values()), folder=folder)
        except LimitError as limit:
            problems.append(limit.detail)
        facts = LetterFacts(**envelope(tree.root), **_texts(content, shown, limits.text_characters))
    return Reading(
        reader=READER,
        format="letter",
        sha256=sha256,
        size_bytes=size_bytes,
        letter=facts,
        problem=Problem(code="over_limit", detail="; ".join(problems)) if problems else None,
        members=tuple(folder.members),
    )


def _sha256(file: mmap.mmap) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(file), PIECE_BYTES):
        digest.update(file[start : start + PIECE_BYTES])
    return digest.hexdigest()


def _headers_only(file: mmap.mmap, sha256: str, detail: str) -> Reading:
    """Who wrote and about what, of a letter too large to open."""
    head = re.split(rb"\r\n\r\n|\n\n|\r\r", file[:LONGEST_HEAD_BYTES], maxsplit=1)[0]
    return Reading(
        reader=READER,
        format="letter",
        sha256=sha256,
        size_bytes=len(file),
        letter=read_head(head),
        problem=Problem(code="over_limit", detail=detail),
    )


def _texts(content: Content, shown: dict[int, Shown], most_characters: int) -> dict[str, object]:
    """The three texts of the body and the links in it."""
    lines: list[Line] = []
    links: list[str] = []
    for text in content.body:
        lines += shown[id(text)].lines if text.is_html else plain_lines(text.text)
        links += _links(text, shown)
    for text in content.html:
        links += _links(text, shown)
    told = tell_apart(lines)
    quoted = "\n\n".join(part for part in (told.quoted, *(past.strip("\n") for past in content.history)) if part)
    return {
        "text": told.text[:most_characters],
        "quoted": quoted[:most_characters],
        "signature": told.signature[:most_characters],
        "links": tuple(dict.fromkeys(links))[:_MOST_LINKS],
    }


def _links(text: Text, shown: dict[int, Shown]) -> list[str]:
    """http(s) targets in order: those of HTML anchors, then those written out."""
    if text.is_html:
        html = shown[id(text)]
        return html.links + [link for line in html.lines for link in _written_links(line.text)]
    return _written_links(text.text)


def _written_links(text: str) -> list[str]:
    """Addresses as people paste them; Chinese characters and closing punctuation end one."""
    found = []
    for match in _URL.finditer(text):
        link = match[0].rstrip(".,;:!?'*|")
        if link.endswith(")") and "(" not in link:
            link = link.rstrip(")")
        found.append(link)
    return found


def _write_files(files: list[File], opened: Opened, *, shown: list[Shown], folder: JobFolder) -> None:
    """Decodes every file into the job folder, in document order.

    Raises:
        LimitError: When there are too many, or too many bytes; those before stay.
    """
    pictures: dict[str, Picture] = {}
    for html in shown:
        pictures = html.pictures | pictures
    for file in files:
        headers = file.part.headers
        content_id = headers.text("content-id").strip("<> ") or None
        keys = (content_id, unquote(headers.text("content-location")) or None)
        if file.pasted is not None:
            content_id, keys = None, (file.pasted.key, None)
        picture = next((pictures[key] for key in keys if key and key in pictures), None)
        if file.pasted is not None and picture is None:
            continue  # a background or an icon of the style sheet: nothing the writer shows
        # Phones and Apple Mail call attached photos "inline": only what the HTML shows, or is there for its looks, is.
        within = picture is not None or (content_id is not None and file.related and file.disposition != "attachment")
        described = Member(
            locator=file.locator,
            name=file.name,
            stored_as="",
            size_bytes=0,
            sha256="",
            origin="inline" if within else "attachment",
            media_type=file.media_type,
            content_id=content_id,
            shown_px=picture.shown_px if picture else None,
            repeats=max(picture.times, 1) if picture else 1,
        )
        pieces = opened.pasted(file.part, file.pasted) if file.pasted else opened.pieces(file.part)
        folder.write(pieces, described=described)
