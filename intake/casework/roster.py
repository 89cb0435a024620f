"""Which of the units expected have sent their cases, by address, name and alias. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from intake.casework.units import same_unit

Standing = Literal["sent", "incomplete", "missing", "not_expected"]
"""已报, 待完善, 未报; `not_expected`: nothing was asked of it and nothing came."""


class Expected(Protocol):
    """A unit of the roster, as far as matching goes."""

    @property
    def street(self) -> str: ...  # noqa: D102 - see `config.roster.RosterUnit`
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def aliases(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def addresses(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def quota(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Sent:
    """A case, as far as matching goes."""

    number: str
    unit: str
    addresses: frozenset[str]
    """Lower case."""
    complete: bool


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How far one unit is."""

    unit: Expected
    standing: Standing
    complete: tuple[str, ...]
    """Numbers of its complete cases, in the order given."""
    incomplete: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterStanding:
    """How far all are."""

    units: tuple[UnitStanding, ...]
    """In the order of the roster."""
    unmatched: tuple[str, ...]
    """Numbers of cases of no unit of the roster, in the order given."""


def stand(roster: Sequence[Expected], cases: Iterable[Sent]) -> RosterStanding:
    """How far each unit is. A case counts once for a unit: for the one of its address, else for the one it names.

    A name that fits several units (阳光社区 in two streets) decides only with the street in it.
    """
    complete: dict[int, dict[str, None]] = {}
    incomplete: dict[int, dict[str, None]] = {}
    unmatched: dict[str, None] = {}
    find = _Finder(roster)
    for case in cases:  # two cases that became one have one number, which is kept once
        place = find.place(case)
        if place is None:
            unmatched[case.number] = None
        else:
            (complete if case.complete else incomplete).setdefault(place, {})[case.number] = None
    units = tuple(
        UnitStanding(
            unit,
            _standing(unit.quota, len(complete.get(place, ())), len(incomplete.get(place, ()))),
            tuple(complete.get(place, ())),
            tuple(incomplete.get(place, ())),
        )
        for place, unit in enumerate(roster)
    )
    return RosterStanding(units, tuple(unmatched))


def _standing(quota: int, complete: int, incomplete: int) -> Standing:
    if complete >= max(quota, 1):
        return "sent"
    if complete or incomplete:
        return "incomplete"
    return "missing" if quota else "not_expected"


class _Finder:
    """Whose a case is; names and addresses come again and again, so what they fit is kept."""

    def __init__(self, roster: Sequence[Expected]) -> None:
        self._roster = roster
        self._named: dict[str, list[int]] = {}
        self._of_address: dict[str, list[int]] = {}
        self._placed: dict[tuple[str, frozenset[str]], int | None] = {}
        for place, unit in enumerate(roster):
            for address in unit.addresses:
                self._of_address.setdefault(address, []).append(place)

    def place(self, case: Sent) -> int | None:
        """The one unit a case is of; None when none or several fit."""
        key = (case.unit, case.addresses)
        if key not in self._placed:
            self._placed[key] = self._find(case)
        return self._placed[key]

    def _find(self, case: Sent) -> int | None:
        named = self._named_by(case.unit)
        addressed = sorted({place for address in case.addresses for place in self._of_address.get(address, ())})
        # A street may send for its communities: then the name in the case tells whose it is.
        for fitting in (
            [place for place in named if place in addressed],
            named if len(named) == 1 else [],
            addressed,
        ):
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _named_by(self, name: str) -> list[int]:
        if name not in self._named:
            self._named[name] = self._look_up(name) if name else []
        return self._named[name]

    def _look_up(self, name: str) -> list[int]:
        """The units a name may mean; of several the one whose street, or whose whole name, it holds."""
        roster = self._roster
        named = [place for place, unit in enumerate(roster) if _named(unit, name)]
        if len(named) > 1:
            named = [place for place in named if roster[place].street and _short(roster[place].street) in name] or named
            longest = max(len(roster[place].name) for place in named)
            whole = [place for place in named if roster[place].name in name and len(roster[place].name) == longest]
            named = whole if len(whole) == 1 else named
        return named


def _named(unit: Expected, name: str) -> bool:
    return any(same_unit(each, name) for each in (unit.name, *unit.aliases))


def _short(street: str) -> str:
    return street.removesuffix("办事处").removesuffix("街道").removesuffix("镇") or street
