"""What may cost a submitter the deadline is told at once, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from intake.desks.urge import UrgeDesk
from storage.records.correspondence import LetterRecord
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.letters import Draft

READER = "wang@example.org"
LETTER = Draft(subject="案例报送", sender="a@qq.example")


def desk(office: Office) -> UrgeDesk:
    records = office.records
    return UrgeDesk(
        records.store, records.outbox, records.calls, settings=records.settings, clock=office.clock, dry_run=False
    )


def breaks(office: Office, letter: LetterRecord) -> None:
    with office.records.store.write() as work:
        work.letters.quarantine(letter.sha256, reason="系统处理这封来信时出现异常", traceback="…")


def told(office: Office) -> list[str]:
    mails = [mail for mail in office.answers() if mail.kind == "case_notice"]
    bodies = [message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",)) for mail in mails]
    return [str(body.get_content()) for body in bodies if body is not None]


def to_the_close(office: Office, *, hours: int) -> None:
    closes_at = office.records.calls["huli-2022"].campaign.closes_at
    assert closes_at is not None
    office.clock.set(closes_at - timedelta(hours=hours))


def test_a_letter_that_broke_near_the_close_is_told_once(open_at: Open) -> None:
    office = open_at(digest={"recipients": (READER,)})
    to_the_close(office, hours=20)
    breaks(office, office.arrives(LETTER, from_name="金安社区", subject="案例报送"))

    turns = [desk(office).turn() for _ in range(3)]

    assert turns == [1, 0, 0]
    (text,) = told(office)
    assert text.startswith("有1项可能影响报送时限，请尽快处理。征集于2022年12月20日（星期二）24时截止。")
    assert "1. 金安社区：案例报送" in text


def test_only_what_is_new_is_told_again(open_at: Open) -> None:
    office = open_at(digest={"recipients": (READER,)})
    to_the_close(office, hours=20)
    breaks(office, office.arrives(LETTER, from_name="金安社区", subject="案例报送"))
    desk(office).turn()
    breaks(office, office.arrives(replace(LETTER, sender="b@qq.example"), from_name="金海社区", subject="另一封"))

    desk(office).turn()

    first, second = told(office)
    assert ("案例报送" in first, "案例报送" in second, "另一封" in second) == (True, False, True)


@pytest.mark.parametrize(
    ("hours", "digest"),
    [(72, {"recipients": (READER,)}), (20, {"recipients": ()}), (20, {"recipients": (READER,), "at_once": False})],
    ids=["the close is far", "nobody reads", "switched off"],
)
def test_what_can_wait_is_left_to_the_digest(open_at: Open, hours: int, digest: dict[str, object]) -> None:
    office = open_at(digest=digest)
    to_the_close(office, hours=hours)
    breaks(office, office.arrives(LETTER, from_name="金安社区", subject="案例报送"))

    assert (desk(office).turn(), told(office)) == (0, [])
