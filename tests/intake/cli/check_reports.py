"""The public contract of `intake check --json`, held here on purpose and nowhere else, and what reports are made from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from intake.demo.clients import CHINA
from intake.demo.drafts import File
from tests.intake.cli.conftest import Intake

HULI = ("--campaign", "huli-2022")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SectionShape(Strict):
    title: str
    found: bool
    heading: str | None
    words: int | None


class DocumentShape(Strict):
    name: str
    role: Literal["case", "form", "stamped_copy", "cover_letter", "summary_sheet", "duplicate", "attachment"]
    format: Literal["docx", "doc", "pdf", "odt", "rtf", "ofd", "wps", "txt", "html", "image", "other"]
    words: int | None
    characters: int | None
    characters_with_spaces: int | None
    readable: bool
    problem: str | None
    images: int | None
    sections: list[SectionShape]


class PhotoShape(Strict):
    name: str
    format: str
    width_px: int | None
    height_px: int | None
    bytes: int
    source: Literal["attachment", "archive", "embedded", "inline"]
    counted: bool
    why_not: str | None


class FindingShape(Strict):
    rule: str
    check: str
    code: str
    severity: Literal["fix", "human", "note"]
    file: str | None
    values: dict[str, Any]
    text: str
    # Added to the contract: evidence and audience.
    evidence: str | None
    audience: Literal["submitter", "organizers"]


class ShareShape(Strict):
    provider: str
    url: str | None
    name: str | None
    bytes: int | None
    expires_at: str | None
    expires_said: str | None
    code: str | None


class NeededShareShape(ShareShape):
    needed: bool


class CaseShape(Strict):
    title: str
    category: str | None
    verdict: Literal["accepted", "needs_human", "needs_fix"]
    documents: list[DocumentShape]
    photos: list[PhotoShape]
    findings: list[FindingShape]
    # Added to the contract.
    shares: list[NeededShareShape]


class IgnoredShape(Strict):
    reason: str


class LetterShape(Strict):
    name: str
    received_at: str
    ignored: IgnoredShape | None
    cases: list[int]
    # Added to the contract.
    shares: list[ShareShape]


class ReportShape(Strict):
    campaign: str
    verdict: Literal["accepted", "needs_human", "needs_fix"] | None
    ignored: IgnoredShape | None
    cases: list[CaseShape]
    unassigned: list[str]
    letters: list[LetterShape]


# --- material


def put(folder: Path, files: tuple[File, ...]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.data)
    return folder


def letter(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def at(day: int) -> datetime:
    return datetime(2022, 12, day, 9, 0, tzinfo=CHINA)


def report(intake: Intake, *words: str | Path) -> tuple[int, ReportShape]:
    """Exit status and the JSON, held to the contract."""
    ran = intake("check", *HULI, "--json", *words)
    assert ran.err == ""
    return ran.status, ReportShape.model_validate_json(ran.out)
