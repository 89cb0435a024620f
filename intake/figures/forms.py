"""The first words of a digest in each of its forms: daily, in the last days, weekly, and after the close. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from intake.figures.completeness import say_completeness
from intake.figures.ledger_words import STATES
from intake.figures.matter import DigestMatter
from intake.figures.roster_report import say_missing
from intake.figures.sections import Section
from intake.wording import CHINESE_DATES

Form = Literal["daily", "closing", "closed", "weekly"]

_TITLES: dict[Form, str] = {"daily": "收件日报", "closing": "收件快报", "closed": "截止小结", "weekly": "收件周报"}


def form_of(matter: DigestMatter) -> Form:
    """`closed` for the first digest after a close, `closing` in the last days, `weekly` when it sums up a week."""
    if matter.closes_at is not None and (matter.since_at or matter.written_at) < matter.closes_at <= matter.written_at:
        return "closed"
    if matter.is_closing:
        return "closing"
    return "weekly" if matter.week is not None else "daily"


def say_subject(matter: DigestMatter) -> str:
    """【标签】12月15日收件日报：新收3件，…; in the last days with the hour, since several come in one day."""
    form, local = form_of(matter), matter.written_at.astimezone(ZoneInfo(matter.zone))
    hour = f"{local.hour}时" if form == "closing" else ""
    return f"【{matter.subject_tag}】{local.month}月{local.day}日{hour}{_TITLES[form]}：{_counts(matter)}"


def say_headline(matter: DigestMatter) -> str:
    """The one line that matters: what came, how long is left, who has not sent, whether every letter is on record."""
    rosters = [say_missing(each) for each in matter.rosters] if len(matter.rosters) == 1 else []
    parts = [
        f"{_since(matter)}{_counts(matter)}",
        _days_left(matter),
        *rosters,
        say_completeness(matter.folders),
    ]
    return "；".join(part for part in parts if part) + "。"


def say_intro(matter: DigestMatter) -> tuple[str, ...]:
    """Small print below the first line: campaigns, the time told, states of the service."""
    moment = CHINESE_DATES.write_moment(matter.written_at, matter.zone)
    since = CHINESE_DATES.write_moment(matter.since_at, matter.zone) if matter.since_at else "启用"
    lines = [
        "、".join(matter.campaigns),
        f"统计时间：{since}至{moment}。其间来信{matter.letters_new}封，累计登记案例{matter.total_cases}件。",
    ]
    if matter.demo:
        lines.append("这是演示，日期由演示时钟给出，并非今天。")
    return (*lines, *matter.notes)


def closing_section(matter: DigestMatter) -> Section | None:
    """How all stands, in the first digest after the close; else None."""
    if form_of(matter) != "closed" or matter.closes_at is None:
        return None
    ended = CHINESE_DATES.write_close(matter.closes_at, matter.zone)
    lines = [f"征集已于{ended}截止，共登记案例{matter.total_cases}件：{_say_states(matter)}。"]
    if matter.late:
        lines.append(f"截止后收到{len(matter.late)}件，是否纳入请组委会研究确定，逐件列在下面。")
    if matter.needs_fix or matter.waiting:
        lines.append("待补充的案例如在补充期限内补来，系统照常核对并回复；期限已写在发给报送单位的信里。")
    lines.append("截止后的材料照常登记、答复。评审用的材料可运行 intake export --review 导出。")
    return Section("截止小结", lines=tuple(lines))


def week_section(matter: DigestMatter) -> Section | None:
    """The last seven days beside the seven before; None in a digest that does not sum them up."""
    week = matter.week
    if week is None:
        return None
    until = _local_day(matter)
    since = until - timedelta(days=7)
    lines = [
        (
            f"{since.month}月{since.day}日至{until.month}月{until.day}日：来信{week.letters}封，新登记案例{week.opened}件，"
            f"材料齐全{week.complete}件；再前一周新登记{week.opened_before}件，材料齐全{week.complete_before}件。"
        ),
    ]
    if matter.states:
        lines.append(f"累计登记案例{matter.total_cases}件：{_say_states(matter)}。")
    return Section("一周小结", lines=tuple(lines))


def _say_states(matter: DigestMatter) -> str:
    order = tuple(STATES)
    ordered = sorted(matter.states, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return "，".join(f"{STATES.get(state, state)}{count}件" for state, count in ordered if count)


def _since(matter: DigestMatter) -> str:
    """今日, or since when on that day, when an earlier digest of the day has told the rest."""
    if matter.since_at is None:
        return "今日"
    since = matter.since_at.astimezone(ZoneInfo(matter.zone))
    if since.date() == _local_day(matter) and (since.hour, since.minute) != (0, 0):
        return f"{since.hour}时{f'{since.minute:02}分' if since.minute else ''}以来"
    return (
        "今日"
        if matter.written_at - matter.since_at <= timedelta(days=1, hours=12)
        else f"{since.month}月{since.day}日以来"
    )


def _counts(matter: DigestMatter) -> str:
    counts = [
        f"新收{len(matter.new)}件",
        f"齐全{len(matter.accepted)}",
        f"待完善{len(matter.needs_fix)}",
        f"需您处理{len(matter.needs_person)}",
    ]
    return "，".join(counts)


def _days_left(matter: DigestMatter) -> str:
    if matter.closes_at is None:
        return ""
    if matter.closes_at <= matter.written_at:
        return "征集已截止"
    last_day = (matter.closes_at.astimezone(ZoneInfo(matter.zone)) - timedelta(microseconds=1)).date()
    days = (last_day - _local_day(matter)).days
    if days == 0:
        return "今天" + CHINESE_DATES.write_close(matter.closes_at, matter.zone).partition("）")[2] + "截止"
    return f"距截止{days}天"


def _local_day(matter: DigestMatter) -> date:
    return matter.written_at.astimezone(ZoneInfo(matter.zone)).date()
