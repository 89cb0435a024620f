"""Which password opens a zip: checked on one entry, without unpacking it. Pure but for reading the entry's first bytes.

Source: PKWARE APPNOTE 6.3.10, 6.1 (traditional encryption); "AES Encryption Information", WinZip 2009, 1 to 4.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from typing import IO

from parsers.archives.zip_directory import AES, Entry

_AES_EXTRA = 0x9901
_SALT_BYTES = {1: 8, 2: 12, 3: 16}
_KEY_BYTES = {1: 16, 2: 24, 3: 32}
_AES_ROUNDS = 1_000
_CHARSETS = ("utf-8", "gb18030")
"""Chinese Windows packs with a Chinese password as GBK; others as UTF-8."""


def as_bytes(password: str) -> tuple[bytes, ...]:
    """A password in each charset it may have been typed in, each once."""
    return tuple(dict.fromkeys(password.encode(charset, "replace") for charset in _CHARSETS))


def may_open(archive: zipfile.ZipFile, entry: Entry, password: bytes) -> bool:
    """Whether `password` passes the entry's own check: 1 wrong one in 256 does, in 65,536 with AES."""
    file = archive.fp
    if file is None:
        return False
    file.seek(_content_at(file, entry.info))
    if entry.info.compress_type == AES:
        return _passes_aes(file, entry.info, password)
    return _passes_traditional(archive, entry, password)


def is_summed(info: zipfile.ZipInfo) -> bool:
    """Whether the directory's CRC-32 is the content's: version 2 of AES writes none."""
    return info.compress_type != AES or aes_version(info) == 1


def aes_version(info: zipfile.ZipInfo) -> int | None:
    """1 or 2; None without the extra field."""
    field = _aes_field(info)
    return field[0] if field else None


def _passes_aes(file: IO[bytes], info: zipfile.ZipInfo, password: bytes) -> bool:
    field = _aes_field(info)
    if field is None or field[1] not in _SALT_BYTES:
        return False
    strength = field[1]
    salt = file.read(_SALT_BYTES[strength])
    check = file.read(2)
    length = 2 * _KEY_BYTES[strength] + 2
    return hashlib.pbkdf2_hmac("sha1", password, salt, _AES_ROUNDS, length)[-2:] == check


def _passes_traditional(archive: zipfile.ZipFile, entry: Entry, password: bytes) -> bool:
    from parsers.archives.zip_directory import open_entry

    try:
        with open_entry(archive, entry, password):
            return True
    except NotImplementedError:  # the password is checked before the packing method is
        return True
    except RuntimeError:
        return False


def _aes_field(info: zipfile.ZipInfo) -> tuple[int, int] | None:
    """Version and strength from the extra field."""
    at = 0
    while at + 4 <= len(info.extra):
        field, length = struct.unpack_from("<HH", info.extra, at)
        if field == _AES_EXTRA and length >= 7 and at + 4 + length <= len(info.extra):
            version, _, strength = struct.unpack_from("<H2sB", info.extra, at + 4)
            return version, strength
        at += 4 + length
    return None


def _content_at(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    file.seek(info.header_offset)
    header = file.read(30)
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, 26) if len(header) == 30 else (0, 0)
    return int(info.header_offset + 30 + name_bytes + extra_bytes)
