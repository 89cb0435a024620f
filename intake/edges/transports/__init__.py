"""How letters leave: one protocol, several implementations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Transport(Protocol):
    """Hands finished letters to a mail server. Keeps its connection between letters."""

    def send(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> str:
        """Hand over `raw` unchanged; return the server's answer to the final dot.

        Raises: TransportError, classified (`temporary`, `accepted_unknown`, `sender_refused`, `code`).
        """
        ...

    def close(self) -> None:
        """Say QUIT and free the connection; never raises."""
        ...
