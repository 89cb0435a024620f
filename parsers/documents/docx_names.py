"""Names of WordprocessingML elements and attributes, in lxml's {namespace}name form. Source: ECMA-376 Part 1 annex A."""

from __future__ import annotations

from typing import Final

from docx.oxml.ns import nsmap

W: Final = f"{{{nsmap['w']}}}"
R: Final = f"{{{nsmap['r']}}}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VAL: Final = f"{W}val"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
