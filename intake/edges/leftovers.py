"""What a killed process leaves in the data folder: files under way to a reader, copies half made.

Peer: the disk. Called by the worker that holds the folder, before it begins; nothing of this is a record.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

COMMANDS_LAST = timedelta(hours=6)
"""A command beside the worker may be making thumbnails right now; none does for so long."""


def clear_leftovers(data_dir: Path, *, at: datetime) -> None:
    """Remove jobs of an earlier process below `data_dir`; `at` is the present. Never raises."""
    shutil.rmtree(data_dir / "jobs", ignore_errors=True)
    for job in (data_dir / "cache" / "marked-copies").glob("job-*"):
        shutil.rmtree(job, ignore_errors=True)
    for job in (data_dir / "cache" / "thumbnails").glob("job-*"):
        if _is_older(job, at - COMMANDS_LAST):
            shutil.rmtree(job, ignore_errors=True)


def _is_older(path: Path, than_at: datetime) -> bool:
    try:
        return path.stat().st_mtime < than_at.timestamp()
    except OSError:
        return False
