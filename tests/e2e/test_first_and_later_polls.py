"""A letter comes in, a verdict goes out: once, whatever the polls."""

from __future__ import annotations

import pytest

from tests.e2e.material import complete, photos, weekly_report, without_last_section, without_photos
from tests.e2e.world import World
from tests.letters import CLIENTS, Draft, iphone, qq_mail

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"


def test_a_complete_submission_is_filed_and_its_sender_gets_a_receipt_in_the_thread(world: World) -> None:
    sent = world.arrives(Draft(subject=SUBMISSION, sender="jinan@qq.example", files=complete()), client=qq_mail)

    world.work(minutes=1)

    (filed,) = world.cases()
    (reply,) = world.replies()
    assert (filed.number, filed.verdict, filed.sender_address) == ("HL22-0001", "accepted", "jinan@qq.example")
    assert (reply.kind, reply.to, reply.in_reply_to) == ("receipt", "jinan@qq.example", sent.message_id)
    assert (reply.number, "材料齐全" in reply.text, reply.token in reply.text) == ("HL22-0001", True, True)


def test_reading_a_letter_leaves_no_trace_in_the_mailbox(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, files=complete()))

    world.work(minutes=1)

    assert world.box.flags() == [()]


def test_a_second_poll_of_the_same_mailbox_answers_nothing_again(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, files=complete()))
    world.work(minutes=1)

    for _ in range(3):
        world.work(minutes=5)

    assert (len(world.replies()), len(world.cases()), world.equation()[0]) == (1, 1, ("INBOX", 1, 1, 0))


def test_letters_that_arrive_between_polls_are_answered_each_at_its_poll(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, sender="a@qq.example", files=complete()))
    world.work(minutes=1)
    world.arrives(Draft(subject=SUBMISSION, sender="b@qq.example", files=complete("kitchen_smoke")))
    world.work(minutes=1)
    world.arrives(Draft(subject=SUBMISSION, sender="c@qq.example", files=without_last_section("river_stalls")))

    world.work(minutes=1)

    assert world.told() == [("a@qq.example", "receipt"), ("b@qq.example", "receipt"), ("c@qq.example", "fix_request")]
    assert [case.number for case in world.cases()] == ["HL22-0001", "HL22-0002", "HL22-0003"]


def test_a_restarted_service_knows_what_it_answered(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, files=complete()))
    world.work(minutes=1)

    world.stop()
    world.work(minutes=5)

    assert (len(world.replies()), world.outcomes()) == (1, ["filed"])


def test_a_submission_in_junk_is_answered_and_an_advertisement_there_is_not(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, sender="jinan@qq.example", files=complete()), folder=world.box.junk)
    advertisement = Draft(subject="请问需要发票吗？", text="代开发票，请问有需要吗？", sender="ad@spam.example")
    world.arrives(advertisement, folder=world.box.junk)

    world.work(minutes=1)

    assert world.told() == [("jinan@qq.example", "receipt")]
    assert sorted(world.outcomes()) == ["filed", "question"]
    assert (world.box.junk, 2, 2, 0) in world.equation()


@pytest.mark.parametrize(
    ("draft", "outcome", "kinds"),
    [
        (Draft(subject="请问字数要求", text="请问案例字数有什么要求？"), "question", ["answer"]),
        (Draft(subject="回复", text="收到，谢谢！"), "courtesy", []),
        (Draft(subject="自动回复", text="我正在休假。", extra={"Auto-Submitted": "auto-replied"}), "auto_reply", []),
        (Draft(subject="社区工作周报", text="附件为本周周报，请查收。", files=(weekly_report(),)), "unrelated", []),
        (Draft(subject=SUBMISSION, text="现报送案例，请查收附件。"), "nothing_attached", ["answer"]),
    ],
    ids=["question", "courtesy", "auto_reply", "weekly_report", "nothing_attached"],
)
def test_a_letter_without_a_submission_opens_no_case(
    one_world: World, draft: Draft, outcome: str, kinds: list[str]
) -> None:
    one_world.arrives(draft)

    one_world.work(minutes=1)

    assert (one_world.outcomes(), one_world.cases()) == ([outcome], ())
    assert [reply.kind for reply in one_world.replies()] == kinds


def test_a_letter_after_the_close_is_filed_and_told_both_times(one_world: World) -> None:
    one_world.clock.set(one_world.clock.now().replace(day=21, hour=2))
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))

    one_world.work(minutes=1)

    (reply,) = one_world.replies()
    assert (reply.kind, [case.verdict for case in one_world.cases()]) == ("late", ["needs_human"])
    assert "2022年12月21日（星期三）10:00" in reply.text
    assert "2022年12月20日（星期二）24时" in reply.text


def test_a_letter_received_in_the_last_second_is_in_time_though_it_is_read_the_next_day(one_world: World) -> None:
    one_world.clock.set(one_world.clock.now().replace(day=20, hour=15, minute=59, second=59))
    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))

    one_world.work(hours=9)

    assert [reply.kind for reply in one_world.replies()] == ["receipt"]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_submission_is_accepted_from_every_mail_program(one_world: World, client: object) -> None:
    draft = Draft(subject=SUBMISSION, text="您好，现报送案例一篇，请查收。", files=complete())
    one_world.arrives(draft, client=client)  # type: ignore[arg-type]  # a row of CLIENTS

    one_world.work(minutes=1)

    assert one_world.told() == [("jinan@qq.com", "receipt")]


# --- photos in a letter of their own


def test_photos_in_a_second_letter_within_the_quiet_period_get_one_receipt_for_both(world: World) -> None:
    first = world.arrives(Draft(subject=SUBMISSION, text="案例文字材料见附件。", files=without_photos()))
    world.work(minutes=1)
    assert (world.replies(), [case.state for case in world.cases()]) == ((), ["waiting"])
    second = world.arrives(Draft(subject="照片", text="补发照片。", files=photos(1)), client=iphone)

    world.work(minutes=3)

    (reply,) = world.replies()
    hashes = world.look(lambda view: view.outgoing.letters_of(world.mails("sent")[0].id))
    assert (reply.kind, reply.in_reply_to, len(hashes)) == ("receipt", second.message_id, 2)
    assert (len(world.cases()), first.message_id != second.message_id) == (1, True)


def test_photos_that_never_come_are_asked_for_once_after_the_quiet_period(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, text="案例文字材料见附件。", files=without_photos()))
    world.work(minutes=9)
    assert world.replies() == ()

    for _ in range(3):
        world.work(minutes=3)

    (reply,) = world.replies()
    assert (reply.kind, "还差5张" in reply.text) == ("fix_request", True)
