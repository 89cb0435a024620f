"""Characters that have no place in headers, file names and texts. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 200
"""Characters kept of a file name; the end with the extension always stays."""

# Directional marks let "exe.gpj" be shown as "jpg.exe"; zero-width ones make two equal names differ.
_INVISIBLE = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"\r\n|\r|\u2028|\u2029|\x85")


def one_line(text: str) -> str:
    """`text` without control and directional characters, every run of white space one space, edges trimmed."""
    text = _CONTROL.sub("", _LINE_ENDS.sub(" ", text))
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def many_lines(text: str) -> str:
    """`text` with a line feed for every kind of line end; tabs stay, other control and directional characters go."""
    return _INVISIBLE.sub("", _CONTROL.sub("", _LINE_ENDS.sub("\n", text)))


def file_name(text: str) -> str:
    """`text` as a name to show and compare: one line, NFC, no folders, at most `LONGEST_NAME` characters.

    Empty when nothing of a name is left. Never used to open a file.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", one_line(text)))[-1].strip().strip('"')
    if not name.strip(". "):
        return ""
    name = name.rstrip(". ")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 10:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension
