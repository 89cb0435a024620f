"""Files that come by a form of the page: whose, how many, how large, under what names."""

from __future__ import annotations

import asyncio
import io
import zipfile
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from intake.demo import material
from intake.demo.drafts import File
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.intake.web.conftest import ADDRESS, Page
from tests.intake.web.desk_forms import AT_DESK, TEXT, handed_over


def test_more_than_one_letter_holds_is_refused_with_the_way_to_part_it(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.web.uploads.LARGEST_BYTES", 10_000)
    page.sign_in()

    shown = handed_over(page, TEXT, unit="海沧社区")

    assert "请分几次登记：先登记一部分，其余的再补充到同一个登记编号。" in shown
    assert list((page.records.settings.data_dir / "cache" / "deliveries").iterdir()) == []


def test_names_from_a_browser_lead_nowhere_else(page: Page) -> None:
    page.sign_in()
    text = material.complete()[0]
    names = ("../../../etc/cron.d/x.docx", "甲\\用户\\案例.docx", "a/../../b.docx")
    before = {path for path in page.records.settings.folder.rglob("*") if "cache" not in path.parts}

    shown = handed_over(
        page,
        *(File(name, text.data + bytes(place), text.media_type) for place, name in enumerate(names)),
        unit="海沧社区",
    )
    letter = next((page.records.settings.data_dir / "cache" / "deliveries").rglob("delivery.eml")).read_bytes()

    assert {path for path in page.records.settings.folder.rglob("*") if "cache" not in path.parts} == before
    assert not Path("/etc/cron.d/x.docx").exists()
    assert "本次收到" in shown
    zips = [part for part in _attachments(letter) if part[0].endswith(".zip")]
    assert sorted(name for name, _ in zips) == ["a.zip", "etc.zip", "甲.zip"]
    assert [zipfile.ZipFile(io.BytesIO(data)).namelist() for _, data in sorted(zips)] == [
        ["b.docx"],
        ["cron.d/x.docx"],
        ["用户/案例.docx"],
    ]


def test_what_systems_leave_in_a_folder_is_not_taken_for_material(page: Page) -> None:
    page.sign_in()
    left = [File(f"甲/{name}", b"x" * 9, "") for name in (".DS_Store", "._案例.docx", "~$案例.docx", "Thumbs.db")]

    alone = handed_over(page, *left, unit="海沧社区")
    handed_over(page, *left, File("甲/案例.docx", TEXT.data, TEXT.media_type), unit="海沧社区")
    letter = next((page.records.settings.data_dir / "cache" / "deliveries").rglob("delivery.eml")).read_bytes()

    assert "选的只有系统自动生成的文件" in alone
    ((name, archive),) = _attachments(letter)
    assert (name, zipfile.ZipFile(io.BytesIO(archive)).namelist()) == ("甲.zip", ["案例.docx"])


def test_a_file_called_as_a_folder_is_comes_in_beside_it(page: Page) -> None:
    page.sign_in()
    same = (File("甲", b"readme", "text/plain"), File("甲/案例.docx", TEXT.data, TEXT.media_type))

    handed_over(page, *same, unit="海沧社区")
    letter = next((page.records.settings.data_dir / "cache" / "deliveries").rglob("delivery.eml")).read_bytes()

    assert [name for name, _ in _attachments(letter)] == ["甲(2)", "甲.zip"]


def _attachments(letter: bytes) -> list[tuple[str, bytes]]:
    from email import message_from_bytes, policy

    message = message_from_bytes(letter, policy=policy.default)
    return [(part.get_filename() or "", part.get_content()) for part in message.iter_attachments()]


def test_files_of_a_stranger_or_without_the_token_are_not_taken(page: Page) -> None:
    stranger = TestClient(page.app, base_url=str(page.client.base_url))
    files = {"files": ("a.docx", b"x" * 1000)}

    unknown = stranger.post("/deliveries", data=AT_DESK, files=files, follow_redirects=False)
    page.sign_in(ADDRESS)
    forged = page.client.post("/deliveries", data={**AT_DESK, "csrf": "0" * 64}, files=files)
    foreign = page.client.post("/deliveries", data=AT_DESK, files=files, headers={"origin": "https://evil.example"})

    assert (unknown.status_code, unknown.headers["location"]) == (303, "/sign-in")
    assert (forged.status_code, foreign.status_code) == (403, 403)
    assert not (page.records.settings.data_dir / "cache" / "deliveries").exists()


def test_only_the_form_for_files_takes_large_bodies(page: Page) -> None:
    page.sign_in()
    declared = {"content-length": "72000000", "content-type": "multipart/form-data; boundary=x"}

    assert page.client.post("/deliveries", content=b"", headers=declared).status_code == 413
    assert page.client.post("/sign-in", content=b"x" * 70_000).status_code == 413


def test_too_many_files_are_refused(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.web.deliveries.MOST_FILES", 3)
    page.sign_in()

    shown = handed_over(page, *(File(f"{n}.txt", b"x", "text/plain") for n in range(4)), unit="海沧社区")

    assert "一次最多3个" in shown


def test_records_are_never_waited_for_where_all_visitors_are_served(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.web.deliveries.MOST_FILES", 3)
    page.sign_in()
    waited, look = [], Store.read

    def seen(store: Store) -> AbstractContextManager[UnitOfWork]:
        with suppress(RuntimeError):
            waited.append(asyncio.get_running_loop())
        return look(store)

    monkeypatch.setattr(Store, "read", seen)
    shown = handed_over(page, *(File(f"{n}.txt", b"x", "text/plain") for n in range(4)), unit="海沧社区")

    assert ("一次最多3个" in shown, waited) == (True, [])
