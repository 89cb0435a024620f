"""Reads scans once more with a recogniser, as a task with limits of its own. Without the extra `ocr` nothing happens here.

Peers: an `Executor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from intake.edges.executors import Executor
from intake.errors import ReaderLostError
from parsers.documents.ocr import is_installed
from parsers.documents.ocr.launch import read_scan_apart
from parsers.facts import ProblemCode, Reading
from parsers.limits import Limits
from parsers.photos.page_likeness import looks_like_page

SCAN_PAGES = 30
"""Most pages recognised of one document: three times a long case."""
SCAN_PHOTOS = 12
"""Most pictures of one letter looked at as pages."""
_TIMES_AS_LONG = 3
"""A page takes 6 seconds of one core; a desk may be silent for four times a file's limit."""
_MEMORY_BYTES = 6_000_000_000
"""Address space: it maps 2 GB for a page of A4."""
_SCANS: frozenset[ProblemCode] = frozenset({"no_text", "garbled_text"})


def is_scan(reading: Reading) -> bool:
    """Whether a file can be seen but not read."""
    return reading.format == "pdf" and reading.problem is not None and reading.problem.code in _SCANS


def scan_limits(limits: Limits) -> Limits:
    """What a recogniser may use where a reader may use `limits`."""
    seconds = limits.wall_seconds * _TIMES_AS_LONG
    return limits.model_copy(
        update={
            "pages": min(limits.pages, SCAN_PAGES),
            "wall_seconds": seconds,
            "cpu_seconds": int(seconds),
            "memory_bytes": max(limits.memory_bytes, _MEMORY_BYTES),
        }
    )


def read_again_if_scan(reading: Reading, path: Path, *, executor: Executor, limits: Limits) -> Reading:
    """`reading`, with the text of its pages when it is a scan that could be made out; waits for that.

    The pictures of a scan are its pages, and are left out then; those of a text in unknown characters stay.
    """
    if not is_scan(reading) or not is_installed():
        return reading
    try:
        allowed = scan_limits(limits)
        recognised = executor.submit(read_scan_apart, path, allowed, limits=allowed).result()
    except ReaderLostError:
        return reading  # as far as it goes without a recogniser
    if recognised is None or recognised.document is None or recognised.problem is not None:
        return reading
    if reading.problem is not None and reading.problem.code == "no_text":
        return recognised
    shown = reading.document.pictures if reading.document is not None else 0
    document = recognised.document.model_copy(update={"pictures": shown})
    return recognised.model_copy(update={"document": document, "members": reading.members})


def with_page_words(
    photos: Sequence[tuple[Reading, Path]], *, executor: Executor, limits: Limits
) -> tuple[Reading, ...]:
    """The readings of `photos` in their order; those that look like pages of text with the 字数 recognised on them.

    At most `SCAN_PHOTOS` are looked at. They stay photos: certificates and notice boards are both.
    """
    allowed = scan_limits(limits)
    looked_at: dict[int, Future[Reading | None]] = {}
    if is_installed():
        likely = [at for at, (reading, _) in enumerate(photos) if reading.photo and looks_like_page(reading.photo)]
        looked_at = {
            at: executor.submit(read_scan_apart, photos[at][1], allowed, limits=allowed) for at in likely[:SCAN_PHOTOS]
        }
    return tuple(
        _with_words(reading, looked_at[at]) if at in looked_at else reading for at, (reading, _) in enumerate(photos)
    )


def _with_words(reading: Reading, recognised: Future[Reading | None]) -> Reading:
    try:
        found = recognised.result()
    except ReaderLostError:
        return reading
    if found is None or found.document is None or reading.photo is None:
        return reading  # nobody has really looked
    words = 0 if found.problem is not None else found.document.counts["main"].words.value
    return reading.model_copy(update={"photo": reading.photo.model_copy(update={"page_words": words})})
