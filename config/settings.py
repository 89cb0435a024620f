"""The service's settings: from arguments, the environment, `.env` and `intake.toml` of one working folder.

Order: arguments > environment > .env > intake.toml > defaults. Every problem is
reported at once, each with the place it was written in.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.campaign import Campaign, load_campaign
from config.complaints import complaints
from config.completion import completed
from config.errors import ConfigError, Problem
from config.layers import (
    PREFIX,
    SECRETS_FILE,
    SETTINGS_FILE,
    Layer,
    argument_layer,
    dotenv_layer,
    environment_layer,
    merged,
    placed,
)
from config.providers import Provider, providers
from config.sections import (
    AlarmSettings,
    AnswerSettings,
    DigestSettings,
    LogSettings,
    MailboxSettings,
    Names,
    ReaderSettings,
    SmtpSettings,
    WebSettings,
)
from config.toml_file import TomlFile, read_toml
from config.zones import ZoneName

CAMPAIGNS_FOLDER = "campaigns"
SENTENCES_FOLDER = "sentences"


class Settings(BaseSettings):
    """Everything the service needs to know to run. Frozen and complete; paths are absolute.

    Built by `load_settings`; built directly it takes its arguments only and reads nothing.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        enable_decoding=False,
        hide_input_in_errors=True,
    )

    folder: Path = Field(Path(), exclude=True, description="工作文件夹")
    mailbox: MailboxSettings = Field(description="来信邮箱")
    smtp: SmtpSettings = Field(default_factory=SmtpSettings, description="发信")
    campaigns: Names = Field(
        (), description="活动：预设代号或活动文件；不写则为工作文件夹下 campaigns 文件夹里的全部活动文件"
    )
    data_dir: Path = Field(Path("data"), description="数据文件夹：来信原件和数据库；须在本机硬盘上")
    database_url: str = Field(
        "",
        repr=False,
        description="数据库地址；不写则用数据文件夹里的 SQLite。用 PostgreSQL 的写 postgresql://用户名:密码@主机/数据库名，"
        "含密码，宜写在 .env 的 INTAKE_DATABASE_URL 里",
    )
    timezone: ZoneName = Field("Asia/Shanghai", description="日报时刻和 answer_from 所用的时区")
    answer_from: datetime | None = Field(None, description='从何时起的来信才回复，如 "2022-11-30"；不写则从首次运行起')
    test_mode: bool = Field(False, description="试运行：编号前加“测试-”，回信中注明")
    answers: AnswerSettings = Field(default_factory=AnswerSettings, description="答复的频次")
    digest: DigestSettings = Field(default_factory=DigestSettings, description="每日简报")
    alarm: AlarmSettings = Field(default_factory=AlarmSettings, description="故障报警")
    web: WebSettings = Field(default_factory=WebSettings, description="网页")
    readers: ReaderSettings = Field(default_factory=ReaderSettings, description="读取文件")
    log: LogSettings = Field(default_factory=LogSettings, description="运行日志")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library calls it so
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments alone: `load_settings` merges the rest, so that it can name each problem's place."""
        return (init_settings,)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, table: Any) -> Any:
        return completed(table) if isinstance(table, dict) else table

    @field_validator("answer_from", mode="before")
    @classmethod
    def _readable_time(cls, value: Any) -> Any:
        if value is not None and not (isinstance(value, datetime) and value.tzinfo):
            raise ValueError('日期写法不对｜请写成 "2022-11-30" 或 "2022-11-30 08:00"')
        return value

    @model_validator(mode="after")
    def _can_send(self) -> Self:
        if self.mailbox.kind == "imap" and not self.smtp.host:
            raise ValueError("没有写明发信服务器｜请在 [smtp] 里写 host，或在 [mailbox] 里写 provider")
        return self

    @property
    def provider(self) -> Provider | None:
        """The preset in use, None for an own server."""
        return providers().get(self.mailbox.provider or "")

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the digest's clock."""
        return ZoneInfo(self.timezone)

    @property
    def campaign_sources(self) -> tuple[str | Path, ...]:
        """What `load_campaign` takes for each campaign: a preset's name or an absolute path; ordered, unique."""
        if not self.campaigns:
            return tuple(sorted((self.folder / CAMPAIGNS_FOLDER).glob("*.toml")))
        return tuple(dict.fromkeys(self._source_of(name) for name in self.campaigns))

    @property
    def sentences(self) -> Path:
        """Where organizers keep sentences of letters in their own words; there may be no such folder."""
        return self.folder / SENTENCES_FOLDER

    def _source_of(self, name: str) -> str | Path:
        own = self.folder / CAMPAIGNS_FOLDER / f"{name}.toml"
        if own.is_file():  # an organizer's own copy wins over the preset it was made from
            return own
        is_preset = not name.endswith(".toml") and Path(name).name == name
        return name if is_preset else self.folder / name


def load_settings(folder: Path, **overrides: Any) -> Settings:
    """The settings of the working folder `folder`; `overrides` win ("mailbox__port" reaches into a table).

    Raises: ConfigError listing every problem of file, `.env`, environment and arguments.
    """
    folder = folder.absolute()
    file = _read_settings_file(folder / SETTINGS_FILE)
    environment, typos = environment_layer(Settings)
    secrets, refused = dotenv_layer(Settings, folder / SECRETS_FILE)
    layers = (argument_layer(overrides), environment, secrets, Layer(SETTINGS_FILE, file.data))
    problems = [*typos, *refused]
    try:
        settings = Settings(**merged(layers) | {"folder": folder})
    except ValidationError as error:
        found = complaints(error, Settings, file=SETTINGS_FILE, prefix="", lines=file.lines)
        problems += (placed(problem, layers) for problem in found)
        raise ConfigError(problems) from None  # the cause would repeat values, a password among them
    if problems:
        raise ConfigError(problems)
    return settings


def load_campaigns(settings: Settings) -> tuple[Campaign, ...]:
    """The campaigns the settings name, in order; at least one.

    Raises: ConfigError listing every problem of every file, ids and number prefixes used twice, and no campaign at all.
    """
    campaigns: list[Campaign] = []
    problems: list[Problem] = []
    for source in settings.campaign_sources:
        try:
            campaigns.append(load_campaign(source))
        except ConfigError as error:
            problems += error.problems
    problems += _used_twice(campaigns)
    if not settings.campaign_sources:
        advice = f"请在 {CAMPAIGNS_FOLDER} 文件夹里放入活动文件"
        problems.append(Problem(SETTINGS_FILE, "campaigns", None, "一个活动也没有", advice))
    if problems:
        raise ConfigError(problems)
    return tuple(campaigns)


def missing_secrets(settings: Settings) -> tuple[Problem, ...]:
    """What must still be filled in before the mailbox can be opened; empty when nothing is."""
    if settings.mailbox.kind != "imap" or settings.mailbox.password is not None:
        return ()
    preset = settings.provider
    word = preset.password_word if preset else "密码"
    advice = f"请在工作文件夹的 {SECRETS_FILE} 里写 {PREFIX}MAILBOX__PASSWORD={word}"
    if preset:
        advice += f"。{preset.password_help}"
    return (Problem(SECRETS_FILE, "mailbox.password", None, f"还没有填写邮箱的{word}", advice),)


def _used_twice(campaigns: list[Campaign]) -> list[Problem]:
    problems = []
    for key in ("id", "number_prefix"):
        seen: set[str] = set()
        for campaign in campaigns:
            value = getattr(campaign, key)
            if value in seen:
                problem = Problem(campaign.file, f"campaign.{key}", None, f"“{value}”已用于另一个活动", "请另取一个")
                problems.append(problem)
            seen.add(value)
    return problems


def _read_settings_file(path: Path) -> TomlFile:
    if not path.exists():  # environment and arguments may say everything
        return TomlFile(name=path.name, data={}, lines={}, sha256="")
    return read_toml(path)
