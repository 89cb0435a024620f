"""Opens winmail.dat (TNEF): what Outlook wraps a letter in for other Outlooks. Pure.

A flat run of attributes, each with level, number, length, data and a checksum that programs
get wrong and is not looked at. A file cut off gives what stands before the cut.
Source: [MS-OXTNEF] 2.1.3 (structure), 2.1.3.4 and 2.1.3.5 (message and attachment attributes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from parsers.errors import LimitError, ParserError
from parsers.letter.mapi import (
    BINARY,
    DEEPEST,
    FIXED_BYTES,
    OBJECT,
    TEXT,
    TEXT_8_BIT,
    Attachment,
    Message,
    Properties,
    charset_of,
)

SIGNATURE = b"\x78\x9f\x3e\x22"
_MESSAGE = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
"""IID_IMessage before an attached message."""
_SUBJECT, _BODY, _PROPERTIES, _RECEIVERS, _CODE_PAGE = 0x8004, 0x800C, 0x9003, 0x9004, 0x9007
_NEXT_ATTACHMENT, _TITLE, _DATA, _ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005
_PID_SUBJECT, _PID_BODY, _PID_FILE_NAME, _PID_DATA = 0x0037, 0x1000, 0x3704, 0x3701
_MULTIPLE = 0x1000
_NAMED = 0x8000
_MOST_PROPERTIES = 10_000


def open_tnef(data: bytes, *, most_parts: int, depth: int = 0, charset: str = "") -> Message:
    """The message in a TNEF stream, with the messages attached to it.

    Raises:
        ParserError: `damaged` when not even the first attribute is there.
        LimitError: When there are too many attachments or receivers.
    """
    message = Message(Properties(charset=charset))
    found = False
    for number, content in _attributes(data):
        found = True
        if number == _CODE_PAGE and len(content) >= 4:
            message.properties.charset = charset_of(int.from_bytes(content[:4], "little"))
        elif number == _SUBJECT:
            message.properties.values.setdefault(_PID_SUBJECT, (TEXT_8_BIT, content))
        elif number == _BODY:
            message.properties.values.setdefault(_PID_BODY, (TEXT_8_BIT, content))
        elif number == _PROPERTIES:
            message.properties.values.update(_Table(content).properties())
        elif number == _RECEIVERS:
            message.receivers = _receivers(content, message.properties.charset, most_parts)
        else:
            _add_to_attachments(message, number, content, depth=depth, most_parts=most_parts)
    if not found:
        raise ParserError("damaged", "a TNEF stream without attributes")
    return message


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each attribute; the last one may be cut off."""
    at = 6
    while at + 9 <= len(data):
        number, _, size = struct.unpack_from("<HHI", data, at + 1)
        if data[at] not in {1, 2}:  # neither message nor attachment: what follows is no attribute
            return
        yield number, data[at + 9 : at + 9 + size]
        at += 9 + size + 2


def _add_to_attachments(message: Message, number: int, content: bytes, *, depth: int, most_parts: int) -> None:
    """One attribute of the attachment it follows."""
    if number == _NEXT_ATTACHMENT:
        if len(message.attachments) >= most_parts:
            raise LimitError(f"more than {most_parts} attachments")
        message.attachments.append(Attachment(Properties(charset=message.properties.charset)))
    if not message.attachments:
        return
    attachment = message.attachments[-1]
    if number == _TITLE:
        attachment.properties.values.setdefault(_PID_FILE_NAME, (TEXT_8_BIT, content))
    elif number == _DATA:
        attachment.data = content
    elif number == _ATTACHMENT:
        attachment.properties.values.update(_Table(content).properties())
        object_data = attachment.properties.data(_PID_DATA)
        if not object_data.startswith(_MESSAGE):
            is_object = attachment.properties.values.get(_PID_DATA, (0,))[0] == OBJECT
            attachment.data = attachment.data or object_data[16 if is_object else 0 :]  # what its interface is, first
        elif depth < DEEPEST and object_data[16:20] == SIGNATURE:
            charset = message.properties.charset
            attachment.message = open_tnef(object_data[16:], most_parts=most_parts, depth=depth + 1, charset=charset)


def _receivers(content: bytes, charset: str, most: int) -> list[Properties]:
    table = _Table(content)
    count = table.number()
    if count > most:
        raise LimitError(f"more than {most} receivers")
    return [Properties(table.properties(), charset) for _ in range(count) if not table.ended]


class _Table:
    """A run of property lists, read from the front. What is cut off is left out. Source: [MS-OXTNEF] 2.1.3.4."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def ended(self) -> bool:
        return self._at >= len(self._data)

    def number(self) -> int:
        """The next 32-bit number."""
        return int.from_bytes(self._take(4), "little")

    def properties(self) -> dict[int, tuple[int, bytes]]:
        """The next list. Named properties and all but the first of several values are left out."""
        values: dict[int, tuple[int, bytes]] = {}
        for _ in range(min(self.number(), _MOST_PROPERTIES)):
            if self.ended:
                break
            kind, number = struct.unpack("<HH", self._take(4).ljust(4, b"\0"))
            if number >= _NAMED:
                self._skip_name()
            several = bool(kind & _MULTIPLE)
            kind &= ~_MULTIPLE
            if kind not in FIXED_BYTES and kind not in {TEXT, TEXT_8_BIT, BINARY, OBJECT}:
                break  # its size is unknown: where the next one begins cannot be told
            content = self._values(kind, several=several)
            if number < _NAMED and not several:
                values[number] = (kind, content)
        return values

    def _skip_name(self) -> None:
        self._take(16)
        if self.number() == 0:
            self._take(4)
        else:
            self._padded(self.number())

    def _values(self, kind: int, *, several: bool) -> bytes:
        """The first of one or more values; the others are passed over."""
        if kind in FIXED_BYTES:
            count = self.number() if several else 1
            content = self._take(FIXED_BYTES[kind])
            self._padded(FIXED_BYTES[kind] * (count - 1) if count > 1 else 0)
            self._at += -self._at % 4
            return content
        count = self.number()
        content = self._padded(self.number()) if count else b""
        for _ in range(count - 1):
            if self.ended:
                break
            self._padded(self.number())
        return content

    def _padded(self, size: int) -> bytes:
        content = self._take(size)
        self._at += -size % 4
        return content

    def _take(self, size: int) -> bytes:
        content = self._data[self._at : self._at + size]
        self._at += size
        return content
