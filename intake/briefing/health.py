"""How the service is: what broke and recovered, what was sent and was not, whether every letter is on record.

Peer: the caller's view of the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from intake.calls import Call
from intake.edges.alarms import ALARMS, OVER, WATCHDOG, alarms_from_json
from intake.edges.mailbox_marks import FOUND_LATE
from intake.edges.outbox import CORRECTED
from intake.figures.alarm import name_alarm, name_desk
from intake.figures.matter import FolderCount, Incident, MailState, StuckMail
from intake.restraint import BY_HAND, paused, stopped
from intake.wording import clean_line, write_short_moment
from storage.records.running import EventRecord
from storage.unit_of_work import View

_LISTED_STATES: tuple[MailState, ...] = ("queued", "retry_at", "held", "failed", "unknown", "sent")
_STUCK_STATES: tuple[MailState, ...] = ("failed", "unknown", "held")
_STUCK_SHOWN = 50


def mail_counts(view: View) -> tuple[tuple[MailState, int], ...]:
    """How many letters of ours are in each state that is told."""
    counts = view.outgoing.count_by_state()
    return tuple((state, counts[state]) for state in _LISTED_STATES if counts.get(state))


def stuck_mail(view: View) -> tuple[StuckMail, ...]:
    """Letters of ours that did not simply go out, some of each state."""
    return tuple(
        StuckMail(to_address=mail.to_address, subject=mail.subject, state=state, why=mail.last_error)
        for state in _STUCK_STATES
        for mail in view.mailings.in_state(state, limit=_STUCK_SHOWN)
    )


def incidents(view: View, *, first_at: datetime, before_at: datetime) -> tuple[Incident, ...]:
    """Failures and recoveries of this time, oldest first."""
    return tuple(_incident(event) for event in view.service.events(since_at=first_at, before_at=before_at))


def polled_at(view: View) -> datetime | None:
    """When every watched folder had been looked at; None when there is none."""
    return min((folder.looked_at for folder in view.folders.all() if folder.role != "sent"), default=None)


def folder_counts(view: View) -> tuple[FolderCount, ...]:
    """The completeness equation of each folder that is watched, by name."""
    return tuple(
        FolderCount(
            name=count.folder,
            on_server=count.messages,
            recorded=count.live,
            gone=count.gone - count.out_of_window,
            out_of_window=count.out_of_window,
            before_opening=count.outcomes.get("before_opening", 0),
            rematching=count.state == "rematching",
        )
        for count in view.figures.folders()
        if count.current and count.role != "sent"
    )


def notes(view: View, calls: Mapping[str, Call], *, zone: str, dry_run: bool) -> Iterator[str]:
    """States of the service worth a line."""
    for alarm in alarms_from_json(view.service.get_mark(ALARMS)):
        yield f"报警：{name_alarm(alarm.kind)}，自{write_short_moment(alarm.since_at, zone)}起尚未恢复。"
    if (held := stopped(view)) is not None:
        yield f"回信自{write_short_moment(held.since_at, zone)}起暂停：{held.why}。核对后在网页“发信”里放行，或运行 intake outbox release。"
    if (pause := paused(view)) is not None:
        by = "：".join(filter(None, (clean_line(pause.by), clean_line(pause.why))))
        since = write_short_moment(pause.since_at, zone)
        yield f"发信自{since}起暂停{f'（{by}）' if by else ''}：在网页“发信”里恢复，或运行 intake resume。"
    if dry_run:
        yield "当前为试运行：只核对登记，不发信。"
    for call in calls.values():
        stale = view.cases.count_judged_otherwise(call.campaign.id, rules_hash=call.campaign.sha256)
        if stale:
            yield f"活动文件已改动，{stale}个案例是按改动前的规则核对的：运行 intake replay 查看差别。"


def _incident(event: EventRecord) -> Incident:
    desk = name_desk(event.desk)
    if event.desk == WATCHDOG:
        over = event.kind.endswith(OVER)
        return Incident(at=event.at, what=name_alarm(event.kind.removesuffix(OVER)), recovered=over, advice=event.text)
    if event.kind == "recovered":
        return Incident(at=event.at, what=f"{desk}已恢复正常", recovered=True)
    if event.kind == BY_HAND:
        return Incident(at=event.at, what="人工调整发信", is_trouble=False, advice=f"{clean_line(event.text, 400)}。")
    if event.kind == CORRECTED:
        return Incident(at=event.at, what="发出了更正说明", recovered=True, advice=f"{event.text}。")
    if event.kind == FOUND_LATE:
        return Incident(at=event.at, what="例行核对时补收了来信", recovered=True, advice=f"{event.text}。")
    return Incident(at=event.at, what=f"{desk}出现故障", advice=event.text)
