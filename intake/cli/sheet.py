"""`intake cases sheet NO`: all pictures of a case on one page."""

from __future__ import annotations

from pathlib import Path

from intake.bootstrap import make_offline_executor
from intake.cli.folder import records_of
from intake.cli.progress import sign_of_life
from intake.desks.sheet import SheetDesk
from intake.edges.thumbnails import Thumbnails


def make_sheet(folder: Path, number: str) -> int:
    """Write the page and say where it lies; exit status 0."""
    with records_of(folder) as records:
        cache = records.settings.data_dir / "cache"
        executor = make_offline_executor()
        try:
            thumbnails = Thumbnails(records.letters, executor, limits=records.limits, cache=cache / "thumbnails")
            desk = SheetDesk(
                records.store, records.readings, records.calls, thumbnails, folder=cache / "contact-sheets"
            )
            with sign_of_life("正在从来信中取出图片…"):
                path = desk.make(number)
        finally:
            executor.close()
    print(path)
    return 0
