"""The versions of a case, each judged by the end that held for it, and which of them stands.

Peer: the caller's unit of work. Only the newest is judged in full; earlier ones when one of them may have to stand in
for it.
"""

from __future__ import annotations

from datetime import datetime

from intake.calls import Call
from intake.casework.fold import CaseState
from intake.casework.sameness import content_key
from intake.casework.standing import CHOSEN, RULINGS, WITHDRAWN
from intake.casework.versions import Ruled, Version, rule_as_chosen, rule_versions
from intake.desks.judge.surroundings import with_surroundings
from intake.desks.judge.verdict import reach_verdict
from intake.edges.records import Readings
from storage.records.casebook import CaseRecord, DecisionRecord, RevisionRecord
from storage.unit_of_work import UnitOfWork

LOOKED_BACK = 20
"""So many versions before the newest are looked at; who sends more is not answered by going through all of them."""

_NEVER_LEFT = frozenset({"cancelled", "held", "failed"})


class Versions:
    """The revisions of one case, judged when asked for."""

    def __init__(self, work: UnitOfWork, readings: Readings, case: CaseRecord, call: Call, state: CaseState) -> None:
        self.state = state
        self._work = work
        self._readings = readings
        self._case = case
        self._call = call
        self._closes_at = case.closes_at or call.campaign.closes_at
        self._decisions = work.cases.decisions(case.id)
        self._asked_at = self._when_asked()
        self._known: dict[int, Version] = {}

    @property
    def newest(self) -> Version:
        """The latest of them."""
        return self._version(len(self.state.revisions) - 1)

    def rule(self, now: datetime) -> Ruled:
        """Which version stands, what is recorded and what is told."""
        last = len(self.state.revisions) - 1
        newest = self.newest
        chosen = self._chosen()
        if chosen is not None:
            return rule_as_chosen(chosen, newest)
        may_fall_back = newest.judgement.verdict != "accepted"
        return rule_versions(
            newest,
            self._complete_before(last) if may_fall_back else None,
            closes_at=self._closes_at,
            now=now,
            repair_due_at=self._due_at(newest.revision.received_at) if may_fall_back else None,
        )

    def of_record(self, stored: RevisionRecord) -> Version | None:
        """The version a revision on record holds; None when no letter of the case makes it any more.

        By its files when the key no longer says so: a better reader may find other words in the same file.
        """
        places = range(len(self.state.revisions) - 1, -1, -1)
        hashes = {file["sha256"] for file in stored.summary.get("files", ())}
        by_key = (at for at in places if self._key(at) == stored.content_key)
        by_files = (at for at in places if {file.sha256 for file in self.state.revisions[at].files} == hashes)
        at = next(by_key, None)
        at = next(by_files, None) if at is None else at
        return None if at is None else self._version(at)

    def _version(self, at: int) -> Version:
        if at not in self._known:
            is_newest = at == len(self.state.revisions) - 1
            revision = with_surroundings(
                self._work, self._readings, self._case, self.state, self._call.signs, at=at, end_at=self._end_of(at)
            )
            key = self._key(at)
            judgement = reach_verdict(
                self._work, self._case, self._call, revision, content_key=key, state=self.state if is_newest else None
            )
            self._known[at] = Version(revision, judgement, key)
        return self._known[at]

    def _key(self, at: int) -> str:
        return content_key(self.state.revisions[at].files)

    def _complete_before(self, last: int) -> Version | None:
        """The latest complete version before the one at `last` that its sender has not taken back."""
        taken_back = max((each.at for each in self._decisions if each.kind == WITHDRAWN), default=None)
        for at in range(last - 1, max(last - 1 - LOOKED_BACK, -1), -1):
            received_at = self.state.revisions[at].received_at
            if taken_back is not None and received_at is not None and received_at <= taken_back:
                return None
            if self._version(at).judgement.verdict == "accepted":
                return self._version(at)
        return None

    # --- the end that holds for a version

    def _end_of(self, at: int) -> datetime | None:
        """The close; for the repair of a case that was in time until when it was asked for, if it kept to that."""
        received_at = self.state.revisions[at].received_at
        if self._closes_at is None or received_at is None or received_at < self._closes_at:
            return self._closes_at
        asked_at = self._asked_before(received_at)
        if asked_at is None or self._was_complete_since(asked_at, at):
            return self._closes_at  # nothing was asked for: a new version, not a repair
        due_at = self._due_at(received_at)
        return due_at if due_at is not None and received_at < due_at else self._closes_at

    def _was_complete_since(self, asked_at: datetime, before: int) -> bool:
        for at in range(before - 1, max(before - 1 - LOOKED_BACK, -1), -1):
            received_at = self.state.revisions[at].received_at
            if received_at is None or received_at < asked_at:
                return False
            if self._version(at).judgement.verdict == "accepted":
                return True
        return False

    def _due_at(self, received_at: datetime | None) -> datetime | None:
        """Until when what a letter received then repairs was asked for; None when nothing was, or no date said."""
        asked_at = self._asked_before(received_at) if received_at is not None else None
        return self._call.due_at(asked_at, closes_at=self._closes_at) if asked_at is not None else None

    def _asked_before(self, received_at: datetime) -> datetime | None:
        """When the sender was last asked before; the close for a case that came in time and was not asked yet."""
        asked_at = max((at for at in self._asked_at if at <= received_at), default=None)
        first_at, closes_at = self.state.revisions[0].received_at, self._closes_at
        if asked_at is not None or first_at is None or closes_at is None:
            return asked_at
        was_complete = first_at < closes_at and self._was_complete_before(closes_at)
        return closes_at if first_at < closes_at <= received_at and not was_complete else None

    def _was_complete_before(self, closes_at: datetime) -> bool:
        in_time = [
            at
            for at, each in enumerate(self.state.revisions)
            if each.received_at is not None and each.received_at < closes_at
        ]
        return any(self._version(at).judgement.verdict == "accepted" for at in in_time[-LOOKED_BACK:])

    def _when_asked(self) -> tuple[datetime, ...]:
        """When requests left us, by our own account or an organizer's."""
        mails = self._work.outgoing.of_case(self._case.id)
        asked = (each.created_at for each in mails if each.kind == "fix_request" and each.state not in _NEVER_LEFT)
        returned = (each.at for each in self._decisions if each.kind == "return")
        return (*asked, *returned)

    # --- chosen by a person

    def _chosen(self) -> Version | None:
        """The version an organizer chose, as long as nothing came and nobody ruled since."""
        ruling: DecisionRecord | None = next(
            (each for each in reversed(self._decisions) if each.kind in (WITHDRAWN, *RULINGS)), None
        )
        if ruling is None or ruling.kind != CHOSEN:
            return None
        stored = self._work.cases.revisions(self._case.id)
        if any(each.at > ruling.at for each in stored):
            return None
        meant = next((each for each in stored if each.id == ruling.revision_id), None)
        return self.of_record(meant) if meant is not None else None
