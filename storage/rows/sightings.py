"""Rows of sightings (a letter as one folder shows it) and of folders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from storage import tables
from storage.dialects import insert_missing, insert_or_update
from storage.errors import MissingRecordError
from storage.records.mailbox import FolderRecord, NewSighting, SightingRecord
from storage.rows.mapping import Rows, as_row, chunks

_sightings = tables.sightings
_folders = tables.folders
_out_of_window = tables.out_of_window
_LIVE = _sightings.c.gone_at.is_(None)
_UNCOLLECTED = and_(_LIVE, _sightings.c.letter_sha256.is_(None), _sightings.c.outcome.is_(None))


class FolderRows(Rows):
    """What was last known of each folder."""

    def get(self, account: str, folder: str) -> FolderRecord | None:
        """The folder, None when never looked at."""
        return self._first(
            FolderRecord, select(_folders).where(_folders.c.account == account, _folders.c.folder == folder)
        )

    def put(self, folder: FolderRecord) -> None:
        """Record `folder` in place of what was known of it."""
        insert_or_update(self._connection, _folders, as_row(folder))

    def all(self, account: str | None = None) -> tuple[FolderRecord, ...]:
        """All folders, or an account's, by account and name; empty when none."""
        chosen = select(_folders).order_by(_folders.c.account, _folders.c.folder)
        return self._all(FolderRecord, chosen if account is None else chosen.where(_folders.c.account == account))

    def any_rematching(self) -> bool:
        """Whether some folder is still `rematching` after a changed UIDVALIDITY."""
        return self._count(select(func.count()).select_from(_folders).where(_folders.c.state == "rematching")) > 0


class SightingRows(Rows):
    """Sightings, each (account, folder, UIDVALIDITY, UID) once."""

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        """UIDs recorded and not gone."""
        return frozenset(
            self._connection.execute(select(_sightings.c.uid).where(_in(account, folder, uidvalidity), _LIVE)).scalars()
        )

    def count_live(self, account: str, folder: str, uidvalidity: int) -> int:
        """How many UIDs are recorded and not gone; answered from the index alone."""
        return self._count(select(func.count()).select_from(_sightings).where(_in(account, folder, uidvalidity), _LIVE))

    def add_many(self, sightings: Sequence[NewSighting]) -> int:
        """Record `sightings`; return how many were new, had been gone, or show another letter now.

        One that is recorded already stays as it is, except that one marked gone is there
        again: then `gone_at` is cleared, and so is `gone_before_fetch`. A UID under which another letter lies than the
        one recorded shows that one: its server gave it a second time, in the same UIDVALIDITY.
        """
        changed = 0
        for place in dict.fromkeys((s.account, s.folder, s.uidvalidity) for s in sightings):
            of_place = {s.uid: s for s in sightings if (s.account, s.folder, s.uidvalidity) == place}
            for uids in chunks(of_place):
                there = and_(_in(*place), _sightings.c.uid.in_(uids))
                known = set(self._connection.execute(select(_sightings.c.uid).where(there)).scalars())
                new = [as_row(of_place[uid]) for uid in uids if uid not in known]
                insert_missing(self._connection, _sightings, new)
                changed += len(new) + self._give_anew([of_place[uid] for uid in uids if uid in known])
                changed += self._revive(there)
        return changed

    def get(self, account: str, folder: str, uidvalidity: int, uid: int) -> SightingRecord | None:
        """The sighting, gone or not; None when unknown."""
        return self._first(
            SightingRecord,
            select(_sightings).where(_in(account, folder, uidvalidity), _sightings.c.uid == uid),
        )

    def of_letter(self, sha256: str) -> tuple[SightingRecord, ...]:
        """Everywhere a letter was seen, first seen first; empty when nowhere."""
        return self._all(
            SightingRecord,
            select(_sightings)
            .where(_sightings.c.letter_sha256 == sha256)
            .order_by(_sightings.c.first_seen_at, _sightings.c.id),
        )

    def showing_letters(self, account: str) -> tuple[SightingRecord, ...]:
        """Sightings, not gone, outside Sent, whose letter is stored; the largest first."""
        stored = and_(_sightings.c.account == account, _LIVE, _sightings.c.letter_sha256.is_not(None))
        chosen = select(_sightings).where(stored, _sightings.c.folder_role != "sent")
        return self._all(SightingRecord, chosen.order_by(_sightings.c.size_bytes.desc(), _sightings.c.id))

    def uncollected(
        self, account: str, folder: str, uidvalidity: int, *, limit: int | None = None
    ) -> tuple[SightingRecord, ...]:
        """Sightings with neither letter nor outcome, not gone, by UID ascending."""
        return self._all(
            SightingRecord,
            select(_sightings)
            .where(_in(account, folder, uidvalidity), _UNCOLLECTED)
            .order_by(_sightings.c.uid)
            .limit(limit),
        )

    def without_body(self, account: str, folder: str, uidvalidity: int) -> tuple[SightingRecord, ...]:
        """Sightings, not gone, whose body the server would not give or said it had no more, by UID ascending."""
        refused = _sightings.c.outcome.in_(("body_unavailable", "gone_before_fetch"))
        there = and_(_in(account, folder, uidvalidity), _LIVE, refused)
        return self._all(SightingRecord, select(_sightings).where(there).order_by(_sightings.c.uid))

    def body_unavailable(self, account: str, folder: str, uidvalidity: int) -> tuple[SightingRecord, ...]:
        """Sightings, not gone, whose body the server would not give, by UID ascending."""
        refused = and_(_in(account, folder, uidvalidity), _LIVE, _sightings.c.outcome == "body_unavailable")
        return self._all(SightingRecord, select(_sightings).where(refused).order_by(_sightings.c.uid))

    def count_uncollected(self, account: str | None = None) -> int:
        """Sightings of all folders that still wait for their body."""
        waiting = select(func.count()).select_from(_sightings).where(_UNCOLLECTED)
        return self._count(waiting if account is None else waiting.where(_sightings.c.account == account))

    def by_fingerprint(self, account: str, fingerprints: Iterable[str]) -> dict[str, SightingRecord]:
        """For each of `fingerprints` seen in `account` with a letter or outcome, the first such sighting.

        Gone sightings count: that is how a letter is known again under another UIDVALIDITY.
        """
        found: dict[str, SightingRecord] = {}
        settled = or_(_sightings.c.letter_sha256.is_not(None), _sightings.c.outcome.is_not(None))
        for some in chunks(fingerprints):
            chosen = (
                select(_sightings)
                .where(_sightings.c.account == account, _sightings.c.fingerprint.in_(some), settled)
                # A sighting with its letter tells more than one without.
                .order_by(_sightings.c.letter_sha256.is_(None), _sightings.c.id)
            )
            for sighting in self._all(SightingRecord, chosen):
                found.setdefault(sighting.fingerprint, sighting)
        return found

    def alike(
        self, account: str, folder: str, uidvalidity: int, *, fingerprints: Iterable[str]
    ) -> tuple[SightingRecord, ...]:
        """Sightings there, not gone, that have a letter and one of `fingerprints`; in no order."""
        there = and_(_in(account, folder, uidvalidity), _LIVE, _sightings.c.letter_sha256.is_not(None))
        return tuple(
            sighting
            for some in chunks(dict.fromkeys(fingerprints))
            for sighting in self._all(
                SightingRecord, select(_sightings).where(there, _sightings.c.fingerprint.in_(some))
            )
        )

    def attach(self, sighting_id: int, letter_sha256: str) -> None:
        """Say which letter it shows; an outcome of its own goes. Raises: MissingRecordError."""
        self._change(sighting_id, letter_sha256=letter_sha256, outcome=None)

    def retry_body(self, sighting_id: int) -> None:
        """Let the body be asked for again, whatever letter it was thought to be. Raises: MissingRecordError."""
        self._change(sighting_id, letter_sha256=None, outcome=None)

    def reconsider(
        self,
        account: str,
        folder: str,
        uidvalidity: int,
        *,
        largest_letter_bytes: int,
        opens_at: datetime | None,
    ) -> int:
        """Let bodies left alone for their size or age be asked for after all, where today's settings want them; how many."""
        left = _sightings.c.outcome.in_(("oversize", "before_opening"))
        wanted = [_in(account, folder, uidvalidity), _LIVE, left, _sightings.c.size_bytes <= largest_letter_bytes]
        if opens_at is not None:
            wanted.append(or_(_sightings.c.internal_at.is_(None), _sightings.c.internal_at >= opens_at))
        return self._connection.execute(update(_sightings).where(*wanted).values(outcome=None)).rowcount

    def set_outcome(self, sighting_id: int, outcome: str) -> None:
        """Record what became of a sighting whose body is not ours. Raises: MissingRecordError."""
        self._change(sighting_id, outcome=outcome)

    def mark_gone(
        self, account: str, folder: str, uidvalidity: int, uids: Collection[int], *, gone_at: datetime
    ) -> int:
        """Record that `uids` are no longer in the folder; return how many were there until now.

        Those whose body never came get the outcome `gone_before_fetch`.
        """
        return sum(
            self._gone(and_(_in(account, folder, uidvalidity), _sightings.c.uid.in_(some)), gone_at)
            for some in chunks(uids)
        )

    def note_out_of_window(
        self, account: str, folder: str, uidvalidity: int, uids: Collection[int], *, arrived_before_at: datetime
    ) -> int:
        """Of `uids`, gone by now, record those the server shows no longer because of their age; return how many.

        They arrived before `arrived_before_at`, and before every letter the folder still shows: who deletes letters
        by hand leaves older ones behind.
        """
        place = _in(account, folder, uidvalidity)
        arrived = _sightings.c.internal_at
        oldest_left = select(func.min(arrived)).where(place, _LIVE).scalar_subquery()
        aged = and_(arrived < arrived_before_at, or_(arrived < oldest_left, oldest_left.is_(None)))
        noted = 0
        for some in chunks(uids):
            chosen = select(_sightings.c.id).where(place, _sightings.c.uid.in_(some), ~_LIVE, aged)
            rows = [{"sighting_id": id_} for id_ in self._connection.execute(chosen).scalars()]
            insert_missing(self._connection, _out_of_window, rows)
            noted += len(rows)
        return noted

    def retire(self, account: str, folder: str, *, current_uidvalidity: int, gone_at: datetime) -> int:
        """Record that every sighting under another UIDVALIDITY is gone; return how many were there until now."""
        return self._gone(
            and_(
                _sightings.c.account == account,
                _sightings.c.folder == folder,
                _sightings.c.uidvalidity != current_uidvalidity,
            ),
            gone_at,
        )

    def _gone(self, which: ColumnElement[bool], gone_at: datetime) -> int:
        self._connection.execute(update(_sightings).where(which, _UNCOLLECTED).values(outcome="gone_before_fetch"))
        return self._connection.execute(update(_sightings).where(which, _LIVE).values(gone_at=gone_at)).rowcount

    def _give_anew(self, sightings: Sequence[NewSighting]) -> int:
        """Let those recorded that show another letter now show that one; return how many there were.

        What was there has left no other trace in the folder: a server that gives a number twice without
        a new UIDVALIDITY breaks RFC 3501 §2.3.1.1. Its letter stays.
        """
        changed = 0
        for sighting in sightings:
            row = as_row(sighting)
            where = _in(row.pop("account"), row.pop("folder"), row.pop("uidvalidity"))
            other = and_(where, _sightings.c.uid == row.pop("uid"), _sightings.c.fingerprint != sighting.fingerprint)
            shown = select(_sightings.c.id).where(other)
            self._connection.execute(delete(_out_of_window).where(_out_of_window.c.sighting_id.in_(shown)))
            changed += self._connection.execute(update(_sightings).where(other).values(gone_at=None, **row)).rowcount
        return changed

    def _revive(self, which: ColumnElement[bool]) -> int:
        back = and_(which, _sightings.c.gone_at.is_not(None))
        never_came = _sightings.c.outcome == "gone_before_fetch"
        again = select(_sightings.c.id).where(back)
        self._connection.execute(delete(_out_of_window).where(_out_of_window.c.sighting_id.in_(again)))
        self._connection.execute(update(_sightings).where(back, never_came).values(outcome=None))
        return self._connection.execute(update(_sightings).where(back).values(gone_at=None)).rowcount

    def _change(self, sighting_id: int, **values: str | None) -> None:
        changed = self._connection.execute(update(_sightings).where(_sightings.c.id == sighting_id).values(**values))
        if not changed.rowcount:
            raise MissingRecordError(f"no sighting {sighting_id}")


def _in(account: str, folder: str, uidvalidity: int) -> ColumnElement[bool]:
    return and_(_sightings.c.account == account, _sightings.c.folder == folder, _sightings.c.uidvalidity == uidvalidity)
