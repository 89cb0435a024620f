"""Who may speak for a case, on the records: letters kept apart, let in or left out; letters passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.desks.admit import AdmitDesk
from intake.desks.detach import DetachDesk
from intake.errors import OperatorError
from storage.records.correspondence import LetterRecord
from tests.e2e.material import case, complete, photos, without_last_section
from tests.intake.cli.working_folders import ORGANIZER, campaign_file
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.intake.desks.test_filing import text_of
from tests.letters import CHINA, Draft, File

JINAN, STRANGER, CLERK = "jinan@qq.example", "stranger@126.example", "wang@example.org"
SUBMISSION = "报送湖里区社区治理创新案例"


def open_with_organizer(open_at: Open, folder: Path) -> Office:
    campaign_file(folder, closes_at='"2022-12-20"')
    return open_at()


def arrives(
    office: Office, subject: str, files: tuple[File, ...], *, sender: str = JINAN, text: str = "请查收。"
) -> LetterRecord:
    """A letter arrives a minute later and is worked on; as it stands then."""
    office.clock.advance(timedelta(minutes=1))
    record = office.arrives(Draft(subject=subject, text=text, sender=sender, files=files))
    office.work()
    return office.letter(record)


def desk(office: Office) -> AdmitDesk:
    return AdmitDesk(office.records.store, office.records.judge, office.records.calls, clock=office.clock)


def told(office: Office) -> list[tuple[str, str]]:
    return [(mail.to_address, mail.kind) for mail in office.answers()]


def test_letter_of_a_stranger_let_in_by_an_organizer_becomes_part_of_the_case(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)
    arrives(office, SUBMISSION, complete())
    claim = arrives(office, "HL22-0001 补充照片", photos(8, 1), sender=STRANGER)

    found = desk(office).admit(claim.sha256[:10], "hl22-0001", who=ORGANIZER, why="已电话核实是社区同事")

    assert (found.number, found.state, desk(office).kept()) == ("HL22-0001", "accepted", ())
    with office.records.store.read() as view:
        summary = view.cases.revisions(found.id)[-1].summary
        decided = [(each.kind, each.who, each.why) for each in view.cases.decisions(found.id)]
        addresses = view.cases.addresses(found.id)
    assert sum(1 for file in summary["files"] if file["role"] == "photo" and file["counted"]) == 6
    assert decided == [("admit", ORGANIZER, "已电话核实是社区同事")]
    assert STRANGER in addresses
    assert told(office) == [
        (JINAN, "receipt"), (STRANGER, "being_checked"), (JINAN, "notice"), (STRANGER, "receipt"),
    ]  # fmt: skip


def test_letter_left_out_is_kept_and_no_longer_shown(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)
    arrives(office, SUBMISSION, complete())
    claim = arrives(office, "HL22-0001 材料更换", (case("kitchen_smoke"),), sender=STRANGER)

    desk(office).leave(claim.sha256[:10], who=ORGANIZER, why="与本案例无关")

    kept = office.letter(claim)
    assert (kept.ignored, (kept.evidence or {})["for_person"], desk(office).kept()) == ("unconfirmed", False, ())
    assert (kept.evidence or {})["lines"][-1] == f"{ORGANIZER}决定不并入：与本案例无关"


@pytest.mark.parametrize(
    ("prefix", "number", "who", "why", "says"),
    [
        ("0000", "HL22-0001", ORGANIZER, "理由", "没有唯一以"),
        ("", "HL22-0001", ORGANIZER, "理由", "没有唯一以"),
        ("{}", "HL22-0099", ORGANIZER, "理由", "没有登记编号"),
        ("{}", "HL22-0001", "过路人", "理由", "不在活动文件的 organizers 名单里"),
        ("{}", "HL22-0001", ORGANIZER, " ", "写明理由"),
    ],
)
def test_letting_in_what_is_not_right_is_refused_and_changes_nothing(
    open_at: Open, tmp_path: Path, prefix: str, number: str, who: str, why: str, says: str
) -> None:
    office = open_with_organizer(open_at, tmp_path)
    arrives(office, SUBMISSION, complete())
    claim = arrives(office, "HL22-0001 补充照片", photos(8, 1), sender=STRANGER)

    with pytest.raises(OperatorError, match=says):
        desk(office).admit(prefix.format(claim.sha256), number, who=who, why=why)

    assert [letter.sha256 for letter in desk(office).kept()] == [claim.sha256]


def test_known_contact_hears_of_strangers_once_a_day(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)
    arrives(office, SUBMISSION, complete())

    for number in range(8, 11):
        arrives(office, f"HL22-0001 补充照片{number}", photos(number, 1), sender=STRANGER)
    office.clock.advance(timedelta(hours=25))
    arrives(office, "HL22-0001 再补一张", photos(12, 1), sender=STRANGER)

    assert [to for to, kind in told(office) if kind == "notice"] == [JINAN, JINAN]
    assert [kind for to, kind in told(office) if to == STRANGER] == ["being_checked"] * 4


@dataclass(frozen=True)
class Halves:
    """Text and photos that two addresses sent, put together by their unit."""

    text: LetterRecord
    photos: LetterRecord


def two_halves(office: Office) -> Halves:
    """A text from the office, photos of the same unit from a colleague's address."""
    said = "现报送案例正文。\n湖里区禾山街道星澜社区居民委员会"
    text = arrives(office, SUBMISSION, (case("kitchen_smoke"),), text=said)
    said = "湖里区社区治理创新案例，星澜社区照片5张。"
    brought = arrives(office, "星澜社区案例照片", photos(1, 5), sender=STRANGER, text=said)
    return Halves(text, brought)


def parting(office: Office) -> DetachDesk:
    records = office.records
    return DetachDesk(records.store, records.judge, records.judge.answers, records.calls, clock=office.clock)


def test_photos_wrongly_joined_by_unit_become_a_case_of_their_own_and_both_senders_hear_of_it(
    open_at: Open, tmp_path: Path
) -> None:
    office = open_with_organizer(open_at, tmp_path)
    halves = two_halves(office)
    assert [each.state for each in office.cases()] == ["needs_human"]

    stays, own = parting(office).detach(halves.photos.sha256[:10], who=ORGANIZER, why="照片是另一社区的")

    assert [(each.number, each.state) for each in (stays, own)] == [
        ("HL22-0001", "needs_fix"), ("HL22-0002", "needs_fix"),
    ]  # fmt: skip
    assert own.opened_at == halves.photos.received_at
    assert told(office)[-2:] == [(JINAN, "parted"), (STRANGER, "parted")]
    of_text, of_photos = (text_of(mail) for mail in office.answers()[-2:])
    assert "两者不是同一案例，现已分开，登记编号为HL22-0001" in of_text
    assert "登记编号为HL22-0002" in of_photos
    assert "油烟" not in of_photos
    with office.records.store.read() as view:
        whose = [view.cases.addresses(each.id) for each in (stays, own)]
        decided = [[each.kind for each in view.cases.decisions(each.id)] for each in (stays, own)]
    assert (JINAN in whose[0], STRANGER in whose[0], STRANGER in whose[1]) == (True, False, True)
    assert decided == [["detach"], ["detach"]]


def test_photos_parted_from_a_case_are_followed_by_their_own_text(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)
    halves = two_halves(office)
    parting(office).detach(halves.photos.sha256[:10], who=ORGANIZER, why="照片是另一社区的")

    arrives(office, SUBMISSION, (case("grid_ledger"),), sender=STRANGER)

    assert [(each.number, each.state) for each in office.cases()] == [
        ("HL22-0001", "needs_fix"), ("HL22-0002", "accepted"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("which", "who", "why", "says"),
    [
        ("text", ORGANIZER, "理由", "就是 HL22-0001 的第一封"),
        ("", ORGANIZER, "理由", "没有唯一以"),
        ("photos", "过路人", "理由", "不在活动文件的 organizers 名单里"),
        ("photos", ORGANIZER, " ", "写明理由"),
    ],
)
def test_parting_what_is_not_right_is_refused_and_changes_nothing(
    open_at: Open, tmp_path: Path, which: str, who: str, why: str, says: str
) -> None:
    office = open_with_organizer(open_at, tmp_path)
    halves = two_halves(office)
    before = office.cases()

    with pytest.raises(OperatorError, match=says):
        parting(office).detach(getattr(halves, which).sha256[:12] if which else "", who=who, why=why)

    assert office.cases() == before


def test_new_version_that_was_another_case_is_parted_from_it(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)
    arrives(office, SUBMISSION, without_last_section())
    other = arrives(office, "HL22-0001 补充材料", complete("kitchen_smoke"))
    assert [(each.number, each.state) for each in office.cases()] == [("HL22-0001", "accepted")]

    stays, own = parting(office).detach(other.sha256[:10], who=CLERK, why="是另一个案例")

    assert [(each.number, each.state) for each in (stays, own)] == [
        ("HL22-0001", "needs_fix"), ("HL22-0002", "accepted"),
    ]  # fmt: skip
    with office.records.store.read() as view:
        decided = [(each.who, each.why) for each in view.cases.decisions(own.id)]
        whose = [JINAN in view.cases.addresses(each.id) for each in (stays, own)]
    assert (decided, whose) == ([(ORGANIZER, "是另一个案例")], [True, True])
    assert "两者不是同一案例" in text_of(office.answers()[-1])


def forwarded(original: EmailMessage) -> File:
    return File("原邮件.eml", original.as_bytes(), "application/octet-stream")


def original_letter(files: tuple[File, ...]) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "金安社区 <jinan@qq.example>"
    letter["To"] = CLERK
    letter["Subject"] = SUBMISSION
    letter["Message-ID"] = "<first@qq.example>"
    letter["Date"] = "Sun, 04 Dec 2022 20:15:00 +0800"
    letter.set_content("请查收。")
    for file in files:
        main, _, sub = file.media_type.partition("/")
        letter.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return letter


def test_letter_attached_by_an_organizer_is_filed_for_its_sender_and_answers_his_letter(
    open_at: Open, tmp_path: Path
) -> None:
    office = open_with_organizer(open_at, tmp_path)

    record = arrives(office, "转发：金安社区案例", (forwarded(original_letter(complete())),), sender=CLERK)

    found = office.cases()[0]
    assert (found.state, found.sender_address) == ("accepted", JINAN)
    assert found.opened_at.astimezone(CHINA).strftime("%m-%d %H:%M") == "12-04 20:15"
    receipt, note = office.answers()
    assert [(mail.to_address, mail.kind) for mail in (receipt, note)] == [(JINAN, "receipt"), (CLERK, "notice")]
    assert b"In-Reply-To: <first@qq.example>" in receipt.raw
    assert "2022年12月4日（星期日）20:15" in text_of(receipt)
    assert "结果另行回复原发件邮箱" in text_of(note)
    assert (office.letter(record).evidence or {})["lines"][-1].endswith("转来，原发件人 jinan@qq.example")


def test_letters_of_two_senders_attached_by_an_organizer_are_shown_to_a_person(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)
    other = original_letter((case("kitchen_smoke"), *photos(11, 5)))
    other.replace_header("From", "星澜社区 <xinglan@163.example>")
    other.replace_header("Message-ID", "<other@163.example>")
    enclosed = (
        File("金安.eml", original_letter(complete()).as_bytes(), "application/octet-stream"),
        File("星澜.eml", other.as_bytes(), "application/octet-stream"),
    )

    record = arrives(office, "转发：两个社区的案例", enclosed, sender=CLERK)

    stored = office.letter(record).evidence or {}
    assert [each.state for each in office.cases()] == ["accepted", "accepted"]
    assert {to for to, _ in told(office)} == {CLERK}
    assert stored["for_person"] is True
    assert (
        "转来2个发件人的来信（jinan@qq.example、xinglan@163.example），暂按转发人登记并答复，请核对" in stored["lines"]
    )


def test_letter_attached_by_anybody_else_is_his_own(open_at: Open, tmp_path: Path) -> None:
    office = open_with_organizer(open_at, tmp_path)

    arrives(office, "转发：金安社区案例", (forwarded(original_letter(complete())),), sender=STRANGER)

    assert [each.sender_address for each in office.cases()] == [STRANGER]
    assert told(office) == [(STRANGER, "receipt")]


def test_original_after_the_close_is_late_and_one_before_it_is_in_time_however_late_it_was_passed_on(
    open_at: Open, tmp_path: Path
) -> None:
    office = open_with_organizer(open_at, tmp_path)
    office.clock.advance(timedelta(days=16))
    late = original_letter((case("kitchen_smoke"), *photos(11)))
    late.replace_header("Date", "Wed, 21 Dec 2022 08:00:00 +0800")
    late.replace_header("From", "星澜社区 <xinglan@qq.example>")

    arrives(office, "转发：金安社区案例", (forwarded(original_letter(complete())),), sender=CLERK)
    arrives(office, "转发：星澜社区案例", (forwarded(late),), sender=CLERK)

    assert [(to, kind) for to, kind in told(office) if kind != "notice"] == [
        (JINAN, "receipt"), ("xinglan@qq.example", "late"),
    ]  # fmt: skip
