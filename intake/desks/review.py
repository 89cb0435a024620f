"""The set for the first round of judging (初审): a PDF for each case by category, a list to sign, a list of all.

Peers: the database, the letter store, reader processes that make photos smaller, the folder handed over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from intake.calls import Call
from intake.casework.fold import fold
from intake.casework.wording import main_words
from intake.edges.executors import Executor
from intake.edges.extracts import Extracts
from intake.edges.records import Readings
from intake.edges.review_pdf import write_review_pdf
from intake.edges.workbook import write_workbook
from intake.errors import OperatorError, ReaderLostError
from intake.figures.anonymity import hide_names, names_to_hide
from intake.figures.file_names import safe_name
from intake.figures.review import ReviewCase, ReviewLine, sign_sheet, summary_sheet, text_lines
from intake.lookups import stated_passwords
from intake.model import Document, Photo, ReadFile
from parsers.facts import LetterFacts, Reading
from parsers.limits import Limits
from parsers.photos.thumbnail import write_thumbnail
from storage.records import CaseRecord
from storage.store import Store

SIGN = "初审登记表.xlsx"
SUMMARY = "汇总表.xlsx"
PHOTO_PX = 1600
PHOTOS_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was made."""

    cases: int
    size_bytes: int
    missing: tuple[str, ...]
    """`登记编号 照片名` of photos that could not be taken out or shown, and cases without a text that was read."""


class ReviewDesk:
    """Makes review sets."""

    def __init__(
        self,
        store: Store,
        readings: Readings,
        calls: Mapping[str, Call],
        extracts: Extracts,
        executor: Executor,
        *,
        limits: Limits,
        zone: str,
        trial: bool,
    ) -> None:
        self._store = store
        self._readings = readings
        self._calls = calls
        self._extracts = extracts
        self._executor = executor
        self._limits = limits
        self._zone = zone
        self._trial = trial

    def make(
        self,
        root: Path,
        *,
        states: Collection[str] = ("accepted",),
        anonymous: bool = False,
        at: datetime,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Reviewed:
        """Write the set of the cases in `states` to `root`, an empty folder or one with an earlier set.

        `anonymous`: unit, places and contact are hidden in names, text and lists; what photos show stays.
        Raises: OperatorError when the folder holds something else; StorageError, OSError.
        """
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()) and not (root / SIGN).is_file():
            raise OperatorError(f"{root} 里已有别的文件。请换一个空文件夹。")
        with self._store.read() as view:
            records = [case for call in self._calls for case in view.cases.list(campaign=call)]
        wanted = [case for case in records if case.state in states and (self._trial or not case.test)]
        wanted.sort(key=lambda case: (case.category or "", case.number))
        shown: list[ReviewCase] = []
        missing: list[str] = []
        for case in wanted:
            tell(case.number)
            made, lacks = self._write(root, case, anonymous=anonymous)
            shown.append(made)
            missing += lacks
        for name, sheet in ((SIGN, sign_sheet(shown)), (SUMMARY, summary_sheet(shown))):
            write_workbook(root / name, [sheet], zone=self._zone, at=at, title=name.removesuffix(".xlsx"), author="")
        size_bytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        return Reviewed(len(shown), size_bytes, tuple(missing))

    def _write(self, root: Path, record: CaseRecord, *, anonymous: bool) -> tuple[ReviewCase, list[str]]:
        files = self._files(record)
        texts = [file for file in files if isinstance(file, Document) and file.role == "case"]
        photos = [file for file in files if isinstance(file, Photo) and file.counted][:PHOTOS_AT_MOST]
        case = ReviewCase(
            number=record.number,
            title=record.title,
            category=record.category or "类别未注明",
            unit=record.unit,
            words=sum(map(main_words, texts)) or None,
            photos=len(photos),
        )
        lines = text_lines(texts)
        if anonymous:
            names = names_to_hide(record.unit, record.contact)
            case = replace(case, unit="", title=hide_names(case.title, names))
            lines = tuple(ReviewLine(hide_names(line.text, names), line.heading) for line in lines)
        path = f"{safe_name(case.category, 60)}/{safe_name(f'{case.number}_{case.title}' if case.title else case.number)}.pdf"
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".review-", dir=root, ignore_cleanup_errors=True) as work:
            small = self._small_copies(record, photos, Path(work))
            captions = [(f"图{at}", small[each.sha256]) for at, each in enumerate(photos, 1) if each.sha256 in small]
            write_review_pdf(root / path, case, lines, captions)
        lacks = [f"{record.number} {each.name}" for each in photos if each.sha256 not in small]
        return replace(case, path=path), lacks + [f"{record.number} 正文"] * (not texts)

    def _files(self, case: CaseRecord) -> tuple[ReadFile, ...]:
        call = self._calls[case.campaign]
        with self._store.read() as view:
            letters = self._readings.of_case(view, case.id, call.signs)
        return fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at).files

    def _small_copies(self, case: CaseRecord, photos: list[Photo], work: Path) -> dict[str, Path]:
        """By hash, JPEG copies of the photos that could be taken out and shown."""
        with self._store.read() as view:
            letters = view.letters.of_case(case.id)
        wanted = {photo.sha256: work / f"{at}.original" for at, photo in enumerate(photos)}
        for letter in letters:
            left = {sha256: path for sha256, path in wanted.items() if not path.is_file()}
            self._extracts.take(letter.sha256, left, known=self._known, stated_elsewhere=self._stated_elsewhere)
        small = {sha256: path.with_suffix(".jpg") for sha256, path in wanted.items()}
        return {
            sha256: small[sha256]
            for sha256, path in wanted.items()
            if path.is_file() and self._shrink(path, small[sha256])
        }

    def _shrink(self, path: Path, target: Path) -> bool:
        draw = partial(write_thumbnail, longest_px=PHOTO_PX)
        task = self._executor.submit(draw, path, target, self._limits, limits=self._limits)
        try:
            return task.result()
        except ReaderLostError:
            return False

    def _known(self, hashes: Iterable[str]) -> Mapping[str, Reading]:
        with self._store.read() as view:
            return self._readings.get_many(view, tuple(hashes))

    def _stated_elsewhere(self, facts: LetterFacts, hashes: Iterable[str]) -> tuple[str, ...]:
        with self._store.read() as view:
            return stated_passwords(view, self._readings, facts, hashes)
