"""The zip package of a .docx: parts and relationships, read lazily and within limits.

python-docx opens a package whole, trusts its sizes and refuses what Word forgives
(targets named NULL, strict namespaces, templates, main parts under other names), so
the package is read here. Reading a part means parsing it once.
"""

from __future__ import annotations

import errno
import functools
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import unquote

from lxml import etree

from parsers.errors import LimitError, ParserError
from parsers.limits import Limits

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", f"{_OFFICE}/relationships".encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", f"{_OFFICE}/math".encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""ISO/IEC 29500 Strict names, and the transitional ones they stand for."""
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError)
_PIECE_BYTES = 1 << 20
_PLAIN_BYTES = 1_000_000
"""Below this size a part's compression ratio is nobody's business."""


class Relation(NamedTuple):
    """Where a relationship id leads."""

    kind: str
    """Last path segment of the type: "image", "styles", "footnotes"."""
    target: str
    """Part name for internal targets, the address as written for external ones."""
    external: bool


class Package:
    """An open .docx. Use as a context manager."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open `path`.

        Raises:
            ParserError: `damaged` when it is no zip archive or its directory is broken.
            LimitError: It has more entries than `limits.members`, or is too large.
        """
        self._limits = limits
        with _named_problems():
            self._zip = zipfile.ZipFile(path)
        # First one wins: a second entry of the same name is never what Word shows.
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            self._entries.setdefault(_fold(info.filename), info)
        if len(self._entries) > 4 * limits.members:
            self._zip.close()
            raise LimitError(f"{len(self._entries)} parts")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        """Whether the package holds a part of that name (case is folded, as OPC asks)."""
        return _fold(part) in self._entries

    def size_bytes(self, part: str) -> int:
        """Declared unpacked size of a part that exists."""
        return self._entries[_fold(part)].file_size

    def pieces(self, part: str) -> Iterator[bytes]:
        """The content of one part in pieces; sizes are checked before anything is unpacked.

        Raises:
            ParserError: `damaged` when it is missing or broken, `encrypted` when it needs a password.
            LimitError: It is too large or packed too densely.
        """
        info = self._entries.get(_fold(part))
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

    def xml(self, part: str) -> etree._Element:
        """The root element of an XML part, strict namespaces already turned into transitional ones.

        Raises:
            ParserError: `damaged` when it is missing, broken or not XML.
            LimitError: It is too large.
        """
        data = b"".join(self.pieces(part))
        if b"purl.oclc.org/ooxml" in data:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional)
        try:
            return etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as error:
            if "Excessive depth" in str(error) or "Huge" in str(error) or "huge" in str(error):
                raise LimitError(f"{part}: {error}") from error
            raise ParserError("damaged", f"{part}: {error}") from error

    def relations(self, part: str) -> dict[str, Relation]:
        """What `part` refers to, by id; "" is the package itself. Empty when it has no (readable) relationships."""
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(source):
            return {}
        try:
            root = self.xml(source)
        except LimitError:
            raise
        except ParserError:
            return {}
        return {
            identifier: _relation(element, folder)
            for element in root
            if isinstance(element.tag, str) and (identifier := element.get("Id")) is not None
        }

    def content_type(self, part: str) -> str:
        """The media type declared for a part; empty when none is."""
        if not hasattr(self, "_types"):
            self._types = self._content_types()
        return self._types.get("/" + _fold(part)) or self._types.get(posixpath.splitext(_fold(part))[1]) or ""

    def main_part(self) -> str:
        """Name of the main document part.

        Raises:
            ParserError: `unsupported_format` when the package is no Word document.
        """
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and not relation.external and self.has(relation.target):
                return relation.target
        for folded, info in self._entries.items():
            if "wordprocessingml" in (kind := self.content_type(folded)) and ".main+xml" in kind:
                return info.filename
        if self.has("word/document.xml"):
            return "word/document.xml"
        raise ParserError("unsupported_format", "no main document part")

    def _content_types(self) -> dict[str, str]:
        """Media types by "/part name" and by ".extension", names folded."""
        try:
            root = self.xml("[Content_Types].xml")
        except LimitError:
            raise
        except ParserError:
            return {}
        types: dict[str, str] = {}
        for element in root:
            kind = element.get("ContentType", "")
            if part := element.get("PartName"):
                types[_fold("/" + part.lstrip("/"))] = kind
            elif extension := element.get("Extension"):
                types["." + extension.lower()] = kind
        return types


@functools.cache
def _parser() -> etree.XMLParser:
    """A parser that touches no network, expands no entity and refuses what is deep or huge beyond any document."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _fold(name: str) -> str:
    return name.replace("\\", "/").lower()


def _relation(element: etree._Element, folder: str) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode") == "External"
    if not external:
        path = unquote(target.replace("\\", "/").partition("#")[0])
        target = posixpath.normpath(posixpath.join("/" + folder, path)).lstrip("/")
    return Relation(element.get("Type", "").rpartition("/")[2], target, external)


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
