"""Builds zips by hand where `zipfile` is too honest: raw names, false flags, lying sizes, shared bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Raw:
    """One entry, every field under the test's control."""

    name: bytes
    data: bytes = b"content"
    flags: int = 0
    extra: bytes = b""
    mode: int = 0o100644
    local_name: bytes | None = None
    declared_bytes: int | None = None
    crc: int | None = None
    method: int = 8


def raw_zip(*entries: Raw, offsets: Sequence[int] | None = None, comment: bytes = b"", disk: int = 0) -> bytes:
    """A zip of `entries`; `offsets` overrides where the directory says each begins."""
    body, directory = b"", b""
    for index, entry in enumerate(entries):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(entry.data) + packer.flush() if entry.method == 8 else entry.data
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.declared_bytes is None else entry.declared_bytes
        local = entry.name if entry.local_name is None else entry.local_name
        common = struct.pack("<HHHHIII", entry.flags, entry.method, 0, 0x5A21, crc, len(packed), size)
        offset = len(body) if offsets is None else offsets[index]
        body += b"PK\x03\x04" + struct.pack("<H", 20) + common + struct.pack("<HH", len(local), 0) + local + packed
        directory += b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + common
        directory += struct.pack("<HHHHHII", len(entry.name), len(entry.extra), 0, 0, 0, entry.mode << 16, offset)
        directory += entry.name + entry.extra
    count = len(entries)
    end = struct.pack("<HHHHIIH", disk, disk, count, count, len(directory), len(body), len(comment))
    return body + directory + b"PK\x05\x06" + end + comment


def unicode_extra(raw_name: bytes, text: str, crc: int | None = None) -> bytes:
    """The Info-ZIP Unicode Path field."""
    body = b"\x01" + struct.pack("<I", zlib.crc32(raw_name) if crc is None else crc) + text.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body
