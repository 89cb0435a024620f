"""Are settings, secret and campaign files usable? Reads the working folder only."""

from __future__ import annotations

from pathlib import Path

from config.errors import ConfigError, Problem
from config.layers import SECRETS_FILE, SETTINGS_FILE
from config.roster import ROSTER_FILE, load_roster
from config.settings import SENTENCES_FOLDER, Settings, missing_secrets
from intake.calls import Call, load_calls
from intake.cli.folder import settings_of
from intake.cli.preflight.item import Item, fine, notice, wrong
from intake.wording import CHINESE_DATES


def look_at_settings(folder: Path) -> tuple[Settings | None, tuple[Item, ...]]:
    """The settings when they can be used, and what is to be said of them: every problem of every file.

    Raises: OperatorError when `folder` is no working folder.
    """
    try:
        settings = settings_of(folder)
    except ConfigError as error:
        return None, _wrong("配置", error.problems)
    shown = settings.provider.name if settings.provider else settings.mailbox.host or str(settings.mailbox.path)
    return settings, (fine("设置", f"{SETTINGS_FILE} 可用：{settings.mailbox.address}（{shown}）"),)


def look_at_campaigns(settings: Settings) -> tuple[tuple[Call, ...], tuple[Item, ...]]:
    """The campaigns when all can be used, and what is to be said of them."""
    try:
        calls = load_calls(settings)
    except ConfigError as error:
        ours = tuple(problem for problem in error.problems if not problem.file.startswith(f"{SENTENCES_FOLDER}/"))
        sentences = tuple(problem for problem in error.problems if problem not in ours)
        return (), (*_wrong("活动", ours), *_wrong("回信用语", sentences))
    items = [
        fine("活动", f"{call.campaign.title}（{call.campaign.file}，{len(call.checks)}条规则，{_close(call)}）")
        for call in calls
    ]
    items += (
        notice(
            "决定人",
            f"{call.campaign.file} 里没有写 organizers，没有人可以通过、退回或放宽",
            f"请在 {call.campaign.file} 的 organizers 里写上工作人员的姓名和邮箱。",
        )
        for call in calls
        if not call.campaign.organizers
    )
    return calls, tuple(items)


def look_at_roster(settings: Settings) -> tuple[Item, ...]:
    """The roster when there is one: how many units, or everything that is wrong with it."""
    try:
        units = load_roster(settings.folder)
    except ConfigError as error:
        return _wrong("报送名单", error.problems)
    if not units:
        return ()
    streets = len({unit.street for unit in units if unit.street})
    return (fine("报送名单", f"{ROSTER_FILE} 可用：{len(units)}个单位" + (f"，{streets}个街道" if streets else "")),)


def look_at_secret(settings: Settings) -> tuple[Item, ...]:
    """Whether the secret is there; that it is right only the mail servers can tell."""
    if settings.mailbox.kind != "imap":
        return ()
    word = settings.provider.password_word if settings.provider else "密码"
    missing = missing_secrets(settings)
    if missing:
        return _wrong(word, missing)
    return (
        fine(
            word, f"已填写，{SECRETS_FILE} 只有本人能打开" if (settings.folder / SECRETS_FILE).is_file() else "已填写"
        ),
    )


def look_at_choices(settings: Settings) -> tuple[Item, ...]:
    """Settings that are right as they are, but that people forget."""
    items = []
    if settings.test_mode:
        items.append(
            notice(
                "试运行",
                "编号前会加“测试-”，回信中注明试运行",
                f"正式开始时请把 {SETTINGS_FILE} 的 test_mode 改为 false。",
            )
        )
    if not settings.digest.recipients:
        items.append(
            notice("每日简报", "没有写收件人，简报不会发出", f"请在 {SETTINGS_FILE} 的 [digest] 里填写 recipients。")
        )
    return (*items, _second_channel(settings))


def _second_channel(settings: Settings) -> Item:
    """Mail itself may be what does not work: is there another way to reach people?"""
    ways = [name for name, is_set in (("群机器人", settings.alarm.webhook), ("程序", settings.alarm.command)) if is_set]
    if ways:
        return fine("故障报警", f"邮箱或发信出故障时，另由{'和'.join(ways)}通知")
    return notice(
        "故障报警",
        "只写入数据文件夹的 alarm.txt 和发邮件，邮箱本身出故障时可能没有人看到",
        f"可在企业微信、钉钉或飞书群里加一个机器人，把地址写在 {SECRETS_FILE} 的 INTAKE_ALARM__WEBHOOK 里。",
    )


def _close(call: Call) -> str:
    closes_at = call.campaign.closes_at
    return f"{CHINESE_DATES.write_close(closes_at, call.campaign.timezone)}截止" if closes_at else "没有写截止时间"


def _wrong(what: str, problems: tuple[Problem, ...]) -> tuple[Item, ...]:
    return tuple(
        wrong(what, f"{_place(problem)}：{problem.problem}", _sentence(problem.advice)) for problem in problems
    )


def _sentence(advice: str) -> str:
    return f"{advice.rstrip('。')}。" if advice else ""


def _place(problem: Problem) -> str:
    line = f" 第{problem.line}行" if problem.line is not None else ""
    return f"{problem.file}{line} {problem.key}".strip()
