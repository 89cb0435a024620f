"""What Outlook keeps of a message: numbered properties, receivers, attachments; the same in .msg and winmail.dat. Pure.

Rejected: python-oxmsg and tnefparse. Both decode 8-bit text strictly with the code page the file declares:
of 29 samples the first raises on one body and gives mojibake for one subject, the second loses both
file names of the one file in cp936 and swallows the error.
Source: [MS-OXPROPS], [MS-OXCDATA] 2.11.1 for types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from parsers.text.decoding import decode_text

DEEPEST = 10
"""Messages attached to one another; deeper ones are left shut."""

TEXT = 0x001F
TEXT_8_BIT = 0x001E
BINARY = 0x0102
OBJECT = 0x000D
TIME = 0x0040
INTEGER = 0x0003
INTEGER_16 = 0x0002
BOOLEAN = 0x000B
FIXED_BYTES = {INTEGER_16: 2, INTEGER: 4, 0x0004: 4, 0x000A: 4, BOOLEAN: 2, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, TIME: 8, 0x0048: 16}  # fmt: skip
"""Types of fixed size, in bytes."""

_INTERNET_CODE_PAGE, _MESSAGE_CODE_PAGE, _LOCALE = 0x3FDE, 0x3FFD, 0x3FF1
_CODE_PAGE_OF_LOCALE = {2052: 936, 4100: 936, 1028: 950, 3076: 950, 5124: 950, 1041: 932, 1042: 949, 1049: 1251, 1058: 1251, 1045: 1250, 1029: 1250, 1032: 1253, 1055: 1254}  # fmt: skip
"""[MS-LCID] for those whose 8-bit text is not Western."""
_NOT_BY_NUMBER = {65001: "utf-8", 20127: "ascii", 28591: "iso8859-1", 54936: "gb18030", 20936: "gb18030", 51936: "gb18030", 52936: "hz", 20866: "koi8-r", 1200: "utf-16-le", 10008: "gb18030", 50220: "iso2022_jp"}  # fmt: skip
_1601 = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Properties:
    """The properties of one object by number, each with its type and its bytes."""

    values: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    charset: str = ""
    """Of 8-bit texts, as the file declares it; only a hint. Empty when it declares none."""

    def text(self, *numbers: int) -> str:
        """The first of these properties that holds text; empty when none does. What follows a NUL is no text."""
        for number in numbers:
            kind, data = self.values.get(number, (0, b""))
            if kind == TEXT:
                text = data[: len(data) & ~1].decode("utf-16-le", "replace")
            elif kind == TEXT_8_BIT:
                text = decode_text(data.split(b"\x00", 1)[0], self.charset)[0]
            else:
                continue
            if text := text.split("\x00", 1)[0].strip():
                return text
        return ""

    def data(self, number: int) -> bytes:
        """The bytes of a binary property; empty when there is none."""
        kind, data = self.values.get(number, (0, b""))
        return data if kind in {BINARY, OBJECT} else b""

    def number(self, number: int, default: int = 0) -> int:
        """The value of an integer or boolean property."""
        kind, data = self.values.get(number, (0, b""))
        return (
            int.from_bytes(data[: FIXED_BYTES[kind]], "little") if kind in {INTEGER, INTEGER_16, BOOLEAN} else default
        )

    def moment(self, *numbers: int) -> datetime | None:
        """The first of these time properties, aware; None when none can be read."""
        for number in numbers:
            kind, data = self.values.get(number, (0, b""))
            if kind == TIME and len(data) >= 8 and (ticks := int.from_bytes(data[:8], "little")):
                try:
                    return _1601 + timedelta(microseconds=ticks // 10)
                except OverflowError:
                    continue
        return None

    def learn_charset(self, outer: str = "") -> None:
        """Sets `charset` from the message's own code pages, else from the object around it."""
        locale = self.number(_LOCALE)
        of_locale = _CODE_PAGE_OF_LOCALE.get(locale, 1252) if locale else 0
        code_page = self.number(_MESSAGE_CODE_PAGE) or of_locale or self.number(_INTERNET_CODE_PAGE)
        self.charset = charset_of(code_page) or outer

    @property
    def html_charset(self) -> str:
        """Of a body kept as bytes."""
        return charset_of(self.number(_INTERNET_CODE_PAGE)) or self.charset


@dataclass(slots=True)
class Attachment:
    """One attachment: its properties, and either bytes or a message of its own."""

    properties: Properties
    data: bytes = b""
    message: Message | None = None


@dataclass(slots=True)
class Message:
    """An Outlook message, out of whichever container."""

    properties: Properties = field(default_factory=Properties)
    receivers: list[Properties] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def charset_of(code_page: int) -> str:
    """A charset's name for a Windows code page; empty for 0 and whatever is none."""
    return _NOT_BY_NUMBER.get(code_page, f"cp{code_page}" if 0 < code_page < 60_000 else "")
