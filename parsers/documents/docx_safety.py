"""Whether a .docx may leave this house again: only when it holds nothing that runs, hides or fetches."""

from __future__ import annotations

import re

from lxml import etree

from parsers.documents.docx_names import W
from parsers.documents.docx_package import Package
from parsers.documents.zip_parts import fold_name

_CONTENT_TYPES = "[content_types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE_KINDS = frozenset(
    {
        "oleobject",
        "package",  # an embedded office file
        "control",
        "activexcontrolbinary",
        "vbaproject",
        "wordvbadata",
        "keymapcustomizations",
        "attachedtoolbars",
        "afchunk",
        "subdocument",
        "origin",  # of digital signatures: a comment would break them
        "signature",
        "ui",
        "extensibility",
        "customui",
    }
)
"""Last segments of relationship types, lower-case. Source: ECMA-376 Part 1 §15, MS-OFFMACRO2, MS-CUSTOMUI."""
_PLAIN_TYPES = re.compile(
    r"(?:image/[\w.+-]+|font/[\w.+-]+|application/(?:xml|x-font[\w.-]*|x-fontdata|rdf\+xml"
    r"|vnd\.openxmlformats-[\w.-]+(?:\+xml|obfuscatedFont|printerSettings)"
    r"|vnd\.(?:ms-word|ms-office|microsoft)[\w.-]*\+xml|json)|text/xml)",
    re.IGNORECASE,
)
_ACTIVE_TYPES = re.compile(r"macroenabled|vba|oleobject|activex|customui|keymap", re.IGNORECASE)
_FETCHING_FIELD = re.compile(
    r"\b(?:DDE|DDEAUTO|LINK|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|DATABASE|RD|MACROBUTTON)\b"
    r"|\bHYPERLINK\b\s*(?!\s|\\l)",
    re.IGNORECASE,
)
"""Field codes that start programs or lead out of the document; HYPERLINK \\l stays inside it."""


def why_unsafe(package: Package, main: str) -> str:
    """What speaks against handing this document on, in a few words for the operator; empty when nothing does.

    Macros, embedded objects, ActiveX controls, relationships or fields that lead outside, digital signatures,
    parts of kinds that no plain document has, entry names twice.

    Raises:
        ParserError: A part that must be looked at is broken.
    """
    if package.content_type(main) != _MAIN:
        return f"main part of type {package.content_type(main)[:80]}"
    if package.has_repeated_names():
        return "two entries of one name"
    for name in package.names():
        folded = fold_name(name)
        if folded.endswith("/") or folded == _CONTENT_TYPES:
            continue
        if ".." in folded or folded.startswith("/"):
            return "an entry outside the package"
        if why := _of_part(package, name, folded):
            return why
    return ""


def _of_part(package: Package, name: str, folded: str) -> str:
    if folded.endswith(".rels"):
        return _of_relations(package.xml(name))
    kind = package.content_type(name)
    if _ACTIVE_TYPES.search(kind) or not _PLAIN_TYPES.fullmatch(kind):
        return f"a part of type {kind[:80] or 'unknown'}"
    if "wordprocessingml" in kind and _FETCHING_FIELD.search(_field_codes(package.xml(name))):
        return "a field that leads outside"
    return ""


def _of_relations(root: etree._Element) -> str:
    for relation in root:
        kind = relation.get("Type", "").rpartition("/")[2].lower()
        if relation.get("TargetMode", "").lower() == "external":
            return f"external {kind[:40]}"
        if kind in _ACTIVE_KINDS:
            return f"relationship {kind}"
    return ""


def _field_codes(root: etree._Element) -> str:
    """All field codes of a part; those of one field may be cut into many runs."""
    pieces: list[str] = []
    for element in root.iter(f"{W}fldSimple", f"{W}instrText", f"{W}delInstrText", f"{W}fldChar"):
        if element.tag == f"{W}fldSimple":
            pieces.append(f" {element.get(f'{W}instr', '')} ")
        else:
            pieces.append((element.text or "") if element.tag != f"{W}fldChar" else " ")
    return "".join(pieces)
