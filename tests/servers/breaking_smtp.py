"""A mail server that agrees to take a letter and then fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def broken_server(*, read_bytes: int | None, last_words: bytes = b"") -> Iterator[int]:
    """A server that agrees to DATA, then hangs up after `read_bytes` of the letter; with None it reads on, mute."""
    done = threading.Event()

    def serve() -> None:
        link, _ = listener.accept()
        with link, link.makefile("rb") as lines:
            link.sendall(b"220 ready\r\n")
            while (line := lines.readline()) and not line.upper().startswith(b"DATA"):
                link.sendall(b"250 OK\r\n")
            link.sendall(b"354 go on\r\n")
            if read_bytes is not None:
                lines.read(read_bytes)
                link.sendall(last_words)
            else:
                done.wait(30)
        done.wait(30)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join(10)
