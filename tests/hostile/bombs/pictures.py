"""Pictures larger than they look."""

from __future__ import annotations

import io
import struct
import zlib

from tests.hostile.bombs.sizes import MB


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_area(side: int = 60_000) -> bytes:
    """3.6 thousand million pixels, all black."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * 2_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def png_of_words() -> bytes:
    """A small picture with 200 MB of compressed remarks and as much of a colour profile."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("L", (9, 9)).save(into, "png")
    whole, packed = into.getvalue(), zlib.compress(bytes(200 * MB), 6)
    remarks = _chunk(b"iCCP", b"p\x00\x00" + packed) + _chunk(b"zTXt", b"k\x00\x00" + packed)
    return whole[:33] + remarks + whole[33:]


def tiff_of_area() -> bytes:
    """A TIFF that says it is 100,000 pixels wide and high, deflated."""
    packed = zlib.compress(bytes(MB), 9)
    entries = (
        (256, 100_000),
        (257, 100_000),
        (258, 8),
        (259, 8),
        (262, 1),
        (273, 8),
        (278, 100_000),
        (279, len(packed)),
    )
    data = b"II*\x00" + struct.pack("<I", 8 + len(packed)) + packed + struct.pack("<H", len(entries))
    return data + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries) + bytes(4)


def tiff_of_pages() -> bytes:
    """A TIFF whose page is followed by itself."""
    entries = ((256, 9), (257, 9), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 9), (279, 81))
    pixels = bytes(82)
    data = b"II*\x00" + struct.pack("<I", 8 + len(pixels)) + pixels + struct.pack("<H", len(entries))
    return data + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries) + struct.pack("<I", 90)


def webp_of_area() -> bytes:
    """A lossless WebP of 16,383 pixels square: 1 GB as RGBA, 34 kB here."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("L", (16, 16)).save(into, "webp", lossless=True)
    data = bytearray(into.getvalue())
    at = data.index(b"VP8L") + 9
    bits = int.from_bytes(data[at : at + 4], "little") >> 28 << 28
    data[at : at + 4] = (bits | 16_382 << 14 | 16_382).to_bytes(4, "little")
    return bytes(data)


def avif_of_area() -> bytes:
    """An AVIF whose box says 60,000 pixels square."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (64, 64)).save(into, "avif")
    data = bytearray(into.getvalue())
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 60_000, 60_000)
    return bytes(data)


def gif_of_frames() -> bytes:
    """20,000 frames."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 2000, 2000, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 2000, 2000, 0) + b"\x02\x02\x4c\x01\x00"
    return screen + frame * 20_000 + b"\x3b"
