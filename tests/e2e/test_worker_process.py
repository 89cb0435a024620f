"""`intake run` as the supervisor sees it: how it ends, and what it does when a desk hangs."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from intake.worker import EXIT_HUNG, Duty, Heartbeats, Worker
from tests.e2e import worker_process
from tests.e2e.material import complete, small_case
from tests.e2e.working_folder import write_settings
from tests.e2e.world import World, until
from tests.letters import Draft, plain_letter

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
HUNG_AFTER = "5"
"""Seconds a desk may be silent in these tests."""


def test_a_worker_at_rest_ends_cleanly_on_sigterm(dovecot_world: World, tmp_path: Path) -> None:
    dovecot_world.arrives(Draft(subject=SUBMISSION, sender="a@qq.example", files=complete()))
    write_settings(dovecot_world)
    process = worker_process.start(tmp_path, "run")
    until(lambda: len(dovecot_world.smtp.letters) == 1)

    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0, (tmp_path / "output.txt").read_text()
    said = (tmp_path / "output.txt").read_text()
    assert ("Traceback" in said, "maximum number of running instances" in said) == (False, False)


def test_a_worker_with_much_to_do_ends_after_the_letter_in_hand_and_the_rest_is_done_later(
    dovecot_world: World, tmp_path: Path
) -> None:
    letters = [
        (
            plain_letter(Draft(subject=SUBMISSION, sender=f"s{n}@qq.example", files=(small_case(n),))),
            dovecot_world.clock.now(),
        )
        for n in range(120)
    ]
    dovecot_world.box.put_all(letters)
    write_settings(dovecot_world)
    process = worker_process.start(tmp_path, "run")
    until(lambda: (tmp_path / "output.txt").read_text().count("letter_filed") >= 5)

    process.send_signal(signal.SIGTERM)

    assert process.wait(20) == 0, (tmp_path / "output.txt").read_text()
    before = sum(outcome == "filed" for outcome in dovecot_world.outcomes())
    dovecot_world.work()
    assert (before < 120, dovecot_world.outcomes()) == (True, ["filed"] * 120)
    assert {letter.attempts for letter in dovecot_world.letters()} == {0}


def test_mail_that_arrives_while_the_worker_waits_is_answered_without_a_restart(
    dovecot_world: World, tmp_path: Path
) -> None:
    write_settings(dovecot_world, mailbox={"poll_seconds": 3600})  # so that only IDLE can bring it
    process = worker_process.start(tmp_path, "run")
    until(lambda: "folder_listed" in (tmp_path / "output.txt").read_text())

    dovecot_world.arrives(Draft(subject=SUBMISSION, sender="a@qq.example", files=complete()))

    until(lambda: len(dovecot_world.smtp.letters) == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_a_second_worker_on_the_same_folder_is_refused_in_one_sentence(dovecot_world: World, tmp_path: Path) -> None:
    write_settings(dovecot_world)
    assert dovecot_world.service.worker.once() == 0  # holds the folder

    second = worker_process.start(tmp_path, "run", "--once")

    assert second.wait(30) == 2
    said = (tmp_path / "output.txt").read_text()
    assert ("同一个数据文件夹只能运行一个收件程序" in said, "Traceback" in said) == (True, False)


@pytest.mark.parametrize(
    "settings", [{"mailbox": {"port": 1}}, {"mailbox": {"username": ""}}], ids=["nobody listens", "wrong user"]
)
def test_a_mailbox_that_cannot_be_opened_is_told_to_the_person_who_starts_the_service(
    dovecot_world: World, tmp_path: Path, settings: dict[str, dict[str, object]]
) -> None:
    write_settings(dovecot_world, **settings)
    (tmp_path / ".env").write_text("INTAKE_MAILBOX__PASSWORD=wrong\n")

    process = worker_process.start(tmp_path, "run")

    assert process.wait(40) == 2
    assert "Traceback" not in (tmp_path / "output.txt").read_text()


# --- a desk that hangs


def test_a_desk_that_falls_silent_ends_the_process_for_the_supervisor_to_start_it_anew(
    dovecot_world: World, tmp_path: Path
) -> None:
    write_settings(dovecot_world)

    process = worker_process.start(
        tmp_path, "run", place="about to be collected", number=2, how="hang", silence=HUNG_AFTER
    )

    assert process.wait(60) == EXIT_HUNG
    assert "desk_hung" in (tmp_path / "output.txt").read_text()


def test_a_desk_that_hangs_while_the_service_is_stopped_does_not_keep_it_from_ending(
    dovecot_world: World, tmp_path: Path
) -> None:
    write_settings(dovecot_world)
    dovecot_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    dovecot_world.work_until_read()
    dovecot_world.stop()
    process = worker_process.start(
        tmp_path, "run", place="letter filed in an open transaction", how="hang", silence=HUNG_AFTER
    )
    until(lambda: "letter_filed" in (tmp_path / "output.txt").read_text())

    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == EXIT_HUNG


def test_a_letter_that_hangs_the_service_each_time_is_put_aside_and_the_next_one_is_answered(
    dovecot_world: World, tmp_path: Path
) -> None:
    dovecot_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=complete()))
    dovecot_world.work_until_read()
    dovecot_world.stop()
    write_settings(dovecot_world)
    for _ in range(3):
        hung = worker_process.start(tmp_path, "run", place="about to be filed", how="hang", silence=HUNG_AFTER)
        assert hung.wait(60) == EXIT_HUNG, (tmp_path / "output.txt").read_text()
    dovecot_world.arrives(Draft(subject=SUBMISSION, sender="good@qq.example", files=complete("kitchen_smoke")))

    last = worker_process.start(tmp_path, "run", "--once", silence=HUNG_AFTER)

    assert last.wait(60) == 0, (tmp_path / "output.txt").read_text()
    assert dovecot_world.told() == [("bad@qq.example", "being_checked"), ("good@qq.example", "receipt")]
    assert sorted(dovecot_world.outcomes()) == ["filed", "quarantined"]


def test_a_desk_whose_turn_fails_backs_off_while_the_others_go_on(one_world: World) -> None:
    failed, went_on = [], threading.Event()

    def fail() -> None:
        failed.append(1)
        raise KeyError("a bug in a desk")

    def go_on() -> None:
        if len(failed) == 1:
            went_on.set()

    store = one_world.records.store
    worker = Worker([Duty("broken", fail, 0.1, 60), Duty("well", go_on, 0.1, 60)], store, Heartbeats({}))
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert went_on.wait(30)
    threading.Event().wait(1.0)  # ten wakes of the broken desk

    worker.stop()
    thread.join(30)

    assert (len(failed), one_world.events("broken")) == (1, ["failed"])
