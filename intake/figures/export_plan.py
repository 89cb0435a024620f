"""Where the material of a case goes in an export: folders and names. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.figures.file_names import numbered, safe_name
from intake.model import Photo, ReadFile

RECORD = "记录.json"
PICTURES = "图片一览.html"
LETTERS = "来信"
ASIDE = "旧版"
"""What an earlier export wrote and the case no longer holds, or somebody changed since."""

_CATEGORY_BYTES = 60
_UNIT_BYTES = 60
_TITLE_BYTES = 80
_FILE_BYTES = 120
_LABELS = {
    "case": "正文",
    "form": "报名表",
    "stamped_copy": "盖章件",
    "cover_letter": "报送函",
    "summary_sheet": "汇总表",
    "duplicate": "另一格式",
    "attachment": "附件",
}


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a case's folder."""

    path: str
    """Inside the case's folder, "/"-separated."""
    sha256: str
    name: str
    """As the submitter named it."""


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """A letter of a case, as far as its name depends on it."""

    sha256: str
    received_at: datetime
    subject: str


def case_folder(number: str, *, unit: str, title: str, category: str | None) -> str:
    """`类别/HL22-0017_单位_题目`; what is unknown is left out."""
    parts = [number, safe_name(unit, _UNIT_BYTES) if unit else "", safe_name(title, _TITLE_BYTES) if title else ""]
    name = safe_name("_".join(part for part in parts if part))
    return f"{safe_name(category or '类别未注明', _CATEGORY_BYTES)}/{name}"


def planned_files(files: Sequence[ReadFile]) -> tuple[PlannedFile, ...]:
    """Every file of a case's current material, in its order; each content once, under names that differ."""
    planned: list[PlannedFile] = []
    counted = 0
    for file in files:
        if any(each.sha256 == file.sha256 for each in planned):
            continue
        if isinstance(file, Photo):
            counted += file.counted
            plain = f"照片/{counted:02d}_{_named(file)}" if file.counted else f"照片/未计入/{_named(file)}"
        else:
            plain = f"{_LABELS.get(file.role, '附件')}_{_named(file)}"
        folder, _, name = plain.rpartition("/")
        taken = [each.path.rpartition("/")[2] for each in planned if each.path.rpartition("/")[0] == folder]
        name = numbered(safe_name(name, _FILE_BYTES), taken)
        planned.append(PlannedFile(f"{folder}/{name}" if folder else name, file.sha256, file.name))
    return tuple(planned)


def planned_letters(letters: Sequence[KnownLetter], zone: str) -> tuple[PlannedFile, ...]:
    """The raw letters in the order given: `来信/20221205-0900_主题.eml`."""
    planned: list[PlannedFile] = []
    for letter in letters:
        at = letter.received_at.astimezone(ZoneInfo(zone))
        plain = safe_name(f"{at:%Y%m%d-%H%M}_{letter.subject or '无主题'}", _FILE_BYTES - len(".eml"))
        name = numbered(f"{plain}.eml", [each.path.rpartition("/")[2] for each in planned])
        planned.append(PlannedFile(f"{LETTERS}/{name}", letter.sha256, name))
    return tuple(planned)


def _named(file: ReadFile) -> str:
    """Its own name, with an ending by which a desk opens it."""
    kind = file.facts.kind if isinstance(file, Photo) else file.format
    endings = {
        "jpeg": ("jpg", "jpeg", "jfif"),
        "tiff": ("tif", "tiff"),
        "heic": ("heic", "heif"),
        "html": ("html", "htm"),
    }
    if "." in file.name[-9:-1] or kind in ("other", "archive", "letter", "sheet", "image"):
        return file.name
    return f"{file.name or '无文件名'}.{endings.get(kind, (kind,))[0]}"
