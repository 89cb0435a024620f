"""`intake quarantine ...`: letters put aside because our own work on them broke off."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Folder


def quarantine_list(folder: Folder = HERE) -> int:
    """列出留存待查的来信。"""
    from intake.cli.quarantine import list_quarantine

    return list_quarantine(folder)


def quarantine_show(
    letter: Annotated[str, typer.Argument(metavar="来信编号", help="来信编号的前几位")], folder: Folder = HERE
) -> int:
    """一封留存来信出了什么问题。"""
    from intake.cli.quarantine import show_quarantined

    return show_quarantined(folder, letter)
