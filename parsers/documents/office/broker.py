"""Has files converted for a reader that is shut in, on behalf of the process that forked it.

What is asked for comes from a process that a file may have taken over. So the broker takes a kind out of a closed list and
bytes, writes them to a folder that the reader cannot open, and gives bytes back: it knows no path of the reader's, opens
nothing the reader has made, understands nothing of what it carries, and does one thing only, so many times.
"""

from __future__ import annotations

import io
import socket
import tempfile
from pathlib import Path

from parsers.documents.office.conversion import converted_here
from parsers.documents.office.failure import ConversionError
from parsers.documents.office.program import OfficeProgram
from parsers.documents.office.wire import KINDS, MOST_WORDS_BYTES, OUTCOMES, Outcome, receive_head, receive_into, send
from parsers.errors import LimitError
from parsers.limits import Limits

MOST_CONVERSIONS = 1
"""For one reader, which reads one file. What is asked for beyond it is not heard."""


class Broker:
    """Converts for one reader at the other end of a connection."""

    def __init__(self, office: OfficeProgram, folder: Path, limits: Limits) -> None:
        """`folder`: existing, closed to the reader; nothing is left there. `limits` are those of the reader's task."""
        self._office = office
        self._folder = folder
        self._limits = limits
        self._left = MOST_CONVERSIONS

    def serve(self, link: socket.socket) -> bool:
        """Hear one request and answer it; whether another may come. Never raises; waits for what was begun to be said.

        A request that is no request, asks for too much or for more than is left ends the service: it is not even read.
        """
        try:
            asked = receive_head(link)
            if asked is None or not self._left or asked[0] >= len(KINDS) or asked[1] > self._limits.file_bytes:
                return False
            self._left -= 1
            self._answer(link, *asked)
        except OSError:  # the reader is gone, or this machine's disk is full: it hears no more
            return False
        return True

    def _answer(self, link: socket.socket, kind: int, size_bytes: int) -> None:
        suffix, import_filter = KINDS[kind]
        with tempfile.TemporaryDirectory(prefix="broker-", dir=self._folder, ignore_cleanup_errors=True) as folder:
            source = Path(folder, "handed")
            with source.open("xb") as file:
                receive_into(link, size_bytes, file)
            try:
                with (
                    converted_here(
                        source,
                        self._office,
                        suffix=suffix,
                        import_filter=import_filter,
                        job=Path(folder),
                        limits=self._limits,
                    ) as converted,
                    converted.open("rb") as document,
                ):
                    send(link, OUTCOMES.index("converted"), document, converted.stat().st_size)
            except ConversionError as error:
                _tell(link, error.why, str(error))
            except LimitError as error:
                _tell(link, "over_limit", error.detail)


def _tell(link: socket.socket, outcome: Outcome, detail: str) -> None:
    words = detail.encode("utf-8", "replace")[:MOST_WORDS_BYTES]
    send(link, OUTCOMES.index(outcome), io.BytesIO(words), len(words))
