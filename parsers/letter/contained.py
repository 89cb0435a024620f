"""The shapes of what a letter contains: texts, files, earlier letters, locks. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from parsers.letter.pasted import PastedPicture
from parsers.letter.tree import Part
from parsers.letter.uuencoded import WrittenFile

Lock = Literal["", "smime", "pgp"]


@dataclass(frozen=True, slots=True)
class File:
    """A leaf that is not the body text."""

    locator: str
    part: Part
    name: str
    disposition: str
    """"attachment", "inline" or whatever the sender wrote; empty when nothing."""
    related: bool
    """It stands in a multipart/related: part of how the body looks."""
    pasted: PastedPicture | None = None
    """Set when the file is a picture written into the HTML of `part`."""
    written: WrittenFile | None = None
    """Set when the file is written into the plain text of `part`."""

    @property
    def media_type(self) -> str:
        """As declared by the sender."""
        if self.written:
            return "application/octet-stream"
        return self.pasted.media_type if self.pasted else self.part.get_content_type()


@dataclass(frozen=True, slots=True)
class Text:
    """A leaf of body text, decoded, with line feeds at line ends."""

    text: str
    is_html: bool


@dataclass(slots=True)
class Content:
    """Everything in a letter, sorted, in document order."""

    body: list[Text] = field(default_factory=list)
    """What a reader is shown: of alternatives, one."""
    html: list[Text] = field(default_factory=list)
    """Every HTML text, those not chosen too: they say how pictures are shown and where links lead."""
    files: list[File] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    """Letters inside the letter and delivery reports, as text."""
    encrypted: Lock = ""
    signed: Lock = ""
    locked: list[File] = field(default_factory=list)
    """What cannot be read without a key: the letter itself, unless other files stand beside it."""
