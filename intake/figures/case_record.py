"""The record of a case that lies in its folder (记录.json): what is known, found and decided. Pure.

Keys are added, never changed: other programs may read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from intake.figures.export_plan import PlannedFile
from intake.model import Document, Photo, Problem, ReadFile

SCHEMA = 1


def write_case_record(
    case: Mapping[str, Any],
    files: Sequence[ReadFile],
    planned: Sequence[PlannedFile],
    *,
    missing: Sequence[str] = (),
    **lists: Sequence[Mapping[str, Any]],
) -> bytes:
    """UTF-8 JSON, the same bytes for the same case.

    `missing`: hashes of files that could not be taken out. `lists`: letters, findings, decisions, answers.
    """
    places = {each.sha256: each.path for each in planned}
    told = {"schema_version": SCHEMA, **case, **lists}
    told["files"] = [
        _file(file) | {"path": None if file.sha256 in missing else places.get(file.sha256)} for file in files
    ]
    return f"{json.dumps(told, ensure_ascii=False, indent=1, default=str)}\n".encode(errors="replace")


def _file(file: ReadFile) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": file.name, "sha256": file.sha256, "size_bytes": file.size_bytes}
    match file:
        case Document():
            main = file.facts.counts.get("main")
            return plain | {
                "role": file.role,
                "format": file.format,
                "words": main.words.value if main is not None else None,
                "pages": file.facts.pages,
            }
        case Photo():
            return plain | {
                "role": "photo",
                "format": file.facts.kind,
                "width_px": file.facts.width_px,
                "height_px": file.facts.height_px,
                "counted": file.counted,
                "why_not": file.why_not,
            }
        case Problem():
            return plain | {"role": file.role, "format": file.format, "problem": file.code}
