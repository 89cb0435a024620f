"""A working folder with cases in it, filed once for a test module: what organizers take away is made from it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from intake.bootstrap import open_records, running_service
from intake.cli.folder import settings_of
from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft, File
from intake.edges.executors.inline import InlineExecutor
from tests.intake.cli.working_folders import deliver, eml_working_folder

AT = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
COMPLETE = Draft(
    subject="榕荫社区案例",
    text="案例和照片在附件里，请查收。\n\n江头街道榕荫社区居委会\n联系人：林小榕\n电话：0592-5550101",
    name="榕荫社区",
    sender="rongyin@qq.example",
    files=material.complete(),
    at=AT,
)
LACKING = Draft(
    subject="柳溪社区案例",
    text="请查收。\n\n柳溪社区居委会\n电话：13700137000",
    name="柳溪社区",
    sender="liuxi@qq.example",
    files=material.three_photos(),
    at=AT.replace(hour=15),
)
QUESTION = Draft(
    subject="请问字数",
    name="陈先生",
    sender="13800138000@163.example",
    text="请问字数有要求吗？谢谢。",
    at=AT.replace(hour=16),
)


def file_letters(folder: Path, letters: Sequence[Draft], *, first: int = 1) -> None:
    """Deliver letters and let the service work until nothing is left to do. Files are read in this process."""
    for number, draft in enumerate(letters, first):
        deliver(folder, f"{number}.eml", qq_mail(draft))
        os.utime(folder / "in" / f"{number}.eml", (draft.at.timestamp(),) * 2)
    with running_service(open_records(settings_of(folder)), executor=InlineExecutor()) as service:
        service.worker.once()


def filed_folder(folder: Path) -> Path:
    """A new working folder with a complete case, one that lacks photos, and a question."""
    eml_working_folder(folder)
    file_letters(folder, (COMPLETE, LACKING, QUESTION))
    return folder


def hostile_folder(folder: Path) -> Path:
    """A new working folder with a case whose files are called what Windows cannot bear."""
    text, *photos = material.complete()
    names = ("CON.jpg", "../../出去.jpg", "a<b>:c?.jpg", "A<B>:C?.jpg", f"{'长' * 90}.jpg")
    renamed = tuple(replace(photo, name=name) for photo, name in zip(photos, names, strict=True))
    note = File("说明.docx.exe", b"MZ\x90\x00 not a program", "application/octet-stream")
    eml_working_folder(folder)
    draft = replace(COMPLETE, subject='回复: 案例<1>/"2"', files=(replace(text, name="=案例|.docx"), *renamed, note))
    file_letters(folder, (draft,))
    return folder


def copied(folder: Path, target: Path) -> Path:
    """A copy of a working folder, free to be changed."""
    shutil.copytree(folder, target)
    return target
