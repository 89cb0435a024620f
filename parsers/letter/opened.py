"""A letter's parts as bytes and texts, out of its mapped file and in bounded pieces."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.letter.characters import many_lines
from parsers.letter.lines import unflowed
from parsers.letter.pasted import PastedPicture, picture_bytes, without_pictures
from parsers.letter.skeleton import Skeleton
from parsers.letter.transfer import decoded
from parsers.letter.tree import Part
from parsers.letter.uuencoded import WrittenFile, file_bytes, without_files
from parsers.text.decoding import decode_text

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*+=\s*+[\"']?\s*+([\w.:-]{2,40})", re.IGNORECASE)


@dataclass(slots=True)
class Opened:
    """A mapped letter with its skeleton. Its only state is how much more text may be taken out of it."""

    file: mmap.mmap
    skeleton: Skeleton
    most_characters: int
    """Longest text of one part."""
    most_parts: int
    characters_left: int
    """For all parts together: a thousand long texts are no letter."""
    most_bytes: int = 100_000_000
    """Longest content of one part that is unpacked before it is read."""

    def pieces(self, part: Part) -> Iterator[bytes]:
        """A leaf's content, transfer encoding undone."""
        return decoded(self.skeleton.pieces(self.file, part.body), part.headers.undecoded("content-transfer-encoding"))

    def pasted(self, part: Part, picture: PastedPicture) -> Iterator[bytes]:
        """A picture's bytes out of the HTML leaf it is written into."""
        return decoded(picture_bytes(self.pieces(part), picture), "base64")

    def written(self, part: Part, file: WrittenFile) -> Iterator[bytes]:
        """A file's bytes out of the plain text it is written into."""
        return file_bytes(self.pieces(part), file)

    def plain(self, part: Part) -> tuple[str, list[WrittenFile]]:
        """A plain text leaf as text, and the files written into it, which the text is without."""
        files: list[WrittenFile] = []
        return self.text(part, without_files(self.pieces(part), files)), files

    def html(self, part: Part, locator: str) -> tuple[str, list[PastedPicture]]:
        """An HTML leaf as text, and the pictures written into it, which the text only refers to."""
        pictures: list[PastedPicture] = []
        text = self.text(part, without_pictures(self.pieces(part), pictures, key=f"pasted-{locator}"))
        return text, pictures

    def text(self, part: Part, pieces: Iterator[bytes] | None = None) -> str:
        """A text leaf as text, cut at the limits; every charset label is only a hint."""
        most = min(self.most_characters, self.characters_left)
        data = bytearray()
        for piece in self.pieces(part) if pieces is None else pieces:
            data += piece
            if len(data) >= 4 * most:
                break
        described = part.described
        declared = (described.parameter("charset").split() or [""])[0].strip("'\"")
        if not declared and part.get_content_type() == "text/html" and (meta := _META_CHARSET.search(data[:4096])):
            declared = meta[1].decode("ascii", "replace")
        text = many_lines(decode_text(bytes(data), declared or None)[0])[:most]
        self.characters_left -= len(text)
        if described.parameter("format").lower() == "flowed":
            text = unflowed(text, drop_space=described.parameter("delsp").lower() == "yes")
        return text
