"""From a campaign's raw rule tables to checks, with every problem named at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from config.campaign import RuleTable
from config.complaints import complaints, did_you_mean
from config.errors import ConfigError, Problem
from config.toml_file import nearest_line
from intake.checks.category import Category
from intake.checks.deadline import Deadline
from intake.checks.level import Level
from intake.checks.rule import Rule


def build_checks(rules: Iterable[RuleTable], *, grace_minutes: int = 0) -> tuple[Rule, ...]:
    """The checks of a campaign, in the order of its file.

    `grace_minutes` is the campaign's own; a deadline rule may name another.
    Raises: ConfigError with every problem of every table: file, key, line, what to write instead.
    """
    from intake.checks import CHECKS  # the door imports this module

    by_name = {check.name: check for check in CHECKS}
    problems: list[Problem] = []
    checks: list[tuple[RuleTable, Rule]] = []
    for table in rules:
        check = by_name.get(table.check)
        if check is None:
            problem = f"没有名为“{table.check[:40]}”的规则种类"
            key = f"{table.key}.check"
            advice = did_you_mean(table.check, tuple(by_name))
            problems.append(Problem(table.file, key, nearest_line(key, table.lines), problem, advice))
            continue
        preset = {"grace_minutes": grace_minutes} if check is Deadline else {}
        try:
            checks.append((table, check.model_validate(preset | dict(table.table))))
        except ValidationError as error:
            problems += complaints(error, check, file=table.file, prefix=table.key, lines=table.lines)
    problems += _unknown_names(checks)
    if problems:
        raise ConfigError(sorted(problems, key=lambda problem: problem.line or 0))
    return tuple(check for _, check in checks)


def _unknown_names(checks: Sequence[tuple[RuleTable, Rule]]) -> Iterable[Problem]:
    """Categories and levels a condition names that no choice of the campaign offers."""
    offered: dict[str, list[str]] = {"category": [], "level": []}
    for _, check in checks:
        if isinstance(check, Category):
            offered["category"] += (*check.choices, *check.also_accepted)
        if isinstance(check, Level):
            offered["level"] += check.choices
    for table, check in checks:
        named = {
            "scope.category": check.scope.category,
            "when.category": check.when.category,
            "when.level": check.when.level,
        }
        for place, names in named.items():
            kind = place.rpartition(".")[2]
            for name in names:
                if name not in offered[kind]:
                    key = f"{table.key}.{place}"
                    advice = did_you_mean(name, offered[kind]) or f'请先用 check = "{kind}" 列出各类'
                    problem = f"活动里没有“{name[:40]}”"
                    yield Problem(table.file, key, nearest_line(key, table.lines), problem, advice)
