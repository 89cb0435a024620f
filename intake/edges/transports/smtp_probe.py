"""Does an account for sending let us in? Connects, encrypts, logs in and leaves; no letter is begun. Peer: a submission server."""

from __future__ import annotations

import contextlib
import re
import smtplib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from intake.edges.transports.smtp_login import SmtpAccount, open_account

_DATE = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC)"
)
_GOODBYE_SECONDS = 5.0


def try_login(account: SmtpAccount) -> str:
    """Greet and log in, one attempt, then say goodbye; the server's greeting, empty when it is not known.

    Raises: TransportError, as sending would.
    """
    server = open_account(account)
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(_GOODBYE_SECONDS)
        server.quit()
    server.close()
    said = getattr(server, "greeting", b"")
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else ""


def greeting_time(greeting: str) -> datetime | None:
    """The server's own time, aware, UTC, when its greeting tells it; else None. Pure.

    Source: Exchange and Sendmail greet with an RFC 5322 date; RFC 5321 §4.3.1 asks for none.
    """
    found = _DATE.search(greeting)
    if found is None:
        return None
    try:
        at = parsedate_to_datetime(found[0])
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
