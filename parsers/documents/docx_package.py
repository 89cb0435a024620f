"""The OPC package of a .docx: parts and relationships, read lazily and within limits.

python-docx opens a package whole, trusts its sizes and refuses what Word forgives
(targets named NULL, strict namespaces, templates, main parts under other names), so
the package is read here. Reading a part means parsing it once.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from parsers.documents.zip_parts import ZipParts, fold_name, parse_xml
from parsers.errors import LimitError, ParserError

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


class Relation(NamedTuple):
    """Where a relationship id leads."""

    kind: str
    """Last path segment of the type: "image", "styles", "footnotes"."""
    target: str
    """Part name for internal targets, the address as written for external ones."""
    external: bool


class Package(ZipParts):
    """An open .docx. Use as a context manager."""

    def xml(self, part: str) -> etree._Element:
        """The root element of an XML part, strict namespaces already turned into transitional ones.

        Raises:
            ParserError: `damaged` when it is missing, broken or not XML.
            LimitError: It is too large.
        """
        data = self.content(part)
        if b"purl.oclc.org/ooxml" in data:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional)
        return parse_xml(data, part)

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
        return self._types.get("/" + fold_name(part)) or self._types.get(posixpath.splitext(fold_name(part))[1]) or ""

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
                types[fold_name("/" + part.lstrip("/"))] = kind
            elif extension := element.get("Extension"):
                types["." + extension.lower()] = kind
        return types


def _relation(element: etree._Element, folder: str) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode") == "External"
    if not external:
        path = unquote(target.replace("\\", "/").partition("#")[0])
        target = posixpath.normpath(posixpath.join("/" + folder, path)).lstrip("/")
    return Relation(element.get("Type", "").rpartition("/")[2], target, external)
