"""What a process hears of its child while that works: its answer, and what it asks for meanwhile.

It asks for leave to start a program (`starts`), and for a file to be converted (`parsers.documents.office.broker`). Nothing it
says is understood here. Peer: a child that a file may have taken over; it ends when its time is up, and this with it.
"""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable

from intake.edges.executors.starts import Allowance
from parsers.documents.office.broker import Broker

MOST_ANSWER_BYTES = 256_000_000
"""The most characters kept of a document, each in a line of its own (990 000 of them), are told in 215 million."""
READY = b"r"
"""The first a child says over its link; the descriptor on which it asks before it starts a program comes along."""
_CHUNK_BYTES = 1 << 18


def heard(reading: int, link: socket.socket, broker: Broker | None) -> bytes | None:
    """All the child says on `reading` until it is done; None when it says too much. `link` is closed when it asks no more."""
    _, asked_on, _, _ = socket.recv_fds(link, len(READY), 1)
    try:
        hearing = _Hearing(reading)
        for descriptor in asked_on:
            hearing.give_leave(descriptor)
        if broker is not None:
            hearing.convert(link, broker)
        return hearing.to_the_end()
    finally:
        for descriptor in asked_on:
            os.close(descriptor)


class _Hearing:
    def __init__(self, reading: int) -> None:
        self._said = bytearray()
        self._is_over = False
        self._waiting = select.poll()
        self._on: dict[int, Callable[[int], None]] = {}
        self._hear(reading, lambda _: self._take(reading))

    def give_leave(self, asked_on: int) -> None:
        allowance = Allowance()

        def answer(event: int) -> None:
            if event & select.POLLIN:
                allowance.answer(asked_on)
            else:  # nobody is left who could ask
                self._waiting.unregister(asked_on)

        self._hear(asked_on, answer)

    def convert(self, link: socket.socket, broker: Broker) -> None:
        descriptor = link.fileno()

        def serve(_: int) -> None:
            if not broker.serve(link):
                self._waiting.unregister(descriptor)
                link.close()

        self._hear(descriptor, serve)

    def to_the_end(self) -> bytes | None:
        while not self._is_over:
            for descriptor, event in self._waiting.poll():
                self._on[descriptor](event)
        return bytes(self._said) if len(self._said) < MOST_ANSWER_BYTES else None

    def _hear(self, descriptor: int, act: Callable[[int], None]) -> None:
        self._on[descriptor] = act
        self._waiting.register(descriptor, select.POLLIN)

    def _take(self, reading: int) -> None:
        chunk = os.read(reading, _CHUNK_BYTES)
        self._said += chunk
        self._is_over = not chunk or len(self._said) >= MOST_ANSWER_BYTES
