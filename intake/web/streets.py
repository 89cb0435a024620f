"""Which street a case is of, by the roster: names first, sender addresses where a name does not tell.

Peer: the caller's view of the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.roster import RosterUnit
from intake.casework.roster import RosterStanding, Sent, stand
from storage.unit_of_work import View


@dataclass(frozen=True, slots=True)
class StreetCases:
    """Of which names, and of which names from which addresses, the cases of a street are."""

    units: tuple[str, ...]
    senders: tuple[tuple[str, str], ...]


def streets_of(roster: Sequence[RosterUnit]) -> tuple[str, ...]:
    """The streets, in the order of the roster, each once."""
    return tuple(dict.fromkeys(unit.street for unit in roster if unit.street))


def cases_of_street(view: View, roster: Sequence[RosterUnit], street: str, *, campaign: str) -> StreetCases:
    """How the street's cases are told from others."""
    placed, rest = _place_names(view, roster, campaign)
    pairs = view.browsing.senders(campaign, rest) if rest else ()
    by_pair = _placed(stand(roster, (Sent(str(n), u, frozenset({a}), complete=True) for n, (u, a) in enumerate(pairs))))
    return StreetCases(
        tuple(name for name, place in placed.items() if roster[place].street == street),
        tuple(pair for n, pair in enumerate(pairs) if n in by_pair and roster[by_pair[n]].street == street),
    )


def _place_names(view: View, roster: Sequence[RosterUnit], campaign: str) -> tuple[dict[str, int], list[str]]:
    """Names that tell alone whose a case is, with its place in the roster; and the others."""
    names = view.browsing.units(campaign)
    found = _placed(stand(roster, (Sent(str(n), name, frozenset(), complete=True) for n, name in enumerate(names))))
    placed = {names[n]: place for n, place in found.items()}
    return placed, [name for name in names if name not in placed]


def _placed(standing: RosterStanding) -> dict[int, int]:
    return {int(number): place for place, unit in enumerate(standing.units) for number in unit.complete}
