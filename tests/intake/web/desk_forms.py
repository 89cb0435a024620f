"""The forms for what is handed over at a desk, filled in and sent."""

from __future__ import annotations

import re
from html import unescape

from intake.demo import material
from intake.demo.drafts import File
from storage.records.casebook import CaseRecord
from tests.intake.web.conftest import Page

TEXT = material.complete()[0]
AT_DESK = {"channel": "usb", "by": "前台小李", "place": "街道办303室", "at": "2022-12-06T09:00"}


def handed_over(page: Page, *files: File, field: str = "files", **fields: str) -> str:
    """The page that follows the form with these files."""
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.client.get("/deliveries").text)
    assert token is not None
    sent = [(field, (file.name, file.data, file.media_type)) for file in files]
    said = {**AT_DESK, "csrf": token[1], **fields}
    return page.client.post("/deliveries", data=said, files=sent or {"files": ("", b"")}).text


def sent(page: Page, shown: str, path_ends: str = "", **fields: str) -> str:
    """The page that follows a form of `shown`."""
    form = re.search(rf'action="(/deliveries/pending/[\w-]+{path_ends})"(.*?)</form>', shown, re.DOTALL)
    assert form is not None
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[2]))
    answer = page.client.post(form[1], data={**kept, **fields})
    return unescape(answer.text)


def cases(page: Page) -> list[CaseRecord]:
    """All cases on record."""
    with page.records.store.read() as view:
        return list(view.cases.list())


def stored_letters(page: Page) -> int:
    """How many letters are kept."""
    return len(list((page.records.settings.data_dir / "letters").rglob("*.eml")))
