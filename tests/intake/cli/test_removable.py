from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import deliver, eml_working_folder
from tests.letters import Draft, plain_letter


@pytest.fixture
def folder(intake: Intake, tmp_path: Path) -> Path:
    """Two letters, read and answered."""
    made = eml_working_folder(tmp_path / "w")
    for name, words in (("small", "请问字数有什么要求？"), ("large", "请问字数有什么要求？" + "谢谢。" * 2_000)):
        deliver(made, f"{name}.eml", plain_letter(Draft(subject=name, text=words, sender=f"{name}@qq.example")))
    assert intake("run", "--once", "-C", made).status == 0
    return made


def listed(said: str) -> list[str]:
    """Subjects of the letters listed."""
    return [line.split("\t")[3] for line in said.splitlines() if "@qq.example" in line]


def test_nothing_is_called_removable_before_the_first_backup(intake: Intake, folder: Path) -> None:
    ran = intake("removable", "-C", folder)

    assert (ran.status, "还没有备份过" in ran.err, listed(ran.out)) == (2, True, [])


def test_letters_stored_and_backed_up_are_listed_the_largest_first(
    intake: Intake, folder: Path, tmp_path: Path
) -> None:
    intake("backup", tmp_path / "b.zip", "-C", folder)

    ran = intake("removable", "-C", folder)

    assert (ran.status, listed(ran.out)) == (0, ["large", "small"])
    assert "共2封" in ran.out


def test_letter_whose_bytes_here_are_not_what_they_were_is_left_out(
    intake: Intake, folder: Path, tmp_path: Path
) -> None:
    intake("backup", tmp_path / "b.zip", "-C", folder)
    (large,) = [path for path in (folder / "data" / "letters").rglob("*.eml") if path.stat().st_size > 5_000]
    large.chmod(0o600)
    large.write_bytes(large.read_bytes()[:-1])

    ran = intake("removable", "-C", folder)

    assert (ran.status, listed(ran.out)) == (0, ["small"])


def test_letter_that_came_after_the_backup_is_left_out(intake: Intake, folder: Path, tmp_path: Path) -> None:
    intake("backup", tmp_path / "b.zip", "-C", folder)
    deliver(folder, "later.eml", plain_letter(Draft(subject="later", text="请问几时截止？", sender="later@qq.example")))
    intake("run", "--once", "-C", folder)

    ran = intake("removable", "-C", folder)

    assert listed(ran.out) == ["large", "small"]


def test_letter_no_longer_in_the_mailbox_is_left_out(intake: Intake, folder: Path, tmp_path: Path) -> None:
    intake("backup", tmp_path / "b.zip", "-C", folder)
    (folder / "in" / "large.eml").unlink()
    intake("run", "--once", "-C", folder)

    ran = intake("removable", "-C", folder)

    assert listed(ran.out) == ["small"]
