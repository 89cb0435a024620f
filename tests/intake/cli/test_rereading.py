"""The program learned to read more: stored letters are read anew, what changes is shown, kept when asked, told when asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TypeVar

import pytest

import parsers.reading
from intake.bootstrap import make_reread_desk, open_records, running_service
from intake.cli.folder import settings_of
from intake.cli.replay import Corrections
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from intake.desks.judge import JudgeDesk
from intake.edges.executors.inline import InlineExecutor
from parsers.documents import Reader
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import Limits
from storage.unit_of_work import UnitOfWork
from tests.e2e import material
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import ORGANIZER, deliver, eml_working_folder

Retold = Callable[[Reading], Reading]
T = TypeVar("T")


def without_the_last_section(reading: Reading) -> Reading:
    """As a reader that misses how the text ends."""
    document = reading.document
    assert document is not None
    last = document.headings[-1]
    blocks = tuple(block for block in document.blocks if last.text not in block.text)
    shorter = document.model_copy(update={"blocks": blocks, "headings": document.headings[:-1]})
    return reading.model_copy(update={"document": shorter})


def with_no_text(reading: Reading) -> Reading:
    """As a reader that finds nothing in it."""
    return reading.model_copy(update={"document": DocumentFacts()})


def locked(reading: Reading) -> Reading:
    """As a reader that cannot open it without its password."""
    return reading.model_copy(update={"document": None, "problem": Problem(code="encrypted", detail="")})


def gone_wrong(reading: Reading) -> Reading:
    """As a reader that was stopped over it."""
    return reading.model_copy(update={"document": None, "problem": Problem(code="timed_out", detail="")})


@contextmanager
def reader(kind: str, version: str, retold: Retold) -> Iterator[None]:
    """Files of `kind` are read by another version, whose facts are `retold`."""
    properly = parsers.reading._READER_OF[kind]

    def read(path: Path, job: Path, limits: Limits) -> Reading:
        return retold(properly.read(path, job, limits))

    other = Reader(properly.format, version, read, properly.kinds)
    readers = tuple(other if each is properly else each for each in parsers.reading.READERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(parsers.reading._READER_OF, kind, other)
        patch.setattr(parsers.reading, "READERS", readers)
        if properly is parsers.reading.LETTER_READER:
            patch.setattr(parsers.reading, "LETTER_READER", other)
        yield


def arrive(folder: Path) -> None:
    """Two submissions."""
    for day in (5, 6):
        at = datetime(2022, 12, day, 9, 0, tzinfo=CHINA)
        files = (material.small_case(day), *material.photos(day * 10))
        draft = Draft(subject="案例报送", files=files, at=at, sender=f"sender{day}@qq.example")
        deliver(folder, f"{day}.eml", qq_mail(draft))


def work(folder: Path) -> None:
    """The service works until nothing is left to do."""
    with running_service(open_records(settings_of(folder)), executor=InlineExecutor()) as service:
        service.worker.once()


def folder_read_by(kind: str, retold: Retold, folder: Path) -> Path:
    """Two submissions, read and answered by an earlier reader."""
    eml_working_folder(folder)
    arrive(folder)
    with reader(kind, f"{kind}/0", retold):
        work(folder)
    return folder


@pytest.fixture(scope="module")
def read_by_an_earlier_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both were asked for a part they had sent."""
    return folder_read_by("txt", without_the_last_section, tmp_path_factory.mktemp("earlier"))


@pytest.fixture(scope="module")
def read_by_todays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both are complete."""
    return folder_read_by("txt", lambda reading: reading, tmp_path_factory.mktemp("today"))


@pytest.fixture
def earlier(read_by_an_earlier_reader: Path, tmp_path: Path) -> Path:
    """A folder of this test alone."""
    return Path(shutil.copytree(read_by_an_earlier_reader, tmp_path / "folder"))


@pytest.fixture
def today(read_by_todays: Path, tmp_path: Path) -> Path:
    """A folder of this test alone."""
    return Path(shutil.copytree(read_by_todays, tmp_path / "folder"))


def states(intake: Intake, folder: Path) -> list[str]:
    return [line.split("\t")[-1] for line in intake("cases", "list", "-C", folder).out.splitlines()[1:]]


def recipients(folder: Path) -> list[str]:
    paths = sorted((folder / "data" / "sent").glob("*.eml"), key=lambda path: int(path.name.split(".")[1]))
    return [str(message_from_bytes(path.read_bytes(), policy=policy.default)["To"]) for path in paths]


def test_letters_of_an_earlier_reader_are_read_anew_and_what_changes_is_only_shown(
    intake: Intake, earlier: Path
) -> None:
    folder = earlier
    told = recipients(folder)

    noticed = intake("status", "-C", folder)
    shown = intake("replay", "--reread", "-C", folder)
    again = intake("replay", "--reread", "-C", folder)

    assert noticed.out.endswith("2封来信是用较早的读取程序读的。重新读取会有什么不同：intake replay --reread\n")
    assert shown.out == (
        "HL22-0001：待补充完善 → 材料齐全\nHL22-0002：待补充完善 → 材料齐全\n"
        "重新读取了2封来信。2个案例的核对结果有不同。加 --apply 登记（不发信），加 --answer 登记并发更正说明。\n"
    )
    assert (again.out, states(intake, folder)) == (shown.out, ["待补充完善", "待补充完善"])
    assert (recipients(folder), shown.err) == (told, "")


def test_what_was_read_anew_is_kept_silently_and_not_read_a_third_time(intake: Intake, earlier: Path) -> None:
    folder = earlier
    told = recipients(folder)

    applied = intake("replay", "--reread", "--apply", "-C", folder)
    again = intake("replay", "--reread", "--apply", "-C", folder)
    work(folder)

    assert applied.out.endswith("重新读取了2封来信。2个案例的核对结果有不同。已登记新的结论，没有发信。\n")
    everything = intake("replay", "--reread", "--all", "-C", folder)

    assert again.out == "没有需要重新读取的来信。\n"
    assert everything.out == "重新读取了2封来信。核对结果没有不同。\n"
    assert (states(intake, folder), recipients(folder)) == (["材料齐全", "材料齐全"], told)
    shown = intake("cases", "show", "HL22-0001", "-C", folder).out
    assert ("材料（第1版）" in shown, "第2版" in shown) == (True, False)  # the sender has sent nothing new


def test_who_was_told_otherwise_hears_so_when_asked_and_once(intake: Intake, earlier: Path) -> None:
    folder = earlier
    told = recipients(folder)

    answered = intake("replay", "--reread", "HL22-0002", "--answer", "-C", folder)
    intake("replay", "--reread", "HL22-0002", "--answer", "-C", folder)
    work(folder)

    assert "HL22-0002 → sender6@qq.example：更正说明已放入待发\n" in answered.out
    assert recipients(folder) == [*told, "sender6@qq.example"]
    assert states(intake, folder) == ["待补充完善", "材料齐全"]


def test_a_ruling_of_an_organizer_stands_whatever_a_better_reader_finds(intake: Intake, today: Path) -> None:
    folder = today
    returned = intake("cases", "return", "HL22-0001", "--by", ORGANIZER, "--why", "请补充数据来源", "-C", folder)

    with reader("txt", "txt/99", without_the_last_section):
        intake("replay", "--reread", "--apply", "-C", folder)

        assert (returned.status, states(intake, folder)) == (0, ["待补充完善", "待补充完善"])
        assert "请补充数据来源" in intake("cases", "show", "HL22-0001", "-C", folder).out
        assert intake("replay", "-C", folder).out == "核对结果没有不同。\n"


def test_a_letter_put_aside_because_it_could_not_be_read_comes_back_when_it_can(intake: Intake, tmp_path: Path) -> None:
    def broken(reading: Reading) -> Reading:
        return reading.model_copy(update={"letter": None, "problem": Problem(code="damaged", detail="")})

    folder = folder_read_by("eml", broken, tmp_path)

    shown = intake("replay", "--reread", "-C", folder)
    intake("replay", "--reread", "--apply", "-C", folder)
    still = intake("quarantine", "list", "-C", folder).out
    back = intake("replay", "--reread", "--all", "--answer", "-C", folder)
    work(folder)

    assert shown.out.endswith(
        "重新读取了2封来信。2封未登记的来信现在可以登记。加 --apply 登记（不发信），加 --answer 登记并发更正说明。\n"
    )
    assert len(still.splitlines()) > 2
    assert "可以登记的来信已放回待处理" in back.out
    assert states(intake, folder) == ["材料齐全", "材料齐全"]


def test_a_letter_taken_for_no_submission_is_filed_once_its_files_can_be_read(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    at = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
    report = replace(material.small_case(1), name="周报.txt")
    deliver(folder, "1.eml", qq_mail(Draft(subject="工作周报", text="请查收。", files=(report,), at=at)))
    with reader("txt", "txt/0", with_no_text):
        work(folder)
    before = states(intake, folder)

    kept = intake("replay", "--reread", "--apply", "-C", folder)
    found = intake("replay", "--reread", "--answer", "-C", folder)
    work(folder)

    assert kept.out.endswith("没有发信；可以登记的来信写明来信编号并加 --answer 放回处理。\n")
    assert (before, "现在可以读取并登记" in found.out) == ([], True)
    assert len(states(intake, folder)) == 1


def test_a_file_whose_reader_was_stopped_this_time_keeps_what_was_read_of_it(intake: Intake, today: Path) -> None:
    folder = today

    with reader("txt", "txt/99", gone_wrong):
        ran = intake("replay", "--reread", "--apply", "-C", folder)

    assert ran.status == 1
    assert "重新读取了0封来信。核对结果没有不同" in ran.out
    assert "另有2封这次没能读完，仍按原来读到的内容" in ran.out
    assert states(intake, folder) == ["材料齐全", "材料齐全"]


def test_a_file_known_to_be_locked_stays_so_when_its_reader_was_stopped_this_time(
    intake: Intake, tmp_path: Path
) -> None:
    folder = folder_read_by("txt", locked, tmp_path)
    shown = intake("cases", "show", "HL22-0001", "-C", folder).out

    with reader("txt", "txt/99", gone_wrong):
        ran = intake("replay", "--reread", "--apply", "-C", folder)

    assert "另有2封这次没能读完，仍按原来读到的内容" in ran.out
    assert intake("cases", "show", "HL22-0001", "-C", folder).out == shown


def test_of_a_letter_purged_while_it_is_read_nothing_is_kept(today: Path) -> None:
    records = open_records(settings_of(today))
    with records.store.read() as view:
        letters = [letter.sha256 for letter in view.letters.by_outcome("filed")]

    class WhilePurging(InlineExecutor):
        def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
            with records.store.write() as work:
                work.purging.purge_letter(letters[0])
            return super().submit(task, *args, limits=limits)

    make_reread_desk(records, WhilePurging()).read(letters[:1], apply=True, afresh=True)

    with records.store.read() as view:
        kept = (set(view.readings.latest(letters)), set(view.files.hashes_of(letters)))
    records.close()
    assert kept == ({letters[1]}, {letters[1]})


def test_a_bug_over_one_case_costs_that_case_alone(
    intake: Intake, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    properly = JudgeDesk.judge_read_anew

    def breaks_over_the_first(this: JudgeDesk, work: object, case: object) -> object:
        if getattr(case, "number", "") == "HL22-0001":
            raise ZeroDivisionError
        return properly(this, work, case)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(JudgeDesk, "judge_read_anew", breaks_over_the_first)
    ran = intake("replay", "--reread", "--apply", "-C", earlier)

    assert (ran.status, states(intake, earlier)) == (1, ["待补充完善", "材料齐全"])
    assert "HL22-0002：待补充完善 → 材料齐全\n重新读取了1封来信。" in ran.out
    assert "另有1封这次没能读完，仍按原来读到的内容" in ran.out


def test_of_a_correction_whose_case_was_not_put_down_nothing_is_said(
    intake: Intake, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    properly = Corrections.__call__

    def breaks_after_the_first(this: Corrections, work: UnitOfWork, number: str) -> None:
        properly(this, work, number)
        if number == "HL22-0001":
            raise ZeroDivisionError

    monkeypatch.setattr(Corrections, "__call__", breaks_after_the_first)
    ran = intake("replay", "--reread", "--answer", "-C", earlier)

    assert [line for line in ran.out.splitlines() if "更正说明" in line] == [
        "HL22-0002 → sender6@qq.example：更正说明已放入待发",
        "重新读取了1封来信。1个案例的核对结果有不同。已登记，1封更正说明已放入待发，其余由运行中的 intake run 完成。",
    ]


def test_an_end_in_the_middle_leaves_each_case_old_or_new_and_the_next_run_goes_on(
    intake: Intake, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = earlier
    properly = JudgeDesk.judge_read_anew
    judged: list[str] = []

    def dies_at_the_second(this: JudgeDesk, work: object, case: object) -> object:
        judged.append(getattr(case, "number", ""))
        if len(judged) == 2:
            raise KeyboardInterrupt
        return properly(this, work, case)  # type: ignore[arg-type]  # handed on as they came

    with monkeypatch.context() as patch:
        patch.setattr(JudgeDesk, "judge_read_anew", dies_at_the_second)
        intake("replay", "--reread", "--all", "--apply", "-C", folder)
    between = set(states(intake, folder))
    rest = intake("replay", "--reread", "--all", "--apply", "-C", folder)

    assert between == {"材料齐全", "待补充完善"}
    assert rest.out.startswith(f"{judged[1]}：待补充完善 → 材料齐全\n重新读取了1封来信。")
    assert states(intake, folder) == ["材料齐全", "材料齐全"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--reread", "HL22-0077", "abcdef"),
            "没有找到：HL22-0077、abcdef。请写登记编号，或来信编号的前几位；什么都没有改动。",
        ),
        (("--all",), "--all 要与 --reread 同用：不加 --reread 时，不写编号就是全部案例。"),
    ],
)
def test_what_cannot_be_read_anew_is_refused_in_one_sentence(
    intake: Intake, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = intake("replay", *words, "-C", eml_working_folder(tmp_path))

    assert (ran.status, ran.out, ran.err) == (2, "", f"{said}\n")
