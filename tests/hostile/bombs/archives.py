"""Archives that hold more than they say, or lead out of their folder.

Source: D. Fifield, "A better zip bomb" (WOOT 2019), for overlapping members.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.hostile.bombs.sizes import MB, zipped


def flat_zip(unpacked_bytes: int = 200 * MB) -> bytes:
    """200 MB of zeros in 200 kB."""
    return zipped({"案例.docx": bytes(unpacked_bytes)})


def nested_zip(levels: int = 6, copies: int = 10) -> bytes:
    """Ten archives in each of ten, six deep: a million files in the end."""
    inner = zipped({"0.bin": bytes(MB)})
    for _ in range(levels):
        inner = zipped({f"{number}.zip": inner for number in range(copies)})
    return inner


def overlapping_zip(members: int = 1_000, kernel_bytes: int = 20 * MB) -> bytes:
    """Fifield's: every member quotes the headers of those behind it and ends in one shared kernel; 20 GB in 100 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(bytes(kernel_bytes)) + packer.flush()
    names = [f"{number:04d}".encode() for number in range(members)]
    parts: list[bytes] = []
    directory: list[tuple[bytes, bytes, int]] = []
    crc, packed, size = zlib.crc32(bytes(kernel_bytes)), len(kernel), kernel_bytes
    later = b""
    for name in reversed(names):
        if later:
            quote = b"\x00" + struct.pack("<HH", len(later), len(later) ^ 0xFFFF)
            # The checksum of a member would have to be that of quoted headers and kernel; readers come to it last.
            packed, size = packed + len(quote) + len(later), size + len(later)
            parts.append(quote)
        common = struct.pack("<HHHHIII", 0, 8, 0, 0x5A21, crc, packed, size)
        later = b"PK\x03\x04" + struct.pack("<H", 20) + common + struct.pack("<HH", len(name), 0) + name
        directory.append((name, common, len(parts)))
        parts.append(later)
    body, offsets = b"", {}
    for number in range(len(parts) - 1, -1, -1):
        offsets[number] = len(body)
        body += parts[number]
    body += kernel
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + common
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0o100644 << 16, offsets[at]) + name
        for name, common, at in reversed(directory)
    )  # fmt: skip
    count = len(directory)
    return body + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(body), 0)


def crowded_zip() -> bytes:
    """50,000 empty members."""
    return zipped({f"{number}": b"" for number in range(50_000)})


def gzip_bomb(unpacked_bytes: int = 200 * MB) -> bytes:
    return gzip.compress(bytes(unpacked_bytes), 6, mtime=0)


def nested_gzip() -> bytes:
    return gzip.compress(gzip.compress(gzip.compress(bytes(200 * MB), 6), 9), 9)


def bzip2_bomb() -> bytes:
    return bz2.compress(bytes(45 * MB)) * 5


def xz_bomb() -> bytes:
    return lzma.compress(bytes(100 * MB), preset=0) * 3


def crowded_tar() -> bytes:
    """100,000 empty members."""
    header = tarfile.TarInfo("0").tobuf()
    return gzip.compress(header * 100_000 + bytes(1024), 6)


def seven_zip_bomb() -> bytes:
    import py7zr

    into = io.BytesIO()
    with py7zr.SevenZipFile(into, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as archive:
        archive.writestr(bytes(100 * MB), "案例.docx")
    return into.getvalue()


def climbing_zip() -> bytes:
    """Names that lead out of any folder, on every system, and a link."""
    names = ("../../../escaped", "/escaped", "C:\\escaped", "..\\..\\escaped", "a/../../escaped", "CON", "nul\x00.txt")
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name in names:
            archive.writestr(name, b"planted")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("link/escaped", b"planted")
    return into.getvalue()


def climbing_tar() -> bytes:
    """The same in a tar, with hard links, a device and a pipe."""
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        for name in ("../../escaped", "/escaped", "a/../../escaped"):
            entry = tarfile.TarInfo(name)
            entry.size = 7
            archive.addfile(entry, io.BytesIO(b"planted"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"kind-{kind.decode()}")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    return into.getvalue()
