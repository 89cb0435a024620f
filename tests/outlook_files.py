"""Outlook files written from a few plain values: .msg (an OLE compound file) and winmail.dat (TNEF).

Source: [MS-CFB] 2.2 to 2.6, [MS-OXMSG] 2, [MS-OXTNEF] 2.1.3. Properties are (number, type, value) as Outlook numbers them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

TEXT, TEXT_8_BIT, BINARY, OBJECT, INTEGER, BOOLEAN, TIME = 0x001F, 0x001E, 0x0102, 0x000D, 0x0003, 0x000B, 0x0040
Property = tuple[int, int, bytes]
_SECTOR, _MINI, _FREE, _END, _FAT = 512, 64, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class OutlookFile:
    """An attachment: a file, a message, or only the place of a file."""

    name: str = ""
    data: bytes = b""
    message: OutlookMessage | None = None
    content_id: str = ""
    hidden: bool = False
    media_type: str = ""
    place: str = ""


@dataclass(frozen=True)
class OutlookMessage:
    """What a test wants of a message; `code_page` other than 0 writes 8-bit texts in it."""

    subject: str = ""
    text: str = ""
    html: bytes = b""
    rtf: bytes = b""
    headers: str = ""
    sender: tuple[str, str] = ("", "")
    to: tuple[tuple[str, str], ...] = ()
    message_class: str = "IPM.Note"
    code_page: int = 0
    files: tuple[OutlookFile, ...] = field(default=())


def msg_file(message: OutlookMessage) -> bytes:
    """The message as Outlook saves it."""
    return compound_file(_message_storage(message, header_bytes=32))


def tnef_file(message: OutlookMessage) -> bytes:
    """The message as Outlook wraps it for another Outlook: winmail.dat."""
    out = bytearray(struct.pack("<IH", 0x223E9F78, 1))
    if message.code_page:
        out += _attribute(1, 0x9007, 6, struct.pack("<II", message.code_page, 0))
    out += _attribute(1, 0x9003, 6, _property_list(_properties(message)))
    for each in message.files:
        out += _attribute(2, 0x9002, 6, bytes(14))
        if message.code_page:
            out += _attribute(2, 0x8010, 1, each.name.encode(f"cp{message.code_page}") + b"\0")
        if each.message is None:
            out += _attribute(2, 0x800F, 6, each.data)
        out += _attribute(2, 0x9005, 6, _property_list(_file_properties(each, message.code_page, tnef=True)))
    return bytes(out)


def compound_file(root: dict[str, object]) -> bytes:
    """An OLE compound file: streams are bytes, storages are dictionaries."""
    entries: list[tuple[str, int, bytes, int]] = []  # name, type, content, index of the first child
    siblings: dict[int, list[int]] = {}

    def add(name: str, kind: int, content: object) -> int:
        number = len(entries)
        entries.append((name, kind, content if isinstance(content, bytes) else b"", -1))
        if isinstance(content, dict):
            order = sorted(content, key=lambda key: (len(key), key.upper()))
            siblings[number] = [add(key, 2 if isinstance(content[key], bytes) else 1, content[key]) for key in order]
        return number

    add("Root Entry", 5, root)
    mini, mini_fat = bytearray(), []
    starts: dict[int, int] = {}
    for number, (_, kind, content, _) in enumerate(entries):
        if kind == 2 and 0 < len(content) < 4096:
            starts[number] = len(mini) // _MINI
            mini_fat += _chain(len(mini) // _MINI, -(-len(content) // _MINI))
            mini += content.ljust(-(-len(content) // _MINI) * _MINI, b"\0")
    sectors = bytearray()
    fat: list[int] = []

    def store(content: bytes) -> int:
        if not content:
            return _END
        first, count = len(fat), -(-len(content) // _SECTOR)
        fat.extend(_chain(first, count))
        sectors.extend(content.ljust(count * _SECTOR, b"\0"))
        return first

    for number, (_, kind, content, _) in enumerate(entries):
        if kind == 2 and len(content) >= 4096:
            starts[number] = store(content)
    starts[0] = store(bytes(mini))
    mini_fat_start = store(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(-(-len(mini_fat) // 128) * 512, b"\xff"))
    directory = b"".join(
        _entry(number, each, siblings, starts=starts, mini_bytes=len(mini)) for number, each in enumerate(entries)
    )
    directory_start = store(_link(directory, siblings).ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    fat_sectors = 1
    while (len(fat) + fat_sectors) > fat_sectors * 128:
        fat_sectors += 1
    assert fat_sectors <= 109
    table = fat + [_FAT] * fat_sectors
    table += [_FREE] * (fat_sectors * 128 - len(table))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, fat_sectors, directory_start, 0, 4096, mini_fat_start, -(-len(mini_fat) // 128), _END, 0, len(fat),
    )  # fmt: skip
    rest = [len(fat) + number for number in range(1, fat_sectors)] + [_FREE] * (109 - fat_sectors)
    return header + struct.pack("<108I", *rest) + bytes(sectors) + struct.pack(f"<{len(table)}I", *table)


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END]


def _entry(
    number: int,
    entry: tuple[str, int, bytes, int],
    siblings: dict[int, list[int]],
    *,
    starts: dict[int, int],
    mini_bytes: int,
) -> bytes:
    name, kind, content, _ = entry
    raw = name.encode("utf-16-le")
    child = siblings[number][0] if siblings.get(number) else _FREE
    size = mini_bytes if number == 0 else len(content)
    return struct.pack(
        "<64sHBBIII16sIQQIII", raw, len(raw) + 2, kind, 1, _FREE, _FREE, child, bytes(16), 0, 0, 0,
        starts.get(number, 0 if kind == 1 else _END), size, 0,
    )  # fmt: skip


def _link(directory: bytes, siblings: dict[int, list[int]]) -> bytes:
    """Children of one storage hang on one another to the right: a tree, if a lean one."""
    linked = bytearray(directory)
    for children in siblings.values():
        for left, right in pairwise(children):
            struct.pack_into("<I", linked, left * 128 + 72, right)
    return bytes(linked)


def _message_storage(message: OutlookMessage, *, header_bytes: int) -> dict[str, object]:
    storage = _storage(_properties(message), header_bytes)
    for number, (name, address) in enumerate(message.to):
        receiver = [_text(0x3001, name), _text(0x39FE, address), (0x0C15, INTEGER, struct.pack("<I", 1))]
        storage[f"__recip_version1.0_#{number:08X}"] = _storage(receiver, 8)
    for number, each in enumerate(message.files):
        inner = _storage(_file_properties(each, message.code_page, tnef=False), 8)
        if each.message is not None:
            inner["__substg1.0_3701000D"] = _message_storage(each.message, header_bytes=24)
        storage[f"__attach_version1.0_#{number:08X}"] = inner
    return storage


def _storage(properties: Iterable[Property], header_bytes: int) -> dict[str, object]:
    table = bytearray(header_bytes)
    streams: dict[str, object] = {}
    for number, kind, value in properties:
        fixed = kind in {INTEGER, BOOLEAN, TIME}
        table += struct.pack("<HHI", kind, number, 6)
        table += value.ljust(8, b"\0") if fixed else struct.pack("<II", len(value), 0)
        if not fixed:
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = value
    return {"__properties_version1.0": bytes(table), **streams}


def _properties(message: OutlookMessage) -> list[Property]:
    page = message.code_page
    found = [
        _text(0x001A, message.message_class, page),
        _text(0x0037, message.subject, page),
        _text(0x1000, message.text, page),
        _text(0x007D, message.headers, page),
        _text(0x0042, message.sender[0], page),
        _text(0x5D02, message.sender[1], page),
        (0x1013, BINARY, message.html),
        (0x1009, BINARY, message.rtf),
    ]
    code_pages: list[Property] = [(0x3FFD, INTEGER, struct.pack("<I", page))] if page else []
    html_page: list[Property] = [(0x3FDE, INTEGER, struct.pack("<I", page or 65001))]
    return [each for each in found if each[2]] + code_pages + html_page


def _file_properties(file: OutlookFile, code_page: int, *, tnef: bool) -> list[Property]:
    method = 5 if file.message else 4 if file.place else 1
    found = [
        _text(0x3707, file.name, code_page),
        _text(0x3712, file.content_id),
        _text(0x370E, file.media_type),
        _text(0x370D, file.place),
        (0x3705, INTEGER, struct.pack("<I", method)),
        (0x7FFE, BOOLEAN, struct.pack("<H", file.hidden)),
    ]
    if file.message is not None and tnef:
        interface = bytes.fromhex("0703020000000000c000000000000046")
        found.append((0x3701, OBJECT, interface + tnef_file(file.message)))
    elif file.data and not tnef:
        found.append((0x3701, BINARY, file.data))
    return [each for each in found if each[2]]


def _text(number: int, text: str, code_page: int = 0) -> Property:
    if code_page:
        return number, TEXT_8_BIT, text.encode(f"cp{code_page}")
    return number, TEXT, text.encode("utf-16-le")


def _attribute(level: int, number: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, number, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _property_list(properties: Sequence[Property]) -> bytes:
    out = bytearray(struct.pack("<I", len(properties)))
    for number, kind, value in properties:
        out += struct.pack("<HH", kind, number)
        if kind in {INTEGER, BOOLEAN, TIME}:
            out += value.ljust(-(-len(value) // 4) * 4, b"\0")
            continue
        ended = value + {TEXT: b"\0\0", TEXT_8_BIT: b"\0"}.get(kind, b"")
        out += struct.pack("<II", 1, len(ended)) + ended.ljust(-(-len(ended) // 4) * 4, b"\0")
    return bytes(out)
