"""The page on a socket of this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from intake.bootstrap import Records
from intake.errors import OperatorError
from intake.web.app import make_app

if TYPE_CHECKING:
    import uvicorn


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 lets the system choose one. Raises: OperatorError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise OperatorError(
            f"网页不能在 {host}:{port} 打开（{error.strerror}）。可以用 --port 换一个端口，或改设置里 [web] 的 host。"
        ) from error
    return listener


def serve_until_stopped(
    records: Records, listener: socket.socket, *, url: str, ready: Callable[[], object] = lambda: None
) -> None:
    """Answer requests until Ctrl-C or SIGTERM, also one that comes as soon as `ready` is called: that it may say so.

    Raises: KeyboardInterrupt after Ctrl-C.
    """
    page = server(records, url=url)
    # Before anybody is told: an interrupt that Python raises by itself is lost when it falls into a callback of a weak
    # reference (seen: five of twelve while the server was starting), and the server never ends.
    with page.capture_signals():
        ready()
        page.run(sockets=[listener])


def server(records: Records, *, url: str) -> uvicorn.Server:
    """A server to be run on a listening socket; it logs no addresses, for links stand in them."""
    import uvicorn

    config = uvicorn.Config(
        make_app(records, url=url),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)
