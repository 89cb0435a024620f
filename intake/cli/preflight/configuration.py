"""Are settings, secret and campaign files usable? Reads the working folder only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from config.errors import ConfigError, Problem
from config.layers import SECRETS_FILE, SETTINGS_FILE
from config.providers import provider_of
from config.roster import ROSTER_FILE, load_roster
from config.settings import SENTENCES_FOLDER, Settings, missing_secrets
from intake.calls import Call, load_calls
from intake.cli.folder import settings_of
from intake.cli.preflight.item import Item, fine, notice, wrong
from intake.wording import CHINESE_DATES

_LETTERHEAD = ("title", "short_title", "signature", "sender_name", "phone")
"""What a campaign file says of itself in every letter."""


def look_at_settings(folder: Path) -> tuple[Settings | None, tuple[Item, ...]]:
    """The settings when they can be used, and what is to be said of them: every problem of every file.

    Raises: OperatorError when `folder` is no working folder.
    """
    try:
        settings = settings_of(folder)
    except ConfigError as error:
        return None, _wrong("配置", error.problems)
    shown = settings.provider.name if settings.provider else settings.mailbox.host or str(settings.mailbox.path)
    said = f"{SETTINGS_FILE} 可用：{settings.mailbox.address}（{shown}）"
    return settings, (fine("设置", said), *_other_provider(settings))


def _other_provider(settings: Settings) -> tuple[Item, ...]:
    """An address of one provider with the servers of another: no login can succeed."""
    known = provider_of(settings.mailbox.address)
    if settings.provider is None or known is None or known.id == settings.provider.id:
        return ()
    said = f"{settings.mailbox.address} 是{known.name}的地址，provider 写的却是 {settings.provider.id}"
    advice = f'请把 {SETTINGS_FILE} 里 [mailbox] 的 provider 改为 "{known.id}"，或核对邮箱地址。'
    return (wrong("服务商", said, advice),)


def look_at_campaigns(settings: Settings, *, now_at: datetime) -> tuple[tuple[Call, ...], tuple[Item, ...]]:
    """The campaigns when all can be used, and what is to be said of them."""
    try:
        calls = load_calls(settings)
    except ConfigError as error:
        ours = tuple(problem for problem in error.problems if not problem.file.startswith(f"{SENTENCES_FOLDER}/"))
        sentences = tuple(problem for problem in error.problems if problem not in ours)
        return (), (*_wrong("活动", ours), *_wrong("回信用语", sentences))
    return calls, tuple(item for call in calls for item in _campaign_items(call, now_at))


def _campaign_items(call: Call, now_at: datetime) -> Iterator[Item]:
    """What is to be said of one campaign: what it is, and what people forget when they begin from a sample."""
    campaign = call.campaign
    said = f"{campaign.title}（{campaign.file}，{len(call.checks)}条规则，{_close(call)}）"
    if campaign.closes_at is not None and campaign.closes_at <= now_at:
        # A campaign may have been extended since: that is on record, not in its file.
        advice = (
            "截止以后收到的都按逾期办理。要延期请运行 intake cases extend --all，延过期的以延后的时间为准；"
            "新一届征集请另建活动文件。"
        )
        yield notice("活动", f"{said}，已经截止", advice)
    else:
        yield fine("活动", said)
    sample = [name for name in _LETTERHEAD if _is_sample(getattr(campaign, name))]
    if sample:
        advice = f"请在 {campaign.file} 里照征集启事改好，这些内容会写进回信。"
        yield notice("活动内容", f"还是样本里的文字：{'、'.join(sample)}", advice)
    elif not campaign.contact and not campaign.phone:
        advice = f"请在 {campaign.file} 的 contact 和 phone 里写上，报送人有疑问时好找到人。"
        yield notice("联系方式", "没有写联系人和电话，回信末尾不会有", advice)
    if not campaign.organizers:
        yield notice(
            "决定人",
            f"{campaign.file} 里没有写 organizers，没有人可以通过、退回或放宽",
            f"请在 {campaign.file} 的 organizers 里写上工作人员的姓名和邮箱。",
        )


def _is_sample(text: str) -> bool:
    """Whether it stands so in the sample campaign: 某某区, or a telephone number of zeros."""
    return "某某" in text or bool(re.fullmatch(r"[0-]{6,}", text))


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


def look_at_deciders(settings: Settings, calls: Sequence[Call]) -> tuple[Item, ...]:
    """Those who may decide but get no digest, the mail they would answer; nothing while nobody gets one."""
    readers = {address.casefold() for address in settings.digest.recipients}
    if not readers:
        return ()
    without = {
        each.address: each.name
        for call in calls
        for each in call.campaign.organizers
        if each.address.casefold() not in readers
    }
    return tuple(
        notice(
            "决定人",
            f"{name}（{address}）收不到每日简报，不能用回复邮件的办法办理",
            f"请把 {address} 加进 {SETTINGS_FILE} 里 [digest] 的 recipients；在网页和命令行仍可办理。",
        )
        for address, name in without.items()
    )


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
