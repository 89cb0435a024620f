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
from intake.casework.fold import CaseState, fold
from intake.casework.pending import settled_since, waits_until
from intake.casework.returned import returned_unchanged
from intake.casework.sameness import case_shingles, similarity
from intake.casework.sketch import WORTH_COMPARING, sketch
from intake.casework.standing import WITHDRAWN, Decided, as_ruled, is_withdrawn, open_dispute, with_dispute
from intake.checks import judge
from intake.edges.clock import Clock
from intake.edges.marked_copies import CopyOrder
from intake.edges.outbox import Outbox
from intake.edges.records import NEVER, Readings, finding_from_json, finding_to_json, is_own_trouble
from intake.marking import CopyShelf
from intake.model import Finding, Judgement, Letter, Resemblance, Revision
from intake.replies.matter import CaseReport, ReplyKind, list_files
from storage.records import CaseRecord, DecisionRecord, LetterRecord, NewJudgement, RevisionRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

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
            due = [case for case in view.cases.due_waiting(self._clock.now()) if case.campaign in self._calls]
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
                return now is not None and now.state == "waiting" and self.judge(work, now).state != "waiting"

        return judge_waiting() if self.shelf is None else self.shelf.settle(case.id, judge_waiting, self.beat)

    def _put_off(self, case: CaseRecord) -> None:
        """A bug costs this case its time, never the next one: tried again later, its sender told neutrally."""
        with self._store.write() as work:
            work.cases.change(case.id, at=self._clock.now(), state="waiting", due_at=self._clock.now() + PUT_OFF)
            waiting = unanswered(work, case)
            if not any(work.outgoing.of_letter(record.sha256) for record in waiting):
                text = f"{case.number} 未能自动核对，程序每小时再试一次，请先人工查看：intake cases show {case.number}"
                work.service.add_event("judge", "case_not_judged", text, at=self._clock.now())
        with self._store.write() as work:
            untold = without_answer(work, waiting, "being_checked")
            if untold:
                self.answers.write(work, self._calls[case.campaign], "being_checked", untold[-1], letters=untold)

    def judge(self, work: UnitOfWork, case: CaseRecord, *, decided: bool = False, silently: bool = False) -> CaseRecord:
        """Fold, judge and record `case`, and queue the answer its letters wait for; the case as it is then.

        A letter that brought several cases is answered once, when all of them are judged.
        `decided`: an organizer's decision is the cause; the submitter is told even without a new letter.
        `silently`: another case of the same letter is judged next; nothing is said yet.
        """
        call = self._calls[case.campaign]
        letters = self._readings.of_case(work, case.id, call.signs)
        closes_at = case.closes_at or call.campaign.closes_at
        state = fold(letters, call.signs, closes_at=closes_at)
        revision = self._surroundings(work, case, state)
        judgement = self._judgement(work, case, call, revision, state)
        before = work.cases.revisions(case.id)
        back = self._is_withdrawn(work, case)
        stored = self._revision(work, case, state, revision)
        case = self._identify(work, case, state)
        if back:
            return work.cases.change(case.id, at=self._clock.now(), state=WITHDRAWN, verdict=None, due_at=None)
        due_at = None if decided else self._waits_until(work, case, call, judgement, letters)
        now = self._clock.now()
        if due_at is not None:
            return work.cases.change(case.id, at=now, state="waiting", due_at=due_at, verdict=None)
        copy = None
        if self.shelf is not None and not (decided or silently):
            copy = self.shelf.order(work, case, call, revision, judgement=judgement, letters=letters, at=now)
            if self.shelf.must_wait(case.id, copy):
                return work.cases.change(case.id, at=now, state="waiting", due_at=now, verdict=None)
        earlier = self._last_findings(work, before)
        self._record(work, call, stored, judgement)
        case = work.cases.change(case.id, at=now, state=judgement.verdict, verdict=judgement.verdict, due_at=None)
        report = self._report(case, stored, revision, judgement, settled_since(earlier, judgement.findings))
        if not decided:
            latest = {record.sha256 for record in unanswered(work, case)}
            report = replace(report, unchanged=returned_unchanged(letters, latest, judgement.findings))
        if not silently:
            self._answer(work, case, call, report, decided=decided, copy=copy)
        log.info("verdict_reached", case=case.number, verdict=judgement.verdict, revision=stored.ordinal)
        return case

    def judge_again(self, work: UnitOfWork, case: CaseRecord, *, record: bool) -> tuple[str, bool]:
        """The verdict by today's rules, and whether findings or verdict differ from those on record; nothing is answered.

        `record`: file what differs as a new judgement.
        """
        if self._is_withdrawn(work, case):
            return case.state, False
        call = self._calls[case.campaign]
        letters = self._readings.of_case(work, case.id, call.signs)
        state = fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at)
        revision = self._surroundings(work, case, state)
        judgement = self._judgement(work, case, call, revision, state)
        last = work.cases.last_judgement(case.id)
        found = [finding_to_json(finding) for finding in judgement.findings]
        before = [finding_to_json(finding_from_json(stored)) for stored in last.findings] if last is not None else []
        differs = last is None or judgement.verdict != last.verdict or found != before
        if record and (differs or (last is not None and last.rules_hash != call.campaign.sha256)):
            self._record(work, call, self._revision(work, case, state, revision), judgement)
            work.cases.change(case.id, at=self._clock.now(), state=judgement.verdict, verdict=judgement.verdict)
        return judgement.verdict, differs

    def report(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case stands, for letters that name it; None while it waits for its first verdict."""
        revisions = work.cases.revisions(case.id)
        if not revisions or case.verdict is None:
            return None
        call = self._calls[case.campaign]
        letters = self._readings.of_case(work, case.id, call.signs)
        state = fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at)
        judgements = work.cases.judgements(revisions[-1].id)
        if state.current is None or not judgements:
            return None
        judgement = Judgement(
            verdict=judgements[-1].verdict,  # type: ignore[arg-type]  # written from the same closed list
            findings=tuple(finding_from_json(found) for found in judgements[-1].findings),
            settled=judgements[-1].settled,
        )
        latest = {max(letters, key=lambda letter: (letter.received_at, letter.sha256)).sha256}
        report = self._report(case, revisions[-1], state.current, judgement, ())
        return replace(report, unchanged=returned_unchanged(letters, latest, judgement.findings))

    # --- judging

    def _judgement(
        self, work: UnitOfWork, case: CaseRecord, call: Call, revision: Revision, state: CaseState
    ) -> Judgement:
        decisions = work.cases.decisions(case.id)
        judgement = self._by_organizers(work, case, call, revision, state)
        disputed = open_dispute(_decided(decisions))
        if disputed is None:
            return judgement
        objection = decisions[disputed]
        made = work.cases.judgements(objection.revision_id or 0)
        objected = [finding_from_json(found) for each in made for found in each.findings]
        return with_dispute(judgement, objected=objected, said=objection.why)

    def _is_withdrawn(self, work: UnitOfWork, case: CaseRecord) -> bool:
        decisions = _decided(work.cases.decisions(case.id))
        filed = (record.received_at for record in work.letters.of_case(case.id) if record.outcome == "filed")
        return is_withdrawn(decisions, filed)

    def _by_organizers(
        self, work: UnitOfWork, case: CaseRecord, call: Call, revision: Revision, state: CaseState
    ) -> Judgement:
        """By the rules, and what organizers decided on them."""
        decisions = work.cases.decisions(case.id)
        waived = frozenset(d.rule for d in decisions if d.kind == "waive" and d.rule is not None)
        judgement = judge(call.checks, revision, waived=waived)
        ruling = next((d for d in reversed(decisions) if d.kind in ("pass", "return")), None)
        if ruling is None or not self._binds(work, case, ruling, state):
            return judgement
        return as_ruled(judgement, kind=ruling.kind, why=ruling.why)

    def _binds(self, work: UnitOfWork, case: CaseRecord, ruling: DecisionRecord, state: CaseState) -> bool:
        """Whether `ruling` was made on what stands now: a category answered later changes no file."""
        made_on = (each for each in work.cases.revisions(case.id) if each.id == ruling.revision_id)
        return any(each.content_key == state.content_key for each in made_on)

    def _surroundings(self, work: UnitOfWork, case: CaseRecord, state: CaseState) -> Revision:
        """The current revision with what the records know of the cases beside it."""
        assert state.current is not None  # a case is opened with its first letter
        listed = any(document.role == "summary_sheet" for document in state.current.documents)
        return replace(
            state.current,
            resembles=self._resemblances(work, case, state),
            reported=self._reported(work, case, state) if listed else (),
        )

    def _reported(self, work: UnitOfWork, case: CaseRecord, state: CaseState) -> tuple[str, ...]:
        """Titles of the other cases from this case's addresses."""
        found = {
            other.id: other.title
            for address in sorted(state.addresses)
            for other in work.cases.for_address(address, campaign=case.campaign)
            if other.id != case.id and other.test == case.test
        }
        return tuple(title for _, title in sorted(found.items()))

    def _resemblances(self, work: UnitOfWork, case: CaseRecord, state: CaseState) -> tuple[Resemblance, ...]:
        """Other cases of the campaign with nearly the same text; also keeps this case's sketch for those to come."""
        mine = case_shingles(state.files)
        values = sketch(mine)
        work.cases.put_sketch(case.id, values)
        alike = work.cases.sharing_sketch(
            values, campaign=case.campaign, at_least=min(WORTH_COMPARING, len(values)), beside=case.id
        )
        found = []
        for other in alike:
            if other.id > case.id or other.test != case.test:
                continue  # the later one is the one to look at; a trial is none
            signs = self._calls[case.campaign].signs
            theirs = case_shingles(fold(self._readings.of_case(work, other.id, signs), signs, closes_at=None).files)
            found.append(
                Resemblance(
                    number=other.number,
                    title=other.title,
                    similarity=similarity(mine, theirs),
                    same_sender=other.sender_address == case.sender_address,
                )
            )
        return tuple(found)

    # --- waiting

    def _waits_until(
        self, work: UnitOfWork, case: CaseRecord, call: Call, judgement: Judgement, letters: Sequence[Letter]
    ) -> datetime | None:
        """Until when nothing is said yet; None when it is time."""
        if judgement.verdict != "needs_fix":
            return None
        now = self._clock.now()
        due_at = waits_until(
            judgement,
            received_at=max(letter.received_at for letter in letters),
            quiet=timedelta(minutes=call.campaign.quiet_minutes),
            closes_at=case.closes_at or call.campaign.closes_at,
        )
        if due_at is not None and due_at > now:
            return due_at
        # No fix request while a letter that may settle it is known to be there.
        behind = work.sightings.count_uncollected() or work.letters.count_unread(from_address=case.sender_address)
        return now if behind else None

    # --- records

    def _revision(self, work: UnitOfWork, case: CaseRecord, state: CaseState, revision: Revision) -> RevisionRecord:
        revisions = work.cases.revisions(case.id)
        summary = _summary(revision)
        if revisions and (revisions[-1].content_key, revisions[-1].summary) == (state.content_key, summary):
            return revisions[-1]
        return work.cases.add_revision(
            case.id,
            received_at=revision.received_at,
            content_key=state.content_key,
            summary=summary,
            at=self._clock.now(),
        )

    def _identify(self, work: UnitOfWork, case: CaseRecord, state: CaseState) -> CaseRecord:
        identity = state.identity
        work.cases.add_addresses(case.id, state.addresses)
        return work.cases.change(
            case.id,
            at=self._clock.now(),
            title=state.title,
            unit=state.unit or "",
            contact=identity.contact.value if identity.contact else "",
            phone=identity.phone.value if identity.phone else "",
            category=state.category,
            level=identity.level.value if identity.level else None,
        )

    def _last_findings(self, work: UnitOfWork, revisions: Sequence[RevisionRecord]) -> tuple[Finding, ...]:
        """What the last judgement before this one found; empty when there was none."""
        for revision in reversed(revisions):
            judgements = work.cases.judgements(revision.id)
            if judgements:
                return tuple(finding_from_json(found) for found in judgements[-1].findings)
        return ()

    def _record(self, work: UnitOfWork, call: Call, stored: RevisionRecord, judgement: Judgement) -> None:
        work.cases.add_judgement(
            NewJudgement(
                revision_id=stored.id,
                verdict=judgement.verdict,
                findings=tuple(finding_to_json(finding) for finding in judgement.findings),
                settled=judgement.settled,
                waived=judgement.waived,
                rules_hash=call.campaign.sha256,
                code_version=self._code_version,
                at=self._clock.now(),
            )
        )

    def _report(
        self,
        case: CaseRecord,
        stored: RevisionRecord,
        revision: Revision,
        judgement: Judgement,
        closed: tuple[Finding, ...],
    ) -> CaseReport:
        return CaseReport(
            number=case.number,
            title=case.title,
            verdict=judgement.verdict,
            received_at=revision.received_at or case.opened_at,
            unit=case.unit or None,
            category=case.category,
            findings=judgement.findings,
            settled=judgement.settled,
            files=list_files(revision),
            revision=stored.ordinal,
            closed=closed,
        )

    # --- answering

    def _answer(
        self,
        work: UnitOfWork,
        case: CaseRecord,
        call: Call,
        report: CaseReport,
        *,
        decided: bool,
        copy: CopyOrder | None = None,
    ) -> None:
        together = [case] if decided else answered_together(work, case)
        if any(each.verdict is None for each in together):
            return  # the last of them to be judged answers for all
        reports = [report if each.id == case.id else self.report(work, each) for each in together]
        told = [each for each in reports if each is not None]
        kind: ReplyKind = "decision" if decided else _kind_of_all(told)
        waiting = {record.sha256: record for each in together for record in unanswered(work, each)}
        # A letter put aside once was told already that a person looks at it; the others were not.
        open_letters = without_answer(work, sorted(waiting.values(), key=_received), kind)
        if not open_letters and not decided:
            return
        answered = open_letters or [record for record in work.letters.of_case(case.id) if record.answered != NEVER]
        if not answered:
            return
        cases = [each.id for each in together]
        carries = self.shelf is not None and kind == "fix_request" and len(told) == 1
        attached = self.shelf.attachments(copy) if self.shelf is not None and carries else ()
        self.answers.write(
            work, call, kind, answered[-1], reports=told, cases=cases, letters=open_letters, attachments=attached
        )


def _decided(decisions: Sequence[DecisionRecord]) -> list[Decided]:
    return [Decided(each.kind, each.at, each.rule) for each in decisions]


def _received(record: LetterRecord) -> tuple[datetime, str]:
    return record.received_at, record.sha256


def _kind_of_all(reports: Sequence[CaseReport]) -> ReplyKind:
    """What has to be done comes first: of several cases one may be complete and the next lack a part."""
    kinds = {_kind(report) for report in reports}
    order: tuple[ReplyKind, ...] = ("fix_request", "late", "being_checked", "receipt")
    return next(kind for kind in order if kind in kinds)


def _kind(report: CaseReport) -> ReplyKind:
    if any(finding.code == "late" for finding in report.findings):
        return "late"
    by_verdict: dict[str, ReplyKind] = {
        "accepted": "receipt",
        "needs_fix": "fix_request",
        "needs_human": "being_checked",
    }
    return by_verdict[report.verdict]


def _summary(revision: Revision) -> dict[str, object]:
    """What a revision is made of, as stored: enough to see a change, and for lists."""
    linked = [link.file.model_dump(mode="json", exclude_defaults=True) for link in revision.linked]
    return {
        "title": revision.title,
        "category": revision.category,
        "level": revision.level,
        "files": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "role": getattr(file, "role", "photo"),
                "counted": getattr(file, "counted", None),
            }
            for file in revision.files
        ],
        **({"linked": linked} if linked else {}),
    }
