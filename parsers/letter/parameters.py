"""Content-Type and Content-Disposition: the value, its parameters, the file's name. Pure.

Source: RFC 2045 §5.1, RFC 2231 §3 and §4, and what clients write instead: encoded words in
quotes, raw 8-bit names, unquoted names with spaces, quotes inside quotes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from parsers.letter.characters import file_name, one_line
from parsers.letter.headers import decode_words
from parsers.text.decoding import decode_text

_LONGEST_CHARACTERS = 8_000
# A quote closes the value only when a parameter or the end follows: names hold bare quotes.
_PARAMETER = re.compile(r""";\s*([^=;\s"]+)\s*=\s*("(?:[^"\\]|\\.|"(?!\s*(?:;|$)))*"|[^;]*)""", re.DOTALL)
_VALUE = re.compile(r"\s*[^\s;/=()\"]+(?:\s*/\s*[^\s;/=()\"]+)?(?!\s*=)")
_COMMENT = re.compile(r"^\s*\([^()]*\)")
_SECTION = re.compile(r"([^*]+)\*(?:(\d{1,4})(\*)?)?")
_PERCENT_NAME = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f]){2}")
_ALREADY_LOST = re.compile(r"\ufffd|\?\?")


@dataclass(frozen=True, slots=True)
class Value:
    """A header of the shape `value; name=text; …`."""

    value: str
    """Lower case, without parameters and comments."""
    parameters: dict[str, str]
    """Lower-case names; texts decoded. The first of equal names wins."""

    def parameter(self, name: str) -> str:
        """The parameter's text; empty when absent."""
        return self.parameters.get(name, "")


@functools.lru_cache(maxsize=256)
def parse_value(undecoded: str) -> Value:
    """A structured header taken apart; anything unreadable is left out."""
    head, rest = _split(undecoded[:_LONGEST_CHARACTERS])
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(rest):
        name, content = match[1].lower(), _unquoted(match[2].strip())
        section = _SECTION.fullmatch(name)
        if section is None:
            plain.setdefault(name, content)
        else:
            encoded = section[2] is None or section[3] is not None
            sections.setdefault(section[1], {}).setdefault(int(section[2] or 0), (content, encoded))
    joined = {name: _joined(parts) for name, parts in sections.items()}
    words = {name: decode_words(content) for name, content in plain.items()}
    return Value(head.lower(), words | {name: text for name, text in joined.items() if text})


def name_of_file(disposition: Value, content_type: Value) -> str:
    """The name the sender gave the file, cleaned; empty when none.

    The disposition's name comes first, unless its characters were lost on the way and the type's were not.
    """
    given = [
        file_name(_percent_decoded(one_line(text)))
        for text in (disposition.parameter("filename"), content_type.parameter("name"))
    ]
    names = [name for name in given if name]
    return next((name for name in names if not _ALREADY_LOST.search(name)), names[0] if names else "")


def _split(text: str) -> tuple[str, str]:
    """The value, and the rest opened by a semicolon even where the sender forgot it."""
    head = _VALUE.match(text)
    rest = _COMMENT.sub("", text[head.end() :], count=1).lstrip() if head else text.lstrip()
    value = "".join(head[0].split()) if head else ""
    return value, rest if rest.startswith(";") or not rest else f";{rest}"


def _unquoted(text: str) -> str:
    """The content of a quoted string; a backslash only escapes a quote or itself, else it is part of a Windows path."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", text[1:-1])
    return text.strip('"')


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231 sections as one text: bytes are joined before the charset is applied."""
    charset: str | None = None
    data = b""
    for number in sorted(parts):
        content, encoded = parts[number]
        if encoded and number == min(parts) and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        given = content.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(given) if encoded else given
    return decode_words(decode_text(data, charset)[0])


def _percent_decoded(name: str) -> str:
    """A plain name that is really a URL-encoded UTF-8 one, decoded; every other name as it is."""
    if not _PERCENT_NAME.search(name):
        return name
    try:
        return unquote_to_bytes(name).decode("utf-8")
    except UnicodeDecodeError:
        return name
