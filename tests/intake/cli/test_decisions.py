"""Organizers overrule: on a real database, from the letter that came in to the letter that leaves."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft, File
from intake.demo.pictures import photo
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import ORGANIZER, deliver, eml_working_folder

NUMBER = "HL22-0001"
BY = ("--by", ORGANIZER)


@pytest.fixture
def folder(intake: Intake, tmp_path: Path) -> Path:
    """A working folder with one case on record: three photos where five are asked, its fix request sent."""
    folder = eml_working_folder(tmp_path)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=at(5))))
    assert intake("run", "--once", "-C", folder).status == 0
    return folder


def at(day: int) -> datetime:
    return datetime(2022, 12, day, 9, 0, tzinfo=CHINA)


def one_more_photo(folder: Path, name: str, number: int) -> None:
    """The same sender supplements the case: a new revision."""
    picture = File(f"{name}.jpg", photo(number, taken_at=at(1)), "image/jpeg")
    deliver(folder, f"{name}.eml", qq_mail(Draft(subject="补充照片", text="补充一张照片", files=(picture,), at=at(7))))


def state(intake: Intake, folder: Path) -> str:
    """The case's state as the list shows it."""
    return intake("cases", "list", "-C", folder).out.splitlines()[1].split("\t")[-1]


def mails(intake: Intake, folder: Path) -> list[tuple[str, str]]:
    """State and subject of every outgoing letter."""
    rows = [line.split("\t") for line in intake("outbox", "list", "-C", folder).out.splitlines()[1:]]
    return [(row[1], row[3]) for row in rows]


def sent_texts(folder: Path) -> list[str]:
    """The plain text of every letter that left, oldest first."""
    raws = sorted((folder / "data" / "sent").glob("*.eml"), key=lambda path: int(path.name.split(".")[1]))
    bodies = [message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",)) for path in raws]
    return [str(body.get_content()).replace("\r\n", "\n") for body in bodies if body is not None]


def test_a_waived_rule_leaves_the_case_complete_and_tells_the_submitter(intake: Intake, folder: Path) -> None:
    ran = intake("cases", "waive", NUMBER.lower(), "photos", *BY, "--now", "--why", "现场只拍了三张", "-C", folder)

    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "HL22-0001 放宽 photos，已记录（王老师：现场只拍了三张）。现在状态：材料齐全。\n"
        "告知报送人的信（去信 2）已放入待发，运行中的 intake run 会发出。\n"
    )
    assert [one for one, _ in mails(intake, folder)] == ["已发出", "待发"]
    assert intake("run", "--once", "-C", folder).status == 0
    assert "材料齐全，已转组委会初审；本回执不代表入选" in sent_texts(folder)[-1]


def test_a_waiver_carries_to_later_revisions(intake: Intake, folder: Path) -> None:
    intake("cases", "waive", NUMBER, "photos", *BY, "--now", "--why", "现场只拍了三张", "-C", folder)

    one_more_photo(folder, "again", 901)
    assert intake("run", "--once", "-C", folder).status == 0

    assert state(intake, folder) == "材料齐全"
    shown = intake("cases", "show", NUMBER, "-C", folder).out
    assert "材料（第2版）" in shown
    assert "✓ 已放宽：photos" in shown


def test_a_pass_binds_one_revision_and_no_later_one(intake: Intake, folder: Path) -> None:
    ran = intake("cases", "pass", NUMBER, *BY, "--now", "--why", "已电话核实", "-C", folder)
    passed = state(intake, folder)

    one_more_photo(folder, "again", 902)
    assert intake("run", "--once", "-C", folder).status == 0

    assert (ran.status, passed) == (0, "材料齐全")
    assert state(intake, folder) == "待补充完善"
    assert "还差1张" in sent_texts(folder)[-1]


def test_a_return_is_told_in_the_organizers_own_words(intake: Intake, folder: Path) -> None:
    intake("cases", "pass", NUMBER, *BY, "--now", "--why", "已电话核实", "-C", folder)
    intake("run", "--once", "-C", folder)

    ran = intake("cases", "return", NUMBER, *BY, "--now", "--why", "请补一张活动全景照片。", "-C", folder)
    intake("run", "--once", "-C", folder)

    assert ran.out.startswith("HL22-0001 退回，已记录（王老师：请补一张活动全景照片。）。现在状态：待补充完善。\n")
    text = sent_texts(folder)[-1]
    assert "还有以下2处，请予补充完善" in text
    assert (
        "1. 工作人员意见\n   目前：工作人员核对后提出：请补一张活动全景照片。\n   请：按此补充完善后，直接回复本邮件。"
        in text
    )
    assert "2. 图片" in text


def test_a_later_decision_takes_back_an_unsent_letter_of_an_earlier_one(intake: Intake, folder: Path) -> None:
    intake("cases", "return", NUMBER, *BY, "--now", "--why", "请补照片", "-C", folder)

    ran = intake("cases", "pass", NUMBER, *BY, "--now", "--why", "刚才点错了", "-C", folder)

    assert "此前还没有发出的去信 2 已取消，以本决定为准。" in ran.out
    assert [one for one, _ in mails(intake, folder)] == ["已发出", "已取消", "待发"]


def test_every_decision_stands_on_record_with_person_and_reason(intake: Intake, folder: Path) -> None:
    intake("cases", "waive", NUMBER, "photos", *BY, "--now", "--why", "现场只拍了三张", "-C", folder)
    intake("cases", "return", NUMBER, *BY, "--now", "--why", "请补全景", "-C", folder)

    shown = intake("cases", "show", NUMBER, "-C", folder).out

    record = shown.partition("\n决定\n")[2].partition("\n\n")[0]
    assert (
        re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "时间", record)
        == "  时间  王老师 放宽 photos：现场只拍了三张\n  时间  王老师 退回：请补全景"
    )
    assert "来自：jinan@qq.com" in shown
    assert "  案例正文  柳溪社区案例.docx" in shown


def test_a_letter_waits_ten_minutes_is_shown_and_can_be_taken_back(intake: Intake, folder: Path) -> None:
    ran = intake("cases", "return", NUMBER, *BY, "--why", "请补一张活动全景照片。", "-C", folder)
    intake("run", "--once", "-C", folder)
    waiting = mails(intake, folder)[1][0]

    undone = intake("cases", "undo", NUMBER, *BY, "-C", folder)

    assert "  │    目前：工作人员核对后提出：请补一张活动全景照片。" in ran.out.splitlines()
    assert ran.out.splitlines()[-1].endswith(f"发出，此前可以撤销：intake cases undo {NUMBER} --by {ORGANIZER}")
    assert waiting == "待发"
    assert undone.out == (
        f"已撤销“退回”（{ORGANIZER}：请补一张活动全景照片。），没有发信，恢复原状。\n{NUMBER} 现在状态：待补充完善。\n"
    )
    assert [one for one, _ in mails(intake, folder)] == ["已发出", "已取消"]
    shown = intake("cases", "show", NUMBER, "-C", folder).out
    assert re.search(rf"请补一张活动全景照片。（{ORGANIZER}于\d{{4}}-\d\d-\d\d \d\d:\d\d撤销）", shown)
    intake("ledger", str(folder / "台账.xlsx"), "-C", folder)
    titles, row = openpyxl.load_workbook(folder / "台账.xlsx")["案例"].iter_rows(values_only=True)
    assert row[titles.index("组委会决定")] == f"{ORGANIZER}退回：请补一张活动全景照片。（{ORGANIZER}已撤销）"


def test_numbers_rules_and_people_are_understood_as_they_are_called(intake: Intake, folder: Path) -> None:
    spelled = ("ｈｌ２２－１", "照片", "--by", "wang@example.org")

    waived = intake("cases", "waive", *spelled, "--why", "现场只拍了三张", "-C", folder)

    assert (
        waived.out.splitlines()[0] == f"{NUMBER} 放宽 照片，已记录（{ORGANIZER}：现场只拍了三张）。现在状态：材料齐全。"
    )
    assert f"{ORGANIZER} 放宽 photos：现场只拍了三张" in intake("cases", "show", "1号", "-C", folder).out


def test_a_note_tells_nobody_and_a_call_without_an_end_cannot_be_extended(intake: Intake, folder: Path) -> None:
    noted = intake("cases", "note", NUMBER, *BY, "--why", "李主任来电", "-C", folder)
    extended = intake("cases", "extend", NUMBER, "--days", "3", *BY, "--why", "电话同意", "-C", folder)

    assert noted.out == f"{NUMBER} 备注，已记录（{ORGANIZER}：李主任来电）。现在状态：待补充完善。\n"
    assert (extended.status, extended.err) == (2, "征集没有截止时间，无须延期。\n")
    assert len(mails(intake, folder)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("extend", NUMBER, *BY, "--why", "好"),
            '请用 --until 写明延到哪天（如 "2022-12-25"），或用 --days 写明延几天，二者写一个。',
        ),
        (
            ("extend", "--days", "3", *BY, "--why", "好"),
            "请写明给谁延期：登记编号、--from 单位、--all 整个活动，三者写一个。",
        ),
        (
            ("merge", NUMBER, "--into", "HL22-0099", *BY, "--why", "好"),
            "没有登记编号为 HL22-0099 的案例。请用 intake cases list 查看。",
        ),
        (("move", NUMBER, "--to", "别的", *BY, "--why", "好"), "没有代号为 别的 的活动。可以写：huli-2022。"),
        (("choose", NUMBER, "9", *BY, "--why", "好"), "HL22-0001 没有第9版，现有1版：intake cases show HL22-0001"),
        (("undo", NUMBER, *BY), "没有可以撤销的决定。"),
        (("pass", "HL22-0099", *BY, "--why", "好"), "没有登记编号为 HL22-0099 的案例。请用 intake cases list 查看。"),
        (
            ("pass", NUMBER, "--by", "李四", "--why", "好"),
            "“李四”不在活动文件的 organizers 名单里（现有：王老师）。请先在 huli-2022.toml 里加上姓名和邮箱。",
        ),
        (("return", NUMBER, *BY, "--why", "  "), "请用 --why 写明理由，理由会记录在案。"),
        (
            ("waive", NUMBER, "lenght", *BY, "--why", "好"),
            "活动里没有代号为 lenght 的规则。可以写：deadline、readable、length、sections、photos、category、duplicates、summary-sheet、leftovers、clarity、merit。",
        ),
    ],
)
def test_a_decision_that_cannot_be_taken_changes_nothing(
    intake: Intake, folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = intake("cases", *words, "-C", folder)

    assert (ran.status, ran.out, ran.err) == (2, "", f"{said}\n")
    assert state(intake, folder) == "待补充完善"
    assert len(mails(intake, folder)) == 1
    assert "决定" not in intake("cases", "show", NUMBER, "-C", folder).out.split("\n")


def test_replay_shows_what_changed_rules_would_say_and_files_it_only_when_asked(intake: Intake, folder: Path) -> None:
    rules = folder / "campaigns" / "huli-2022.toml"
    rules.write_text(rules.read_text("utf-8").replace("min = 5", "min = 3"), "utf-8")

    noticed = intake("status", "-C", folder)
    shown = intake("replay", "-C", folder)
    after_showing = state(intake, folder)
    filed = intake("replay", NUMBER, "--apply", "-C", folder)

    assert "1个案例是按改动前的规则核对的" in noticed.out
    assert (
        shown.out
        == "HL22-0001：待补充完善 → 材料齐全\n1个案例的核对结果会有不同。加 --apply 登记新的结论（不发信）。\n"
    )
    assert after_showing == "待补充完善"
    assert filed.out.endswith("已登记新的结论，没有发信。\n")
    assert state(intake, folder) == "材料齐全"
    assert [one for one, _ in mails(intake, folder)] == ["已发出"]


def test_replay_of_unknown_names_changes_nothing(intake: Intake, folder: Path) -> None:
    ran = intake("replay", NUMBER, "HL22-0077", "abcdef", "--apply", "-C", folder)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "没有找到：HL22-0077、abcdef。请写登记编号，或留存来信编号的前几位；什么都没有改动。\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("hold", "1", "99"),
            "去信 1 已发出，不能暂缓；没有编号为 99 的去信。都没有改动，请用 intake outbox list 查看。",
        ),
        (("release", "1"), "去信 1 已发出，不能放行。都没有改动，请用 intake outbox list 查看。"),
        (("cancel", "1"), "去信 1 已发出，不能取消。都没有改动，请用 intake outbox list 查看。"),
        (("show", "99"), "没有编号为 99 的去信。请用 intake outbox list 查看。"),
        (("release",), "没有要处理的去信。请写明编号（intake outbox list 可以看到），放行全部暂缓的信加 --all。"),
        (
            ("list", "--state", "gone"),
            "没有“gone”这种状态。可以写：queued、handing_over、sent、retry_at、failed、unknown、held、cancelled。",
        ),
    ],
)
def test_letters_that_cannot_be_moved_are_named_and_stay(
    intake: Intake, folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = intake("outbox", *words, "-C", folder)

    assert (ran.status, ran.out, ran.err) == (2, "", f"{said}\n")


def test_a_held_letter_stays_until_released_and_a_pause_keeps_all(intake: Intake, folder: Path) -> None:
    intake("cases", "pass", NUMBER, *BY, "--now", "--why", "已电话核实", "-C", folder)

    intake("outbox", "hold", "2", "-C", folder)
    intake("run", "--once", "-C", folder)
    held = mails(intake, folder)[1][0]
    intake("outbox", "release", "--all", "-C", folder)
    paused = intake("pause", "-C", folder)
    intake("run", "--once", "-C", folder)
    kept = mails(intake, folder)[1][0]
    told = intake("status", "-C", folder).out
    intake("resume", "-C", folder)
    intake("run", "--once", "-C", folder)

    assert (held, kept, mails(intake, folder)[1][0]) == ("暂缓", "待发", "已发出")
    assert paused.out == "已暂停发信，收信和核对照常；待发1封。恢复请运行 intake resume。\n"
    assert "起暂停（命令行；intake resume 恢复）" in told
