"""The files `intake init` puts into a new working folder, as text. Pure but for the package's own templates."""

from __future__ import annotations

import json
from importlib import resources
from string import Template

from config.campaign import load_campaign, preset_text
from config.layers import SECRETS_FILE, SETTINGS_FILE
from config.providers import Provider, provider

OWN_SERVER = "own"
"""In place of a provider's id: the organization runs its own mail server."""


def working_folder_files(provider_id: str, address: str, *, campaign: str = "example") -> dict[str, str]:
    """Relative path ("campaigns/example.toml", with "/") to text, in the order to write them.

    `campaign` is the preset to start from. `.env` holds a secret once filled in: write it readable for its owner only.
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
    )
    secrets = _template("env").substitute(
        word=preset.password_word if preset else "邮箱密码",
        help=preset.password_help if preset else "单位自建邮箱的密码或客户端专用密码，请向信息部门索取。",
    )
    return {
        SETTINGS_FILE: settings,
        SECRETS_FILE: secrets,
        f"campaigns/{campaign_id}.toml": preset_text(campaign),
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


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which no address holds.
    return json.dumps(text, ensure_ascii=False)


def _template(name: str) -> Template:
    return Template((resources.files("config") / "templates" / name).read_text(encoding="utf-8"))
