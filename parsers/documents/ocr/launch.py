"""Reads a scan in a process that ends with it: recognisers leave a gigabyte of address space behind.

Limits on memory and CPU are those of the reader process this runs in: the child inherits them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from parsers.documents.ocr import is_installed
from parsers.facts import Reading
from parsers.limits import Limits

_SHARE_OF_TIME = 0.95
"""Of the task's wall-clock time, so that it ends by itself and not by being killed."""


def read_scan_apart(path: Path, limits: Limits) -> Reading | None:
    """`scan.read_scan` in a process of its own; None when there is no recogniser, or it crashed or took too long.

    The text may be poor and is marked so; the problem `no_text` says that there is none.
    """
    if not is_installed():
        return None
    command = [sys.executable, "-P", "-m", "parsers.documents.ocr", str(path.resolve()), limits.model_dump_json()]
    heard_by_child, held_by_us = os.pipe()
    try:
        with subprocess.Popen(
            command, stdin=heard_by_child, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child:
            answer = _answer(child, limits.wall_seconds * _SHARE_OF_TIME)
    finally:
        os.close(heard_by_child)
        os.close(held_by_us)  # the child ends when this end is gone, however we end
    if not answer:
        return None
    return Reading.model_validate_json(answer)


def _answer(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    """What the child prints; nothing when it fails or takes longer."""
    try:
        answer, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        return b""
    return answer if child.returncode == 0 else b""
