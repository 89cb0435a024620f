"""A working folder whose name holds what addresses and shells treat in their own ways."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path, PurePath

import pytest

from intake.cli.shell_words import as_typed
from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import deliver, eml_working_folder

NAME = "征集 2022?x=1#a%20b&c;d"
LETTER = Draft(subject="案例报送", files=material.complete(), at=datetime(2022, 12, 5, 9, 0, tzinfo=CHINA))


def test_whole_round_is_made_in_a_folder_of_any_name(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path / NAME)
    deliver(folder, "1.eml", qq_mail(LETTER))
    made, restored = tmp_path / "备份?1#.zip", tmp_path / "另一台 50%?"

    ran = [
        intake("run", "--once", "-C", folder),
        intake("status", "-C", folder),
        intake("backup", made, "-C", folder),
        intake("restore", made, "-C", restored),
        intake("ledger", tmp_path / "台?账#.xlsx", "-C", restored),
        intake("export", tmp_path / "交接 50%?#", "-C", restored),
        intake("digest", "--print", "-C", restored),
    ]
    listed = [intake("cases", "list", "-C", each).out for each in (folder, restored)]

    assert [(each.status, each.err) for each in ran] == [(0, "")] * len(ran)
    assert (folder / "data" / "intake.sqlite3").is_file()
    assert listed[0] == listed[1]
    assert "HL22-0001" in listed[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        (NAME, made.name, restored.name, "台?账#.xlsx", "交接 50%?#")
    )


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [("doctor", 2, "还没有建立，第一次运行时自动建在"), ("status", 0, "案例：共 0"), ("check", 1, "案例?.docx")],
)
def test_fresh_folder_of_any_name_is_usable(
    intake: Intake, tmp_path: Path, command: str, status: int, said: str
) -> None:
    folder = tmp_path / NAME
    made = intake("init", folder, "--provider", "163", "--address", "anli@163.com", "--campaign", "huli-2022")
    case = tmp_path / "案例?.docx"
    case.write_bytes(material.complete()[0].data)

    ran = intake(command, *([case] if command == "check" else ()), "-C", folder)

    assert made.status == 0
    assert f"intake doctor -C {shlex.quote(str(folder))} " in made.out
    assert ran.status == status
    assert said in ran.out


@pytest.mark.parametrize(
    ("path", "windows", "typed"),
    [
        ("/home/组委会/征集2022", False, "/home/组委会/征集2022"),
        ("/home/a b", False, "'/home/a b'"),
        ("/home/it's", False, "'/home/it'\"'\"'s'"),
        ("C:\\征集", True, "C:\\征集"),
        ("C:\\征集 2022", True, '"C:\\征集 2022"'),
        ("a\\b", False, "'a\\b'"),
    ],
)
def test_path_is_shown_as_a_shell_takes_it(path: str, windows: bool, typed: str) -> None:
    assert as_typed(PurePath(path), windows=windows) == typed
