"""`intake purge`: personal data of campaigns long over, removed for good."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from intake.cli.folder import records_of
from intake.cli.progress import sign_of_life
from intake.desks.purge import PurgeDesk, age
from intake.errors import OperatorError
from intake.wording import CHINESE_DATES


def purge(folder: Path, *, older_than: str, campaign: str, yes: bool) -> int:
    """Show what would go, or with `yes` remove it; exit status 0. Raises: OperatorError, StorageError."""
    span = age(older_than)
    if span is None:
        raise OperatorError(f"“{older_than[:20]}”不是时长。请写成 2y（两年）、18m（18个月，按30天计）或 90d（90天）。")
    with records_of(folder) as records:
        if campaign and campaign not in records.calls:
            raise OperatorError(f"没有“{campaign}”这项活动。可以写：{'、'.join(records.calls)}。")
        before_at = records.clock.now() - span
        desk = PurgeDesk(records.store, records.letters, data_dir=records.settings.data_dir)
        found = desk.find(records.calls, before_at=before_at, campaign=campaign)
        day = CHINESE_DATES.write_day(before_at, records.settings.timezone)
        if not found:
            print(f"没有可以清除的内容：{day}以前截止的活动里已没有来信和个人信息。")
            return 0
        titles = "、".join(f"《{records.calls[each].campaign.title}》" for each in found.campaigns) or "（无）"
        print(f"{day}以前截止的活动：{titles}")
        print(f"案例{len(found.cases)}个，来信{len(found.letters)}封（原件、附件、提取的文字、发件人、我方回信）")
        if found.left:
            print("上一次清除中途断了，这一次把剩下的一并清除。")
        print("保留：登记编号、结论、日期和校验码，用来说明每个编号和邮箱里的每一封信。")
        if not yes:
            print("这是预览，没有改动。清除后不能恢复，请先备份并征得同意；确认清除：再加上 --yes")
            return 0
        with sign_of_life("正在清除…"):
            deque(desk.purge(found), maxlen=0)
    print("已清除。以前的备份里仍有这些内容，请一并处理。")
    return 0
