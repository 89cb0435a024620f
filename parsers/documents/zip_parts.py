"""A zip package of XML parts (.docx, .odt, .ofd): parts read lazily and within limits.

Libraries that open such packages whole trust their sizes; here every size is checked
before anything is unpacked, and what a broken file does becomes a problem with a name.
"""

from __future__ import annotations

import errno
import functools
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from lxml import etree

from parsers.errors import LimitError, ParserError
from parsers.limits import Limits

_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError)
_PIECE_BYTES = 1 << 20
_PLAIN_BYTES = 1_000_000
"""Below this size a part's compression ratio is nobody's business."""


class ZipParts:
    """An open package. Use as a context manager."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open `path`.

        Raises:
            ParserError: `damaged` when it is no zip archive or its directory is broken.
            LimitError: It has more entries than `limits.members` allows for.
        """
        self._limits = limits
        with _named_problems():
            self._zip = zipfile.ZipFile(path)
        # First one wins: a second entry of the same name is never what office programs show.
        self._entries: dict[str, zipfile.ZipInfo] = {}
        infos = self._zip.infolist()
        for info in infos:
            self._entries.setdefault(fold_name(info.filename), info)
        self._has_repeated_names = len(infos) > len(self._entries)
        if len(self._entries) > 4 * limits.members:
            self._zip.close()
            raise LimitError(f"{len(self._entries)} parts")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        """Whether the package holds a part of that name (case and slashes are folded)."""
        return fold_name(part) in self._entries

    def names(self) -> Sequence[str]:
        """The parts' names as stored, in the order of the directory, each once."""
        return [info.filename for info in self._entries.values()]

    def has_repeated_names(self) -> bool:
        """Whether two entries bear one name: programs differ in which of them they show."""
        return self._has_repeated_names

    def size_bytes(self, part: str) -> int:
        """Declared unpacked size of a part that exists."""
        return self._entries[fold_name(part)].file_size

    def pieces(self, part: str) -> Iterator[bytes]:
        """The content of one part in pieces; sizes are checked before anything is unpacked.

        Raises:
            ParserError: `damaged` when it is missing or broken, `encrypted` when it needs a password.
            LimitError: It is too large or packed too densely.
        """
        info = self._entries.get(fold_name(part))
        if info is None:
            raise ParserError("damaged", f"no part {part}")
        if info.flag_bits & 0x1:
            raise ParserError("encrypted", part)
        if info.file_size > self._limits.file_bytes:
            raise LimitError(f"{part}: {info.file_size} bytes")
        if info.file_size > _PLAIN_BYTES and info.file_size > self._limits.member_ratio * max(info.compress_size, 1):
            raise LimitError(f"{part}: packed {info.file_size // max(info.compress_size, 1)} to one")
        # Only unpacking is guarded: what the caller does with a piece (a full disk) is not the file's fault.
        with _named_problems():
            stream = self._zip.open(info)
        with stream:
            while True:
                with _named_problems():
                    piece = stream.read(_PIECE_BYTES)
                if not piece:
                    return
                yield piece

    def content(self, part: str) -> bytes:
        """The whole content of one part. Raises as `pieces`."""
        return b"".join(self.pieces(part))

    def xml(self, part: str) -> etree._Element:
        """The root element of an XML part.

        Raises:
            ParserError: `damaged` when it is missing, broken or not XML.
            LimitError: It is too large or nested too deeply.
        """
        return parse_xml(self.content(part), part)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element of an XML text: no entities, no network, no comments.

    Raises:
        ParserError: `damaged` when it is not XML; `name` says which part.
        LimitError: It is nested deeper, or holds longer texts, than any document.
    """
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        if "Excessive depth" in str(error) or "huge" in str(error).lower():
            raise LimitError(f"{name}: {error}") from error
        raise ParserError("damaged", f"{name}: {error}") from error


def fold_name(name: str) -> str:
    """A part's name in the form names are compared in."""
    return name.replace("\\", "/").lower()


@functools.cache
def _parser() -> etree.XMLParser:
    """A parser that touches no network, expands no entity and refuses what is deep or huge beyond any document."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )


@contextmanager
def _named_problems() -> Iterator[None]:
    """Turn what zipfile and its decompressors raise into a problem with a name."""
    try:
        yield
    except RuntimeError as error:  # zipfile's way to ask for a password
        raise ParserError("encrypted" if "password" in str(error) else "damaged", str(error)) from error
    except _BROKEN as error:
        raise ParserError("damaged", f"{type(error).__name__}: {error}") from error
    except OSError as error:
        # Directory entries that point before the file make zipfile seek there; anything else is our disk.
        if error.errno != errno.EINVAL:
            raise
        raise ParserError("damaged", str(error)) from error
