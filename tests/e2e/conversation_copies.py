"""Our marked copy as its reader sends it back: as it came, or with a paragraph written into it.

our marked copy
our marked copy with one more paragraph under 探讨与评论
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from docx import Document

from intake.demo.documents import DOCX
from tests.e2e.conversation_script import ScriptError
from tests.e2e.world import read_mail
from tests.letters import File

SPEC = "our marked copy"
_LINE = re.compile(rf"{SPEC}(?: with one more paragraph under (?P<heading>\S+))?")
_WRITTEN = (
    "回头看，做法能够坚持下来，靠的是居民议事在前、网格跑腿在后；下一步将把经验写进居民公约，并请街道每季度评议一次。"
)


def marked_copy(line: str, ours: Sequence[bytes]) -> File:
    """The last Word file attached to `ours`, letters of ours, with what `line` says written into it. Raises: ScriptError."""
    spec = _LINE.fullmatch(line)
    if spec is None:
        raise ScriptError(f"a marked copy comes back as it is, or with one more paragraph, not as “{line}”")
    parts = (part for raw in ours for part in read_mail(raw).iter_attachments())
    found = [part for part in parts if part.get_content_type() == DOCX]
    if not found:
        raise ScriptError("none of our letters to this address carries a Word file")
    name, data = str(found[-1].get_filename()), bytes(found[-1].get_content())
    return File(name, _with_paragraph(data, spec["heading"]) if spec["heading"] else data, DOCX)


def _with_paragraph(data: bytes, heading: str) -> bytes:
    """`data` with a paragraph below that heading; the heading itself is written at the end where it is not there."""
    document = Document(io.BytesIO(data))
    styled = ((each, each.style.name if each.style is not None else None) for each in document.paragraphs)
    headings = [each for each, style in styled if (style or "").startswith("Heading")]
    meant = next((each for each in headings if heading in each.text), None)
    if meant is None:
        meant = document.add_paragraph(heading, style=headings[-1].style)
    meant._p.addnext(document.add_paragraph(_WRITTEN)._p)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()
