"""When a letter was received: the earliest moment that the sender could not have written himself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.edges.receipt_time import received_at
from parsers.facts import LetterFacts, ReceivedHop
from storage.records.correspondence import LetterRecord

OWN = frozenset({"163.com", "mail.huli.example"})


def at(hour: int) -> datetime:
    return datetime(2022, 12, 20, hour, tzinfo=UTC)


def hop(by: str, hour: int | None) -> ReceivedHop:
    return ReceivedHop(by=by, at=at(hour) if hour is not None else None)


@pytest.mark.parametrize(
    ("internal", "hops", "date", "received"),
    [
        (at(12), [], None, at(12)),
        (at(12), [hop("mx1.163.com", 11)], None, at(11)),
        (at(10), [hop("mx1.163.com", 11)], None, at(10)),
        (at(12), [hop("MX.163.COM.", 11), hop("gateway.163.com", 10)], None, at(10)),
        (at(12), [hop("mx1.163.com", 11), hop("elsewhere.example", 9), hop("mx1.163.com", 8)], None, at(11)),
        (at(12), [hop("not163.com", 9)], None, at(12)),
        (at(12), [hop("163.com.evil.example", 9)], None, at(12)),
        (at(12), [hop("mx1.163.com", None), hop("mx2.163.com", 11)], None, at(11)),
        (at(12), [], at(8), at(12)),
        (None, [hop("elsewhere.example", 9), hop("other.example", 8)], at(7), at(9)),
        (None, [], at(7), at(7)),
        (None, [], None, at(23)),
    ],
    ids=[
        "INTERNALDATE",
        "own host was earlier",
        "INTERNALDATE was earlier",
        "earliest of the run of own hosts, in any spelling",
        "below a stranger the sender writes what he likes",
        "a name that only ends alike",
        "a name that only begins alike",
        "an own host without a time",
        "Date never wins over the server",
        "without the server's time the topmost hop",
        "then Date",
        "then when it was stored",
    ],
)
def test_letter_was_received_at_the_earliest_time_that_can_be_trusted(
    internal: datetime | None, hops: list[ReceivedHop], date: datetime | None, received: datetime
) -> None:
    letter = LetterRecord(sha256="a" * 64, size_bytes=1, received_at=at(23), stored_at=at(23), internal_at=internal)
    facts = LetterFacts(received=tuple(hops), date_at=date)

    assert received_at(letter, facts, OWN) == received
