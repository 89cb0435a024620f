"""Reads Word documents (.docx .docm .dotx, transitional and strict, by Word, WPS or others) from a file."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from parsers.digests import sha256_of
from parsers.documents.docx_chunks import Chunk, read_chunks
from parsers.documents.docx_comments import count_comments
from parsers.documents.docx_names import W
from parsers.documents.docx_numbering import Numbering
from parsers.documents.docx_package import Package, Relation
from parsers.documents.docx_pictures import extract_pictures
from parsers.documents.docx_story import GRAPHICS, Story
from parsers.documents.docx_styles import Stylesheet
from parsers.errors import LimitError, ParserError
from parsers.facts import DocumentFacts, Member, Part, Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "docx/3"

_CHANGES = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))


def read_docx(path: Path, job: Path, limits: Limits, *, follows_chunks: bool = True) -> Reading:
    """Text, structure and counts of a Word document; the pictures it shows become members in `job`.

    Blocks: the body in reading order with text boxes after the paragraph they hang
    on, then the footnotes, then the endnotes that are referred to. Headers, footers,
    comments, deletions and unused media files are left out.

    Args:
        path: The file, any name.
        job: Existing folder that receives the members.
        limits: Ceilings for sizes and counts.
        follows_chunks: Whether parts kept in another format are read too; no for a document that is such a part.

    Returns:
        A reading of format "docx". Beside its facts stands the problem `empty` when it
        shows nothing, `no_text` when it shows only charts, shapes or embedded objects, and
        `unsupported_format` when parts of its text are kept in a format that could not be read.

    Raises:
        ParserError: `damaged`, `encrypted` (a password on the zip archive) or
            `unsupported_format` (a package of another kind).
        LimitError: The file asks for more than `limits` allow.
    """
    try:
        facts, members, problem = _read(path, job, limits, follows_chunks=follows_chunks)
    except RecursionError as error:
        raise LimitError("nested too deeply") from error
    return Reading(
        reader=READER,
        format="docx",
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        document=facts,
        problem=problem,
        members=members,
    )


def _read(
    path: Path, job: Path, limits: Limits, *, follows_chunks: bool
) -> tuple[DocumentFacts, tuple[Member, ...], Problem | None]:
    with Package(path, limits) as package:
        main = package.main_part()
        root = package.xml(main)
        body = root.find(f"{W}body")
        if body is None:
            raise ParserError("unsupported_format", f"{main} has no body")
        relations = package.relations(main)
        story = _open_story(package, relations, limits)
        story.read(body, "main")
        showings = [(main, showing) for showing in story.showings]
        chunks = _insert_chunks(story, package, relations, job=job, limits=limits) if follows_chunks else []
        for kind in ("footnote", "endnote"):
            part = _first(relations, f"{kind}s")
            story.showings = []
            _read_notes(story, _optional(package, part), kind="footnote" if kind == "footnote" else "endnote")
            showings += [(part or main, showing) for showing in story.showings]
        pictures, members = extract_pictures(package, showings, job=job, limits=limits)
        comments, own_comments = count_comments(_optional(package, _first(relations, "comments")))
        facts = build_document_facts(
            story.blocks,
            pictures=pictures + sum(chunk.pictures for chunk in chunks),
            endnote_references=sum(kind == "endnote" for kind, _ in story.notes),
            comments=comments,
            own_comments=own_comments,
            tracked_changes=sum(1 for _ in root.iter(*_CHANGES)),
            macros="macroEnabled" in package.content_type(main) or _first(relations, "vbaProject") is not None,
        )
    members += tuple(member for chunk in chunks for member in chunk.members)
    return facts, members, _problem(facts, body, unread=len(story.chunks) - len(chunks))


def _insert_chunks(
    story: Story, package: Package, relations: dict[str, Relation], *, job: Path, limits: Limits
) -> list[Chunk]:
    """Put what parts in other formats say where they stand; those that could be read."""

    def read_inner(path: Path, job: Path, limits: Limits) -> Reading:
        return read_docx(path, job, limits, follows_chunks=False)

    wanted = [identifier for _, identifier in story.chunks]
    chunks = read_chunks(package, relations, wanted, job=job, limits=limits, read_docx=read_inner)
    # From the last to the first: what is inserted moves only what follows.
    for (at, _), chunk in zip(reversed(story.chunks), reversed(chunks), strict=True):
        if chunk is not None:
            story.insert(at, chunk.blocks)
    return [chunk for chunk in chunks if chunk is not None]


def _problem(facts: DocumentFacts, body: etree._Element, *, unread: int) -> Problem | None:
    """Why facts that could be read do not say what the pages show; None when they do."""
    if unread:
        return Problem(code="unsupported_format", detail="parts in another format (altChunk)")
    if facts.pictures or any(block.text.strip() for block in facts.blocks):
        return None
    # Charts, shapes, embedded sheets: something is shown, and it cannot be called empty.
    return Problem(code="empty" if next(body.iter(*GRAPHICS), None) is None else "no_text")


def _open_story(package: Package, relations: dict[str, Relation], limits: Limits) -> Story:
    styles = Stylesheet(_optional(package, _first(relations, "styles")))
    numbering = Numbering(
        _optional(package, _first(relations, "numbering")),
        instance_of_style=lambda style_id: styles.style(style_id).num_id,
    )
    return Story(styles, numbering, limits.text_characters)


def _first(relations: dict[str, Relation], kind: str) -> str | None:
    """The part a relationship of that kind leads to; None when there is none inside the package."""
    targets = (relation.target for relation in relations.values() if relation.kind == kind and not relation.external)
    return next(targets, None)


def _optional(package: Package, part: str | None) -> etree._Element | None:
    """The root of a part the text can do without: missing (WPS leaves targets named NULL) or broken gives None."""
    if part is None or not package.has(part):
        return None
    try:
        return package.xml(part)
    except LimitError:
        raise
    except ParserError:
        return None


def _read_notes(story: Story, root: etree._Element | None, *, kind: Part) -> None:
    """Append the notes of one kind that the text refers to, in the order of first reference."""
    if root is None:
        return
    notes = {note.get(f"{W}id"): note for note in root.iterchildren(f"{W}{kind}")}
    wanted = dict.fromkeys(identifier for referred, identifier in story.notes if referred == kind)
    for identifier in wanted:
        if (note := notes.get(identifier)) is not None:
            story.read(note, kind)
