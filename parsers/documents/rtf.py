"""Reads Rich Text Format: by way of .docx through an office program, else by itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.documents.converted import read_through_office
from parsers.documents.office import ConversionError, find_office, reader_version
from parsers.documents.rtf_story import RtfStory
from parsers.documents.shown_pictures import ShownPictures
from parsers.facts import Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "rtf/1"


def rtf_reader_version() -> str:
    """The reader's version with the program it works through."""
    return reader_version(READER)


def read_rtf(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure and counts of an RTF file; the pictures it shows become members in `job`.

    Returns:
        A reading of format "rtf"; `converted_by` is empty when it was read by itself. Beside its
        facts the problem `no_text` when nothing was found by itself, and those of `read_docx`.

    Raises:
        ParserError: As `read_docx`, of what the office program wrote.
        LimitError: The file asks for more than `limits` allow.
    """
    if find_office() is not None:
        try:
            return read_through_office(
                path,
                job,
                limits,
                reader=rtf_reader_version(),
                format_="rtf",
                suffix=".rtf",
                import_filter="Rich Text Format",
            )
        except ConversionError:
            pass  # it may still be readable without
    return _read(path, job, limits)


def _read(path: Path, job: Path, limits: Limits) -> Reading:
    data = path.read_bytes()
    pictures = ShownPictures(job, limits, "rtf-picture")

    def show(content: bytes, size_px: tuple[int, int] | None) -> None:
        digest = hashlib.sha256(content).hexdigest()
        pictures.show(digest[:16], lambda: (content,), size_px=size_px)

    story = RtfStory(limits.text_characters, show)
    blocks = story.read(data)
    is_empty = not pictures.count and not any(block.text.strip() for block in blocks)
    return Reading(
        reader=rtf_reader_version(),
        format="rtf",
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        document=build_document_facts(blocks, pictures=pictures.count, comments=story.comments),
        # Not `empty`: what a simple reader does not see may be there all the same.
        problem=Problem(code="no_text", detail="nothing printed was found") if is_empty else None,
        members=pictures.members(),
    )
