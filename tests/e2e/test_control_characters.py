"""Control characters that organizers type or paste, in every place they write to, on both kinds of store."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient

from config.settings import load_settings
from intake.bootstrap import Records, Service, make_digest_desk, open_records, running_service
from intake.cli.export import export_cases
from intake.cli.ledger import make_ledger
from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from intake.edges.clock import SetClock
from intake.edges.executors.inline import InlineExecutor
from intake.web.app import make_app, make_door
from tests.intake.cli.working_folders import deliver, eml_working_folder
from tests.servers.postgresql import PostgresServer

URL, CLERK = "http://anli.example", "wang@example.org"
NOW = datetime(2022, 12, 6, 9, 30, tzinfo=CHINA)
ODD = "\x00\x01\x07\x1b[31m\x7f\x9b\u202e\u200b\ufffe"
"""NUL, bells and escapes, a turn of the line's direction, a blank of no width, a character that is none."""
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\ufffe]")


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """Records of a folder whose campaign file and roster hold odd characters, one letter waiting."""
    folder = eml_working_folder(
        tmp_path / "w",
        title=f'"2022年湖里区案例征集{_escaped()}"',
        signature=f'"湖里区{_escaped()}组委会"',
        organizers=f'[{{ name = "王{_escaped()}老师", address = "{CLERK}" }}]',
    )
    (folder / "roster.csv").write_text(
        f"街道,单位,联系人,邮箱\n禾山{ODD}街道,湖里区禾山街道柳溪社区居民委员会,陈{ODD}静,\n", encoding="utf-8"
    )
    at = datetime(2022, 12, 5, 9, tzinfo=CHINA)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=at)))
    os.utime(folder / "in" / "1.eml", (at.timestamp(), at.timestamp()))
    settings = folder / "intake.toml"
    settings.write_text(f'{settings.read_text("utf-8")}[digest]\nrecipients = ["{CLERK}"]\n', encoding="utf-8")
    with ExitStack() as stack:
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            name = stack.enter_context(server.emptied())
            settings.write_text(f'database_url = "{server.url(name)}"\n{settings.read_text("utf-8")}', encoding="utf-8")
        yield open_records(load_settings(folder), clock=SetClock(NOW))


def _escaped() -> str:
    """As a file of TOML can hold them."""
    return "".join(f"\\u{ord(each):04x}" for each in ODD)


def test_nothing_organizers_type_breaks_records_page_mail_or_tables(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("intake.web.readers.make_offline_executor", "intake.cli.export.make_offline_executor"):
        monkeypatch.setattr(place, InlineExecutor)
    folder = records.settings.folder
    with running_service(records, executor=InlineExecutor()) as service:
        service.worker.once()
        pages = _typed_on_the_page(records)
        _ordered_by_mail(records, service, folder)
        with records.store.read() as view:
            mails = [message_from_bytes(mail.raw, policy=policy.default) for mail in view.outgoing.after(0)]
            case = view.cases.by_number("HL22-0001")
            assert case is not None
            whys = [decision.why for decision in view.cases.decisions(case.id)]
            events = [event.text for event in view.service.events()]
    make_ledger(folder, tmp_path / "台账.xlsx", masked=False)
    export_cases(folder, tmp_path / "交接", states=[], as_zip=False)

    assert whys == ["请补[31m全景", "现场[31m看过", "放心[31m"]
    assert [status for status, _ in pages if status >= 500] == []
    assert [UNSEEN.findall(unescape(text)) for _, text in pages] == [[]] * len(pages)
    assert [UNSEEN.findall(_words(mail)) for mail in mails] == [[]] * len(mails)
    assert len(mails) >= 5
    assert any("先改" in text for text in events)
    assert _cells_unseen(tmp_path / "台账.xlsx") == []
    assert _cells_unseen(next((tmp_path / "交接").glob("*.xlsx"))) == []
    assert [path.name for path in (tmp_path / "交接").rglob("*") if UNSEEN.search(path.name)] == []


def _typed_on_the_page(records: Records) -> list[tuple[int, str]]:
    """Every form filled in; status and text of all that was answered."""
    seen: list[tuple[int, str]] = []
    with TestClient(make_app(records, url=URL), base_url=URL, raise_server_exceptions=False) as client:
        link = make_door(records, url=URL).make_link(CLERK)
        assert link is not None
        client.post(link[2].removeprefix(URL))

        def look(path: str) -> str:
            answer = client.get(path)
            seen.append((answer.status_code, answer.text))
            return answer.text

        def send(path: str, to: str, **fields: str) -> str:
            hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', look(path))
            files = {"files": ("照片.jpg", material.complete()[1].data)} if to == "/deliveries" else None
            answer = client.post(to, data={**dict(hidden), **fields}, files=files)
            seen.append((answer.status_code, answer.text))
            return answer.text

        for path in (
            "/?q=%00%07a",
            "/?unit=%00&category=%1b",
            "/letters?q=%00",
            "/cases/%00",
            "/letters/%00",
            "/mails/1",
        ):
            look(path)
        send("/cases/HL22-0001", "/cases/HL22-0001/orders", action="return", why=f"请补{ODD}全景")
        send("/cases/HL22-0001", "/cases/HL22-0001/orders", action="pass", why=f"现场{ODD}看过", knowing="yes")
        send("/cases/HL22-0001", "/cases/HL22-0001/orders", action="merge", why="好", target=f"HL22-{ODD}1", sure="yes")
        send("/sending", "/sending", action="pause", why=f"规则{ODD}先改")
        send("/sending", "/sending", action="resume")
        said = dict.fromkeys(("by", "place", "contact", "phone", "title", "remark", "password"), f"甲{ODD}")
        found = send("/deliveries", "/deliveries", **said, unit=f"柳{ODD}溪社区", channel="usb", at="2022-12-06T09:00")
        (to,) = re.findall(r'action="(/deliveries/pending/[\w-]+)"', found)
        send(to, to, choice="new")
        for path in ("/", "/figures", "/cases/HL22-0001", "/cases/HL22-0002", "/letters", "/sending"):
            look(path)
    return seen


def _ordered_by_mail(records: Records, service: Service, folder: Path) -> None:
    """The digest goes out and is answered with an order."""
    clock = records.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(minutes=15))
    make_digest_desk(records).queue(since_at=None, until_at=clock.now())
    with records.store.read() as view:
        digest = next(mail for mail in view.outgoing.after(0) if mail.kind == "digest")
    service.worker.once()
    answer = EmailMessage(policy=policy.SMTP)
    answer["From"], answer["To"], answer["Date"] = CLERK, "anli@example.org", clock.now()
    answer["Message-ID"], answer["In-Reply-To"], answer["Subject"] = "<o1@x>", digest.message_id, "回复：简报"
    quoted = _words(message_from_bytes(digest.raw, policy=policy.default)).replace("\n", "\n> ")
    answer.set_content(f"HL22-0001通过：放心{ODD}\n\n> {quoted}\n", cte="base64")
    deliver(folder, "2.eml", answer.as_bytes())
    os.utime(folder / "in" / "2.eml", ((clock.now() - timedelta(minutes=1)).timestamp(),) * 2)
    service.worker.once()
    service.worker.once()


def _words(mail: EmailMessage) -> str:
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts])


def _cells_unseen(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    with zipfile.ZipFile(path) as parts:
        raw = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist() if name.endswith("xml"))
    return [*(cell for cell in cells if UNSEEN.search(cell)), *UNSEEN.findall(raw)]
