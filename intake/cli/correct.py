"""`intake correct`: letters that put right what earlier ones said, shown before they go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.bootstrap import Records
from intake.cli.folder import records_of
from intake.cli.progress import sign_of_life
from intake.desks.correct import CorrectDesk, Proposal
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES

_RULE = "─" * 40
_SHOWN_NUMBERS = 20


def correct_answers(folder: Path, numbers: Sequence[str], *, since: str, why: str, send: bool) -> int:
    """Show every correction, or queue them with `send`. Exit status 0. Raises: OperatorError, ConfigError, StorageError."""
    wanted = [number.strip().upper() for number in numbers]
    with records_of(folder) as records:
        since_at = _time(since, records.settings.zone)
        _refuse_unknown(records, wanted)
        desk = CorrectDesk(records.store, records.outbox, records.judge, records.calls, clock=records.clock)
        with sign_of_life("正在对照发出的回信…"):
            survey = desk.look(since_at=since_at, numbers=wanted, why=why)
        if send:
            named = [each.number for each in survey.proposals]
            queued = desk.send(since_at=since_at, numbers=named, why=why)
            for each in queued:
                print(f"{each.number} → {each.recipient}：更正说明已放入待发")
            print(f"{len(queued)}封更正说明，运行中的 intake run 会发出。" if queued else "没有需要更正的回信。")
        else:
            for each in survey.proposals:
                _print(each)
            _sum_up(len(survey.proposals))
    if survey.unsent:
        listed = "、".join(survey.unsent[:_SHOWN_NUMBERS])
        print(
            f"{len(survey.unsent)}个案例另有回信还没有发出，没有更正：{listed}。"
            "请先用 intake outbox list 查看，放行或取消后再运行一次。"
        )
    return 0


def _print(proposal: Proposal) -> None:
    before, after = (STATES.get(state, state) for state in (proposal.before, proposal.after))
    print(f"{_RULE}\n{proposal.number}：{before} → {after}，发给 {proposal.recipient}\n{_RULE}")
    print(f"{proposal.draft.subject}\n\n{proposal.draft.text}")


def _sum_up(count: int) -> None:
    print(
        f"以上{count}封更正说明还没有发出，也没有登记。确认无误后，加上 --send 再运行一次；只发其中几封的，写明登记编号。"
        if count
        else "没有需要更正的回信。"
    )


def _refuse_unknown(records: Records, numbers: Sequence[str]) -> None:
    with records.store.read() as view:
        unknown = [number for number in numbers if view.cases.by_number(number) is None]
    if unknown:
        raise OperatorError(f"没有找到：{'、'.join(unknown)}。请用 intake cases list 查看登记编号；什么都没有改动。")


def _time(written: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise OperatorError(f'看不懂时间“{written[:40]}”。请写成 "2022-12-19" 或 "2022-12-19 08:00"。') from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
