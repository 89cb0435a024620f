"""How much is answered: the ceiling for letters without news, the summary beyond it, the breaker, lists near the quota."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from intake.bootstrap import make_watch_desk
from intake.casework.breaker import is_endless, outruns_letters
from intake.desks.release import release_queue
from intake.desks.watch import Standing
from intake.edges.outbox import new_token
from intake.restraint import ANSWERS, Ceiling, normalised, stopped, why_stopped
from storage.records.correspondence import NewOutgoing, OutgoingRecord
from tests.e2e.material import complete
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import BEGIN, Office
from tests.letters import Draft

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
QUESTION = "请问案例字数有什么要求？"


def ask(office: Office, times: int, *, sender: str = JINAN) -> None:
    for number in range(1, times + 1):
        office.arrives(Draft(subject=f"请问{number}", text=QUESTION, sender=sender))
        office.work(minutes=15)


def text_of(mail: OutgoingRecord) -> str:
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def waiting(office: Office) -> int:
    with office.records.store.read() as view:
        return view.deferrals.count_waiting()


# --- the ceiling


def test_beyond_the_ceiling_letters_wait_and_a_submission_is_answered_all_the_same(open_at: Open) -> None:
    office = open_at(answers={"per_day": 3})
    ask(office, 5)
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete()))
    office.arrives(Draft(subject="请问", text=QUESTION, sender="other@qq.example"))

    office.work()

    assert sorted((mail.to_address, mail.kind) for mail in office.answers()) == [
        *[(JINAN, "answer")] * 3,
        (JINAN, "receipt"),
        ("other@qq.example", "answer"),
    ]
    assert (waiting(office), office.service.gather.turn()) == (2, 0)


def test_what_waited_is_told_in_one_summary_a_day_later(open_at: Open) -> None:
    office = open_at(answers={"per_day": 3})
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete()))
    ask(office, 5)
    office.clock.set(BEGIN + timedelta(hours=24, minutes=16))

    told = office.service.gather.turn()

    summary = office.answers()[-1]
    text = text_of(summary)
    assert (told, office.service.gather.turn(), summary.kind, waiting(office)) == (1, 0, "summary", 0)
    assert summary.subject == "【湖里区案例征集】来信答复汇总（2封）"
    for words in ("：请问4", "：请问5", "字数控制在3000字以内", "HL22-0001"):
        assert words in text
    assert "请问3" not in text


def test_a_listed_reporter_has_a_ceiling_of_his_own(open_at: Open) -> None:
    office = open_at(answers={"per_day": 1, "trusted_per_day": 3, "trusted_senders": ["@street.example"]})

    ask(office, 4, sender="clerk@street.example")

    assert (len(office.answers()), waiting(office)) == (3, 1)


def test_spellings_of_one_mailbox_share_one_ceiling(open_at: Open) -> None:
    office = open_at(answers={"per_day": 2})

    for sender in ("jinan@qq.example", "Jinan@QQ.example", "jinan+anli@qq.example"):
        ask(office, 1, sender=sender)

    assert (len(office.answers()), waiting(office)) == (2, 1)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Jinan@QQ.example", "jinan@qq.example"),
        (" a+b+c@x.cn", "a@x.cn"),
        ("a.b@x.cn", "a.b@x.cn"),
        ("nobody", "@nobody"),
    ],
)
def test_an_address_has_one_normal_form(address: str, expected: str) -> None:
    assert normalised(address) == expected


def test_ceiling_of_a_listed_address_holds_in_any_spelling() -> None:
    ceiling = Ceiling(trusted_senders=("Clerk+x@street.example",), trusted_per_day=70)

    assert (ceiling.of("clerk@street.example"), ceiling.of("other@street.example")) == (70, 10)


def test_a_colleagues_own_answer_takes_a_letter_off_the_list(open_at: Open) -> None:
    office = open_at(answers={"per_day": 1})
    ask(office, 3)
    with office.records.store.write() as work:
        letters = work.letters.from_address(JINAN)
        work.letters.note_hand_answers([letters[1].message_id or ""], at=office.clock.now())
    office.clock.set(BEGIN + timedelta(hours=25))

    office.service.gather.turn()

    text = text_of(office.answers()[-1])
    assert ("请问2" in text, "请问3" in text, waiting(office)) == (False, True, 0)


# --- the breaker


def answers_at_once(office: Office, times: int, *, pause_minutes: float) -> None:
    """Another program answers our last answer again and again, with a question each time."""
    office.arrives(Draft(subject="来信", text=QUESTION, sender=JINAN))
    for number in range(times):
        office.work()
        office.service.post.turn()
        last = office.answers("sent")[-1]
        office.clock.advance(timedelta(minutes=pause_minutes))
        office.arrives(Draft(subject=f"来信{number}", text=QUESTION, sender=JINAN, in_reply_to=last.message_id))
    office.work()
    office.service.post.turn()


def test_two_programs_that_answer_each_other_stop_the_queue(open_at: Open) -> None:
    office = open_at()
    answers_at_once(office, 3, pause_minutes=2)
    office.arrives(Draft(subject=SUBMISSION, sender="other@qq.example", files=complete()))
    office.work()

    office.service.post.turn()

    with office.records.store.read() as view:
        held = stopped(view)
    assert held is not None
    assert held.why == f"{JINAN} 一再即时回复我们的答复，对方可能也是自动程序"
    assert [mail.kind for mail in office.answers("sent")] == ["answer"] * 3
    assert [mail.kind for mail in office.answers()] == ["answer", "receipt"]


def test_a_person_who_asks_again_and_again_stops_nothing(open_at: Open) -> None:
    office = open_at()

    answers_at_once(office, 5, pause_minutes=25)

    with office.records.store.read() as view:
        assert stopped(view) is None
    assert len(office.answers("sent")) == 6


def test_what_the_breaker_holds_leaves_once_a_person_lets_it_go(open_at: Open) -> None:
    office = open_at()
    answers_at_once(office, 3, pause_minutes=2)

    released = release_queue(office.records.store, by="林秘书", at=office.clock.now())
    office.service.post.turn()

    assert (released, release_queue(office.records.store, by="林秘书", at=office.clock.now())) == (True, False)
    assert (len(office.answers("sent")), office.answers()) == (4, ())


def written(office: Office, count: int, *, letter: str | None = None, first: int = 900) -> None:
    """Answers in the queue that no new letter has called for."""
    kinds = sorted(ANSWERS)
    with office.records.store.write() as work:
        for number in range(first, first + count):
            mail = NewOutgoing(
                id=number, kind=kinds[number % len(kinds)], campaign="huli-2022", to_address=f"a{number}@x.cn",
                sender_address="anli@huli.example", message_id=f"m{number}@x", token=new_token(), subject="", raw=b"",
                created_at=office.clock.now(),
            )  # fmt: skip
            work.outgoing.enqueue(mail, letters=[letter] if letter else ())


def test_more_answers_than_letters_can_have_called_for_stop_the_queue_and_alarm_once(open_at: Open) -> None:
    office = open_at(digest={"recipients": ["zuweihui@huli.example"]})
    written(office, 12)
    office.arrives(Draft(subject="请问", text=QUESTION, sender=JINAN))
    office.work()
    watch = make_watch_desk(
        office.records,
        Standing(
            logins_refused=lambda: False,
            trouble=str,
            sending_refused=lambda: None,
            answers_stopped=lambda: why_stopped(office.records.store),
        ),
    )

    watch.turn()
    watch.turn()
    office.service.post.turn()

    alarms = [mail for mail in office.answers("sent") if mail.kind == "alarm"]
    assert [mail.subject for mail in alarms] == ["【湖里区案例征集】收件报警：自动答复过于频繁，回信已暂停"]
    assert "一小时内写了13封答复，而相应的来信只有1封" in text_of(alarms[0])
    assert len(office.answers("sent")) == 1


def test_thirty_letters_of_one_evening_are_all_answered(open_at: Open) -> None:
    office = open_at()
    for number in range(30):
        office.arrives(Draft(subject=f"请问{number}", text=QUESTION, sender=f"unit{number}@qq.example"))

    office.work()

    with office.records.store.read() as view:
        assert stopped(view) is None
    assert len(office.answers()) == 30


@pytest.mark.parametrize(
    ("answers", "letters", "expected"),
    [(9, 0, False), (10, 5, False), (10, 4, True), (21, 10, True), (20, 10, False), (400, 400, False)],
)
def test_breaker_counts_answers_per_letter(answers: int, letters: int, expected: bool) -> None:
    assert outruns_letters(answers, letters) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((1, 2, 3), True), ((1, 2), False), ((10, 10, 10), True), ((1, 11, 1), False), ((1, 1, 1, 99), True)],
)
def test_a_thread_is_endless_when_every_answer_is_answered_at_once(minutes: tuple[int, ...], expected: bool) -> None:
    rounds = [(BEGIN, BEGIN + timedelta(minutes=each)) for each in minutes]

    assert is_endless(rounds) == expected
