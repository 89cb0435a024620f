"""Names inside a zip: which charset they were written in, and what of a path is left when its tricks are gone. Pure.

A zip says UTF-8 or nothing. Chinese Windows writes GBK, Taiwanese Big5, Macs
UTF-8 without saying so, old Western tools cp437. One archive was packed by one
program, so the charset is chosen for all its unmarked names together: blind GBK
turns Japanese and German names into Chinese ones.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Sequence

_UNICODE_PATH = 0x7075
_MULTIBYTE = ("gb18030", "big5hkscs", "cp932")
"""In order of trust: an earlier one wins a draw."""
_CHINESE_PRIOR = 0.25
"""What GB18030 is worth when its characters are rare ones: names of people, in a Chinese campaign."""
_WESTERN_TRUST = 0.5
LONGEST_NAME = 200
LONGEST_FOLDER = 1_000
"""In characters; a zip allows 65,535 bytes, file systems 255."""
_LONGEST_EXTENSION = 10
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Source: Microsoft, "Naming Files, Paths, and Namespaces"."""
_DRIVE = re.compile(r"^[A-Za-z]:")


def choose_charset(names: Sequence[bytes]) -> str:
    """The charset all of `names` were most likely written in: utf-8, gb18030, big5hkscs, cp932 or cp437.

    The choice: UTF-8 when every name reads so; else whichever reads strictly and gives the largest
    share of common characters (level 1 of GB 2312, of Big5, of JIS X 0208, and kana); cp437 when that
    share is small and cp437 gives letters. Plain ASCII names give utf-8.
    Source: measured on GBK, Big5, cp932, KOI8-R, cp437 and macOS archives of public test suites.
    """
    joined = b"\n".join(names)
    if joined.isascii():
        return "utf-8"
    western = _WESTERN_TRUST * _share(joined.decode("cp437"), _is_latin_letter)
    best, best_share = "cp437", western
    for charset in reversed(_MULTIBYTE):
        text = _strict(joined, charset)
        if text is None:
            continue
        share = max(_share(text, _COMMON[charset]), _CHINESE_PRIOR if charset == "gb18030" else 0.0)
        if share >= best_share:
            best, best_share = charset, share
    text = _strict(joined, "utf-8")
    # Two GBK characters can be valid UTF-8 of two-byte sequences (一 is D2 BB); three-byte ones are never chance.
    if text is not None and (max(text) > "\u07ff" or best_share <= _WESTERN_TRUST):
        return "utf-8"
    return best


def unicode_path(extra: bytes, raw_name: bytes) -> str | None:
    """The name of the Info-ZIP Unicode Path extra field; None when absent, broken or meant for another name.

    Source: PKWARE APPNOTE 6.3.10, 4.6.9: it counts only while its CRC-32 matches the header's name.
    """
    at = 0
    while at + 4 <= len(extra):
        field, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if field == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            text = _strict(body[5:], "utf-8")
            if text and int.from_bytes(body[1:5], "little") == zlib.crc32(raw_name):
                return text
    return None


def split_path(path: str) -> tuple[str, str]:
    """Folder ("/"-separated, may be empty) and name of a member, harmless: NFC, nothing absolute, no way up, no drive.

    Control, bidirectional and other invisible characters are removed; backslashes separate like slashes.
    The name is empty when nothing is left of it. A name over `LONGEST_NAME` characters is shortened before its extension;
    one that Windows keeps for a device gets a "_" before it, so that it can be saved there.
    """
    visible = "".join(
        c for c in unicodedata.normalize("NFC", path) if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
    )
    parts = [part.strip() for part in visible.replace("\\", "/").split("/")]
    if parts:
        parts[0] = _DRIVE.sub("", parts[0])
    kept = [part for part in parts if part.strip(". ")]
    if not kept or not parts[-1].strip(". "):
        return "/".join(kept)[:LONGEST_FOLDER], ""
    return "/".join(kept[:-1])[:LONGEST_FOLDER], _storable(kept[-1])


def _storable(name: str) -> str:
    if _DEVICE.fullmatch(name):
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME:
        return name
    if dot and len(extension) <= _LONGEST_EXTENSION:
        return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
    return name[:LONGEST_NAME]


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeError:
        return None


def _share(text: str, is_common: Callable[[str], bool]) -> float:
    """How many of the characters beyond ASCII are common, 0 to 1."""
    wide = [character for character in text if character > "\x7f"]
    return sum(map(is_common, wide)) / len(wide) if wide else 0.0


def _is_latin_letter(character: str) -> bool:
    return "\xc0" <= character <= "\u017f" and character.isalpha()


def _is_mark(character: str) -> bool:
    """CJK punctuation and full-width forms, and the dashes and quotes they are mixed with."""
    return "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uff5e" or character in "“”‘’—…·"


def _level_one(charset: str, first: int, last: int) -> Callable[[str], bool]:
    """A test for the characters whose lead byte in a national standard says they are in daily use."""

    def is_common(character: str) -> bool:
        if _is_mark(character):
            return True
        try:
            code = character.encode(charset)
        except UnicodeError:
            return False
        return len(code) == 2 and first <= code[0] <= last

    return is_common


def _is_japanese(character: str) -> bool:
    return "\u3041" <= character <= "\u30fe" or _is_jis_level_one(character)


_is_jis_level_one = _level_one("shift_jis", 0x88, 0x97)
_COMMON: dict[str, Callable[[str], bool]] = {
    "gb18030": _level_one("gb2312", 0xB0, 0xD7),
    "big5hkscs": _level_one("big5", 0xA4, 0xC6),
    "cp932": _is_japanese,
}
