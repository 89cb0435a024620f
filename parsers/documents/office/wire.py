"""What passes between a reader that is shut in and the broker that has its file converted: a kind and bytes, never a path or an option.

Both ways alike: a code of one byte, a length of eight, most significant first, and so many bytes: the file, the .docx, or
the few words of a failure. Peers: the other end of a connected socket, which may be gone (OSError) or hostile.
"""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO, Literal, get_args

KINDS: tuple[tuple[str, str], ...] = (
    (".doc", "MS Word 97"),
    (".doc", "MS Word 95"),
    (".doc", "MS WinWord 6.0"),
    (".rtf", "Rich Text Format"),
    (".xml", "MS Word 2003 XML"),
    (".wps", "MS_Works"),
)
"""All that is ever converted: a fitting suffix, and the office program's name of the format. A code is a place in it."""

Outcome = Literal["converted", "refused", "failed", "timed_out", "over_limit"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MOST_WORDS_BYTES = 500
"""Of a failure's detail."""

_HEAD = struct.Struct(">BQ")
_CHUNK_BYTES = 1 << 18


def send(link: socket.socket, code: int, content: BinaryIO, size_bytes: int) -> None:
    """Send `size_bytes` of `content` under `code`. Raises: OSError (the other end is gone)."""
    link.sendall(_HEAD.pack(code, size_bytes))
    left = size_bytes
    while left and (chunk := content.read(min(left, _CHUNK_BYTES))):
        link.sendall(chunk)
        left -= len(chunk)
    if left:
        raise ConnectionError("the file ended early")


def receive_head(link: socket.socket) -> tuple[int, int] | None:
    """Code and length of what comes; None when nothing comes any more. Raises: OSError."""
    said = b""
    while len(said) < _HEAD.size:
        more = link.recv(_HEAD.size - len(said))
        if not more:
            return None
        said += more
    code, size_bytes = _HEAD.unpack(said)
    return code, size_bytes


def receive_into(link: socket.socket, size_bytes: int, target: BinaryIO) -> None:
    """Write the next `size_bytes` to `target`. Raises: OSError (the other end is gone, or the disk is full)."""
    left = size_bytes
    while left:
        chunk = link.recv(min(left, _CHUNK_BYTES))
        if not chunk:
            raise ConnectionError("the other end is gone")
        target.write(chunk)
        left -= len(chunk)
