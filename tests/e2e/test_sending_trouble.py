"""Mail servers that refuse, delay, vanish: every letter ends up sent once, or plainly as what it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.material import complete
from tests.e2e.world import ORGANIZER, World
from tests.letters import Draft
from tests.servers.smtp_sink import DROP

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"


def _two_questions(world: World) -> None:
    for sender in ("a@qq.example", "b@qq.example"):
        world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？", sender=sender))
        world.clock.advance(timedelta(seconds=1))


def test_a_letter_put_off_by_the_server_is_tried_again_after_a_while_and_sent_once(one_world: World) -> None:
    one_world.smtp._at_data.append("451 4.7.1 greylisted")
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    one_world.work(minutes=1)
    (waiting,) = one_world.mails("retry_at")
    assert (waiting.attempts, waiting.last_code, one_world.replies()) == (1, 451, ())
    one_world.work(minutes=1)
    assert one_world.mails("retry_at")[0].attempts == 1  # not before its time

    one_world.work(minutes=2)
    one_world.work(hours=3)

    assert [reply.kind for reply in one_world.replies()] == ["receipt"]
    assert (one_world.replies()[0].raw, one_world.mails("sent")[0].attempts) == (waiting.raw, 2)


def test_waits_between_attempts_grow_until_the_letter_is_given_up(one_world: World) -> None:
    one_world.smtp._at_data.extend(["451 not now"] * 20)
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    one_world.work(minutes=1)
    waits = []
    while waiting := one_world.mails("retry_at"):
        assert waiting[0].next_at is not None
        waits.append((waiting[0].next_at - one_world.clock.now()).total_seconds())
        one_world.work(seconds=waits[-1])

    (failed,) = one_world.mails("failed")
    assert waits == [120.0, 600.0, 1800.0, 7200.0, 21600.0, 43200.0, 86400.0]
    assert (failed.attempts, len(one_world.smtp._at_data)) == (8, 12)


def test_a_letter_refused_for_good_fails_at_once_and_the_next_one_goes(one_world: World) -> None:
    one_world.smtp._at_recipient["a@qq.example"] = "550 5.1.1 no such user"
    _two_questions(one_world)

    one_world.work(minutes=1)

    assert [(mail.to_address, mail.attempts) for mail in one_world.mails("failed")] == [("a@qq.example", 1)]
    assert one_world.told() == [("b@qq.example", "answer")]


def test_a_failed_letter_stands_in_the_digest(one_world: World) -> None:
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    one_world.smtp._at_recipient["a@qq.example"] = "550 5.1.1 no such user"
    _two_questions(one_world)
    one_world.work(minutes=1)

    one_world.work(days=1)

    (digest,) = [reply for reply in one_world.everything_sent() if reply.kind == "digest"]
    assert "a@qq.example" in digest.text


def test_a_link_lost_after_the_final_dot_sends_the_same_bytes_once_more(one_world: World) -> None:
    one_world.smtp._at_data.append(DROP)
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    one_world.work(minutes=1)
    (doubtful,) = one_world.mails("retry_at")
    assert doubtful.unknown_events == 1

    one_world.work(minutes=3)
    one_world.work(hours=5)

    assert [reply.raw for reply in one_world.replies()] == [doubtful.raw]
    assert one_world.look(lambda view: view.outgoing.count_by_state()) == {"sent": 1}


def test_a_link_lost_twice_after_the_final_dot_parks_the_letter_as_unknown(one_world: World) -> None:
    one_world.smtp._at_data.extend([DROP, DROP])
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))

    for _ in range(4):
        one_world.work(minutes=5)

    assert one_world.look(lambda view: view.outgoing.count_by_state()) == {"unknown": 1}
    assert (one_world.events("post"), one_world.smtp._at_data, one_world.replies()) == (["mail_unknown"], [], ())


def test_links_that_keep_dying_after_the_final_dot_do_not_leave_every_letter_in_doubt(one_world: World) -> None:
    one_world.smtp._at_data.extend([DROP] * 20)
    for sender in ("a", "b", "c", "d", "e"):
        one_world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？", sender=f"{sender}@qq.example"))

    one_world.work(minutes=1)
    tried = 20 - len(one_world.smtp._at_data)
    one_world.smtp._at_data.clear()
    one_world.work(minutes=10)

    assert (tried, len(one_world.told()), len(set(one_world.told()))) == (2, 5, 5)


def test_a_refused_login_pauses_all_sending_and_never_becomes_a_hot_loop(one_world: World) -> None:
    one_world.tables["smtp"] = {"password": "expired"}
    _two_questions(one_world)

    for _ in range(60):
        one_world.work(minutes=1)  # an hour of polls
    for _ in range(8):
        one_world.work(hours=6)

    assert len(one_world.smtp.logins) == 3  # at once, after 5 minutes, after 30 more, and never again by itself
    assert one_world.look(lambda view: view.outgoing.count_by_state()).keys() <= {"queued", "retry_at"}
    assert one_world.events("post") == ["sender_refused"]


def test_letters_kept_back_by_a_refused_login_leave_once_it_is_mended(one_world: World) -> None:
    one_world.tables["smtp"] = {"password": "expired"}
    _two_questions(one_world)
    one_world.work(minutes=1)
    one_world.stop()
    del one_world.tables["smtp"]

    one_world.work(minutes=6)

    assert one_world.told() == [("a@qq.example", "answer"), ("b@qq.example", "answer")]
    assert one_world.events("post") == ["sender_refused", "recovered"]


def test_a_server_that_is_away_costs_nothing_but_time(one_world: World) -> None:
    port, one_world.smtp_port = one_world.smtp_port, 1  # nobody listens there
    _two_questions(one_world)
    one_world.work(minutes=1)
    assert one_world.look(lambda view: view.outgoing.count_by_state()).get("failed", 0) == 0
    one_world.stop()
    one_world.smtp_port = port

    one_world.work(minutes=30)

    assert one_world.told() == [("a@qq.example", "answer"), ("b@qq.example", "answer")]


def test_a_pause_begun_by_a_clock_that_was_ahead_ends_when_that_is_set_right(one_world: World) -> None:
    one_world.smtp._at_data.append("451 MI:SFQ 163 smtp1")
    one_world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？"))
    right = one_world.clock.now()
    one_world.clock.set(right + timedelta(days=5))
    one_world.work(minutes=1)
    while_ahead = one_world.told()
    one_world.clock.set(right)

    one_world.work(minutes=1)

    assert (while_ahead, [kind for _, kind in one_world.told()]) == ([], ["answer"])


def test_an_outcome_the_database_would_not_take_down_is_put_down_later_and_nothing_is_sent_twice(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import DiskFullError
    from storage.rows.outgoing import OutgoingRows

    one_world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？"))
    with monkeypatch.context() as broken:

        def full(*_: object, **__: object) -> None:
            raise DiskFullError("no space left")

        broken.setattr(OutgoingRows, "mark_sent", full)
        with pytest.raises(DiskFullError):
            one_world.work(minutes=1)

    one_world.work(minutes=10)

    assert (len(one_world.replies()), one_world.look(lambda view: view.outgoing.count_by_state())) == (1, {"sent": 1})


# --- answers that are kept back on purpose


def test_letters_older_than_the_first_day_are_judged_and_their_answers_held(one_world: World) -> None:
    one_world.tables["answer_from"] = one_world.clock.now() - timedelta(hours=1)
    old = one_world.clock.now() - timedelta(days=2)
    one_world.clock.set(old)
    one_world.arrives(Draft(subject=SUBMISSION, sender="old@qq.example", files=complete()))
    one_world.clock.advance(timedelta(days=2))
    one_world.arrives(Draft(subject=SUBMISSION, sender="new@qq.example", files=complete("kitchen_smoke")))

    one_world.work(minutes=1)

    assert [case.verdict for case in one_world.cases()] == ["accepted", "accepted"]
    assert one_world.told() == [("new@qq.example", "receipt")]
    assert [mail.to_address for mail in one_world.mails("held")] == ["old@qq.example"]


def test_the_first_start_is_the_first_day_when_the_settings_name_none(one_world: World) -> None:
    one_world.tables["answer_from"] = None
    one_world.arrives(Draft(subject=SUBMISSION, sender="before@qq.example", files=complete()))
    one_world.work(minutes=1)
    one_world.stop()
    one_world.arrives(Draft(subject=SUBMISSION, sender="after@qq.example", files=complete("kitchen_smoke")))

    one_world.work(minutes=1)

    assert one_world.told() == [("after@qq.example", "receipt")]
    assert [mail.to_address for mail in one_world.mails("held")] == ["before@qq.example"]


def test_a_released_answer_leaves(one_world: World) -> None:
    one_world.tables["answer_from"] = None
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    one_world.work(minutes=1)
    (held,) = one_world.mails("held")
    with one_world.records.store.write() as work:
        work.outgoing.release(held.id)

    one_world.work(minutes=1)

    assert [reply.raw for reply in one_world.replies()] == [held.raw]


def test_a_dry_run_judges_and_files_but_sends_nothing(one_world: World) -> None:
    one_world.dry_run = True
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))

    one_world.work(minutes=1)
    one_world.work(days=1)

    assert [case.verdict for case in one_world.cases()] == ["accepted"]
    assert (one_world.everything_sent(), [mail.kind for mail in one_world.mails("held")]) == ((), ["receipt", "digest"])


def test_what_a_dry_run_held_stays_held_when_the_service_runs_in_earnest(one_world: World) -> None:
    one_world.dry_run = True
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    one_world.work(minutes=1)
    one_world.stop()
    one_world.dry_run = False

    one_world.work(minutes=5)

    assert (one_world.replies(), [mail.kind for mail in one_world.mails("held")]) == ((), ["receipt"])


def test_test_mode_gives_numbers_of_its_own_and_says_so(one_world: World) -> None:
    one_world.tables["test_mode"] = True
    one_world.arrives(Draft(subject=SUBMISSION, sender="trial@qq.example", files=complete()))
    one_world.work(minutes=1)
    one_world.stop()
    del one_world.tables["test_mode"]
    one_world.arrives(Draft(subject=SUBMISSION, sender="real@qq.example", files=complete("kitchen_smoke")))

    one_world.work(minutes=1)

    assert [(case.number, case.test) for case in one_world.cases()] == [("测试-HL22-0001", True), ("HL22-0001", False)]
    trial, real = one_world.replies()
    assert (trial.number, real.number, "测试" in trial.text, "测试" in real.text) == (
        "测试-HL22-0001",
        "HL22-0001",
        True,
        False,
    )
