"""The side of a reader that is shut in: it asks the process that forked it to have a file converted (`broker`).

No walls of Landlock can be built that a reader and the office program both live in: the program listens at a socket in /tmp.
"""

from __future__ import annotations

import io
import socket
from pathlib import Path

from parsers.documents.office.failure import ConversionError
from parsers.documents.office.wire import KINDS, OUTCOMES, receive_head, receive_into, send
from parsers.errors import LimitError
from parsers.limits import Limits

_link: socket.socket | None = None


def ask_over(link: socket.socket | None) -> None:
    """From now on this process has files converted by whoever is at the other end of `link`; with None by itself."""
    global _link  # noqa: PLW0603 -- of this process, as the walls around it are
    _link = link


def asks() -> bool:
    """Whether this process has its files converted by another."""
    return _link is not None


def have_converted(path: Path, target: Path, *, suffix: str, import_filter: str, limits: Limits) -> None:
    """Write the file at `path`, converted, to `target`.

    Raises:
        ConversionError: There is no document to be had.
        LimitError: The document is larger than `limits.file_bytes`.
    """
    assert _link is not None
    try:
        with path.open("rb") as source:
            send(_link, KINDS.index((suffix, import_filter)), source, path.stat().st_size)
        answer = receive_head(_link)
        if answer is None:
            raise ConversionError("failed", "nobody converts for this reader any more")
        code, size_bytes = answer
        if OUTCOMES[code] != "converted":
            _fail(code, _words(_link, size_bytes))
        if size_bytes > limits.file_bytes:
            raise LimitError(f"converted to {size_bytes} bytes")
        with target.open("xb") as file:
            receive_into(_link, size_bytes, file)
    except ConnectionError as error:
        raise ConversionError("failed", "whoever converts for this reader is gone") from error


def _words(link: socket.socket, size_bytes: int) -> str:
    said = io.BytesIO()
    receive_into(link, size_bytes, said)
    return said.getvalue().decode("utf-8", "replace")


def _fail(code: int, detail: str) -> None:
    outcome = OUTCOMES[code]
    if outcome == "over_limit":
        raise LimitError(detail)
    assert outcome != "converted"
    raise ConversionError(outcome, detail)
