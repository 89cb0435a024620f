"""One bad letter is put aside with what broke, and comes back when a person says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import deliver, eml_working_folder

LETTER = qq_mail(Draft(subject="案例报送", files=material.complete(), at=datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)))


@pytest.fixture
def folder(intake: Intake, tmp_path: Path) -> Path:
    """A working folder whose one letter broke while it was filed."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug of ours")

    folder = eml_working_folder(tmp_path)
    deliver(folder, "1.eml", LETTER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("intake.filing.letters.sort_letter", broken)
        assert intake("run", "--once", "-C", folder).status == 0
    return folder


def short_number(intake: Intake, folder: Path) -> str:
    """The letter's number as the list shows it."""
    return intake("quarantine", "list", "-C", folder).out.splitlines()[1].split("\t")[0]


def test_a_letter_put_aside_is_shown_with_its_traceback_and_its_original(intake: Intake, folder: Path) -> None:
    ran = intake("quarantine", "show", short_number(intake, folder), "-C", folder)

    assert (ran.status, ran.err) == (0, "")
    assert "发件人：jinan@qq.com\n主题：案例报送\n" in ran.out
    assert "RuntimeError: a bug of ours" in ran.out
    original = next(line for line in ran.out.splitlines() if line.startswith("原件："))
    assert Path(original.removeprefix("原件：")).read_bytes() == LETTER


def test_a_letter_brought_back_is_filed_once_the_cause_is_mended(intake: Intake, folder: Path) -> None:
    number = short_number(intake, folder)

    back = intake("replay", number, "-C", folder)
    again = intake("run", "--once", "-C", folder)

    assert back.out == f"来信 {number} 已放回待处理，运行中的 intake run 会重新读取、登记和回复。\n"
    assert again.status == 0
    assert intake("quarantine", "list", "-C", folder).out == "没有留存待查的来信。\n"
    assert [line.split("\t")[-1] for line in intake("cases", "list", "-C", folder).out.splitlines()[1:]] == ["材料齐全"]


def test_a_number_that_fits_no_letter_is_refused(intake: Intake, folder: Path) -> None:
    ran = intake("quarantine", "show", "zz", "-C", folder)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "留存来信中没有唯一以“zz”开头的编号。请用 intake quarantine list 查看。\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM to send")
def test_a_worker_told_to_stop_ends_cleanly(tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    deliver(folder, "1.eml", LETTER)
    worker = subprocess.Popen(
        [sys.executable, "-m", "intake", "run", "-C", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 90
    while not list(tmp_path.glob("data/sent/*.eml")) and time.monotonic() < until and worker.poll() is None:
        time.sleep(0.1)

    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=60)

    assert (worker.returncode, out, err) == (0, b"", b"")
    assert len(list(tmp_path.glob("data/sent/*.eml"))) == 1
