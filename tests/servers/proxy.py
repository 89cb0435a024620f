"""A TCP proxy that counts what passes, and can cut the line."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Traffic:
    """What passed since the last look."""

    round_trips: int
    """Times the client spoke after the server had."""
    to_server_bytes: int
    to_client_bytes: int
    connections: int


class CountingProxy:
    """Listens on a free port of 127.0.0.1 and passes everything to `port`."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._links: list[socket.socket] = []
        self._turn_is_clients = True
        self._counts = [0, 0, 0, 0]
        self._cut_after_bytes: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def take(self) -> Traffic:
        """What passed since the last call."""
        with self._lock:
            taken, self._counts = Traffic(*self._counts), [0, 0, 0, 0]
            self._turn_is_clients = True
            return taken

    def cut(self) -> None:
        """Break every connection now; new ones are served."""
        with self._lock:
            links, self._links = self._links, []
        for link in links:
            _end(link)

    def cut_after(self, to_client_bytes: int) -> None:
        """Break every connection once, when so many more bytes went to the client."""
        with self._lock:
            self._cut_after_bytes = self._counts[2] + to_client_bytes

    def stop(self) -> None:
        """Listen no more and break every connection."""
        _end(self._listener)
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                return
            server.settimeout(None)
            with self._lock:
                self._links += [client, server]
                self._counts[3] += 1
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if self._count(len(data), from_client=from_client):
                    self.cut()
                    return
                sink.sendall(data)
        _end(source)
        _end(sink)

    def _count(self, size: int, *, from_client: bool) -> bool:
        with self._lock:
            if from_client:
                self._counts[0] += self._turn_is_clients
                self._counts[1] += size
                self._turn_is_clients = False
                return False
            self._counts[2] += size
            self._turn_is_clients = True
            if self._cut_after_bytes is not None and self._counts[2] >= self._cut_after_bytes:
                self._cut_after_bytes = None
                return True
            return False


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
