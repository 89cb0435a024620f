"""The organizers' page on a port of its own, in a thread, beside a service that a test drives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from intake.bootstrap import Records
from intake.web.serving import bind, server


@contextmanager
def page_over(records: Records) -> Iterator[str]:
    """Serve the page until the block ends; its URL, without a slash at its end."""
    with bind("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        running = server(records, url=url)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield url
        finally:
            running.should_exit = True
            thread.join(20)
        assert not thread.is_alive()
