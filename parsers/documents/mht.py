"""Web archives (.mht): a page and its pictures in one MIME file, as Word, WPS and browsers save them. Pure.

Source: RFC 2557.
"""

from __future__ import annotations

import email.parser
import email.policy
import posixpath
from collections.abc import Callable
from email.message import Message
from urllib.parse import unquote

from parsers.errors import LimitError, ParserError

_MOST_PARTS = 5_000


def open_web_archive(data: bytes) -> tuple[bytes, str | None, Callable[[str], bytes | None]]:
    """The page, the charset its part declares, and what finds a picture by the address the page gives it.

    Raises:
        ParserError: `damaged` when no page is in it.
        LimitError: More parts, or deeper nested ones, than any page has.
    """
    if data.count(b"\n--") > 4 * _MOST_PARTS:
        raise LimitError("too many parts")
    try:
        message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
        leaves = [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise LimitError("parts nested too deeply") from error
    if len(leaves) > _MOST_PARTS:
        raise LimitError(f"{len(leaves)} parts")
    page = _page(message, leaves)
    if page is None:
        raise ParserError("damaged", "no page in the web archive")
    return _content(page), _charset(page), _Parts(page, leaves).find


class _Parts:
    """The parts of an archive by the names pages call them."""

    def __init__(self, page: Message, leaves: list[Message]) -> None:
        self._folder = posixpath.dirname(_plain(_header(page, "content-location")))
        self._by_address: dict[str, Message] = {}
        self._by_name: dict[str, Message | None] = {}
        """By file name alone, None where two parts share it: folders in another charset match nothing."""
        for part in leaves:
            if part is page:
                continue
            if identifier := _header(part, "content-id").strip("<> "):
                self._by_address.setdefault(_plain(f"cid:{identifier}"), part)
            if location := _header(part, "content-location"):
                self._by_address.setdefault(_plain(location), part)
                name = posixpath.basename(_plain(location))
                self._by_name[name] = None if name in self._by_name else part

    def find(self, address: str) -> bytes | None:
        """The content of the part meant; None when the archive does not hold it."""
        plain = _plain(address)
        candidates = (plain, posixpath.normpath(posixpath.join(self._folder, plain)))
        part = next((self._by_address[name] for name in candidates if name in self._by_address), None)
        if part is None and not plain.startswith(("http:", "https:")):
            part = self._by_name.get(posixpath.basename(plain))
        return None if part is None else _content(part)


def _page(message: Message, leaves: list[Message]) -> Message | None:
    """The part named as the start, else the first page."""
    pages = [part for part in leaves if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = message.get_param("start")
    if isinstance(start, str):
        named = next((part for part in pages if _header(part, "content-id").strip("<> ") == start.strip("<> ")), None)
        if named is not None:
            return named
    return pages[0] if pages else None


def _plain(address: str) -> str:
    """An address in the form addresses are compared in: no escapes, no query, forward slashes, lower case."""
    unescaped = unquote(address.strip()).replace("\\", "/").lower()
    if not unescaped.startswith("cid:"):
        unescaped = unescaped.partition("#")[0].partition("?")[0]
    return posixpath.normpath(unescaped) if unescaped else ""


def _header(part: Message, name: str) -> str:
    # Folded addresses are one address; raw 8-bit ones come as Header objects.
    return "".join(str(part.get(name, "")).split())


def _charset(part: Message) -> str | None:
    charset = part.get_param("charset")
    return charset if isinstance(charset, str) else None


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
