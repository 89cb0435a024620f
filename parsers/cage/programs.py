"""A reader that starts no program says so once it knows its file; whoever runs it may see to it that it cannot any more."""

from __future__ import annotations

from collections.abc import Callable


def _nobody_sees_to_it() -> None:
    """As where readers run in a process that others use too."""


_see_to_it: Callable[[], None] = _nobody_sees_to_it


def when_given_up(see_to_it: Callable[[], None]) -> None:
    """Have `see_to_it` called when this process starts no program any more; it may end the process."""
    global _see_to_it  # noqa: PLW0603 -- of this process, which reads one file
    _see_to_it = see_to_it


def give_up_programs() -> None:
    """This process starts no program any more."""
    _see_to_it()
