"""The page on a socket, until somebody ends it."""

from __future__ import annotations

import signal
import weakref

import pytest

from intake.web.serving import bind, serve_until_stopped
from tests.intake.web.conftest import Page


class _Thing:
    """Something a weak reference can look at."""


def _interrupted_where_python_loses_it() -> None:
    """Ctrl-C that falls into the callback of a weak reference: what is raised there is printed and forgotten."""
    thing = _Thing()
    watched = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
    del thing
    assert watched() is None


def test_ctrl_c_ends_the_page_from_the_moment_people_are_told_of_it(page: Page) -> None:
    with bind("127.0.0.1", 0) as listener, pytest.raises(KeyboardInterrupt):
        serve_until_stopped(page.records, listener, url="http://127.0.0.1", ready=_interrupted_where_python_loses_it)


def test_sockets_and_handlers_are_as_before_once_the_page_has_ended(page: Page) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    with bind("127.0.0.1", 0) as listener, pytest.raises(KeyboardInterrupt):
        serve_until_stopped(
            page.records, listener, url="http://127.0.0.1", ready=lambda: signal.raise_signal(signal.SIGINT)
        )

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert listener.fileno() == -1
