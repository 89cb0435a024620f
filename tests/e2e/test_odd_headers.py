"""Letters whose headers lack, repeat or lie: each is on record, and none hides another."""

from __future__ import annotations

import re

import pytest

from tests.e2e.material import complete
from tests.e2e.world import World
from tests.letters import Draft, foxmail, plain_letter

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"


def without(*names: str, letter: bytes) -> bytes:
    """`letter` without these header fields."""
    head, separator, body = letter.partition(b"\r\n\r\n")
    for name in names:
        head = re.sub(rb"(?im)^" + name.encode() + rb":.*\r\n(?:[ \t].*\r\n)*", b"", head + b"\r\n")[:-2]
    return head + separator + body


def test_two_submissions_under_one_message_id_are_both_filed(one_world: World) -> None:
    for name, sender in (("grid_ledger", "jinan@qq.example"), ("shared_table", "wanghu@qq.example")):
        one_world.arrives(
            Draft(subject=SUBMISSION, sender=sender, files=complete(name), message_id="1@localhost"), client=foxmail
        )

    one_world.work(minutes=1)

    assert one_world.told() == [("jinan@qq.example", "receipt"), ("wanghu@qq.example", "receipt")]
    assert [(case.number, case.verdict) for case in one_world.cases()] == [
        ("HL22-0001", "accepted"),
        ("HL22-0002", "accepted"),
    ]


def test_a_submission_without_message_id_and_date_is_judged_by_when_it_arrived(one_world: World) -> None:
    one_world.arrives(
        Draft(subject=SUBMISSION, sender="jinan@qq.example", files=complete()),
        client=lambda draft: without("Message-ID", "Date", letter=plain_letter(draft)),
    )

    one_world.work(minutes=1)

    (letter,) = one_world.letters()
    assert (letter.message_id, letter.received_at) == (None, letter.internal_at)
    assert one_world.told() == [("jinan@qq.example", "receipt")]


def test_a_submission_that_names_no_sender_is_filed_and_nobody_is_written_to(one_world: World) -> None:
    one_world.arrives(
        Draft(subject=SUBMISSION, files=complete()),
        client=lambda draft: without("From", "Reply-To", letter=plain_letter(draft)),
    )

    one_world.work(minutes=1)

    assert (one_world.outcomes(), one_world.told()) == (["filed"], [])
    assert [case.verdict for case in one_world.cases()] == ["accepted"]
