"""Campaign files: who asks, when, where letters go, and the rules, raw, with file and line.

A rule table is not interpreted here: only its `id` and `check` are looked at.
What it means is known to `intake.checks` alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from config.complaints import complaints, did_you_mean
from config.errors import ConfigError, Problem
from config.toml_file import TomlFile, parse_toml, read_toml
from config.zones import ZoneName

LatePolicy = Literal["organizers_decide", "not_accepted"]

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Organizer(_Table):
    """A person who may decide on cases, by name."""

    name: str = Field(min_length=1, description="姓名或岗位名称，决定会以此名义记录在案")
    address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", description="电子邮箱地址")


class Routing(_Table):
    """How a letter finds this campaign when several share one mailbox."""

    addresses: tuple[str, ...] = Field((), description="本活动专用的收件地址；一封信寄到其中之一，即归入本活动")
    plus_tags: tuple[str, ...] = Field((), description="加号地址的后缀：box+huli@example.com 写 huli")
    subject_keywords: tuple[str, ...] = Field((), description="主题中出现其中一词，即归入本活动")


class Reminders(_Table):
    """`[campaign.reminders]`: a friendly word to those whose material is still incomplete."""

    days: tuple[Annotated[int, Field(ge=1, le=60)], ...] = Field(
        (3, 1), description="截止前或补充期限前几天各提醒一次；写 [] 则不提醒"
    )
    hours: str = Field("9:00-17:30", description='只在这段时间里发出，按活动所在时区，如 "9:00-17:30"')
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        (1, 2, 3, 4, 5),
        min_length=1,
        description="星期几可以提醒：1 为星期一，7 为星期日；遇上其他日子，提前到前一个可以提醒的日子",
    )

    @field_validator("hours")
    @classmethod
    def _span(cls, hours: str) -> str:
        if (span := _span_of(hours)) is None or span[0] >= span[1]:
            raise ValueError('时间写法不对｜请写成 "9:00-17:30"，先早后晚')
        return hours

    @property
    def opens(self) -> time:
        """When reminders may begin to leave, local time."""
        return self._both[0]

    @property
    def closes(self) -> time:
        """From when on they wait for the next day, local time, exclusive."""
        return self._both[1]

    @property
    def _both(self) -> tuple[time, time]:
        span = _span_of(self.hours)
        assert span is not None  # the validator's affair
        return span


class CampaignTable(_Table):
    """The `[campaign]` table."""

    id: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="活动代号：小写字母、数字和连字符，启用后不要再改"
    )
    title: str = Field(min_length=1, description="活动全称，写在回信里")
    short_title: str = Field("", description="活动简称，写在回信主题的【】里；不写则用全称")
    number_prefix: str = Field(description="登记编号的前缀：HL22 得到 HL22-0001；1至8个大写字母或数字")
    language: str = Field("zh-CN", description="回信语言：zh-CN 简体中文，zh-TW 繁体中文，en 英文")
    timezone: ZoneName = Field("Asia/Shanghai", description="活动所在时区（IANA 名称）；截止时间按此计算")
    opens_at: datetime | None = Field(None, description='开始征集的日期或时刻："2022-11-30" 为当日0点起；不写则不限')
    closes_at: datetime | None = Field(
        None, description='截止日期或时刻："2022-12-20" 含当日，即到当日24时；也可写 "2022-12-20 17:00"；不写则不限'
    )
    grace_minutes: int = Field(0, ge=0, le=1440, description="宽限（分钟）：截止后这段时间内收到仍算按时；不对外公布")
    late_policy: LatePolicy = Field(
        "organizers_decide",
        description="逾期来件：organizers_decide 由组委会研究确定；not_accepted 启事写明逾期不予受理时用",
    )
    repair_days: int = Field(
        3,
        ge=0,
        le=60,
        description="补充材料的期限（天），自发出提示之日起，早于截止时间的按截止时间；截止后在此期限内补齐的仍算按时；0 表示以截止时间为准",
    )
    quiet_minutes: int = Field(10, ge=0, le=1440, description="等候（分钟）：只缺照片或报名表时，等这么久再发补充提示")
    marked_copy: bool = Field(
        True, description="补充提示是否附上批注版：在报送人自己的 docx 上用批注标出要补充的位置，文字不改；false 不附"
    )
    organizers: tuple[Organizer, ...] = Field((), description="可以作决定的工作人员：姓名和邮箱地址")
    co_organizers: tuple[Organizer, ...] = Field(
        (),
        description="协办单位和转件人员：由他们（和 organizers）转来的来件记在原发件人名下，按原来的收到时间计，回执发给原发件人",
    )
    signature: str = Field(min_length=1, description="落款：组委会或主办单位全称")
    contact: str = Field("", description="联系人，写在回信末尾")
    phone: str = Field("", description="联系电话，写在回信末尾")
    sender_name: str = Field("", description="发件人显示的名称；不写则用活动简称")
    reminders: Reminders = Field(Reminders(), description="提醒还没有补齐材料的单位；不写则按默认")
    routing: Routing = Field(Routing(), description="来信归入本活动的办法；只有一个活动时可以不写")
    keywords: tuple[str, ...] = Field((), description="能说明来信是报送案例的词（案例、征集等通用词不必写）")

    @field_validator("number_prefix")
    @classmethod
    def _plain_prefix(cls, prefix: str) -> str:
        if not (1 <= len(prefix) <= 8 and prefix.isascii() and prefix.isalnum() and prefix == prefix.upper()):
            raise ValueError("编号前缀只能是1至8个大写字母或数字｜如 HL22")
        return prefix

    @model_validator(mode="before")
    @classmethod
    def _times_in_zone(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        zone = _zone_or_utc(table.get("timezone", "Asia/Shanghai"))
        read = {"opens_at": start_of, "closes_at": end_of}
        # What cannot be read stays as it is: the field validator below names it.
        times = {key: convert(table[key], zone) or table[key] for key, convert in read.items() if key in table}
        return table | times

    @field_validator("opens_at", "closes_at", mode="before")
    @classmethod
    def _readable_time(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, datetime):
            raise ValueError('日期写法不对｜请写成 "2022-12-20" 或 "2022-12-20 17:00"')
        return value

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> CampaignTable:
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValueError("截止时间早于开始时间｜请检查 opens_at 和 closes_at")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The campaign's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One `[[rule]]` as written, with where it stands."""

    table: Mapping[str, Any]
    file: str
    key: str
    """"rule[2]": rules are counted from 1."""
    line: int | None
    """Line of its header."""
    lines: Mapping[str, int] = field(repr=False)
    """Line of every key of the file, as in `TomlFile.lines`."""

    @property
    def id(self) -> str:
        """The rule's id; a string, may not be unique before `load_campaign` has looked."""
        return str(self.table["id"])

    @property
    def check(self) -> str:
        """Name of the check that understands the table."""
        return str(self.table["check"])


class Campaign(CampaignTable):
    """A campaign with its rules. Frozen."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    rules: tuple[RuleTable, ...] = ()
    """In the order of the file; ids unique."""
    file: str = ""
    """Name of the file, as shown to people."""
    sha256: str = ""
    """Of the file's bytes; a judgement keeps it."""

    @property
    def tag(self) -> str:
        """What stands in the 【】 of a subject line."""
        return self.short_title or self.title

    @property
    def from_name(self) -> str:
        """The display name of the sender."""
        return self.sender_name or self.tag

    def rule(self, rule_id: str) -> RuleTable | None:
        """The rule named `rule_id`, None when there is none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def load_campaign(path_or_preset: str | Path) -> Campaign:
    """The campaign in a file, or the preset of that name.

    A plain word without ".toml" is a preset; everything else is a path.
    Raises: ConfigError listing every problem of the file.
    """
    return campaign_from(read_campaign(path_or_preset))


def read_campaign(path_or_preset: str | Path) -> TomlFile:
    """The file of a campaign, as `load_campaign` finds it, not yet understood.

    Raises: ConfigError when it is missing or not TOML.
    """
    name = str(path_or_preset)
    if isinstance(path_or_preset, str) and not name.endswith(".toml") and Path(name).name == name:
        return parse_toml(preset_text(name).encode(), name=f"{name}.toml")
    return read_toml(Path(path_or_preset))


def rule_tables(source: TomlFile) -> tuple[RuleTable, ...]:
    """The rules of a campaign file, in order, those without a usable `id` and `check` left out; never raises."""
    tables = _rules(source, [])
    return tuple(
        rule for rule in tables if isinstance(rule.table.get("id"), str) and isinstance(rule.table.get("check"), str)
    )


def preset_names() -> tuple[str, ...]:
    """Names of the campaigns that come with the program, sorted."""
    folder = resources.files("config") / "campaigns"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def preset_text(name: str) -> str:
    """The file of a preset, as text.

    Raises: ConfigError when there is no preset of that name.
    """
    if name not in preset_names():
        problem = f"没有名为“{name[:40]}”的活动预设"
        raise ConfigError([Problem("campaigns", "", None, problem, did_you_mean(name, preset_names()))])
    return (resources.files("config") / "campaigns" / f"{name}.toml").read_text(encoding="utf-8")


def campaign_from(source: TomlFile) -> Campaign:
    """The campaign a TOML file describes.

    Raises: ConfigError listing every problem of the file.
    """
    problems: list[Problem] = []
    for key in source.data.keys() - {"campaign", "rule"}:
        advice = did_you_mean(key, ("campaign", "rule"))
        problems.append(Problem(source.name, key, source.line_of(key), "没有这一项", advice))
    rules = _rules(source, problems)
    table: CampaignTable | None = None
    try:
        table = CampaignTable.model_validate(source.data.get("campaign", {}))
    except ValidationError as error:
        problems += complaints(error, CampaignTable, file=source.name, prefix="campaign", lines=source.lines)
    if problems or table is None:
        raise ConfigError(sorted(problems, key=lambda problem: problem.line or 0))
    fields = {name: getattr(table, name) for name in CampaignTable.model_fields}
    return Campaign.model_construct(**fields, rules=rules, file=source.name, sha256=source.sha256)


def start_of(value: object, zone: ZoneInfo) -> datetime | None:
    """The instant a written date or time begins, UTC; a date begins at its midnight in `zone`. None when unreadable."""
    day_or_time = _date_or_time(value)
    if day_or_time is None:
        return None
    if not isinstance(day_or_time, datetime):
        day_or_time = datetime.combine(day_or_time, time.min)
    return _in_utc(day_or_time, zone)


def end_of(value: object, zone: ZoneInfo) -> datetime | None:
    """The exclusive end a written date or time names, UTC: a date is inclusive, so the next midnight in `zone`."""
    day_or_time = _date_or_time(value)
    if day_or_time is None:
        return None
    if not isinstance(day_or_time, datetime):
        day_or_time = datetime.combine(day_or_time + timedelta(days=1), time.min)
    return _in_utc(day_or_time, zone)


def _span_of(hours: str) -> tuple[time, time] | None:
    """The two times of "9:00-17:30", hours with or without a leading zero; None when it says nothing of the kind."""
    written = _SPAN.fullmatch(hours)
    if written is None:
        return None
    first, first_minute, last, last_minute = (int(part) for part in written.groups())
    if max(first, last) > 23 or max(first_minute, last_minute) > 59:
        return None
    return time(first, first_minute), time(last, last_minute)


def _date_or_time(value: object) -> date | datetime | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    written = value.strip()
    try:
        return date.fromisoformat(written) if len(written) == len("2022-12-20") else datetime.fromisoformat(written)
    except ValueError:
        return None


def _in_utc(written: datetime, zone: ZoneInfo) -> datetime:
    return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)


def _zone_or_utc(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")  # the zone itself is refused by its own validator


def _rules(source: TomlFile, problems: list[Problem]) -> tuple[RuleTable, ...]:
    tables = source.data.get("rule", [])
    if not isinstance(tables, list):
        problems.append(Problem(source.name, "rule", source.line_of("rule"), "规则要写成 [[rule]]", "请用两层方括号"))
        return ()
    rules: list[RuleTable] = []
    seen: set[str] = set()
    for number, table in enumerate(tables, 1):
        key = f"rule[{number}]"
        line = source.line_of(key)
        rule = RuleTable(table=table, file=source.name, key=key, line=line, lines=source.lines)
        problems += (
            Problem(source.name, f"{key}.{name}", line, "缺少这一项", "请补上，用英文双引号")
            for name in ("id", "check")
            if not isinstance(table.get(name), str) or not table[name].strip()
        )
        if "id" in table and rule.id in seen:
            problem = f"规则代号“{rule.id[:40]}”用了两次"
            problems.append(Problem(source.name, f"{key}.id", source.line_of(f"{key}.id"), problem, "请改用别的代号"))
        seen.add(str(table.get("id")))
        rules.append(rule)
    return tuple(rules)
