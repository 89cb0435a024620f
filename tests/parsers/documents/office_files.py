"""Word files as an office program saves them, made from a .docx written here; its own text export is the expectation."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.shared import Inches
from PIL import Image

from parsers.documents.office import OfficeProgram

TITLE = "“五步议事”破解停车难"
HEADINGS = ("一、背景与起因", "二、做法与经过", "三、成效与反响")
_RESTART = 81


@dataclass(frozen=True, slots=True)
class SavedCase:
    """One case in the formats an office program writes, and as its text export has it."""

    docx: Path
    doc: Path
    rtf: Path
    word_xml: Path
    text: str
    """Every paragraph, with automatic numbers, without headers and notes."""
    photo: bytes


def save_case(folder: Path, office: OfficeProgram) -> SavedCase:
    """Write a case with headings, rare characters, a list, a table, a photo, a note and a header, in all formats."""
    photo = _photo()
    docx = _write_docx(folder / "case.docx", photo)
    made = {
        name: save_as(docx, f"{name.partition('-')[0]}{chosen}", office, folder / name)
        for name, chosen in (
            ("doc", ":MS Word 97"),
            ("rtf", ":Rich Text Format"),
            ("xml", ":MS Word 2003 XML"),
            ("txt", ":Text (encoded):UTF8"),
        )
    }
    text = made["txt"].read_text(encoding="utf-8-sig")
    return SavedCase(docx, made["doc"], made["rtf"], made["xml"], text, photo)


def save_as(source: Path, export: str, office: OfficeProgram, folder: Path) -> Path:
    """`source` as the office program saves it: `export` is extension, colon, filter name."""
    profile = folder.parent / "profile"
    command = [
        str(office.executable),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        export,
        "--outdir",
        str(folder),
        str(source),
    ]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != _RESTART:
            break
    saved = folder / f"{source.stem}.{export.partition(':')[0]}"
    assert saved.is_file(), done.stdout + done.stderr
    return saved


def _photo() -> bytes:
    target = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(target, "JPEG")
    return target.getvalue()


def _write_docx(path: Path, photo: bytes) -> Path:
    document = Document()
    document.add_heading(TITLE, 0)
    document.add_heading(HEADINGS[0], 1)
    document.add_paragraph(
        "金安社区共有居民3128户，镕、喆、珺、赟、㐂、𠮷、堃七位居民代表参加议事会——停车难由来已久…… " * 4
    )
    document.add_heading(HEADINGS[1], 1)
    document.add_paragraph("收集议题，逐户上门。", style="List Number")
    document.add_paragraph("协商讨论，当场表决。", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("项目", "数量", "新增车位", "86个"), strict=True
    ):
        cell.text = text
    document.add_paragraph().add_run(HEADINGS[2]).bold = True
    document.add_picture(io.BytesIO(photo), width=Inches(3))
    document.add_paragraph("投诉下降40%，满意度98.5%。")
    document.sections[0].header.paragraphs[0].text = "页眉不计"
    document.save(str(path))
    return path
