"""Making bytes and names survive a power cut: fsync of files and folders, atomic renames."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make `folder` and its missing parents, each entered durably in its own parent."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync_folder(each.parent)


def move_into_place(source: Path, target: Path) -> None:
    """Rename `source` (already synced) to `target` on the same file system, durably."""
    os.replace(source, target)  # noqa: PTH105 - beside os.fsync; tests watch the order of both calls
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. Windows has no such call and keeps names itself (NTFS journal)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
