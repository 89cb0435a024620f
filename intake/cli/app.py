"""The command line: which commands there are, and how one is run. What a command takes stands in `commands`, what it does beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

from intake.cli.commands import cases, keeping, letters, mending, outbox, quarantine, reporting, starting, working
from intake.cli.commands.orders import ORDER_COMMANDS
from intake.cli.usage import say_usage, speak_chinese

Commands = Mapping[str, Callable[..., int]]

COMMANDS: Mapping[str, Commands] = {
    "头一刻钟": {"demo": starting.demo, "init": starting.init, "doctor": starting.doctor, "kit": starting.kit},
    "每天": {
        "run": working.run_worker,
        "status": working.status,
        "digest": reporting.digest,
        "web": reporting.web,
        "check": working.check,
        "add": working.add,
        "pause": outbox.pause,
        "resume": outbox.resume,
    },
    "带走的材料": {"ledger": reporting.ledger, "export": reporting.export},
    "规则改了、回信说错了": {"replay": mending.replay, "correct": mending.correct},
    "备份与清理": {
        "backup": keeping.backup,
        "restore": keeping.restore,
        "removable": keeping.removable,
        "purge": keeping.purge,
    },
}
"""Headings of the help, each with its commands, in the order shown."""

GROUPS: Mapping[str, tuple[str, Commands]] = {
    "cases": (
        "查看案例，作决定：通过、退回、放宽、合并、延期等。",
        {"list": cases.cases_list, "show": cases.cases_show, "sheet": cases.cases_sheet, **ORDER_COMMANDS},
    ),
    "outbox": (
        "查看待发和已发的信，暂缓、放行或取消。",
        {
            "list": outbox.outbox_list,
            "show": outbox.outbox_show,
            "hold": outbox.outbox_hold,
            "release": outbox.outbox_release,
            "cancel": outbox.outbox_cancel,
        },
    ),
    "letters": (
        "查看单独保存、待确认归属的来信，并入案例或不并入。",
        {
            "kept": letters.letters_kept,
            "admit": letters.letters_admit,
            "leave": letters.letters_leave,
            "detach": letters.letters_detach,
        },
    ),
    "quarantine": (
        "查看处理时出现异常、留存待查的来信。",
        {"list": quarantine.quarantine_list, "show": quarantine.quarantine_show},
    ),
}
"""Commands of two words: the first, what its help says, the second."""


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """Every command under its heading; when `words` begin with the name of one, that one alone.

    To make all of them ready takes longer than most of them work.
    """
    commands, groups = _named(words) or (COMMANDS, GROUPS)
    app = typer.Typer(
        name="intake",
        help="征集邮箱收件助手：收信、核对、登记、回复、每日简报。第一次用：intake demo 看演示，intake init 建工作文件夹。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_every_command)  # without it a command that is the only one would not want its name
    for heading, each in commands.items():
        _add(app, each, heading)
    for name, (about, each) in groups.items():
        group = typer.Typer(help=about, no_args_is_help=True)
        _add(group, each)
        app.add_typer(group, name=name, rich_help_panel="案例和信件（各有几个命令）")
    return app


def _named(words: Sequence[str]) -> tuple[Mapping[str, Commands], Mapping[str, tuple[str, Commands]]] | None:
    """The one command meant, as `COMMANDS` and `GROUPS` hold it; None when these must tell what there is."""
    first, second = (*words[:2], "", "")[:2]
    for heading, commands in COMMANDS.items():
        if first in commands:
            return {heading: {first: commands[first]}}, {}
    about, commands = GROUPS.get(first, ("", {}))
    return ({}, {first: (about, {second: commands[second]})}) if second in commands else None


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; exit status 0 to 2. Raises what commands raise."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or {"-h", "--help"} & set(words) or words[-1] in GROUPS:
        speak_chinese()
    try:
        status = typer.main.get_command(command_line(words)).main(args=words, prog_name="intake", standalone_mode=False)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # a group named alone: its help is the answer
            sys.stderr.write(error.message)
        else:
            sys.stderr.write(f"{say_usage(error)}\n")
        return 2
    return status if isinstance(status, int) else 0


def _tell_version(asked: bool) -> None:
    if asked:
        from intake.bootstrap import code_version

        print(f"case-intake {code_version()}")
        raise typer.Exit


def _every_command(
    _version: Annotated[
        bool, typer.Option("--version", "-V", callback=_tell_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    """Take what may stand before any command."""


def _add(app: typer.Typer, commands: Commands, heading: str | None = None) -> None:
    for name, command in commands.items():
        app.command(name, rich_help_panel=heading)(command)
