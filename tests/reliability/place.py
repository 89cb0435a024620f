"""A working folder with its mailbox and mail server, as harnesses of deaths use it, and a stage of a history."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from tests.e2e.boxes import Box
from tests.letters import CHINA, Draft, File, plain_letter
from tests.servers.dovecot import JUNK
from tests.servers.smtp_sink import PASSWORD, USER, SmtpSink

SUBMISSION = "报送湖里区社区治理创新案例"
ORGANIZER = "zuweihui@huli.example"
CLERK = "林秘书"
EXTRA_FOLDER = "案例"
"""Watched beside the inbox, until it is taken out of the settings."""
BEGIN = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)


@dataclass
class Place:
    """A working folder, its mailbox and its mail server."""

    folder: Path
    box: Box
    smtp: SmtpSink
    smtp_port: int
    submitters: list[str] = field(default_factory=list)
    """Addresses that sent a case so far, once for each case."""

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def restored(self) -> Path:
        """The folder a backup is restored to."""
        return self.folder.parent / "restored"

    def write_settings(self, *, folders: tuple[str, ...] = ("INBOX", EXTRA_FOLDER, JUNK)) -> None:
        """The settings, the password and a campaign with an organizer. `folders` are watched."""
        (self.folder / "intake.toml").write_text(
            'answer_from = "2022-11-30"\n[mailbox]\n'
            f'address = "{self.box.address}"\nhost = "127.0.0.1"\nport = {self.box.port}\ntls = "plain"\n'
            f"poll_seconds = 5\nfolders = {json.dumps(folders)}\n[smtp]\n"
            f'host = "127.0.0.1"\nport = {self.smtp_port}\ntls = "plain"\nusername = "{USER}"\nseconds_between = 0\n'
            f'[digest]\nrecipients = ["{ORGANIZER}"]\n[readers]\nprocesses = 2\n'
            # So little room that the watchdog has something to tell.
            "[alarm]\nfree_bytes = 1000000000000000000\n",
            "utf-8",
        )
        secrets = self.folder / ".env"
        secrets.write_text(f"INTAKE_MAILBOX__PASSWORD={self.box.password}\nINTAKE_SMTP__PASSWORD={PASSWORD}\n", "utf-8")
        secrets.chmod(0o600)
        self.write_campaign()

    def write_campaign(self, *, most_words: int = 3000) -> None:
        """huli-2022 with somebody who may decide."""
        text = (resources.files("config") / "campaigns" / "huli-2022.toml").read_text(encoding="utf-8")
        people = f'organizers = [{{ name = "{CLERK}", address = "{ORGANIZER}" }}]\n'
        text = text.replace("[campaign]\n", f"[campaign]\n{people}", 1)
        # One photo will do: what is tried here does not depend on their number.
        text = text.replace("max = 3000", f"max = {most_words}", 1).replace("min = 5", "min = 1", 1)
        (self.folder / "campaigns").mkdir(exist_ok=True)
        (self.folder / "campaigns" / "huli-2022.toml").write_text(text, "utf-8")

    def arrives(self, at: datetime, sender: str, files: tuple[File, ...] = (), **more: object) -> Draft:
        """A letter arrives at `at` in INBOX, or in `folder`."""
        folder = str(more.pop("folder", "INBOX"))
        draft = replace(
            Draft(subject=SUBMISSION, sender=sender, files=files, at=at, to=self.box.address),
            **more,  # type: ignore[arg-type]
        )
        if draft.message_id is None:
            draft = replace(draft, message_id=f"{draft.token[:20]}@{draft.domain}")
        self.box.put(plain_letter(draft), at, folder=folder)
        return draft

    def submits(self, at: datetime, sender: str, files: tuple[File, ...], **more: object) -> Draft:
        """As `arrives`; what arrives is one case."""
        self.submitters.append(sender)
        return self.arrives(at, sender, files, **more)

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of the database; none before it has tables."""
        if not (self.data / "intake.sqlite3").exists():
            return []
        with closing(sqlite3.connect(self.data / "intake.sqlite3", timeout=30)) as database:
            made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'letters'").fetchone()
            return database.execute(question, values).fetchall() if made else []

    def backups(self) -> list[Path]:
        """Backups that are there, in the order of their making."""
        return sorted(self.folder.parent.glob("backup-*.zip"), key=lambda path: int(path.stem.partition("-")[2]))

    def ids(self, *states: str) -> list[str]:
        """Our letters in these states, as the command line takes them."""
        return [str(row[0]) for state in states for row in self.ask("SELECT id FROM outgoing WHERE state = ?", state)]


@dataclass(frozen=True)
class Stage:
    """One command at one time, and what happens in the world before it."""

    after: timedelta
    """Since the first day, 9 o'clock."""
    arguments: Callable[[Place], tuple[str, ...]]
    happens: Callable[[Place, datetime], object] = lambda _place, _at: None
    faults: tuple[str, ...] = ()
    ends_with: tuple[int, ...] = (0,)
    """Exit statuses the command may have when nothing killed it."""
    patience_seconds: float = 0.0
    """A command that does not end by itself is asked to after so long."""
    until_said: str = ""
    """... and as soon as it has said this; then `patience_seconds` are only what a slow machine may need."""

    @property
    def at(self) -> datetime:
        """When."""
        return BEGIN + self.after


def write_local_settings(folder: Path) -> None:
    """Letters come as files into `in`, ours go as files into `data/sent`."""
    (folder / "in").mkdir()
    (folder / "intake.toml").write_text(
        'answer_from = "2022-11-30"\ncampaigns = ["huli-2022"]\n'
        '[mailbox]\naddress = "anli@huli.example"\nkind = "eml_folder"\npath = "in"\n',
        "utf-8",
    )


def put_file(folder: Path, at: datetime, sender: str, files: tuple[File, ...] = (), **more: object) -> None:
    """A letter lies in the folder."""
    draft = replace(
        Draft(subject=SUBMISSION, sender=sender, files=files, at=at, to="anli@huli.example"),
        **more,  # type: ignore[arg-type]
    )
    path = folder / "in" / f"{draft.token}.eml"
    path.write_bytes(plain_letter(draft))
    # A file just written may be half written, and is left for the next look.
    os.utime(path, (at.timestamp() - 3600, at.timestamp() - 3600))
