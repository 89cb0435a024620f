"""A task that is the same for several things, which have nothing to do with each other. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Each(Generic[T]):
    """What `task` gives for each of several things, in order; where a task has a child of its own, each of them has one."""

    task: Callable[..., T]

    def __call__(self, *calls: tuple[Any, ...]) -> tuple[T, ...]:
        """`task` for the arguments in each of `calls`: all of them here, one after another."""
        return tuple(self.task(*arguments) for arguments in calls)
