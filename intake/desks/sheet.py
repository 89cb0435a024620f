"""A case's pictures on one page for organizers, made from the stored letters when asked for.

Peers: the database, the letter store, reader processes, the cache folder. Nothing of it is a record: what is
deleted is made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from intake.calls import Call
from intake.casework.fold import fold
from intake.casework.photos import similar_photos
from intake.edges.records import Readings
from intake.edges.thumbnails import Thumbnails
from intake.errors import OperatorError, UnknownCaseError, UnlistedCampaignError
from intake.figures.contact_sheet import WHY_NOT, SheetPicture, render_contact_sheet
from intake.lookups import OnRecord, case_written
from intake.model import Photo, Problem, ReadFile
from intake.wording import clean_text, clean_title
from storage.records.casebook import CaseRecord
from storage.store import Store

_NAMES = {"jpeg": "JPEG", "png": "PNG", "heic": "HEIC", "tiff": "TIFF", "webp": "WebP", "avif": "AVIF"}


class SheetDesk:
    """Makes contact sheets."""

    def __init__(
        self, store: Store, readings: Readings, calls: Mapping[str, Call], thumbnails: Thumbnails, *, folder: Path
    ) -> None:
        """`folder`: where the pages lie, `<登记编号>.html`."""
        self._store = store
        self._readings = readings
        self._on_record = OnRecord(store, readings)
        self._calls = calls
        self._thumbnails = thumbnails
        self._folder = folder

    def make(self, number: str) -> Path:
        """Write the page of the case as it stands now, in place of an earlier one; where it lies.

        Raises: OperatorError when there is no such case or it has no pictures; StorageError, OSError.
        """
        with self._store.read() as view:
            case = case_written(view, number, self._calls)
            if case is None:
                raise UnknownCaseError(number)
            call = self._calls.get(case.campaign)
            if call is None:
                raise UnlistedCampaignError(case.campaign, number=number)
            records = view.letters.of_case(case.id)
            letters = self._readings.of_case(view, case.id, call.signs)
        state = fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at)
        pictures = [(place, file) for place, file in enumerate(state.files) if _is_picture(file)]
        if not pictures:
            raise OperatorError(f"{case.number} 的材料里没有图片。")
        wanted = {file.sha256 for _, file in pictures}
        for record in records:
            self._thumbnails.make(
                record.sha256, wanted, known=self._on_record.known, stated_elsewhere=self._on_record.stated_elsewhere
            )
        near = similar_photos(state.files)
        page = render_contact_sheet(
            f"{case.number} {clean_title(case.title)}",
            _about(case, [file for _, file in pictures]),
            [self._picture(file, near.get(place)) for place, file in pictures],
        )
        return self._write(case.number, page)

    def _picture(self, file: ReadFile, near: str | None) -> SheetPicture:
        counted = isinstance(file, Photo) and file.counted
        return SheetPicture(
            name=clean_text(file.name),
            detail=_detail(file),
            counted=counted,
            remark=_remark(file, near),
            jpeg=self._thumbnails.get(file.sha256),
        )

    def _write(self, number: str, page: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{number}.html"
        part = path.with_suffix(".part")
        part.write_text(page, encoding="utf-8", newline="\n")
        part.replace(path)
        return path


def _is_picture(file: ReadFile) -> bool:
    return isinstance(file, Photo) or (isinstance(file, Problem) and file.format == "image")


def _about(case: CaseRecord, pictures: list[ReadFile]) -> list[str]:
    counted = sum(isinstance(file, Photo) and file.counted for file in pictures)
    aside = len(pictures) - counted
    count = f"计入{counted}张" + (f"，另有{aside}张未计入" if aside else "")
    return [line for line in (clean_text(case.unit), count) if line]


def _detail(file: ReadFile) -> str:
    size = (
        f"{file.size_bytes / 1_048_576:.1f}MB" if file.size_bytes >= 1_000_000 else f"{file.size_bytes // 1024 + 1}KB"
    )
    if not isinstance(file, Photo):
        return size
    facts = file.facts
    parts = [f"{facts.width_px}×{facts.height_px}像素", size, _NAMES.get(facts.kind, facts.kind.upper())]
    if file.container and file.source in ("embedded", "archive"):
        parts.append(f"在{clean_text(file.container)}里")
    if facts.taken_at_local:
        year, month, day = (int(part) for part in facts.taken_at_local[:10].split(":"))
        parts.append(f"拍摄于{year}年{month}月{day}日{facts.taken_at_local[11:16]}")
    return "，".join(parts)


def _remark(file: ReadFile, near: str | None) -> str:
    if not isinstance(file, Photo):
        return WHY_NOT["unreadable"]
    if file.why_not is not None:
        return WHY_NOT[file.why_not].format(same_as=clean_text(file.same_as or ""))
    return f"计入，与“{clean_text(near)}”相近" if near else "计入"
