"""Taking personal data out of the records for good: tombstones stay, so that numbers and UIDs remain explained."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from storage import tables as t
from storage.rows.mapping import Rows

PURGED = "purged"
"""Outcome of a letter and state of a case of which only the tombstone is left."""

_BARE_ORDER: dict[str, Any] = {"why": "", "said": "", "terms": None, "before": None}
"""Who ordered what and when stays."""


class PurgeRows(Rows):
    """What may go, and its going. A tombstone keeps hash, times, number and verdict; of a letter also what it became."""

    def begin(self) -> None:
        """Have what is deleted in this unit of work overwritten in the file, not only let go of."""
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA secure_delete = ON")

    def cases(self, campaigns: Collection[str]) -> tuple[int, ...]:
        """Ids of the cases of `campaigns` that are not purged yet, ascending."""
        mine = (t.cases.c.campaign.in_(campaigns), t.cases.c.state != PURGED)
        return tuple(self._connection.execute(select(t.cases.c.id).where(*mine).order_by(t.cases.c.id)).scalars())

    def letters(self, campaigns: Collection[str], *, loose_before_at: datetime | None) -> tuple[str, ...]:
        """Hashes, sorted, of settled letters of `campaigns` alone, and of those of no campaign received before.

        One that also belongs to a case of another campaign stays, and one not settled yet.
        """
        kept = select(t.case_letters.c.letter_sha256).join(t.cases, t.cases.c.id == t.case_letters.c.case_id)
        kept = kept.where(t.cases.c.campaign.not_in(campaigns))
        in_case = select(t.case_letters.c.letter_sha256).join(t.cases, t.cases.c.id == t.case_letters.c.case_id)
        in_case = in_case.where(t.cases.c.campaign.in_(campaigns))
        chosen: ColumnElement[bool] = or_(t.letters.c.campaign.in_(campaigns), t.letters.c.sha256.in_(in_case))
        if loose_before_at is not None:
            loose = and_(t.letters.c.campaign.is_(None), t.letters.c.received_at < loose_before_at)
            chosen = or_(chosen, and_(loose, t.letters.c.case_id.is_(None)))
        found = select(t.letters.c.sha256).where(
            chosen, t.letters.c.outcome.not_in((PURGED, "collected")), t.letters.c.sha256.not_in(kept)
        )
        return tuple(self._connection.execute(found.order_by(t.letters.c.sha256)).scalars())

    def purged_letters(self) -> tuple[str, ...]:
        """Hashes of all tombstones of letters, sorted."""
        gone = select(t.letters.c.sha256).where(t.letters.c.outcome == PURGED)
        return tuple(self._connection.execute(gone.order_by(t.letters.c.sha256)).scalars())

    def purge_letter(self, sha256: str) -> None:
        """Leave hash, size, times and what it became; files, readings, sender, subject and our answers to it go."""
        mine = t.files.c.letter_sha256 == sha256
        elsewhere = select(t.files.c.sha256).where(t.files.c.letter_sha256 != sha256)
        only_here = select(t.files.c.sha256).where(mine, t.files.c.sha256.not_in(elsewhere))
        self._connection.execute(
            delete(t.readings).where(or_(t.readings.c.file_sha256.in_(only_here), t.readings.c.file_sha256 == sha256))
        )
        # Children first: rows point to the files that hold them.
        self._connection.execute(update(t.files).where(mine).values(parent_id=None))
        self._connection.execute(delete(t.files).where(mine))
        answers = select(t.outgoing_letters.c.outgoing_id).where(t.outgoing_letters.c.letter_sha256 == sha256)
        self._empty_mail(t.outgoing.c.id.in_(answers))
        for table in (t.authentications, t.bounces, t.deferrals):
            self._connection.execute(delete(table).where(table.c.letter_sha256 == sha256))
        # Why it was joined to a case may quote it, or an organizer.
        self._connection.execute(
            update(t.case_letters).where(t.case_letters.c.letter_sha256 == sha256).values(joined_by="")
        )
        row = t.letters.c.sha256 == sha256
        self._connection.execute(
            update(t.letters)
            .where(row)
            .values(
                reason=t.letters.c.outcome,
                outcome=PURGED,
                message_id=None,
                from_address=None,
                from_name="",
                subject="",
                traceback=None,
                evidence=None,
            )
        )

    def purge_case(self, case_id: int) -> None:
        """Leave number, campaign, verdict, times and the hash of each revision's content."""
        mine = t.revisions.c.case_id == case_id
        revisions = select(t.revisions.c.id).where(mine)
        empty: dict[str, list[str]] = {"findings": [], "settled": [], "waived": []}
        self._connection.execute(update(t.judgements).where(t.judgements.c.revision_id.in_(revisions)).values(**empty))
        self._connection.execute(update(t.revisions).where(mine).values(summary={}))
        self._connection.execute(update(t.decisions).where(t.decisions.c.case_id == case_id).values(why=""))
        ordered = select(t.order_cases.c.order_id).where(t.order_cases.c.case_id == case_id)
        self._connection.execute(update(t.orders).where(t.orders.c.id.in_(ordered)).values(**_BARE_ORDER))
        named = select(t.outgoing_cases.c.outgoing_id).where(t.outgoing_cases.c.case_id == case_id)
        self._empty_mail(t.outgoing.c.id.in_(named))
        for table in (t.case_addresses, t.sketch_values, t.outgoing_cases):
            self._connection.execute(delete(table).where(table.c.case_id == case_id))
        self._connection.execute(
            update(t.cases)
            .where(t.cases.c.id == case_id)
            .values(state=PURGED, title="", unit="", contact="", phone="", sender_address="", due_at=None)
        )

    def purge_service_before(self, at: datetime, *, campaigns: Collection[str]) -> None:
        """Events, hand answers, visits that ended and letters of ours that answer none (digests, alarms) from before `at`.

        With them go the words of orders on `campaigns` that concern no case, and facts of files that no letter has any
        more. An order on another campaign may still wait to be confirmed, or say why that is extended.
        """
        self._connection.execute(delete(t.events).where(t.events.c.at < at))
        self._connection.execute(delete(t.sign_ins).where(t.sign_ins.c.expires_at < at))
        of_cases = select(t.order_cases.c.order_id)
        loose = and_(t.orders.c.at < at, t.orders.c.campaign.in_(campaigns), t.orders.c.id.not_in(of_cases))
        self._connection.execute(update(t.orders).where(loose).values(**_BARE_ORDER))
        self._connection.execute(
            delete(t.readings).where(
                t.readings.c.file_sha256.not_in(select(t.files.c.sha256)),
                t.readings.c.file_sha256.not_in(select(t.letters.c.sha256).where(t.letters.c.outcome != PURGED)),
            )
        )
        self._connection.execute(delete(t.hand_answers).where(t.hand_answers.c.at < at))
        self._empty_mail(and_(t.outgoing.c.created_at < at, t.outgoing.c.campaign.is_(None)))

    def _empty_mail(self, which: ColumnElement[bool]) -> None:
        """Leave id, kind, state, Message-ID and times; what was not sent will never be."""
        self._connection.execute(
            update(t.outgoing)
            .where(which, t.outgoing.c.state.not_in(("sent", "failed", "handing_over")))
            .values(state="cancelled", next_at=None)
        )
        self._connection.execute(
            update(t.outgoing)
            .where(which, t.outgoing.c.state != "handing_over")
            .values(raw=b"", to_address="", subject="", last_error="")
        )
