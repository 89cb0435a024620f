"""What becomes of letters that ask for something beside being filed: a look at a draft, a case back, another check."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.records.correspondence import OutgoingRecord
from tests.e2e.material import case, complete, photos, without_last_section
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.intake.desks.test_filing import text_of
from tests.letters import Draft, File

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
OTHER = "other@qq.example"


def states(office: Office) -> list[tuple[str, str]]:
    return [(each.number, each.state) for each in office.cases()]


def kinds(office: Office) -> list[str]:
    return [mail.kind for mail in office.answers()]


def reply(office: Office, text: str, *, to: OutgoingRecord, sender: str = JINAN, files: tuple[File, ...] = ()) -> str:
    """An answer to a letter of ours arrives a minute later and is worked on; what became of it."""
    office.clock.advance(timedelta(minutes=1))
    record = office.arrives(
        Draft(subject=f"回复：{to.subject}", text=text, sender=sender, in_reply_to=to.message_id, files=files)
    )
    office.work()
    found = office.letter(record)
    return found.ignored or found.outcome


def submit(
    office: Office, files: tuple[File, ...], *, subject: str = SUBMISSION, text: str = "请查收。"
) -> OutgoingRecord:
    """A submission arrives and is answered: the answer."""
    office.arrives(Draft(subject=subject, text=text, sender=JINAN, files=files))
    office.work()
    return office.answers()[-1]


# --- drafts


def test_draft_is_told_all_findings_and_gets_neither_number_nor_verdict(open_at: Open) -> None:
    office = open_at()

    review = submit(office, without_last_section(), subject="案例初稿", text="这是我们的初稿，请先帮看看。")

    said = text_of(review)
    assert (review.kind, states(office)) == ("draft_review", [])
    assert ("尚未正式报送" in said, "探讨与评论" in said, "HL22" in said, "登记编号：" in said) == (
        True,
        True,
        False,
        False,
    )


def test_draft_declared_formal_becomes_the_case_with_the_receipt_time_of_the_draft(open_at: Open) -> None:
    office = open_at()
    drafted_at = office.clock.now()
    review = submit(office, complete(), subject="案例初稿，请预审")

    became = reply(office, "就以此稿正式报送，谢谢。", to=review)

    (filed,) = office.cases()
    assert (became, filed.number, filed.state, kinds(office)[-1]) == ("filed", "HL22-0001", "accepted", "receipt")
    with office.records.store.read() as view:
        assert [revision.received_at for revision in view.cases.revisions(filed.id)] == [drafted_at]


def test_photos_sent_in_the_thread_of_a_draft_join_it_as_one_submission(open_at: Open) -> None:
    office = open_at()
    review = submit(office, (case(),), subject="案例初稿，请先帮看看")

    became = reply(office, "照片补上，请查收。", to=review, files=photos(1, 5))

    assert (became, states(office)) == ("filed", [("HL22-0001", "accepted")])


def test_second_draft_in_the_thread_is_reviewed_again_with_what_came_before(open_at: Open) -> None:
    office = open_at()
    review = submit(office, (case(without_last_section=True), *photos(1, 5)), subject="案例初稿，请先帮看看")

    became = reply(office, "修改后的初稿，请再帮看看。", to=review, files=(case(),))

    assert (became, states(office), kinds(office)) == ("draft", [], ["draft_review", "draft_review"])
    assert "暂没有需要补充完善的内容" in text_of(office.answers()[-1])


def test_thanks_for_the_remarks_on_a_draft_makes_nothing_formal(open_at: Open) -> None:
    office = open_at()
    review = submit(office, complete(), subject="案例初稿，请先帮看看")

    became = reply(office, "收到，谢谢，我们修改后再正式报送。", to=review)

    assert (became in {"courtesy", "question"}, states(office)) == (True, [])


def test_better_version_of_an_incomplete_case_is_filed_though_it_asks_for_a_look(open_at: Open) -> None:
    office = open_at()
    asked = submit(office, without_last_section())

    became = reply(office, "已补充，请先帮看看这样行不行。", to=asked, files=(case(),))

    assert (became, states(office)) == ("filed", [("HL22-0001", "accepted")])


def test_draft_never_takes_the_place_of_an_accepted_case(open_at: Open) -> None:
    office = open_at()
    receipt = submit(office, complete())

    became = reply(
        office, "想再改改，这是修改稿的初稿，请先帮看看。", to=receipt, files=(case(without_last_section=True),)
    )

    assert (became, states(office), kinds(office)[-1]) == ("draft", [("HL22-0001", "accepted")], "draft_review")


def test_who_asks_after_a_draft_reads_that_it_came_and_is_not_submitted(open_at: Open) -> None:
    office = open_at()
    submit(office, complete(), subject="案例初稿，请先帮看看")
    office.arrives(Draft(subject="请问", text="请问我们的材料收到了吗？", sender=JINAN))

    office.work(minutes=1)

    assert "此前收到的是初稿" in text_of(office.answers()[-1])


# --- status


def test_who_asks_after_a_case_nobody_knows_is_told_so_and_shown_to_a_person(open_at: Open) -> None:
    office = open_at()
    record = office.arrives(Draft(subject="请问", text="请问我们社区的案例收到了吗？", sender=OTHER))

    office.work()

    evidence = office.letter(record).evidence
    assert (kinds(office), "暂未查到" in text_of(office.answers()[-1])) == (["answer"], True)
    assert evidence is not None
    assert evidence["for_person"] is True


# --- taking back


def test_withdrawal_in_our_thread_is_carried_out_and_the_number_stays(open_at: Open) -> None:
    office = open_at()
    receipt = submit(office, complete())

    became = reply(office, "我社区申请撤回此案例。", to=receipt)

    assert (became, states(office), kinds(office)) == (
        "withdrawal",
        [("HL22-0001", "withdrawn")],
        ["receipt", "withdrawn"],
    )
    assert "HL22-0001）已经撤回" in text_of(office.answers()[-1])


def test_withdrawal_by_the_from_line_alone_is_asked_to_confirm_and_then_carried_out(open_at: Open) -> None:
    office = open_at()
    submit(office, complete())
    office.arrives(Draft(subject="撤回", text="请撤回我社区报送的案例。", sender=JINAN))
    office.work(minutes=1)
    question = office.answers()[-1]
    before = states(office)

    became = reply(office, "确认。", to=question)

    assert (question.kind, before) == ("confirm_withdrawal", [("HL22-0001", "accepted")])
    assert (became, states(office), kinds(office)[-1]) == ("withdrawal", [("HL22-0001", "withdrawn")], "withdrawn")


def test_withdrawal_of_one_of_several_names_them_and_takes_the_one_answered(open_at: Open) -> None:
    office = open_at()
    submit(office, complete())
    submit(office, complete("kitchen_smoke"), subject="报送湖里区社区治理创新案例二", text="另一个案例。")
    office.arrives(Draft(subject="撤回", text="请撤回我社区报送的案例。", sender=JINAN))
    office.work(minutes=1)
    question = office.answers()[-1]

    reply(office, "确认撤回 HL22-0002", to=question)

    assert ("HL22-0001" in text_of(question), "HL22-0002" in text_of(question)) == (True, True)
    assert states(office) == [("HL22-0001", "accepted"), ("HL22-0002", "withdrawn")]


def test_stranger_cannot_withdraw_and_is_shown_to_a_person(open_at: Open) -> None:
    office = open_at()
    submit(office, complete())
    record = office.arrives(Draft(subject="撤回", text="请撤回金安社区的案例 HL22-0001。", sender=OTHER))

    office.work(minutes=1)

    evidence = office.letter(record).evidence
    assert (states(office), evidence is not None and evidence["for_person"]) == ([("HL22-0001", "accepted")], True)


def test_status_question_after_a_withdrawal_names_it(open_at: Open) -> None:
    office = open_at()
    reply(office, "请撤回。", to=submit(office, complete()))
    office.arrives(Draft(subject="请问", text="请问我们的案例收到了吗？", sender=JINAN))

    office.work(minutes=1)

    assert "已按来信撤回" in text_of(office.answers()[-1])


def test_same_material_sent_after_a_withdrawal_reopens_the_case_under_its_number(open_at: Open) -> None:
    office = open_at()
    reply(office, "请撤回。", to=submit(office, complete()))
    office.clock.advance(timedelta(hours=1))

    again = submit(office, complete(), text="还是要报，重新报送。")

    assert (again.kind, states(office)) == ("receipt", [("HL22-0001", "accepted")])


def test_other_case_sent_after_a_withdrawal_gets_a_number_of_its_own(open_at: Open) -> None:
    office = open_at()
    reply(office, "请撤回。", to=submit(office, complete()))
    office.clock.advance(timedelta(hours=1))

    submit(office, complete("kitchen_smoke"))

    assert states(office) == [("HL22-0001", "withdrawn"), ("HL22-0002", "accepted")]


# --- objecting


def test_objection_goes_to_a_person_and_the_case_asks_nothing_meanwhile(open_at: Open) -> None:
    office = open_at()
    asked = submit(office, without_last_section())

    became = reply(office, "第四部分就是探讨与评论，请再核对一下。", to=asked)

    assert (became, states(office), kinds(office)) == (
        "dispute",
        [("HL22-0001", "needs_human")],
        ["fix_request", "disputed"],
    )
    said = text_of(office.answers()[-1])
    assert ("已转工作人员复核" in said, "复核期间不影响报送" in said) == (True, True)


def test_objection_above_the_same_file_is_no_repetition(open_at: Open) -> None:
    office = open_at()
    files = without_last_section()
    asked = submit(office, files)

    became = reply(office, "最后一部分明明写了探讨与评论。", to=asked, files=files)

    assert (became, states(office), kinds(office)[-1]) == ("dispute", [("HL22-0001", "needs_human")], "disputed")


def test_screenshot_of_a_count_is_no_photo_of_the_case(open_at: Open) -> None:
    office = open_at()
    asked = submit(office, (case(without_last_section=True), *photos(1, 4)))

    became = reply(office, "我数了是2980字，没有超。", to=asked, files=photos(9, 1))

    (disputed,) = office.cases()
    with office.records.store.read() as view:
        files = view.cases.revisions(disputed.id)[-1].summary["files"]
    assert (became, disputed.state, len([each for each in files if each["role"] == "photo"])) == (
        "dispute",
        "needs_human",
        4,
    )


def test_new_version_after_an_objection_is_judged_anew(open_at: Open) -> None:
    office = open_at()
    asked = submit(office, without_last_section())
    reply(office, "第四部分就是探讨与评论。", to=asked)

    reply(office, "已补写。", to=asked, files=(case(),))

    assert (states(office), kinds(office)[-1]) == ([("HL22-0001", "accepted")], "receipt")


@pytest.mark.parametrize(
    ("text", "became"),
    [
        ("投诉你们的核对，我数了是2980字。", "question"),
        ("收到，马上补。", "courtesy"),
    ],
)
def test_letter_that_only_resembles_an_objection_leaves_the_case_as_it_is(
    open_at: Open, text: str, became: str
) -> None:
    office = open_at()
    asked = submit(office, without_last_section())

    assert reply(office, text, to=asked) == became
    assert (states(office), kinds(office)) == ([("HL22-0001", "needs_fix")], ["fix_request"])


def test_digest_puts_the_complaint_first_then_the_objection_in_its_own_words(open_at: Open) -> None:
    office = open_at()
    reply(office, "第四部分就是探讨与评论。", to=submit(office, without_last_section()))
    office.arrives(Draft(subject="投诉物业", text="请处理。", sender=OTHER, files=photos(1, 1)))
    office.work(minutes=1)

    said = office.service.digest.write(since_at=None, until_at=office.clock.now()).text

    complaint, objection = said.index("投诉、信访类措辞，请人工处理"), said.index("第四部分就是探讨与评论")
    assert (complaint < objection, "可能影响报送时限" in said) == (True, True)


def test_withdrawal_takes_back_the_request_that_has_not_left(open_at: Open) -> None:
    office = open_at()
    asked = submit(office, without_last_section())

    became = reply(office, "我社区申请撤回此案例。", to=asked)

    assert (asked.kind, became, states(office)) == ("fix_request", "withdrawal", [("HL22-0001", "withdrawn")])
    assert [mail.id for mail in office.answers("cancelled")] == [asked.id]
    assert kinds(office) == ["withdrawn"]
