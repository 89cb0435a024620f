"""What is known of mail providers: hosts, limits, pacing, and what their 授权码 is. Read from `providers.toml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.complaints import did_you_mean
from config.errors import ConfigError, Problem
from config.toml_file import parse_toml

Tls = Literal["tls", "starttls", "plain"]
Auth = Literal["login", "xoauth2"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(_Table):
    """Where one of a provider's services listens."""

    host: str
    port: int = Field(ge=1, le=65535)
    tls: Tls


class Provider(_Table):
    """One provider. Times in seconds, sizes in bytes; limits are cautious where the provider names none."""

    id: str
    """As written in settings: "163", "qq" …"""
    name: str
    """As people call it."""
    domains: tuple[str, ...]
    """Domains of its addresses; empty when customers bring their own."""
    imap: Server
    smtp: Server
    needs_id: bool
    """It wants RFC 2971 ID after login, or refuses SELECT."""
    auth: tuple[Auth, ...]
    """Login methods that work, preferred first."""
    own_hosts: tuple[str, ...]
    """Domains whose `Received … by` was written by the provider itself."""
    message_bytes: int
    daily_sends: int
    """Letters a day that are safe to send."""
    recipients: int
    """Most recipients of one letter."""
    poll_seconds: int
    """Shortest pause between two polls."""
    send_seconds: float
    """Shortest pause between two letters sent."""
    junk_folders: tuple[str, ...]
    """Names of its junk folders, decoded, most likely first; only those that exist are read."""
    sent_folder: str
    password_word: str
    """What it calls the password for programs."""
    password_help: str
    """Where to get it, in Chinese."""
    authentication_hosts: tuple[str, ...] = ()
    """authserv-ids under which its hosts write Authentication-Results (RFC 8601); empty when none is known for certain."""
    window_days: int | None = None
    """IMAP shows only so many days back until a switch on its web page is changed; None when it shows all."""
    window_help: str = ""
    quirks: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    """Which facts of this table are confirmed, and how; for those who maintain it."""

    def owns_host(self, host: str) -> bool:
        """True when `host` (of a Received header's `by`) is the provider's own."""
        name = host.strip(".").lower()
        return any(name == domain or name.endswith(f".{domain}") for domain in self.own_hosts)


@cache
def providers() -> dict[str, Provider]:
    """All known providers by id, in the order of the file."""
    raw = (resources.files("config") / "providers.toml").read_bytes()
    tables = parse_toml(raw, name="providers.toml").data
    return {name: Provider(id=name, **table) for name, table in tables.items()}


def provider(name: str) -> Provider:
    """The provider of that id.

    Raises: ConfigError when it is not known.
    """
    if name not in providers():
        problem = f"不认识的邮箱服务商“{name[:40]}”"
        raise ConfigError([Problem("", "mailbox.provider", None, problem, did_you_mean(name, tuple(providers())))])
    return providers()[name]


def provider_of(address: str) -> Provider | None:
    """The provider whose domain `address` has, None when there is none."""
    domain = address.rpartition("@")[2].lower()
    return next((one for one in providers().values() if domain in one.domains), None)
