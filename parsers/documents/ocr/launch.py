"""Reads a scan in a process that ends with it, shut in: recognisers leave a gigabyte of address space behind."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import parsers
from parsers.cage import Cage, CageError, Ceilings, caged
from parsers.documents.ocr import NEEDED, is_installed
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS, Limits

_SHARE_OF_TIME = 0.95
"""Of the task's wall-clock time, so that it ends by itself and not by being killed."""
_PYTHON = (sys.executable, "-P")
_FIND_PARSERS = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("parsers", sys.argv[1] + "/__init__.py", submodule_search_locations=[sys.argv[1]])
sys.modules["parsers"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["parsers"])
"""
"""In its walls, a Python may read our package and not list the folder it lies in, a checkout or even a working folder."""
_RECOGNISE = "from parsers.documents.ocr.__main__ import main; sys.exit(main(sys.argv[2:]))"
_TRIAL_MEMORY_BYTES = 6_000_000_000
_PROCESSORS = Path("/sys/devices/system/cpu")
"""The recogniser asks what processor it runs on."""


def read_scan_apart(path: Path, limits: Limits) -> Reading | None:
    """`scan.read_scan` in a process of its own; None when there is no recogniser, or it crashed or took too long.

    The text may be poor and is marked so; the problem `no_text` says that there is none. `limits.memory_bytes`,
    `cpu_seconds` and `wall_seconds` (a share of it) hold for that process.
    """
    if not is_installed():
        return None
    file = path.resolve()
    command = (*_python_that(_RECOGNISE), str(file), limits.model_dump_json())
    cage = _cage(limits, file)
    try:
        # Its input stays open: it ends when ours does, where no signal tells it that we are gone.
        with caged(command, cage, seconds=limits.wall_seconds * _SHARE_OF_TIME, listened=True) as running:
            answer = running.output.read(limits.file_bytes)
            ended_well = running.wait() == 0
    except CageError:
        return None
    return Reading.model_validate_json(answer) if ended_well else None


def can_start() -> bool:
    """Whether an installed recogniser can be loaded in its cage: a Python in an unusual place may not be found there."""
    loaded = ", ".join(("parsers.documents.ocr.scan", *NEEDED))
    limits = DEFAULT_LIMITS.model_copy(update={"memory_bytes": _TRIAL_MEMORY_BYTES})
    try:
        with caged(_python_that(f"import {loaded}"), _cage(limits), seconds=limits.wall_seconds) as running:
            return running.wait() == 0
    except CageError:
        return False


def _python_that(does: str) -> tuple[str, ...]:
    """The command line of a Python that finds `parsers` as this one does; arguments of its own come after it."""
    return (*_PYTHON, "-c", _FIND_PARSERS + does, parsers.__path__[0])


def _cage(limits: Limits, *files: Path) -> Cage:
    return Cage(
        Ceilings(limits.memory_bytes, limits.cpu_seconds, limits.file_bytes),
        seen=(*files, _PROCESSORS, *_python_and_recogniser()),
        variables={"PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path)},  # noqa: PTH100
    )


def _python_and_recogniser() -> tuple[Path, ...]:
    """What of the disk this Python and the recogniser are made of, links and what they lead to, each once."""
    places = (Path(sys.prefix), Path(sys.base_prefix), *map(Path, parsers.__path__), *_package_folders())
    return tuple(dict.fromkeys(each for place in places for each in (place, place.resolve())))


def _package_folders() -> Iterator[Path]:
    """Where the packages lie: for a user's own, not below the prefix."""
    for name in NEEDED:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            yield Path(found.origin).parents[1]
