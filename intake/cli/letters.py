"""`intake letters …`: letters kept apart because it is not certain whose case they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.tables import print_table

letters_app = typer.Typer(help="查看单独保存、待确认归属的来信，并入案例或不并入。", no_args_is_help=True)

Folder = Annotated[
    Path,
    typer.Option("--folder", "-C", envvar="INTAKE_FOLDER", help="工作文件夹，不写则为当前文件夹", show_default=False),
]
Letter = Annotated[str, typer.Argument(help="来信编号的前几位，见 intake letters kept")]
By = Annotated[str, typer.Option("--by", help="作决定的人，须在活动文件的 organizers 名单里")]
Why = Annotated[str, typer.Option("--why", help="理由，会记录在案")]
HERE = Path()


@letters_app.command("kept")
def letters_kept(folder: Folder = HERE) -> int:
    """列出单独保存的来信：其他邮箱写了某案例编号的、要替换齐全材料但还没有确认的。"""
    from intake.cli.folder import records_of
    from intake.desks.admit import AdmitDesk

    with records_of(folder) as records:
        desk = AdmitDesk(records.store, records.judge, records.calls, clock=records.clock)
        zone = records.settings.zone
        rows = [
            (
                letter.sha256[:12],
                f"{letter.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
                letter.from_address,
                letter.subject,
                "；".join((letter.evidence or {}).get("lines", ())[:2]),
            )
            for letter in desk.kept()
        ]
    if not rows:
        print("没有单独保存、待确认归属的来信。")
        return 0
    print_table("待确认归属的来信", ("编号", "收到", "发件人", "主题", "缘由"), rows)
    print(
        "并入案例：intake letters admit 编号 登记编号 --by 姓名 --why 理由；不并入：intake letters leave 编号 --by 姓名 --why 理由"
    )
    return 0


@letters_app.command("admit")
def letters_admit(
    letter: Letter,
    number: Annotated[str, typer.Argument(help="登记编号，如 HL22-0017")],
    by: By,
    why: Why,
    folder: Folder = HERE,
) -> int:
    """把一封单独保存的来信并入案例，重新核对并回复。"""
    from intake.cli.folder import records_of
    from intake.desks.admit import AdmitDesk
    from intake.figures.ledger_words import STATES

    with records_of(folder) as records:
        desk = AdmitDesk(records.store, records.judge, records.calls, clock=records.clock)
        case = desk.admit(letter, number, who=by, why=why)
    print(f"已并入 {case.number}，已记录（{by}：{why.strip()}）。现在状态：{STATES.get(case.state, case.state)}。")
    return 0


@letters_app.command("detach")
def letters_detach(letter: Letter, by: By, why: Why, folder: Folder = HERE) -> int:
    """把按单位暂时并入案例的来信分出来，另立一个案例：两个案例重新核对，两边都告知。"""
    from intake.cli.folder import records_of
    from intake.desks.detach import DetachDesk
    from intake.figures.ledger_words import STATES

    with records_of(folder) as records:
        judge = records.judge
        desk = DetachDesk(records.store, judge, judge.answers, records.calls, clock=records.clock)
        case, own = desk.detach(letter, who=by, why=why)
    stand = "，".join(f"{each.number} {STATES.get(each.state, each.state)}" for each in (case, own))
    print(f"已从 {case.number} 分出，另立 {own.number}，已记录（{by}：{why.strip()}）。现在状态：{stand}。")
    return 0


@letters_app.command("leave")
def letters_leave(letter: Letter, by: By, why: Why, folder: Folder = HERE) -> int:
    """一封单独保存的来信不并入任何案例：原件留存，不再列出，也不另行回复。"""
    from intake.cli.folder import records_of
    from intake.desks.admit import AdmitDesk

    with records_of(folder) as records:
        desk = AdmitDesk(records.store, records.judge, records.calls, clock=records.clock)
        left = desk.leave(letter, who=by, why=why)
    print(f"来信 {left.sha256[:12]} 不并入案例，已记录（{by}：{why.strip()}）。")
    return 0
