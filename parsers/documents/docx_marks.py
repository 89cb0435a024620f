"""Comments of ours in a copy of a submitter's .docx: what is to be said where, and how ours are told from others'. Pure."""

from __future__ import annotations

from dataclasses import dataclass

INITIALS = "征集核对"
"""Stands in every comment of ours beside its author, in all languages; Word, WPS and LibreOffice keep it."""

AUTHORS = frozenset({"征集邮箱自动核对", "徵集郵箱自動核對", "Automatic check of the intake mailbox"})
"""Names our comments are signed with, one for each language shipped: initials are lost in some conversions (.doc, .odt)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One comment and its place: a block of the text, or else a picture."""

    comment: str
    """Plain text; "\\n" parts paragraphs."""
    block: int | None = None
    """Index into `DocumentFacts.blocks`; None when a picture is meant."""
    text: str = ""
    """Of that block, whole: a document that says something else there is not marked."""
    offset: int = 0
    """Character of `text` from which the place begins; 0 for the whole block."""
    picture: str = ""
    """SHA-256 of the picture meant."""


@dataclass(frozen=True, slots=True)
class Marking:
    """All comments of one copy."""

    author: str
    written_at_local: str
    """Clock time of the campaign as Word writes it: "2022-12-05T09:00:00Z", local in spite of its Z."""
    marks: tuple[Mark, ...]


def is_ours(author: str | None, initials: str | None) -> bool:
    """Whether a comment signed so is ours, and so nobody's remark to be counted."""
    return initials == INITIALS or author in AUTHORS
