"""How a command and its answer look on the wire, in IMAP and in SMTP: as much as a proxy must know to break one of them.

Pure, but for the streams read from.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Protocol

GREETING = "greeting"
LETTER = "letter"
"""What stands between `354` and the answer to the final dot."""

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


class Dialogue(Protocol):
    """One connection's state."""

    def command(self, client: BinaryIO) -> bytes:
        """The next thing the client says, whole; empty at its end."""
        ...

    def name(self, said: bytes) -> str:
        """What kind of command that is."""
        ...

    def answer(self, server: BinaryIO, said: bytes) -> list[bytes]:
        """All the server says to it, in pieces: a line, or the content of a literal; ends early when it hangs up."""
        ...

    def refusal(self, said: bytes, words: str) -> bytes:
        """The answer `words` (`NO not now`, `451 not now`) to that command."""
        ...


class ImapDialogue:
    """Commands with tags, answers with literals (RFC 3501 §2.2)."""

    def command(self, client: BinaryIO) -> bytes:
        return client.readline()

    def name(self, said: bytes) -> str:
        words = said.decode("ascii", "replace").upper().split()
        if len(words) < 2:
            return words[0] if words else ""
        if words[1] != "UID":
            return words[1]
        if words[2] != "FETCH":
            return f"UID {words[2]}"
        return "UID FETCH of bodies" if b"BODY.PEEK[]" in said else "UID FETCH of envelopes"

    def answer(self, server: BinaryIO, said: bytes) -> list[bytes]:
        tag = said.partition(b" ")[0] + b" " if said else b"* "
        pieces: list[bytes] = []
        begins = True
        while line := server.readline():
            pieces.append(line)
            literal = _LITERAL.search(line)
            if literal:
                pieces.append(server.read(int(literal[1])))
            elif begins and line.startswith((tag, b"+")):
                break
            begins = literal is None
        return pieces

    def refusal(self, said: bytes, words: str) -> bytes:
        tag = b"*" if words.startswith("BYE") or not said else said.partition(b" ")[0]
        return tag + b" " + words.encode() + b"\r\n"


class SmtpDialogue:
    """Commands of one line, answers of one or more, and a letter after `354` (RFC 5321 §4.2)."""

    def __init__(self) -> None:
        self._awaits_letter = False

    def command(self, client: BinaryIO) -> bytes:
        if not self._awaits_letter:
            return client.readline()
        said = b""
        while line := client.readline():
            said += line
            if line == b".\r\n":
                return said
        return b""

    def name(self, said: bytes) -> str:
        return LETTER if self._awaits_letter else said.decode("ascii", "replace").upper().split()[0]

    def answer(self, server: BinaryIO, said: bytes) -> list[bytes]:
        pieces: list[bytes] = []
        while line := server.readline():
            pieces.append(line)
            if line[3:4] != b"-":
                break
        self.answered(pieces)
        return pieces

    def answered(self, pieces: list[bytes]) -> None:
        """What the client was told decides what it says next."""
        self._awaits_letter = bool(pieces) and pieces[-1].startswith(b"354")

    def refusal(self, said: bytes, words: str) -> bytes:
        self._awaits_letter = False
        return words.encode() + b"\r\n"
