"""Every step by which something becomes durable, found in the code: by reading it, and by watching it run.

A step is a place in our packages and what is done there: a unit of work that commits, a file that is
synced, renamed, removed, a letter handed to the mail server. Nobody lists them: `written_steps` finds the
places in the syntax of the packages, `Watch` sees them while a process runs, and the two must agree.
"""

from __future__ import annotations

import ast
import os
import shutil
import smtplib
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("intake", "storage", "config", "parsers")

NOT_RECORDS = {
    "intake/demo": "the demo keeps nothing",
    "intake/cli/init.py": "makes a working folder, before there is anything to lose",
    "intake/cli/preflight": "the doctor tries the folder with a file of its own",
    "parsers": "readers write into a folder that is removed with the task",
    "storage/folder.py": "a probe, and the folder itself",
    "intake/edges/executors": "files under way to a reader, removed with the task",
}
"""Places whose files may vanish at any moment without a loss, and why."""

_DURABLE_CALLS = {"fsync", "replace", "link", "rename"}
"""On `os`: strings and paths know some of these verbs too. What is removed is watched for, but nothing rests on it."""
_PLUMBING = (ROOT / "storage" / "durable.py", ROOT / "storage" / "store.py")
"""Who asks for the step is what names it, not through whom."""


@dataclass(frozen=True, order=True, slots=True)
class Step:
    """One durable step: where, and what."""

    file: str
    """Relative to the root, with slashes."""
    line: int
    function: str
    """`PostDesk._claim`; of a line in the source the innermost one."""
    deed: str
    """`commit`, `fsync`, `replace`…, or a command of SMTP."""

    @property
    def name(self) -> str:
        """For people: the same for a line that only moved, unless a function does the same thing twice."""
        return f"{self.file.removesuffix('.py').replace('/', '.')}.{self.function}: {self.deed}"


# --- found by reading


def written_steps() -> tuple[Step, ...]:
    """Every durable step our packages have, by file and line; those of `NOT_RECORDS` left out."""
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return tuple(sorted(step for file in files if not _keeps_no_records(file) for step in _steps_in(file)))


def _keeps_no_records(file: Path) -> bool:
    path = file.relative_to(ROOT).as_posix()
    return file in _PLUMBING or any(path == place or path.startswith(f"{place}/") for place in NOT_RECORDS)


def _steps_in(file: Path) -> Iterator[Step]:
    path = file.relative_to(ROOT).as_posix()
    for function, node in _nodes(ast.parse(file.read_text("utf-8")), ()):
        if isinstance(node, ast.With) and any(_opens_a_unit_of_work(item.context_expr) for item in node.items):
            yield Step(path, node.lineno, function, "commit")
        elif isinstance(node, ast.Call) and (deed := _durable_deed(node.func)):
            yield Step(path, node.lineno, function, deed)


def _nodes(node: ast.AST, owners: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from _nodes(child, (*owners, child.name))
        else:
            yield ".".join(owners), child
            yield from _nodes(child, owners)


def _opens_a_unit_of_work(call: ast.expr) -> bool:
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "write"):
        return False
    return ast.unparse(call.func.value).lower().endswith("store")


def _durable_deed(function: ast.expr) -> str:
    if not isinstance(function, ast.Attribute):
        return ""
    owner = ast.unparse(function.value)
    if owner == "durable" and function.attr != "make_folder":  # a folder that is there already costs nothing
        return {"move_into_place": "replace", "sync_folder": "fsync"}.get(function.attr, "")
    return function.attr if owner == "os" and function.attr in _DURABLE_CALLS else ""


# --- seen while it runs

Arrival = Callable[[Step, str], None]
"""Told of a step and the moment: `before` it or `after` it."""


class Watch:
    """Tells of every durable step of this process from now on: of units of work, files below `folders`, and SMTP.

    Installed once in a process that ends soon: nothing is taken back.
    """

    def __init__(self, folders: Sequence[Path], arrival: Arrival) -> None:
        self._folders = tuple(os.path.realpath(folder) for folder in folders)
        self._arrival = arrival

    def install(self) -> None:
        """Begin to watch."""
        from sqlalchemy.engine.default import DefaultDialect

        self._wrap(DefaultDialect, "do_commit", "commit", self._writes)
        for deed in ("replace", "rename", "link", "unlink", "rmdir"):
            self._wrap(os, deed, deed, self._is_ours)
        os.remove = os.unlink  # the same call under its other name
        self._wrap(shutil, "rmtree", "rmtree", self._is_ours)
        self._wrap(os, "fsync", "fsync", lambda descriptor: self._is_ours(_path_of(descriptor)))
        self._watch_smtp()

    def _wrap(self, owner: Any, name: str, deed: str, counts: Callable[..., bool]) -> None:
        properly = getattr(owner, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            # Looked at by its first argument: the connection of a dialect, the descriptor or path of a call.
            subject = args[1] if deed == "commit" else args[0]
            step = _step(deed) if not kwargs.get("dir_fd") and counts(subject) else None
            if step is None:
                return properly(*args, **kwargs)
            self._arrival(step, "before")
            result = properly(*args, **kwargs)
            self._arrival(step, "after")
            return result

        setattr(owner, name, watched)

    def _writes(self, connection: Any) -> bool:
        cursor = connection.cursor()
        (only_reads,) = cursor.execute("PRAGMA query_only").fetchone()
        cursor.close()
        return not only_reads

    def _is_ours(self, path: Any) -> bool:
        return not isinstance(path, int) and os.path.realpath(path).startswith(self._folders)

    def _watch_smtp(self) -> None:
        """A command is a step of its own: before, it was said and nothing heard; after, the answer was heard."""
        server: Any = smtplib.SMTP
        putcmd, getreply = server.putcmd, server.getreply
        said = threading.local()

        def put(this: Any, cmd: str, args: str = "") -> None:
            said.verb = cmd.partition(" ")[0].upper()
            putcmd(this, cmd, args)

        def reply(this: Any) -> tuple[int, bytes]:
            verb, said.verb = getattr(said, "verb", "CONNECT"), "FINAL DOT"  # what follows DATA without a command
            step = Step("smtp", 0, "PostDesk", verb)
            self._arrival(step, "before")
            answer: tuple[int, bytes] = getreply(this)
            self._arrival(step, "after")
            return answer

        server.putcmd, server.getreply = put, reply


def _path_of(descriptor: int) -> Any:
    try:
        return Path(f"/proc/self/fd/{descriptor}").readlink()
    except OSError:
        return descriptor


def _step(deed: str) -> Step | None:
    """The step done just now, named by the innermost function of ours that is no plumbing; None when it is none."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        place = _place(frame.f_code)
        if place is not None:
            return Step(place, frame.f_lineno, frame.f_code.co_qualname.replace(".<locals>", ""), deed)
        frame = frame.f_back
    return None


@cache
def _place(code: CodeType) -> str | None:
    file = Path(code.co_filename)
    if not file.is_relative_to(ROOT) or file.relative_to(ROOT).parts[0] not in PACKAGES or _keeps_no_records(file):
        return None
    return file.relative_to(ROOT).as_posix()
