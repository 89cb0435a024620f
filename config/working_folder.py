"""The files `intake init` puts into a new working folder, as text. Pure but for the package's own templates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from importlib import resources
from string import Template

from config.campaign import load_campaign, preset_text
from config.layers import SECRETS_FILE, SETTINGS_FILE
from config.providers import Provider, provider

OWN_SERVER = "own"
"""In place of a provider's id: the organization runs its own mail server."""
_ORGANIZERS = re.compile(r"(?m)^organizers = \[(?:\n(?:(?!\]|organizers = )[^\n]*+\n)*+\]|[^\n]*\])$")


def working_folder_files(
    provider_id: str,
    address: str,
    *,
    campaign: str = "example",
    organizers: Sequence[tuple[str, str]] = (),
    digest_at: str = "08:00",
    password: str = "",
) -> dict[str, str]:
    """Relative path ("campaigns/example.toml", with "/") to text, in the order to write them.

    `campaign` is the preset to start from. `organizers`: name and address of each; they may decide, and get the digest.
    `.env` holds a secret once filled in: write it readable for its owner only.
    Raises: ConfigError when provider or preset is not known.
    """
    preset = None if provider_id == OWN_SERVER else provider(provider_id)
    preset_campaign = load_campaign(campaign)
    campaign_id = preset_campaign.id
    settings = _template("intake.toml").substitute(
        campaign=_quoted(campaign_id),
        address=_quoted(address),
        server=_server_lines(preset),
        smtp_server="" if preset else 'host = "smtp.example.com"        # 发信服务器，请改为单位的\n',
        poll_seconds=preset.poll_seconds if preset else 60,
        send_seconds=f"{preset.send_seconds:g}" if preset else "5",
        daily_sends=preset.daily_sends if preset else 500,
        digest_at=_quoted(digest_at),
        recipients=_quoted_list(mail for _, mail in organizers),
    )
    secrets = _template("env").substitute(
        word=preset.password_word if preset else "邮箱密码",
        help=preset.password_help if preset else "单位自建邮箱的密码或客户端专用密码，请向信息部门索取。",
        password=password,
    )
    return {
        SETTINGS_FILE: settings,
        SECRETS_FILE: secrets,
        f"campaigns/{campaign_id}.toml": _with_organizers(preset_text(campaign), organizers),
        f"sentences/{preset_campaign.language}.toml": _template("sentences.toml").template,
    }


def _server_lines(preset: Provider | None) -> str:
    if preset is None:
        return (
            'host = "imap.example.com"        # 收信服务器，请改为单位的\n'
            "port = 993\n"
            'tls = "tls"                      # 全程加密；先连后加密写 "starttls"'
        )
    lines = [f"provider = {_quoted(preset.id):<22} # {preset.name}：服务器、端口等都已按它设好"]
    if preset.window_help:
        lines.append(f"# 请留意：{preset.window_help}")
    if preset.auth[0] == "xoauth2":
        lines.append('auth = "xoauth2"                 # 该服务商只接受访问令牌')
    return "\n".join(lines)


def _with_organizers(text: str, organizers: Sequence[tuple[str, str]]) -> str:
    """The campaign file with its organizers in the place where the preset has, or leaves out, its own."""
    if not organizers:
        return text
    people = [f"    {{ name = {_quoted(name)}, address = {_quoted(mail)} }}," for name, mail in organizers]
    lines = "\n".join(["organizers = [                       # 可以作决定的人，决定会以此名义记录", *people, "]"])
    if _ORGANIZERS.search(text):
        return _ORGANIZERS.sub(lambda _: lines, text, count=1)
    return re.sub(r"(?m)^\[campaign\]$", lambda head: f"{head.group()}\n{lines}", text, count=1)


def _quoted_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which no address holds.
    return json.dumps(text, ensure_ascii=False)


def _template(name: str) -> Template:
    return Template((resources.files("config") / "templates" / name).read_text(encoding="utf-8"))
