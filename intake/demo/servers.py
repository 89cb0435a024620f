"""A real IMAP and a real SMTP server inside this process, on loopback: for the demo and for tests.

Needs the `demo` extra (pymap, aiosmtpd). Each server runs its event loop in a thread of its own.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

LOOPBACK = "127.0.0.1"
_START_SECONDS = 20.0

Accept = Callable[["HandedOver"], str]
"""What the SMTP server answers to a letter: `250 OK`, `554 DT:SPM`, …"""


class EmbeddedImap:
    """A pymap server with mailboxes in memory. Source: pymap's dict backend.

    What it cannot: CONDSTORE, SPECIAL-USE, TLS, keywords of one's own.
    """

    def __init__(self, accounts: Mapping[str, str]) -> None:
        """`accounts`: user names with their passwords."""
        self._accounts = dict(accounts)
        self._thread: _LoopThread | None = None

    def start(self) -> int:
        """Begin to serve on a free port of 127.0.0.1; return the port."""
        listener = _listen()
        port = int(listener.getsockname()[1])
        self._thread = _LoopThread("embedded-imap", lambda: self._serve(listener))
        return port

    def stop(self) -> None:
        """End it, with every connection; never raises."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    async def _serve(self, listener: socket.socket) -> asyncio.AbstractServer:
        from proxyprotocol.reader import ProxyProtocolReader
        from pymap.backend.dict import Config, Identity, Login
        from pymap.imap import IMAPServer
        from pymap.user import UserMetadata
        from pysasl.hashing import Cleartext

        class LocalConfig(Config):
            """Greets without asking the name server who this machine is: no network beyond loopback."""

            @property
            def greeting(self) -> bytes:
                return b"embedded IMAP server ready"

        arguments = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None, debug=False)
        config = LocalConfig(
            arguments,
            host=LOOPBACK,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            hash_context=Cleartext(),  # the default takes 0.2 s of CPU for each login
            tls_enabled=False,
            secure_auth=False,
            invalid_user_sleep=0.0,
            reject_dnsbl=False,
        )
        config.apply_context()
        login = Login(config)
        for name, password in self._accounts.items():
            await Identity(name, login, None, frozenset()).set(UserMetadata(config, name, password=password))
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(login, config))
        return await asyncio.start_server(answer, sock=listener)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A letter given to `EmbeddedSmtp`."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    """With CRLF line ends."""


class EmbeddedSmtp:
    """An aiosmtpd server that keeps what it is given."""

    def __init__(self, accept: Accept | None = None, **options: Any) -> None:
        """`accept` decides the answer to each letter, `250 OK` by default; `options` go to aiosmtpd's `SMTP`."""
        self._accept: Accept = accept or (lambda _letter: "250 OK")
        self._options = options
        self._letters: list[HandedOver] = []
        self._lock = threading.Lock()
        self._thread: _LoopThread | None = None

    @property
    def letters(self) -> tuple[HandedOver, ...]:
        """The accepted letters, in order of arrival."""
        with self._lock:
            return tuple(self._letters)

    def start(self) -> int:
        """Begin to serve on a free port of 127.0.0.1; return the port."""
        listener = _listen()
        port = int(listener.getsockname()[1])
        self._thread = _LoopThread("embedded-smtp", lambda: self._serve(listener))
        return port

    def stop(self) -> None:
        """End it, with every connection; never raises."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """The hook aiosmtpd calls with each letter."""
        letter = HandedOver(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        answer = await asyncio.to_thread(self._accept, letter)
        if answer.startswith("2"):
            with self._lock:
                self._letters.append(letter)
        return answer

    async def _serve(self, listener: socket.socket) -> asyncio.AbstractServer:
        from aiosmtpd.smtp import SMTP

        options = {
            "hostname": "localhost",
            "enable_SMTPUTF8": True,
            "loop": asyncio.get_running_loop(),
            **self._options,
        }
        return await asyncio.get_running_loop().create_server(lambda: SMTP(self, **options), sock=listener)


def _listen() -> socket.socket:
    """A listener on a free port. asyncio sends without delay only on sockets that name TCP; others cost 40 ms an answer."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((LOOPBACK, 0))
    listener.listen(100)
    return listener


class _Serve(Protocol):
    def __call__(self) -> Coroutine[Any, Any, asyncio.AbstractServer]: ...


class _LoopThread:
    """An event loop in a thread, serving until stopped."""

    def __init__(self, name: str, serve: _Serve) -> None:
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(serve,), name=name, daemon=True)
        self._thread.start()
        if not self._started.wait(_START_SECONDS) or self._failure is not None:
            raise RuntimeError(f"{name} did not start") from self._failure

    def stop(self) -> None:
        with suppress(RuntimeError):  # the loop may be closed already
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(_START_SECONDS)

    def _run(self, serve: _Serve) -> None:
        try:
            self._loop.run_until_complete(self._main(serve))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
            self._failure = error
        finally:
            self._started.set()
            self._loop.close()

    async def _main(self, serve: _Serve) -> None:
        server = await serve()
        self._started.set()
        await self._stopped.wait()
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=5) if others else None
        await self._loop.shutdown_default_executor()
