"""Header values as people meant them: raw 8-bit bytes, RFC 2047 words, folding. Pure.

Rejected: `email.policy.default`, which replaces characters that a mailer split
across two encoded words, and gives up on raw 8-bit bytes (both measured).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable

from parsers.letter.characters import one_line
from parsers.letter.transfer import base64_bytes
from parsers.text.decoding import decode_text

LONGEST_VALUE = 256_000
"""Characters looked at in one header; addresses of a thousand receivers fit."""
LONGEST_TEXT = 20_000
"""Characters kept of a header that is read as text."""

# A literal "?" inside Q text is wrong and happens; the bounds keep hostile values linear.
_WORD = re.compile(r"=\?([^?\s]{0,64})\?([BbQq])\?((?:[^?]|\?(?!=)){0,2000})\?=", re.DOTALL)
_RAW_WORD = re.compile(rb"=\?[^?\s]{1,64}\?[Qq]\?[^?]{0,2000}\?=")
_FOLD = re.compile(rb"\r\n|\r|\n")


class Headers:
    """The header fields of one part, in order, values still as `email` stores them (surrogate escapes)."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._items = [(name.lower(), str(value)) for name, value in items]

    def names(self) -> tuple[str, ...]:
        """Lower-case field names, in order, with repeats."""
        return tuple(name for name, _ in self._items)

    def undecoded(self, name: str) -> str:
        """The first field's value unfolded, 8-bit bytes read, encoded words left alone; empty when absent."""
        return next((unfolded(value) for key, value in self._items if key == name), "")

    def stored(self, name: str) -> str:
        """The first field's value unfolded, 8-bit bytes still as surrogate escapes; empty when absent."""
        return next((re.sub(r"[\r\n]+", "", value)[:LONGEST_VALUE] for key, value in self._items if key == name), "")

    def all_undecoded(self, name: str) -> tuple[str, ...]:
        """Every field's value as `undecoded` gives it, topmost first; empty when absent."""
        return tuple(unfolded(value) for key, value in self._items if key == name)

    def text(self, name: str) -> str:
        """The first field's value as one printable line; empty when absent."""
        return one_line(decode_words(self.undecoded(name)[:LONGEST_TEXT]))


def unfolded(value: str) -> str:
    """A value without its line breaks; raw bytes read as UTF-8, GB18030 or Big5.

    Source: RFC 5322 §2.2.3 for folding; raw GBK subjects and names measured from web forms and old clients.
    """
    data = _FOLD.sub(b"", value[:LONGEST_VALUE].encode("utf-8", "surrogateescape"))
    if not data.isascii():  # a raw byte inside an encoded word is of the word's charset, not of the line's
        data = _RAW_WORD.sub(lambda word: re.sub(rb"[\x80-\xff]", lambda raw: b"=%02X" % raw[0][0], word[0]), data)
    text = decode_text(data)[0] if not data.isascii() else data.decode("ascii")
    return text.strip()


def decode_words(text: str) -> str:
    """`text` with its RFC 2047 encoded words decoded; white space between two words goes.

    Neighbouring words of one charset are joined as bytes first, since mailers cut inside
    characters. Words are found inside quotes too (RFC 2047 §5 forbids it, clients do it).
    """
    pieces: list[str] = []
    words: list[tuple[str, str, str]] = []
    position = 0
    for match in _WORD.finditer(text):
        gap = text[position : match.start()]
        if gap.strip() or not words:
            pieces += [_joined(words), gap]
            words = []
        words.append((_charset(match[1]), match[2].upper(), match[3]))
        position = match.end()
    return "".join([*pieces, _joined(words), text[position:]])


def _charset(label: str) -> str:
    """The label without an RFC 2231 language; the three names for GB18030 bytes are one."""
    name = label.partition("*")[0].lower()
    return "gb18030" if name in {"gb2312", "gbk"} else name


def _joined(words: list[tuple[str, str, str]]) -> str:
    """The text of a run of encoded words."""
    runs: list[tuple[str, bytes]] = []
    open_base64 = ""
    for number, (charset, encoding, content) in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else None
        if encoding == "B":
            encoded = open_base64 + "".join(content.split())
            # Cut inside a group of four: the rest of the group opens the next word.
            if following and following[:2] == (charset, "B") and "=" not in encoded and len(encoded) % 4:
                open_base64 = encoded
                continue
            data, open_base64 = base64_bytes(encoded.encode("utf-8", "surrogateescape")), ""
        else:
            data = binascii.a2b_qp(content.encode("utf-8", "surrogateescape"), header=True)
        if runs and runs[-1][0] == charset:
            runs[-1] = (charset, runs[-1][1] + data)
        else:
            runs.append((charset, data))
    return "".join(decode_text(data, charset)[0] for charset, data in runs)
