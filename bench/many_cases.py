"""A working folder with thousands of cases: a few real ones, filed by the service, and their rows again under other numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, func, insert, select, update

from intake.bootstrap import open_records, running_service
from intake.cli.folder import settings_of
from intake.demo import material
from intake.demo.clients import CHINA, Draft, File, qq_mail
from intake.edges.executors.inline import InlineExecutor
from storage import tables as t
from tests.intake.cli.working_folders import deliver, eml_working_folder

_FILES: tuple[tuple[File, ...], ...] = (material.complete(), material.part_missing(), material.too_long())
_AT = datetime(2022, 12, 1, 9, 0, tzinfo=CHINA)
_ROWS_AT_ONCE = 2_000
_Other = Callable[[str], str]
_Shifted = Callable[[str, int], int]


def make_folder(folder: Path, cases: int) -> Path:
    """`folder` with a database of `cases` cases, made unless it is there; the letters' bytes are not in it."""
    done = folder / f"{cases}.done"
    if done.is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    eml_working_folder(folder)
    for number, files in enumerate(_FILES):
        draft = Draft(
            subject=f"案例报送{number}", files=files, at=_AT + timedelta(hours=number), sender=f"u{number}@qq.example"
        )
        deliver(folder, f"{number}.eml", qq_mail(draft))
    records = open_records(settings_of(folder))
    with running_service(records, executor=InlineExecutor()) as service:
        service.worker.once()
    engine = create_engine(f"sqlite:///{records.store.file}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        _multiply(connection, cases)
    engine.dispose()
    done.touch()
    return folder


def _multiply(connection: Connection, cases: int) -> None:
    own = connection.execute(select(t.cases).order_by(t.cases.c.id)).mappings().all()
    templates = [_Template(connection, dict(row)) for row in own]
    highest = {
        table.name: _highest(connection, table) for table in (t.cases, t.files, t.revisions, t.judgements, t.outgoing)
    }
    waiting: dict[str, list[dict[str, Any]]] = {}
    for copy in range(len(own), cases):
        for table, row in templates[copy % len(templates)].copied(copy, highest):
            waiting.setdefault(table.name, []).append(row)
        if copy % _ROWS_AT_ONCE == 0 or copy == cases - 1:
            for table in t.metadata.sorted_tables:
                if rows := waiting.pop(table.name, None):
                    connection.execute(insert(table), rows)
    connection.execute(update(t.counters).where(t.counters.c.name.startswith("case:")).values(value=cases))


def _highest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(table.c.id))).scalar_one() or 0)


class _Template:
    """All rows of one case."""

    def __init__(self, connection: Connection, case: Mapping[str, Any]) -> None:
        def rows(table: Table, *conditions: Any) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(select(table).where(*conditions)).mappings()]

        self._case = dict(case)
        self._joins = rows(t.case_letters, t.case_letters.c.case_id == case["id"])
        self._addresses = rows(t.case_addresses, t.case_addresses.c.case_id == case["id"])
        hashes = [join["letter_sha256"] for join in self._joins]
        self._letters = rows(t.letters, t.letters.c.sha256.in_(hashes))
        self._files = rows(t.files, t.files.c.letter_sha256.in_(hashes))
        known = [*hashes, *(file["sha256"] for file in self._files)]
        self._readings = rows(t.readings, t.readings.c.file_sha256.in_(known))
        self._sightings = rows(t.sightings, t.sightings.c.letter_sha256.in_(hashes))
        self._revisions = rows(t.revisions, t.revisions.c.case_id == case["id"])
        self._judgements = rows(t.judgements, t.judgements.c.revision_id.in_([each["id"] for each in self._revisions]))
        self._mails = rows(t.outgoing_cases, t.outgoing_cases.c.case_id == case["id"])
        ids = [each["outgoing_id"] for each in self._mails]
        self._outgoing = rows(t.outgoing, t.outgoing.c.id.in_(ids))
        self._answers = rows(t.outgoing_letters, t.outgoing_letters.c.outgoing_id.in_(ids))

    def copied(self, copy: int, highest: Mapping[str, int]) -> Iterator[tuple[Table, dict[str, Any]]]:
        """The rows of another such case, the `copy`-th of all."""

        def other(sha256: str) -> str:
            return hashlib.sha256(f"{sha256}{copy}".encode()).hexdigest()

        def shifted(name: str, row_id: int) -> int:
            return row_id + highest[name] * copy

        yield from self._case_rows(copy, other, shifted)
        yield from self._letter_rows(copy, other, shifted)
        yield from self._mail_rows(copy, other, shifted)

    def _case_rows(self, copy: int, other: _Other, shifted: _Shifted) -> Iterator[tuple[Table, dict[str, Any]]]:
        case_id = shifted("cases", self._case["id"])
        later = timedelta(minutes=copy)
        number = f"{self._case['number'].rpartition('-')[0]}-{copy + 1:04d}"
        revision = shifted("revisions", self._case["current_revision_id"])
        yield (
            t.cases,
            self._case
            | {
                "id": case_id,
                "number": number,
                "title": f"{self._case['title']}之{copy}",
                "current_revision_id": revision,
            }
            | {"opened_at": self._case["opened_at"] + later, "sender_address": f"u{copy}@qq.example"},
        )
        for row in self._addresses:
            yield t.case_addresses, row | {"case_id": case_id, "address": f"{copy}.{row['address']}"}
        for row in self._revisions:
            files = [each | {"sha256": other(each["sha256"])} for each in row["summary"]["files"]]
            changed = {
                "id": shifted("revisions", row["id"]),
                "case_id": case_id,
                "content_key": other(row["content_key"]),
            }
            yield t.revisions, row | changed | {"summary": row["summary"] | {"files": files}}
        for row in self._judgements:
            changed = {"id": shifted("judgements", row["id"]), "revision_id": shifted("revisions", row["revision_id"])}
            yield t.judgements, row | changed

    def _letter_rows(self, copy: int, other: _Other, shifted: _Shifted) -> Iterator[tuple[Table, dict[str, Any]]]:
        case_id, later = shifted("cases", self._case["id"]), timedelta(minutes=copy)
        for row in self._letters:
            changed = {"sha256": other(row["sha256"]), "case_id": case_id, "received_at": row["received_at"] + later}
            yield t.letters, row | changed | {"message_id": f"{copy}.{row['message_id']}"}
        for row in self._joins:
            yield t.case_letters, row | {"case_id": case_id, "letter_sha256": other(row["letter_sha256"])}
        for row in self._sightings:
            changed = {"id": None, "uid": row["uid"] + 1_000 * copy, "letter_sha256": other(row["letter_sha256"])}
            yield t.sightings, {key: value for key, value in (row | changed).items() if key != "id"}
        for row in self._files:
            parent = row["parent_id"] and shifted("files", row["parent_id"])
            changed = {"id": shifted("files", row["id"]), "sha256": other(row["sha256"]), "parent_id": parent}
            yield t.files, row | changed | {"letter_sha256": other(row["letter_sha256"])}
        for row in self._readings:
            yield t.readings, row | {"file_sha256": other(row["file_sha256"])}

    def _mail_rows(self, copy: int, other: _Other, shifted: _Shifted) -> Iterator[tuple[Table, dict[str, Any]]]:
        case_id = shifted("cases", self._case["id"])
        for row in self._outgoing:
            changed = {"id": shifted("outgoing", row["id"]), "message_id": f"{copy}.{row['message_id']}"}
            yield t.outgoing, row | changed | {"token": f"{row['token']}{copy}", "raw": row["raw"][:4_000]}
        for row in self._answers:
            changed = {"outgoing_id": shifted("outgoing", row["outgoing_id"])}
            yield t.outgoing_letters, row | changed | {"letter_sha256": other(row["letter_sha256"])}
        for row in self._mails:
            yield t.outgoing_cases, row | {"case_id": case_id, "outgoing_id": shifted("outgoing", row["outgoing_id"])}
