"""What becomes of a read letter: its campaign, its case, its answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from config.campaign import preset_text
from intake.bootstrap import make_decide_desk
from intake.desks.replay import ReplayDesk
from storage.records.correspondence import OutgoingRecord
from storage.records.mailbox import FolderRecord
from tests.e2e.material import case, complete, photos, without_last_section, without_photos
from tests.intake.desks.conftest import Open
from tests.letters import Draft, File

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
BOUNCE = {"Auto-Submitted": "auto-replied", "Return-Path": "<>"}


def text_of(mail: OutgoingRecord) -> str:
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


# --- several campaigns in one mailbox


@pytest.fixture
def two_campaigns(tmp_path: Path) -> tuple[str, ...]:
    """huli-2022 and one like it, each known by words of the subject, both open on 5 December 2022."""
    text = preset_text("huli-2022").replace('id = "huli-2022"', 'id = "other"').replace("HL22", "OT22")
    own = tmp_path / "other.toml"
    own.write_text(text.replace('["湖里", "社区治理创新案例"]', '["另一活动"]'), encoding="utf-8")
    return ("huli-2022", str(own))


def test_letter_that_fits_two_campaigns_is_left_to_a_person(open_at: Open, two_campaigns: tuple[str, ...]) -> None:
    office = open_at(campaigns=two_campaigns)
    record = office.arrives(Draft(subject="报送案例", sender=JINAN, files=complete()))

    office.work()

    letter = office.letter(record)
    assert (letter.outcome, letter.ignored, office.cases(), office.answers()) == (
        "not_a_submission",
        "no_campaign",
        (),
        (),
    )
    assert letter.evidence is not None
    assert (letter.evidence["for_person"], len(letter.evidence["lines"])) == (True, 3)


def test_machine_that_fits_two_campaigns_concerns_nobody(open_at: Open, two_campaigns: tuple[str, ...]) -> None:
    office = open_at(campaigns=two_campaigns)
    record = office.arrives(Draft(subject="自动回复", sender=JINAN, extra=BOUNCE))

    office.work()

    letter = office.letter(record)
    assert (letter.ignored, letter.evidence and letter.evidence["for_person"]) == ("auto_reply", False)


def test_reply_in_our_thread_goes_to_the_campaign_of_the_thread(open_at: Open, two_campaigns: tuple[str, ...]) -> None:
    office = open_at(campaigns=two_campaigns)
    office.arrives(Draft(subject="另一活动报送社区治理案例", sender=JINAN, files=without_last_section()))
    office.work()
    office.clock.advance(timedelta(minutes=5))
    (asked,) = office.answers()
    assert (asked.kind, asked.campaign) == ("fix_request", "other")
    office.arrives(Draft(subject="补充", sender=JINAN, in_reply_to=asked.message_id, files=(case(),)))

    office.work()

    assert [(each.number, each.verdict) for each in office.cases()] == [("OT22-0001", "accepted")]


# --- the trial run


def test_every_answer_of_a_trial_run_says_so(open_at: Open) -> None:
    office = open_at(test_mode=True)
    office.arrives(Draft(subject="请问", text="请问案例字数有什么要求？", sender="a@qq.example"))
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete()))
    office.work()
    office.arrives(Draft(subject=SUBMISSION, text="再发一次。", sender=JINAN, files=complete()))

    office.work()

    assert sorted(mail.kind for mail in office.answers()) == ["answer", "receipt", "same_again"]
    assert all("测试" in mail.subject for mail in office.answers())


def test_what_was_tried_out_takes_in_no_real_submission(open_at: Open) -> None:
    trial = open_at(test_mode=True)
    trial.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete()))
    trial.work()
    office = open_at(clock=trial.clock)
    office.arrives(Draft(subject=SUBMISSION, text="正式报送。", sender=JINAN, files=complete()))

    office.work(hours=1)

    assert [(each.number, each.verdict, each.test) for each in office.cases()] == [
        ("测试-HL22-0001", "accepted", True),
        ("HL22-0001", "accepted", False),
    ]


# --- who must hear from us


def test_sender_who_asks_while_his_case_waits_reads_that_it_was_received(open_at: Open) -> None:
    office = open_at()
    office.arrives(Draft(subject=SUBMISSION, text="照片稍后补发。", sender=JINAN, files=without_photos()))
    office.work()
    assert [each.state for each in office.cases()] == ["waiting"]
    office.arrives(Draft(subject="请问收到了吗", text="请问我们报送的案例收到了吗？", sender=JINAN))

    office.work(minutes=1)

    (answer,) = office.answers()
    assert (answer.kind, "HL22-0001" in text_of(answer), "暂未查到" in text_of(answer)) == ("answer", True, False)
    assert "正等候后续材料" in text_of(answer)


def test_letter_that_could_never_be_read_is_answered_by_what_its_header_says(open_at: Open) -> None:
    office = open_at()
    record = office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete(), message_id="one@qq.example"))
    with office.records.store.write() as work:
        work.letters.quarantine(record.sha256, reason="读取这封来信时程序几次中断", traceback="killed")

    office.work()

    (neutral,) = office.answers()
    assert (neutral.kind, neutral.to_address, office.letter(record).answered) == ("being_checked", JINAN, "neutrally")
    assert b"In-Reply-To: <one@qq.example>" in neutral.raw


@pytest.mark.parametrize(
    ("draft", "letter"),
    [
        (Draft(subject=SUBMISSION, sender=JINAN, extra=BOUNCE), {}),
        (Draft(subject=SUBMISSION, sender=JINAN), {"folder_role": "junk"}),
    ],
    ids=["machine", "junk"],
)
def test_letter_put_aside_that_nobody_wrote_is_not_answered(
    open_at: Open, draft: Draft, letter: dict[str, str]
) -> None:
    office = open_at()
    record = office.arrives(draft, **letter)
    with office.records.store.write() as work:
        work.letters.quarantine(record.sha256, reason="x", traceback="killed")

    office.work()

    assert (office.answers(), office.letter(record).answered) == ((), "never")


def test_letter_told_neutrally_and_brought_back_keeps_no_other_letter_from_its_answer(open_at: Open) -> None:
    office = open_at()
    old_word = File("湖里区社区治理创新案例.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(3000), "application/msword")
    first = office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=(old_word,)))
    with office.records.store.write() as work:
        work.letters.quarantine(first.sha256, reason="x", traceback="a bug")
    office.work()
    ReplayDesk(office.records.store, office.records.judge, clock=office.clock).bring_back(first.sha256)
    office.work(minutes=5)
    assert [each.verdict for each in office.cases()] == ["needs_human"]
    second = office.arrives(Draft(subject="照片", text="补发照片。", sender=JINAN, files=photos(1)))

    office.work(minutes=5)

    with office.records.store.read() as view:
        told = [[mail.kind for mail in view.outgoing.of_letter(each.sha256)] for each in (first, second)]
    assert told == [["being_checked"], ["being_checked"]]


# --- decisions


@pytest.fixture
def with_organizer(tmp_path: Path) -> tuple[str, ...]:
    """huli-2022 with somebody who may decide."""
    own = tmp_path / "huli.toml"
    wang = 'organizers = [{ name = "王老师", address = "wang@huli.example" }]'
    own.write_text(preset_text("huli-2022").replace("[campaign]", f"[campaign]\n{wang}", 1), encoding="utf-8")
    return (str(own),)


def test_pass_holds_when_only_the_category_is_answered_and_ends_with_a_new_text(
    open_at: Open, with_organizer: tuple[str, ...]
) -> None:
    office = open_at(campaigns=with_organizer)
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=without_last_section()))
    office.work()
    records = office.records
    desk = make_decide_desk(records, undo_for=timedelta(0))
    desk.decide("HL22-0001", kind="pass", who="王老师", why="已电话核实")
    (decision,) = [mail for mail in office.answers() if mail.kind == "decision"]
    for answer in ("类别：小区治理", "类别：智慧治理", "类别：网格治理"):
        office.arrives(Draft(subject="回复", text=answer, sender=JINAN, in_reply_to=decision.message_id))
        office.work(minutes=1)
        assert [each.verdict for each in office.cases()] == ["accepted"]

    text = case("kitchen_smoke", without_last_section=True)
    office.arrives(
        Draft(subject="更正", text="改用这一稿。", sender=JINAN, in_reply_to=decision.message_id, files=(text,))
    )
    office.work(minutes=20)

    assert [(each.number, each.verdict) for each in office.cases()] == [("HL22-0001", "needs_fix")]


def test_locked_letter_is_answered_once_with_what_to_do_and_shown_to_a_person(open_at: Open) -> None:
    office = open_at()
    notice = "您好，这是一封加密邮件，请下载附件并输入密码后查看邮件内容。"
    record = office.arrives(Draft(subject="案例报送", sender=JINAN, text=notice))

    office.work()
    office.work(minutes=30)

    letter = office.letter(record)
    assert (letter.outcome, letter.ignored, office.cases()) == ("not_a_submission", "encrypted", ())
    assert letter.evidence == {"lines": ["来信经过加密（邮箱的加密邮件功能），不能打开"], "for_person": True}
    assert [answer.kind for answer in office.answers()] == ["answer"]
    assert "我方系统暂不能打开；来信时间已经记录" in text_of(office.answers()[0])


# --- a folder that is being matched again


def test_nothing_is_filed_or_answered_while_a_folder_is_matched_again(open_at: Open) -> None:
    office = open_at()
    at = office.clock.now()
    folder = FolderRecord(
        account="anli@huli.example", folder="INBOX", role="inbox", uidvalidity=8, uidnext=2, messages=1,
        looked_at=at, state="rematching",
    )  # fmt: skip
    with office.records.store.write() as work:
        work.folders.put(folder)
    record = office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete()))
    office.work(minutes=5)
    meanwhile = (office.letter(record).outcome, office.cases(), office.answers())
    with office.records.store.write() as work:
        work.folders.put(replace(folder, state="normal"))

    office.work(minutes=5)

    assert (meanwhile, office.letter(record).outcome) == (("collected", (), ()), "filed")
    assert [mail.kind for mail in office.answers()] == ["receipt"]


# --- the same letter again, and another one under its Message-ID


def test_another_question_under_the_message_id_of_the_first_is_answered_too_and_the_same_one_is_not(
    open_at: Open,
) -> None:
    office = open_at()
    first = Draft(subject="请问", sender=JINAN, text="请问案例字数有什么要求？", message_id="constant@qq.example")
    asked = [office.arrives(first)]
    office.work()
    for again in (replace(first, text="请问照片需要几张？"), replace(first, extra={"X-Scanned": "yes"})):
        office.clock.advance(timedelta(minutes=5))
        asked.append(office.arrives(again))

    office.work()

    assert [office.letter(each).ignored for each in asked] == ["question", "question", "same_again"]
