"""A campaign tried on a real mailbox: `intake run --dry-run` judges, sends nothing, and shows what it would send."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import deliver, eml_working_folder

AT = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)


def test_a_trial_run_numbers_apart_sends_nothing_and_shows_what_it_would_send(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    settings = folder / "intake.toml"
    settings.write_text("test_mode = true\n" + settings.read_text("utf-8"), "utf-8")
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=AT)))

    ran = intake("run", "--once", "--dry-run", "-C", folder)

    assert ran.status == 0
    assert not (folder / "data" / "sent").exists()
    mail = intake("outbox", "list", "-C", folder).out.splitlines()[1].split("\t")
    assert mail[1] == "暂缓"
    assert "还差2张" in intake("outbox", "show", mail[0], "-C", folder).out
    told = intake("digest", "--print", "-C", folder).out.splitlines()
    shown = next(line for line in told if "材料补充完善提示" in line)
    assert shown.startswith("jinan@qq.com ｜ （测试）【湖里区案例征集】材料补充完善提示：")
    assert shown.endswith(" ｜ 暂缓")
    assert any("测试-HL22-0001" in line for line in told)


def test_after_the_trial_real_numbers_begin_at_one_and_the_ledger_explains_the_others(
    intake: Intake, tmp_path: Path
) -> None:
    folder = eml_working_folder(tmp_path)
    settings = folder / "intake.toml"
    real = settings.read_text("utf-8")
    settings.write_text("test_mode = true\n" + real, "utf-8")
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=AT)))
    assert intake("run", "--once", "--dry-run", "-C", folder).status == 0
    settings.write_text(real, "utf-8")
    deliver(
        folder, "2.eml", qq_mail(Draft(subject="案例报送", sender="b@qq.example", files=material.complete(), at=AT))
    )

    assert intake("run", "--once", "-C", folder).status == 0

    assert [line.split("\t")[0] for line in intake("cases", "list", "-C", folder).out.splitlines()[1:]] == [
        "测试-HL22-0001",
        "HL22-0001",
    ]
    assert len(list((folder / "data" / "sent").glob("*.eml"))) == 1
    assert intake("ledger", tmp_path / "台账.xlsx", "-C", folder).status == 0
    book = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    explained = [[cell.value for cell in row] for row in book["编号说明"].iter_rows(min_row=2)]
    assert any(row[0] == "测试-HL22-0001" and "试" in str(row[3]) for row in explained)
