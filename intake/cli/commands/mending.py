"""Commands for what went wrong: judging again, correcting what was answered."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Folder
from intake.errors import OperatorError


def replay(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="编号…", help="登记编号或留存来信的编号；不写则为全部", show_default=False),
    ] = None,
    *,
    folder: Folder = HERE,
    apply: Annotated[bool, typer.Option("--apply", help="按结果登记新的核对结论；不写则只显示会有什么不同")] = False,
    answer: Annotated[bool, typer.Option("--answer", help="登记新的结论，并向结论有变的报送人发更正说明")] = False,
    reread: Annotated[bool, typer.Option("--reread", help="先重新读取来信：程序升级、装了新的读取程序以后用")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="与 --reread 同用：全部来信都重新读取，不只是用旧程序读的")
    ] = False,
) -> int:
    """重新核对案例，放回留存的来信。

    规则改动后，重新核对已登记的案例：只改记录，写明 --answer 才发信。留存待查的来信放回后，由运行中的 intake run 照常处理和回复。
    程序升级后，加 --reread 把用旧程序读的来信重新读一遍再核对；中途停下，再运行一次接着做，运行中的 intake run 不用停。
    """
    if reread:
        from intake.cli.reread import reread_letters

        return reread_letters(folder, targets or [], apply=apply, answer=answer, everything=everything)
    if everything:
        raise OperatorError("--all 要与 --reread 同用：不加 --reread 时，不写编号就是全部案例。")
    from intake.cli.replay import replay_targets

    return replay_targets(folder, targets or [], apply=apply, answer=answer)


def correct(
    since: Annotated[str, typer.Option("--since", help='从何时起发出的回信，如 "2022-12-19" 或 "2022-12-19 08:00"')],
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="编号…", help="登记编号；不写则为全部案例", show_default=False)
    ] = None,
    folder: Folder = HERE,
    why: Annotated[str, typer.Option("--why", help="更正原因，写在信里；可以不写")] = "",
    send: Annotated[bool, typer.Option("--send", help="发出这些更正说明；不写则只显示，不登记，不发信")] = False,
) -> int:
    """更正说明：回信说错了的，每个案例发一封更正。

    规则写错后改好、或程序有误修好以后用：找出已发出的回信里现在不成立的内容，先逐封显示，确认后加 --send 发出。
    同一处不会更正两次；工作人员的意见不受影响，已撤回、尚在等候材料的案例不在其中。
    """
    from intake.cli.correct import correct_answers

    return correct_answers(folder, numbers or [], since=since, why=why, send=send)
