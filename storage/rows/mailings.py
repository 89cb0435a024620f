"""What went to whom and when, read over many outgoing letters at once, never with their bytes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, union

from storage import tables
from storage.records.casebook import CaseRecord, JudgementRecord
from storage.records.correspondence import MailOfCase
from storage.rows.bounces import blocked_addresses
from storage.rows.mapping import Rows, chunks

_outgoing = tables.outgoing
_LEFT = ("sent", "unknown")
_ANSWERS_IN_ORDER = 2
"""Answers a letter may have: that a person looks at it, and what came of it."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """What came of our letters to one address."""

    last_at: datetime | None
    """When the latest one left or, while it has not left yet, was written; None without one."""
    is_undeliverable: bool
    """The server refused the latest one for good, or one came back."""


@dataclass(frozen=True, slots=True)
class MailLine:
    """A letter of ours as one line of a list, without its bytes."""

    id: int
    kind: str
    campaign: str | None
    to_address: str
    subject: str
    state: str
    last_error: str
    created_at: datetime
    next_at: datetime | None


class MailingRows(Rows):
    """Outgoing letters, looked at together."""

    def of_cases(self, campaign: str, *, state: str, cases: Collection[int] | None = None) -> tuple[MailOfCase, ...]:
        """The letters that name a case of `campaign` in `state`, trial cases left out; by case, oldest letter first.

        `cases`: ids of the only ones wanted, few.
        """
        table = tables.cases
        wanted = () if cases is None else (table.c.id.in_(cases),)
        return self._mails(table.c.campaign == campaign, table.c.state == state, table.c.test.is_(False), *wanted)

    def of_kind(self, campaign: str, kind: str, *, first_at: datetime, before_at: datetime) -> tuple[MailOfCase, ...]:
        """The letters of `kind` that left from `first_at` on and before `before_at`, once for each case they name."""
        return self._mails(
            tables.cases.c.campaign == campaign,
            _outgoing.c.kind == kind,
            _outgoing.c.sent_at >= first_at,
            _outgoing.c.sent_at < before_at,
        )

    def untold(
        self, campaign: str, *, states: Collection[str], kind: str, case_id: int | None = None
    ) -> tuple[tuple[CaseRecord, JudgementRecord], ...]:
        """The cases of `campaign` in one of `states`, oldest first, that no mail of `kind` named since their last judgement.

        With that judgement; those without one and trial cases are left out. `case_id`: only this case.
        """
        cases, judgements = tables.cases, tables.judgements
        mine = judgements.join(tables.revisions, tables.revisions.c.id == judgements.c.revision_id)
        of_case = tables.revisions.c.case_id
        latest = select(func.max(judgements.c.id).label("id"), of_case).select_from(mine).group_by(of_case).subquery()
        named = tables.outgoing_cases.join(_outgoing, _outgoing.c.id == tables.outgoing_cases.c.outgoing_id)
        told_case = tables.outgoing_cases.c.case_id
        told = select(told_case, func.max(_outgoing.c.created_at).label("at")).select_from(named)
        told_at = told.where(_outgoing.c.kind == kind).group_by(told_case).subquery()
        joined = (
            cases.join(latest, latest.c.case_id == cases.c.id)
            .join(judgements, judgements.c.id == latest.c.id)
            .outerjoin(told_at, told_at.c.case_id == cases.c.id)
        )
        wanted = [cases.c.campaign == campaign, cases.c.state.in_(states), cases.c.test.is_(False)]
        wanted.append(or_(told_at.c.at.is_(None), told_at.c.at < judgements.c.at))
        if case_id is not None:
            wanted.append(cases.c.id == case_id)
        ids = select(cases.c.id, judgements.c.id).select_from(joined).where(*wanted).order_by(cases.c.id)
        pairs = [(row[0], row[1]) for row in self._connection.execute(ids)]
        by_id: dict[int, CaseRecord] = {}
        last: dict[int, JudgementRecord] = {}
        for chunk in chunks(pairs):
            found = select(cases).where(cases.c.id.in_([case for case, _ in chunk]))
            by_id |= {each.id: each for each in self._all(CaseRecord, found)}
            made = select(judgements).where(judgements.c.id.in_([judgement for _, judgement in chunk]))
            last |= {each.id: each for each in self._all(JudgementRecord, made)}
        return tuple((by_id[case], last[judgement]) for case, judgement in pairs)

    def recipients(self, campaign: str, kinds: Collection[str]) -> tuple[str, ...]:
        """Addresses (lower case) that letters of these kinds about `campaign` went to or are about to, sorted."""
        address = func.lower(_outgoing.c.to_address)
        chosen = select(address).where(_outgoing.c.campaign == campaign, _outgoing.c.kind.in_(kinds))
        going = chosen.where(_outgoing.c.state.not_in(("cancelled", "failed"))).distinct().order_by(address)
        return tuple(self._connection.execute(going).scalars())

    def letters_to_all(self, campaign: str, kinds: Collection[str]) -> tuple[tuple[str, bytes], ...]:
        """Address (lower case) and bytes of every letter of these kinds about `campaign`; for kinds of which few are written."""
        chosen = select(func.lower(_outgoing.c.to_address), _outgoing.c.raw).where(
            _outgoing.c.campaign == campaign,
            _outgoing.c.kind.in_(kinds),
            _outgoing.c.state.not_in(("cancelled", "failed")),
        )
        return tuple((address, raw) for address, raw in self._connection.execute(chosen.order_by(_outgoing.c.id)))

    def addressees(self, address: str | None = None) -> dict[str, Addressee]:
        """What came of our letters to each address (lower case), or to `address` alone; digests left out."""
        columns = (_outgoing.c.to_address, _outgoing.c.state, _left_at().label("left_at"), _outgoing.c.created_at)
        chosen = select(*columns).where(_outgoing.c.kind != "digest", _outgoing.c.state.not_in(("held", "cancelled")))
        if address is not None:
            chosen = chosen.where(func.lower(_outgoing.c.to_address) == address.lower())
        found: dict[str, Addressee] = {}
        for to_address, state, left_at, created_at in self._connection.execute(chosen.order_by(_outgoing.c.id)):
            before = found.get(to_address.lower(), Addressee(None, is_undeliverable=False))
            if state == "failed":
                now = replace(before, is_undeliverable=True)
            else:
                last_at = max(filter(None, (before.last_at, left_at or created_at)))
                now = Addressee(last_at, is_undeliverable=before.is_undeliverable and state not in _LEFT)
            found[to_address.lower()] = now
        for (blocked,) in self._connection.execute(blocked_addresses()):
            if blocked in found:
                found[blocked] = replace(found[blocked], is_undeliverable=True)
        return found

    def written_to(self, campaigns: Collection[str], *, kinds: Collection[str], since_at: datetime) -> tuple[str, ...]:
        """To whom letters of these kinds about `campaigns` were written from `since_at` on, once for each letter."""
        mine = (_outgoing.c.campaign.in_(campaigns), _outgoing.c.kind.in_(kinds), _outgoing.c.created_at >= since_at)
        chosen = select(_outgoing.c.to_address).where(*mine)
        return tuple(self._connection.execute(chosen.order_by(_outgoing.c.id)).scalars())

    def answers_and_letters(
        self, campaigns: Collection[str], *, kinds: Collection[str], since_at: datetime
    ) -> tuple[int, int]:
        """How many letters of these kinds about `campaigns` were written after `since_at`, and how many called for them.

        Those are the ones taken in since, and the older ones told of since that have had one answer or two in all.
        Answers nobody will get (held, cancelled) count no more than those that were never written.
        """
        written = (  # campaign, kind and time are what the index knows: rows are long, their letters are in them
            _outgoing.c.campaign.in_(campaigns),
            _outgoing.c.kind.in_(kinds),
            _outgoing.c.created_at > since_at,
            _outgoing.c.state.not_in(("held", "cancelled")),
        )
        answers = self._count(select(func.count()).select_from(_outgoing).where(*written))
        letters, told = tables.letters, tables.outgoing_letters
        fresh = select(letters.c.sha256).where(letters.c.stored_at > since_at)
        lately = select(told.c.letter_sha256).join(_outgoing, _outgoing.c.id == told.c.outgoing_id).where(*written)
        seldom = (
            select(told.c.letter_sha256)
            .where(told.c.letter_sha256.in_(lately))
            .group_by(told.c.letter_sha256)
            .having(func.count() <= _ANSWERS_IN_ORDER)
        )
        return answers, self._count(select(func.count()).select_from(union(fresh, seldom).subquery()))

    def in_state(self, *states: str, limit: int | None = None, without: str = "") -> tuple[MailLine, ...]:
        """Letters of ours in these states, but for the kind `without`; oldest first, at most `limit`."""
        columns = (_outgoing.c[name] for name in MailLine.__slots__)
        chosen = select(*columns).where(_outgoing.c.state.in_(states), _outgoing.c.kind != without)
        return self._all(MailLine, chosen.order_by(_outgoing.c.id).limit(limit))

    def count_in_state(self, *states: str, without: str = "") -> int:
        """How many letters of ours are in these states, but for the kind `without`."""
        chosen = select(func.count()).select_from(_outgoing)
        return self._count(chosen.where(_outgoing.c.state.in_(states), _outgoing.c.kind != without))

    def answered(self, letters: Collection[str]) -> frozenset[str]:
        """Those of `letters` (SHA-256) that a letter of ours answers, in whatever state."""
        told = tables.outgoing_letters.c.letter_sha256
        return frozenset(
            sha256
            for some in chunks(letters)
            for sha256 in self._connection.execute(select(told).where(told.in_(some))).scalars()
        )

    def count_sent(self, *, since_at: datetime) -> int:
        """How many letters left, or may have left, after `since_at`."""
        return self._count(
            select(func.count()).select_from(_outgoing).where(_outgoing.c.state.in_(_LEFT), _left_at() > since_at)
        )

    def _mails(self, *conditions: Any) -> tuple[MailOfCase, ...]:
        named = tables.outgoing_cases
        columns = (
            named.c.case_id,
            named.c.outgoing_id,
            *(
                getattr(_outgoing.c, name)
                for name in ("kind", "to_address", "message_id", "state", "created_at", "sent_at")
            ),
        )
        joined = named.join(_outgoing, _outgoing.c.id == named.c.outgoing_id).join(
            tables.cases, tables.cases.c.id == named.c.case_id
        )
        chosen = select(*columns).select_from(joined).where(*conditions)
        return self._all(MailOfCase, chosen.order_by(named.c.case_id, named.c.outgoing_id))


def _left_at() -> Any:
    return func.coalesce(_outgoing.c.sent_at, _outgoing.c.handed_at)
