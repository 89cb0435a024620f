"""What our readers say of a file: everything inside it opened, in processes that may be killed."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.corpus.index import CorpusFile
from intake.edges.executors import Executor
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import Node, read_tree
from intake.errors import ReaderLostError
from parsers.documents.ocr.launch import read_scan_apart
from parsers.facts import OUR_TROUBLE, DocumentFacts, LetterFacts, PhotoFacts, Reading
from parsers.limits import Limits

_LETTER_CLASSES = frozenset({"email", "email_dsn"})
_PROCESSES = 2

T = TypeVar("T")


class WithoutRecogniser:
    """An executor that sends no page to the recogniser, as on a machine without the extra `ocr`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        """As the executor within, but that recognising a page is lost at once."""
        if task is not read_scan_apart:
            return self._executor.submit(task, *args, limits=limits)
        lost: Future[T] = Future()
        lost.set_exception(ReaderLostError("no recogniser in this run", timed_out=False))
        return lost

    def close(self) -> None:
        """Close the executor within."""
        self._executor.close()


@dataclass(frozen=True)
class Told:
    """What one file told us."""

    file: CorpusFile
    reading: Reading
    members: tuple[Reading, ...]
    """Everything inside it, in document order."""
    member_names: tuple[str, ...]
    """Names of what lies directly inside it."""
    seconds: float

    @property
    def problem(self) -> str | None:
        """Why it could not be read; None when it could."""
        return self.reading.problem.code if self.reading.problem else None

    @property
    def failed(self) -> bool:
        """A reader of ours crashed, hung or was killed, on it or on something inside it.

        A broken archive out of which another program took the members for us is read, and left to a person.
        """
        return any(
            each.problem is not None and each.problem.code in OUR_TROUBLE and not (each.archive and each.members)
            for each in (self.reading, *self.members)
        )

    @property
    def text(self) -> str:
        """Everything printed that was read: a document's blocks with their automatic numbers, a letter's parts."""
        if self.reading.document is not None:
            return document_text(self.reading.document)
        return letter_text(self.reading.letter) if self.reading.letter is not None else ""

    @property
    def photo(self) -> PhotoFacts | None:
        """The picture's facts."""
        return self.reading.photo


def document_text(facts: DocumentFacts) -> str:
    """All blocks, one a line, with their automatic numbers."""
    return "\n".join(f"{block.label}{block.text}" for block in facts.blocks)


def letter_text(facts: LetterFacts) -> str:
    """Text, signature and quoted history."""
    return f"{facts.subject}\n{facts.text}\n{facts.signature}\n{facts.quoted}"


def tell_all(files: Sequence[CorpusFile], limits: Limits, *, recognise: bool = False) -> Iterator[Told]:
    """What each of `files` tells, in their order; scans are recognised only when asked for (seconds a page)."""
    pool = PebbleExecutor(_PROCESSES, preload=("parsers.warm",))
    executor: Executor = pool if recognise else WithoutRecogniser(pool)
    numbers = itertools.count()
    try:
        with tempfile.TemporaryDirectory() as jobs, ThreadPoolExecutor(_PROCESSES) as threads:

            def tell(file: CorpusFile) -> Told:
                began = time.perf_counter()
                root = read_tree(
                    file.path,
                    Path(jobs) / str(next(numbers)),
                    executor=executor,
                    limits=limits,
                    letter=file.kind in _LETTER_CLASSES,
                )
                return _told(file, root, time.perf_counter() - began)

            yield from threads.map(tell, files)
    finally:
        executor.close()


def _told(file: CorpusFile, root: Node, seconds: float) -> Told:
    return Told(
        file=file,
        reading=root.reading,
        members=tuple(node.reading for node in root.walk() if node is not root),
        member_names=tuple(child.member.name for child in root.children if child.member is not None),
        seconds=seconds,
    )
