"""Letters kept apart are listed with how to settle them, and settled by name and reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import ORGANIZER, deliver, eml_working_folder

CASE = Draft(subject="案例报送", files=material.complete(), at=datetime(2022, 12, 5, 9, 0, tzinfo=CHINA))
CLAIM = Draft(
    subject="HL22-0001 材料更换",
    sender="stranger@126.example",
    files=material.complete()[:1],
    at=datetime(2022, 12, 6, 9, 0, tzinfo=CHINA),
)


def test_a_strangers_letter_is_listed_then_left_out_by_an_organizer(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    for name, draft in (("1.eml", CASE), ("2.eml", CLAIM)):
        deliver(folder, name, qq_mail(draft))
        assert intake("run", "--once", "-C", folder).status == 0

    listed = intake("letters", "kept", "-C", folder).out.splitlines()
    number = listed[1].split("\t")[0]
    refused = intake("letters", "leave", number, "--by", "过路人", "--why", "无关", "-C", folder)
    left = intake("letters", "leave", number, "--by", ORGANIZER, "--why", "无关", "-C", folder)

    assert "stranger@126.example" in listed[1]
    assert "写有登记编号 HL22-0001，但来信地址不属于该案例" in listed[1]
    assert refused.status == 2
    assert left.out == f"来信 {number} 不并入案例，已记录（{ORGANIZER}：无关）。\n"
    assert intake("letters", "kept", "-C", folder).out == "没有单独保存、待确认归属的来信。\n"
