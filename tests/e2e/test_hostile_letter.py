"""One letter full of tricks goes the whole way; then everything that was written anywhere is searched, also for secrets."""

from __future__ import annotations

import io
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import lxml.html
import openpyxl
import pytest

from config.layers import SECRETS_FILE
from intake.__main__ import main
from intake.bootstrap import set_up_log
from intake.edges.executors.inline import InlineExecutor
from tests.e2e.material import complete
from tests.e2e.page_walk import Page, organize, strange, walk
from tests.e2e.working_folder import write_settings
from tests.e2e.world import ORGANIZER, World
from tests.letters import Draft
from tests.servers.smtp_sink import PASSWORD

pytestmark = pytest.mark.server

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
BIDI = "\u202egpj.\u2066"
CELL = '=HYPERLINK("http://evil.example","点击")'
INJECTED = "?\r\nBcc: victim@evil.example\r\n\r\n"
PHONE = "13812345678"
UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]|[. ]$|^(?:con|nul|aux|prn|com\d|lpt\d)(?:\.|$)', re.IGNORECASE)


class Written(NamedTuple):
    """What the product left behind."""

    log: str
    said: str
    """By all commands, on the screen."""
    mails: tuple[EmailMessage, ...]
    ledger: Path
    exported: Path
    backup: Path
    kit: Path
    folder: Path
    pages: tuple[Page, ...]
    """All that an organizer sees on the page."""


@pytest.fixture
def written(
    one_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Written:
    """The hostile letter and a question, filed, answered, reported, exported and backed up; a login refused besides."""
    for place in ("cli.check", "cli.export", "web.readers"):
        monkeypatch.setattr(f"intake.{place}.make_offline_executor", InlineExecutor)
    log = tmp_path / "intake.log"
    one_world.tables |= {"log": {"level": "debug", "file": log, "format": "console"}}
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    set_up_log(one_world.settings)
    text, *photos = complete()
    names = ("CON.jpg", "../../出去.jpg", f"{SCRIPT}.jpg", f"{BIDI}.jpg", "a\r\nX-Evil: 1\x1b[2J.jpg")
    files = (replace(text, name=f"{CELL}.docx"), *(replace(p, name=n) for p, n in zip(photos, names, strict=True)))
    hostile = Draft(
        subject=f"报送案例{SCRIPT}{BIDI}",
        name=f"{CELL}{BIDI}",
        sender="hostile@qq.example",
        text=f"{CELL}\n{SCRIPT}\n{INJECTED}\n联系电话：{PHONE}\n密码：{PASSWORD}x",
        files=files,
    )
    one_world.arrives(hostile)
    one_world.arrives(Draft(subject=f"咨询{SCRIPT}", sender="asks@qq.example", text=f"请问截止时间？{SCRIPT}{BIDI}"))
    one_world.work(minutes=1)
    one_world.work(minutes=30)
    one_world.work(hours=24)
    write_settings(one_world, digest={"recipients": [ORGANIZER]}, log={"level": "debug", "file": str(log)})
    one_world.stop()
    organize(one_world.folder, ORGANIZER)
    out = tmp_path / "out"
    out.mkdir()
    capfd.readouterr()
    commands: tuple[tuple[str, ...], ...] = (
        ("status",), ("cases", "list"), ("cases", "show", "HL22-0001"), ("doctor",), ("outbox", "list"),
        ("ledger", str(out / "ledger.xlsx")), ("export", str(out / "export")), ("backup", str(out / "backup.zip")),
        ("export", str(out / "export"), "--review"), ("kit", str(out / "kit")), ("digest", "--print"), ("replay",), ("letters", "list"),
    )  # fmt: skip
    before = os.umask(0)  # as some services are started; what is ours alone must not depend on it
    try:
        for words in commands:
            main([*words, "-C", str(one_world.folder)])
        pages = walk(one_world.folder, ORGANIZER, one_world.clock)
    finally:
        os.umask(before)
    (one_world.folder / SECRETS_FILE).write_text(
        f"INTAKE_MAILBOX__PASSWORD=wrong-{PASSWORD}\nINTAKE_SMTP__PASSWORD=wrong-{PASSWORD}\n", "utf-8"
    )
    main(["doctor", "-C", str(one_world.folder)])
    said = capfd.readouterr()
    mails = tuple(message_from_bytes(reply.raw, policy=policy.default) for reply in one_world.everything_sent())
    return Written(
        log.read_text("utf-8"), said.out + said.err, mails, out / "ledger.xlsx", out / "export", out / "backup.zip",
        out / "kit", one_world.folder, pages,
    )  # fmt: skip


def test_nothing_a_letter_says_acts_anywhere(written: Written) -> None:
    assert len(written.mails) >= 3  # two answers and a digest
    assert {"hostile@qq.example", "asks@qq.example", ORGANIZER} <= {str(mail["To"]) for mail in written.mails}
    assert [trouble for mail in written.mails for trouble in _troubles(mail)] == []
    assert [line for line in written.log.splitlines() if _has_control(line)] == []
    assert [line for line in written.said.splitlines() if _has_control(line)] == []
    assert PHONE not in written.log
    _check_pages(written.pages)
    for path in (written.ledger, *written.exported.rglob("*.xlsx")):
        _check_workbook(path)
    exported = [path.relative_to(written.exported) for path in written.exported.rglob("*")]
    assert len(exported) > 5
    assert [path for path in exported if any(UNSAFE.search(part) or _has_control(part) for part in path.parts)] == []


def test_a_strange_page_is_told() -> None:
    """A broken build: a template that trusts a letter, and a download that is shown."""
    content = (
        "<html><head><meta charset=utf-8></head><body><script>1</script><p onclick=x style=y><a href='javascript:1'>x</a>"
        "<img src='http://evil.example/p.png'></p></body></html>"
    )
    page = Page("/", "text/html", {}, content.encode())

    assert list(strange(page)) == [
        "/: no policy",
        "/: element script",
        "/: onclick of p",
        "/: style of p",
        "/: href leads to javascript:1",
        "/: src leads to http://evil.example/p.png",
    ]
    assert len(list(strange(Page("/f", "text/xml", {}, b"<x/>")))) == 2


def test_no_secret_is_in_anything_that_was_written(written: Written) -> None:
    secret = PASSWORD.encode()
    # The letter itself holds the word with an x behind it: what a stranger writes is kept as it came.
    holds = {
        f"{path.relative_to(written.folder)}: {name}"
        for path in written.folder.rglob("*")
        if path.is_file() and path.name != SECRETS_FILE
        for name, data in _contents(path.name, path.read_bytes())
        if secret in data.replace(secret + b"x", b"")
    }

    assert holds == set()
    assert PASSWORD not in written.log
    assert PASSWORD not in written.said.replace(f"{PASSWORD}x", "")
    assert not [mail["Subject"] for mail in written.mails if PASSWORD in str(mail).replace(f"{PASSWORD}x", "")]
    assert [page.path for page in written.pages if secret in _unpacked(page).replace(secret + b"x", b"")] == []
    assert [path.name for path in _files(written.kit) if secret in path.read_bytes()] == []
    held = (each for path in _files(written.exported) for each in _contents(path.name, path.read_bytes()))
    assert [name for name, data in held if secret in data.replace(secret + b"x", b"")] == []
    assert stat.S_IMODE((written.folder / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE(written.backup.stat().st_mode) & 0o077 == 0
    assert list(_contents("backup", written.backup.read_bytes()))[1:]  # it was looked into


def _check_workbook(path: Path) -> None:
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    if path.name == "ledger.xlsx":
        assert any(SCRIPT[:8] in str(cell.value) for cell in cells)  # it is there, as text
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert [each for each in formulas if "evil.example" in str(each)] == []
    assert formulas == [] or path.name != "ledger.xlsx"
    assert [cell.value for cell in cells if _has_control(str(cell.value).replace("\n", ""))] == []


def _check_pages(pages: tuple[Page, ...]) -> None:
    html = [page for page in pages if page.kind == "text/html"]
    shown = "".join(page.content.decode("utf-8") for page in html)
    assert {page.path.split("/")[1] for page in pages} >= {"", "cases", "letters", "figures", "static"}
    assert len(html) > 10
    assert "&lt;script&gt;" in shown  # it is there, as text
    assert sorted({each for page in pages for each in strange(page)}) == []
    assert [line for line in shown.splitlines() if _has_control(line)] == []
    assert [name for page in pages for name in page.headers if name in {"bcc", "x-evil"}] == []


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _unpacked(page: Page) -> bytes:
    """A page, or all that a download holds."""
    return b"".join(data for _, data in _contents(page.path, page.content))


def _troubles(mail: EmailMessage) -> Iterator[str]:
    """What in a letter of ours would act, or is not ours."""
    for name, value in mail.items():
        if name.lower() in {"bcc", "x-evil"} or _has_control(str(value)):
            yield f"{name}: {value!r}"
    if "victim@evil.example" in f"{mail['To']}{mail['Cc']}":
        yield "an address from the letter"
    for part in mail.walk():
        if part.get_content_type() == "text/html":
            page = lxml.html.document_fromstring(part.get_content())
            for element in page.iter("script", "img", "iframe", "object", "form", "base", "link"):
                if element.tag != "img" or not str(element.get("src", "")).startswith("cid:"):
                    yield f"element {element.tag}"
            for each in page.iter():
                names = [str(name) for name in each.attrib]
                yield from (f"{name} of {each.tag!r}" for name in names if name.startswith("on"))
                if "evil.example" in str(each.get("href", "")):
                    yield f"leads to {each.get('href')!r}"


def _has_control(text: str) -> bool:
    return any((unicodedata.category(one) == "Cc" and one != "\t") or one in "\u202e\u202d\u2066\u2067" for one in text)


def _contents(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file, and what lies in it when it is a zip (workbooks and backups are)."""
    yield name, data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _contents(f"{name}/{member}", archive.read(member))


def test_the_search_finds_what_it_looks_for() -> None:
    """A broken build: a letter of ours with a stranger's header, control characters and markup in it."""
    raw = (
        "To: a@example.org, victim@evil.example\nBcc: victim@evil.example\nSubject: x\x1b[2J\nContent-Type: text/html\n\n"
        "<p onclick=alert(1)>x<script>alert(1)</script><a href='http://evil.example'>x</a></p>\n"
    )

    found = list(_troubles(message_from_bytes(raw.encode(), policy=policy.default)))

    assert found == [
        "Bcc: 'victim@evil.example'",
        "Subject: 'x\\x1b[2J'",
        "an address from the letter",
        "element script",
        "onclick of 'p'",
        "leads to 'http://evil.example'",
    ]
