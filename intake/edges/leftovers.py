"""What a killed process leaves in the data folder: files under way to a reader, copies half made.

Peer: the disk. Called by the worker that holds the folder, before it begins; nothing of this is a record.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from storage.errors import StorageError
from storage.lock import is_held

COMMANDS_LAST = timedelta(hours=6)
"""A command beside the worker may be making thumbnails or a ledger right now; none does for so long."""


def clear_leftovers(data_dir: Path, *, at: datetime) -> None:
    """Remove what earlier processes left below `data_dir`; `at` is the present. Never raises."""
    cache = data_dir / "cache"
    shutil.rmtree(data_dir / "jobs", ignore_errors=True)
    for job in (cache / "marked-copies").glob("job-*"):
        shutil.rmtree(job, ignore_errors=True)
    for part in (data_dir / "mailbox").glob("*.part"):
        with suppress(OSError):
            part.unlink()
    for job in (cache / "reread").glob("job-*"):
        with suppress(StorageError):
            if not is_held(job):
                shutil.rmtree(job, ignore_errors=True)
    # Those of commands too: none of them holds the data folder.
    for job in (*cache.glob("*/job-*"), *cache.glob("ledger-*")):
        if _is_older(job, at - COMMANDS_LAST):
            shutil.rmtree(job, ignore_errors=True)


def _is_older(path: Path, than_at: datetime) -> bool:
    try:
        return path.stat().st_mtime < than_at.timestamp()
    except OSError:
        return False
