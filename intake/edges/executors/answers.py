"""What a task gave or raised, as bytes that can be opened without trusting who wrote them.

A file may have taken over the process that writes them. `pickle` would let it run what it likes in the service; this is JSON,
held against the shape of facts, and can be nothing but a value, a `Reading`, or an error of the language. Pure.
"""

from __future__ import annotations

import builtins
import json
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from parsers.cage import Walls
from parsers.facts import Reading


class Confinement(BaseModel):
    """What holds a reader process in, as it finds out itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ceilings: bool
    """Memory, processor time and sizes of files are limited."""
    no_network: bool
    walls: Walls
    """What is around programs it starts."""
    files: bool = False
    """It can open nothing but system files and what its task was handed."""
    for_good: bool = False
    """It cannot lift its ceilings."""
    starts: bool = False
    """It starts a few programs at a time while it may need any, and none afterwards."""
    local: bool = True
    """It may speak to programs of this machine through local sockets."""


class Answer(NamedTuple):
    """What a child said, unopened."""

    said: bytes


class Answers(NamedTuple):
    """What several children said, in the order of what they were asked."""

    all: tuple[Answer, ...]


class UnusableAnswerError(Exception):
    """What a child said is no answer."""


_SHAPES: dict[str, type[BaseModel]] = {"Reading": Reading, "Confinement": Confinement}
MOST_PARTS = 20_000_000
"""Values in an answer, counted generously: a text of a million lines has 14 million. Opened, an empty list takes twenty times
its bytes."""
_PLAIN = (str, int, float, bool, type(None))


def packed(task: Callable[[], object]) -> bytes:
    """What `task` gives or raises. Raises: MemoryError."""
    try:
        told: dict[str, object] = {"gave": _written(task())}
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 -- whatever a task ends with is told
        named = [type(error).__name__, [str(each) for each in error.args]]
        told = {"raised": [*named, "".join(traceback.format_exception(error))]}
    return json.dumps(told).encode("ascii")


def opened(answer: Answer) -> object:
    """The value a task gave. Raises: what the task raised, with the lines it was raised at; UnusableAnswerError."""
    if sum(answer.said.count(mark) for mark in (b",", b"[", b"{")) > MOST_PARTS:
        raise UnusableAnswerError(f"{len(answer.said)} bytes of more than {MOST_PARTS} parts")
    try:
        told = json.loads(answer.said)
        if told.keys() == {"gave"}:
            return _read(told["gave"])
        name, arguments, lines = told["raised"]
        raised = _error(str(name), [str(each) for each in arguments])
        raised.add_note(str(lines))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnusableAnswerError(f"{len(answer.said)} bytes") from error
    raise raised


def _written(value: object) -> object:
    if isinstance(value, BaseModel) and _SHAPES.get(type(value).__name__) is type(value):
        return {"shape": type(value).__name__, "facts": value.model_dump_json()}
    if isinstance(value, tuple):
        return {"tuple": [_written(each) for each in value]}
    if isinstance(value, list):
        return [_written(each) for each in value]
    if isinstance(value, _PLAIN):
        return value
    raise TypeError(f"a task may not give a {type(value).__name__}")


def _read(value: Any) -> object:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list):
        return [_read(each) for each in value]
    if value.keys() == {"tuple"}:
        return tuple(_read(each) for each in value["tuple"])
    return _SHAPES[value["shape"]].model_validate_json(value["facts"])


def _error(name: str, arguments: list[str]) -> Exception:
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(*arguments)
        except TypeError:  # some want other things than words
            pass
    return RuntimeError(": ".join((name, *arguments)))
