"""Simplified and traditional script. Pure."""

from __future__ import annotations

import functools
from typing import cast

from opencc import OpenCC


@functools.cache
def _converter(config: str) -> OpenCC:
    # 5 ms each, once per process.
    return OpenCC(config)


def to_simplified(text: str) -> str:
    """`text` in simplified characters, one for one where the tables are (the length may change in rare phrases).

    Used to compare, never to show: a reply quotes what the submitter wrote.
    Source: OpenCC's t2s tables.
    """
    return text if text.isascii() else cast("str", _converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """`text` in traditional characters. Source: OpenCC's s2t tables."""
    return text if text.isascii() else cast("str", _converter("s2t").convert(text))
