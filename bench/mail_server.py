"""The servers of a measurement: a private Dovecot whose folders are filled on disk, and what it costs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psutil

from bench.samples import Sample
from tests.servers.dovecot import DovecotServer


class FilledDovecot(DovecotServer):
    """Letters are put into its Maildirs directly: 50,000 APPENDs would take longer than all measurements."""

    def put_samples(self, user: str, samples: Iterable[Sample]) -> None:
        """Link the sample files into the inbox of `user`."""
        folder = self._maildir(user)
        for number, sample in enumerate(samples):
            target = folder / self._name(number, sample.arrived_at, sample.path.stat().st_size, sample.bytes_with_crlf)
            try:
                os.link(sample.path, target)
            except OSError:  # another file system
                shutil.copy2(sample.path, target)
                target.chmod(0o644)

    def put_small(self, user: str, letters: Iterable[tuple[bytes, datetime]]) -> None:
        """Write short letters into the inbox of `user`."""
        folder = self._maildir(user)
        for number, (raw, at) in enumerate(letters):
            target = folder / self._name(number, at, len(raw), len(raw) + raw.count(b"\n"))
            target.write_bytes(raw)
            os.utime(target, (at.timestamp(), at.timestamp()))

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far, those that ended included."""
        assert self._process is not None
        master = psutil.Process(self._process.pid)
        spent = 0.0
        for process in (master, *master.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                spent += sum(process.cpu_times()[:4] if process is master else process.cpu_times()[:2])
        return spent

    def _maildir(self, user: str) -> Path:
        home = self._root / "mail" / user
        for name in ("cur", "new", "tmp"):
            (home / name).mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            owner = (self._root / "mail").stat()
            for folder in (home, *home.iterdir()):
                os.chown(folder, owner.st_uid, owner.st_gid)
        return home / "cur"

    @staticmethod
    def _name(number: int, at: datetime, size_bytes: int, bytes_with_crlf: int) -> str:
        # S= and W= spare Dovecot reading every file to answer RFC822.SIZE.
        return f"{int(at.timestamp())}.M{number}P1.bench,S={size_bytes},W={bytes_with_crlf}:2,"
