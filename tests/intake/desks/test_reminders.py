"""Reminders over real records: who hears from us, when, once, and who does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.campaign import preset_text
from intake.bootstrap import make_decide_desk
from intake.desks.remind import RemindDesk
from storage.records.correspondence import OutgoingRecord
from storage.store import Store
from tests.e2e.material import case, complete, photos, without_last_section
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import BEGIN, BOX, Office
from tests.intake.desks.test_filing import text_of
from tests.letters import Draft

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
FRIDAY = BEGIN.replace(day=16)
"""Nine o'clock, three days before the close on Tuesday the 20th but for the weekend."""
MONDAY = BEGIN.replace(day=19)


def incomplete(name: str = "grid_ledger", **changes: Any) -> Draft:
    return Draft(**({"subject": SUBMISSION, "sender": JINAN, "files": without_last_section(name)} | changes))


def post(office: Office) -> None:
    """Everything queued leaves."""
    while office.service.post.turn():
        pass


def asked(office: Office, *drafts: Draft) -> None:
    """`drafts` have come, and their requests have left."""
    for draft in drafts:
        office.arrives(draft)
        office.work(minutes=1)
    post(office)


def remind(office: Office, at: datetime) -> list[OutgoingRecord]:
    """The reminders written by a turn at `at`, sent at once."""
    office.clock.set(at)
    new_desk(office).turn()
    written = [mail for mail in office.answers() if mail.kind == "reminder"]
    post(office)
    return written


def new_desk(office: Office, **changes: Any) -> RemindDesk:
    """The desk as a service started just now has it."""
    records = office.records
    return RemindDesk(records.store, records.outbox, records.calls, clock=office.clock, **changes)


def test_sender_of_two_open_cases_gets_one_letter_with_a_paragraph_for_each(open_at: Open) -> None:
    office = open_at()
    asked(
        office, incomplete(), incomplete("kitchen_smoke"), incomplete("rental_houses", files=complete("rental_houses"))
    )

    (reminder,) = remind(office, FRIDAY)

    said = text_of(reminder)
    assert (reminder.to_address, reminder.subject.count("等2个案例")) == (JINAN, 1)
    assert [number in said for number in ("HL22-0001", "HL22-0002", "HL22-0003")] == [True, True, False]
    assert said.count("请于2022年12月20日（星期二）24时前补充") == 2
    assert "如已发送，请忽略本提醒" in said
    assert b"Auto-Submitted: auto-generated" in reminder.raw


def test_each_day_named_brings_one_reminder_however_often_the_service_starts(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())

    looks = [FRIDAY + timedelta(hours=hours) for hours in range(-24, 24 * 5, 3)]
    written = [(at, len(remind(office, at))) for at in looks]

    assert [at for at, count in written if count] == [FRIDAY, MONDAY]
    assert max(count for _, count in written) == 1


@pytest.mark.parametrize(
    ("restored_at", "expected"),
    [(FRIDAY - timedelta(hours=1), [FRIDAY, MONDAY]), (FRIDAY + timedelta(hours=1), [MONDAY]), (MONDAY, [])],
    ids=["before any", "after one", "after all"],
)
def test_reminder_that_may_have_left_before_records_were_restored_is_not_written_again(
    open_at: Open, restored_at: datetime, expected: list[datetime]
) -> None:
    office = open_at()
    asked(office, incomplete())

    written = []
    for at in (FRIDAY, FRIDAY + timedelta(hours=3), MONDAY, MONDAY + timedelta(hours=3)):
        office.clock.set(at)
        written += [at] * new_desk(office, restored_at=restored_at).turn()
        post(office)

    assert written == expected


def test_service_that_looks_every_minute_goes_through_the_cases_now_and_then(open_at: Open) -> None:
    office = open_at()
    office.clock.set(FRIDAY - timedelta(days=3))
    desk = new_desk(office)
    desk.turn()
    asked(office, incomplete(), incomplete("kitchen_smoke", sender="other@qq.example"))
    office.clock.set(FRIDAY)

    turns = []
    for _ in range(12):
        turns.append(desk.turn())
        office.clock.advance(timedelta(minutes=1))

    assert turns == [2, *[0] * 11]


def test_interruption_while_the_reminder_is_queued_leaves_none_and_the_next_turn_one(
    open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_at()
    asked(office, incomplete())
    office.clock.set(FRIDAY)
    put = office.records.outbox.put

    def queued_then_killed(*args: Any, **named: Any) -> None:
        put(*args, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(office.records.outbox, "put", queued_then_killed)
        with pytest.raises(KeyboardInterrupt):
            new_desk(office).turn()
    assert office.answers() == ()

    assert (new_desk(office).turn(), new_desk(office).turn(), len(office.answers())) == (1, 0, 1)


def _repaired(office: Office) -> None:
    (request,) = office.answers("sent")
    asked(office, Draft(subject="补充", sender=JINAN, in_reply_to=request.message_id, files=(case(),)))


def _objecting(office: Office) -> None:
    (request,) = office.answers("sent")
    text = "探讨与评论部分已经写在文中了，请再核对一下。"
    asked(office, Draft(subject=f"回复：{request.subject}", text=text, sender=JINAN, in_reply_to=request.message_id))


def _answered_by_a_colleague(office: Office) -> None:
    letters = _letters_of(office, JINAN)
    with office.records.store.write() as work:
        work.letters.note_hand_answers([each for each in letters if each], at=office.clock.now())


def _written_and_not_read(office: Office) -> None:
    office.arrives(Draft(subject="补充", sender=JINAN, files=photos(1, 1)))


def _passed_by_an_organizer(office: Office) -> None:
    records = office.records
    desk = make_decide_desk(records, undo_for=timedelta(0))
    desk.decide("HL22-0001", kind="pass", who="王老师", why="已电话核实")
    office.work(minutes=1)
    post(office)


def _letters_of(office: Office, sender: str) -> list[str | None]:
    with office.records.store.read() as view:
        return [letter.message_id for letter in view.letters.from_address(sender)]


@pytest.mark.parametrize(
    "meanwhile",
    [_repaired, _objecting, _answered_by_a_colleague, _written_and_not_read, _passed_by_an_organizer],
)
def test_nobody_is_reminded_once_something_came_or_a_person_is_in_the_thread(
    open_at: Open, tmp_path: Path, meanwhile: Any
) -> None:
    own = tmp_path / "huli-2022.toml"
    organizers = 'organizers = [{ name = "王老师", address = "wang@huli.example" }]'
    own.write_text(preset_text("huli-2022").replace("[campaign]\n", f"[campaign]\n{organizers}\n", 1), encoding="utf-8")
    office = open_at(campaigns=(str(own),))
    asked(office, incomplete())
    office.clock.advance(timedelta(days=2))
    meanwhile(office)

    assert remind(office, FRIDAY) == []


@pytest.mark.parametrize(
    ("subject", "text"),
    [("回复：材料补充完善提示", "好的，收到，谢谢！"), ("自动回复：我在休假", "我在休假，十二月底回来。")],
)
def test_word_of_thanks_or_a_holiday_notice_is_nothing_that_came(open_at: Open, subject: str, text: str) -> None:
    office = open_at()
    asked(office, incomplete())
    office.clock.advance(timedelta(days=2))
    asked(office, Draft(subject=subject, text=text, sender=JINAN))

    assert len(remind(office, FRIDAY)) == 1


def test_other_case_of_the_same_sender_does_not_stop_the_reminder_but_puts_it_off(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())
    office.clock.set(FRIDAY - timedelta(hours=20))
    asked(office, incomplete("rental_houses", files=complete("rental_houses")))

    assert remind(office, FRIDAY) == []
    assert len(remind(office, FRIDAY + timedelta(hours=6))) == 1


def test_request_that_never_left_is_not_followed_by_a_reminder(open_at: Open) -> None:
    office = open_at(answer_from=BEGIN.replace(day=30))
    asked(office, incomplete())

    assert ([mail.kind for mail in office.answers("held")], remind(office, FRIDAY)) == (["fix_request"], [])


def test_dry_run_writes_none_that_could_be_released_too_late(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())
    office.clock.set(FRIDAY)

    assert (new_desk(office, dry_run=True).turn(), office.answers("held")) == (0, ())


def test_trial_cases_are_not_reminded_of(open_at: Open) -> None:
    office = open_at(test_mode=True)
    asked(office, incomplete())

    assert ([each.test for each in office.cases()], remind(office, FRIDAY)) == ([True], [])


def test_address_that_takes_no_mail_is_left_alone(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())
    _fail(office.records.store, BEGIN + timedelta(days=1))

    assert remind(office, FRIDAY) == []


def _fail(store: Store, at: datetime) -> None:
    from tests.storage.samples import mail

    with store.write() as work:
        number = work.outgoing.reserve_id()
        work.outgoing.enqueue(mail(number, kind="answer", to_address=JINAN, sender_address=BOX, created_at=at))
        work.outgoing.begin_handing_over(number, at=at)
        work.outgoing.mark_failed(number, error="550 5.1.1 no such user", code=550)


def test_campaign_without_days_reminds_nobody(open_at: Open, tmp_path: Path) -> None:
    own = tmp_path / "huli-2022.toml"
    own.write_text(
        preset_text("huli-2022").replace("[[rule]]", "[campaign.reminders]\ndays = []\n\n[[rule]]", 1), encoding="utf-8"
    )
    office = open_at(campaigns=(str(own),))
    asked(office, incomplete())

    assert remind(office, FRIDAY) == []


def test_reminder_that_waited_while_the_rest_came_is_withdrawn(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())
    office.clock.set(FRIDAY)
    new_desk(office).turn()
    office.clock.advance(timedelta(minutes=1))
    _written_and_not_read(office)

    post(office)

    assert [mail.kind for mail in office.answers("cancelled")] == ["reminder"]
    assert [mail.kind for mail in office.answers("sent")] == ["fix_request"]


def test_reminder_held_up_for_half_a_day_is_withdrawn(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())
    office.clock.set(FRIDAY)
    new_desk(office).turn()
    office.clock.advance(timedelta(hours=12, minutes=1))

    post(office)

    assert [mail.kind for mail in office.answers("cancelled")] == ["reminder"]


def test_answer_to_a_reminder_joins_the_case_it_reminded_of(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())
    (reminder,) = remind(office, FRIDAY)

    asked(
        office,
        Draft(subject=f"回复：{reminder.subject}", sender=JINAN, in_reply_to=reminder.message_id, files=(case(),)),
    )

    assert [(each.number, each.verdict) for each in office.cases()] == [("HL22-0001", "accepted")]


def test_request_states_the_days_the_campaign_gives_and_the_reminder_repeats_them(
    open_at: Open, tmp_path: Path
) -> None:
    own = tmp_path / "huli-2022.toml"
    text = preset_text("huli-2022").replace("[[rule]]", "[campaign.reminders]\ndays = [1]\n\n[[rule]]", 1)
    own.write_text(text.replace("[campaign]\n", "[campaign]\nrepair_days = 3\n", 1), encoding="utf-8")
    office = open_at(campaigns=(str(own),))
    office.clock.set(MONDAY)
    asked(office, incomplete())
    (request,) = office.answers("sent")

    (reminder,) = remind(office, MONDAY + timedelta(days=2))

    assert "于2022年12月22日（星期四）24时前" in text_of(request)
    assert "于2022年12月22日（星期四）24时前" in text_of(reminder)


def test_status_names_the_next_reminder(open_at: Open) -> None:
    office = open_at()
    asked(office, incomplete())

    with office.records.store.read() as view:
        assert new_desk(office).next_at(view) == FRIDAY
    remind(office, MONDAY)
    with office.records.store.read() as view:
        assert new_desk(office).next_at(view) is None
