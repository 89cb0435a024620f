"""Paths as people have to type them. Pure."""

from __future__ import annotations

import os
import shlex
from pathlib import PurePath

_PLAIN = frozenset("@%+=:,./_-\\")
"""Beside letters (Chinese ones too) and digits what no shell treats in its own way."""


def as_typed(path: PurePath, *, windows: bool = os.name == "nt") -> str:
    """`path` as one word of a command: in quotation marks where a shell would take it for something else."""
    written = str(path)
    if all(character.isalnum() or character in _PLAIN for character in written) and (windows or "\\" not in written):
        return written
    return f'"{written}"' if windows else shlex.quote(written)
