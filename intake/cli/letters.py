"""Work of `intake letters ...`."""

from __future__ import annotations

from pathlib import Path

from intake.cli.folder import records_of
from intake.cli.tables import print_table


def list_kept(folder: Path) -> int:
    """Print the letters kept apart, and why each is."""
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


def admit_letter(folder: Path, letter: str, number: str, *, by: str, why: str) -> int:
    """Take a letter kept apart into a case. Raises `OperatorError`."""
    from intake.desks.admit import AdmitDesk
    from intake.figures.ledger_words import STATES

    with records_of(folder) as records:
        desk = AdmitDesk(records.store, records.judge, records.calls, clock=records.clock)
        case = desk.admit(letter, number, who=by, why=why)
    print(f"已并入 {case.number}，已记录（{by}：{why.strip()}）。现在状态：{STATES.get(case.state, case.state)}。")
    return 0


def detach_letter(folder: Path, letter: str, *, by: str, why: str, number: str = "") -> int:
    """Part a letter from its case, which `number` names when it is in several. Raises `OperatorError`."""
    from intake.desks.detach import DetachDesk
    from intake.figures.ledger_words import STATES

    with records_of(folder) as records:
        judge = records.judge
        desk = DetachDesk(records.store, judge, judge.answers, records.calls, clock=records.clock)
        case, own = desk.detach(letter, who=by, why=why, number=number)
    stand = "，".join(f"{each.number} {STATES.get(each.state, each.state)}" for each in (case, own))
    print(f"已从 {case.number} 分出，另立 {own.number}，已记录（{by}：{why.strip()}）。现在状态：{stand}。")
    return 0


def leave_letter(folder: Path, letter: str, *, by: str, why: str) -> int:
    """Leave a letter kept apart out of every case. Raises `OperatorError`."""
    from intake.desks.admit import AdmitDesk

    with records_of(folder) as records:
        desk = AdmitDesk(records.store, records.judge, records.calls, clock=records.clock)
        left = desk.leave(letter, who=by, why=why)
    print(f"来信 {left.sha256[:12]} 不并入案例，已记录（{by}：{why.strip()}）。")
    return 0
