"""Archives whose headers lie: of sizes, counts and dictionaries, and links that lead out.

Source: "RAR 5.0 archive format" (rarlab.com/technote.htm); the RAR 4 technote; 7zFormat.txt of the 7-Zip sources.
"""

from __future__ import annotations

import struct
import zlib

_RAR5 = b"Rar!\x1a\x07\x01\x00"
_RAR4 = b"Rar!\x1a\x07\x00"
_HUGE = 10**13
_DATA, _EXTRA = 2, 1
_CHECKED = 4
_UNIX = 1


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    parts = []
    while True:
        value, low = value >> 7, value & 127
        parts.append(low | (128 if value else 0))
        if not value:
            return bytes(parts)


def _block(
    kind: int, fields: bytes, *, data: bytes | None = None, extra: bytes = b"", says: int | None = None
) -> bytes:
    """A block of RAR 5; `says`: the size of the data it claims."""
    flags = (_DATA if data is not None else 0) | (_EXTRA if extra else 0)
    head = _number(kind) + _number(flags)
    head += _number(len(extra)) if extra else b""
    head += _number(len(data) if says is None else says) if data is not None else b""
    head += fields + extra
    sized = _number(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized + (data or b"")


def _file(name: bytes, data: bytes, *, size: int | None = None, method: int = 0, extra: bytes = b"") -> bytes:
    """A file of RAR 5; `size`: what it claims to unpack to; `method`: with the dictionary, as the format packs them."""
    fields = _number(_CHECKED) + _number(len(data) if size is None else size) + _number(0o100644)
    fields += struct.pack("<I", zlib.crc32(data)) + _number(method) + _number(_UNIX) + _number(len(name)) + name
    return _block(2, fields, data=data, extra=extra)


def _rar5(*files: bytes) -> bytes:
    return _RAR5 + _block(1, _number(0)) + b"".join(files) + _block(5, _number(0))


def rar_of_sizes() -> bytes:
    """Members that unpack to ten terabytes each, from a dictionary of 4 GB; one whose data is said to go on for as much."""
    packed = 5 << 7 | 15 << 10  # the best method, a dictionary of 128 KB times 2 to the 15th
    liars = [_file(b"%d.docx" % number, bytes(64), size=_HUGE, method=packed) for number in range(20)]
    return _rar5(*liars, _block(2, _number(0) + _number(_HUGE) + _number(0) * 2 + _number(_UNIX) + _number(1) + b"a",
                                data=b"", says=2**62))  # fmt: skip


def rar_of_members() -> bytes:
    """100,000 empty members."""
    return _rar5(_file(b"a", b"") * 100_000)


def rar_of_links() -> bytes:
    """A symbolic link, a hard link and a copy that lead out, and names that climb; one honest file."""

    def leading(kind: int, target: bytes) -> bytes:
        record = _number(5) + _number(kind) + _number(0) + _number(len(target)) + target
        return _number(len(record)) + record

    links = [
        _file(b"link%d" % kind, b"", extra=leading(kind, target))
        for kind, target in ((1, b"/etc/passwd"), (4, b"../../../escaped"), (5, b"/etc/passwd"))
    ]
    names = (b"../../../escaped", b"/escaped", b"a/../../escaped", b"link1/escaped", b"good.txt")
    return _rar5(*links, *(_file(name, b"planted") for name in names))


def rar_of_circles() -> bytes:
    """Headers of no length, and one longer than any file."""
    empty = struct.pack("<I", zlib.crc32(b"\x00")) + b"\x00"
    return _RAR5 + _block(1, _number(0)) + empty * 1_000 + b"\x00" * 4 + _number(2**60) + bytes(100)


def rar_four_of_sizes() -> bytes:
    """RAR 4: a stored member of seven bytes that claims sixteen million terabytes, and a header of no length after it."""

    def head(kind: int, flags: int, fields: bytes) -> bytes:
        body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body

    large = struct.pack("<II", 0, 0xFFFFFFFF)  # the upper halves of packed and unpacked size
    fields = struct.pack("<IIBIIBBHI", 7, 0xFFFFFFFF, 3, zlib.crc32(b"planted"), 0, 20, 0x30, 5, 0o100644) + large
    return _RAR4 + head(0x73, 0, bytes(6)) + head(0x74, 0x8100, fields + b"a.txt") + b"planted" + bytes(7)


def _seven_zip(header: bytes) -> bytes:
    start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + header


def _sevenths(value: int) -> bytes:
    """A number of 7z in its longest form."""
    return b"\xff" + struct.pack("<Q", value)


def seven_zip_of_files() -> bytes:
    """A header that announces a million million files."""
    return _seven_zip(b"\x01\x05" + _sevenths(10**12) + b"\x0e" + _sevenths(2**40) + bytes(64) + b"\x00\x00")


def seven_zip_of_streams() -> bytes:
    """A header that announces four thousand million packed streams and folders."""
    packed = b"\x06" + _sevenths(0) + _sevenths(2**32) + b"\x09" + _sevenths(2**62) * 50 + b"\x00"
    folders = b"\x07\x0b" + _sevenths(2**32) + b"\x00" + bytes(100)
    return _seven_zip(b"\x01\x04" + packed + folders + b"\x00\x00")


def seven_zip_of_header() -> bytes:
    """A start that says its header is sixteen million terabytes long."""
    start = struct.pack("<QQI", 0, 2**63 - 1, 0)
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start
