"""The service's settings: from arguments, the environment, `.env` and `intake.toml` of one working folder.

Order: arguments > environment > .env > intake.toml > defaults. Every problem is
reported at once, each with the place it was written in. Reads no other file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.campaign import Campaign, load_campaign, start_of
from config.complaints import complaints, did_you_mean
from config.errors import ConfigError, Problem
from config.providers import Provider, providers
from config.sections import DigestSettings, LogSettings, MailboxSettings, Names, ReaderSettings, SmtpSettings
from config.toml_file import TomlFile, read_toml

SETTINGS_FILE = "intake.toml"
SECRETS_FILE = ".env"
PREFIX = "INTAKE_"
_TYPO_SCORE = 80
"""How alike (0 to 100) an unknown variable of the environment must be to a known one to be taken for a typo."""


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
    database_url: str = Field("", repr=False, description="数据库地址；不写则用数据文件夹里的 SQLite")
    timezone: str = Field("Asia/Shanghai", description="日报时刻和 answer_from 所用的时区")
    answer_from: datetime | None = Field(
        None, description="从何时起的来信才回复，如 \"2022-11-30\"；不写则从首次运行起"
    )
    test_mode: bool = Field(False, description="试运行：编号前加“测试-”，回信中注明")
    digest: DigestSettings = Field(default_factory=DigestSettings, description="每日简报")
    readers: ReaderSettings = Field(default_factory=ReaderSettings, description="读取文件")
    log: LogSettings = Field(default_factory=LogSettings, description="运行日志")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments alone: `load_settings` merges the rest, so that it can name each problem's place."""
        return (init_settings,)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("没有这个时区｜中国大陆写 Asia/Shanghai") from None
        return name

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, table: Any) -> Any:
        return _completed(table) if isinstance(table, dict) else table

    @field_validator("answer_from", mode="before")
    @classmethod
    def _readable_time(cls, value: Any) -> Any:
        if value is not None and not (isinstance(value, datetime) and value.tzinfo):
            raise ValueError("日期写法不对｜请写成 \"2022-11-30\" 或 \"2022-11-30 08:00\"")
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
            return tuple(sorted((self.folder / "campaigns").glob("*.toml")))
        return tuple(dict.fromkeys(self._source_of(name) for name in self.campaigns))

    def _source_of(self, name: str) -> str | Path:
        own = self.folder / "campaigns" / f"{name}.toml"
        if own.is_file():  # an organizer's own copy wins over the preset it was made from
            return own
        is_preset = not name.endswith(".toml") and Path(name).name == name
        return name if is_preset else self.folder / name


def load_settings(folder: Path, **overrides: Any) -> Settings:
    """The settings of the working folder `folder`; `overrides` win ("mailbox__port" reaches into a table).

    Raises: ConfigError listing every problem of file, `.env`, environment and arguments.
    """
    folder = folder.absolute()
    problems: list[Problem] = []
    file = _read_file(folder / SETTINGS_FILE, problems)
    dotenv = _read_dotenv(folder / SECRETS_FILE, problems)
    _refuse_typos_in_environment(problems)
    layers: list[tuple[str, dict[str, Any]]] = [
        ("启动参数", _nested(overrides)),
        ("环境变量", EnvSettingsSource(Settings)()),
        (SECRETS_FILE, dotenv),
        (SETTINGS_FILE, dict(file.data)),
    ]
    merged: dict[str, Any] = {}
    for _, layer in reversed(layers):
        merged = _merge(merged, layer)
    try:
        settings = Settings(**merged | {"folder": folder})
    except ValidationError as error:
        found = complaints(error, Settings, file=SETTINGS_FILE, prefix="", lines=file.lines)
        problems += (_placed(problem, layers) for problem in found)
        raise ConfigError(problems) from None  # the cause would repeat values, a password among them
    if problems:
        raise ConfigError(problems)
    return settings


def load_campaigns(settings: Settings) -> tuple[Campaign, ...]:
    """The campaigns the settings name, in order.

    Raises: ConfigError listing every problem of every file; also when there is no campaign or an id occurs twice.
    """
    campaigns: list[Campaign] = []
    problems: list[Problem] = []
    for source in settings.campaign_sources:
        try:
            campaigns.append(load_campaign(source))
        except ConfigError as error:
            problems += error.problems
    for key in ("id", "number_prefix"):
        values = [getattr(campaign, key) for campaign in campaigns]
        for campaign in campaigns:
            if values.count(getattr(campaign, key)) > 1:
                problems.append(
                    Problem(campaign.file, f"campaign.{key}", None, "与另一个活动相同", "请让每个活动各不相同")
                )
    if not settings.campaign_sources:
        problems.append(Problem(SETTINGS_FILE, "campaigns", None, "一个活动也没有", "请在 campaigns 文件夹里放入活动文件"))
    if problems:
        raise ConfigError(problems)
    return tuple(campaigns)


def missing_secrets(settings: Settings) -> tuple[Problem, ...]:
    """What must still be filled in before the mailbox can be opened; empty when nothing is."""
    if settings.mailbox.kind != "imap" or settings.mailbox.password is not None:
        return ()
    preset = settings.provider
    word = preset.password_word if preset else "密码"
    advice = f"请在工作文件夹的 .env 里写 {PREFIX}MAILBOX__PASSWORD={word}"
    if preset:
        advice += f"。{preset.password_help}"
    return (Problem(SECRETS_FILE, "mailbox.password", None, f"还没有填写邮箱的{word}", advice),)


def _completed(table: dict[str, Any]) -> dict[str, Any]:
    """`table` with what follows from other fields: absolute paths, the provider's SMTP, the mailbox's login."""
    table = dict(table)
    folder = Path(table.get("folder") or Path()).absolute()
    data_dir = folder / Path(table.get("data_dir") or "data")
    table |= {"folder": folder, "data_dir": data_dir}
    table["database_url"] = table.get("database_url") or f"sqlite:///{(data_dir / 'intake.sqlite3').as_posix()}"
    if "answer_from" in table:
        try:
            zone = ZoneInfo(str(table.get("timezone", "Asia/Shanghai")))
        except (KeyError, ValueError, OSError):
            zone = ZoneInfo("UTC")  # the zone itself is refused by its own validator
        table["answer_from"] = start_of(table["answer_from"], zone) or table["answer_from"]
    mailbox = table.get("mailbox")
    if isinstance(mailbox, dict):
        table["mailbox"] = _absolute(mailbox, folder, ("ca_file", "path"))
        table["smtp"] = _absolute(_completed_smtp(table.get("smtp", {}), mailbox), folder, ("ca_file",))
    if isinstance(table.get("log"), dict):
        table["log"] = _absolute(table["log"], folder, ("file",))
    return table


def _completed_smtp(smtp: Any, mailbox: Mapping[str, Any]) -> Any:
    if not isinstance(smtp, dict):
        return smtp
    filled: dict[str, Any] = {"username": mailbox.get("username") or mailbox.get("address", "")}
    filled |= {key: mailbox[key] for key in ("password", "auth", "ca_file") if key in mailbox}
    known = providers().get(str(mailbox.get("provider")))
    if known is not None:
        filled |= known.smtp.model_dump()
        filled |= {"seconds_between": known.send_seconds, "daily_sends": known.daily_sends}
        filled.setdefault("auth", known.auth[0])
    return filled | {key: value for key, value in smtp.items() if value not in (None, "")}


def _absolute(table: Any, folder: Path, keys: tuple[str, ...]) -> Any:
    return table | {key: folder / str(table[key]) for key in keys if table.get(key)}


def _read_file(path: Path, problems: list[Problem]) -> TomlFile:
    if not path.exists():  # environment and arguments may say everything
        return TomlFile(name=path.name, data={}, lines={}, sha256="")
    try:
        return read_toml(path)
    except ConfigError as error:
        problems += error.problems
        raise ConfigError(problems) from None


def _read_dotenv(path: Path, problems: list[Problem]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        problem = "别的用户也能读到这个文件，里面有授权码"
        problems.append(Problem(SECRETS_FILE, "", None, problem, f"请运行：chmod 600 {path}"))
        return {}
    source = DotEnvSettingsSource(Settings, env_file=path, env_file_encoding="utf-8-sig")
    known = _variable_names()
    for name in source.env_vars:
        if name.upper().startswith(PREFIX) and not name.upper().startswith(known):
            problems.append(Problem(SECRETS_FILE, name.upper(), None, "没有这一项", did_you_mean(name.upper(), known)))
    return EnvSettingsSource.__call__(source)  # DotEnv's own would add foreign variables as extra keys


def _refuse_typos_in_environment(problems: list[Problem]) -> None:
    # Other programs may use the prefix too: only what is nearly one of ours is a typo.
    from rapidfuzz import fuzz, process

    known = _variable_names()
    for name in (name for name in os.environ if name.startswith(PREFIX) and not name.startswith(known)):
        head = name.partition("__")[0]
        if process.extractOne(head, known, scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE):
            problems.append(Problem("环境变量", name, None, "没有这一项", did_you_mean(head, known)))


def _variable_names() -> tuple[str, ...]:
    return tuple(f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name != "folder")


def _nested(overrides: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for dotted, value in overrides.items():
        *tables, name = dotted.split("__")
        layer: dict[str, Any] = {name: value}
        for table in reversed(tables):
            layer = {table: layer}
        nested = _merge(nested, layer)
    return nested


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both_tables = isinstance(under, Mapping) and isinstance(value, Mapping)
        merged[key] = _merge(under, value) if both_tables else value  # type: ignore[arg-type]  # checked above
    return merged


def _placed(problem: Problem, layers: list[tuple[str, dict[str, Any]]]) -> Problem:
    """`problem` with the place its key was written in: the highest layer that has it."""
    path = [step.partition("[")[0] for step in problem.key.split(".") if step]
    for place, layer in layers[:-1]:
        value: Any = layer
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if path and value is not None:
            variable = PREFIX + "__".join(path).upper() if place != "启动参数" else problem.key
            return replace(problem, file=place, key=variable, line=None)
    return problem
