from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from config.redaction import without_secrets
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import SECRET, eml_working_folder, imap_working_folder


def test_backup_holds_no_secret_wherever_it_was_written(intake: Intake, tmp_path: Path) -> None:
    folder = imap_working_folder(tmp_path / "w", imap_port=1, smtp_lines='tls = "plain"\npassword = "zweites-wort"')
    with (folder / ".env").open("a") as secrets:
        secrets.write("INTAKE_ALARM__WEBHOOK=https://robot.example/key=drittes\n")

    ran = intake("backup", tmp_path / "b.zip", "-C", folder)

    assert ran.status == 0, ran.err
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        names = sorted(archive.namelist())
    assert [word for word in (SECRET, "zweites-wort", "drittes") if word.encode() in everything] == []
    assert names == [
        "data/intake.sqlite3",
        "manifest.json",
        "settings/campaigns/huli-2022.toml",
        "settings/intake.toml",
    ]


def test_backup_comes_back_on_an_empty_machine_with_its_settings(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path / "old")
    (folder / "sentences").mkdir()
    (folder / "sentences" / "zh-CN.toml").write_text('[greeting]\nanybody = "各位好："\n', encoding="utf-8")
    intake("backup", tmp_path / "b.zip", "-C", folder)

    ran = intake("restore", tmp_path / "b.zip", "-C", tmp_path / "new", "--continue")
    again = intake("restore", tmp_path / "b.zip", "-C", tmp_path / "new", "--continue")

    new = tmp_path / "new"
    assert (ran.status, again.status) == (0, 2), ran.err
    assert "已经有数据" in again.err
    for name in ("intake.toml", "campaigns/huli-2022.toml", "sentences/zh-CN.toml"):
        assert (new / name).read_text(encoding="utf-8") == (folder / name).read_text(encoding="utf-8")
    assert (new / "data").stat().st_mode & 0o077 == 0
    told = intake("status", "-C", new)
    assert (told.status, "备份：已从备份恢复" in told.out) == (0, True)


@pytest.mark.skipif(not os.path.ismount("/proc"), reason="no folder here that is a mount for certain")
def test_backup_is_not_unpacked_for_a_data_folder_that_cannot_be_replaced(intake: Intake, tmp_path: Path) -> None:
    intake("backup", tmp_path / "b.zip", "-C", eml_working_folder(tmp_path / "old"))
    new = eml_working_folder(tmp_path / "new")
    with (new / ".env").open("a", encoding="utf-8") as secrets:
        secrets.write("INTAKE_DATA_DIR=/proc\n")
    (new / ".env").chmod(0o600)

    ran = intake("restore", tmp_path / "b.zip", "-C", new, "--continue")

    assert (ran.status, "挂载点" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_file_that_is_no_backup_is_refused_in_one_sentence(intake: Intake, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)

    ran = intake("restore", tmp_path / "b.zip", "-C", tmp_path / "new")

    assert (ran.status, "这不是 intake backup 做的备份" in ran.err, (tmp_path / "new").exists()) == (2, True, False)


def test_data_folder_open_to_others_is_closed_when_it_is_used(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    intake("status", "-C", folder)
    (folder / "data").chmod(0o755)

    intake("status", "-C", folder)

    assert (folder / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('a = 1\npassword = "x"\n', "a = 1\n# （password 含保密内容，没有写进备份，请重新填写）\n"),
        ('smtp.password = "x"\n', "# （password 含保密内容，没有写进备份，请重新填写）\n"),
        ('smtp = { password = "x" }\n', None),
        ('password = """\nx"""\n', None),
        ("# old: geheim\n", None),
    ],
    ids=["a line", "dotted", "inline table", "several lines", "in a remark"],
)
def test_secret_in_settings_is_left_out_or_the_file_is_refused(text: str, kept: str | None) -> None:
    assert without_secrets(text, ("geheim",)) == kept


@pytest.mark.parametrize("age", ["2", "y", "-1y", "0d", "2w", ""])
def test_age_that_is_none_is_refused_before_anything_is_purged(intake: Intake, tmp_path: Path, age: str) -> None:
    folder = eml_working_folder(tmp_path)

    ran = intake("purge", f"--older-than={age}", "--yes", "-C", folder)

    assert (ran.status, "不是时长" in ran.err) == (2, True)
