"""Wrong usage in the words of the person at the keyboard. Pure, but for the help's headings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any

import typer
from typer import TyperException

_USAGE_WORDS = {"Usage: ": "用法：", "[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 …"}
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def say_usage(error: TyperException) -> str:
    """What is wrong with the command as typed, and how to see the right form. Never empty."""
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "intake"
    return f"{_what_is_wrong(error, context)}用法见：{command} --help"


def speak_chinese() -> None:
    """Give the help its headings in Chinese; call only when help is shown, it loads what draws it."""
    from typer import rich_utils

    words = {
        "ARGUMENTS_PANEL_TITLE": "要写的内容",
        "OPTIONS_PANEL_TITLE": "选项",
        "COMMANDS_PANEL_TITLE": "命令",
        "DEFAULT_STRING": "[不写则为：{}]",
        "ENVVAR_STRING": "[环境变量：{}]",
        "REQUIRED_LONG_STRING": "[必填]",
    }
    for name, word in words.items():
        setattr(rich_utils, name, word)
    for kind in (typer.core.TyperCommand, typer.core.TyperGroup):
        for name, translated in {"get_help_option": _in_chinese, "get_usage": _usage_in_chinese}.items():
            setattr(kind, name, translated(getattr(kind, name)))
    for parameter in (typer.core.TyperOption, typer.core.TyperArgument):
        setattr(parameter, "display_type_rich", _no_type)  # noqa: B010  # each help line says what to write
    rich_utils._make_rich_text = _whole(rich_utils._make_rich_text)  # noqa: SLF001  # no other way to have it whole


def _in_chinese(get_help_option: Callable[..., Any]) -> Callable[..., Any]:
    def get(command: object, context: object) -> Any:
        option = get_help_option(command, context)
        if option is not None:
            option.help = "显示这份说明"
        return option

    return get


def _usage_in_chinese(get_usage: Callable[..., str]) -> Callable[..., str]:
    def get(command: object, context: object) -> str:
        usage = get_usage(command, context)
        for theirs, ours in _USAGE_WORDS.items():
            usage = usage.replace(theirs, ours, 1)
        return usage

    return get


def _no_type(_parameter: object, ctx: object) -> None:  # called by this name
    """Nothing: `<bool>` and `<path>` are no words of a person who is not a programmer."""


def _whole(make_text: Callable[..., Any]) -> Callable[..., Any]:
    def make(**words: Any) -> Any:
        text = make_text(**words)
        # A Chinese sentence has no blanks to break at: a narrow window would end it with three dots.
        text.overflow = "fold"
        return text

    return make


def _what_is_wrong(error: TyperException, context: Any) -> str:
    # By name: the library keeps these classes to itself.
    match type(error).__name__:
        case "MissingParameter":
            return f"还缺少{_parameter(error)}。"
        case "NoSuchOption":
            near = _nearest(error.option_name, error.possibilities or _options(context))  # type: ignore[attr-defined]  # of this class
            return f"没有 {error.option_name} 这个选项{near}"  # type: ignore[attr-defined]  # as above
        case "BadOptionUsage":
            return f"选项 {error.option_name} 后面要写内容。"  # type: ignore[attr-defined]  # as above
        case "BadParameter":
            numbers = "，这里要写数字" if "integer" in error.message else ""
            return f"{_parameter(error).strip()}的写法不对{numbers}。"
    if "No such command" in error.message:
        name = [*error.message.split("'"), ""][1][:60]
        return f"没有 {name} 这个命令{_nearest(name, list(getattr(context.command, 'commands', ())))}"
    if "unexpected extra argument" in error.message:
        return f"多写了“{_extra(error.message)}”，内容中有空格时要加引号。"
    return f"{error.format_message()} "


def _parameter(error: TyperException) -> str:
    """The option or argument meant, with what it is for."""
    parameter: Any = getattr(error, "param", None)
    if parameter is None:
        return "一项内容"
    name = next((each for each in parameter.opts if each.startswith("--")), "")
    about = (getattr(parameter, "help", None) or parameter.name or "").partition("，")[0]
    return f" {name}（{about}）" if name else f"“{(parameter.metavar or about).rstrip('…')}”"


def _options(context: Any) -> list[str]:
    return [name for parameter in context.command.params for name in parameter.opts] if context is not None else []


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"，是不是 {near[0]}？" if near else "。"


def _extra(message: str) -> str:
    """What was too much: the last words in brackets."""
    found = _IN_BRACKETS.findall(message)
    return str(found[-1])[:60] if found else ""
