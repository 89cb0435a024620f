"""The zip package of an OFD: parts found as its writers meant them, elements by their local names.

Writers disagree about the namespace (2016 or none of it), about relative paths and about
encodings, so none of these is insisted on. Source: GB/T 33190-2016, 7.1 to 7.3.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from parsers.documents.zip_parts import ZipParts, parse_xml
from parsers.errors import ParserError

_CHINESE_ENCODING = re.compile(
    rb"^\s*<\?xml[^>]{0,80}encoding\s*=\s*[\"'](?:gb2312|gbk|gb18030|cp936)[\"'][^>]*\?>", re.IGNORECASE
)
_PREFIX = re.compile(rb"(</?|\s)[A-Za-z_][\w.-]*:(?=[A-Za-z_])")
_DECLARATION = re.compile(rb"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_TAG = re.compile(rb"<[^<>!?][^<>]*>")


class OfdPackage(ZipParts):
    """An open .ofd. Use as a context manager."""

    def xml(self, part: str) -> etree._Element:
        """The root element of a part, all element names without namespace.

        Raises:
            ParserError: `damaged` when it is missing, broken or not XML.
            LimitError: It is too large or nested too deeply.
        """
        root = _parse(self.content(part), part)
        for element in root.iter(etree.Element):
            if "}" in element.tag:
                element.tag = element.tag.rpartition("}")[2]
        return root

    def resolve(self, source: str, location: str | None) -> str | None:
        """The part that `location`, as written in part `source`, leads to; None when there is none."""
        written = (location or "").strip().replace("\\", "/")
        if not written:
            return None
        folder = posixpath.dirname(source)
        # Relative to the part that says it; some writers mean the package's root or the document's folder.
        folders = ("",) if written.startswith("/") else (folder, "", posixpath.dirname(folder))
        for start in folders:
            candidate = posixpath.normpath(posixpath.join(start, written.lstrip("/")))
            if not candidate.startswith("..") and self.has(candidate):
                return candidate
        return None


def children(parent: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Direct children with one of the names; none of None."""
    if parent is not None:
        yield from parent.iterchildren(*names)


def child_text(parent: etree._Element | None, name: str) -> str | None:
    """Text of the first direct child of that name; None when there is none."""
    return None if parent is None else parent.findtext(name)


def _parse(data: bytes, part: str) -> etree._Element:
    if (declared := _CHINESE_ENCODING.match(data)) is not None:
        data = data[declared.end() :].decode("gb18030", "replace").encode()
    try:
        return parse_xml(data, part)
    except ParserError as error:
        if "amespace" not in error.detail:
            raise
    # A prefix nobody declared: names alone say enough.
    bare = _TAG.sub(lambda tag: _PREFIX.sub(rb"\1", _DECLARATION.sub(b"", tag[0])), data)
    return parse_xml(bare, part)
