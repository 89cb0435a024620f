"""A link to a database server that breaks where it hurts most: the server commits, and nobody hears of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
"""The simple query. Source: PostgreSQL manual, 55.7, message Query."""


class LostAnswers:
    """Passes everything on; when `loses` says so, a COMMIT reaches the server, and its answer nobody."""

    def __init__(self, port: int, *, loses: Callable[[], bool]) -> None:
        self._target = port
        self._loses = loses
        self.lost = 0
        """Commits nobody heard of."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                return
            server.settimeout(None)
            is_losing = threading.Event()
            threading.Thread(target=self._to_server, args=(client, server, is_losing), daemon=True).start()
            threading.Thread(target=self._to_client, args=(server, client, is_losing), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket, is_losing: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                if data.endswith(_COMMIT) and self._loses():
                    is_losing.set()
                    self.lost += 1
                server.sendall(data)
        _end(server)

    def _to_client(self, server: socket.socket, client: socket.socket, is_losing: threading.Event) -> None:
        with suppress(OSError):
            # What comes after a COMMIT is its answer: by then the server has made it durable.
            while (data := server.recv(65_536)) and not is_losing.is_set():
                client.sendall(data)
        for link in (client, server):
            _end(link)


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
