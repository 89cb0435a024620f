"""`intake replay`: after rules or program changed, or a letter was put aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from intake.bootstrap import Records
from intake.cli.folder import records_of
from intake.cli.progress import sign_of_life
from intake.desks import Change
from intake.desks.correct import CorrectDesk, Proposal, Withheld
from intake.desks.replay import ReplayDesk
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES
from storage.unit_of_work import UnitOfWork


def replay_targets(folder: Path, targets: Sequence[str], *, apply: bool, answer: bool = False) -> int:
    """Show (or file, with `apply`) what a new reading of rules would say; put aside letters go back to the worker.

    `answer`: file it, and write to those who were told otherwise.
    """
    with records_of(folder) as records:
        desk = ReplayDesk(records.store, records.judge, clock=records.clock)
        letters, numbers, unknown = desk.sort(targets)
        if unknown:
            raise OperatorError(
                f"没有找到：{'、'.join(unknown)}。请写登记编号，或留存来信编号的前几位；什么都没有改动。"
            )
        for letter in letters:
            desk.bring_back(letter)
            print(f"来信 {letter[:12]} 已放回待处理，运行中的 intake run 会重新读取、登记和回复。")
        corrections = Corrections(records) if answer else None
        try:
            with sign_of_life("正在重新核对…"):
                changes = desk.compare(numbers, apply=apply or answer, tell=corrections)
        finally:
            written = corrections.note() if corrections is not None else 0
    print_changes(changes)
    if corrections is not None:
        corrections.say_withheld()
    if numbers or not letters:
        verb = "已登记新的结论，没有发信" if apply else "加 --apply 登记新的结论（不发信）"
        if answer:
            verb = f"已登记新的结论，{written}封更正说明已放入待发，运行中的 intake run 会发出"
        print(f"{len(changes)}个案例的核对结果会有不同。{verb}。" if changes else "核对结果没有不同。")
    return 0


def print_changes(changes: Sequence[Change]) -> None:
    """A line for each case that is judged otherwise."""
    for change in changes:
        before, after = (STATES.get(state or "", state or "无") for state in (change.before, change.after))
        print(
            f"{change.number}：{before} → {after}"
            + ("" if change.before != change.after else "（结论不变，具体内容有变化）")
        )


_WITHHELD: dict[Withheld, str] = {
    "unsent": "另有回信还没有发出，写的是原来的结论。可用 intake outbox list 查看；发出后再用 intake correct 更正",
    "by_hand": "已由工作人员自己答复，请人工告知",
    "untold": "没有发出过核对结果，无须更正",
    "as_told": "告知过的内容没有变化，无须更正",
}
_SHOWN_NUMBERS = 20


class Corrections:
    """Queues a correction for each case whose sender was told otherwise, in the unit of work that judges it anew."""

    def __init__(self, records: Records) -> None:
        self._desk = CorrectDesk(records.store, records.outbox, records.judge, records.calls, clock=records.clock)
        self._queued: list[Proposal] = []
        self._withheld: dict[Withheld, list[str]] = {}

    def __call__(self, work: UnitOfWork, number: str) -> None:
        """Queue it, if one is due; it is told of only when the unit of work came to its end."""
        proposal = self._desk.correct(work, number, since_at=datetime.min.replace(tzinfo=UTC))
        why = self._desk.withheld(work, number) if proposal is None else None

        def remember(committed: bool) -> None:
            if committed and proposal is not None:
                self._queued.append(proposal)
            elif committed and why is not None:
                self._withheld.setdefault(why, []).append(number)

        work.when_over(remember)

    def note(self) -> int:
        """Say what was queued, for the digest too; how many letters. Raises: StorageError."""
        self._desk.note(self._queued)
        for each in self._queued:
            print(f"{each.number} → {each.recipient}：更正说明已放入待发")
        return len(self._queued)

    def say_withheld(self) -> None:
        """Say of how many changed cases nobody is written to, which, and why; nothing when there is none."""
        for why, said in _WITHHELD.items():
            numbers = list(dict.fromkeys(self._withheld.get(why, ())))
            if numbers:
                more = "等" if len(numbers) > _SHOWN_NUMBERS else ""
                named = "、".join(numbers[:_SHOWN_NUMBERS])
                print(f"{len(numbers)}个案例没有写更正说明（{named}{more}）：{said}。")
