"""Old campaigns without their personal data: what may go, and its going.

Peers: the database, the letter store, the cache folder. Rows first, bytes after; a mark stands
from the first row to the last byte, so that the next purge finds what a kill left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from intake.calls import Call
from storage.letters import LetterStore
from storage.rows.mapping import chunks
from storage.store import Store

UNDER_WAY = "purge_under_way"
"""Mark: a purge has begun and not come to its end."""


@dataclass(frozen=True, slots=True)
class Purgeable:
    """What a purge would remove."""

    campaigns: tuple[str, ...]
    """Ids, in the order of the settings."""
    cases: tuple[int, ...]
    letters: tuple[str, ...]
    """Hashes, sorted; letters of no campaign among them."""
    before_at: datetime
    left: bool = False
    """An earlier purge was cut short: bytes, copies or traces in the database file may be left of it."""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.cases or self.letters or self.left)


class PurgeDesk:
    """Finds and removes."""

    def __init__(self, store: Store, letters: LetterStore, *, data_dir: Path) -> None:
        self._store = store
        self._letters = letters
        self._data_dir = data_dir

    def find(self, calls: Mapping[str, Call], *, before_at: datetime, campaign: str = "") -> Purgeable:
        """What belongs to campaigns closed before `before_at` (to `campaign` alone when given), and older loose letters."""
        closed = tuple(
            call_id
            for call_id, call in calls.items()
            if call.campaign.closes_at is not None
            and call.campaign.closes_at <= before_at
            and campaign in {"", call_id}
        )
        with self._store.read() as view:
            # A case whose own close was put off beyond the date holds its campaign back.
            closed = tuple(c for c in closed if not _is_extended(view.cases.list(campaign=c), before_at))
            cases = view.purging.cases(closed)
            letters = view.purging.letters(closed, loose_before_at=None if campaign else before_at)
            left = view.service.get_mark(UNDER_WAY) is not None
        return Purgeable(closed, cases, letters, before_at, left)

    def purge(self, found: Purgeable) -> Iterator[int]:
        """Remove it; yields how many records are done. Raises: StorageError, what was removed until then stays removed."""
        done = 0
        with self._store.write() as work:
            work.service.put_mark(UNDER_WAY, True)
        for letters in chunks(found.letters):
            with self._store.write() as work:
                work.purging.begin()
                for sha256 in letters:
                    work.purging.purge_letter(sha256)
            yield (done := done + len(letters))
        for cases in chunks(found.cases):
            with self._store.write() as work:
                work.purging.begin()
                for case_id in cases:
                    work.purging.purge_case(case_id)
            yield (done := done + len(cases))
        with self._store.write() as work:
            work.purging.begin()
            work.purging.purge_service_before(found.before_at, campaigns=found.campaigns)
        with self._store.read() as view:
            gone = view.purging.purged_letters()
        for sha256 in gone:
            self._letters.remove(sha256)
        self._clear_copies(found.before_at)
        self._store.compact()
        with self._store.write() as work:
            work.service.put_mark(UNDER_WAY, None)

    def _clear_copies(self, before_at: datetime) -> None:
        """Thumbnails and pages are made again when asked for; copies of letters sent go by their age."""
        shutil.rmtree(self._data_dir / "cache", ignore_errors=True)
        for copy in (self._data_dir / "sent").glob("*.eml"):
            if copy.stat().st_mtime < before_at.timestamp():
                copy.unlink(missing_ok=True)


def _is_extended(cases: Sequence[object], before_at: datetime) -> bool:
    ends = (getattr(case, "closes_at", None) for case in cases)
    return any(end is not None and end > before_at for end in ends)


def age(text: str) -> timedelta | None:
    """The span that "2y", "18m" or "90d" means, of 365, 30 and 1 days each; None when it is none of these. Pure."""
    days = {"y": 365, "m": 30, "d": 1}.get(text[-1:].lower())
    number = text[:-1]
    if days is None or not (number.isascii() and number.isdigit()) or len(number) > 4 or not int(number):
        return None
    return timedelta(days=days * int(number))
