"""The settings of a world as a working folder, for `intake run` in a process of its own."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.world import World


def write_settings(world: World, **more: dict[str, Any]) -> None:
    """Write `intake.toml` and `.env`; `more` are tables, merged over the world's own."""
    settings = world.settings
    tables: dict[str, dict[str, Any]] = {
        "mailbox": {
            "address": settings.mailbox.address,
            "host": settings.mailbox.host,
            "port": settings.mailbox.port,
            "tls": "plain",
            "poll_seconds": 5,
            "timeout_seconds": 20,
        },
        "smtp": {
            "host": settings.smtp.host,
            "port": settings.smtp.port,
            "tls": "plain",
            "username": settings.smtp.username,
            "seconds_between": 0,
        },
        "readers": {"processes": 2},
        "log": {"level": "info"},
    }
    for name, table in more.items():
        tables[name] = tables.get(name, {}) | table
    lines = ['campaigns = ["huli-2022"]', 'answer_from = "2022-11-30"']
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    (world.folder / "intake.toml").write_text("\n".join(lines) + "\n", "utf-8")
    assert settings.mailbox.password is not None
    assert settings.smtp.password is not None
    secrets = world.folder / ".env"
    secrets.write_text(
        f"INTAKE_MAILBOX__PASSWORD={settings.mailbox.password.get_secret_value()}\n"
        f"INTAKE_SMTP__PASSWORD={settings.smtp.password.get_secret_value()}\n",
        "utf-8",
    )
    secrets.chmod(0o600)
