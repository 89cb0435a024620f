"""One letter's body, fetched in bounded pieces from servers that do not all play by the book."""

from __future__ import annotations

import imaplib
from collections.abc import Mapping
from typing import Any

from intake.edges.mailboxes.wire import WireClient
from intake.errors import BodyUnavailableError, MailboxError

SIZE_TOLERANCE = 0.05
"""RFC822.SIZE may exceed the body by this share (some servers estimate it); a larger gap is a torn letter."""
_ASKS = 2


class BodyFetch:
    """Where we stand in one letter. `next_piece` until `complete`; safe to go on over a new connection."""

    def __init__(self, uid: int, *, piece_bytes: int) -> None:
        self.complete = False
        self.written_bytes = 0
        self._uid = uid
        self._piece_bytes = piece_bytes
        self._size_bytes: int | None = None

    def next_piece(self, client: WireClient) -> bytes:
        """The next bytes of the body; empty when there are none left or the letter is gone.

        Raises: BodyUnavailableError, MailboxError (the letter went away half-way).
        """
        piece = b""
        for _ in range(_ASKS):
            answer = self._ask(client, partial=True)
            if answer is not None:
                piece = answer
                break
        else:
            if not client.uid_search(("UID", str(self._uid))):
                return self._gone()
            if self.written_bytes == 0:
                piece = self._ask(client, partial=False) or b""  # some know only whole bodies
        return self._taken(piece)

    def _taken(self, piece: bytes) -> bytes:
        self.written_bytes += len(piece)
        size = self._size_bytes
        if not piece:
            self._check_whole()
            self.complete = True
        elif size is not None and self.written_bytes == size:
            self.complete = True  # saves the round trip that would only bring an empty piece
        return piece

    def _gone(self) -> bytes:
        if self.written_bytes:
            raise MailboxError(f"letter {self._uid} went away while being fetched", temporary=True)
        self.complete = True
        return b""

    def _check_whole(self) -> None:
        if self.written_bytes == 0:
            raise BodyUnavailableError(f"letter {self._uid} is listed but has no body")
        if self._size_bytes and self.written_bytes < self._size_bytes * (1 - SIZE_TOLERANCE):
            said = f"{self.written_bytes} of {self._size_bytes} bytes"
            raise BodyUnavailableError(f"letter {self._uid} is listed but comes torn: {said}")

    def _ask(self, client: WireClient, *, partial: bool) -> bytes | None:
        """What one FETCH brings from where we stand; None when the answer holds no body at all."""
        offset = self.written_bytes
        item = f"BODY.PEEK[]<{offset}.{self._piece_bytes}>" if partial else "BODY.PEEK[]"
        items = [item] if self._size_bytes is not None else ["RFC822.SIZE", item]
        try:
            told: Mapping[bytes, Any] = client.fetch([self._uid], items).get(self._uid, {})
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:  # NO or BAD: refused, the connection stands
            return None
        size = told.get(b"RFC822.SIZE")
        if isinstance(size, int):
            self._size_bytes = size
        for key, value in told.items():
            if key == b"BODY[]":  # the partial was ignored: this is the whole body
                return self._unless_too_early(_bytes(value)[offset:])
            if key == f"BODY[]<{offset}>".encode():
                return self._unless_too_early(_bytes(value))
        return None

    def _unless_too_early(self, piece: bytes) -> bytes | None:
        """An empty piece is the end only when the announced size is reached."""
        ended = self._size_bytes is not None and self.written_bytes >= max(self._size_bytes, 1)
        return piece if piece or ended else None


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode()  # a body of digits only comes as a number
