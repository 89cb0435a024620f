"""Working folders as an organizer has them, for commands under test."""

from __future__ import annotations

import os
import time
from pathlib import Path

from config.campaign import preset_text

ADDRESS = "anli@example.org"
SECRET = "loopback-secret"
ORGANIZER = "王老师"


def campaign_file(folder: Path, *, preset: str = "huli-2022", **changes: str) -> Path:
    """A campaign file in `folder`, open-ended, with one organizer; `changes` replace or add lines of [campaign]."""
    lines = {
        "organizers": f'[{{ name = "{ORGANIZER}", address = "wang@example.org" }}]',
        "quiet_minutes": "0",
        "closes_at": "",
    } | changes
    kept = [
        line
        for line in preset_text(preset).splitlines()
        if line.partition("=")[0].strip().lstrip("# ") not in lines or line.startswith(" ")
    ]
    head = kept.index("[campaign]")
    kept[head + 1 : head + 1] = [f"{name} = {value}" for name, value in lines.items() if value]
    path = folder / "campaigns" / f"{preset}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


def eml_working_folder(folder: Path, **campaign: str) -> Path:
    """A folder whose letters come from `in/*.eml` and leave into `data/sent`; answers letters of any age."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    campaign_file(folder, **campaign)
    (folder / "intake.toml").write_text(
        f"""
campaigns = ["huli-2022"]
answer_from = "2022-11-01"
[mailbox]
address = "{ADDRESS}"
kind = "eml_folder"
path = "in"
[log]
level = "error"
""",
        encoding="utf-8",
    )
    return folder


def imap_working_folder(
    folder: Path,
    *,
    imap_port: int,
    smtp_port: int = 1,
    address: str = ADDRESS,
    username: str = "",
    password: str | None = SECRET,
    tls: str = "plain",
    mailbox_lines: str = "",
    smtp_lines: str = 'tls = "plain"',
) -> Path:
    """A folder whose letters come over IMAP and leave over SMTP, both on loopback."""
    campaign_file(folder)
    (folder / "intake.toml").write_text(
        f"""
campaigns = ["huli-2022"]
[mailbox]
address = "{address}"
username = "{username}"
host = "127.0.0.1"
port = {imap_port}
tls = "{tls}"
timeout_seconds = 5
{mailbox_lines}
[smtp]
host = "127.0.0.1"
port = {smtp_port}
{smtp_lines}
timeout_seconds = 5
[log]
level = "error"
""",
        encoding="utf-8",
    )
    if password is not None:
        secret = folder / ".env"
        secret.touch(mode=0o600)
        secret.write_text(f"INTAKE_MAILBOX__PASSWORD={password}\n", encoding="utf-8")
    return folder


def deliver(folder: Path, name: str, raw: bytes) -> None:
    """Put a letter into the folder's mailbox, old enough not to be taken for one still being copied."""
    path = folder / "in" / name
    path.write_bytes(raw)
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
