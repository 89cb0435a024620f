"""Who is expected to send, and how far they are: the roster against the cases.

Peers: the working folder's `roster.csv`, the caller's view of the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from config.errors import ConfigError
from config.roster import ROSTER_FILE, RosterUnit, load_roster
from intake.calls import Call
from intake.casework.roster import RosterStanding, Sent, UnitStanding, stand
from intake.casework.standing import MERGED, WITHDRAWN
from intake.figures.roster_report import RosterMatter, UnitLine
from storage.records.casebook import CaseRecord
from storage.rows.figures import CaseLine, UnitOfCase
from storage.unit_of_work import View

_UNITS_TURN = frozenset({"needs_fix", "waiting"})
"""States in which the unit has something to do; what a person still looks at has been sent."""


def roster_of(folder: Path) -> tuple[tuple[RosterUnit, ...], str]:
    """The roster of the working folder, and what is wrong with it in one sentence; both empty when there is none."""
    try:
        return load_roster(folder), ""
    except ConfigError as error:
        more = f"等{len(error.problems)}处" if len(error.problems) > 1 else ""
        return (
            (),
            f"{ROSTER_FILE} 没有读成，本次没有“谁没报”：{error.problems[0]}{more}。运行 intake doctor 可查看全部。",
        )


Case = CaseRecord | UnitOfCase | CaseLine
"""A case, as far as it tells who has sent."""


def rosters(
    view: View,
    cases: Mapping[str, Sequence[Case]],
    calls: Mapping[str, Call],
    roster: Sequence[RosterUnit],
    *,
    at: datetime,
    address: str,
) -> tuple[RosterMatter, ...]:
    """How far the units are with each campaign; empty without a roster.

    `cases` by campaign; `address`: where cases are sent to.
    """
    if not roster:
        return ()
    addresses = view.ledger.addresses(among={address for unit in roster for address in unit.addresses})
    found = []
    for campaign, call in calls.items():
        mine = cases.get(campaign, ())
        standing = stand(roster, _sent(view, mine, addresses))
        found.append(_matter(call, roster, mine, standing, at=at, address=address))
    return tuple(found)


def _sent(view: View, cases: Sequence[Case], addresses: Mapping[int, frozenset[str]]) -> Iterator[Sent]:
    by_id = {case.id: case for case in cases}
    for case in cases:
        stands = case
        if case.state == MERGED:
            # Community and street sent the same: both have sent, and the one case counts for both.
            stands = by_id.get(view.orders.merged_into(case.id) or case.id, case)
        if stands.state not in (MERGED, WITHDRAWN):
            own = addresses.get(case.id, frozenset())
            yield Sent(stands.number, case.unit, own, complete=stands.state not in _UNITS_TURN)


def _matter(
    call: Call,
    roster: Sequence[RosterUnit],
    cases: Sequence[Case],
    standing: RosterStanding,
    *,
    at: datetime,
    address: str,
) -> RosterMatter:
    contacts = {(unit.street, unit.name): unit.contact for unit in roster}
    standing_cases = [case for case in cases if case.state not in (MERGED, WITHDRAWN)]
    return RosterMatter(
        campaign=call.campaign.title,
        subject_tag=call.campaign.tag,
        written_at=at,
        zone=call.campaign.timezone,
        units=tuple(_line(each, contacts[each.unit.street, each.unit.name]) for each in standing.units),
        unmatched=standing.unmatched,
        closes_at=call.campaign.closes_at,
        address=address,
        cases=len(standing_cases),
        accepted=sum(1 for case in standing_cases if case.state == "accepted"),
    )


def _line(standing: UnitStanding, contact: str) -> UnitLine:
    unit = standing.unit
    return UnitLine(
        street=unit.street,
        name=unit.name,
        standing=standing.standing,
        complete=standing.complete,
        incomplete=standing.incomplete,
        quota=unit.quota,
        contact=contact,
    )
