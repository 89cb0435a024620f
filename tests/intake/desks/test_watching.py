"""The watchdog: what is told, once, and when it is said to be over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.edges.alarms import ALARMS
from intake.figures.alarm import AlarmKind
from storage.store import Store
from tests.intake.desks.watched_house import MAILBOX_ALARMS, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.store.close()


def test_mailbox_silent_for_the_set_time_is_told_once_and_once_when_it_is_over(house: House) -> None:
    house.minutes_pass(14, polls=False)
    assert (house.subjects, house.alarm_file) == ([], "")

    house.minutes_pass(40, polls=False)
    while_silent = house.alarm_file
    house.minutes_pass(30, polls=True)

    assert house.events == ["mailbox_silent", "mailbox_silent_over"]
    assert while_silent.splitlines()[:2] == ["未恢复的故障：1", "征集收件报警：邮箱查收一直没有成功。"]
    assert "自2022年12月19日（星期一）09:00起" in while_silent
    assert house.alarm_file.splitlines()[0] == "未恢复的故障：无"


def test_alarm_letter_that_never_left_is_overtaken_by_the_one_that_tells_of_the_end(house: House) -> None:
    house.minutes_pass(15, polls=False)
    house.minutes_pass(2, polls=True)

    assert house.subjects == [
        ("cancelled", "【湖里区案例征集】收件报警：邮箱查收一直没有成功"),
        ("queued", "【湖里区案例征集】收件已恢复：邮箱查收"),
    ]


def test_mailbox_polled_hourly_is_not_silent_after_a_quarter_of_an_hour(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.settings = house.settings.model_copy(
        update={"mailbox": house.settings.mailbox.model_copy(update={"poll_seconds": 3600})}
    )
    house.start()

    house.minutes_pass(179, polls=False)
    before = house.events
    house.minutes_pass(1, polls=False)

    assert (before, house.events) == ([], ["mailbox_silent"])
    house.store.close()


def test_refused_logins_are_told_as_such_and_not_as_silence_too(house: House) -> None:
    house.refused = True

    house.minutes_pass(60, polls=False)

    assert house.events == ["login_refused"]
    assert house.subjects == [("queued", "【湖里区案例征集】收件报警：邮箱连续三次拒绝登录，已停止登录")]


def test_alarm_of_an_ended_process_is_not_told_again_and_its_end_is_told_by_the_next(house: House) -> None:
    house.refused = True
    house.minutes_pass(2, polls=False)

    house.refused = False
    house.start()
    house.minutes_pass(3, polls=False)
    before = house.events
    house.minutes_pass(1, polls=True)

    assert (before, house.events) == (["login_refused"], ["login_refused", "login_refused_over"])


def test_process_started_again_and_again_does_not_hide_a_silent_mailbox(house: House) -> None:
    house.minutes_pass(1, polls=True)

    for _ in range(8):
        house.start()
        house.minutes_pass(2, polls=False)

    assert house.events == ["mailbox_silent"]


def test_machine_switched_off_for_a_night_was_not_silent(house: House) -> None:
    house.minutes_pass(1, polls=True)
    house.clock.advance(timedelta(hours=10))

    house.start()
    house.minutes_pass(14, polls=False)

    assert house.events == []


def test_disk_that_is_nearly_full_is_told_until_there_is_clearly_room_again(house: House) -> None:
    for free in (999, 500, 1001, 999, 1200, 1100):
        house.free = free
        house.minutes_pass(1, polls=True)

    assert house.events == ["disk_low", "disk_low_over"]


def test_refused_sending_is_told_without_mail(house: House) -> None:
    for house.sending in (None, True, True, None, False):
        house.minutes_pass(1, polls=True)

    assert (house.events, house.subjects) == (["sending_refused", "sending_refused_over"], [])


def test_answers_the_breaker_holds_are_told_until_it_holds_none(house: House) -> None:
    # None: nobody could ask.
    for house.held in ("", None, "一小时内写了40封答复", None, "", ""):
        house.minutes_pass(1, polls=True)

    assert house.events == ["answers_stopped", "answers_stopped_over"]


@pytest.mark.parametrize("kind", MAILBOX_ALARMS)
def test_what_is_wrong_with_the_mailbox_is_told_with_its_figures_until_it_is_right_again(
    house: House, kind: AlarmKind
) -> None:
    # None: nobody could ask, which is neither the beginning nor the end of anything.
    for house.mailbox[kind] in ("", None, "已用8.1 GB，共10.0 GB（81%）", "已用8.2 GB", None):
        house.minutes_pass(1, polls=True)
    while_wrong = house.alarm_file
    house.mailbox[kind] = ""
    house.minutes_pass(1, polls=True)

    assert (house.events, "已用8.1 GB，共10.0 GB（81%）" in while_wrong) == ([kind, f"{kind}_over"], True)
    assert house.alarm_file.splitlines()[0] == "未恢复的故障：无"
    assert [state for state, _ in house.subjects] == ["cancelled", "queued"]


def test_records_that_cannot_be_written_are_told_as_such_and_not_as_a_failing_desk_too(house: House) -> None:
    house.unwritable, house.failing = "登记：磁盘空间已满", "核对：KeyError"
    house.minutes_pass(5, polls=True)
    while_so = house.events
    house.unwritable = ""
    house.minutes_pass(1, polls=True)
    house.failing = ""
    house.minutes_pass(1, polls=True)

    assert while_so == ["records_unwritable"]
    assert house.events == ["records_unwritable", "desk_failing", "records_unwritable_over", "desk_failing_over"]


def test_silence_noticed_to_be_over_before_the_records_are_is_told_as_one_trouble(house: House) -> None:
    house.minutes_pass(1, polls=True)
    house.store.away, house.unwritable = True, "登记：数据库没有应答"
    house.minutes_pass(1, polls=True)
    house.unwritable = ""
    house.minutes_pass(20, polls=False)
    first = house.alarm_file.splitlines()[1]
    house.store.away = False
    house.minutes_pass(20, polls=True)

    assert first == "征集收件报警：记录一直写不进数据库。"
    assert house.events == ["records_unwritable", "records_unwritable_over"]


def test_records_that_are_behind_when_a_silent_mailbox_answers_again_are_not_told_too(house: House) -> None:
    house.minutes_pass(15, polls=False)
    house.unwritable = "登记：数据库没有应答"
    house.minutes_pass(5, polls=True)
    house.unwritable = ""
    house.minutes_pass(20, polls=True)

    assert house.events == ["mailbox_silent", "mailbox_silent_over"]


def test_mailbox_that_is_late_when_the_records_can_be_written_again_is_not_told_too(house: House) -> None:
    house.unwritable = "登记：数据库没有应答"
    house.minutes_pass(20, polls=False)
    house.unwritable = ""
    house.minutes_pass(14, polls=False)
    house.minutes_pass(1, polls=True)

    assert house.events == ["records_unwritable", "records_unwritable_over"]


def test_mailbox_that_stays_silent_after_the_records_can_be_written_again_is_told_in_its_time(house: House) -> None:
    house.unwritable = "登记：数据库没有应答"
    house.minutes_pass(20, polls=False)
    house.unwritable = ""
    house.minutes_pass(16, polls=False)

    assert house.events == ["records_unwritable", "records_unwritable_over", "mailbox_silent"]


def test_letter_that_comes_in_while_every_look_breaks_off_does_not_end_the_silence(house: House) -> None:
    house.minutes_pass(15, polls=False)
    for _ in range(3):
        house.minutes_pass(1, polls=True, breaks_off=True)
        house.minutes_pass(20, polls=False)
    while_so = house.events
    house.minutes_pass(2, polls=True)

    assert (while_so, house.events) == (["mailbox_silent"], ["mailbox_silent", "mailbox_silent_over"])


def test_look_that_succeeds_among_many_that_fail_does_not_end_the_silence(house: House) -> None:
    house.minutes_pass(15, polls=False)
    for _ in range(3):
        house.minutes_pass(1, polls=True)
        house.minutes_pass(20, polls=False)
    while_so = house.events
    house.minutes_pass(2, polls=True)

    assert (while_so, house.events) == (["mailbox_silent"], ["mailbox_silent", "mailbox_silent_over"])


def test_letters_that_keep_coming_in_end_the_silence_though_every_look_breaks_off(house: House) -> None:
    house.minutes_pass(15, polls=False)
    house.minutes_pass(15, polls=True, breaks_off=True)
    before = house.events
    house.minutes_pass(1, polls=True, breaks_off=True)

    assert (before, house.events) == (["mailbox_silent"], ["mailbox_silent", "mailbox_silent_over"])


def test_alarm_whose_commits_nobody_heard_of_is_put_down_once_and_its_letters_are_known(house: House) -> None:
    house.store.unheard = True
    house.minutes_pass(20, polls=False)
    house.minutes_pass(3, polls=True)
    house.store.unheard = False
    house.minutes_pass(1, polls=True)

    assert house.events == ["mailbox_silent", "mailbox_silent_over"]
    assert house.subjects == [
        ("cancelled", "【湖里区案例征集】收件报警：邮箱查收一直没有成功"),
        ("queued", "【湖里区案例征集】收件已恢复：邮箱查收"),
    ]


def test_trouble_is_told_while_the_database_cannot_be_written_and_put_on_record_later(house: House) -> None:
    house.minutes_pass(1, polls=True)
    database = house.store.file
    assert database is not None
    house.store.close()
    unopened = Store(house.settings.database_url, data_dir=house.settings.data_dir)
    database.rename(database.with_name("away"))
    database.mkdir()
    house.free = 1
    unopened._writing = unopened._database.engine("write")
    unopened._reading = unopened._database.engine("read")
    house.watch._records._store = unopened

    house.watch.turn()
    told = house.alarm_file
    database.rmdir()
    database.with_name("away").rename(database)
    house.store.open()
    house.watch._records._store = house.store
    house.watch.turn()

    assert told.splitlines()[1] == "征集收件报警：磁盘空间快用完了。"
    assert house.events == ["disk_low"]
    with house.store.read() as view:
        assert [each["kind"] for each in view.service.get_mark(ALARMS)] == ["disk_low"]
