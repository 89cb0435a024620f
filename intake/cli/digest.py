"""`intake digest`: the day on demand."""

from __future__ import annotations

from datetime import date as calendar_date
from datetime import datetime, time, timedelta
from pathlib import Path

from intake.bootstrap import make_digest_desk
from intake.cli.folder import records_of
from intake.cli.progress import sign_of_life
from intake.errors import OperatorError


def make_digest(folder: Path, *, date: str, only_print: bool) -> int:
    """Print or queue the digest of a day; exit status 0."""
    with records_of(folder) as records:
        zone, now = records.settings.zone, records.clock.now()
        try:
            day = calendar_date.fromisoformat(date) if date else now.astimezone(zone).date()
        except ValueError:
            raise OperatorError(f"看不懂日期“{date[:40]}”。请写成 2022-12-06。") from None
        start = datetime.combine(day, time.min, zone)
        end = min(start + timedelta(days=1), now)
        if end <= start:
            raise OperatorError(f"{date} 还没有到。请写今天或以前的日期。")
        desk = make_digest_desk(records)
        if only_print:
            with sign_of_life("正在汇总…"):
                text = desk.write(since_at=start, until_at=end).text
            print(text)
            return 0
        if not records.settings.digest.recipients:
            raise OperatorError(
                "还没有写明简报发给谁。请在 intake.toml 的 [digest] 里填写 recipients，或加 --print 只显示。"
            )
        with sign_of_life("正在汇总…"):
            desk.queue(since_at=start, until_at=end, scheduled=False)
        print(f"简报已放入待发：{'、'.join(records.settings.digest.recipients)}。运行中的 intake run 会发出。")
        return 0
