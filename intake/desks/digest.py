"""The day in one letter to the organizers.

Peer: the database. When a digest is due is read from the database, so one that could
not be written in time is written later, once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from config.settings import Settings
from intake.calls import Call
from intake.casework.sorting import COMPLAINT
from intake.casework.standing import MERGED, WITHDRAWN
from intake.checks.attest import Attest
from intake.deciding.access import answerable
from intake.edges.alarms import ALARMS, OVER, WATCHDOG, alarms_from_json
from intake.edges.clock import Clock
from intake.edges.mailbox_marks import FOUND_LATE
from intake.edges.outbox import CORRECTED, Outbox, new_token
from intake.edges.records import finding_from_json
from intake.figures import (
    CaseLine,
    DigestDraft,
    DigestMatter,
    FolderCount,
    HumanItem,
    IgnoredLetter,
    Incident,
    LinkLine,
    StuckMail,
    write_digest,
)
from intake.figures.alarm import name_alarm, name_desk
from intake.figures.links import cost_of_waiting, lines_of_findings, lines_of_shares
from intake.filing.unreached import unreached_items
from intake.ledger import LedgerCopy
from intake.model import Finding
from intake.replies import describe_finding
from intake.restraint import stopped
from intake.wording import clean_title
from parsers.facts import SharedFile
from storage.errors import StorageError
from storage.records import CaseRecord, EventRecord, LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

LAST_DIGEST = "last_digest_at"
"""Mark: up to when the last digest that was queued told."""

LISTED_STATES = ("queued", "retry_at", "held", "failed", "unknown", "sent")


@dataclass(frozen=True, slots=True)
class _Case:
    """A case with what its last judgement found."""

    record: CaseRecord
    call: Call
    findings: tuple[Finding, ...]
    judged_at: datetime | None

    def says(self, *severities: str) -> str:
        """Its findings of these severities in words for organizers; empty when none."""
        found = [f for f in self.findings if f.severity in severities]
        return "".join(describe_finding(f, self.call.language, self.call.letterhead) for f in found)


class DigestDesk:
    """Writes the digest when its time has come, and whenever it is asked for."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        settings: Settings,
        clock: Clock,
        dry_run: bool = False,
        demo: bool = False,
        enclose: Callable[[datetime], LedgerCopy | None] = lambda _at: None,
    ) -> None:
        """`enclose`: the masked ledger that goes with a digest written at a time; None when none goes."""
        self._enclose = enclose
        self._store = store
        self._outbox = outbox
        self._calls = calls
        self._settings = settings
        self._clock = clock
        self._dry_run = dry_run
        self._demo = demo

    def turn(self) -> bool:
        """Queue the digest when it is due; True when one was queued. Raises: StorageError."""
        now = self._clock.now()
        with self._store.read() as view:
            last = view.service.get_mark(LAST_DIGEST)
            first_run = view.service.get_mark("first_run_at")
        since = datetime.fromisoformat(last or first_run)
        if since > now:  # the clock was ahead: go on from now, or there would be none until then
            with self._store.write() as work:
                work.service.put_mark(LAST_DIGEST, now.isoformat())
            return False
        due = self._due_at(since)
        if due is None or now < due:
            return False
        return self.queue(since_at=datetime.fromisoformat(last) if last else None, until_at=now)

    def queue(self, *, since_at: datetime | None, until_at: datetime, scheduled: bool = True) -> bool:
        """Queue the digest for every recipient; False when there are none, or another process was quicker.

        What it tells, the letters and the mark are one transaction: nothing recorded meanwhile falls between
        this digest and the next. One that is not `scheduled` leaves the daily one to tell the same again.
        """
        call = next(iter(self._calls.values()))
        # Before the transaction: a workbook of thousands of cases takes seconds.
        enclosed = self._enclosed(until_at)
        with self._store.write() as work:
            if scheduled and work.service.get_mark(LAST_DIGEST) != (since_at.isoformat() if since_at else None):
                return False
            matter = self._matter(work, since_at, until_at)
            draft = write_digest(replace(matter, notes=(*matter.notes, enclosed.note)) if enclosed else matter)
            for recipient in self._settings.digest.recipients:
                token = new_token()
                self._outbox.put(
                    work,
                    answerable(draft, self._calls, recipient=recipient, token=token),
                    kind="digest",
                    token=token,
                    recipient=recipient,
                    sender_name=call.campaign.from_name,
                    at=until_at,
                    attachments=(enclosed.attachment,) if enclosed and enclosed.attachment else (),
                    held=self._dry_run,
                )
            if scheduled:
                work.service.put_mark(LAST_DIGEST, until_at.isoformat())
        log.info("digest_queued", recipients=len(self._settings.digest.recipients))
        return bool(self._settings.digest.recipients)

    def _enclosed(self, at: datetime) -> LedgerCopy | None:
        """The ledger, or why there is none. Raises: StorageError."""
        if not self._settings.digest.ledger or not self._settings.digest.recipients:
            return None
        try:
            return self._enclose(at)
        except StorageError:
            raise
        except Exception:
            # Nobody goes without the digest for the ledger's sake.
            log.exception("ledger_not_written")
            return LedgerCopy("台账这次没有写成，请在工作文件夹运行 intake ledger 台账.xlsx。")

    def write(self, *, since_at: datetime | None, until_at: datetime) -> DigestDraft:
        """The digest of what happened from `since_at` (None: the beginning) to `until_at`; nothing is queued."""
        with self._store.read() as view:
            matter = self._matter(view, since_at, until_at)
        return write_digest(matter)

    def _due_at(self, since: datetime) -> datetime | None:
        """The first digest time after `since`, on a listed weekday."""
        zone, digest = self._settings.zone, self._settings.digest
        day = since.astimezone(zone).date()
        for ahead in range(9):
            at = datetime.combine(day + timedelta(days=ahead), digest.at, zone)
            if at > since and at.isoweekday() in digest.weekdays:
                return at
        return None

    # --- what it tells

    def _matter(self, view: UnitOfWork, since_at: datetime | None, until_at: datetime) -> DigestMatter:
        start = since_at or datetime.min.replace(tzinfo=until_at.tzinfo)
        letters = view.letters.stored_between(start, until_at)
        cases = [self._case(view, record) for call in self._calls for record in view.cases.list(campaign=call)]
        closes = [c.campaign.closes_at for c in self._calls.values() if c.campaign.closes_at is not None]
        ahead = [at for at in closes if at > until_at]
        new = [case for case in cases if start <= case.record.opened_at and _opened_here(case, letters)]
        return DigestMatter(
            written_at=until_at,
            since_at=since_at,
            zone=self._settings.timezone,
            campaigns=tuple(call.campaign.title for call in self._calls.values()),
            subject_tag=next(iter(self._calls.values())).campaign.tag,
            closes_at=min(ahead) if ahead else max(closes, default=None),
            letters_new=len(letters),
            total_cases=sum(1 for case in cases if not case.record.test),
            needs_person=tuple(self._needs_person(view, cases, now_at=until_at)),
            new=tuple(_line(case, note=_STATES.get(case.record.state, "")) for case in new),
            accepted=tuple(
                _line(case, note=_other_versions(case))
                for case in cases
                if case.record.verdict == "accepted" and case.judged_at is not None and case.judged_at >= start
            ),
            needs_fix=tuple(_line(c, note=c.says("fix")) for c in cases if c.record.state == "needs_fix"),
            waiting=tuple(_line(case, note="等候后续材料") for case in cases if case.record.state == "waiting"),
            withdrawn=tuple(_line(case) for case in cases if case.record.state == WITHDRAWN),
            late=tuple(_line(case, note=_said_late(case)) for case in cases if _said_late(case)),
            reminded=tuple(self._reminded(view, cases, start, until_at)),
            ignored=tuple(
                _ignored(view, letter) for letter in letters if letter.ignored or letter.outcome == "quarantined"
            ),
            mail_counts=tuple(
                (state, count)  # type: ignore[misc]  # the states listed are the closed list of the digest
                for state, count in view.outgoing.count_by_state().items()
                if state in LISTED_STATES
            ),
            stuck_mail=tuple(self._stuck(view)),
            incidents=tuple(_incident(event) for event in view.service.events(since_at=start, before_at=until_at)),
            folders=tuple(
                FolderCount(
                    name=count.folder,
                    on_server=count.messages,
                    recorded=count.live,
                    gone=count.gone,
                    before_opening=count.outcomes.get("before_opening", 0),
                    rematching=count.state == "rematching",
                )
                for count in view.figures.folders()
                if count.current and count.role != "sent"
            ),
            attest=tuple(
                rule.what for call in self._calls.values() for rule in call.checks if isinstance(rule, Attest)
            ),
            notes=tuple(self._notes(view)),
            demo=self._demo,
        )

    def _case(self, view: UnitOfWork, record: CaseRecord) -> _Case:
        judgement = view.cases.last_judgement(record.id)
        return _Case(
            record=record,
            call=self._calls[record.campaign],
            findings=tuple(finding_from_json(found) for found in judgement.findings) if judgement is not None else (),
            judged_at=judgement.at if judgement is not None else None,
        )

    def _needs_person(self, view: UnitOfWork, cases: Sequence[_Case], *, now_at: datetime) -> list[HumanItem]:
        items = [
            HumanItem(
                what=f"{case.record.number} 《{case.record.title}》",
                reason=case.says("human"),
                evidence=next((f.evidence for f in case.findings if f.severity == "human" and f.evidence), ""),
                how=f"intake cases show {case.record.number} 查看；通过：intake cases pass {case.record.number} --by 姓名 --why 理由",
                # What is objected to is a fix request that may cost the submitter the deadline.
                cost="deadline" if any(finding.code == "disputed" for finding in case.findings) else "submitter",
            )
            for case in cases
            if any(finding.severity == "human" for finding in case.findings)
            and case.record.state not in ("accepted", WITHDRAWN, MERGED)
        ]
        items += unreached_items(view)
        items += _links_of_cases(cases, now_at=now_at)
        for letter in view.letters.for_person():
            if letter.ignored == "dispute":
                continue  # told with its case
            lines = (letter.evidence or {}).get("lines", [])
            links = self._links_of(letter)
            items.append(
                HumanItem(
                    what=f"{letter.from_name or letter.from_address or '未知发件人'}：{letter.subject or '（无主题）'}",
                    reason="；".join(lines[:2]),
                    how=_how_to_settle(letter),
                    cost="complaint" if COMPLAINT in lines else cost_of_waiting(links, now_at=now_at),
                    links=links,
                )
            )
        items += [
            HumanItem(
                what=f"{letter.from_name or letter.from_address or '未知发件人'}：{letter.subject or '（无主题）'}",
                reason=letter.reason or "系统处理这封来信时出现异常，原件已留存",
                how=f"请先在邮箱中查看；程序更新后可运行 intake replay {letter.sha256[:12]}",
                cost="deadline",
            )
            for letter in view.letters.by_outcome("quarantined")
        ]
        return items + self._without_body(view)

    def _reminded(
        self, view: UnitOfWork, cases: Sequence[_Case], first_at: datetime, before_at: datetime
    ) -> list[CaseLine]:
        """A line for each case and reminder that left in this time."""
        by_id = {case.record.id: case for case in cases}
        return [
            _line(by_id[mail.case_id], note=f"{self._moment(mail.sent_at)}已发提醒")
            for campaign in self._calls
            for mail in view.mailings.of_kind(campaign, "reminder", first_at=first_at, before_at=before_at)
            if mail.sent_at is not None and mail.case_id in by_id
        ]

    def _links_of(self, letter: LetterRecord) -> tuple[LinkLine, ...]:
        """What a letter without a case links to."""
        call = self._calls.get(letter.campaign or "")
        stored = (letter.evidence or {}).get("links", [])
        if call is None:
            return ()
        return lines_of_shares((SharedFile.model_validate(link) for link in stored), name_of=_provider_names(call))

    def _without_body(self, view: UnitOfWork) -> list[HumanItem]:
        """Letters the server lists but does not hand out: nobody knows what they hold."""
        found = [
            sighting
            for folder in view.folders.all()
            for sighting in view.sightings.body_unavailable(folder.account, folder.folder, folder.uidvalidity)
        ]
        return [
            HumanItem(
                what=f"{sighting.folder}：{self._moment(sighting.internal_at or sighting.first_seen_at)}收到的一封来信",
                reason="邮箱服务器没有给出这封信的正文，系统会定时再取",
                how="请在网页邮箱中打开查看。",
                cost="deadline",
            )
            for sighting in found
        ]

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self._settings.zone)
        return f"{local.month}月{local.day}日{local:%H:%M}"

    def _stuck(self, view: UnitOfWork) -> list[StuckMail]:
        return [
            StuckMail(to_address=mail.to_address, subject=mail.subject, state=mail.state, why=mail.last_error)  # type: ignore[arg-type]  # one of those below
            for state in ("failed", "unknown", "held")
            for mail in view.outgoing.by_state(state, limit=50)
        ]

    def _notes(self, view: UnitOfWork) -> list[str]:
        notes = [
            f"报警：{name_alarm(alarm.kind)}，自{self._moment(alarm.since_at)}起尚未恢复。"
            for alarm in alarms_from_json(view.service.get_mark(ALARMS))
        ]
        if (held := stopped(view)) is not None:
            notes.append(
                f"回信自{self._moment(held.since_at)}起暂停：{held.why}。核对后运行 intake outbox release 放行。"
            )
        if view.service.get_mark("paused"):
            notes.append("发信已暂停：运行 intake resume 继续。")
        if self._dry_run:
            notes.append("当前为试运行：只核对登记，不发信。")
        for call in self._calls.values():
            stale = view.cases.count_judged_otherwise(call.campaign.id, rules_hash=call.campaign.sha256)
            if stale:
                notes.append(f"活动文件已改动，{stale}个案例是按改动前的规则核对的：运行 intake replay 查看差别。")
        return notes


def _how_to_settle(letter: LetterRecord) -> str:
    if letter.ignored != "unconfirmed":
        return "请在邮箱中查看并答复这封来信。"
    which, who = letter.sha256[:12], "--by 姓名 --why 理由"
    return f"并入案例：intake letters admit {which} 登记编号 {who}；不并入：intake letters leave {which} {who}"


def _links_of_cases(cases: Sequence[_Case], *, now_at: datetime) -> list[HumanItem]:
    """One item for each case whose material is still behind links."""
    return [
        HumanItem(
            what=f"{case.record.number} {clean_title(case.record.title) or case.record.unit}",
            reason="材料以链接形式发送，系统不下载；已请报送单位补发附件，链接到期前可先下载备查",
            how=f"补来附件后本项自动消除；查看后认可：intake cases pass {case.record.number} --by 姓名 --why 理由",
            cost=cost_of_waiting(links, now_at=now_at),
            links=links,
        )
        for case in cases
        if (links := lines_of_findings(case.findings, name_of=_provider_names(case.call)))
    ]


def _provider_names(call: Call) -> Callable[[str], str]:
    return lambda provider: call.language.say(f"provider.{provider}")


def _opened_here(case: _Case, letters: Sequence[LetterRecord]) -> bool:
    return any(letter.case_id == case.record.id for letter in letters)


def _line(case: _Case, *, note: str = "") -> CaseLine:
    record = case.record
    suggested = next((f.values.get("suggestion") for f in case.findings if f.code == "category_not_chosen"), None)
    return CaseLine(
        number=record.number,
        title=record.title,
        unit=record.unit or None,
        category=record.category,
        suggestion=str(suggested) if suggested else None,
        received_at=record.opened_at,
        note=note,
    )


def _said_late(case: _Case) -> str:
    return _told(case, {"late"})


def _other_versions(case: _Case) -> str:
    """Which of several versions stands, when one is kept beside it."""
    return _told(case, {"newer_kept", "newer_incomplete", "newer_incomplete_yet"})


def _told(case: _Case, codes: Collection[str]) -> str:
    found = [finding for finding in case.findings if finding.code in codes]
    return "".join(describe_finding(f, case.call.language, case.call.letterhead) for f in found)


def _ignored(view: UnitOfWork, letter: LetterRecord) -> IgnoredLetter:
    return IgnoredLetter(
        sender=letter.from_name or letter.from_address or "",
        subject=letter.subject,
        reason=letter.ignored or letter.outcome,
        received_at=letter.received_at,
        answered=bool(view.outgoing.of_letter(letter.sha256)),
    )


_STATES = {
    "accepted": "材料齐全",
    "needs_fix": "待补充完善",
    "needs_human": "待人工核对",
    "waiting": "等候后续材料",
    "withdrawn": "报送单位已撤回",
    "merged": "已并入别的案例",
}


def _incident(event: EventRecord) -> Incident:
    desk = name_desk(event.desk)
    if event.desk == WATCHDOG:
        over = event.kind.endswith(OVER)
        return Incident(at=event.at, what=name_alarm(event.kind.removesuffix(OVER)), recovered=over, advice=event.text)
    if event.kind == "recovered":
        return Incident(at=event.at, what=f"{desk}已恢复正常", recovered=True)
    if event.kind == FOUND_LATE:
        return Incident(at=event.at, what="例行核对时补收了来信", recovered=True, advice=f"{event.text}。")
    if event.kind == CORRECTED:
        return Incident(at=event.at, what="发出了更正说明", recovered=True, advice=f"{event.text}。")
    return Incident(at=event.at, what=f"{desk}出现故障", advice=event.text)
