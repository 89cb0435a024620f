"""Pictures put together from parts, or with remarks in circles. Source: ISO/IEC 14496-12 and 23008-12 (grid); EXIF 2.32; BMP, ICO."""

from __future__ import annotations

import io
import struct

_TILE_PX = 64


def _box(kind: bytes, data: bytes, *, full: int | None = None) -> bytes:
    if full is not None:
        data = struct.pack(">I", full) + data
    return struct.pack(">I", 8 + len(data)) + kind + data


def _piece(data: bytes, kind: bytes) -> bytes:
    """The first box of that kind, as it stands in a picture Pillow has written."""
    at = data.index(kind) - 4
    return data[at : at + struct.unpack(">I", data[at : at + 4])[0]]


def avif_of_tiles(side: int = 255) -> bytes:
    """A sound AVIF grid: 65,025 tiles that all lie in one place, 266 million pixels in a few megabytes."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (_TILE_PX, _TILE_PX), "red").save(into, "avif")
    whole = into.getvalue()
    tile = whole[whole.index(b"mdat") + 4 :]
    tiles = range(2, side * side + 2)
    grid = struct.pack(">BBBBII", 0, 1, side - 1, side - 1, side * _TILE_PX, side * _TILE_PX)
    named = [(1, b"grid"), *((number, b"av01") for number in tiles)]
    items = b"".join(_box(b"infe", struct.pack(">HH", number, 0) + of + b"\0", full=0x02000000) for number, of in named)
    sizes = [_box(b"ispe", struct.pack(">II", px, px), full=0) for px in (side * _TILE_PX, _TILE_PX)]
    shown = (*sizes, _piece(whole, b"av1C"), _piece(whole, b"pixi"))
    owned = struct.pack(">IHBBB", len(named), 1, 2, 1, 4)
    owned += b"".join(struct.pack(">HBBBB", number, 3, 2, 0x83, 4) for number in tiles)
    drawn = struct.pack(">HH", 1, len(tiles)) + b"".join(struct.pack(">H", number) for number in tiles)
    kind = _box(b"ftyp", b"avif" + bytes(4) + b"avifmif1miafMA1B")

    def meta(tile_at: int) -> bytes:
        places = struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid))
        places += b"".join(struct.pack(">HHHHII", number, 0, 0, 1, tile_at, len(tile)) for number in tiles)
        parts = (
            _box(b"hdlr", bytes(4) + b"pict" + bytes(13), full=0),
            _box(b"pitm", struct.pack(">H", 1), full=0),
            _box(b"iloc", struct.pack(">BBH", 0x44, 0, len(named)) + places, full=0x01000000),
            _box(b"iinf", struct.pack(">H", len(named)) + items, full=0),
            _box(b"iref", _box(b"dimg", drawn), full=0),
            _box(b"iprp", _box(b"ipco", b"".join(shown)) + _box(b"ipma", owned, full=0)),
            _box(b"idat", grid),
        )
        return _box(b"meta", b"".join(parts), full=0)

    return kind + meta(len(kind) + len(meta(0)) + 8) + _box(b"mdat", tile)


def bmp_of_area() -> bytes:
    """A BMP of two thousand million pixels square, run-length packed, with a palette past its end."""
    info = struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, -(2**31) + 1, 1, 8, 1, 0, 0, 0, 2**32 - 1, 0)
    return b"BM" + struct.pack("<IHHI", 2**32 - 1, 0, 0, 54) + info + b"\xff\x00" * 5_000


def ico_of_sizes() -> bytes:
    """65,535 icons that all lie in one place, a PNG of 60,000 pixels square."""
    from tests.hostile.bombs.pictures import png_of_area

    picture = png_of_area()
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(picture), 6 + 16 * 65_535)
    return struct.pack("<HHH", 0, 1, 65_535) + entry * 65_535 + picture


def jpeg_of_remarks() -> bytes:
    """A photo whose EXIF says it has 65,535 entries of four thousand million values, in folders that lead back to themselves."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (640, 480)).save(into, "jpeg")
    pointing = struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x014A, 4, 2**30, 8)
    huge = struct.pack("<HHII", 0x010E, 2, 2**32 - 1, 8) * 3_000
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 65_535) + pointing + huge + struct.pack("<I", 8)
    marker = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return into.getvalue()[:2] + marker * 50 + into.getvalue()[2:]


def tiff_of_folders() -> bytes:
    """Two folders of a TIFF that follow each other, each with the other below it, and strips past the end of the file."""

    def folder(at: int, other: int) -> bytes:
        entries = (
            (256, 1, 900),
            (257, 1, 600),
            (258, 1, 8),
            (259, 1, 5),
            (262, 1, 1),
            (273, 2**30, 4),
            (279, 2**30, 4),
            (330, 2**20, other),
        )
        body = struct.pack("<H", len(entries)) + b"".join(
            struct.pack("<HHII", tag, 4, count, value) for tag, count, value in entries
        )
        return body + struct.pack("<I", other)

    size = len(folder(0, 0))
    return b"II*\0" + struct.pack("<I", 8) + folder(8, 8 + size) + folder(8 + size, 8)
