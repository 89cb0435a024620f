"""`intake replay --reread`: after the program learned to read more, or a program it reads with was installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intake import bootstrap
from intake.bootstrap import Records, make_reread_desk
from intake.cli.folder import records_of
from intake.cli.progress import progress_of
from intake.cli.replay import Corrections, print_changes
from intake.desks.reread import Reread, RereadDesk
from intake.errors import OperatorError

SHOWN = 20
"""Letters that could not be read are named up to so many."""


def reread_letters(
    folder: Path, targets: Sequence[str], *, apply: bool, answer: bool = False, everything: bool = False
) -> int:
    """Read stored letters anew and show (or keep, with `apply`) what is judged otherwise.

    Those read by earlier readers; with `everything` all of them; with `targets` those of these cases, and these letters.
    `answer`: keep it, write to those who were told otherwise, and let letters that can be filed now be filed.
    """
    apply = apply or answer
    with records_of(folder) as records:
        executor = bootstrap.make_offline_executor()
        try:
            desk = make_reread_desk(records, executor)
            wanted = _wanted(desk, targets, apply=apply, everything=everything)
            done = Reread()
            if wanted:
                done = _read(records, desk, wanted, apply=apply, answer=answer, afresh=everything or bool(targets))
            else:
                print("没有需要重新读取的来信。")
            if everything and apply:
                desk.all_done()
        finally:
            executor.close()
    return 1 if done.left else 0


def _wanted(desk: RereadDesk, targets: Sequence[str], *, apply: bool, everything: bool) -> tuple[str, ...]:
    if not targets:
        return desk.all(apply=apply) if everything else desk.outdated()
    wanted, unknown = desk.named(targets)
    if unknown:
        raise OperatorError(f"没有找到：{'、'.join(unknown)}。请写登记编号，或来信编号的前几位；什么都没有改动。")
    return wanted


def _read(
    records: Records, desk: RereadDesk, wanted: Sequence[str], *, apply: bool, answer: bool, afresh: bool
) -> Reread:
    corrections = Corrections(records) if answer else None
    written = 0
    try:
        with progress_of("正在重新读取来信") as progress:
            done = desk.read(wanted, apply=apply, afresh=afresh, bring_back=answer, tell=corrections, progress=progress)
    finally:
        written = corrections.note() if corrections is not None else 0
    print_changes(done.changes)
    for sha256 in done.new:
        print(f"来信 {sha256[:12]}：现在可以读取并登记")
    print(f"重新读取了{done.letters}封来信。{_say_found(done, apply=apply, answer=answer, written=written)}")
    if corrections is not None:
        corrections.say_withheld()
    if done.left:
        named = "、".join(sha256[:12] for sha256 in done.left[:SHOWN])
        more = "等" if len(done.left) > SHOWN else ""
        print(f"另有{len(done.left)}封这次没能读完，仍按原来读到的内容：{named}{more}。可稍后再运行一次。")
    return done


def _say_found(done: Reread, *, apply: bool, answer: bool, written: int) -> str:
    if not done.changes and not done.new:
        return "核对结果没有不同。" if not apply else "核对结果没有不同，新读到的内容已存下。"
    found = [f"{len(done.changes)}个案例的核对结果有不同"] * bool(done.changes)
    found += [f"{len(done.new)}封未登记的来信现在可以登记"] * bool(done.new)
    said = f"{'，'.join(found)}。"
    if answer:
        queued = f"，{written}封更正说明已放入待发" if written else ""
        back = "，可以登记的来信已放回待处理" if done.new else ""
        return f"{said}已登记{queued}{back}，其余由运行中的 intake run 完成。"
    if apply:
        rest = "；可以登记的来信写明来信编号并加 --answer 放回处理" if done.new else ""
        return f"{said}已登记新的结论，没有发信{rest}。"
    return f"{said}加 --apply 登记（不发信），加 --answer 登记并发更正说明。"
