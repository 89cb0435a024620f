"""Builds small OLE compound files by hand: a header, one FAT sector, a directory. Source: [MS-CFB] 2."""

from __future__ import annotations

import struct

_NONE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole_file(*streams: str, storage: str = "", inner: tuple[str, ...] = ()) -> bytes:
    """A file whose root holds `streams`, all empty, and `storage` with `inner` streams when named."""
    names = ["Root Entry", *streams, *([storage] if storage else []), *inner]
    top = list(range(1, 1 + len(streams) + bool(storage)))
    first_inner = len(top) + 1
    entries = []
    for index, name in enumerate(names):
        right = index + 1 if index in top[:-1] or first_inner <= index < len(names) - 1 else _NONE
        child = (1 if top else _NONE) if index == 0 else first_inner if storage and name == storage else _NONE
        kind = 5 if index == 0 else 1 if storage and name == storage else 2
        encoded = name.encode("utf-16-le") + b"\0\0"
        entries.append(
            encoded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(encoded), kind, 1, _NONE, right, child)
            + b"\0" * 36
            + struct.pack("<IQ", _END, 0)
        )
    entries += [b"\0" * 128] * (-len(entries) % 4)
    directory = b"".join(entries)
    sectors = len(directory) // 512
    fat = [_FAT, *range(2, sectors + 1), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    return header.ljust(512, b"\xff") + struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff") + directory
