"""What is handed over at a desk is registered like a letter: `intake add`."""

from __future__ import annotations

import zipfile
from datetime import datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import py7zr
import pytest

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft, File
from intake.demo.pictures import photo
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import campaign_file, deliver, eml_working_folder

AT = ("--received-at", "2022-12-19 10:00")
BY = ("--by", "张三")
PHOTO_AT = datetime(2022, 12, 1, 9, 0, tzinfo=CHINA)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return eml_working_folder(tmp_path / "w")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """What lies on a stick: a complete text, three photos where five are asked."""
    return written(tmp_path / "U盘", material.three_photos())


def written(folder: Path, files: tuple[File, ...]) -> Path:
    folder.mkdir()
    for file in files:
        (folder / file.name).write_bytes(file.data)
    return folder


def states(intake: Intake, folder: Path) -> list[tuple[str, str]]:
    """Number and state of every case."""
    rows = [line.split("\t") for line in intake("cases", "list", "-C", folder).out.splitlines()[1:]]
    return [(row[0], row[-1]) for row in rows]


class Cells(HTMLParser):
    """The texts of a page's table cells, and every address it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("th", "td"):
            self.cells.append("")
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value]

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.strip()


def test_a_stick_becomes_a_case_and_its_receipt_can_be_printed(intake: Intake, folder: Path, stick: Path) -> None:
    receipt = folder / "回执.html"

    ran = intake(
        "add", stick, *BY, *AT, "--where", "街道办303室", "--channel", "usb", "--receipt", receipt, "-C", folder
    )

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("HL22-0001 已登记。现在状态：待补充完善。\n\n")
    told = ran.out.partition("\n\n")[2].splitlines()
    assert told[:3] == ["2022年湖里区社区治理创新案例征集", "【现场接收回执】", "登记编号：HL22-0001"]
    assert "图片：收到图片3张，还差2张。" in ran.out
    assert [line for line in told if line.startswith(("送交", "收到时间", "接收人", "地点", "  ·"))] == [
        "送交方式：U盘送交",
        "收到时间：2022年12月19日（星期一）10:00",
        "接收人：张三",
        "地点：街道办303室",
        "  · 柳溪社区案例.docx（案例正文，40KB）",
        "  · 照片3张",
    ]
    page = Cells(receipt.read_text(encoding="utf-8"))
    assert page.fetched == []
    assert page.cells[:2] == ["登记编号", "HL22-0001"]
    assert states(intake, folder) == [("HL22-0001", "待补充完善")]


def test_a_delivery_is_judged_by_the_time_it_was_handed_over(intake: Intake, folder: Path, stick: Path) -> None:
    campaign_file(folder, closes_at='"2022-12-21T00:00:00+08:00"', repair_days="0")

    intake("add", stick, *BY, *AT, "-C", folder)
    late = intake("add", stick, *BY, "--new", "--received-at", "2022-12-21 09:00", "-C", folder)

    assert "截止时间" not in intake("cases", "show", "HL22-0001", "-C", folder).out
    assert "于2022年12月21日（星期三）09:00收到" in late.out


def test_a_case_of_the_same_unit_is_proposed_first_and_nothing_registered_until_one_says(
    intake: Intake, folder: Path, stick: Path, tmp_path: Path
) -> None:
    intake("add", stick, *BY, *AT, "-C", folder)
    more = written(
        tmp_path / "照片", tuple(File(f"{n}.jpg", photo(n, taken_at=PHOTO_AT), "image/jpeg") for n in (901, 902))
    )
    brought = (*sorted(more.iterdir()), *BY, "--channel", "chat", "-C", folder)

    asked = intake("add", *brought, "--unit", "柳溪社区")
    joined = intake("add", *brought, "--case", "hl22-0001")

    assert asked.status == 1
    assert "1. HL22-0001" in asked.out
    assert "（单位相同）" in asked.out
    assert asked.out.endswith("还没有登记。\n")
    assert joined.out.startswith("HL22-0001 已补充登记。现在状态：材料齐全。\n")
    assert states(intake, folder) == [("HL22-0001", "材料齐全")]
    assert "聊天软件转来（张三接收）" in intake("cases", "show", "HL22-0001", "-C", folder).out


def test_the_same_files_again_are_proposed_as_the_same_and_change_nothing(
    intake: Intake, folder: Path, stick: Path
) -> None:
    intake("add", stick, *BY, *AT, "-C", folder)

    asked = intake("add", stick, *BY, "-C", folder)
    again = intake("add", stick, *BY, "--case", "HL22-0001", "-C", folder)

    assert "（材料完全相同）" in asked.out
    assert again.out.startswith("HL22-0001 材料与已登记的相同，没有新的内容。现在状态：待补充完善。\n")


def test_paper_alone_waits_for_its_electronic_copy_and_is_complete_when_that_comes(
    intake: Intake, folder: Path, stick: Path, tmp_path: Path
) -> None:
    paper = intake("add", "--paper", *BY, *AT, "--unit", "柳溪社区", "--title", "流动摊点共治", "-C", folder)
    whole = written(
        tmp_path / "全",
        (*material.three_photos(), *(File(f"{n}.jpg", photo(n, taken_at=PHOTO_AT), "image/jpeg") for n in (901, 902))),
    )

    electronic = intake("add", whole, *BY, "--case", "HL22-0001", "-C", folder)

    assert "已收到纸质材料，待补电子版。" in paper.out
    assert "  · 纸质材料" in paper.out
    assert electronic.out.startswith("HL22-0001 已补充登记。现在状态：材料齐全。\n")
    assert "待补电子版" not in electronic.out


def test_whoever_mailed_the_case_hears_when_its_missing_photos_are_handed_over(
    intake: Intake, folder: Path, tmp_path: Path
) -> None:
    at = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=at)))
    assert intake("run", "--once", "-C", folder).status == 0
    more = written(
        tmp_path / "照片", tuple(File(f"{n}.jpg", photo(n, taken_at=PHOTO_AT), "image/jpeg") for n in (901, 902))
    )

    silent = intake("add", "--paper", *BY, "--case", "HL22-0001", "-C", folder)
    told = intake("add", more, *BY, "--case", "HL22-0001", "-C", folder)
    assert intake("run", "--once", "-C", folder).status == 0

    assert "告知报送人" not in silent.out
    assert "告知报送人的信已放入待发" in told.out
    raws = sorted((folder / "data" / "sent").glob("*.eml"), key=lambda path: int(path.name.split(".")[1]))
    letters = [message_from_bytes(raw.read_bytes(), policy=policy.default) for raw in raws]
    assert [str(letter["Subject"]).partition("：")[0] for letter in letters] == [
        "【湖里区案例征集】材料补充完善提示",
        "【湖里区案例征集】已收到",
    ]
    original = message_from_bytes((folder / "in" / "1.eml").read_bytes(), policy=policy.default)
    assert str(original["Message-ID"]) in str(letters[1]["References"])
    assert letters[1]["To"] == letters[0]["To"]


def test_nobody_hears_of_what_was_registered_without_mail(intake: Intake, folder: Path, tmp_path: Path) -> None:
    at = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=at)))
    assert intake("run", "--once", "-C", folder).status == 0
    more = written(
        tmp_path / "照片", tuple(File(f"{n}.jpg", photo(n, taken_at=PHOTO_AT), "image/jpeg") for n in (901, 902))
    )

    silent = intake("add", more, *BY, "--case", "HL22-0001", "--no-mail", "-C", folder)
    assert intake("run", "--once", "-C", folder).status == 0

    assert "材料齐全" in silent.out
    assert len(list((folder / "data" / "sent").glob("*.eml"))) == 1


def test_a_command_that_died_left_nothing_and_one_that_did_not_is_not_done_twice(
    intake: Intake, folder: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("intake.desks.deliver.put_tree", _dies)
        stopped = intake("add", stick, *BY, *AT, "-C", folder)
    before = states(intake, folder)

    first = intake("add", stick, *BY, *AT, "-C", folder)
    again = intake("add", stick, *BY, *AT, "-C", folder)

    assert (stopped.status, before) == (130, [])
    assert first.out.startswith("HL22-0001 已登记。")
    assert (again.status, again.out.endswith("还没有登记。\n")) == (1, True)
    assert states(intake, folder) == [("HL22-0001", "待补充完善")]


def _dies(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_bureau_brings_several_cases_on_one_stick_and_gets_one_receipt_for_all(
    intake: Intake, folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "全局"
    root.mkdir()
    written(root / "甲", material.three_photos())
    written(root / "乙", material.complete())

    ran = intake("add", root, *BY, *AT, "-C", folder)

    assert [line for line in ran.out.splitlines() if line.startswith("登记编号")] == [
        "登记编号：HL22-0001",
        "登记编号：HL22-0002",
    ]
    assert len(states(intake, folder)) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "没有文件"),
        (("--paper",), "请用 --unit 写单位"),
        (("--paper", "--case", "HL22-0009"), "没有登记编号为 HL22-0009 的案例"),
        (("没有.docx",), "没有这个文件或文件夹"),
        (("--paper", "--unit", "金安社区", "--title", "甲", "--received-at", "2099-01-01"), "收到时间在现在之后"),
        (("--paper", "--unit", "金安社区", "--title", "甲", "--channel", "鸽子"), "不认识的送交方式"),
        (("--paper", "--case", "HL22-0001", "--new"), "两个只写一个"),
        (("--paper", "--case", "HL22-0001", "--address", "张三<a@b.cn>"), "不是邮箱地址"),
        (("--paper", "--unit", "金安社区", "--title", "甲", "--receipt", "intake.toml"), "不会覆盖"),
    ],
)
def test_what_cannot_be_registered_says_what_to_do_and_leaves_no_record(
    intake: Intake, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(folder)

    ran = intake("add", *words, *BY)

    assert (ran.status, said in ran.err) == (2, True)
    assert states(intake, folder) == []


def test_photos_of_nobody_in_particular_are_not_registered(intake: Intake, folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "1.jpg"
    picture.write_bytes(photo(7, taken_at=PHOTO_AT))

    ran = intake("add", picture, *BY, "-C", folder)

    assert (ran.status, "还不知道这些材料是哪个单位" in ran.err) == (2, True)


def test_what_is_written_at_the_desk_stands_escaped_on_the_page(intake: Intake, folder: Path) -> None:
    receipt = folder / "r.html"

    intake(
        "add",
        "--paper",
        *BY,
        "--unit",
        "<script>alert(1)</script>",
        "--title",
        "甲",
        "--receipt",
        receipt,
        "-C",
        folder,
    )

    assert "<script" not in receipt.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in receipt.read_text(encoding="utf-8")


def test_a_rehearsal_tells_how_it_would_stand_and_leaves_no_record(intake: Intake, folder: Path, stick: Path) -> None:
    first = intake("add", stick, *BY, *AT, "--dry-run", "-C", folder)
    before = states(intake, folder)
    intake("add", stick, *BY, *AT, "-C", folder)

    again = intake("add", stick, *BY, *AT, "--dry-run", "-C", folder)
    joined = intake("add", stick, *BY, *AT, "--dry-run", "--case", "HL22-0001", "-C", folder)

    assert (first.status, before) == (0, [])
    assert first.out.startswith("另立一件。登记后的状态：待补充完善。\n")
    assert "登记编号：登记时给出" in first.out
    assert "图片：收到图片3张，还差2张。" in first.out
    assert first.out.endswith("这是预演，没有登记，没有发信。\n")
    assert "1. HL22-0001" in again.out
    assert joined.out.startswith("补充到 HL22-0001（材料与已登记的相同，没有新的内容）。登记后的状态：待补充完善。\n")
    assert states(intake, folder) == [("HL22-0001", "待补充完善")]
    assert len(list((folder / "data" / "letters").rglob("*.eml"))) == 1


def test_more_than_one_letter_holds_is_registered_in_two_parts(
    intake: Intake, folder: Path, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.edges.wrapping.LARGEST_BYTES", 800_000)
    more = written(
        tmp_path / "照片", tuple(File(f"{n}.jpg", photo(n, taken_at=PHOTO_AT), "image/jpeg") for n in (901, 902))
    )

    refused = intake("add", stick, more, *BY, *AT, "-C", folder)
    before = states(intake, folder)
    intake("add", *stick.iterdir(), *BY, *AT, "-C", folder)
    second = intake("add", more, *BY, *AT, "--case", "HL22-0001", "-C", folder)

    assert (refused.status, "请分几次登记" in refused.err, before) == (2, True, [])
    assert second.out.startswith("HL22-0001 已补充登记。现在状态：材料齐全。\n")


def test_a_password_given_beside_the_files_opens_them_and_is_taken_away_by_nobody(
    intake: Intake, folder: Path, tmp_path: Path
) -> None:
    locked, taken = tmp_path / "材料.7z", tmp_path / "交接"
    with py7zr.SevenZipFile(locked, "w", password="weiyi-2022", header_encryption=True) as archive:
        for file in material.complete():
            archive.writestr(file.data, file.name)

    ran = intake("add", locked, *BY, *AT, "--unit", "海沧社区", "--password", "weiyi-2022", "-C", folder)
    exported = intake("export", taken, "-C", folder)
    ledger = intake("ledger", tmp_path / "台账.xlsx", "-C", folder)
    digest = intake("digest", "--print", "-C", folder)
    shown = intake("cases", "show", "HL22-0001", "-C", folder)

    assert ran.out.startswith("HL22-0001 已登记。现在状态：材料齐全。")
    assert len(list(taken.rglob("*.docx"))) == 1
    assert len(list(taken.rglob("*.jpg"))) == len(material.complete()) - 1
    assert "weiyi" not in "".join(each.out + each.err for each in (ran, exported, ledger, digest, shown))
    assert "weiyi" not in "".join(
        _text_of(path) for path in (tmp_path / "台账.xlsx", *taken.rglob("*")) if path.is_file()
    )


def _text_of(path: Path) -> str:
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as parts:
            return "\n".join(parts.read(name).decode("latin-1") for name in parts.namelist())
    return path.read_bytes().decode("latin-1")
