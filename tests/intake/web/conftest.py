"""The page over a working folder with one case on record, asked without a socket."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from config.settings import load_settings
from intake.bootstrap import Records, Service, make_deliver_desk, open_records, running_service
from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from intake.demo.pictures import photo
from intake.edges.clock import SetClock
from intake.edges.executors.inline import InlineExecutor
from intake.model import Delivery
from intake.web.app import make_app
from tests.intake.cli.working_folders import deliver, eml_working_folder

URL = "http://anli.example"
ADDRESS, OTHER_ADDRESS = "wang@example.org", "li@example.org"
NOW = datetime(2022, 12, 6, 9, 30, tzinfo=CHINA)
ORGANIZERS = f'[{{ name = "王老师", address = "{ADDRESS}" }}, {{ name = "李老师", address = "{OTHER_ADDRESS}" }}]'


@dataclass(frozen=True)
class Page:
    """The page and what it stands on."""

    records: Records
    app: Starlette
    client: TestClient
    service: Service
    """The worker beside it, which works when a test says so."""

    def link(self) -> str:
        """The path of the link in the mail written last."""
        with self.records.store.read() as view:
            mail = view.outgoing.after(0)[-1]
        assert mail.kind == "sign_in"
        body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
        assert body is not None
        found = re.search(rf"{re.escape(URL)}(/enter/\S+)", body.get_content())
        assert found is not None
        return found[1]

    def sign_in(self, address: str = ADDRESS) -> None:
        """Come in as an organizer."""
        self.client.cookies.clear()
        self.client.post("/sign-in", data={"address": address})
        assert self.client.post(self.link()).status_code == 200

    def form(self, path: str, **fields: str) -> str:
        """Send a form of the page at `path` with what the page put into it; the page that follows."""
        return self.send(self.client.get(path).text, **fields)

    def send(self, shown: str, **fields: str) -> str:
        """Send the form of a page that goes to `to`, with what the page put into it; the page that follows."""
        to = fields.pop("to")
        form = re.search(rf'<form[^>]* action="{re.escape(to)}"[^>]*>(.*?)</form>', shown, re.DOTALL)
        assert form is not None
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[1])
        return self.client.post(to, data={name: unescape(value) for name, value in hidden} | fields).text

    def confirm(self, shown: str) -> str:
        """Press the button of a page that asks once more."""
        form = re.search(r'action="(/[^"]+)"(?:(?!</form>).)*?<button>确认办理', shown, re.DOTALL)
        assert form is not None
        return self.send(shown, to=form[1])

    def photos_come(self) -> None:
        """The two missing photos of the case on record are handed over and registered, and nobody is told."""
        call, clock = self.records.calls["huli-2022"], self.records.clock
        assert isinstance(clock, SetClock)
        clock.advance(timedelta(seconds=1))  # later than the letter was joined
        at, delivered = NOW - timedelta(minutes=5), Delivery("chat", "前台小李")
        with TemporaryDirectory() as folder:
            paths = [Path(folder, f"{number}.jpg") for number in (901, 902)]
            for path in paths:
                path.write_bytes(photo(int(path.stem), taken_at=at))
            desk, letter = make_deliver_desk(self.records, InlineExecutor()), Path(folder, "delivery.eml")
            desk.wrap(paths, delivered, call, received_at=at, into=letter)
            desk.register(desk.read(letter, delivered, call, received_at=at), "HL22-0001", tells=False)


@pytest.fixture(scope="session")
def filed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with one case on record: three photos where five are asked, its fix request sent."""
    folder = eml_working_folder(tmp_path_factory.mktemp("filed"), organizers=ORGANIZERS, closes_at='"2022-12-25"')
    sent_at = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos(), at=sent_at)))
    os.utime(folder / "in" / "1.eml", (sent_at.timestamp(), sent_at.timestamp()))
    records = open_records(load_settings(folder), clock=SetClock(NOW))
    with running_service(records, executor=InlineExecutor()) as service:
        service.worker.once()
    return folder


@pytest.fixture
def page(filed_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page over a folder of the test's own with that case."""
    monkeypatch.setattr("intake.web.readers.make_offline_executor", InlineExecutor)
    folder = shutil.copytree(filed_folder, tmp_path / "working")
    records = open_records(load_settings(folder), clock=SetClock(NOW))
    app = make_app(records, url=URL)
    client = TestClient(app, base_url=URL)
    with running_service(records, executor=InlineExecutor()) as service, client:
        yield Page(records, app, client, service)
