"""A case with all its letters to findings, a judgement and, when somebody waits for it, a queued letter.

Everything happens in the caller's unit of work: case, judgement and outgoing row are one
transaction. Peer: the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from intake.answers import Answers, answered_together, unanswered, without_answer
from intake.calls import Call
from intake.casework.announced import more_is_announced
from intake.casework.fold import fold
from intake.casework.pending import Wait, settled_since, waits
from intake.casework.returned import returned_unchanged
from intake.casework.standing import WITHDRAWN
from intake.casework.versions import Ruled, Version
from intake.desks.judge.answering import Answering, report_on
from intake.desks.judge.records import (
    keep_identity,
    keep_judgement,
    keep_newest,
    keep_version,
    know_by_what_was_read,
    last_findings,
    last_judged,
)
from intake.desks.judge.verdict import is_taken_back
from intake.desks.judge.versions import Versions
from intake.edges.clock import Clock
from intake.edges.marked_copies import CopyOrder
from intake.edges.outbox import Outbox
from intake.edges.records import Readings, finding_from_json, finding_to_json, is_own_trouble
from intake.marking import CopyShelf, bundle
from intake.model import Judgement, Letter
from intake.replies.matter import CaseReport
from storage.records.casebook import CaseRecord, RevisionRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

DUE = frozenset({"waiting", "needs_fix"})
"""States in which time alone may change how a case stands."""

PUT_OFF = timedelta(hours=1)
"""When a case that could not be judged is tried again: a mended program finds it by itself."""


class JudgeDesk:
    """Judges cases by the rules of their campaign."""

    def __init__(
        self,
        store: Store,
        readings: Readings,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        code_version: str,
        answer_from: datetime | None = None,
        dry_run: bool = False,
    ) -> None:
        """`answer_from`: letters received before it are judged, their answers held. `dry_run` holds all answers."""
        self._store = store
        self._readings = readings
        self._calls = calls
        self._clock = clock
        self._code_version = code_version
        self.answers = Answers(readings, outbox, clock=clock, answer_from=answer_from, dry_run=dry_run)
        self._answering = Answering(self.answers, self.report)
        self.beat: Callable[[], None] = lambda: None
        """Called after every case; the worker puts its own here."""
        self.shelf: CopyShelf | None = None
        """Where marked copies come from; None sends fix requests without. The service puts its own here."""
        self.stopped: Callable[[], bool] = lambda: False
        """Whether to end after the case in hand."""

    def turn(self) -> int:
        """Judge the waiting cases whose time has come; return how many got their verdict. Raises: StorageError."""
        with self._store.read() as view:
            if view.sightings.count_uncollected():
                return 0  # what a case lacks may be among them
            # A campaign taken out of the settings keeps its cases; there is nothing to judge them by.
            due = [case for case in view.cases.due(self._clock.now(), states=DUE) if case.campaign in self._calls]
        settled = 0
        for case in due:
            if self.stopped():
                break
            try:
                settled += self._settle(case)
            except Exception as error:
                if is_own_trouble(error):
                    raise
                log.exception("case_not_judged", case=case.number)
                self._put_off(case)
            self.beat()
        return settled

    def _settle(self, case: CaseRecord) -> bool:
        def judge_waiting() -> bool:
            with self._store.write() as work:
                now = work.cases.get(case.id)
                return now is not None and now.state in DUE and self.judge(work, now).state != "waiting"

        return judge_waiting() if self.shelf is None else self.shelf.settle(case.id, judge_waiting, self.beat)

    def _put_off(self, case: CaseRecord) -> None:
        """A bug costs this case its time, never the next one: tried again later, its sender told neutrally."""
        try:
            self._set_back(case, tells=True)
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("put_off_not_told", case=case.number)
            self._set_back(case, tells=False)

    def _set_back(self, case: CaseRecord, *, tells: bool) -> None:
        """One unit of work: a process that ends here leaves a case that is due, not one that waits an hour untold."""
        with self._store.write() as work:
            stands = work.cases.get(case.id)
            if stands is None or stands.state not in DUE:
                return  # an organizer or a letter has settled it meanwhile
            now = self._clock.now()
            work.cases.change(case.id, at=now, state="waiting", due_at=now + PUT_OFF)
            waiting = unanswered(work, case)
            if not any(work.outgoing.of_letter(record.sha256) for record in waiting):
                text = f"{case.number} 未能自动核对，程序每小时再试一次，请先人工查看：intake cases show {case.number}"
                work.service.add_event("judge", "case_not_judged", text, at=now)
            untold = without_answer(work, waiting, "being_checked") if tells else ()
            if untold:
                self.answers.write(work, self._calls[case.campaign], "being_checked", untold[-1], letters=untold)

    def judge(self, work: UnitOfWork, case: CaseRecord, *, decided: bool = False, silently: bool = False) -> CaseRecord:
        """Fold, judge and record `case`, and queue the answer its letters wait for; the case as it is then.

        A letter that brought several cases is answered once, when all of them are judged.
        `decided`: an organizer's decision is the cause; the submitter is told even without a new letter.
        `silently`: another case of the same letter is judged next; nothing is said yet.
        """
        call, now = self._calls[case.campaign], self._clock.now()
        letters, versions = self._versions(work, case)
        ruled = versions.rule(now)
        before = work.cases.revisions(case.id)
        back = is_taken_back(work, case)
        newest = keep_newest(work, case, versions.newest, at=now)
        case = keep_identity(work, case, versions.state, at=now)
        if back:
            return work.cases.change(case.id, at=now, state=WITHDRAWN, verdict=None, due_at=None)
        told = ruled.told
        wait = None if decided else self._waits(work, case, call, told.judgement, letters)
        if wait is not None:
            case = work.cases.change(case.id, at=now, state="waiting", due_at=wait.until_at, verdict=None)
            if wait.is_promised and not silently:
                report = replace(report_on(case, newest, told.revision, told.judgement), is_waiting=True)
                self._answering.say_what_is_awaited(work, case, call, report)
            return case
        copies: tuple[CopyOrder, ...] = ()
        if self.shelf is not None and not (decided or silently):
            copies = self._copies(self.shelf, work, case, told, letters, at=now)
            if self.shelf.must_wait(case.id, copies):
                return work.cases.change(case.id, at=now, state="waiting", due_at=now, verdict=None)
        closed = settled_since(last_findings(work, before), told.judgement.findings)
        # A new version that nobody is to hear of, as one handed over at a desk, is no close.
        nothing_came = newest.id in {revision.id for revision in before} and not unanswered(work, case)
        is_at_close = case.state == "needs_fix" and not decided and nothing_came
        case = self._keep(work, case, ruled, newest, at=now)
        report = report_on(
            case, keep_version(work, case, told, newest, at=now), told.revision, told.judgement, closed=closed
        )
        if not decided:
            latest = {record.sha256 for record in unanswered(work, case)}
            report = replace(report, unchanged=returned_unchanged(letters, latest, told.judgement.findings))
        if not silently:
            self._answering.answer(work, case, call, report, decided=decided, shelf=self.shelf, copies=copies)
            if is_at_close and case.state == "accepted":
                self._say_what_stands(work, case, call, ruled)
        log.info("verdict_reached", case=case.number, verdict=case.verdict, revision=newest.ordinal)
        return case

    def judge_again(self, work: UnitOfWork, case: CaseRecord, *, record: bool) -> tuple[str, bool]:
        """The verdict by today's rules, and whether findings or verdict differ from those on record; nothing is answered.

        `record`: file what differs as a new judgement.
        """
        if is_taken_back(work, case):
            return case.state, False
        call, now = self._calls[case.campaign], self._clock.now()
        _, versions = self._versions(work, case)
        ruled = versions.rule(now)
        judgement = ruled.recorded.judgement
        last = work.cases.last_judgement(case.id)
        found = [finding_to_json(finding) for finding in judgement.findings]
        before = [finding_to_json(finding_from_json(stored)) for stored in last.findings] if last is not None else []
        differs = last is None or judgement.verdict != last.verdict or found != before
        if record and (differs or (last is not None and last.rules_hash != call.campaign.sha256)):
            self._keep(work, case, ruled, keep_newest(work, case, versions.newest, at=now), at=now)
        return judgement.verdict, differs

    def judge_read_anew(self, work: UnitOfWork, case: CaseRecord) -> tuple[str | None, bool]:
        """As `judge_again` on record, after letters of the case were read anew. None while it waits for its verdict.

        What it is, from whom, and the keys of its revisions are put down as its letters say now.
        """
        if case.campaign not in self._calls:
            return case.verdict, False
        _, versions = self._versions(work, case)
        know_by_what_was_read(work, case, versions.state)
        case = keep_identity(work, case, versions.state, at=self._clock.now())
        return self.judge_again(work, case, record=True) if case.verdict is not None else (None, False)

    def report(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case stands, for letters that name it; None while it waits for its first verdict."""
        revisions = work.cases.revisions(case.id)
        if not revisions or case.verdict is None:
            return None
        judged = last_judged(work, case)
        letters, versions = self._versions(work, case)
        if judged is None:
            return None
        stored, judgement = judged
        version = versions.of_record(stored) or versions.newest
        latest = {max(letters, key=lambda letter: (letter.received_at, letter.sha256)).sha256}
        report = report_on(case, stored, version.revision, judgement)
        return replace(report, unchanged=returned_unchanged(letters, latest, judgement.findings))

    def report_today(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case would stand by today's rules; nothing is recorded. None while it waits or is withdrawn."""
        return self.report_as_it_stands(work, case) if case.verdict is not None else None

    def report_as_it_stands(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """As `report_today`, also while the case waits for more: what is said to whoever stands at the desk."""
        kept = work.cases.revisions(case.id)
        if not kept or is_taken_back(work, case):
            return None
        _, versions = self._versions(work, case)
        told = versions.rule(self._clock.now()).told
        stored = next((each for each in reversed(kept) if each.content_key == told.content_key), kept[-1])
        return report_on(case, stored, told.revision, told.judgement)

    def _versions(self, work: UnitOfWork, case: CaseRecord) -> tuple[list[Letter], Versions]:
        """The letters of the case, in order of receipt, and the versions they make."""
        call = self._calls[case.campaign]
        letters = self._readings.of_case(work, case.id, call.signs)
        state = fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at)
        return letters, Versions(work, self._readings, case, call, state)

    def _copies(
        self,
        shelf: CopyShelf,
        work: UnitOfWork,
        case: CaseRecord,
        told: Version,
        letters: Sequence[Letter],
        *,
        at: datetime,
    ) -> tuple[CopyOrder, ...]:
        """The copies the answer carries, for each case it will tell of; empty while another of them is not judged."""
        together = answered_together(work, case)
        if any(each.verdict is None for each in together if each.id != case.id):
            return ()
        found: list[tuple[CaseRecord, CopyOrder | None]] = []
        for each in together:
            of, version = letters, told
            if each.id != case.id:
                of, versions = self._versions(work, each)
                version = versions.rule(at).told
            call = self._calls[each.campaign]
            order = shelf.order(work, each, call, version.revision, judgement=version.judgement, letters=of, at=at)
            found.append((each, order))
        return bundle(found)

    def _keep(
        self, work: UnitOfWork, case: CaseRecord, ruled: Ruled, newest: RevisionRecord, *, at: datetime
    ) -> CaseRecord:
        """Judgement and state on record, and which version stands."""
        judgement = ruled.recorded.judgement
        keep_judgement(
            work,
            keep_version(work, case, ruled.recorded, newest, at=at),
            judgement,
            rules_hash=self._calls[case.campaign].campaign.sha256,
            code_version=self._code_version,
            at=at,
        )
        work.cases.let_stand(case.id, keep_version(work, case, ruled.stands, newest, at=at).id)
        return work.cases.change(
            case.id, at=at, state=judgement.verdict, verdict=judgement.verdict, due_at=ruled.changes_at
        )

    def _say_what_stands(self, work: UnitOfWork, case: CaseRecord, call: Call, ruled: Ruled) -> None:
        """At the close, without a letter: which version stands and what became of the newer one."""
        stored = keep_version(work, case, ruled.stands, work.cases.revisions(case.id)[-1], at=self._clock.now())
        report = report_on(case, stored, ruled.stands.revision, ruled.stands.judgement)
        self._answering.say_what_stands(work, case, call, report)

    def _waits(
        self, work: UnitOfWork, case: CaseRecord, call: Call, judgement: Judgement, letters: Sequence[Letter]
    ) -> Wait | None:
        """Until when nothing is asked for yet; None when it is time."""
        if judgement.verdict != "needs_fix":
            return None
        now = self._clock.now()
        received_at = max(letter.received_at for letter in letters)
        closes_at = case.closes_at or call.campaign.closes_at
        # Of several cases in one letter none is left without its answer because another's photos are promised.
        promised = len(answered_together(work, case)) == 1 and more_is_announced(letters, call.signs)
        wait = waits(
            judgement,
            received_at=received_at,
            quiet=timedelta(minutes=call.campaign.quiet_minutes),
            closes_at=closes_at,
            promised_until_at=call.promise_ends_at(received_at, closes_at=closes_at) if promised else None,
            now=now,
        )
        if wait is not None and not wait.is_promised:
            return wait
        # Nothing is said while a letter that may settle it is known to be there.
        behind = work.sightings.count_uncollected() or work.letters.count_unread(from_address=case.sender_address)
        return Wait(now) if behind else wait
