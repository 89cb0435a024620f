"""Settings without their secrets, for copies that leave the machine. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

SECRET_KEYS = frozenset({"password", "webhook", "database_url"})
"""What may hold a secret when somebody writes it into `intake.toml` all the same."""

_ASSIGNMENT = re.compile(r"""^\s*(?:[\w"'-]+\s*\.\s*)*["']?([\w-]+)["']?\s*=""")
_NOTE = "# （{key} 含保密内容，没有写进备份，请重新填写）"


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str | None:
    """The TOML `text` with lines that hold a secret replaced by a remark; None when one cannot be told apart.

    `secrets`: values that must not occur in any form, from wherever they were read.
    """
    kept = []
    for line in text.splitlines():
        found = _ASSIGNMENT.match(line)
        key = found[1].lower() if found else ""
        kept.append(_NOTE.format(key=key) if key in SECRET_KEYS else line)
    told = "\n".join(kept) + "\n"
    try:
        table = tomllib.loads(told)
    except tomllib.TOMLDecodeError:
        return None  # a value over several lines, or a file that was broken before
    if _holds_secret_key(table) or any(secret and secret in told for secret in secrets):
        return None
    return told


def _holds_secret_key(table: Any) -> bool:
    if isinstance(table, Mapping):
        return any(key.lower() in SECRET_KEYS or _holds_secret_key(value) for key, value in table.items())
    return isinstance(table, list) and any(_holds_secret_key(each) for each in table)
