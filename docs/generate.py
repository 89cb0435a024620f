"""Writes the pages that are made from the program: the settings, the sentences of letters, what points of a letter mean.

`python -m docs.generate` writes them; `--check` only says (exit status 1) which are stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path, PurePath
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.campaign import CampaignTable, Organizer, Reminders, Routing, preset_names
from config.layers import PREFIX
from config.providers import Provider, providers
from config.sections import (
    AlarmSettings,
    AnswerSettings,
    DigestSettings,
    LogSettings,
    MailboxSettings,
    ReaderLimits,
    ReaderSettings,
    SmtpSettings,
    WebSettings,
)
from config.settings import SENTENCES_FOLDER, Settings
from docs.reasons import reasons_page
from docs.sentences import sentences_page
from intake.checks import CHECKS, Rule
from intake.checks.rule import Scope, When

FOLDER = Path(__file__).parent

_PLAIN_TYPES: dict[Any, str] = {
    str: "文字",
    int: "整数",
    float: "数字",
    bool: "true 或 false",
    datetime: "日期或时刻",
    date: "日期",
    time: "时刻",
    SecretStr: "文字（保密）",
    Path: "路径",
    type(None): "",
}

_SECTIONS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("mailbox", "来信邮箱", MailboxSettings),
    ("smtp", "发信", SmtpSettings),
    ("answers", "答复的频次", AnswerSettings),
    ("digest", "每日简报", DigestSettings),
    ("alarm", "故障报警", AlarmSettings),
    ("readers", "读取文件", ReaderSettings),
    ("readers.limits", "读一个文件的各项上限", ReaderLimits),
    ("web", "组委会网页", WebSettings),
    ("log", "运行日志", LogSettings),
)


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or with `--check` compare them; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is stale")
    fresh = pages()
    if not parser.parse_args(arguments).check:
        for name, text in fresh.items():
            (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
        return 0
    written = {name: (FOLDER / name).read_text(encoding="utf-8") for name in fresh if (FOLDER / name).exists()}
    stale = [name for name, text in fresh.items() if written.get(name) != text]
    if stale:
        print(f"{', '.join(stale)} stale: run python -m docs.generate", file=sys.stderr)
    return 1 if stale else 0


def pages() -> dict[str, str]:
    """File name to text of every page that is made from the program."""
    return {
        "configuration.md": manual(),
        "回信用语.md": "\n".join(sentences_page()) + "\n",
        "常见补充原因.md": "\n".join(reasons_page()) + "\n",
    }


def manual() -> str:
    """The whole manual as Markdown."""
    parts = (_opening(), _settings(), _providers(), _campaigns(), _rules())
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _opening() -> Iterator[str]:
    yield "# 配置说明"
    yield ""
    yield "本页由 `python -m docs.generate` 根据程序生成，请勿直接修改。"
    yield ""
    yield "工作文件夹里有三样东西要填：`intake.toml`（设置）、`.env`（授权码）、`campaigns/`（每个征集活动一个文件）。"
    yield f"回信里的句子想换个说法的，写在 `{SENTENCES_FOLDER}/` 里，见[回信用语](回信用语.md)。"
    yield "写错的地方会一次全部指出：哪个文件、第几行、哪一项、怎么改。没有的名称不会被悄悄忽略。"


def _settings() -> Iterator[str]:
    yield "## 设置：intake.toml"
    yield ""
    yield "同一项写了几处时，依次以启动参数、环境变量、`.env`、`intake.toml` 为准，都没写的用默认值。"
    yield f"环境变量的名称是 `{PREFIX}` 加大写的名称，表与项之间用两个下划线：`{PREFIX}MAILBOX__PASSWORD`。列表用逗号分开。"
    yield "`.env` 只许本人可读（`chmod 600 .env`），否则不予使用。"
    yield ""
    yield "### 最前面（不属于任何一组）"
    yield ""
    tables = {name.partition(".")[0] for name, _, _ in _SECTIONS}
    yield from _table(Settings, leave_out={"folder", *tables})
    for name, title, model in _SECTIONS:
        yield ""
        yield f"### [{name}] {title}"
        yield ""
        yield from _table(model, leave_out={"limits"} if name == "readers" else set())


def _providers() -> Iterator[str]:
    yield "## 邮箱服务商"
    yield ""
    yield "`mailbox.provider` 写代号即可。各项上限是保守值，服务商可能随时调整。"
    yield ""
    yield "| 代号 | 名称 | 收信 | 发信 | 查收间隔（秒） | 发信间隔（秒） | 每日发信 | 登录所用 |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in providers().values():
        yield (
            f"| `{one.id}` | {one.name} | {one.imap.host}:{one.imap.port} | {one.smtp.host}:{one.smtp.port} "
            f"| {one.poll_seconds} | {one.send_seconds:g} | {one.daily_sends} | {one.password_word} |"
        )
    for one in providers().values():
        yield ""
        yield from _provider(one)


def _provider(one: Provider) -> Iterator[str]:
    yield f"### {one.name}（{one.id}）"
    yield ""
    yield f"* {one.password_word}：{one.password_help}"
    if one.window_help:
        yield f"* 收取范围：{one.window_help}"
    for quirk in one.quirks:
        yield f"* {quirk}。"


def _campaigns() -> Iterator[str]:
    yield "## 征集活动文件"
    yield ""
    yield f"随程序附带的预设：{'、'.join(f'`{name}`' for name in preset_names())}。`example` 里每一种规则都有，并逐项说明。"
    for name, model in (
        ("campaign", CampaignTable),
        ("campaign.routing", Routing),
        ("campaign.reminders", Reminders),
        ("campaign.organizers", Organizer),
    ):
        yield ""
        yield f"### [{name}]"
        yield ""
        yield from _table(model, leave_out={"routing", "reminders", "organizers"} if model is CampaignTable else set())


def _rules() -> Iterator[str]:
    yield "## 规则：[[rule]]"
    yield ""
    yield "规则按文件里的先后核对，回信也按这个先后写。每条规则都可以有："
    yield ""
    yield from _table(Rule, leave_out={"scope", "when"})
    for name, model in (("scope", Scope), ("when", When)):
        yield ""
        yield f"### {name} = {{ … }}"
        yield ""
        yield from _table(model)
    for check in CHECKS:
        yield ""
        yield f'### check = "{check.name}"'
        yield ""
        yield check.about_check
        own = set(check.model_fields) - set(Rule.model_fields)
        if own:
            yield ""
            yield from _table(check, leave_out=set(check.model_fields) - own)


def _table(model: type[BaseModel], leave_out: Iterable[str] = ()) -> Iterator[str]:
    yield "| 名称 | 写什么 | 默认 | 说明 |"
    yield "|---|---|---|---|"
    for name, field in model.model_fields.items():
        if name not in set(leave_out):
            cells = (f"`{field.alias or name}`", _kind(field.annotation), _default(field), field.description or "")
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _kind(annotation: Any) -> str:
    if annotation in _PLAIN_TYPES:
        return _PLAIN_TYPES[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " / ".join(f"`{choice}`" for choice in arguments)
    if origin in {Union, UnionType}:
        return "；".join(kind for kind in map(_kind, arguments) if kind)
    if origin is tuple:
        return f"列表：{_kind(arguments[0])}"
    if origin is dict or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return "一组“名称 = 值”"
    if hasattr(annotation, "__metadata__"):
        return _kind(arguments[0])
    raise TypeError(f"the manual has no word for {annotation!r}")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "必填"
    if field.default_factory is not None:
        return "自动"
    value = field.default
    if value is None or value in ("", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(_literal(one) for one in value)}]`"
    return f"`{_literal(value)}`"


def _literal(value: Any) -> str:
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, str | PurePath):
        return f'"{value}"'
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
