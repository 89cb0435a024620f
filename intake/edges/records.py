"""Stored rows to the nouns of the model: what casework reasons about, read back from the database.

Peer: a unit of work of `storage`. A letter not yet read has no facts here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from intake.casework.authentication import authenticate
from intake.casework.files import FoundFile, attached_letters, read_files
from intake.casework.forwarded import Behalf, told_on_behalf
from intake.casework.grouping import Grouping, Leads, divide, share_of
from intake.casework.signs import CampaignSigns
from intake.model import Delivery, Finding, FolderRole, Letter, ReadFile
from parsers.facts import Address, LetterFacts, Reading
from parsers.limits import Limits
from parsers.reading import reader_version
from storage.errors import ConflictError, CorruptError, MissingRecordError, StorageError
from storage.records.contents import FileRecord, ReadingKey, ReadingRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork

_Shown = tuple[str, datetime, str, str]
"""All of a letter's row that its noun depends on: hash, receipt time, folder role, for whom it was passed on."""

ON_BEHALF = "on_behalf"
"""In the evidence of a letter: for whom an organizer passed it on, as `behalf_to_json` wrote it."""

DELIVERY = "delivery"
"""In the evidence of a letter that stands for what was handed over at a desk: how, as `delivery_to_json` wrote it."""

NEVER = "never"
"""`answered` of a letter that gets no answer: a machine's, or one in junk that held no submission."""


PROVISIONAL = "provisional"
"""In the evidence of a letter: it was joined to a case of another address until a person has looked."""

LEFT_OUT = "left_out"
"""In the evidence of a letter with several cases: the documents (SHA-256) of those its sender did not confirm."""


def is_own_trouble(error: Exception) -> bool:
    """Whether `error` lies with our disk or database, so that any letter would fail: nothing is put aside then."""
    of_one_letter = isinstance(error, ConflictError | MissingRecordError | CorruptError)
    return isinstance(error, OSError | StorageError) and not of_one_letter


class Readings:
    """The key under which this installation's readings are stored."""

    def __init__(self, limits: Limits, *, trusted_hosts: Collection[str] = ()) -> None:
        """`trusted_hosts`: authserv-ids whose word on the origin of letters is believed."""
        self._trusted_hosts = tuple(trusted_hosts)
        self._limits_key = limits.model_dump_json()
        self._shown: WeakKeyDictionary[UnitOfWork, dict[_Shown, Letter]] = WeakKeyDictionary()
        self._divided: WeakKeyDictionary[UnitOfWork, dict[tuple[object, ...], Grouping]] = WeakKeyDictionary()

    def key(self, sha256: str) -> ReadingKey:
        """What the reading of the file `sha256` is found by."""
        return ReadingKey(sha256, reader_version(), self._limits_key)

    def record(self, reading: Reading, *, at: datetime) -> ReadingRecord:
        """A fresh reading as it is stored."""
        key = self.key(reading.sha256)
        return ReadingRecord(
            file_sha256=key.file_sha256,
            reader=key.reader,
            limits_key=key.limits_key,
            # The version is a default too, and the one thing that must never be left out.
            facts=reading.model_dump(mode="json", exclude_defaults=True) | {"schema_version": reading.schema_version},
            problem=reading.problem.code if reading.problem else None,
            at=at,
        )

    def get_many(self, view: UnitOfWork, hashes: Sequence[str]) -> dict[str, Reading]:
        """What today's readers, under today's limits, made of those of `hashes` they have read, by hash."""
        keys = [self.key(sha256) for sha256 in dict.fromkeys(hashes)]
        found = view.readings.get_many(keys)
        return {key.file_sha256: Reading.model_validate(record.facts) for key, record in found.items()}

    def unread(self, view: UnitOfWork, hashes: Iterable[str], *, since_at: datetime | None = None) -> frozenset[str]:
        """Those of `hashes` that today's readers have not read under today's limits; or not from `since_at` on."""
        wanted = frozenset(hashes)
        key = self.key("")
        return wanted - view.readings.made_by(wanted, reader=key.reader, limits_key=key.limits_key, since_at=since_at)

    def letter(self, view: UnitOfWork, record: LetterRecord) -> Letter:
        """The letter with the files it brought, as they were read."""
        return self.letters(view, [record])[0]

    def letters(self, view: UnitOfWork, records: Sequence[LetterRecord]) -> list[Letter]:
        """Letters in the order given; one query for all their readings.

        One unit of work asks for the same letter when it files, judges and answers: it is put together once.
        """
        shown = self._shown.setdefault(view, {})
        keys = [_shown_key(record) for record in records]
        missing = [record for record, key in zip(records, keys, strict=True) if key not in shown]
        for letter, record in zip(self._put_together(view, missing), missing, strict=True):
            shown[_shown_key(record)] = letter
        return [shown[key] for key in keys]

    def with_facts(self, letter: Letter, facts: LetterFacts) -> Letter:
        """`letter` as far as other facts tell of it: those of its header, when it could not be read."""
        return replace(letter, facts=facts, authentication=authenticate(facts, trusted=self._trusted_hosts))

    def of_case(self, view: UnitOfWork, case_id: int, signs: CampaignSigns) -> list[Letter]:
        """The letters of a case in order of receipt, each as far as it is about this case."""
        return self.of_cases(view, (case_id,), signs)[case_id]

    def of_cases(self, view: UnitOfWork, case_ids: Sequence[int], signs: CampaignSigns) -> dict[int, list[Letter]]:
        """What `of_case` tells of each of the cases; as many queries for all of them as for one, but for letters that
        were divided among several cases.
        """
        joined, records = view.cases.letters_of(case_ids), view.letters.of_cases(case_ids)
        each_once = {record.sha256: record for some in records.values() for record in some}
        letters = dict(zip(each_once, self.letters(view, [*each_once.values()]), strict=True))
        found: dict[int, list[Letter]] = {}
        for case_id in case_ids:
            leads = {each.letter_sha256: each.leads for each in joined.get(case_id, ())}
            mine = (letters[record.sha256] for record in records.get(case_id, ()))
            found[case_id] = [self.share(view, letter, leads[letter.sha256], signs) for letter in mine]
        return found

    def share(self, view: UnitOfWork, letter: Letter, leads: Leads, signs: CampaignSigns) -> Letter:
        """`letter` as far as it is about the case of `leads`; the letter itself when it was not divided."""
        return share_of(letter, self._grouping(view, letter, signs), leads) if leads else letter

    def unplaced(self, view: UnitOfWork, record: LetterRecord, signs: CampaignSigns) -> tuple[ReadFile, ...]:
        """Files of a letter with several cases that may be of any of them; empty when it has one case or none."""
        if not any(joined.leads for joined in view.cases.joined_to(record.sha256)):
            return ()
        return self._grouping(view, self.letter(view, record), signs).unassigned

    def _grouping(self, view: UnitOfWork, letter: Letter, signs: CampaignSigns) -> Grouping:
        """By the documents recorded when it was filed: what is known better since moves no case to another's files."""
        leads = tuple(joined.leads for joined in view.cases.joined_to(letter.sha256) if joined.leads)
        record = view.letters.get(letter.sha256)
        left = ((record.evidence or {}).get(LEFT_OUT) if record is not None else None) or ()
        leads = (*leads, *(tuple(each) for each in left))
        divided = self._divided.setdefault(view, {})
        key = (letter.sha256, leads, signs)
        if key not in divided:
            divided[key] = divide(letter.files, leads, signs)
        return divided[key]

    def _put_together(self, view: UnitOfWork, records: Sequence[LetterRecord]) -> list[Letter]:
        files = view.files.of_letters(record.sha256 for record in records)
        rows = {record.sha256: files.get(record.sha256, []) for record in records}
        hashes = [record.sha256 for record in records] + [row.sha256 for files in rows.values() for row in files]
        # Whatever reader made them: a newer program judges on by what is stored until letters are read again.
        stored = view.readings.latest(hashes)
        readings = {sha256: Reading.model_validate(record.facts) for sha256, record in stored.items()}
        return [self._letter(record, rows[record.sha256], readings) for record in records]

    def _letter(self, record: LetterRecord, rows: Sequence[FileRecord], readings: dict[str, Reading]) -> Letter:
        own = readings.get(record.sha256)
        found: dict[int, FoundFile] = {}
        for row in rows:
            if row.sha256 not in readings:
                continue
            found[row.id] = FoundFile(
                name=row.name,
                origin=row.origin,  # type: ignore[arg-type]  # written from the same closed list
                reading=readings[row.sha256],
                folder=row.folder,
                container=found.get(row.parent_id) if row.parent_id is not None else None,
                shown_px=row.shown,
            )
        role: FolderRole = "junk" if record.folder_role == "junk" else "inbox"
        facts = own.letter if own is not None and own.letter is not None else LetterFacts()
        letter = Letter(
            sha256=record.sha256,
            received_at=record.received_at,
            facts=facts,
            folder_role=role,
            files=read_files(tuple(found.values())),
            attached=attached_letters(tuple(found.values())),
            authentication=authenticate(facts, trusted=self._trusted_hosts),
        )
        evidence = record.evidence or {}
        delivered = delivery_from_json(evidence.get(DELIVERY))
        if delivered is not None:
            return told_at_desk(letter, delivered)
        behalf = behalf_from_json(evidence.get(ON_BEHALF))
        return letter if behalf is None else told_on_behalf(letter, behalf)


def told_at_desk(letter: Letter, delivered: Delivery) -> Letter:
    """`letter`, written by ourselves, as that of whoever handed over what it holds; without a sender when unknown."""
    sender = Address(name=delivered.name, address=delivered.address) if delivered.address else None
    facts = letter.facts.model_copy(
        update={
            "sender": sender,
            "message_id": None,
            "references": delivered.references,
            "subject": "",
            # Ours: the place where it was taken in is not the unit it is from.
            "text": delivered.remark,
            "signature": "",
        }
    )
    return replace(letter, facts=facts, delivered=delivered, authentication=None)


def _shown_key(record: LetterRecord) -> _Shown:
    evidence = record.evidence or {}
    told = repr((evidence.get(ON_BEHALF), evidence.get(DELIVERY)))
    return record.sha256, record.received_at, record.folder_role, told


def delivery_to_json(delivered: Delivery) -> dict[str, object]:
    """A delivery as stored with its letter's evidence."""
    return asdict(delivered)


def delivery_from_json(stored: Any) -> Delivery | None:
    """What `delivery_to_json` wrote; None for what came by mail."""
    return Delivery(**{**stored, "references": tuple(stored["references"])}) if stored else None


def behalf_to_json(behalf: Behalf) -> dict[str, str]:
    """For whom a letter was passed on, as stored with its evidence."""
    return {
        "address": behalf.address,
        "name": behalf.name,
        "received_at": behalf.received_at.isoformat(),
        "evidence": behalf.evidence,
    }


def behalf_from_json(stored: Any) -> Behalf | None:
    """What `behalf_to_json` wrote; None for a letter that is its sender's own."""
    if not stored:
        return None
    received_at = datetime.fromisoformat(stored["received_at"])
    return Behalf(stored["address"], stored["name"], received_at, stored["evidence"])


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """A finding as stored and as exported."""
    return asdict(finding)


def finding_from_json(stored: Any) -> Finding:
    """The finding `finding_to_json` wrote; lists become tuples again."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in stored["values"].items()}
    return Finding(**{**stored, "values": values})
