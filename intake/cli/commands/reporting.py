"""Commands that make what organizers read and take away: digest, page, ledger, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Folder


def digest(
    folder: Folder = HERE,
    date: Annotated[str, typer.Option("--date", help="哪一天的简报，如 2022-12-06；不写则为今天")] = "",
    only_print: Annotated[bool, typer.Option("--print", help="只显示，不发送")] = False,
) -> int:
    """写一份简报，发送或显示。"""
    from intake.cli.digest import make_digest

    return make_digest(folder, date=date, only_print=only_print)


def web(
    folder: Folder = HERE,
    port: Annotated[int | None, typer.Option("--port", help="端口；不写则按设置（8600）")] = None,
) -> int:
    """打开组委会网页：查案例，看来信，作决定。"""
    from intake.cli.web import serve

    return serve(folder, port=port)


def ledger(
    out: Annotated[Path, typer.Argument(metavar="文件", help="写到哪个文件，如 台账.xlsx")],
    folder: Folder = HERE,
    masked: Annotated[bool, typer.Option("--masked", help="隐去电话和身份证号的中间几位，外发时用")] = False,
) -> int:
    """把台账写成一个 Excel 文件。

    案例、文件、来信、核对意见、统计各一张表，另有一张说明没有使用的编号。
    """
    from intake.cli.ledger import make_ledger

    return make_ledger(folder, out, masked=masked)


def export(
    target: Annotated[Path, typer.Argument(metavar="文件夹", help="导出到哪个文件夹；以前导出过的只补充变化的部分")],
    folder: Folder = HERE,
    *,
    states: Annotated[
        list[str] | None,
        typer.Option("--state", help="只导出这种状态的案例，如 accepted；可以写几次", show_default=False),
    ] = None,
    as_zip: Annotated[bool, typer.Option("--zip", help="再压缩成一个同名的 .zip，便于转发")] = False,
    review: Annotated[
        bool, typer.Option("--review", help="改为导出初审用的一套：每个案例一个 PDF，另有初审登记表和汇总表")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="与 --review 同用：隐去单位、街道、社区和联系人")
    ] = False,
) -> int:
    """导出案例材料：每个案例一个文件夹，按类别排列。

    正文、报名表、照片、来信原件、图片一览和记录，另有台账和带校验码的清单。加 --review 则为初审用的一套。
    """
    from intake.cli.export import export_cases, export_review

    if review:
        return export_review(folder, target, states=states or [], anonymous=anonymous, as_zip=as_zip)
    return export_cases(folder, target, states=states or [], as_zip=as_zip)
