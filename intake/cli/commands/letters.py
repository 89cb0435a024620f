"""`intake letters ...`: letters kept apart because it is not certain whose case they belong to."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.commands.options import HERE, By, Folder, Number, Why

Letter = Annotated[str, typer.Argument(metavar="来信编号", help="来信编号的前几位，见 intake letters kept")]


def letters_kept(folder: Folder = HERE) -> int:
    """列出单独保存的来信：其他邮箱写了某案例编号的、要替换齐全材料但还没有确认的。"""
    from intake.cli.letters import list_kept

    return list_kept(folder)


def letters_admit(letter: Letter, number: Number, by: By, why: Why, folder: Folder = HERE) -> int:
    """把一封单独保存的来信并入案例，重新核对并回复。"""
    from intake.cli.letters import admit_letter

    return admit_letter(folder, letter, number, by=by, why=why)


def letters_leave(letter: Letter, by: By, why: Why, folder: Folder = HERE) -> int:
    """一封单独保存的来信不并入任何案例：原件留存，不再列出，也不另行回复。"""
    from intake.cli.letters import leave_letter

    return leave_letter(folder, letter, by=by, why=why)


def letters_detach(
    letter: Letter,
    by: By,
    why: Why,
    from_: Annotated[str, typer.Option("--from", help="从哪个登记编号分出；来信属于几个案例时写")] = "",
    folder: Folder = HERE,
) -> int:
    """把误并入案例的来信分出来，另立一个案例：两个案例重新核对，两边都告知。"""
    from intake.cli.letters import detach_letter

    return detach_letter(folder, letter, by=by, why=why, number=from_)
