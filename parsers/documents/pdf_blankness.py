"""Whether a PDF that shows nothing is really blank: asked of pdfminer, because blank pages are sent back to their author."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_MOST_PAGES = 20
_PACKED_NOTHING_BYTES = 8
"""What zlib makes of no bytes."""
_PAINTS = re.compile(rb"(?<![\w/])(?:Tj|TJ|'|\"|Do|f\*?|F|B\*?|b\*?|S|s|sh|BI)(?!\w)")
"""Operators that show text, pictures, areas or lines. Source: ISO 32000-1, table 51."""


def paints_something(path: Path) -> bool:
    """True when a page's content paints, or cannot be looked at: then it is not for us to call the file blank."""
    import pdfplumber

    try:
        with pdfplumber.open(path) as document:
            return any(_may_paint(page.page_obj) for page in document.pages[:_MOST_PAGES])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- another library's view of a broken file: anything it raises leaves us in doubt
        return True


def _may_paint(page: Any) -> bool:
    """Whether a page's content paints, is missing, or holds bytes that unpack to nothing."""
    if "Contents" in page.attrs and not page.contents:
        return True
    for stream in page.contents:
        packed = len(stream.get_rawdata() or b"")  # gone after the next line
        content = stream.get_data()
        if _PAINTS.search(content) or (packed > _PACKED_NOTHING_BYTES and not content):
            return True
    return False
