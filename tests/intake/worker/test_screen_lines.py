"""What somebody who sits at the worker's screen reads."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.bootstrap.screen_lines import screen_line
from tests.intake.cli.working_folders import deliver, eml_working_folder

NINE = datetime(2022, 12, 5, 9, 0, 3, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("logged", "said"),
    [
        (
            {"event": "folder_listed", "level": "info", "folder": "INBOX", "visible": 17, "new": 2, "gone": 1},
            "09:00:03 INBOX：邮箱现有17封，新到2封，移走1封",
        ),
        ({"event": "folder_listed", "level": "info", "folder": "INBOX", "visible": 17, "new": 0, "gone": 0}, ""),
        (
            {"event": "letter_filed", "level": "info", "letter": "5aa5aac3ace2", "ignored": "courtesy"},
            "09:00:03 来信 5aa5aac3ace2：非报送来信（致谢或确认）",
        ),
        (
            {"event": "verdict_reached", "level": "info", "case": "HL22-0001", "revision": 2, "verdict": "needs_fix"},
            "09:00:03 HL22-0001：待补充完善（第2版）",
        ),
        (
            {"event": "mail_sent", "level": "info", "outgoing": 3, "kind": "receipt"},
            "09:00:03 第3号去信（收件回执）已发出",
        ),
        (
            {"event": "desk_backs_off", "level": "warning", "desk": "collect", "failures": 2, "seconds": 60.0, "error": "连不上"},
            "09:00:03 ! 收信遇到故障，60秒后再试（第2次）：连不上",
        ),
        (
            {"event": "letter_quarantined", "level": "error", "letter": "ab12", "desk": "file", "exception": "Traceback …"},
            "09:00:03 ✗ 来信 ab12 处理时出现异常，原件已留存；查看：intake quarantine list\nTraceback …",
        ),
        ({"event": "unheard_of", "level": "info", "timestamp": "2022", "uid": 7}, "09:00:03 unheard_of uid=7"),
    ],
    ids=lambda value: value["event"] if isinstance(value, dict) else None,
)  # fmt: skip
def test_an_event_is_a_line_in_plain_words(logged: dict[str, object], said: str) -> None:
    assert screen_line(logged, NINE) == said


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of the system's own")
def test_a_worker_at_a_screen_speaks_to_the_person_there(tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    settings = folder / "intake.toml"
    settings.write_text(settings.read_text("utf-8").replace('level = "error"', 'level = "info"'), "utf-8")
    deliver(folder, "1.eml", "From: a@example.org\nSubject: 谢谢\nMessage-ID: <1@example.org>\n\n收到，谢谢\n".encode())
    ours, theirs = pty.openpty()

    worker = subprocess.Popen([sys.executable, "-m", "intake", "run", "--once", "-C", folder], stderr=theirs)
    os.close(theirs)
    said = b""
    while chunk := _read(ours):
        said += chunk
    os.close(ours)

    shown = said.decode().splitlines()
    assert worker.wait(60) == 0
    assert shown[0] == "开始收件：anli@example.org，按 Ctrl-C 结束。"
    assert [re.sub("[0-9a-f]{12}", "编号", line[9:]) for line in shown[1:-1]] == [
        "INBOX：邮箱现有1封，新到1封",
        "收到来信 编号，1KB",
        "来信 编号：非报送来信（致谢或确认）",
    ]
    assert shown[-1] == "处理完毕。查看情况：intake status"


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""
