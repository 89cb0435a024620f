"""What organizers take away: a folder for each case, the ledger, a manifest; brought up to date when asked again.

Peers: the database, the letter store, reader processes, the folder handed over. Nothing of it is a record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.briefing.pictures import campaign_pictures
from intake.calls import Call
from intake.casework.fold import fold
from intake.desks import Archive
from intake.edges.chart_files import chart_files
from intake.edges.delivery import Delivery
from intake.edges.records import finding_from_json
from intake.errors import OperatorError
from intake.figures.case_record import write_case_record
from intake.figures.export_plan import (
    PICTURES,
    RECORD,
    KnownLetter,
    PlannedFile,
    case_folder,
    planned_files,
    planned_letters,
)
from intake.figures.file_names import safe_name
from intake.figures.ledger_words import NOT_IN_USE
from intake.ledger import Ledgers, Places
from intake.lookups import OnRecord
from intake.model import Photo, ReadFile
from intake.replies import describe_finding
from storage.records import Json
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import View

LEDGER = "台账.xlsx"
PICTURES_OF_ALL = "统计图"


@dataclass(frozen=True, slots=True)
class _Material:
    """A case as it stands, read in one unit of work."""

    case: CaseRecord
    folder: str
    files: tuple[ReadFile, ...]
    planned: tuple[PlannedFile, ...]
    letters: tuple[LetterRecord, ...]
    planned_letters: tuple[PlannedFile, ...]
    told: Mapping[str, tuple[Json, ...]]


@dataclass(slots=True)
class Exported:
    """What an export did."""

    cases: int = 0
    written: int = 0
    missing: tuple[str, ...] = ()
    """`登记编号 文件名` of files that could not be taken out of their letters."""
    left: tuple[str, ...] = ()
    """Numbers whose folders an earlier export wrote and that are not among those asked for now."""


class ExportDesk:
    """Writes exports."""

    def __init__(
        self,
        archive: Archive,
        ledgers: Ledgers,
        *,
        draw_pictures: Callable[[str], Path | None],
        folder: Path,
    ) -> None:
        """`draw_pictures`: the page of a case's pictures, by its number; None when it has none.

        `folder`: the working folder, where a roster may lie.
        """
        self._archive = archive
        self._on_record = OnRecord(archive.store, archive.readings)
        self._folder = folder
        self._ledgers = ledgers
        self._draw_pictures = draw_pictures

    def export(
        self, root: Path, *, states: Collection[str] = (), at: datetime, tell: Callable[[str], None] = lambda _: None
    ) -> Exported:
        """Bring `root` up to date with the cases in `states` (all that are in use, when none is named).

        `tell` hears the number of each case before it is written.
        Raises: OperatorError when the folder holds something else; StorageError, OSError.
        """
        delivery = _opened(root)
        delivery.close()  # from now on the folder is known for ours, also when this is broken off
        done = Exported()
        placed: dict[str, _Material] = {}
        missing: list[str] = []
        with self._archive.store.read() as view:
            wanted = [case for case in self._cases(view) if _is_wanted(case, states)]
        for case in wanted:
            tell(case.number)
            material = self._material(case)
            missing += self._write(delivery, material)
            placed[case.number] = material
        self._write_ledger(delivery, placed, at=at)
        self._write_charts(delivery, at=at)
        delivery.close()
        done.cases, done.written, done.missing = len(wanted), delivery.written, tuple(missing)
        done.left = tuple(sorted(delivery.folders.keys() - placed.keys()))
        return done

    def pack(self, root: Path, target: Path) -> Iterator[str]:
        """Everything an export wrote as one zip; yields each name as it is done. Raises: OSError."""
        return _opened(root).pack(target)

    # --- one case

    def _cases(self, view: View) -> Iterator[CaseRecord]:
        for call in self._archive.calls:
            yield from (case for case in view.cases.list(campaign=call) if self._archive.trial or not case.test)

    def _material(self, case: CaseRecord) -> _Material:
        call = self._archive.calls[case.campaign]
        with self._archive.store.read() as view:
            letters = self._archive.readings.of_case(view, case.id, call.signs)
            records = view.letters.of_case(case.id)
            told = self._told(view, case, call, records)
        state = fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at)
        folder = case_folder(case.number, unit=case.unit, title=case.title, category=case.category)
        if len(self._archive.calls) > 1:
            folder = f"{safe_name(call.campaign.tag)}/{folder}"
        known = [KnownLetter(record.sha256, record.received_at, record.subject) for record in records]
        return _Material(
            case=case,
            folder=folder,
            files=state.files,
            planned=planned_files(state.files),
            letters=records,
            planned_letters=planned_letters(known, self._archive.zone),
            told=told,
        )

    def _write(self, delivery: Delivery, material: _Material) -> list[str]:
        """Bring one case's folder up to date; what could not be taken out."""
        number, folder = material.case.number, material.folder
        delivery.move_folder(number, folder)
        whole = {f"{folder}/{each.path}": each.sha256 for each in (*material.planned, *material.planned_letters)}
        keep = {f"{folder}/{name}" for name in (RECORD, PICTURES)}
        open_paths = delivery.missing(number, whole, keep=keep)
        letters = {f"{folder}/{each.path}" for each in material.planned_letters}
        lost = {path for path in open_paths.keys() & letters if not self._take_letter(delivery, open_paths[path], path)}
        files = {sha256: delivery.root / path for path, sha256 in open_paths.items() if path not in letters}
        taken = self._take_files(material, files)
        for path in sorted(open_paths.keys() - lost):
            if path in letters or open_paths[path] in taken:
                delivery.add(number, path)
        gone = tuple(sha256 for sha256 in files if sha256 not in taken)
        self._write_record(delivery, material, gone)
        self._write_pictures(delivery, material, changed=bool(open_paths))
        names = [each.name for each in material.planned if each.sha256 in gone]
        names += [path.rpartition("/")[2] for path in sorted(lost)]
        return [f"{number} {name}" for name in names]

    def _take_letter(self, delivery: Delivery, sha256: str, path: str) -> bool:
        return self._archive.extracts.raw(sha256, delivery.root / path)

    def _take_files(self, material: _Material, files: Mapping[str, Path]) -> frozenset[str]:
        taken: frozenset[str] = frozenset()
        for record in material.letters:
            left = {sha256: path for sha256, path in files.items() if sha256 not in taken}
            taken |= self._archive.extracts.take(
                record.sha256, left, known=self._on_record.known, stated_elsewhere=self._on_record.stated_elsewhere
            )
        return taken

    def _write_record(self, delivery: Delivery, material: _Material, missing: tuple[str, ...]) -> None:
        case = material.case
        record = write_case_record(
            {
                "number": case.number,
                "campaign": self._archive.calls[case.campaign].campaign.title,
                "title": case.title,
                "unit": case.unit,
                "contact": case.contact,
                "phone": case.phone,
                "address": case.sender_address,
                "category": case.category,
                "level": case.level,
                "state": case.state,
                "verdict": case.verdict,
                "opened_at": case.opened_at.isoformat(),
            },
            material.files,
            material.planned,
            missing=missing,
            **material.told,
        )
        delivery.put(case.number, f"{material.folder}/{RECORD}", record)

    def _write_pictures(self, delivery: Delivery, material: _Material, *, changed: bool) -> None:
        path = f"{material.folder}/{PICTURES}"
        if not any(isinstance(file, Photo) for file in material.files) or (delivery.holds(path) and not changed):
            return
        page = self._draw_pictures(material.case.number)
        if page is not None:
            delivery.put(material.case.number, path, page.read_bytes())

    # --- what the records tell of it

    def _told(
        self, view: View, case: CaseRecord, call: Call, records: Iterable[LetterRecord]
    ) -> dict[str, tuple[Json, ...]]:
        judgement = view.cases.last_judgement(case.id)
        findings = [finding_from_json(found) for found in judgement.findings] if judgement is not None else []
        return {
            "letters": tuple(
                {
                    "received_at": record.received_at.isoformat(),
                    "from": record.from_address,
                    "subject": record.subject,
                    "sha256": record.sha256,
                }
                for record in records
            ),
            "findings": tuple(
                {
                    "rule": each.rule,
                    "check": each.check,
                    "code": each.code,
                    "severity": each.severity,
                    "file": each.file,
                    "evidence": each.evidence,
                    "text": describe_finding(each, call.language, call.letterhead),
                }
                for each in findings
            ),
            "decisions": tuple(
                {"kind": each.kind, "who": each.who, "why": each.why, "rule": each.rule, "at": each.at.isoformat()}
                for each in view.cases.decisions(case.id)
            ),
            "answers": tuple(
                {
                    "kind": mail.kind,
                    "to": mail.to_address,
                    "subject": mail.subject,
                    "state": mail.state,
                    "sent_at": mail.sent_at.isoformat() if mail.sent_at is not None else None,
                }
                for mail in view.outgoing.of_case(case.id)
            ),
        }

    # --- what belongs to all

    def _write_ledger(self, delivery: Delivery, placed: Mapping[str, _Material], *, at: datetime) -> None:
        letters = {
            each.sha256: f"{material.folder}/{each.path}"
            for material in placed.values()
            for each in material.planned_letters
        }
        files = {
            (number, each.sha256): f"{material.folder}/{each.path}"
            for number, material in placed.items()
            for each in material.planned
        }
        places = Places(
            case=lambda number: placed[number].folder if number in placed else "",
            file=lambda number, sha256: files.get((number, sha256), ""),
            letter=lambda sha256: letters.get(sha256, ""),
        )
        self._ledgers.write(delivery.root / LEDGER, at=at, places=places)
        delivery.add("", LEDGER)

    def _write_charts(self, delivery: Delivery, *, at: datetime) -> None:
        """The digest's pictures, of each campaign in a folder of its own where there are several."""
        with self._archive.store.read() as view:
            pictures = campaign_pictures(
                view, self._archive.calls, folder=self._folder, at=at, with_tests=self._archive.trial
            )
        for id_, charts in pictures.items():
            campaign = self._archive.calls[id_].campaign
            place = f"{PICTURES_OF_ALL}/{safe_name(campaign.tag)}" if len(self._archive.calls) > 1 else PICTURES_OF_ALL
            for name, content in chart_files(charts, campaign=campaign.title, at=at, zone=campaign.timezone):
                delivery.put("", f"{place}/{name}", content)


def _is_wanted(case: CaseRecord, states: Collection[str]) -> bool:
    return case.state in states if states else case.state not in NOT_IN_USE


def _opened(root: Path) -> Delivery:
    try:
        root.mkdir(parents=True, exist_ok=True)
        delivery = Delivery(root)
    except (ValueError, KeyError, TypeError, FileExistsError, NotADirectoryError) as error:
        raise OperatorError(f"{root} 里的清单不是本程序写的，或已损坏。请换一个空文件夹再导出。") from error
    if not delivery.is_ours:
        raise OperatorError(f"{root} 里已有别的文件。请换一个空文件夹再导出。")
    return delivery
