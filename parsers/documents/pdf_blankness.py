"""Whether a PDF that shows nothing is really blank: asked of pdfminer, because blank pages are sent back to their author."""

from __future__ import annotations

import re
from pathlib import Path

_MOST_PAGES = 20
_PAINTS = re.compile(rb"(?<![\w/])(?:Tj|TJ|'|\"|Do|f\*?|F|B\*?|b\*?|S|s|sh|BI)(?!\w)")
"""Operators that show text, pictures, areas or lines. Source: ISO 32000-1, table 51."""


def paints_something(path: Path) -> bool:
    """True when a page's content paints, or cannot be looked at: then it is not for us to call the file blank."""
    import pdfplumber

    try:
        with pdfplumber.open(path) as document:
            streams = (stream for page in document.pages[:_MOST_PAGES] for stream in page.page_obj.contents)
            return any(_PAINTS.search(stream.get_data()) for stream in streams)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- another library's view of a broken file: anything it raises leaves us in doubt
        return True
