"""The set for the first round of judging (初审): a PDF for each case by category, a list to sign, a list of all.

Peers: the database, the letter store, reader processes that make photos smaller, the folder handed over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from intake.casework.fold import fold
from intake.casework.wording import main_words
from intake.desks import Archive
from intake.edges.executors import Executor
from intake.edges.review_pdf import write_review_pdf
from intake.edges.workbook import write_workbook
from intake.errors import OperatorError, ReaderLostError
from intake.figures.anonymity import hide_names, names_to_hide
from intake.figures.file_names import safe_name
from intake.figures.masking import mask_numbers
from intake.figures.review import ReviewCase, ReviewLine, sign_sheet, summary_sheet, text_lines
from intake.lookups import OnRecord
from intake.model import Document, Photo, ReadFile
from parsers.limits import Limits
from parsers.photos.thumbnail import write_thumbnail
from storage.records.casebook import CaseRecord

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
    files: tuple[str, ...] = ()
    """All of the set, relative to its folder."""


class ReviewDesk:
    """Makes review sets."""

    def __init__(
        self,
        archive: Archive,
        executor: Executor,
        *,
        limits: Limits,
    ) -> None:
        self._archive = archive
        self._on_record = OnRecord(archive.store, archive.readings)
        self._executor = executor
        self._limits = limits

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
        with self._archive.store.read() as view:
            records = [case for call in self._archive.calls for case in view.cases.list(campaign=call)]
        wanted = [case for case in records if case.state in states and (self._archive.trial or not case.test)]
        wanted.sort(key=lambda case: (case.category or "", case.number))
        _refuse_others(root, {_named(case, anonymous=anonymous) for case in wanted})
        shown: list[ReviewCase] = []
        missing: list[str] = []
        for case in wanted:
            tell(case.number)
            made, lacks = self._write(root, case, anonymous=anonymous)
            shown.append(made)
            missing += lacks
        for name, sheet in ((SIGN, sign_sheet(shown)), (SUMMARY, summary_sheet(shown))):
            write_workbook(
                root / name, [sheet], zone=self._archive.zone, at=at, title=name.removesuffix(".xlsx"), author=""
            )
        size_bytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        return Reviewed(len(shown), size_bytes, tuple(missing), (*(each.path for each in shown), SIGN, SUMMARY))

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
            hide = _hider(record)
            case = replace(case, unit="", title=hide(case.title))
            lines = tuple(ReviewLine(hide(line.text), line.heading) for line in lines)
        path = _named(record, anonymous=anonymous)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".review-", dir=root, ignore_cleanup_errors=True) as work:
            small = self._small_copies(record, photos, Path(work))
            captions = [(f"图{at}", small[each.sha256]) for at, each in enumerate(photos, 1) if each.sha256 in small]
            write_review_pdf(root / path, case, lines, captions)
        lacks = [f"{record.number} {each.name}" for each in photos if each.sha256 not in small]
        return replace(case, path=path), lacks + [f"{record.number} 正文"] * (not texts)

    def _files(self, case: CaseRecord) -> tuple[ReadFile, ...]:
        call = self._archive.calls[case.campaign]
        with self._archive.store.read() as view:
            letters = self._archive.readings.of_case(view, case.id, call.signs)
        return fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at).files

    def _small_copies(self, case: CaseRecord, photos: list[Photo], work: Path) -> dict[str, Path]:
        """By hash, JPEG copies of the photos that could be taken out and shown."""
        with self._archive.store.read() as view:
            letters = view.letters.of_case(case.id)
        wanted = {photo.sha256: work / f"{at}.original" for at, photo in enumerate(photos)}
        for letter in letters:
            left = {sha256: path for sha256, path in wanted.items() if not path.is_file()}
            self._archive.extracts.take(
                letter.sha256, left, known=self._on_record.known, stated_elsewhere=self._on_record.stated_elsewhere
            )
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


def _hider(record: CaseRecord) -> Callable[[str], str]:
    """Takes out of a text whose case it is: unit, places, contact, mailbox, and every telephone number."""
    names = names_to_hide(record.unit, record.contact, record.phone, record.sender_address)
    return lambda text: mask_numbers(hide_names(text, names))


def _named(record: CaseRecord, *, anonymous: bool) -> str:
    """Where its document lies, relative to the set."""
    title = _hider(record)(record.title) if anonymous else record.title
    name = safe_name(f"{record.number}_{title}" if title else record.number)
    return f"{safe_name(record.category or '类别未注明', 60)}/{name}.pdf"


def _refuse_others(root: Path, planned: Collection[str]) -> None:
    """Raises: OperatorError when something lies there that is not of this set: a set that names units is none to add to."""
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    others = sorted(name for name in names if name.endswith(".pdf") and name not in planned)
    if names and SIGN not in names:
        raise OperatorError(f"{root} 里已有别的文件。请换一个空文件夹。")
    if others:
        raise OperatorError(
            f"{root} 里有{len(others)}个文件不在这次的范围里，如 {others[0]}。请换一个空文件夹，或先把它们移走。"
        )
