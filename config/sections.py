"""The tables of `intake.toml`: their fields, units and defaults. Pure.

A field's description is what the manual says of it. Defaults that depend on the
provider are filled in before validation, so a validated table is always complete.
"""

from __future__ import annotations

import os
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from config.providers import Auth, Tls, providers

_ADDRESS = r"^[^@\s,;]+@[^@\s,;]+$"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _split(value: Any) -> Any:
    """Lists may be written as one text in environment variables: "甲,乙"."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.replace("，", ",").replace("、", ",").split(",") if part.strip())
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Section(BaseModel):
    """Base of every table: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class MailboxSettings(Section):
    """`[mailbox]`: where letters come from."""

    provider: str | None = Field(None, description="邮箱服务商代号；写了它，服务器、端口等都不必再写")
    kind: Literal["imap", "maildir", "eml_folder"] = Field(
        "imap", description="来信方式：imap 邮箱；maildir 本机邮件目录；eml_folder 存放 .eml 文件的文件夹"
    )
    address: str = Field(pattern=_ADDRESS, description="征集邮箱的地址；回信也从这里发出")
    username: str = Field("", description="登录名；不写则与邮箱地址相同")
    password: SecretStr | None = Field(
        None, description="授权码（不是登录密码）；请写在 .env 的 INTAKE_MAILBOX__PASSWORD 里，不要写在本文件里"
    )
    auth: Auth = Field("login", description="登录方式：login 授权码；xoauth2 访问令牌（写在 password 处）")
    host: str = Field("", description="收信服务器；不写则按服务商")
    port: int = Field(993, ge=1, le=65535, description="收信端口")
    tls: Tls = Field("tls", description="加密方式：tls 全程加密；starttls 先连后加密；plain 不加密，只用于本机")
    needs_id: bool = Field(False, description="登录后先报客户端身份（网易邮箱需要）；不写则按服务商")
    folders: Names = Field((), description="要查收的文件夹；不写则查收收件箱和垃圾箱")
    junk: Names = Field((), description="垃圾邮件文件夹的名称；不写则按服务商，并自动识别")
    sent: str = Field("", description="已发送文件夹的名称；不写则按服务商，并自动识别")
    own_hosts: Names = Field((), description="服务商自己的主机域名，其写下的收信时间可信；不写则按服务商")
    authentication_hosts: Names = Field(
        (),
        description="核验发件人的主机名（来信最上面一行 Authentication-Results 开头的名称），只采信它写下的结果；不写则按服务商",
    )
    poll_seconds: int = Field(60, ge=5, le=3600, description="两次查收的间隔（秒）；不写则按服务商")
    timeout_seconds: float = Field(60.0, gt=0, le=600, description="服务器多久不回应算断线（秒）")
    ca_file: Path | None = Field(None, description="单位自建邮箱的证书文件；公共邮箱不用写")
    path: Path | None = Field(None, description="kind 为 maildir 或 eml_folder 时的文件夹")

    @model_validator(mode="before")
    @classmethod
    def _fill_from_provider(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        known = providers().get(str(table.get("provider")))
        filled = {"username": table.get("address", "")}
        if known is not None:
            filled |= known.imap.model_dump() | {
                "auth": known.auth[0],
                "needs_id": known.needs_id,
                "junk": known.junk_folders,
                "sent": known.sent_folder,
                "own_hosts": known.own_hosts,
                "authentication_hosts": known.authentication_hosts,
                "poll_seconds": known.poll_seconds,
            }
        return filled | {key: value for key, value in table.items() if value not in (None, "")}

    @field_validator("provider")
    @classmethod
    def _known_provider(cls, name: str | None) -> str | None:
        if name is not None and name not in providers():
            raise ValueError(f"不认识的邮箱服务商“{name[:40]}”｜可以写：{'、'.join(providers())}；自建邮箱请改写 host")
        return name

    @model_validator(mode="after")
    def _reachable(self) -> MailboxSettings:
        if self.kind != "imap":
            if self.path is None:
                raise ValueError("没有写明来信文件夹｜请补上 path")
            return self
        if not self.host:
            raise ValueError("没有写明收信服务器｜请写 provider，自建邮箱写 host")
        _refuse_plain_abroad(self.host, self.tls)
        known = providers().get(self.provider or "")
        if known is not None and self.poll_seconds < known.poll_seconds:
            raise ValueError(
                f"poll_seconds 是{self.poll_seconds}，比{known.name}允许的快，邮箱可能被限制登录"
                f"｜请写 {known.poll_seconds} 以上，或者不写"
            )
        return self


class SmtpSettings(Section):
    """`[smtp]`: how letters leave. With a provider nothing need be written here."""

    host: str = Field("", description="发信服务器；不写则按服务商")
    port: int = Field(465, ge=1, le=65535, description="发信端口")
    tls: Tls = Field("tls", description="加密方式，同 mailbox.tls")
    auth: Auth = Field("login", description="登录方式；不写则与收信相同")
    username: str = Field("", description="登录名；不写则与收信相同")
    password: SecretStr | None = Field(None, description="授权码；不写则与收信相同")
    timeout_seconds: float = Field(60.0, gt=0, le=600, description="服务器多久不回应算断线（秒）")
    seconds_between: float = Field(5.0, ge=0, le=600, description="两封信之间至少间隔（秒）；不写则按服务商")
    daily_sends: int = Field(500, ge=1, description="一天最多发出的封数；不写则按服务商")
    ca_file: Path | None = Field(None, description="单位自建邮箱的证书文件；不写则与收信相同")

    @model_validator(mode="after")
    def _safe(self) -> SmtpSettings:
        if self.host:
            _refuse_plain_abroad(self.host, self.tls)
        return self


class AnswerSettings(Section):
    """`[answers]`: how often one address is answered. Letters with a new submission are always answered."""

    per_day: int = Field(
        10, ge=1, le=1000, description="同一地址24小时内最多单独答复几封没有新材料的来信；更多的合并为一封答复"
    )
    trusted_senders: Names = Field(
        (), description='经常集中来信的报送人（如街道经办人）的邮箱地址；"@xx.gov.cn" 指该域名的全部地址'
    )
    trusted_per_day: int = Field(50, ge=1, le=1000, description="trusted_senders 的上限，同 per_day")


class DigestSettings(Section):
    """`[digest]`: the organizers' daily letter."""

    at: time = Field(time(8, 0), description='每天发送的时刻，如 "08:00"')
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        (1, 2, 3, 4, 5, 6, 7), description="星期几发送：1 为星期一，7 为星期日"
    )
    recipients: Names = Field((), description="收件人的邮箱地址；不写则不发送，可用 intake digest --print 查看")
    closing_days: int = Field(
        2, ge=0, le=30, description="截止前最后几天一天发几次，截止当天算一天；不论星期几都发；0 则照平时"
    )
    closing_times: tuple[time, ...] = Field(
        (time(8), time(12), time(17), time(21)), description='截止前最后几天发送的时刻，如 ["08:00", "12:00", "17:00"]'
    )
    weekly: int = Field(
        1, ge=0, le=7, description="星期几的简报写成周报，附一周小结；这一天不在 weekdays 里也发送；0 不写周报"
    )
    at_once: bool = Field(
        True, description="可能影响报送时限的事项（打不开的来信、退信、即将到期的链接等）是否立即另发邮件"
    )
    ledger: bool = Field(
        True, description="是否附上台账（Excel）：电话和身份证号只留前三位和后两位；超过8MB不附。false 不附"
    )

    @field_validator("closing_times", mode="before")
    @classmethod
    def _times_listed(cls, value: Any) -> Any:
        return _split(value)

    @field_validator("weekdays", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(int(day) if day.isdigit() else day for day in _split(value)) if isinstance(value, str) else value

    @field_validator("recipients")
    @classmethod
    def _addresses(cls, recipients: tuple[str, ...]) -> tuple[str, ...]:
        for address in recipients:
            if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
                raise ValueError(f"“{address[:60]}”不是邮箱地址｜请写成 name@example.com")
        return recipients


class AlarmSettings(Section):
    """`[alarm]`: how people hear of trouble of the service itself."""

    silent_minutes: int = Field(15, ge=1, le=1440, description="多久没有查收成功就报警（分钟）；至少为查收间隔的三倍")
    free_bytes: int = Field(1_000_000_000, ge=0, description="数据文件夹所在磁盘剩余空间少于多少就报警（字节）")
    command: str = Field("", description="报警和恢复时运行的程序，如短信网关的命令；文字从标准输入给出")
    webhook: SecretStr | None = Field(
        None,
        description="企业微信、钉钉或飞书群机器人的地址；请写在 .env 的 INTAKE_ALARM__WEBHOOK 里。钉钉的关键词写“征集”",
    )

    @field_validator("webhook")
    @classmethod
    def _web_address(cls, webhook: SecretStr | None) -> SecretStr | None:
        if webhook is None or not webhook.get_secret_value():
            return None
        if not webhook.get_secret_value().startswith(("https://", "http://")):
            raise ValueError("不是网址｜请从群机器人的设置里复制以 https:// 开头的地址")
        return webhook


class WebSettings(Section):
    """`[web]`: the page for organizers, `intake web`."""

    host: str = Field(
        "127.0.0.1", description="网页监听的地址；默认只有本机能打开，别的电脑要打开须经反向代理（HTTPS）"
    )
    port: int = Field(8600, ge=0, le=65535, description="网页监听的端口；0 由系统另选")
    url: str = Field("", description='登录链接里的网址，如 "https://anli.example.gov.cn"；不写则为本机地址')

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?/?", url):
            raise ValueError("不是网址｜请写成 https://anli.example.gov.cn")
        if url.startswith("http://") and re.split("[:/]", url[7:])[0] not in _LOOPBACK:
            raise ValueError("不加密的网址只允许用于本机｜请改为 https://")
        return url.rstrip("/")


class ReaderLimits(Section):
    """`[readers.limits]`: the most one file may ask for. Same names and defaults as the readers' own."""

    file_bytes: int = Field(100_000_000, gt=0, description="可读的最大文件（字节）")
    text_characters: int = Field(2_000_000, gt=0, description="一份文档最多保留的文字（字符）")
    pages: int = Field(500, gt=0, description="PDF 最多读的页数")
    picture_pixels: int = Field(200_000_000, gt=0, description="可读的最大图片（像素，宽乘高）")
    members: int = Field(2_000, gt=0, description="一封信或一个压缩包最多取出的文件数")
    members_bytes: int = Field(1_000_000_000, gt=0, description="一次取出的文件合计大小（字节）")
    member_ratio: int = Field(200, gt=0, description="压缩包内文件解开后与压缩时大小之比的上限")
    depth: int = Field(3, gt=0, description="压缩包最多套几层")
    wall_seconds: float = Field(60.0, gt=0, description="读一个文件最多用时（秒），超过即中止")
    cpu_seconds: int = Field(60, gt=0, description="读一个文件最多占用处理器（秒）")
    memory_bytes: int = Field(2_000_000_000, gt=0, description="读文件的进程最多占用内存（字节）")


class ReaderSettings(Section):
    """`[readers]`: the processes that read files."""

    processes: int = Field(
        default_factory=lambda: max(1, min(4, os.cpu_count() or 1)),
        ge=1,
        le=64,
        description="同时读文件的进程数；不写则按本机处理器，最多4个",
    )
    limits: ReaderLimits = Field(default_factory=ReaderLimits, description="读一个文件的各项上限")


class LogSettings(Section):
    """`[log]`: the program's own diary, for those who look after it."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="记录的详细程度")
    format: Literal["console", "json"] = Field("console", description="写法：console 供人看；json 供程序收集")
    file: Path | None = Field(None, description="写入的文件；不写则写到屏幕（标准错误）")


def _refuse_plain_abroad(host: str, tls: Tls) -> None:
    if tls == "plain" and host not in _LOOPBACK:
        raise ValueError("不加密的连接只允许用于本机｜请改为 tls 或 starttls")
