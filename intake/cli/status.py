"""`intake status`: the house at a glance."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from intake.bootstrap import Records, make_remind_desk, who_works
from intake.cli.folder import records_of
from intake.cli.tables import plain
from intake.edges.alarms import ALARMS, LAST_POLL, OVER, WATCHDOG, alarms_from_json
from intake.edges.letters_to_reread import outdated_letters
from intake.figures.alarm import name_alarm, name_desk
from intake.figures.completeness import say_gone
from intake.figures.ledger_words import MAIL_STATES, OUTCOMES, STATES, UNFETCHED
from intake.restraint import paused, stopped
from storage.records.running import EventRecord
from storage.unit_of_work import UnitOfWork

LETTER_OUTCOMES = OUTCOMES | UNFETCHED

_WITHOUT_WORDS = {"recovered": "已恢复", "restored": "已从备份恢复", "mail_failed": "有去信没有发出"}
"""Events that are told by their kind."""


def show_status(folder: Path) -> int:
    """Print it; exit status 0."""
    with records_of(folder) as records, records.store.read() as view:
        print(f"邮箱：{records.settings.mailbox.address}")
        _print_worker(view, records)
        _print_cases(view, records)
        _print_counts("来信", view.figures.letters_by_outcome(), LETTER_OUTCOMES)
        _print_counts("去信", view.outgoing.count_by_state(), MAIL_STATES)
        _print_waiting_mail(view, records)
        _print_reminders(view, records)
        _print_completeness(view)
        _print_outdated(records)
    return 0


def _print_worker(view: UnitOfWork, records: Records) -> None:
    last = max((beat.at for beat in view.service.heartbeats()), default=None)
    host = who_works(records, view)
    runs = "没有在运行（intake run 启动）" if host is None else f"在 {host} 上运行" if host else "运行中"
    shown = f"，最近一次活动 {last.astimezone(records.settings.zone):%m月%d日 %H:%M}" if last is not None else ""
    print(f"收件程序：{runs}{shown}")
    for alarm in alarms_from_json(view.service.get_mark(ALARMS)):
        since = alarm.since_at.astimezone(records.settings.zone)
        print(f"报警：{name_alarm(alarm.kind)}（自 {since:%m月%d日 %H:%M} 起，尚未恢复）{alarm.detail}")
    last_poll = view.service.get_mark(LAST_POLL)
    if last_poll is not None:
        print(f"最近一次查收成功：{datetime.fromisoformat(last_poll).astimezone(records.settings.zone):%m月%d日 %H:%M}")
    held = paused(view)
    if held is not None:
        since = held.since_at.astimezone(records.settings.zone)
        by = "：".join(filter(None, (plain(held.by), plain(held.why))))
        print(f"发信：自 {since:%m月%d日 %H:%M} 起暂停（{by + '；' if by else ''}intake resume 恢复）")
    print(
        f"回复范围：{records.answer_from.astimezone(records.settings.zone):%Y年%m月%d日 %H:%M} 以后收到的来信；更早的照常登记，回信暂缓"
    )
    for event in view.service.events(since_at=records.clock.now() - timedelta(days=1))[-5:]:
        at = f"{event.at.astimezone(records.settings.zone):%m-%d %H:%M}"
        print(f"  {at}  {_desk_and_what(event)}")


def _desk_and_what(event: EventRecord) -> str:
    if event.desk == WATCHDOG:
        what = name_alarm(event.kind.removesuffix(OVER))
        return f"已恢复：{what}" if event.kind.endswith(OVER) else f"报警：{what}"
    return f"{name_desk(event.desk)}：{event.text or _WITHOUT_WORDS.get(event.kind, event.kind)}"


def _print_cases(view: UnitOfWork, records: Records) -> None:
    for call in records.calls.values():
        print(f"\n{call.campaign.title}")
        _print_counts("案例", view.figures.cases_by_state(call.campaign.id), STATES)
        stale = view.cases.count_judged_otherwise(call.campaign.id, rules_hash=call.campaign.sha256)
        if stale:
            print(
                f"  活动文件改动过：{stale}个案例是按改动前的规则核对的。查看差别：intake replay；登记新结论：intake replay --apply"
            )


def _print_counts(title: str, counts: dict[str, int], words: dict[str, str]) -> None:
    total = sum(counts.values())
    parts = [f"{words.get(name, name)} {count}" for name, count in counts.items() if count]
    print(f"{title}：共 {total}" + (f"（{'，'.join(parts)}）" if parts else ""))


def _print_waiting_mail(view: UnitOfWork, records: Records) -> None:
    """What is to leave yet, and what keeps it: the breaker, mail that came back, a day's ceiling."""
    states = view.outgoing.count_by_state()
    waiting = states.get("queued", 0) + states.get("retry_at", 0)
    if waiting:
        print(f"尚有{waiting}封待发（先发补充提示，再发核对通知、回执和其他）")
    held = stopped(view)
    if held is not None:
        since = held.since_at.astimezone(records.settings.zone)
        print(f"回信：自 {since:%m月%d日 %H:%M} 起暂停，{held.why}（核对后运行 intake outbox release 放行）")
    unreached = list(dict.fromkeys(bounce.address for bounce in view.bounces.open()))
    if unreached:
        print(
            f"退信：{len(unreached)}个地址暂不发信（{'、'.join(unreached[:5])}{' 等' if len(unreached) > 5 else ''}）"
        )
    together = view.deferrals.count_waiting()
    if together:
        print(f"合并答复：{together}封来信等候合并答复")


def _print_reminders(view: UnitOfWork, records: Records) -> None:
    if not any(call.campaign.reminders.days for call in records.calls.values()):
        print("提醒：未启用")
        return
    at = make_remind_desk(records).next_at(view)
    if at is None:
        print("提醒：目前没有要提醒的")
    else:
        print(f"提醒：下一次在 {at.astimezone(records.settings.zone):%m月%d日 %H:%M} 以后（此前补来的不再提醒）")


def _print_completeness(view: UnitOfWork) -> None:
    for folder in view.figures.folders():
        if not folder.current or folder.role == "sent":
            continue
        holds = folder.messages == folder.live
        gone = say_gone(folder.gone - folder.out_of_window, folder.out_of_window)
        mark = "全部已登记" if holds else f"！登记了 {folder.live} 封，不相符，请运行 intake doctor"
        print(f"{folder.folder}：邮箱现有 {folder.messages} 封{gone}，{mark}")


def _print_outdated(records: Records) -> None:
    outdated = len(outdated_letters(records.store, records.readings))
    if outdated:
        print(f"{outdated}封来信是用较早的读取程序读的。重新读取会有什么不同：intake replay --reread")
