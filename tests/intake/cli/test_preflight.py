"""Single items of `intake doctor`: what each says of what it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from intake.cli.folder import settings_of
from intake.cli.preflight.incoming import look_at_mailbox
from intake.cli.preflight.machine import Witness, look_at_clock, look_at_zones
from intake.cli.preflight.showing import look_at_fonts
from intake.edges.clock import SetClock
from intake.edges.connections import make_mailbox
from intake.edges.transports.smtp_probe import greeting_time
from tests.intake.cli.working_folders import imap_working_folder
from tests.servers.scripted_imap import PASSWORD, USER, ScriptedImapServer

LETTER = b"From: a@example.org\r\nSubject: x\r\n\r\ntext\r\n"
NOW = datetime(2022, 12, 5, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("there", "mark"), [("yes", "fine"), ("", "notice")])
def test_a_font_for_review_documents_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: str, mark: str
) -> None:
    font = tmp_path / "song.ttc"
    if there:
        font.touch()
    monkeypatch.setattr("intake.edges.review_pdf._FONTS", ((str(font), 0),))
    monkeypatch.setattr("intake.edges.chart_png._FONTS", ((str(font), 0),))

    (item,) = look_at_fonts()

    assert (item.mark, bool(item.advice)) == (mark, not there)


@pytest.mark.parametrize(
    ("oldest_days", "opened_days", "mark", "said"),
    [
        (45, 60, "fine", "最早可以看到"),
        (29, 60, "notice", "可能只让程序收取最近30天的来信"),
        (29, 20, "fine", "最早可以看到"),
        (10, 20, "fine", "征集开始还不到30天"),
        (None, 60, "notice", "收件箱是空的，看不出能收到多早"),
    ],
)
def test_the_visible_window_is_told_by_the_oldest_letter(
    tmp_path: Path, oldest_days: int | None, opened_days: int, mark: str, said: str
) -> None:
    now = datetime(2022, 12, 10, tzinfo=UTC)
    folder = imap_working_folder(tmp_path, imap_port=1, mailbox_lines='provider = "163"')
    server = ScriptedImapServer()
    if oldest_days is not None:
        server.inbox.add(LETTER, internal_at=now - timedelta(days=oldest_days))
        server.inbox.add(LETTER, internal_at=now)
    server.start()
    settings = settings_of(folder)
    mailbox = make_mailbox(
        settings.model_copy(
            update={
                "mailbox": settings.mailbox.model_copy(
                    update={"port": server.port, "username": USER, "password": SecretStr(PASSWORD)}
                )
            }
        ),
        SetClock(now),
    )

    _, told = look_at_mailbox(mailbox, settings, now_at=now, opens_at=now - timedelta(days=opened_days))
    server.stop()

    [window] = [item for item in told if item.what == "可见范围"]
    assert (window.mark, said in window.said) == (mark, True)
    assert bool(window.advice) == (mark == "notice")


@pytest.mark.parametrize(
    ("witnesses", "mark", "said"),
    [
        ([], "fine", "没有可以比对的时间"),
        ([Witness("发信服务器的时间", NOW + timedelta(minutes=2), is_now=True)], "fine", "与发信服务器的时间相符"),
        ([Witness("发信服务器的时间", NOW - timedelta(minutes=20), is_now=True)], "wrong", "快20分钟"),
        ([Witness("发信服务器的时间", NOW + timedelta(hours=8), is_now=True)], "wrong", "慢8小时"),
        ([Witness("最近一封来信的收到时间", NOW - timedelta(days=30), is_now=False)], "fine", "相符"),
        ([Witness("最近一封来信的收到时间", NOW + timedelta(hours=1), is_now=False)], "notice", "早于最近一封来信"),
    ],
)
def test_the_clock_is_compared_with_what_others_tell(witnesses: list[Witness], mark: str, said: str) -> None:
    [item] = look_at_clock(NOW, "Asia/Shanghai", witnesses)

    assert (item.mark, said in item.said) == (mark, True)


@pytest.mark.parametrize(
    ("greeting", "at"),
    [
        (
            "mail.example.gov.cn Microsoft ESMTP MAIL Service ready at Mon, 5 Dec 2022 12:00:00 +0800",
            datetime(2022, 12, 5, 4, 0, tzinfo=UTC),
        ),
        ("host ESMTP Sendmail 8.17; Mon, 5 Dec 2022 04:00:00 GMT", datetime(2022, 12, 5, 4, 0, tzinfo=UTC)),
        ("163.com Anti-spam GT for Coremail System (163com[20141201])", None),
        ("host ready at Mon, 99 Dec 2022 12:00:00 +0800", None),
        ("", None),
    ],
)
def test_a_greeting_tells_the_time_when_it_holds_one(greeting: str, at: datetime | None) -> None:
    assert greeting_time(greeting) == at


def test_an_unknown_time_zone_says_how_to_get_them() -> None:
    [item] = look_at_zones(["Asia/Nowhere"])

    assert (item.mark, item.advice) == ("wrong", "请运行：python -m pip install tzdata")
