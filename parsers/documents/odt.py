"""Reads OpenDocument texts (.odt .ott, and flat .fodt) by LibreOffice, WPS, Word or others from a file."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import posixpath
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from parsers.digests import sha256_of
from parsers.documents.odt_lists import Lists
from parsers.documents.odt_names import MANIFEST, OFFICE, TEXT, XLINK
from parsers.documents.odt_story import Showing, Story
from parsers.documents.odt_styles import Stylesheet
from parsers.documents.shown_pictures import ShownPictures
from parsers.documents.zip_parts import ZipParts, parse_xml
from parsers.errors import LimitError, ParserError
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "odt/1"

_MANIFEST = "META-INF/manifest.xml"
_MACRO_FOLDERS = ("basic/", "scripts/")
_MACRO_INDEXES = ("script-lc.xml", "dialog-lc.xml", "script-lb.xml", "dialog-lb.xml")
"""What names a library of macros and holds none."""


def read_odt(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure and counts of an OpenDocument text; the pictures it shows become members in `job`.

    Blocks: the body in reading order with text boxes after the paragraph they hang on,
    then the footnotes, then the endnotes. Headers, footers, annotations, deletions and
    hidden text are left out.

    Args:
        path: The file, any name; a package or one flat XML file.
        job: Existing folder that receives the members.
        limits: Ceilings for sizes and counts.

    Returns:
        A reading of format "odt". Beside its facts stands the problem `empty` when it
        shows nothing, and `no_text` when it shows only charts, shapes or embedded objects.

    Raises:
        ParserError: `damaged`, `encrypted`, or `unsupported_format` (a sheet or drawing under this name).
        LimitError: The file asks for more than `limits` allow.

    Source: OASIS ODF 1.3 part 2 (packages) and part 3 (schema).
    """
    pictures = ShownPictures(job, limits, "odt-picture")
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"PK"
        facts, problem = _read_package(path, pictures, limits) if packed else _read_flat(path, pictures, limits)
    except RecursionError as error:
        raise LimitError("nested too deeply") from error
    return Reading(
        reader=READER,
        format="odt",
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        document=facts,
        problem=problem,
        members=pictures.members(),
    )


def _read_package(path: Path, pictures: ShownPictures, limits: Limits) -> tuple[DocumentFacts, Problem | None]:
    with ZipParts(path, limits) as package:
        refuse_encrypted(package)
        content = package.xml("content.xml")
        styles = _optional(package, "styles.xml")
        roots = [content] if styles is None else [styles, content]

        def show(showing: Showing) -> None:
            _show_packed(showing, package, pictures)

        return _facts(roots, pictures=pictures, show=show, limits=limits, macros=_has_macros(package.names()))


def _read_flat(path: Path, pictures: ShownPictures, limits: Limits) -> tuple[DocumentFacts, Problem | None]:
    if path.stat().st_size > limits.file_bytes:
        raise LimitError(f"{path.stat().st_size} bytes")
    root = parse_xml(path.read_bytes(), "flat document")
    macros = root.find(f"{OFFICE}scripts/{OFFICE}script") is not None

    def show(showing: Showing) -> None:
        _show_flat(showing, pictures)

    return _facts([root], pictures=pictures, show=show, limits=limits, macros=macros)


def _facts(
    roots: list[etree._Element],
    *,
    pictures: ShownPictures,
    show: Callable[[Showing], None],
    limits: Limits,
    macros: bool,
) -> tuple[DocumentFacts, Problem | None]:
    """What the last of `roots` says, looking as all of them say together."""
    body = roots[-1].find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise ParserError("unsupported_format", "no text document")
    story = Story(Stylesheet(roots), Lists(roots), limits.text_characters)
    story.read(body, "main")
    story.read_notes()
    for showing in story.showings:
        show(showing)
    facts = build_document_facts(
        story.blocks,
        pictures=pictures.count,
        endnote_references=sum(part == "endnote" for part, _ in story.notes),
        comments=sum(1 for _ in body.iter(f"{OFFICE}annotation")),
        tracked_changes=sum(1 for _ in body.iter(f"{TEXT}changed-region")),
        macros=macros,
    )
    return facts, _problem(facts, story)


def _problem(facts: DocumentFacts, story: Story) -> Problem | None:
    if facts.pictures or any(block.text.strip() for block in facts.blocks):
        return None
    # Charts, shapes, embedded objects: something is shown, and it cannot be called empty.
    return Problem(code="no_text" if story.drawings else "empty")


def refuse_encrypted(package: ZipParts) -> None:
    """Parts of a document with a password are stored as noise, and the manifest says so. Source: ODF 1.3 part 2, 3.4.

    Raises:
        ParserError: `encrypted`.
    """
    if package.has("encrypted-package"):
        raise ParserError("encrypted", "encrypted package")
    manifest = _optional(package, _MANIFEST)
    if manifest is not None and next(manifest.iter(f"{MANIFEST}encryption-data"), None) is not None:
        raise ParserError("encrypted", "encryption data in the manifest")


def _optional(package: ZipParts, part: str) -> etree._Element | None:
    """The root of a part the text can do without: missing or broken gives None."""
    if not package.has(part):
        return None
    try:
        return package.xml(part)
    except LimitError:
        raise
    except ParserError:
        return None


def _has_macros(names: Iterable[str]) -> bool:
    return any(
        name.lower().startswith(_MACRO_FOLDERS) and not name.endswith("/") and not name.lower().endswith(_MACRO_INDEXES)
        for name in names
    )


def _show_packed(showing: Showing, package: ZipParts, pictures: ShownPictures) -> None:
    """Count a showing whose picture lies in the package; one that leads outside shows nothing and is never fetched."""
    for image in showing.images:
        target = _target(image)
        if target and package.has(target):
            pictures.show(
                target.lower(),
                functools.partial(package.pieces, target),
                name=posixpath.basename(target),
                size_px=showing.size_px,
            )
            return
    _show_flat(showing, pictures)


def _target(image: etree._Element) -> str:
    """The part a draw:image leads to; empty for an address outside the package."""
    reference = image.get(f"{XLINK}href", "").replace("\\", "/")
    if ":" in reference or reference.startswith(("/", "../")):
        return ""
    return posixpath.normpath(unquote(reference)) if reference else ""


def _show_flat(showing: Showing, pictures: ShownPictures) -> None:
    """Count a showing whose picture is written into the XML itself."""
    for image in showing.images:
        data = image.findtext(f"{OFFICE}binary-data")
        if data:
            # The same picture shown twice is written twice: its text tells.
            key = hashlib.sha256(data.encode()).hexdigest()[:16]
            pictures.show(f"binary-data-{key}", functools.partial(_decoded, data), size_px=showing.size_px)
            return


def _decoded(data: str) -> Iterator[bytes]:
    try:
        yield base64.b64decode(data)
    except (binascii.Error, ValueError) as error:
        raise ParserError("damaged", f"picture: {error}") from error
