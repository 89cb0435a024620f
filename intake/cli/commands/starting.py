"""Commands of the first quarter of an hour: the demo, a working folder, its examination, what goes out with the call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Campaign, Folder


def demo(
    stay: Annotated[bool, typer.Option("--stay", help="演示结束后保留邮件服务器，按 Ctrl-C 结束")] = False,
) -> int:
    """看演示：不用配置，不连外网。

    用内置的邮件服务器和样信，把收信、核对、登记、回复、简报走一遍。
    """
    from intake.demo.play import play

    return play(stay=stay)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="新的工作文件夹，不写则为当前文件夹", show_default=False)
    ] = HERE,
    *,
    provider: Annotated[
        str,
        typer.Option(
            "--provider",
            help="邮箱服务商：163、126、qq、exmail…；自建邮箱写 own；不写则看邮箱地址",
            show_default=False,
        ),
    ] = "",
    address: Annotated[str, typer.Option("--address", help="征集邮箱的地址")] = "",
    campaign: Annotated[
        str, typer.Option("--campaign", help="从哪个活动样本开始：example、huli-2022、xuzhou-2015")
    ] = "example",
    organizers: Annotated[
        list[str] | None,
        typer.Option(
            "--organizer",
            help='可以作决定、收简报的工作人员，如 "王老师 <wang@example.com>"；可以写几次',
            show_default=False,
        ),
    ] = None,
    digest_at: Annotated[str, typer.Option("--digest-at", help="每天几点发简报，如 08:00")] = "",
    password_from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="从标准输入读一行授权码，写入 .env；不要把授权码写在命令里")
    ] = False,
) -> int:
    """建一个工作文件夹。

    写入设置、活动文件和放授权码的 .env；已有的文件不会被改动。没有写明的逐项询问，在脚本里运行时不询问。
    """
    from intake.cli.init import Wanted, make_folder

    return make_folder(
        folder,
        Wanted(provider, address.strip(), campaign, tuple(organizers or ()), digest_at.strip(), password_from_stdin),
    )


def doctor(folder: Folder = HERE) -> int:
    """启用前逐项检查。

    配置、邮箱登录、文件夹、发信、数据库、磁盘、时钟、可选组件，每项给出解决办法。
    """
    from intake.cli.doctor import examine

    return examine(folder)


def kit(
    target: Annotated[Path, typer.Argument(metavar="文件夹", help="写到哪个文件夹")],
    folder: Folder = HERE,
    campaign: Campaign = "",
) -> int:
    """按活动文件写出随启事发出的材料。

    报送须知、案例模板（Word，带小标题）、报名表和汇总表。
    """
    from intake.cli.kit import write_kit

    return write_kit(folder, target, campaign=campaign)
