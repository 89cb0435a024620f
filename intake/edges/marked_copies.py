"""Marked copies of submitters' documents, written outside any unit of work and kept until their letter is queued.

Peers: the letter store, an executor (a hostile document is opened where it can be killed), a cache folder that
may be deleted at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog

from intake.edges.executors import Executor
from intake.edges.executors.tree import KnownReadings, StatedElsewhere
from intake.edges.opened_letter import look_through
from intake.errors import ReaderLostError
from parsers.documents.docx_marking import mark_docx
from parsers.documents.docx_marks import Marking
from parsers.facts import Member
from parsers.limits import Limits
from storage.letters import LetterStore

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """A copy that is wanted."""

    key: str
    """Equal for the same document with the same comments, whenever it is asked for; 64 hex digits."""
    letter_sha256: str
    """The letter that brought the document."""
    document_sha256: str
    name: str
    """What the copy is called when it is attached."""
    marking: Marking
    document_bytes: int = 0
    """Size of the document."""


class MarkedCopies:
    """Copies by the key of their order: `<cache>/ab/cdef….docx`."""

    def __init__(self, letters: LetterStore, executor: Executor, *, limits: Limits, cache: Path) -> None:
        self._letters = letters
        self._executor = executor
        self._limits = limits
        self._cache = cache
        self._refused: set[str] = set()
        """Orders for which there is no copy: asked again by another process, they are refused again."""

    def is_settled(self, key: str) -> bool:
        """Whether `make` has been through with the order: there is a copy, or there will be none."""
        return key in self._refused or self._path(key).is_file()

    def get(self, key: str) -> bytes | None:
        """The copy, a whole .docx; None when there is none."""
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def make(self, order: CopyOrder, *, known: KnownReadings, stated_elsewhere: StatedElsewhere) -> None:
        """Write the copy `order` asks for, or settle that there is none. Never raises for what the document is.

        The letter is opened again as it was when it was read, so that a document in an archive is found. A disk that
        is full costs the copy, not the letter it would go with.
        """
        if self.is_settled(order.key):
            return
        try:
            why = self._make(order, known, stated_elsewhere)
        except (OSError, ReaderLostError) as error:
            why = f"{type(error).__name__}: {error}"
        if why:
            self._refused.add(order.key)
            log.info("no_marked_copy", document=order.document_sha256[:12], why=why)

    def discard(self, key: str) -> None:
        """Forget a copy that is in a queued letter, or is not wanted any more. Never raises."""
        self._refused.discard(key)
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError:
            log.warning("marked_copy_not_deleted", key=key[:12])

    def _make(self, order: CopyOrder, known: KnownReadings, stated_elsewhere: StatedElsewhere) -> str:
        if not self._letters.holds(order.letter_sha256):
            return "the letter is not stored"
        said: list[str] = []

        def look(member: Member, path: Path, job: Path) -> None:
            if member.sha256 == order.document_sha256 and not said:
                said.append(self._mark(path, job / "copy.docx", order))

        look_through(
            self._letters.path(order.letter_sha256),
            look,
            executor=self._executor,
            limits=self._limits,
            work=self._cache,
            known=known,
            stated_elsewhere=stated_elsewhere,
        )
        return said[0] if said else "the document was not found in its letter"

    def _mark(self, path: Path, written: Path, order: CopyOrder) -> str:
        task = self._executor.submit(mark_docx, path, written, self._limits, order.marking, limits=self._limits)
        try:
            why = task.result()
        except ReaderLostError as lost:
            return str(lost)
        if not why:
            target = self._path(order.key)
            target.parent.mkdir(parents=True, exist_ok=True)
            written.replace(target)
        return why

    def _path(self, key: str) -> Path:
        return self._cache / key[:2] / f"{key[2:]}.docx"
