"""Opens the container of an Outlook .msg file. Its peer is the file; nothing is written.

Source: [MS-OXMSG] 2.2 to 2.4: storages for receivers and attachments, a stream of 16-byte
entries for the properties, one stream for each property of variable size.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from parsers.errors import LimitError, ParserError
from parsers.letter.mapi import DEEPEST, FIXED_BYTES, OBJECT, Attachment, Message, Properties

_STREAM = 2
_ENTRIES = "__properties_version1.0"
_ROOT_HEADER_BYTES, _INNER_HEADER_BYTES, _PART_HEADER_BYTES = 32, 24, 8
_DATA, _OLE_OBJECT = 0x3701, 6
_ATTACH_METHOD = 0x3705


def open_msg(path: Path, *, most_parts: int) -> Message:
    """The message in a .msg file, with the messages attached to it.

    Raises:
        ParserError: `damaged` when the container cannot be followed.
        LimitError: When its streams claim more bytes than the file has (they overlap), or there are too many.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            return _Container(ole, path.stat().st_size, most_parts).message((), _ROOT_HEADER_BYTES, "", 0)
    except ParserError:
        raise
    except (
        OSError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        struct.error,
    ) as error:
        # The library checks little: a broken directory ends in any of these. A file that can be opened is no trouble of ours.
        raise ParserError("damaged", f"{type(error).__name__} in the OLE container") from error


class _Container:
    """An open OLE file and how much may still be taken out of it."""

    def __init__(self, ole: Any, bytes_left: int, parts_left: int) -> None:
        self._ole = ole
        self._bytes_left = bytes_left
        self._parts_left = parts_left

    def message(self, place: Sequence[str], header_bytes: int, charset: str, depth: int) -> Message:
        """The message in the storage at `place`."""
        entries = self._entries(place)
        message = Message(self._properties(place, entries, header_bytes))
        message.properties.learn_charset(charset)
        charset = message.properties.charset
        for name in sorted(entries):
            inner = (*place, name)
            if name.startswith("__recip_version1.0_#"):
                self._count()
                receiver = self._properties(inner, self._entries(inner), _PART_HEADER_BYTES)
                receiver.charset = charset
                message.receivers.append(receiver)
            elif name.startswith("__attach_version1.0_#"):
                self._count()
                message.attachments.append(self._attachment(inner, charset, depth))
        return message

    def _attachment(self, place: Sequence[str], charset: str, depth: int) -> Attachment:
        entries = self._entries(place)
        properties = self._properties(place, entries, _PART_HEADER_BYTES)
        properties.charset = charset
        attachment = Attachment(properties, properties.data(_DATA))
        inner = (*place, f"__substg1.0_{_DATA:04X}{OBJECT:04X}")
        if inner[-1] not in entries or entries[inner[-1]].entry_type == _STREAM:
            return attachment
        below = self._entries(inner)
        if _ENTRIES in below and depth < DEEPEST:
            attachment.message = self.message(inner, _INNER_HEADER_BYTES, charset, depth + 1)
        elif properties.number(_ATTACH_METHOD) == _OLE_OBJECT:
            attachment.data = self._ole_object(inner, below)
        return attachment

    def _ole_object(self, place: Sequence[str], entries: Mapping[str, Any]) -> bytes:
        """The largest stream of an embedded object: its picture or its document."""
        streams = [entry for entry in entries.values() if entry.entry_type == _STREAM]
        largest = max(streams, key=lambda entry: entry.size, default=None)
        return self._bytes((*place, largest.name), largest) if largest is not None else b""

    def _properties(self, place: Sequence[str], entries: Mapping[str, Any], header_bytes: int) -> Properties:
        """The properties of one object; a stream that is not there leaves its property out."""
        properties = Properties()
        if _ENTRIES not in entries:
            return properties
        table = self._bytes((*place, _ENTRIES), entries[_ENTRIES])[header_bytes:]
        for at in range(0, len(table) - 15, 16):
            kind, number = struct.unpack_from("<HH", table, at)
            if kind in FIXED_BYTES:
                properties.values[number] = (kind, table[at + 8 : at + 16])
                continue
            stream = f"__substg1.0_{number:04X}{kind:04X}"
            if stream in entries and entries[stream].entry_type == _STREAM:
                properties.values[number] = (kind, self._bytes((*place, stream), entries[stream]))
        return properties

    def _entries(self, place: Sequence[str]) -> dict[str, Any]:
        """What lies directly in the storage at `place`, by name."""
        entry = self._ole.root
        for name in place:
            entry = entry.kids_dict[name.lower()]
        return {kid.name: kid for kid in entry.kids}

    def _bytes(self, place: Sequence[str], entry: Any) -> bytes:
        self._bytes_left -= entry.size
        if self._bytes_left < 0:
            raise LimitError("streams that overlap, or are longer than the file")
        with self._ole.openstream(list(place)) as stream:
            return bytes(stream.read())

    def _count(self) -> None:
        self._parts_left -= 1
        if self._parts_left < 0:
            raise LimitError("too many receivers and attachments")
