"""OpenDocument texts beside what LibreOffice makes of them, and beside the Word file they were made from."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from parsers.documents.office import OfficeProgram
from parsers.facts import DocumentFacts, Reading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file
from tests.parsers.documents.office_files import SavedCase, save_as

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
_BLANK = re.compile(r"\s")

pytestmark = pytest.mark.xdist_group("odt_office")


def read(path: Path) -> Reading:
    with tempfile.TemporaryDirectory() as job:
        return read_file(path, Path(job), DEFAULT_LIMITS)


def facts_of(reading: Reading) -> DocumentFacts:
    assert reading.document is not None, reading.problem
    return reading.document


def test_a_case_saved_as_odt_says_what_the_docx_says(
    saved_case: SavedCase, office: OfficeProgram, tmp_path: Path
) -> None:
    odt = save_as(saved_case.docx, "odt:writer8", office, tmp_path / "odt")

    docx, ours = facts_of(read(saved_case.docx)), facts_of(read(odt))

    assert ours.counts == docx.counts
    assert [(b.text, b.label, b.outline_level, b.bold, b.row, b.column) for b in ours.blocks] == [
        (b.text, b.label, b.outline_level, b.bold, b.row, b.column) for b in docx.blocks
    ]
    assert [(h.title, h.level, h.signal, h.words) for h in ours.headings] == [
        (h.title, h.level, h.signal, h.words) for h in docx.headings
    ]
    assert (ours.pictures, ours.title) == (docx.pictures, docx.title)


@pytest.mark.skipif(not (CORPUS / "docx_wps_oracle").is_dir(), reason="the shared corpus is not here")
def test_documents_with_known_counts_keep_them_as_odt(office: OfficeProgram, tmp_path: Path) -> None:
    known = sorted((CORPUS / "docx_wps_oracle").glob("*.docx"))

    for docx in known:
        odt = save_as(docx, "odt:writer8", office, tmp_path / "odt")

        assert facts_of(read(odt)).counts["main"] == facts_of(read(docx)).counts["main"]
    assert len(known) == 2


@pytest.mark.skipif(not (CORPUS / "odt").is_dir(), reason="the shared corpus is not here")
def test_every_character_that_libreoffice_prints_is_in_our_text(office: OfficeProgram, tmp_path: Path) -> None:
    files = sorted((CORPUS / "odt").glob("*.odt"))
    exported = _as_text(files, office, tmp_path)

    lost = {}
    for file in files:
        blocks = facts_of(read(file)).blocks
        ours = Counter(_BLANK.sub("", "".join(block.label + block.text for block in blocks)))
        theirs = Counter(_BLANK.sub("", exported[file.stem]))
        lost[file.name] = sum((theirs - ours).values())

    # A note's mark, and a letter of a word that is marked as deleted, which LibreOffice exports all the same.
    assert {name: count for name, count in lost.items() if count} == {"tika__testODFwithOOo3.odt": 2}
    assert len(files) == 22


def _as_text(files: list[Path], office: OfficeProgram, folder: Path) -> dict[str, str]:
    """LibreOffice's own text of each file, by stem; one start for all."""
    command = [str(office.executable), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder / "txt"), *map(str, files)]
    for _ in range(2):  # a new profile may ask to be started again
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        if done.returncode == 0:
            break
    return {file.stem: file.read_text(encoding="utf-8-sig") for file in (folder / "txt").iterdir()}
