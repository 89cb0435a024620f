"""The matter of one digest, seen in one unit of work.

Peer: the caller's view of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from config.settings import Settings
from intake.briefing import health
from intake.briefing.cases import (
    KnownCase,
    known_cases,
    late_lines,
    line_of,
    lines_in_state,
    other_versions,
    waiting_lines,
)
from intake.briefing.expected import roster_of, rosters
from intake.briefing.people import items_for_people
from intake.briefing.schedule import is_closing_day, sums_up
from intake.calls import Call
from intake.casework.standing import MERGED, WITHDRAWN
from intake.checks.attest import Attest
from intake.figures.charts import Chart, campaign_charts
from intake.figures.ledger_words import DECISIONS, STATES
from intake.figures.matter import CaseLine, DigestMatter, IgnoredLetter, WeekCounts
from intake.wording import clean_text, write_short_moment
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import View

_REASON_CHARACTERS = 60


class Briefings:
    """Gathers what digests tell over the records of one intake."""

    def __init__(
        self, calls: Mapping[str, Call], *, settings: Settings, dry_run: bool = False, demo: bool = False
    ) -> None:
        self._calls = calls
        self._settings = settings
        self._dry_run = dry_run
        self._demo = demo

    def matter(self, view: View, *, since_at: datetime | None, until_at: datetime) -> DigestMatter:
        """What happened from `since_at` (None: the beginning) to `until_at`, and how things stand."""
        start = since_at or datetime.min.replace(tzinfo=until_at.tzinfo)
        letters = view.letters.stored_between(start, until_at)
        cases = known_cases(view, self._calls)
        closes = [c.campaign.closes_at for c in self._calls.values() if c.campaign.closes_at is not None]
        ahead = [at for at in closes if at > until_at]
        closes_at = min(ahead) if ahead else max(closes, default=None)
        reminders = self._reminders(view, until_at)
        told = DigestMatter(
            written_at=until_at,
            since_at=since_at,
            zone=self._settings.timezone,
            campaigns=tuple(call.campaign.title for call in self._calls.values()),
            subject_tag=next(iter(self._calls.values())).campaign.tag,
            closes_at=closes_at,
            letters_new=len(letters),
            total_cases=sum(1 for case in cases if not case.record.test),
            needs_person=items_for_people(
                view, cases, self._calls, now_at=until_at, zone=self._settings.zone, page=self._settings.web.url
            ),
            new=_new(cases, letters, start),
            accepted=_accepted(cases, start),
            needs_fix=waiting_lines(cases, "needs_fix", reminded=reminders, zone=self._settings.timezone),
            waiting=waiting_lines(cases, "waiting", reminded=reminders, zone=self._settings.timezone),
            withdrawn=lines_in_state(cases, WITHDRAWN),
            late=late_lines(cases),
            reminded=tuple(self._reminded(view, cases, start, until_at)),
            decided=tuple(_decided(view, cases, start, until_at)),
            ignored=_ignored(view, letters),
            mail_counts=health.mail_counts(view),
            stuck_mail=health.stuck_mail(view),
            incidents=health.incidents(view, first_at=start, before_at=until_at),
            folders=health.folder_counts(view),
            attest=tuple(
                rule.what for call in self._calls.values() for rule in call.checks if isinstance(rule, Attest)
            ),
            notes=tuple(health.notes(view, self._calls, zone=self._settings.timezone, dry_run=self._dry_run)),
            demo=self._demo,
        )
        return self._with_figures(told, view, cases, ahead=ahead)

    def _with_figures(
        self, told: DigestMatter, view: View, cases: Sequence[KnownCase], *, ahead: Sequence[datetime]
    ) -> DigestMatter:
        """`told` with counts, pictures, rosters and the form it is of. `ahead`: the ends to come."""
        at, digest = told.written_at, self._settings.digest
        counted = [case for case in cases if self._settings.test_mode or not case.record.test]
        units, trouble = roster_of(self._settings.folder)
        records = {id_: [each.record for each in counted if each.call is call] for id_, call in self._calls.items()}
        day = at.astimezone(self._settings.zone).date()
        return replace(
            told,
            notes=(*told.notes, *([trouble] if trouble else ())),
            states=tuple(sorted(Counter(case.record.state for case in counted).items())),
            charts=_pictures(counted, zone=self._settings.timezone, at=at, closes_at=told.closes_at),
            rosters=rosters(view, records, self._calls, units, at=at, address=self._settings.mailbox.address),
            week=_week(view, counted, at) if sums_up(day, digest) else None,
            is_closing=is_closing_day(day, digest, zone=self._settings.zone, closes=ahead),
            polled_at=health.polled_at(view),
        )

    def _reminders(self, view: View, until_at: datetime) -> dict[int, datetime]:
        """By case, when its sender was last reminded."""
        ever = datetime.min.replace(tzinfo=until_at.tzinfo)
        return {
            mail.case_id: mail.sent_at
            for campaign in self._calls
            for mail in view.mailings.of_kind(campaign, "reminder", first_at=ever, before_at=until_at)
            if mail.sent_at is not None
        }

    def _reminded(
        self, view: View, cases: Sequence[KnownCase], first_at: datetime, before_at: datetime
    ) -> Iterator[CaseLine]:
        """A line for each case and reminder that left in this time."""
        by_id = {case.record.id: case for case in cases}
        for campaign in self._calls:
            for mail in view.mailings.of_kind(campaign, "reminder", first_at=first_at, before_at=before_at):
                if mail.sent_at is not None and mail.case_id in by_id:
                    yield line_of(
                        by_id[mail.case_id], note=f"{write_short_moment(mail.sent_at, self._settings.timezone)}已发提醒"
                    )


def _pictures(cases: Sequence[KnownCase], *, zone: str, at: datetime, closes_at: datetime | None) -> tuple[Chart, ...]:
    """Day by day up to the close, and by category; of cases that nobody took back."""
    standing = [case for case in cases if case.record.state not in (WITHDRAWN, MERGED)]
    complete = (case.judged_at for case in standing if case.record.state == "accepted" and case.judged_at is not None)
    opened = (case.record.opened_at for case in standing)
    counted = Counter((case.record.category, case.record.state) for case in standing)
    return campaign_charts(opened, complete, counted, zone=zone, now_at=at, closes_at=closes_at)


def _week(view: View, cases: Sequence[KnownCase], until_at: datetime) -> WeekCounts:
    week = timedelta(days=7)
    opened = [case.record.opened_at for case in cases]
    complete = [case.judged_at for case in cases if case.record.state == "accepted" and case.judged_at is not None]
    return WeekCounts(
        letters=view.figures.letters_between(until_at - week, until_at),
        opened=_within(opened, until_at - week, until_at),
        complete=_within(complete, until_at - week, until_at),
        opened_before=_within(opened, until_at - 2 * week, until_at - week),
        complete_before=_within(complete, until_at - 2 * week, until_at - week),
    )


def _within(times: Sequence[datetime], first_at: datetime, before_at: datetime) -> int:
    return sum(first_at <= at < before_at for at in times)


def _new(cases: Sequence[KnownCase], letters: Sequence[LetterRecord], start: datetime) -> tuple[CaseLine, ...]:
    opened = {letter.case_id for letter in letters}
    return tuple(
        line_of(case, note=STATES.get(case.record.state, ""))
        for case in cases
        if start <= case.record.opened_at and case.record.id in opened
    )


def _decided(view: View, cases: Sequence[KnownCase], first_at: datetime, before_at: datetime) -> Iterator[CaseLine]:
    """What named organizers decided, and who took back what; each reads of the others' decisions."""
    by_id = {case.record.id: case for case in cases}
    undone = view.orders.undone_decisions()
    for decision in view.ledger.decisions(since_at=first_at):
        case = by_id.get(decision.case_id)
        order = view.orders.order_of(decision.id)
        if case is not None and order is not None and order.state in ("done", "undone") and decision.at < before_at:
            what = " ".join(filter(None, (DECISIONS.get(decision.kind, decision.kind), decision.rule)))
            note = f"{decision.who}：{what}。{clean_text(decision.why, _REASON_CHARACTERS)}"
            if decision.id in undone:
                note = f"{note}（{undone[decision.id].who or '随后'}已撤销）"
            yield line_of(case, note=note)


def _accepted(cases: Sequence[KnownCase], start: datetime) -> tuple[CaseLine, ...]:
    return tuple(
        line_of(case, note=other_versions(case))
        for case in cases
        if case.record.verdict == "accepted" and case.judged_at is not None and case.judged_at >= start
    )


def _ignored(view: View, letters: Sequence[LetterRecord]) -> tuple[IgnoredLetter, ...]:
    mine = [letter for letter in letters if letter.ignored or letter.outcome == "quarantined"]
    answered = view.mailings.answered([letter.sha256 for letter in mine])
    return tuple(
        IgnoredLetter(
            sender=letter.from_name or letter.from_address or "",
            subject=letter.subject,
            reason=letter.ignored or letter.outcome,
            received_at=letter.received_at,
            answered=letter.sha256 in answered,
        )
        for letter in mine
    )
