from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from intake.cli.preflight.configuration import look_at_roster
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
