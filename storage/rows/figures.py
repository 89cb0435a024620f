"""Counts over all rows, for status and digest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import repeat
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, case, extract, func, literal, select

from storage import tables
from storage.records.mailbox import FolderCount
from storage.rows.mapping import Rows
from storage.rows.sightings import FolderRows

_letters = tables.letters
_cases = tables.cases
_sightings = tables.sightings
_QUARTER_SECONDS = 900


@dataclass(frozen=True, slots=True)
class UnitOfCase:
    """Whose a case is, and how it stands."""

    id: int
    number: str
    unit: str
    state: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as far as it is counted."""

    id: int
    campaign: str
    test: bool
    number: str
    unit: str
    category: str | None
    state: str
    opened_seconds: int
    """When it was opened, Unix time, cut to quarters of an hour."""


class FigureRows(Rows):
    """Counts; a word that does not occur has no entry."""

    def letters_by_outcome(self) -> dict[str, int]:
        """Letters per outcome."""
        return self._per(_letters.c.outcome)

    def letters_between(self, first_at: datetime, before_at: datetime) -> int:
        """Letters received from `first_at` on and before `before_at`."""
        received = _letters.c.received_at
        return self._count(select(func.count()).select_from(_letters).where(received >= first_at, received < before_at))

    def cases_by_category(self, campaign: str, *, test: bool | None = None) -> dict[tuple[str | None, str], int]:
        """Cases of a campaign per category (None: none is known) and state."""
        pair = (_cases.c.category, _cases.c.state)
        chosen = select(*pair, func.count()).where(*_of(campaign, test=test)).group_by(*pair).order_by(*pair)
        return {(category, state): count for category, state, count in self._connection.execute(chosen)}

    def cases_opened(self, campaign: str, *, since_at: datetime, test: bool | None = None) -> tuple[datetime, ...]:
        """When each case of a campaign was opened, from `since_at` on, to the quarter of an hour begun."""
        return self._quarters(
            select(_cases.c.opened_at.label("at")).where(*_of(campaign, test=test), _cases.c.opened_at >= since_at)
        )

    def cases_accepted(self, campaign: str, *, since_at: datetime, test: bool | None = None) -> tuple[datetime, ...]:
        """When each complete case of a campaign was last judged, from `since_at` on, to the quarter of an hour begun."""
        revisions, judgements = tables.revisions, tables.judgements
        joined = _cases.join(revisions, revisions.c.case_id == _cases.c.id).join(
            judgements, judgements.c.revision_id == revisions.c.id
        )
        last_at = func.max(judgements.c.at)
        accepted = (*_of(campaign, test=test), _cases.c.state == "accepted")
        chosen = select(last_at.label("at")).select_from(joined).where(*accepted).group_by(_cases.c.id)
        return self._quarters(chosen.having(last_at >= since_at))

    def _quarters(self, times: Select[Any]) -> tuple[datetime, ...]:
        """The column `at` of a selection, ascending, cut to quarters of an hour, on which days begin in every zone.

        The database counts them: thousands of single times cost more to hand over than to count.
        """
        begun = _quarter(times.subquery().c.at).label("begun")
        counted = self._connection.execute(select(begun, func.count()).group_by(begun).order_by(begun)).all()
        return tuple(
            at
            for begun_seconds, count in counted
            for at in repeat(datetime.fromtimestamp(int(begun_seconds), UTC), count)
        )

    def units(self, campaign: str, *, test: bool | None = None) -> tuple[UnitOfCase, ...]:
        """Each case of a campaign as far as it tells who has sent, oldest first."""
        columns = (_cases.c[name] for name in UnitOfCase.__slots__)
        chosen = select(*columns).where(*_of(campaign, test=test)).order_by(_cases.c.id)
        return tuple(UnitOfCase(*row) for row in self._connection.execute(chosen).all())

    def lines(self, *, changed_since_at: datetime | None = None) -> tuple[CaseLine, ...]:
        """Cases of all campaigns as far as they are counted, oldest first; with a time those changed from it on."""
        changed = () if changed_since_at is None else (_cases.c.updated_at >= changed_since_at,)
        columns = [_cases.c[name] for name in CaseLine.__slots__ if name in _cases.c]
        chosen = select(*columns, _quarter(_cases.c.opened_at)).where(*changed).order_by(_cases.c.id)
        found = self._connection.execute(chosen).all()
        return tuple(CaseLine(*row[:7], opened_seconds=int(row[7])) for row in found)

    def cases_by_state(self, campaign: str, *, test: bool | None = None) -> dict[str, int]:
        """Cases of a campaign per state."""
        return self._per(_cases.c.state, *_of(campaign, test=test))

    def folders(self, *, outcomes: bool = True) -> tuple[FolderCount, ...]:
        """Per folder and UIDVALIDITY what the completeness equation needs, by account, folder, UIDVALIDITY.

        `outcomes`: with False it is not asked what became of the letters, which costs three times as much as the rest;
        `outcomes` is empty and `uncollected` 0 then.
        """
        current = {(f.account, f.folder): f for f in FolderRows(self._connection).all()}
        keys = (_sightings.c.account, _sightings.c.folder, _sightings.c.uidvalidity)
        live = case((_sightings.c.gone_at.is_(None), True), else_=False)
        aged = tables.out_of_window.c.sighting_id
        seen = _sightings.outerjoin(tables.out_of_window, aged == _sightings.c.id)
        became: ColumnElement[str | None] = literal("")
        if outcomes:
            became = func.coalesce(_letters.c.outcome, _sightings.c.outcome)
            seen = seen.outerjoin(_letters, _letters.c.sha256 == _sightings.c.letter_sha256)
        counted = (
            select(*keys, func.max(_sightings.c.folder_role), live, became, func.count(), func.count(aged))
            .select_from(seen)
            .group_by(*keys, live, *((became,) if outcomes else ()))
        )
        places: dict[tuple[str, str, int], list[tuple[str, bool, str | None, int, int]]] = {
            (f.account, f.folder, f.uidvalidity): [] for f in current.values()
        }
        for account, folder, uidvalidity, *rest in self._connection.execute(counted):
            places.setdefault((account, folder, uidvalidity), []).append(tuple(rest))
        found = (_folder_count(place, places[place], current.get(place[:2])) for place in sorted(places))
        return tuple(each if outcomes else replace(each, outcomes={}) for each in found)

    def _per(self, column: Column[Any], *conditions: Any) -> dict[Any, int]:
        counted = select(column, func.count()).where(*conditions).group_by(column).order_by(column)
        return dict(self._connection.execute(counted).all())


def _folder_count(
    place: tuple[str, str, int], groups: list[tuple[str, bool, str | None, int, int]], folder: Any
) -> FolderCount:
    is_current = folder is not None and folder.uidvalidity == place[2]
    outcomes: Counter[str] = Counter()
    for _role, _live, became, number, _aged in groups:
        if became is not None:
            outcomes[became] += number
    return FolderCount(
        account=place[0],
        folder=place[1],
        role=folder.role if folder is not None else groups[0][0],
        uidvalidity=place[2],
        current=is_current,
        state=folder.state if is_current else "retired",
        messages=folder.messages if is_current else 0,
        looked_at=folder.looked_at if is_current else None,
        live=sum(number for _, is_live, _, number, _ in groups if is_live),
        gone=sum(number for _, is_live, _, number, _ in groups if not is_live),
        out_of_window=sum(aged for *_, aged in groups),
        uncollected=sum(number for _, is_live, became, number, _ in groups if is_live and became is None),
        outcomes=dict(sorted(outcomes.items())),
    )


def _quarter(at: ColumnElement[datetime]) -> ColumnElement[Any]:
    """Unix time of the quarter of an hour `at` lies in. Days begin on quarters in every zone."""
    second = extract("epoch", at)
    return second - second % _QUARTER_SECONDS


def _of(campaign: str, *, test: bool | None) -> list[Any]:
    conditions = [_cases.c.campaign == campaign]
    if test is not None:
        conditions.append(_cases.c.test == test)
    return conditions
