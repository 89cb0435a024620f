"""`intake outbox ...`, `intake pause` and `intake resume`: letters of ours that wait or have gone."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Folder

Mails = Annotated[list[int], typer.Argument(metavar="去信编号…", help="去信的编号，可以写几个")]


def outbox_list(
    folder: Folder = HERE,
    state: Annotated[
        str, typer.Option("--state", help="queued、held、retry_at、sent、failed、unknown 或 cancelled")
    ] = "",
) -> int:
    """列出去信。"""
    from intake.cli.outbox import list_mails

    return list_mails(folder, state=state)


def outbox_show(
    mail: Annotated[int, typer.Argument(metavar="去信编号", help="去信的编号")], folder: Folder = HERE
) -> int:
    """显示一封去信的全文。"""
    from intake.cli.outbox import show_mail

    return show_mail(folder, mail)


def outbox_hold(mails: Mails, folder: Folder = HERE) -> int:
    """暂缓发送。"""
    from intake.cli.outbox import move

    return move(folder, mails, "hold")


def outbox_release(
    mails: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="去信编号…",
            help="去信的编号，或曾被退信的邮箱地址；不写则放行因答复过于频繁而暂停的回信",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="放行所有暂缓的信")] = False,
    folder: Folder = HERE,
) -> int:
    """放行暂缓、失败或不明的信；恢复向曾被退信的地址发信；放行暂停的回信。"""
    from intake.cli.outbox import release

    return release(folder, mails or [], everything=everything)


def outbox_cancel(mails: Mails, folder: Folder = HERE) -> int:
    """取消，不再发送。"""
    from intake.cli.outbox import move

    return move(folder, mails, "cancel")


def pause(folder: Folder = HERE) -> int:
    """暂停发信；收信、核对、登记照常。"""
    from intake.cli.outbox import set_pause

    return set_pause(folder, paused=True)


def resume(folder: Folder = HERE) -> int:
    """恢复发信。"""
    from intake.cli.outbox import set_pause

    return set_pause(folder, paused=False)
