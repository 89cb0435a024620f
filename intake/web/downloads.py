"""Single files of letters, handed out as downloads: no browser opens here what a stranger sent."""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from intake.bootstrap import Records
from intake.edges.extracts import Extracts
from intake.figures.file_names import safe_name
from intake.lookups import OnRecord
from intake.web.door import Guest
from intake.web.readers import PageReaders
from intake.web.site import Site

_LEFT_FOR_SECONDS = 3600
"""What a broken download left behind goes after that long."""


class FileShelf:
    """Files taken out of letters when asked for. One letter is opened at a time."""

    def __init__(self, records: Records, readers: PageReaders) -> None:
        self._records = records
        self._on_record = OnRecord(records.store, records.readings)
        self._readers = readers
        self._turn = threading.Lock()
        self._folder = records.settings.data_dir / "cache" / "downloads"

    def take(self, letter: str, sha256: str) -> Path | None:
        """The file with this hash, out of a letter, alone in a folder of its own; None when the letter does not give it.

        Whoever gets it removes the folder. Raises: OSError.
        """
        with self._turn:
            self._sweep()
            folder = self._folder / secrets.token_hex(8)
            target = folder / "file"
            extracts = Extracts(
                self._records.letters, self._readers.get(), limits=self._records.limits, work=folder / "open"
            )
            found = extracts.take(
                letter, {sha256: target}, known=self._on_record.known, stated_elsewhere=self._on_record.stated_elsewhere
            )
            if found:
                return target
            shutil.rmtree(folder, ignore_errors=True)
            return None

    def _sweep(self) -> None:
        with suppress(OSError):
            for path in self._folder.iterdir():
                if time.time() - path.stat().st_mtime > _LEFT_FOR_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)


def save_file(site: Site, request: Request, guest: Guest) -> Response:
    """A file of a letter, byte for byte, to be saved under its own name made safe; 404 where the letter does not give it."""
    key, sha256 = request.path_params["key"], request.path_params["sha256"]
    with site.records.store.read() as view:
        record = view.letters.get(key)
        files = {file.sha256: file for file in view.files.of_letter(key)} if record is not None else {}
    found = site.files.take(key, sha256) if sha256 in files else None
    if found is None:
        line = "没有这个文件，或者来信的原件已经清除。"
        return site.show(guest, "message.html.j2", title="没有找到", status=404, lines=[line], back=f"/letters/{key}")
    return FileResponse(
        found,
        filename=safe_name(files[sha256].name or "附件"),
        media_type="application/octet-stream",
        background=BackgroundTask(shutil.rmtree, found.parent, ignore_errors=True),
    )
