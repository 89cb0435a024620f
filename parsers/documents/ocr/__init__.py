"""Recognising the text of scanned pages: optional, without network, and never certain.

Everything heavy (the recogniser, its models, 200 MB of address space) is loaded in a process
that ends with the document (`launch`). Nothing here is imported by another reader.
"""

from __future__ import annotations

import importlib.util

READER = "ocr/1"
"""Raised whenever the same scan would give other facts."""

NEEDED = ("rapidocr", "onnxruntime")
"""The packages of the extra."""


def is_installed() -> bool:
    """Whether the extra `ocr` is there; imports nothing of it."""
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def reader_version() -> str:
    """`READER` with the extra, "ocr/none" without: what was filed unread is read again once the extra is installed."""
    return READER if is_installed() else "ocr/none"
