"""`intake quarantine …`: letters put aside because something broke."""

from __future__ import annotations

from pathlib import Path

from intake.cli.folder import records_of
from intake.cli.tables import print_table
from intake.errors import OperatorError


def list_quarantine(folder: Path) -> int:
    """List them, oldest first; exit status 0."""
    with records_of(folder) as records, records.store.read() as view:
        zone = records.settings.zone
        rows = [
            (
                letter.sha256[:12],
                f"{letter.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
                letter.from_address,
                letter.subject,
                letter.reason,
            )
            for letter in view.letters.by_outcome("quarantined")
        ]
    if not rows:
        print("没有留存待查的来信。")
        return 0
    print_table("留存待查的来信", ("编号", "收到", "发件人", "主题", "原因"), rows)
    print("查看详情：intake quarantine show 编号；重新处理：intake replay 编号")
    return 0


def show_quarantined(folder: Path, prefix: str) -> int:
    """What broke on one of them, and where its original lies; exit status 0."""
    with records_of(folder) as records:
        with records.store.read() as view:
            found = [letter for letter in view.letters.by_outcome("quarantined") if letter.sha256.startswith(prefix)]
        if len(found) != 1:
            raise OperatorError(f"留存来信中没有唯一以“{prefix}”开头的编号。请用 intake quarantine list 查看。")
        letter = found[0]
        print(f"编号：{letter.sha256}")
        print(f"发件人：{letter.from_address or '未知'}\n主题：{letter.subject}\n原因：{letter.reason}")
        print(f"原件：{records.letters.path(letter.sha256)}")
        print(f"\n以下供技术人员查看：\n{letter.traceback or ''}")
    return 0
