"""Writes a copy of a .docx with comments of ours at given places; everything else in it stays as it is.

Only the main part, the comments, their relationship and content type are written anew, and the
text of the result is read again and compared before anybody gets to see it.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from parsers.documents.docx_comments import hang, make_comment, next_id, outermost_paragraph, remove_ours
from parsers.documents.docx_graphics import find_graphics
from parsers.documents.docx_marks import Mark, Marking
from parsers.documents.docx_names import W
from parsers.documents.docx_numbering import Numbering
from parsers.documents.docx_package import Package, Relation
from parsers.documents.docx_safety import why_unsafe
from parsers.documents.docx_story import GRAPHICS, Story
from parsers.documents.docx_styles import Stylesheet
from parsers.documents.zip_parts import fold_name
from parsers.errors import ParserError
from parsers.limits import Limits

LARGEST_BYTES = 3_000_000
"""Of the document and of its copy: what goes out by mail with every request."""

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_COMMENTS_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_BESIDE_COMMENTS = frozenset({"commentsExtended", "commentsIds", "commentsExtensible"})
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def mark_docx(path: Path, target: Path, limits: Limits, marking: Marking) -> str:
    """Write the copy of `path` that carries `marking` to `target`; empty, or why no copy was written (then `target` is not there).

    Marks whose picture is shown nowhere, or whose paragraph is not in the text itself (a note), are left out; comments
    of ours that stand in the document already are taken out first, other people's stay. Reasons against a copy:
    a document that is unsafe to hand on, too large, broken, or that does not say at a mark what the mark expects.
    Never raises but OSError.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return "too large"
        with Package(path, limits) as package:
            written = _Copy(package, limits).parts(marking)
            if isinstance(written, str):
                return written
            _write(package, written, target)
    except ParserError as error:
        target.unlink(missing_ok=True)
        return f"{error.code}: {error.detail}"
    except (RecursionError, etree.LxmlError, ValueError) as error:
        target.unlink(missing_ok=True)
        return f"{type(error).__name__}: {error}"
    if target.stat().st_size > LARGEST_BYTES:
        target.unlink()
        return "too large"
    return ""


class _Copy:
    """One document being marked."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._main = package.main_part()

    def parts(self, marking: Marking) -> dict[str, bytes] | str:
        """The parts that change, by name; or why there is nothing to write."""
        package, main = self._package, self._main
        if why := why_unsafe(package, main):
            return why
        root = _parse(package.content(main))
        relations = package.relations(main)
        story = self._story(root, relations)
        if not all(_fits(mark, story) for mark in marking.marks):
            return "the text is not the one that was judged"
        said = list(story.blocks)
        name = next((each.target for each in relations.values() if each.kind == "comments"), None)
        comments = _parse(package.content(name)) if name else etree.Element(f"{W}comments", nsmap={"w": W.strip("{}")})
        lost = remove_ours(comments, root)
        places = [(self._place(mark, story, root, relations), mark) for mark in marking.marks]
        put = [(place, mark) for place, mark in places if place is not None]
        if not put:
            return "no place for any mark"
        first = next_id(comments, root)
        for identifier, (place, mark) in enumerate(put, first):
            comments.append(make_comment(identifier, mark.comment, author=marking.author, at=marking.written_at_local))
            hang(place, identifier, offset=mark.offset)
        if self._story(root, relations).blocks != said:
            return "the text would not stay the same"
        changed = {main: _serialise(root)}
        if name is None:
            name = self._free_name()
            changed |= self._registered(name)
        return changed | {name: _serialise(comments)} | self._without(lost, relations)

    def _story(self, root: etree._Element, relations: Mapping[str, Relation]) -> Story:
        """The body as `read_docx` reads it, so that blocks have the same numbers."""
        body = root.find(f"{W}body")
        if body is None:
            raise ParserError("unsupported_format", "no body")
        styles = Stylesheet(self._optional(relations, "styles"))
        numbering = Numbering(
            self._optional(relations, "numbering"), instance_of_style=lambda style_id: styles.style(style_id).num_id
        )
        story = Story(styles, numbering, self._limits.text_characters)
        story.read(body, "main")
        return story

    def _optional(self, relations: Mapping[str, Relation], kind: str) -> etree._Element | None:
        part = next((each.target for each in relations.values() if each.kind == kind), None)
        if part is None or not self._package.has(part):
            return None
        try:
            return self._package.xml(part)
        except ParserError:
            return None

    def _place(
        self, mark: Mark, story: Story, root: etree._Element, relations: Mapping[str, Relation]
    ) -> etree._Element | None:
        if mark.block is not None:
            element = story.places[mark.block]
            return None if element is None else outermost_paragraph(element)
        for drawing in root.iter(*GRAPHICS):
            for showing in find_graphics(drawing).showings:
                relation = relations.get(showing.relation)
                if relation is not None and self._sha256(relation.target) == mark.picture:
                    return outermost_paragraph(drawing)
        return None

    def _sha256(self, part: str) -> str:
        if not hasattr(self, "_hashes"):
            self._hashes: dict[str, str] = {}
        if part not in self._hashes:
            content = self._package.content(part) if self._package.has(part) else b""
            self._hashes[part] = hashlib.sha256(content).hexdigest()
        return self._hashes[part]

    def _free_name(self) -> str:
        folder = posixpath.dirname(self._main)
        names = (posixpath.join(folder, f"comments{number or ''}.xml") for number in range(1000))
        return next(name for name in names if not self._package.has(name))

    def _registered(self, comments: str) -> dict[str, bytes]:
        """Relationships of the main part and content types with the new comments part in them."""
        folder, main = posixpath.split(self._main)
        source = posixpath.join(folder, "_rels", f"{main}.rels")
        relations = (
            _parse(self._package.content(source))
            if self._package.has(source)
            else etree.fromstring(f'<Relationships xmlns="{_RELATIONSHIPS}"/>')
        )
        taken = {relation.get("Id") for relation in relations}
        identifier = next(name for number in range(len(taken) + 1) if (name := f"rIdIntake{number}") not in taken)
        relation = etree.SubElement(relations, f"{{{_RELATIONSHIPS}}}Relationship")
        for key, value in (("Id", identifier), ("Type", _COMMENTS_KIND), ("Target", posixpath.basename(comments))):
            relation.set(key, value)
        types = _parse(self._package.content("[Content_Types].xml"))
        override = etree.SubElement(types, f"{{{_TYPES}}}Override")
        override.set("PartName", f"/{comments}")
        override.set("ContentType", _COMMENTS_TYPE)
        return {source: _serialise(relations), "[Content_Types].xml": _serialise(types)}

    def _without(self, paragraph_ids: frozenset[str], relations: Mapping[str, Relation]) -> dict[str, bytes]:
        """The parts beside the comments without what they say of those taken out. Source: MS-DOCX §2.5.4.1, §2.7."""
        parts = {each.kind: each.target for each in relations.values() if each.kind in _BESIDE_COMMENTS}
        changed: dict[str, bytes] = {}
        gone = set(paragraph_ids)
        for kind in ("commentsExtended", "commentsIds", "commentsExtensible"):
            if not gone or kind not in parts or not self._package.has(parts[kind]):
                continue
            root = _parse(self._package.content(parts[kind]))
            for element in [each for each in root if gone & set(map(str, each.attrib.values()))]:
                gone.update(str(value) for key, value in element.items() if str(key).endswith("}durableId"))
                root.remove(element)
            changed[parts[kind]] = _serialise(root)
        return changed


def _fits(mark: Mark, story: Story) -> bool:
    if mark.block is None:
        return True
    return mark.block < len(story.blocks) and story.blocks[mark.block].text == mark.text and not story.chunks


def _parse(data: bytes) -> etree._Element:
    """The root of a part that will be written again: comments and instructions in the XML are kept.

    Raises:
        ParserError: `damaged` when it is no XML, `unsupported_format` when it is not as Word writes it (a DOCTYPE, strict names).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, strip_cdata=False
    )
    if b"purl.oclc.org/ooxml" in data:
        raise ParserError("unsupported_format", "strict names")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ParserError("damaged", str(error)) from error
    if b"<!DOCTYPE" in data[:10_000]:
        raise ParserError("unsupported_format", "a document type")
    return root


def _serialise(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _write(package: Package, changed: Mapping[str, bytes], target: Path) -> None:
    """All parts in their order, those of `changed` in place of the old; new ones last."""
    left = {fold_name(name): (name, content) for name, content in changed.items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in package.names():
            if name.endswith("/"):
                continue
            _, content = left.pop(fold_name(name), (name, None))
            copy.writestr(_entry(name), package.content(name) if content is None else content)
        for name, content in left.values():
            copy.writestr(_entry(name), content)


def _entry(name: str) -> zipfile.ZipInfo:
    """The same bytes for the same document, whenever it is written."""
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
