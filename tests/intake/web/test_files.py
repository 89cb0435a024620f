"""Single files of letters leave as downloads; to which case a letter belongs is settled on its page."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from html import unescape
from urllib.parse import unquote

from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft, File
from storage.records.contents import FileRecord
from tests.intake.cli.working_folders import deliver
from tests.intake.web.conftest import Page

CASE = "/cases/HL22-0001"


def files(page: Page) -> tuple[str, tuple[FileRecord, ...]]:
    """The first letter and its files."""
    with page.records.store.read() as view:
        key = view.letters.by_outcome("filed")[0].sha256
        return key, view.files.of_letter(key)


def test_a_file_leaves_byte_for_byte_under_its_name_and_of_no_type(page: Page) -> None:
    page.sign_in()
    key, (document, *_) = files(page)

    answer = page.client.get(f"/letters/{key}/files/{document.sha256}")

    assert hashlib.sha256(answer.content).hexdigest() == document.sha256
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert unquote(answer.headers["content-disposition"]) == f"attachment; filename*=utf-8''{document.name}"
    assert list((page.records.settings.data_dir / "cache" / "downloads").iterdir()) == []


def test_every_file_of_a_case_can_be_had_from_its_page(page: Page) -> None:
    page.sign_in()
    links = re.findall(r'href="(/letters/\w+/files/\w+)" download', page.client.get(CASE).text)

    answers = [page.client.get(link) for link in links]

    assert len(links) == 4
    assert [hashlib.sha256(answer.content).hexdigest() for answer in answers] == [link[-64:] for link in links]


def test_a_name_that_would_start_a_program_or_turn_round_is_made_harmless(page: Page) -> None:
    page.sign_in()
    key, (document, *_) = files(page)
    hostile = 'a\u202excod.\r\nX-Evil: 1"/../b.exe'
    assert page.records.store.file is not None
    with closing(sqlite3.connect(page.records.store.file)) as database, database:
        database.execute("update files set name = ? where id = ?", (hostile, document.id))

    answer = page.client.get(f"/letters/{key}/files/{document.sha256}")

    name = unquote(answer.headers["content-disposition"])
    assert "x-evil" not in answer.headers
    assert name.endswith(".exe.不要打开")
    assert not {"\r", "\n", "\u202e", "/", '"'} & set(name.partition("''")[2])


def test_a_file_of_another_letter_or_of_none_is_not_found(page: Page) -> None:
    page.sign_in()
    key, (document, *_) = files(page)

    assert page.client.get(f"/letters/{key}/files/{'0' * 64}").status_code == 404
    assert page.client.get(f"/letters/{'0' * 64}/files/{document.sha256}").status_code == 404


def test_of_a_letter_that_was_cleared_away_nothing_is_offered(page: Page) -> None:
    page.sign_in()
    key, (document, *_) = files(page)
    page.records.letters.path(key).unlink()

    shown = page.client.get(f"/letters/{key}").text

    assert "原件已按期清除" in shown
    assert "/files/" not in shown + page.client.get(CASE).text
    assert page.client.get(f"/letters/{key}/files/{document.sha256}").status_code == 404


def test_a_letter_in_the_wrong_case_becomes_its_own_after_a_second_yes(page: Page) -> None:
    page.sign_in()
    page.photos_come()
    with page.records.store.read() as view:
        case = view.cases.by_number("HL22-0001")
        assert case is not None
        first, second = (letter.sha256 for letter in view.letters.of_case(case.id))

    asked = page.form(f"/letters/{second}", to=f"/letters/{second}/settle", why="是另一个社区的照片")
    with page.records.store.read() as view:
        before = len(view.cases.list())
    shown = page.confirm(asked)

    assert "HL22-0001 分出，另立一个案例" in asked
    assert before == 1
    assert "已办理。" in shown
    assert 'href="/cases/HL22-0002"' in shown
    assert "另立一个案例" not in page.client.get(f"/letters/{first}").text
    assert "王老师" in page.client.get("/cases/HL22-0002").text


def test_a_letter_kept_apart_is_let_into_the_case_it_belongs_to(page: Page) -> None:
    page.sign_in()
    key = _stranger_writes(page)
    shown = page.client.get(f"/letters/{key}").text

    unreasoned = page.send(shown, to=f"/letters/{key}/settle", action="admit", number="HL22-0001", why=" ")
    unnumbered = page.send(shown, to=f"/letters/{key}/settle", action="admit", number="", why="同一单位")
    wrong = page.confirm(page.send(shown, to=f"/letters/{key}/settle", action="admit", number="HL22-9", why="同一单位"))
    done = page.confirm(
        page.send(shown, to=f"/letters/{key}/settle", action="admit", number="hl22-0001", why="同一单位")
    )

    assert "请写明理由" in unreasoned
    assert "请写明登记编号" in unnumbered
    assert "没有登记编号为 HL22-9 的案例。" in wrong
    assert "intake" not in unescape(re.sub(r"<[^>]+>", "", wrong))
    assert 'href="/cases/HL22-0001"' in done
    assert "归到哪里" not in done


def test_a_letter_is_settled_once_however_often_the_button_is_pressed(page: Page) -> None:
    page.sign_in()
    key = _stranger_writes(page)
    asked = page.form(
        f"/letters/{key}", to=f"/letters/{key}/settle", action="admit", number="HL22-0001", why="同一单位"
    )
    page.confirm(asked)

    again = page.confirm(asked)

    assert "可能刚才已经有人办理过" in again
    assert key not in again.partition("</nav>")[2].partition('href="')[0]
    with page.records.store.read() as view:
        case = view.cases.by_number("HL22-0001")
        assert case is not None
        assert [each.kind for each in view.cases.decisions(case.id)] == ["admit"]


def test_a_letter_kept_apart_is_left_out_for_good(page: Page) -> None:
    page.sign_in()
    key = _stranger_writes(page)
    shown = page.client.get(f"/letters/{key}").text

    done = page.confirm(page.send(shown, to=f"/letters/{key}/settle", action="leave", why="与案例无关"))

    assert "王老师决定不并入：与案例无关" in done
    assert "归到哪里" not in done


def _stranger_writes(page: Page) -> str:
    """A letter of another address that names the case; its hash."""
    draft = Draft(
        subject="补充材料 HL22-0001",
        text="补充一份说明，登记编号 HL22-0001。",
        files=(File("说明.txt", "补充说明。".encode() * 30, "text/plain"),),
        at=datetime(2022, 12, 6, 9, 0, tzinfo=CHINA),
        sender="stranger@qq.example",
    )
    deliver(page.records.settings.folder, "2.eml", qq_mail(draft))
    page.service.worker.once()
    with page.records.store.read() as view:
        (letter,) = (each for each in view.letters.for_person() if each.ignored == "unconfirmed")
    return letter.sha256
