"""A real database that is away, or whose answer to a commit is lost, when a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import UnreachableError
from storage.store import Store
from storage.unit_of_work import UnitOfWork


class Unreliable(Store):
    """Commits and says it did not, or does not begin, when told so."""

    unheard = False
    away = False

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit of work. Raises: UnreachableError."""
        if self.away:
            raise UnreachableError("nobody there")
        with super().write() as work:
            yield work
        if self.unheard:
            raise UnreachableError("the link broke while it committed")
