"""Commands that keep what there is, move it and clear it away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Folder


def backup(
    file: Annotated[Path, typer.Argument(metavar="文件", help="备份写到哪个文件，如 /media/usb/12月20日.zip")],
    folder: Folder = HERE,
) -> int:
    """备份数据库、来信和设置，收件程序不用停。

    写成一个 zip 文件并逐项核对。授权码不写进备份。
    """
    from intake.cli.backup import make_backup

    return make_backup(folder, file)


def restore(
    file: Annotated[Path, typer.Argument(metavar="文件", help="intake backup 写的文件")],
    folder: Folder = HERE,
    goes_on: Annotated[
        bool, typer.Option("--continue", help="备份之后原来的机器没有再收发过信（先停机再备份的搬家）")
    ] = False,
) -> int:
    """把备份恢复到一个空的工作文件夹，接着收件。

    不加 --continue 时，备份之后可能已经发出过的答复一律暂缓，核对“已发送”后再放行，不会重复答复。
    """
    from intake.cli.backup import restore_backup

    return restore_backup(folder, file, goes_on=goes_on)


def removable(
    folder: Folder = HERE,
    most: Annotated[int, typer.Option("--most", min=1, help="最多列出多少封，从最大的开始")] = 50,
) -> int:
    """邮箱快满时，列出可以从邮箱里删除的来信。

    只列已登记、原件完整留存、并且已有备份的来信。系统自己从不删信。
    """
    from intake.cli.removable import list_removable

    return list_removable(folder, most=most)


def purge(
    older_than: Annotated[str, typer.Option("--older-than", help="截止多久以后的活动，如 2y、18m、90d")],
    campaign: Annotated[str, typer.Option("--campaign", help="只清除这项活动；不写则为全部")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="确认清除；不写则只预览")] = False,
    folder: Folder = HERE,
) -> int:
    """清除早已截止的活动的来信和个人信息。

    只留登记编号、结论、日期和校验码。不加 --yes 时只显示会清除什么。
    """
    from intake.cli.purge import purge as purge_folder

    return purge_folder(folder, older_than=older_than, campaign=campaign, yes=yes)
