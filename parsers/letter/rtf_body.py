"""Bodies that Outlook kept as RTF: compressed, and often HTML in disguise. Pure.

Source: [MS-OXRTFCP] (compression, by the library `compressed-rtf`), [MS-OXRTFEX] 2.1.3 and 3.2 (HTML within RTF),
RTF specification 1.9.1 for code pages and Unicode. Not a reader of RTF documents: no tables, no styles, no pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.text.decoding import decode_text

LARGEST_COMPRESSED_BYTES = 1 << 20
"""Takes about five seconds at the worst ratio (1 : 8.5); bodies of letters stay under a tenth of it."""

_TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_HIDDEN = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "mhtmltag", "fldinst", "listtable"})  # fmt: skip
_BREAKS = {"par": "\r\n", "line": "\r\n", "row": "\r\n", "page": "\r\n", "sect": "\r\n", "tab": "\t", "cell": "\t"}
_MARKS = {
    "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022",
    "endash": "\u2013", "emdash": "\u2014", "emspace": "\u2003", "enspace": "\u2002",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "\u2011", b"\n": "\r\n", b"\r": "\r\n", b"\\": "\\", b"{": "{", b"}": "}"}
_CODE_PAGE_OF_CHARSET = {134: 936, 136: 950, 128: 932, 129: 949, 204: 1251, 238: 1250, 161: 1253, 162: 1254, 177: 1255, 178: 1256, 186: 1257}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RtfBody:
    """A letter's text out of RTF."""

    text: str
    is_html: bool


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within one group."""

    hidden: bool = False
    not_html: bool = False
    """Between htmlrtf and htmlrtf0: RTF's own rendering of what the tags say."""
    charset: str = ""
    unicode_skip: int = 1


def decompressed(data: bytes) -> bytes:
    """The RTF in a PidTagRtfCompressed property; empty when it is damaged or too long."""
    from compressed_rtf import decompress

    if not 16 < len(data) <= LARGEST_COMPRESSED_BYTES:
        return b""
    try:
        return bytes(decompress(data))
    except Exception:  # noqa: BLE001 -- the library raises bare Exception and struct.error; a body is no reason to lose a letter
        return b""


def read_rtf_body(rtf: bytes) -> RtfBody:
    """The HTML that was put into `rtf`, or else its own text; empty when there is none."""
    is_html = b"\\fromhtml" in rtf[:2_000]
    return RtfBody(_Reader(rtf, is_html=is_html).read(), is_html)


class _Reader:
    """One pass over the tokens; groups are kept on a list, so depth costs nothing."""

    def __init__(self, rtf: bytes, *, is_html: bool) -> None:
        self._rtf = rtf
        self._is_html = is_html
        code_page = re.search(rb"\\ansicpg(\d{1,5})", rtf[:1_000])
        self._ansi = f"cp{int(code_page[1])}" if code_page else "cp1252"
        self._fonts = _font_charsets(rtf)
        self._groups: list[_State] = []
        self._now = _State(charset=self._ansi)
        self._bytes = bytearray()
        self._out: list[str] = []
        self._skip = 0
        self._resume = 0
        self._starred = False

    def read(self) -> str:
        for token in _TOKEN.finditer(self._rtf):
            if token.start() < self._resume:
                continue
            word, number, code, symbol, brace, text = token.groups()
            if code:
                self._add_bytes(bytes((int(code, 16),)))
            elif text:
                self._add_bytes(text)
            elif brace:
                self._brace(brace)
            elif word:
                self._word(word.decode("ascii"), int(number) if number else None, token.end())
            elif symbol == b"*":
                self._starred = True
            elif symbol in _SYMBOLS:
                self._add(_SYMBOLS[symbol])
        self._flush()
        return "".join(self._out)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._starred = False
        if brace == b"{":
            self._groups.append(self._now)
        elif self._groups:
            self._now = self._groups.pop()

    def _word(self, word: str, number: int | None, end: int) -> None:
        starred, self._starred = self._starred, False
        if word == "u" and number is not None:
            self._flush()
            self._add(chr(number % 0x10000))
            self._skip = self._now.unicode_skip
            return
        self._flush()
        if word == "bin":
            self._resume = end + max(number or 0, 0)
        elif text := _BREAKS.get(word) or _MARKS.get(word):
            self._add(text)
        else:
            self._now = self._changed(word, number, starred=starred)

    def _changed(self, word: str, number: int | None, *, starred: bool) -> _State:
        """What holds for the rest of the group."""
        if word == "htmltag":  # markup of the HTML: starred, and yet shown
            return self._now
        if word == "htmlrtf":
            return replace(self._now, not_html=number != 0)
        if word in _HIDDEN or starred:
            return replace(self._now, hidden=True)
        if word == "uc" and number is not None:
            return replace(self._now, unicode_skip=max(0, min(number, 8)))
        if word in {"f", "af"} and number is not None:
            return replace(self._now, charset=self._fonts.get(number, self._ansi))
        return replace(self._now, charset=self._ansi) if word == "plain" else self._now

    def _add_bytes(self, data: bytes) -> None:
        if self._skip:  # the ANSI fallback of a Unicode character
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if self._shown:
            self._bytes += data

    def _add(self, text: str) -> None:
        self._flush()
        if self._shown:
            self._out.append(text)

    @property
    def _shown(self) -> bool:
        return not self._now.hidden and not (self._is_html and self._now.not_html)

    def _flush(self) -> None:
        """Bytes are decoded together: one character may be two of them, each written as a code of its own."""
        if self._bytes:
            self._out.append(decode_text(bytes(self._bytes), self._now.charset)[0])
            self._bytes.clear()


def _font_charsets(rtf: bytes) -> dict[int, str]:
    """The charset of each font that names one."""
    fonts = {}
    for match in re.finditer(rb"\\f(\d{1,5})(?:\\[a-z]+-?\d*\s?){0,6}?\\fcharset(\d{1,3})", rtf[:200_000]):
        code_page = _CODE_PAGE_OF_CHARSET.get(int(match[2]))
        if code_page:
            fonts[int(match[1])] = f"cp{code_page}"
    return fonts
