"""Deliveries between the upload and their registration: files and words kept in the cache until an organizer says yes.

Peers: the cache folder, which may be deleted (then the files are handed over once more); reader processes.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from intake.bootstrap import Records, make_deliver_desk
from intake.desks.deliver import Brought, DeliverDesk
from intake.web.delivering import Said, said_from_json, said_to_json
from intake.web.readers import PageReaders

KEPT_FOR_SECONDS = 24 * 3600
"""What nobody has registered within a day is forgotten."""
MOST_KEPT = 12
"""Deliveries that wait at a time; of more the oldest are forgotten. Each may be 100 MB."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_LETTER, _SAID, _GIVEN = "delivery.eml", "said.json", "given"
_IN_MEMORY = 4


class PendingDeliveries:
    """Deliveries that wait for a yes, by a token nobody can guess."""

    def __init__(self, records: Records, readers: PageReaders) -> None:
        self._records = records
        self._readers = readers
        self._folder = records.settings.data_dir / "cache" / "deliveries"
        self._turn = threading.RLock()
        self._read: dict[str, tuple[Said, Brought]] = {}
        """Those read lately, with the words they were read with."""

    @property
    def desk(self) -> DeliverDesk:
        """The desk that registers them."""
        return make_deliver_desk(self._records, self._readers.get())

    def keep(self, said: Said, put: Callable[[Path], Sequence[Path]]) -> str:
        """Take a delivery in: `put` writes its files into the folder it is given and says which they are; the token.

        Raises: OperatorError when they cannot be taken together; OSError.
        """
        self._forget_old()
        token = secrets.token_urlsafe(16)
        folder = self._folder / token
        given = folder / _GIVEN
        given.mkdir(parents=True)
        try:
            call = self._records.calls[said.campaign]
            paths = put(given)
            self.desk.wrap(paths, said.delivered, call, received_at=said.received_at, into=folder / _LETTER)
            self._write(token, said)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(given, ignore_errors=True)
        return token

    def said(self, token: str) -> Said | None:
        """What was said of it; None when it is not known, or no more."""
        if not _TOKEN.fullmatch(token):
            return None
        try:
            said = said_from_json(json.loads((self._folder / token / _SAID).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return said if said.campaign in self._records.calls else None

    def change(self, token: str, altered: Callable[[Said], Said]) -> None:
        """Say something else of it; what was registered meanwhile stays as it is.

        Raises: LookupError when it is known no more; OSError.
        """
        with self._turn:
            said = self.said(token)
            if said is None:
                raise LookupError(token)
            if not said.registered:
                self._write(token, altered(said))

    def brought(self, token: str, said: Said) -> Brought:
        """What it holds, read when first asked for.

        Raises: OperatorError, OSError; LookupError when it is known no more.
        """
        with self._turn:  # one at a time: each may be as large as all letters of a day
            known, found = self._read.get(token, (None, None))
            if found is None or known != said:
                letter = self._folder / token / _LETTER
                if not letter.is_file():  # registered or forgotten a moment ago
                    raise LookupError(token)
                call = self._records.calls[said.campaign]
                found = self.desk.read(letter, said.delivered, call, received_at=said.received_at)
                while len(self._read) >= _IN_MEMORY:
                    del self._read[next(iter(self._read))]
                self._read[token] = said, found
            return found

    def register(self, token: str, number: str | None) -> str:
        """Put it on record, once however often it is asked for; the hash of its letter.

        Raises: OperatorError, StorageError, OSError; LookupError when it is known no more.
        """
        with self._turn:  # a button may be pressed twice
            said = self.said(token)
            if said is None:
                raise LookupError(token)
            if said.registered:
                return said.registered
            brought = self.brought(token, said)
            sha256 = brought.tree.reading.sha256
            if not self._is_on_record(sha256):  # it is when the mark below could not be made
                self.desk.register(brought, number, tells=said.tells)
            self._read.pop(token, None)
            with suppress(OSError):  # it is on record: nothing that fails here may say otherwise
                # The password is with the letter now; here it would outlive the need for it.
                self._write(token, replace(said, registered=sha256, delivered=replace(said.delivered, password="")))
                (self._folder / token / _LETTER).unlink()
            return sha256

    def drop(self, token: str) -> None:
        """Forget it."""
        if _TOKEN.fullmatch(token):
            with self._turn:  # not while it is read or registered
                self._read.pop(token, None)
                shutil.rmtree(self._folder / token, ignore_errors=True)

    def _is_on_record(self, sha256: str) -> bool:
        with self._records.store.read() as view:
            return view.letters.get(sha256) is not None

    def _write(self, token: str, said: Said) -> None:
        written = json.dumps(said_to_json(said), ensure_ascii=False)
        place = self._folder / token / _SAID
        fresh = place.with_suffix(f".{secrets.token_hex(4)}")
        fresh.write_text(written, encoding="utf-8")
        fresh.replace(place)  # whoever reads it meanwhile finds it whole

    def _forget_old(self) -> None:
        try:
            waiting = sorted((path.stat().st_mtime, path.name) for path in self._folder.iterdir())
        except OSError:
            return
        now = time.time()  # as the file system writes it
        for place, (touched, token) in enumerate(waiting):
            if len(waiting) - place >= MOST_KEPT or now - touched > KEPT_FOR_SECONDS:
                self.drop(token)
