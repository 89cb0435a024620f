"""Rows of cases: opening, joining letters, what came in, what was found, what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, delete, func, select, update

from storage import tables
from storage.dialects import insert_missing
from storage.errors import MissingRecordError
from storage.records import Json
from storage.records.casebook import (
    CaseLetter,
    CaseRecord,
    DecisionRecord,
    JudgementRecord,
    NewCase,
    NewDecision,
    NewJudgement,
    RevisionRecord,
)
from storage.rows.counters import next_value
from storage.rows.mapping import Rows, as_row, chunks
from storage.rows.orders import UNDONE

_cases = tables.cases
_revisions = tables.revisions
_judgements = tables.judgements
_decisions = tables.decisions


class CaseChange(TypedDict, total=False):
    """What may change on a case; what is left out stays."""

    title: str
    unit: str
    contact: str
    phone: str
    category: str | None
    level: str | None
    state: str
    verdict: str | None
    due_at: datetime | None
    closes_at: datetime | None


class CaseRows(Rows):
    """Cases, each number once and never again."""

    def next_number(self, prefix: str) -> int:
        """The next number under `prefix`: 1, 2, 3 … without gap, given back if this unit of work fails."""
        return next_value(self._connection, f"case:{prefix}")

    def open(self, case: NewCase) -> CaseRecord:
        """Record a new case, its sender as first address. Raises: ConflictError when the number is in use."""
        row = as_row(case)
        row |= {"sender_address": case.sender_address.lower(), "updated_at": case.opened_at}
        case_id = self._insert(_cases, row)
        self.add_addresses(case_id, [case.sender_address])
        return self._found(case_id)

    def get(self, case_id: int) -> CaseRecord | None:
        """The case, None when unknown."""
        return self._first(CaseRecord, select(_cases).where(_cases.c.id == case_id))

    def by_number(self, number: str) -> CaseRecord | None:
        """The case with this 登记编号, or that had it before it was given another; None when unknown."""
        former = select(tables.former_numbers.c.case_id).where(tables.former_numbers.c.number == number)
        return self._first(CaseRecord, select(_cases).where(_cases.c.number == number)) or self._first(
            CaseRecord, select(_cases).where(_cases.c.id.in_(former))
        )

    def for_address(self, address: str, *, campaign: str | None = None) -> tuple[CaseRecord, ...]:
        """Cases this address belongs to, oldest first; empty when none. Those that went into another are left out."""
        mine = select(tables.case_addresses.c.case_id).where(tables.case_addresses.c.address == address.lower())
        gone = select(tables.merged_cases.c.case_id)
        return self._matching(_cases.c.id.in_(mine), _cases.c.id.not_in(gone), *_of(campaign))

    def of_letter(self, letter_sha256: str) -> tuple[CaseRecord, ...]:
        """Cases a letter is joined to, oldest first; empty when none."""
        mine = select(tables.case_letters.c.case_id).where(tables.case_letters.c.letter_sha256 == letter_sha256)
        return self._matching(_cases.c.id.in_(mine))

    def with_content(self, content_key: str, *, campaign: str | None = None) -> tuple[CaseRecord, ...]:
        """Cases one of whose revisions has this content, oldest first; empty when none."""
        mine = select(_revisions.c.case_id).where(_revisions.c.content_key == content_key)
        return self._matching(_cases.c.id.in_(mine), *_of(campaign))

    def list(
        self,
        *,
        campaign: str | None = None,
        state: str | None = None,
        verdict: str | None = None,
        test: bool | None = None,
        limit: int | None = None,
    ) -> tuple[CaseRecord, ...]:
        """Cases that match all that is given, oldest first; empty when none."""
        conditions = list(_of(campaign))
        if state is not None:
            conditions.append(_cases.c.state == state)
        if verdict is not None:
            conditions.append(_cases.c.verdict == verdict)
        if test is not None:
            conditions.append(_cases.c.test == test)
        return self._matching(*conditions, limit=limit)

    def due(self, now: datetime, *, states: Collection[str]) -> tuple[CaseRecord, ...]:
        """Cases in one of `states` whose `due_at` has come, longest due first; empty when none."""
        return self._all(
            CaseRecord,
            select(_cases)
            .where(_cases.c.state.in_(states), _cases.c.due_at <= now)
            .order_by(_cases.c.due_at, _cases.c.id),
        )

    def change(self, case_id: int, *, at: datetime, **change: Unpack[CaseChange]) -> CaseRecord:
        """Change the named fields; return the case as it is now. Raises: MissingRecordError."""
        self._connection.execute(update(_cases).where(_cases.c.id == case_id).values(**change, updated_at=at))
        return self._found(case_id)

    def renumber(self, case_id: int, *, campaign: str, number: str, at: datetime) -> CaseRecord:
        """Let the case belong to another campaign, under another number; return it as it is now.

        Raises: ConflictError when the number is in use; MissingRecordError.
        """
        moved = update(_cases).where(_cases.c.id == case_id)
        self._connection.execute(moved.values(campaign=campaign, number=number, updated_at=at))
        return self._found(case_id)

    def add_addresses(self, case_id: int, addresses: Iterable[str]) -> None:
        """Let letters from `addresses` be taken for this case's, too. Known ones are left alone."""
        rows = [{"case_id": case_id, "address": address.lower()} for address in addresses]
        insert_missing(self._connection, tables.case_addresses, rows)

    def drop_addresses(self, case_id: int, addresses: Iterable[str]) -> None:
        """Let letters from `addresses` no longer be taken for this case's. Unknown ones are left alone."""
        table = tables.case_addresses
        gone = [address.lower() for address in addresses]
        self._connection.execute(delete(table).where(table.c.case_id == case_id, table.c.address.in_(gone)))

    def addresses(self, case_id: int) -> tuple[str, ...]:
        """The case's addresses, lower case, sorted."""
        table = tables.case_addresses
        chosen = select(table.c.address).where(table.c.case_id == case_id).order_by(table.c.address)
        return tuple(self._connection.execute(chosen).scalars())

    def join(
        self, case_id: int, letter_sha256: str, *, joined_by: str, at: datetime, leads: Sequence[str] = ()
    ) -> None:
        """Record that a letter, or the part of it around its documents `leads`, belongs to a case and why.

        Joined once, it stays as it was.
        """
        row = {
            "case_id": case_id,
            "letter_sha256": letter_sha256,
            "joined_by": joined_by,
            "leads": list(leads),
            "at": at,
        }
        insert_missing(self._connection, tables.case_letters, [row])
        first = (tables.letters.c.sha256 == letter_sha256, tables.letters.c.case_id.is_(None))
        self._connection.execute(update(tables.letters).where(*first).values(case_id=case_id))

    def letters(self, case_id: int) -> tuple[CaseLetter, ...]:
        """The case's letters in the order they were joined."""
        table = tables.case_letters
        chosen = select(table).where(table.c.case_id == case_id).order_by(table.c.at, table.c.letter_sha256)
        return self._all(CaseLetter, chosen)

    def letters_of(self, case_ids: Iterable[int]) -> dict[int, tuple[CaseLetter, ...]]:
        """By case, what `letters` tells of it; cases without letters are left out."""
        table = tables.case_letters
        found: dict[int, tuple[CaseLetter, ...]] = {}
        for some in chunks(dict.fromkeys(case_ids)):
            chosen = select(table).where(table.c.case_id.in_(some)).order_by(table.c.at, table.c.letter_sha256)
            for joined in self._all(CaseLetter, chosen):
                found[joined.case_id] = (*found.get(joined.case_id, ()), joined)
        return found

    def joined_to(self, letter_sha256: str) -> tuple[CaseLetter, ...]:
        """How a letter is joined to its cases, oldest case first; empty when to none."""
        table = tables.case_letters
        chosen = select(table).where(table.c.letter_sha256 == letter_sha256).order_by(table.c.case_id)
        return self._all(CaseLetter, chosen)

    def hand_letters(self, case_id: int, letters: Sequence[str], *, to_id: int, joined_by: str, at: datetime) -> None:
        """Let `letters` (SHA-256) of a case belong to another instead; those that already do stay as they are there."""
        table = tables.case_letters
        mine = (table.c.case_id == case_id, table.c.letter_sha256.in_(letters))
        found = self._all(CaseLetter, select(table).where(*mine))
        self._connection.execute(delete(table).where(*mine))
        for each in found:
            self.join(to_id, each.letter_sha256, joined_by=joined_by, at=at, leads=each.leads)
        first = (tables.letters.c.sha256.in_(letters), tables.letters.c.case_id == case_id)
        self._connection.execute(update(tables.letters).where(*first).values(case_id=to_id))

    def add_revision(
        self, case_id: int, *, received_at: datetime | None, content_key: str, summary: Json, at: datetime
    ) -> RevisionRecord:
        """Record the next revision and make it the current one. Raises: MissingRecordError."""
        self._found(case_id)
        last = select(func.max(_revisions.c.ordinal)).where(_revisions.c.case_id == case_id)
        row = {
            "case_id": case_id,
            "ordinal": self._count(last) + 1,
            "received_at": received_at,
            "content_key": content_key,
            "summary": summary,
            "at": at,
        }
        revision_id = self._insert(_revisions, row)
        self._connection.execute(
            update(_cases).where(_cases.c.id == case_id).values(current_revision_id=revision_id, updated_at=at)
        )
        return self._all(RevisionRecord, select(_revisions).where(_revisions.c.id == revision_id))[0]

    def revisions(self, case_id: int) -> tuple[RevisionRecord, ...]:
        """The case's revisions, first to last; empty when none."""
        return self._all(
            RevisionRecord, select(_revisions).where(_revisions.c.case_id == case_id).order_by(_revisions.c.ordinal)
        )

    def know_revision_by(self, revision_id: int, *, content_key: str, summary: Json) -> None:
        """Give a revision the key and summary that its files have now that they were read anew."""
        mine = update(_revisions).where(_revisions.c.id == revision_id)
        self._connection.execute(mine.values(content_key=content_key, summary=summary))

    def let_stand(self, case_id: int, revision_id: int) -> None:
        """Make a revision on record the one that stands."""
        stands = update(_cases).where(_cases.c.id == case_id).values(current_revision_id=revision_id)
        self._connection.execute(stands)

    def put_sketch(self, case_id: int, values: Iterable[int]) -> None:
        """Keep the sketch of the case's current text in place of the earlier one."""
        table = tables.sketch_values
        self._connection.execute(delete(table).where(table.c.case_id == case_id))
        insert_missing(self._connection, table, [{"case_id": case_id, "value": value} for value in set(values)])

    def sharing_sketch(
        self, values: Iterable[int], *, campaign: str, at_least: int, beside: int
    ) -> tuple[CaseRecord, ...]:
        """Other cases of the campaign whose sketch shares `at_least` of `values` with case `beside`, oldest first."""
        table = tables.sketch_values
        wanted = tuple(set(values))
        alike = (
            select(table.c.case_id)
            .where(table.c.value.in_(wanted), table.c.case_id != beside)
            .group_by(table.c.case_id)
            .having(func.count() >= at_least)
        )
        return self._matching(_cases.c.id.in_(alike), *_of(campaign)) if wanted else ()

    def add_judgement(self, judgement: NewJudgement) -> JudgementRecord:
        """Record a judgement beside the earlier ones."""
        row = as_row(judgement)
        row |= {name: list(row[name]) for name in ("findings", "settled", "waived")}
        new_id = self._insert(_judgements, row)
        return self._all(JudgementRecord, select(_judgements).where(_judgements.c.id == new_id))[0]

    def judgements(self, revision_id: int) -> tuple[JudgementRecord, ...]:
        """The revision's judgements, oldest first; the last one stands. Empty when none."""
        chosen = select(_judgements).where(_judgements.c.revision_id == revision_id).order_by(_judgements.c.id)
        return self._all(JudgementRecord, chosen)

    def last_judgement(self, case_id: int) -> JudgementRecord | None:
        """The latest judgement on any of the case's revisions; None before the first."""
        mine = select(_revisions.c.id).where(_revisions.c.case_id == case_id)
        chosen = (
            select(_judgements).where(_judgements.c.revision_id.in_(mine)).order_by(_judgements.c.id.desc()).limit(1)
        )
        return self._first(JudgementRecord, chosen)

    def count_judged_otherwise(self, campaign: str, *, rules_hash: str) -> int:
        """Cases of the campaign whose latest judgement went by other rules than `rules_hash`."""
        latest = (
            select(func.max(_judgements.c.id))
            .select_from(_judgements.join(_revisions, _revisions.c.id == _judgements.c.revision_id))
            .join(_cases, _cases.c.id == _revisions.c.case_id)
            .where(_cases.c.campaign == campaign)
            .group_by(_cases.c.id)
        )
        stale = select(func.count()).where(_judgements.c.id.in_(latest), _judgements.c.rules_hash != rules_hash)
        return self._count(stale)

    def add_decision(self, decision: NewDecision) -> DecisionRecord:
        """Record what an organizer decided."""
        new_id = self._insert(_decisions, as_row(decision))
        return self._all(DecisionRecord, select(_decisions).where(_decisions.c.id == new_id))[0]

    def decisions(self, case_id: int) -> tuple[DecisionRecord, ...]:
        """The case's decisions that stand, oldest first; empty when none. Those taken back are left out."""
        orders, made = tables.orders, tables.order_cases
        undone = (
            select(made.c.decision_id)
            .join(orders, orders.c.id == made.c.order_id)
            .where(made.c.case_id == case_id, made.c.decision_id.is_not(None), orders.c.state == UNDONE)
        )
        mine = select(_decisions).where(_decisions.c.case_id == case_id, _decisions.c.id.not_in(undone))
        return self._all(DecisionRecord, mine.order_by(_decisions.c.id))

    def _found(self, case_id: int) -> CaseRecord:
        case = self.get(case_id)
        if case is None:
            raise MissingRecordError(f"no case {case_id}")
        return case

    def _matching(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[CaseRecord, ...]:
        return self._all(CaseRecord, select(_cases).where(*conditions).order_by(_cases.c.id).limit(limit))


def _of(campaign: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if campaign is None else (_cases.c.campaign == campaign,)
