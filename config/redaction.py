"""Settings without their secrets, for copies that leave the machine, and texts without them. Pure."""

from __future__ import annotations

import base64
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, SecretStr

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


def secrets_in(table: BaseModel) -> Iterator[str]:
    """Every secret in these settings, tables inside them included; also the password inside a database's address."""
    for name in type(table).model_fields:
        value = getattr(table, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from secrets_in(value)
        elif name == "database_url" and value:
            yield value
            yield urlsplit(value).password or ""


def forms_of(secrets: Iterable[str]) -> tuple[str, ...]:
    """The secrets and what they turn into on the way to a server (RFC 4616, RFC 3986), longest first; none is empty."""
    forms = set()
    for secret in secrets:
        raw = secret.encode()
        forms |= {secret, quote(secret, safe=""), base64.b64encode(raw).decode()}
    return tuple(sorted(filter(None, forms), key=len, reverse=True))


def _holds_secret_key(table: Any) -> bool:
    if isinstance(table, Mapping):
        return any(key.lower() in SECRET_KEYS or _holds_secret_key(value) for key, value in table.items())
    return isinstance(table, list) and any(_holds_secret_key(each) for each in table)
