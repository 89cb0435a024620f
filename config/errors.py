"""What can be wrong in what an organizer edits, drawn as a tree.

    ConfigError          every problem found, all at once; each is a `Problem`

A `Problem` names file, key and line, says what is wrong and what to write instead.
No value of a secret ever stands in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a settings or campaign file."""

    file: str
    """The file's name as the organizer knows it, or the environment variable's place (环境变量)."""
    key: str
    """Dotted path of the key ("campaign.closes_at", "rule[2].max", rules counted from 1); empty for the whole file."""
    line: int | None
    """1-based; None when the key stands in no file."""
    problem: str
    """What is wrong, one Chinese clause without full stop."""
    advice: str = ""
    """What to write instead, one Chinese clause without full stop; may be empty."""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file} 第{self.line}行"
        key = f" {self.key}" if self.key else ""
        advice = f"。{self.advice}" if self.advice else ""
        return f"{place}{key}：{self.problem}{advice}"


class ConfigError(Exception):
    """Settings or campaign files cannot be used. Lists every problem, one a line. Exit status 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"配置有 1 处需要修改：{self.problems[0]}"
        lines = (f"{number}. {problem}" for number, problem in enumerate(self.problems, 1))
        return "\n".join((f"配置有 {len(self.problems)} 处需要修改：", *lines))
