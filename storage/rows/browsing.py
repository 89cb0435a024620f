"""Rows as pages show them: some of many, by what people search for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from storage import tables
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.records.mailbox import SightingRecord
from storage.rows.mapping import Rows

_cases = tables.cases
_letters = tables.letters
_sightings = tables.sightings


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSearch:
    """Which cases; what is empty does not matter."""

    campaign: str = ""
    state: str = ""
    category: str = ""
    units: tuple[str, ...] | None = None
    """Names of units as cases have them; the case is of one of these, or of `senders`. None: does not matter."""
    senders: tuple[tuple[str, str], ...] = ()
    """Units and sender addresses, for names that alone do not tell whose a case is."""
    text: str = ""
    """Part of number, title, unit, contact or an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSearch:
    """Which letters; what is empty does not matter."""

    outcome: str = ""
    ignored: str = ""
    text: str = ""
    """Part of subject or sender, or the beginning of the letter's hash."""


class BrowsingRows(Rows):
    """Some of many, newest first."""

    def cases(self, search: CaseSearch, *, limit: int, offset: int = 0) -> tuple[CaseRecord, ...]:
        """Matching cases, the last opened first; empty when none."""
        chosen = select(_cases).where(*_case_conditions(search)).order_by(_cases.c.id.desc())
        return self._all(CaseRecord, chosen.limit(limit).offset(offset))

    def count_cases(self, search: CaseSearch) -> dict[str, int]:
        """How many cases match, per state; a state that does not occur has no entry."""
        chosen = select(_cases.c.state, func.count()).where(*_case_conditions(search)).group_by(_cases.c.state)
        return dict(Counter({str(state): int(count) for state, count in self._connection.execute(chosen)}))

    def units(self, campaign: str) -> tuple[str, ...]:
        """Units as the campaign's cases name them (of all, when it is empty), each once, sorted; "" among them."""
        mine = () if not campaign else (_cases.c.campaign == campaign,)
        return tuple(
            self._connection.execute(select(_cases.c.unit).where(*mine).distinct().order_by(_cases.c.unit)).scalars()
        )

    def senders(self, campaign: str, units: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Unit and sender address of the campaign's cases (of all, when it is empty) of these units; each pair once."""
        mine = () if not campaign else (_cases.c.campaign == campaign,)
        chosen = select(_cases.c.unit, _cases.c.sender_address).where(*mine, _cases.c.unit.in_(units)).distinct()
        return tuple((str(unit), str(address)) for unit, address in self._connection.execute(chosen))

    def newest_change(self) -> tuple[int, datetime | None]:
        """How many cases there are, and when one was last changed; None without cases."""
        count, at = self._connection.execute(select(func.count(), func.max(_cases.c.updated_at))).one()
        return int(count), at

    def stamp(self) -> tuple[object, ...]:
        """What differs after any change to a case or to who it belongs to: as long as it is the same, so are counts."""
        made = select(func.count(), func.max(_cases.c.updated_at)).select_from(_cases)
        judged = select(func.max(tables.judgements.c.id))
        belongs = select(func.count()).select_from(tables.case_addresses)
        return tuple(value for chosen in (made, judged, belongs) for value in self._connection.execute(chosen).one())

    def letters(self, search: LetterSearch, *, limit: int, offset: int = 0) -> tuple[LetterRecord, ...]:
        """Matching letters, the last received first; empty when none."""
        order = (_letters.c.received_at.desc(), _letters.c.sha256.desc())
        # Skipping rows over keys alone: rows themselves are long.
        keys = select(_letters.c.sha256).where(*_letter_conditions(search)).order_by(*order)
        page = keys.limit(limit).offset(offset)
        return self._all(LetterRecord, select(_letters).where(_letters.c.sha256.in_(page)).order_by(*order))

    def count_letters(self, search: LetterSearch) -> int:
        """How many letters match."""
        return self._count(select(func.count()).select_from(_letters).where(*_letter_conditions(search)))

    def never_stored(self, *, limit: int) -> tuple[SightingRecord, ...]:
        """Letters a folder showed that never became ours: too large, not handed out, or gone first; the last seen first.

        Left out are those of before the service's first day, which nobody wants.
        """
        missed = _sightings.c.outcome.in_(("oversize", "body_unavailable", "gone_before_fetch"))
        return self._all(SightingRecord, select(_sightings).where(missed).order_by(_sightings.c.id.desc()).limit(limit))

    def categories(self, campaign: str) -> tuple[str, ...]:
        """Categories of the campaign's cases, sorted, once each."""
        mine = (_cases.c.category.is_not(None), *(() if not campaign else (_cases.c.campaign == campaign,)))
        return tuple(
            self._connection.execute(
                select(_cases.c.category).where(*mine).distinct().order_by(_cases.c.category)
            ).scalars()
        )


def _case_conditions(search: CaseSearch) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.campaign:
        conditions.append(_cases.c.campaign == search.campaign)
    if search.state:
        conditions.append(_cases.c.state == search.state)
    if search.category:
        conditions.append(_cases.c.category == search.category)
    if search.units is not None:
        pair = tuple_(_cases.c.unit, _cases.c.sender_address)
        conditions.append(or_(_cases.c.unit.in_(search.units), pair.in_(search.senders)))
    if search.text:
        addresses = select(tables.case_addresses.c.case_id).where(
            tables.case_addresses.c.address.contains(search.text.lower(), autoescape=True)
        )
        columns = (_cases.c.number, _cases.c.title, _cases.c.unit, _cases.c.contact)
        conditions.append(
            or_(*(each.icontains(search.text, autoescape=True) for each in columns), _cases.c.id.in_(addresses))
        )
    return conditions


def _letter_conditions(search: LetterSearch) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.outcome:
        conditions.append(_letters.c.outcome == search.outcome)
    if search.ignored:
        conditions.append(_letters.c.ignored == search.ignored)
    if search.text:
        columns = (_letters.c.subject, _letters.c.from_address, _letters.c.from_name)
        begins = _letters.c.sha256.startswith(search.text.lower(), autoescape=True)
        conditions.append(or_(*(each.icontains(search.text, autoescape=True) for each in columns), begins))
    return conditions
