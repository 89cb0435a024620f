"""`intake kit`: what goes out with the call, made from the campaign file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from config.layers import SETTINGS_FILE
from intake.cli.check import call_named
from intake.cli.folder import settings_of
from intake.errors import OperatorError
from intake.kit import make_kit


def write_kit(folder: Path, target: Path, *, campaign: str) -> int:
    """Write the kit into `target` and name its files; exit status 0."""
    call = call_named(campaign, folder)
    if (folder / SETTINGS_FILE).is_file() and not call.letterhead.sender_address:
        address = settings_of(folder).mailbox.address
        call = replace(call, letterhead=replace(call.letterhead, sender_address=address))
    if target.is_file():
        raise OperatorError(f"{target} 是一个文件。请写一个文件夹。")
    paths = make_kit(call, target, at=datetime.now(UTC))
    print(f"随启事发出的材料，按 {call.campaign.title} 的活动文件写成：")
    for path in paths:
        print(f"  {path}")
    print("发出以前请通读一遍，可以直接修改；活动文件改过以后，换一个文件夹重新生成。")
    return 0
