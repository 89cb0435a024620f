"""Names of OpenDocument elements and attributes, in lxml's {namespace}name form. Source: OASIS ODF 1.3 part 3, 1.4."""

from __future__ import annotations

from typing import Final

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE: Final = f"{{{_OASIS}:office:1.0}}"
TEXT: Final = f"{{{_OASIS}:text:1.0}}"
TABLE: Final = f"{{{_OASIS}:table:1.0}}"
DRAW: Final = f"{{{_OASIS}:drawing:1.0}}"
STYLE: Final = f"{{{_OASIS}:style:1.0}}"
SVG: Final = f"{{{_OASIS}:svg-compatible:1.0}}"
FO: Final = f"{{{_OASIS}:xsl-fo-compatible:1.0}}"
MANIFEST: Final = f"{{{_OASIS}:manifest:1.0}}"
LOEXT: Final = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
