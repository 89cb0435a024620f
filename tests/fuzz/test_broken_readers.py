"""The check of damaged files itself: builds whose readers break over one are caught."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import parsers.reading
from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import read_tree
from parsers.documents import Reader
from parsers.facts import Reading
from parsers.limits import Limits
from tests.fuzz.test_file_mutations import _WOUNDED, LIMITS, _our_trouble


def breaks(_path: Path, _job: Path, _limits: Limits) -> Reading:
    """A case nobody thought of."""
    raise KeyError("word/document.xml")


def runs_out_of_stack(path: Path, job: Path, limits: Limits) -> Reading:
    """Goes down with the file, as deep as that goes."""
    return runs_out_of_stack(path, job, limits)


def dies(_path: Path, _job: Path, _limits: Limits, _passwords: tuple[str, ...] = ()) -> Reading:
    """Takes its process with it, as a crash in a C library does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("still alive")


@pytest.mark.parametrize("broken", [breaks, runs_out_of_stack])
def test_a_reader_that_breaks_over_a_damaged_file_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: Callable[[Path, Path, Limits], Reading]
) -> None:
    monkeypatch.setitem(parsers.reading._READER_OF, "zip", Reader("archive", "zip/0", broken, ("zip",)))
    path = tmp_path / "damaged"
    path.write_bytes(_WOUNDED["zip"](Random(0)))

    root = read_tree(path, tmp_path / "job", executor=InlineExecutor(), limits=LIMITS, letter=False)

    assert list(_our_trouble(root)) == [f"archive reader_failed {root.reading.problem.detail}"]  # type: ignore[union-attr]  # it has one


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_a_reader_that_dies_over_a_damaged_file_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.edges.executors.tree.read_file", dies)
    path = tmp_path / "damaged"
    path.write_bytes(_WOUNDED["zip"](Random(0)))
    executor = PebbleExecutor(1)

    root = read_tree(path, tmp_path / "job", executor=executor, limits=LIMITS, letter=False)

    executor.close()
    assert [told.split()[1] for told in _our_trouble(root)] == ["killed"]
