"""Where settings are written: arguments, the environment, `.env`, `intake.toml`; read, merged, and found again.

Reads the working folder's two files and the process environment; whatever is
wrong with them comes back as problems, never with a secret's value.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource
from rapidfuzz import fuzz, process

from config.complaints import did_you_mean
from config.errors import Problem

PREFIX = "INTAKE_"
SETTINGS_FILE = "intake.toml"
SECRETS_FILE = ".env"
ARGUMENTS = "启动参数"
ENVIRONMENT = "环境变量"

_TYPO_SCORE = 80
"""How alike (0 to 100) a foreign variable of the environment must be to one of ours to be taken for a typo."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings written in one place."""

    place: str
    """As shown to people."""
    table: Mapping[str, Any]


def argument_layer(overrides: Mapping[str, Any]) -> Layer:
    """Arguments as a layer; "mailbox__port" reaches into a table."""
    nested: dict[str, Any] = {}
    for dotted, value in overrides.items():
        *tables, name = dotted.split("__")
        branch: dict[str, Any] = {name: value}
        for table in reversed(tables):
            branch = {table: branch}
        nested = _merge(nested, branch)
    return Layer(ARGUMENTS, nested)


def environment_layer(model: type[BaseSettings]) -> tuple[Layer, tuple[Problem, ...]]:
    """The process environment as a layer, and variables that look like a misspelt one of ours.

    Other programs may use the prefix too: a variable that resembles none of ours is left alone.
    """
    known = _variable_names(model)
    foreign = sorted(name for name in os.environ if name.startswith(PREFIX) and not name.startswith(known))
    heads = {name: name.partition("__")[0] for name in foreign}
    typos = tuple(
        Problem(ENVIRONMENT, name, None, "没有这一项", did_you_mean(head, known))
        for name, head in heads.items()
        if process.extractOne(head, known, scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE)
    )
    return Layer(ENVIRONMENT, EnvSettingsSource(model)()), typos


def dotenv_layer(model: type[BaseSettings], path: Path) -> tuple[Layer, tuple[Problem, ...]]:
    """The `.env` file at `path` as a layer, empty when there is none or when others may read it (a problem)."""
    if not path.is_file():
        return Layer(SECRETS_FILE, {}), ()
    # Windows keeps rights elsewhere: a user's own folder is closed to other users there.
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        problem = Problem(SECRETS_FILE, "", None, "别的用户也能打开这个文件，里面有授权码", f"请运行：chmod 600 {path}")
        return Layer(SECRETS_FILE, {}), (problem,)
    source = DotEnvSettingsSource(model, env_file=path, env_file_encoding="utf-8-sig")
    known = _variable_names(model)
    written = (name.upper() for name in source.env_vars)
    unknown = tuple(
        Problem(SECRETS_FILE, name, None, "没有这一项", did_you_mean(name, known))
        for name in written
        if name.startswith(PREFIX) and not name.startswith(known)
    )
    # Only what an environment source takes: DotEnvSettingsSource itself would add foreign names as extra keys.
    return Layer(SECRETS_FILE, EnvSettingsSource.__call__(source)), unknown


def merged(layers: Sequence[Layer]) -> dict[str, Any]:
    """All layers in one table; an earlier layer wins."""
    table: dict[str, Any] = {}
    for layer in reversed(layers):
        table = _merge(table, layer.table)
    return table


def placed(problem: Problem, layers: Sequence[Layer]) -> Problem:
    """`problem`, found in the merged table, with the place its key was written in; as it is when in the last layer."""
    path = [step.partition("[")[0] for step in problem.key.split(".") if step]
    for layer in layers[:-1]:
        value: Any = layer.table
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if path and value is not None:
            key = problem.key if layer.place == ARGUMENTS else PREFIX + "__".join(path).upper()
            return replace(problem, file=layer.place, key=key, line=None)
    return problem


def _variable_names(model: type[BaseSettings]) -> tuple[str, ...]:
    return tuple(f"{PREFIX}{name.upper()}" for name, field in model.model_fields.items() if not field.exclude)


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(below)
    for key, value in above.items():
        under = both.get(key)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            both[key] = _merge(under, value)
        else:
            both[key] = value
    return both
