"""OpenDocument files written by hand: only what a test is about, in the schema's own words."""

from __future__ import annotations

import zipfile
from pathlib import Path

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "office": f"{_OASIS}:office:1.0",
        "text": f"{_OASIS}:text:1.0",
        "table": f"{_OASIS}:table:1.0",
        "draw": f"{_OASIS}:drawing:1.0",
        "style": f"{_OASIS}:style:1.0",
        "svg": f"{_OASIS}:svg-compatible:1.0",
        "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
TEXT_TYPE = "application/vnd.oasis.opendocument.text"
SHEET_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def document_xml(body: str, *, automatic: str = "", kind: str = "text") -> str:
    """content.xml with `body` as its text (or sheet) and `automatic` among its automatic styles."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}>'
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )


def styles_xml(styles: str) -> str:
    """styles.xml with named styles."""
    return f"<office:document-styles {NAMESPACES}><office:styles>{styles}</office:styles></office:document-styles>"


def write_odt(path: Path, body: str, *, automatic: str = "", styles: str = "", **parts: bytes) -> Path:
    """A package; further parts by name, `__` standing for a slash and a last `_` for the dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", TEXT_TYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", document_xml(body, automatic=automatic))
        package.writestr("styles.xml", styles_xml(styles))
        for name, data in parts.items():
            folder, _, file = name.rpartition("__")
            stem, _, extension = file.rpartition("_")
            package.writestr(f"{folder.replace('__', '/')}/{stem}.{extension}".lstrip("/"), data)
    return path


def write_ods(path: Path, tables: str) -> Path:
    """A spreadsheet with `tables` in its body."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", SHEET_TYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", document_xml(tables, kind="spreadsheet"))
    return path
