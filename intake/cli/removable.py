"""`intake removable`: letters a person may delete from the mailbox to make room, since all of them is kept here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from intake.bootstrap import Records
from intake.cli.backup import LAST_BACKUP
from intake.cli.folder import records_of
from intake.cli.tables import print_table
from intake.errors import OperatorError
from storage.records.correspondence import LetterRecord
from storage.records.mailbox import SightingRecord

SETTLED = frozenset({"filed", "not_a_submission"})
"""What became of letters nobody need look at in the mailbox any more."""


def list_removable(folder: Path, *, most: int) -> int:
    """List the largest of them, each read again and compared with its hash; exit status 0. Raises: OperatorError."""
    with records_of(folder) as records:
        with records.store.read() as view:
            backed_up = view.service.get_mark(LAST_BACKUP)
            if backed_up is None:
                raise OperatorError(
                    "还没有备份过，所以没有可以放心删除的来信。请先运行 intake backup 备份到另一块硬盘。"
                )
            backup_at = datetime.fromisoformat(backed_up)
            kept = [
                (sighting, letter)
                for sighting in view.sightings.showing_letters(records.settings.mailbox.address)
                if (letter := view.letters.get(sighting.letter_sha256 or "")) is not None
                and letter.outcome in SETTLED
                and letter.stored_at < backup_at
            ]
            chosen = [(s, a, _case_of(view.cases.get(a.case_id) if a.case_id else None)) for s, a in kept[:most]]
        rows = list(_rows(records, chosen))
        zone = records.settings.zone
        _print(rows, left=len(kept) - len(chosen), backup=f"{backup_at.astimezone(zone):%m月%d日 %H:%M}")
    return 0


def _case_of(case: object) -> str:
    return getattr(case, "number", "")


def _rows(records: Records, chosen: list[tuple[SightingRecord, LetterRecord, str]]) -> Iterator[tuple[object, ...]]:
    zone = records.settings.zone
    for sighting, letter, number in chosen:
        if not records.letters.holds(letter.sha256) or not records.letters.verify(letter.sha256):
            continue
        received = f"{letter.received_at.astimezone(zone):%m-%d %H:%M}"
        size = f"{letter.size_bytes / 1e6:.1f}"
        yield sighting.folder, received, letter.from_address or "", letter.subject, number, size


def _print(rows: list[tuple[object, ...]], *, left: int, backup: str) -> None:
    if not rows:
        print(f"没有可以放心删除的来信：{backup}备份以前收到、已登记的来信都已不在邮箱里。")
        return
    print_table("可从邮箱删除的来信", ("文件夹", "收到", "发件人", "主题", "登记编号", "大小（MB）"), rows)
    total = sum(float(str(row[-1])) for row in rows)
    print(f"共{len(rows)}封，{total:.1f} MB；原件都已留存、逐封核对过校验码，并且在{backup}的备份里。")
    if left:
        print(f"另有{left}封较小的没有列出，可用 --most 多列一些。")
    print("请在网页邮箱里删除，并清空“已删除”。系统自己从不删信；删除后登记和答复都不受影响。")
