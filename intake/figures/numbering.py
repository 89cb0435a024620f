"""Which registered numbers stand for no material, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intake.figures.ledger_matter import LedgerCase
from intake.figures.ledger_words import NOT_IN_USE


@dataclass(frozen=True, slots=True)
class UnusedNumbers:
    """One number, or several that follow each other, with the reason why nobody finds material under it."""

    first: str
    last: str
    count: int
    why: str


def unused_numbers(
    last_numbers: Sequence[tuple[str, int]], cases: Iterable[LedgerCase], *, skipped: str, trial: str
) -> tuple[UnusedNumbers, ...]:
    """Every number given out or skipped that is no live case's: by prefix, ascending; neighbours of one reason together.

    `skipped`, `trial`: why a number has no case, or only a trial's.
    """
    by_number = {case.number: case for case in cases}
    found: list[UnusedNumbers] = []
    for prefix, last in sorted(last_numbers):
        run: list[str] = []
        reason = ""
        for at in range(1, last + 1):
            number = f"{prefix}-{at:04d}"
            why = _why(number, by_number, skipped=skipped, trial=trial)
            if why != reason:
                found += _closed(run, reason)
                run, reason = [], why
            run.append(number)
        found += _closed(run, reason)
    return tuple(found)


def _why(number: str, by_number: Mapping[str, LedgerCase], *, skipped: str, trial: str) -> str:
    case = by_number.get(number)
    if case is None:
        return skipped
    return trial if case.test else NOT_IN_USE.get(case.state, "")


def _closed(run: list[str], why: str) -> list[UnusedNumbers]:
    return [UnusedNumbers(run[0], run[-1], len(run), why)] if run and why else []
