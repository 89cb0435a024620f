"""What programs and systems leave in an archive beside the files somebody packed. Pure."""

from __future__ import annotations

_NAMES = frozenset({"thumbs.db", ".ds_store", "desktop.ini", "ehthumbs.db", "icon\r", ".localized"})
_FOLDERS = frozenset({"__macosx", ".git", ".svn", ".spotlight-v100", ".trashes", ".fseventsd", "$recycle.bin"})
_STARTS = ("~$", "._")
"""Owner files of Word and WPS that are open in another window, and the second halves of Mac files."""
_ENDS = (".lnk", ".url")
"""Shortcuts: what they point to stayed on the sender's machine."""


def is_leftover(folder: str, name: str) -> bool:
    """Whether a member is none of the sender's material: it is skipped, and listed as skipped.

    `folder` is "/"-separated; case does not matter.
    """
    lower = name.lower()
    if lower in _NAMES or lower.startswith(_STARTS) or lower.endswith(_ENDS):
        return True
    return any(part.lower() in _FOLDERS for part in folder.split("/"))
