from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from intake.calls import load_calls
from intake.cli.preflight.configuration import look_at_deciders, look_at_roster
from tests.intake.cli.working_folders import eml_working_folder


@pytest.mark.parametrize(
    ("roster", "told"),
    [
        (None, []),
        ("街道,单位\n金山,金安社区\n金山,金海社区\n", ["roster.csv 可用：2个单位，1个街道"]),
        ("单位\n金安社区\n", ["roster.csv 可用：1个单位"]),
        (
            "单位,邮箱\n金安社区,jinan\n,x@qq.com\n",
            ["roster.csv 第2行 邮箱：“jinan”不是邮箱地址", "roster.csv 第3行 单位：没有写单位"],
        ),
    ],
    ids=["none", "two units", "without streets", "two problems"],
)
def test_a_roster_is_told_with_every_problem_and_its_line(tmp_path: Path, roster: str | None, told: list[str]) -> None:
    folder = eml_working_folder(tmp_path)
    if roster is not None:
        (folder / "roster.csv").write_text(roster, encoding="utf-8")

    items = look_at_roster(load_settings(folder))

    assert [item.said for item in items] == told


@pytest.mark.parametrize(
    ("recipients", "told"),
    [
        ("", []),
        ('[digest]\nrecipients = ["Wang@example.org"]\n', []),
        (
            '[digest]\nrecipients = ["leader@example.org"]\n',
            ["王老师（wang@example.org）收不到每日简报，不能用回复邮件的办法办理"],
        ),
    ],
    ids=["nobody gets a digest", "who decides gets it", "only a leader gets it"],
)
def test_who_decides_without_getting_the_digest_is_named(tmp_path: Path, recipients: str, told: list[str]) -> None:
    folder = eml_working_folder(tmp_path)
    with (folder / "intake.toml").open("a", encoding="utf-8") as file:
        file.write(recipients)
    settings = load_settings(folder)

    items = look_at_deciders(settings, load_calls(settings))

    assert [item.said for item in items] == told
