"""One mail at once for one case that waits for a person while its deadline runs: to each organizer, answerable in one word.

Peer: the database. What was told is read from it, so each stand of a case is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from intake.calls import Call
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.edges.records import finding_from_json
from intake.figures.answer_line import AnswerLine
from intake.figures.orders_reply import CaseNotice, write_case_notice
from intake.model import Finding
from intake.orders import SENTINEL
from intake.replies import describe_finding
from storage.records.casebook import CaseRecord, JudgementRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

AHEAD = timedelta(hours=48)
"""How long before its end a case that waits for a person is told of by itself."""
NOTICES_A_TURN = 20
_FILES_NAMED = 8
_WAITING = ("needs_human", "needs_fix")


class NotifyDesk:
    """Tells organizers of single cases."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        dry_run: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`dry_run`: the mails are held as all others are."""
        self._store = store
        self._outbox = outbox
        self._calls = calls
        self._clock = clock
        self._dry_run = dry_run
        self._stopped = stopped

    def turn(self) -> int:
        """Queue what is due; the number of cases told of. Raises: StorageError."""
        now = self._clock.now()
        with self._store.read() as view:
            due = [case.id for call in self._calls.values() for case, _ in _due(view, call, now)][:NOTICES_A_TURN]
        told = 0
        for case_id in due:
            if self._stopped():
                break
            with self._store.write() as work:
                told += self._tell(work, case_id, now)
        return told

    def _tell(self, work: UnitOfWork, case_id: int, now: datetime) -> bool:
        case = work.cases.get(case_id)
        call = self._calls.get(case.campaign) if case is not None else None
        due = _due(work, call, now, case_id=case_id) if call is not None else []
        if call is None or not due:
            return False  # somebody was quicker
        case, judgement = due[0]
        for address in {each.address.casefold(): each.address for each in call.campaign.organizers}.values():
            token = new_token()
            self._outbox.put(
                work,
                write_case_notice(_notice(work, case, judgement, call, token)),
                kind="case_notice",
                token=token,
                recipient=address,
                sender_name=call.campaign.from_name,
                at=now,
                campaign=call.campaign.id,
                cases=(case.id,),
                held=self._dry_run,
            )
        log.info("case_notified", case=case.number)
        return True


def _due(
    view: View, call: Call, now: datetime, *, case_id: int | None = None
) -> list[tuple[CaseRecord, JudgementRecord]]:
    """The cases in which a person's silence may cost the submitter the deadline, and nobody was told of this stand."""
    if not call.campaign.organizers:
        return []
    waiting = view.mailings.untold(call.campaign.id, states=_WAITING, kind="case_notice", case_id=case_id)
    return [(case, judgement) for case, judgement in waiting if _presses(case, judgement, call, now)]


def _presses(case: CaseRecord, judgement: JudgementRecord, call: Call, now: datetime) -> bool:
    closes_at = case.closes_at or call.campaign.closes_at
    if closes_at is None or closes_at <= now:
        return False
    disputed = any(finding_from_json(each).code == "disputed" for each in judgement.findings)
    return disputed or (case.state == "needs_human" and closes_at <= now + AHEAD)


def _notice(view: View, case: CaseRecord, judgement: JudgementRecord, call: Call, token: str) -> CaseNotice:
    findings = [finding_from_json(each) for each in judgement.findings]
    human = [finding for finding in findings if finding.severity == "human"]
    revisions = view.cases.revisions(case.id)
    files = revisions[-1].summary.get("files", ()) if revisions else ()
    return CaseNotice(
        subject_tag=call.campaign.tag,
        number=case.number,
        title=case.title,
        line=AnswerLine(SENTINEL, token),
        unit=case.unit,
        reasons=tuple(describe_finding(finding, call.language, call.letterhead) for finding in human),
        evidence=next((finding.evidence for finding in human if finding.evidence), ""),
        received_at=revisions[-1].received_at if revisions else None,
        closes_at=case.closes_at or call.campaign.closes_at,
        files=tuple(file["name"] for file in files[:_FILES_NAMED]),
        rules=_waivable(human, call),
        zone=call.campaign.timezone,
    )


def _waivable(findings: list[Finding], call: Call) -> tuple[str, ...]:
    """The rules the findings are of, as an organizer may write them."""
    checks = {rule.id: rule.check for rule in call.checks}
    named = (checks[finding.rule] for finding in findings if finding.rule in checks)
    return tuple(dict.fromkeys(call.language.say(f"check.{check}") for check in named))
