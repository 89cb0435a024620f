"""`intake cases ...`, looking on; `orders` has the commands by which organizers decide."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Folder, Number


def cases_list(
    folder: Folder = HERE,
    state: Annotated[str, typer.Option("--state", help="accepted、needs_fix、needs_human 或 waiting")] = "",
) -> int:
    """列出案例。"""
    from intake.cli.cases import list_cases

    return list_cases(folder, state=state)


def cases_show(number: Number, folder: Folder = HERE) -> int:
    """一个案例的来信、材料、核对结论、决定和去信。"""
    from intake.cli.cases import show_case

    return show_case(folder, number)


def cases_sheet(number: Number, folder: Folder = HERE) -> int:
    """把一个案例的图片排成一页，用浏览器打开。

    每张图片的缩略图、名称、像素、是否计入。页面可以删去，再运行一次就会重做。
    """
    from intake.cli.sheet import make_sheet

    return make_sheet(folder, number)
