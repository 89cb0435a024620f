"""Archives that hold themselves, without end. Source: R. Cox, "Zip Files All The Way Down" (2010); RFC 1951 and 1952; APPNOTE.TXT.

A run of five-byte blocks of deflate, some literal, some repeating what came before, puts out the very run. The checksum
stands in the file it is the checksum of: as CRC-32 is linear, 32 equations tell it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

_OP_BYTES = 5


def gzip_quine() -> bytes:
    """A gzip of 15 bytes of header that unpacks to itself."""
    head = b"\x1f\x8b\x08\x08" + bytes(5) + b"\xff" + b"a.gz\0"

    def tail(checksum: int, size: int, _: int) -> bytes:
        return struct.pack("<II", checksum, size)

    return _quine(lambda _checksum, _size, _packed: head, tail)


def zip_quine() -> bytes:
    """A zip whose one member is the zip. Name and remark are as long as blocks of five bytes can repeat."""
    name = b"what-holds-itself-30-bytes.zip"

    def common(checksum: int, size: int, packed: int) -> bytes:
        return struct.pack("<HHHHIIIHH", 0, 8, 0, 0x5A21, checksum, packed, size, len(name), 0)

    def head(checksum: int, size: int, packed: int) -> bytes:
        return b"PK\x03\x04" + struct.pack("<H", 20) + common(checksum, size, packed) + name

    def tail(checksum: int, size: int, packed: int) -> bytes:
        entry = b"PK\x01\x02" + struct.pack("<HH", 20, 20) + common(checksum, size, packed)
        entry += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
        return entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), 60 + packed, 150) + bytes(150)

    return _quine(head, tail)


_Part = Callable[[int, int, int], bytes]
"""What stands before or after the packed data, of checksum, size and packed size."""


def _quine(head: _Part, tail: _Part) -> bytes:
    first, last = len(head(0, 0, 0)), len(tail(0, 0, 0))

    def whole(checksum: int) -> bytes:
        before, after = head(checksum, size, packed), b"\x01\x00\x00\xff\xff" + tail(checksum, size, packed)
        one, four, none = _literal(5), _literal(20), _literal(0)
        start, again = _literal(first + _OP_BYTES), _repeat(first + _OP_BYTES)
        end, ends = _literal(len(after) + _OP_BYTES), _repeat(len(after) + _OP_BYTES)
        repeat = _repeat(20)
        # fmt: off
        return b"".join((
            before, start, before, start, again, one, again, one, one, four, again, one, one, four, repeat, four,
            repeat, four, repeat, four, repeat, four, repeat, none, none, end, repeat, none, none, end,
            ends, after, ends, after,
        ))
        # fmt: on

    size = packed = 0
    size = len(whole(0))
    packed = size - first - last
    return whole(_fixed_point(lambda checksum: zlib.crc32(whole(checksum))))


def _literal(count: int) -> bytes:
    """A stored block, of which the header is five bytes."""
    return b"\x00" + struct.pack("<HH", count, count ^ 0xFFFF)


def _bits(*values: tuple[int, int]) -> bytes:
    """Numbers and how many bits of each, the lowest first."""
    whole = at = 0
    for value, width in values:
        whole |= value << at
        at += width
    assert at == 8 * _OP_BYTES
    return whole.to_bytes(_OP_BYTES, "little")


def _code(symbol: int, width: int) -> tuple[int, int]:
    """A Huffman code, which stands with its highest bit first."""
    return int(f"{symbol:0{width}b}"[::-1], 2), width


_FIXED_BLOCK, _END = (0b010, 3), _code(0, 7)


def _repeat(count: int) -> bytes:
    """The last `count` bytes once more, in five bytes: two matches side by side, or one and an empty block to fill up."""
    near = (_code(8, 5), (count - 17, 3))
    if count == 18:
        return _bits(_FIXED_BLOCK, _code(263 - 256, 7), *near, _code(263 - 256, 7), *near, _END)
    if count == 20:
        return _bits(_FIXED_BLOCK, _code(264 - 256, 7), *near, _code(264 - 256, 7), *near, _END)
    match: tuple[tuple[int, int], ...]
    if count == 65:
        match = (_code(276 - 256, 7), (65 - 59, 3), _code(12, 5), (65 - 65, 5))
    else:
        match = (_code(0b11000000 + 285 - 280, 8), _code(16, 5), (258 - 257, 7))
    return _bits(_FIXED_BLOCK, *match, _END, _FIXED_BLOCK, _END)


def _fixed_point(checksum_with: Callable[[int], int]) -> int:
    """The number that is the checksum of what it stands in: x = c + Ax over the field of two elements."""
    constant = checksum_with(0)
    rows = [0] * 32
    for column in range(32):
        effect = checksum_with(1 << column) ^ constant ^ (1 << column)
        for row in range(32):
            rows[row] |= (effect >> row & 1) << column
    equations = [rows[row] | (constant >> row & 1) << 32 for row in range(32)]
    solution, free = 0, equations
    pivots: list[tuple[int, int]] = []
    for column in range(32):
        pivot = next((each for each in free if each >> column & 1), None)
        if pivot is None:
            continue
        free = [each ^ pivot if each >> column & 1 else each for each in free if each is not pivot]
        pivots = [(at, each ^ pivot if each >> column & 1 else each) for at, each in pivots]
        pivots.append((column, pivot))
    assert not any(each >> 32 & 1 for each in free), "this file has no checksum of its own"
    for column, equation in pivots:
        solution |= (equation >> 32 & 1) << column
    return solution
