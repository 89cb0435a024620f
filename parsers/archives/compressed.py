"""Reads tars, packed or not, and single files packed with gzip, bzip2 or xz.

Source: RFC 1952 (gzip header and its file name).
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from pathlib import Path
from typing import IO, Any, Literal

from parsers.archives.leftovers import is_leftover
from parsers.archives.member_names import choose_charset, split_path
from parsers.archives.members import PIECE_BYTES, MemberSink, Place, archive_reading
from parsers.archives.tar import BLOCK_BYTES, BROKEN, begins_like_tar, take_tar
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Reading
from parsers.limits import Limits

READER = "tar/1"

_Packing = Literal["", "gz", "bz2", "xz"]
_SIGNATURES: tuple[tuple[bytes, _Packing], ...] = ((b"\x1f\x8b", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"))
_GZIP_HEAD_BYTES = 70_000
_HEADER_CRC, _EXTRA, _NAME = 0x02, 0x04, 0x08


def read_packed(path: Path, job: Path, limits: Limits) -> Reading:
    """What a tar holds, or the one file of a packed file; members in `job`.

    A packed tar is opened in one step. The member of a single packed file is named as its gzip header says; without one
    its name is empty, and the caller may name it after its container.

    Raises:
        LimitError: Too many entries or bytes, or too tightly packed; nothing is handed out then.
        ParserError: `damaged` when not one whole file comes out, `empty` when there is none.
    """
    with path.open("rb") as file:
        head = file.read(_GZIP_HEAD_BYTES)
    packing: _Packing = next((packing for signature, packing in _SIGNATURES if head.startswith(signature)), "")
    sink = MemberSink(job, limits, packed_bytes=path.stat().st_size)
    with _opened(path, packing) as plain:
        stream = io.BufferedReader(_Metered(plain, sink.left_bytes), PIECE_BYTES)
        try:
            is_tar = not packing or begins_like_tar(stream.peek(BLOCK_BYTES)[:BLOCK_BYTES])
        except (*BROKEN, OSError) as error:
            raise ParserError("damaged", f"{packing}: {type(error).__name__}") from error
        try:
            facts = take_tar(stream, sink, limits) if is_tar else _take_single(stream, sink, head, packing)
        except LimitError:
            sink.discard()
            raise
    return archive_reading((path,), sink, facts, reader=READER)


def _take_single(stream: IO[bytes], sink: MemberSink, head: bytes, packing: str) -> ArchiveFacts:
    raw = _gzip_name(head) if packing == "gz" else b""
    charset = choose_charset([raw])
    folder, name = split_path(raw.decode(charset, "replace"))
    facts = ArchiveFacts(kind="gz" if packing == "gz" else "other", entries=1, name_encoding=charset if raw else "")
    if is_leftover(folder, name):
        return facts.model_copy(update={"skipped": (name,)})
    try:
        sink.take(Place(0, folder, name), stream)
    except BROKEN as error:
        sink.leave_out("damaged", f"{packing}: {type(error).__name__}")
    except OSError as error:
        if error.errno is not None:
            raise  # our own disk
        sink.leave_out("damaged", f"{packing}: broken stream")
    return facts


def _opened(path: Path, packing: _Packing) -> IO[bytes]:
    if packing == "gz":
        return gzip.open(path)  # type: ignore[return-value]  # a GzipFile reads like one
    if packing == "bz2":
        return bz2.open(path)
    if packing == "xz":
        return lzma.open(path)
    return path.open("rb")


def _gzip_name(head: bytes) -> bytes:
    """The file name of a gzip header; empty when it has none."""
    if len(head) < 10 or not head[3] & _NAME:
        return b""
    at = 10
    if head[3] & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    end = head.find(b"\x00", at)
    return head[at:end] if end >= 0 else b""


class _Metered(io.RawIOBase):
    """A stream that ends with a LimitError: the headers of a tar are bytes too, and its padding."""

    def __init__(self, source: IO[bytes], most_bytes: int) -> None:
        super().__init__()
        self._source = source
        self._left_bytes = most_bytes + most_bytes // 8 + 1_000_000

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._source.read(len(buffer))
        self._left_bytes -= len(piece)
        if self._left_bytes < 0:
            raise LimitError("unpacks to more than its limits allow")
        buffer[: len(piece)] = piece
        return len(piece)
