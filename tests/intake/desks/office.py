"""The desks between reading and posting over real records: letters are laid on the table, readers run in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.settings import Settings
from intake.bootstrap import Records, Service, build_service, open_records
from intake.edges.clock import SetClock
from intake.edges.executors.inline import InlineExecutor
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord, OutgoingRecord
from tests.letters import CHINA, Draft, plain_letter

BEGIN = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
BOX = "anli@huli.example"


@dataclass
class Office:
    """A service without a mail server."""

    folder: Path
    clock: SetClock
    service: Service

    @property
    def records(self) -> Records:
        """What it works on."""
        return self.service.records

    def arrives(self, draft: Draft, **letter: Any) -> LetterRecord:
        """`draft` is collected now; fields of its record may be said."""
        at = self.clock.now()
        raw = plain_letter(replace(draft, to=draft.to if "@huli" in draft.to else BOX, at=at.astimezone(CHINA)))
        with self.records.letters.receive() as incoming:
            incoming.sink.write(raw)
            stored = incoming.commit()
        plain = LetterRecord(sha256=stored.sha256, size_bytes=stored.size_bytes, received_at=at, stored_at=at)
        record = replace(plain, internal_at=at, from_address=draft.sender, **letter)
        with self.records.store.write() as work:
            work.letters.add(record)
        return record

    def work(self, **later: float) -> None:
        """Time passes, then letters are read, filed and judged until nothing is left to do."""
        self.clock.advance(timedelta(**later))
        while self.service.read.turn() or self.service.file.turn() or self.records.judge.turn():
            pass

    def letter(self, record: LetterRecord) -> LetterRecord:
        """`record` as it stands now."""
        with self.records.store.read() as view:
            found = view.letters.get(record.sha256)
        assert found is not None
        return found

    def cases(self) -> tuple[CaseRecord, ...]:
        """All cases, oldest first."""
        with self.records.store.read() as view:
            return view.cases.list()

    def answers(self, state: str = "queued") -> tuple[OutgoingRecord, ...]:
        """What we wrote, oldest first."""
        with self.records.store.read() as view:
            return view.outgoing.by_state(state)

    def close(self) -> None:
        """Stop."""
        self.service.close()


def open_office(folder: Path, *, clock: SetClock | None = None, dry_run: bool = False, **settings: Any) -> Office:
    """An office over the working folder; `settings` beside its mailbox, `mailbox_more` of the mailbox."""
    clock = clock or SetClock(BEGIN)
    (folder / "mails").mkdir(exist_ok=True)
    tables: dict[str, Any] = {"campaigns": ("huli-2022",)} | settings
    mailbox = {"address": BOX, "kind": "eml_folder", "path": folder / "mails", **tables.pop("mailbox_more", {})}
    records = open_records(Settings(folder=folder, mailbox=mailbox, **tables), clock=clock, dry_run=dry_run)
    return Office(folder, clock, build_service(records, executor=InlineExecutor()))
