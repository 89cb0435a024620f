"""When a letter was received: the earliest moment the provider itself vouches for, never one the sender could write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.desks.read import received_at
from parsers.facts import LetterFacts, ReceivedHop
from storage.records import LetterRecord

OWN = frozenset({"163.com"})
DEC_20 = datetime(2022, 12, 20, 15, 59, tzinfo=UTC)
DEC_21 = datetime(2022, 12, 20, 16, 30, tzinfo=UTC)
STORED = datetime(2022, 12, 22, 1, 0, tzinfo=UTC)
DATED = datetime(2022, 12, 19, 1, 0, tzinfo=UTC)


def hop(by: str, at: datetime | None) -> ReceivedHop:
    return ReceivedHop(by=by, at=at)


@pytest.mark.parametrize(
    ("internal_at", "hops", "date_at", "moment"),
    [
        pytest.param(DEC_20, (), None, DEC_20, id="INTERNALDATE alone"),
        pytest.param(DEC_21, (hop("mx.163.com", DEC_20),), None, DEC_20, id="own host earlier than INTERNALDATE"),
        pytest.param(DEC_20, (hop("mx.163.com", DEC_21),), None, DEC_20, id="INTERNALDATE earlier than own host"),
        pytest.param(
            DEC_21, (hop("mx.163.com", DEC_21), hop("relay.163.com", DEC_20)), None, DEC_20, id="run of own hosts"
        ),
        pytest.param(DEC_21, (hop("smtp.example", DEC_20),), None, DEC_21, id="a host of somebody else"),
        pytest.param(DEC_21, (hop("evil163.com", DEC_20),), None, DEC_21, id="a name that only ends like ours"),
        pytest.param(
            DEC_21,
            (hop("mx.163.com", DEC_21), hop("smtp.example", DEC_21), hop("mx.163.com", DEC_20)),
            None,
            DEC_21,
            id="own host's name below a stranger's line",
        ),
        pytest.param(DEC_21, (hop("mx.163.com", None),), DATED, DEC_21, id="own host without a readable time"),
        pytest.param(DEC_21, (), DATED, DEC_21, id="an earlier Date counts for nothing"),
        pytest.param(None, (hop("smtp.example", DEC_21),), DATED, DEC_21, id="no INTERNALDATE: topmost Received"),
        pytest.param(None, (), DATED, DATED, id="nothing else: Date"),
        pytest.param(None, (), None, STORED, id="nothing at all: when it was stored"),
    ],
)
def test_receipt_time_is_the_earliest_the_provider_vouches_for(
    internal_at: datetime | None, hops: tuple[ReceivedHop, ...], date_at: datetime | None, moment: datetime
) -> None:
    letter = LetterRecord(sha256="0" * 64, size_bytes=1, received_at=STORED, internal_at=internal_at, stored_at=STORED)

    assert received_at(letter, LetterFacts(received=hops, date_at=date_at), OWN) == moment
