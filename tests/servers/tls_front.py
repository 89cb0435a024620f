"""TLS in front of a plain server on loopback, with a certificate that can be changed while it serves."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress

from tests.servers.certificates import Certificate


class TlsFront:
    """Listens on a free port of 127.0.0.1 and passes what it decrypts to `port`."""

    def __init__(self, port: int, certificate: Certificate) -> None:
        self._target = port
        self.certificate = certificate
        """Shown to whoever connects from now on."""
        self._links: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def change(self, certificate: Certificate) -> None:
        """Show another certificate, also to those connected now: their links end."""
        self.certificate = certificate
        links, self._links = self._links, []
        for link in links:
            _end(link)

    def stop(self) -> None:
        """Listen no more, break every connection."""
        _end(self._listener)
        self.change(self.certificate)

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate.chain, self.certificate.key)
        try:
            client = context.wrap_socket(plain, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._target), timeout=10)
        except OSError:
            _end(plain)
            return
        server.settimeout(None)
        self._links += [client, server]
        threading.Thread(target=_pass, args=(server, client), daemon=True).start()
        _pass(client, server)


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    _end(source)
    _end(sink)


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        link.close()
