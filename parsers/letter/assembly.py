"""From a letter's tree to its facts and its files; the same for a raw letter and for Outlook's containers.

Its only peer is the job folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from parsers.errors import LimitError
from parsers.facts import LetterFacts, Member
from parsers.letter.contained import Content, File, Text
from parsers.letter.content import sort_parts
from parsers.letter.envelope import envelope
from parsers.letter.files import JobFolder
from parsers.letter.history import tell_apart
from parsers.letter.lines import Line, plain_lines
from parsers.letter.opened import Opened
from parsers.letter.protection import is_service_notice
from parsers.letter.share_places import URL
from parsers.letter.share_reading import shares_of
from parsers.letter.shown_html import Picture, Shown, read_html
from parsers.letter.tree import Part

_MOST_LINKS = 1_000
_RIGHTS_MANAGED = "application/x-microsoft-rpmsg-message"


def assemble(root: Part, opened: Opened, folder: JobFolder) -> tuple[LetterFacts, str | None]:
    """The facts of a parsed letter; its files are written to `folder`, in document order.

    The second value says what was left out because a limit was reached; None when nothing was.
    """
    content = sort_parts(root, opened)
    shown = {id(text): read_html(text.text) for text in content.html}
    problem = None
    try:
        _write_files(content.files, opened, shown=list(shown.values()), folder=folder)
    except LimitError as limit:
        problem = limit.detail
    texts = _texts(content, shown, opened.most_characters)
    locked_by_service = is_service_notice(str(texts["text"])) or any(
        file.media_type == _RIGHTS_MANAGED for file in content.files
    )
    encrypted = content.encrypted or ("provider" if locked_by_service else "")
    facts = LetterFacts(**envelope(root), **texts, encrypted=encrypted, signed=content.signed)
    plain = [*(text.text for text in content.body if not text.is_html), *content.history]
    shares = shares_of(facts, html=[text.text for text in content.html], plain=plain)
    return facts.model_copy(update={"shares": shares}), problem


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
        "leading_characters": min(told.leading, most_characters),
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
    for match in URL.finditer(text):
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
    papers: set[str] = set()
    for html in shown:
        pictures = html.pictures | pictures
        papers |= html.backgrounds
    for file in files:
        headers = file.part.headers
        content_id = headers.text("content-id").strip("<> ") or None
        keys = (content_id, unquote(headers.text("content-location")) or None)
        if file.pasted is not None:
            content_id, keys = None, (file.pasted.key, None)
        picture = next((pictures[key] for key in keys if key and key in pictures), None)
        if file.pasted is not None and picture is None:
            continue  # a background or an icon of the style sheet: nothing the writer shows
        if content_id in papers and picture is None and file.disposition != "attachment":
            continue  # letter paper
        # Phones and Apple Mail call attached photos "inline": only what the HTML shows, or is there for its looks, is.
        within = picture is not None or (
            content_id is not None and file.written is None and file.related and file.disposition != "attachment"
        )
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
        folder.write(_pieces(file, opened), described=described)


def _pieces(file: File, opened: Opened) -> Iterator[bytes]:
    if file.pasted is not None:
        return opened.pasted(file.part, file.pasted)
    return opened.written(file.part, file.written) if file.written is not None else opened.pieces(file.part)
