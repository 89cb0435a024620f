"""Real and hostile Word binary and RTF files: each ends in facts or a named problem, and no text of the office program's is lost.

Needs the shared corpus beside the repository; skipped where it is absent.
"""

from __future__ import annotations

import re
import subprocess
import zlib
from collections import Counter
from pathlib import Path

import pytest

from parsers.documents import doc, rtf, word_xml, works
from parsers.documents.office import OfficeProgram
from parsers.documents.sniff import sniff
from parsers.facts import OUR_TROUBLE, DocumentFacts
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
_RESTART = 81

pytestmark = [
    pytest.mark.skipif(not (CORPUS / "doc").is_dir(), reason="the shared corpus is not here"),
    pytest.mark.xdist_group("office"),
]


def _sample(folder: str, kind: str, count: int) -> list[Path]:
    """The same files each time, spread by their names' checksums."""
    if not (CORPUS / folder).is_dir():
        return []
    files = sorted((CORPUS / folder).iterdir(), key=lambda file: zlib.crc32(file.name.encode()))
    return [file for file in files if sniff(file).kind == kind][:count]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\ufeff]+", "", text)


def _recall(facts: DocumentFacts, expected: str) -> float:
    """Share of the expected text's five-character pieces that ours has, automatic numbers included."""
    ours = _pieces(_squeezed("".join(block.label + block.text for block in facts.blocks)))
    wanted = _pieces(_squeezed(expected))
    return (ours & wanted).total() / max(wanted.total(), 1) if wanted else 1.0


def _pieces(text: str) -> Counter[str]:
    return Counter(text[at : at + 5] for at in range(max(len(text) - 4, 0)))


def _exported(files: list[Path], office: OfficeProgram, folder: Path) -> dict[Path, str]:
    """The office program's own text of each file it can load, all in one run."""
    for number, file in enumerate(files):
        (folder / f"{number}{file.suffix}").write_bytes(file.read_bytes())
    copies = [str(folder / f"{number}{file.suffix}") for number, file in enumerate(files)]
    command = [str(office.executable), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder / "text"), *copies]
    for _ in range(2):
        if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != _RESTART:
            break
    found = {file: folder / "text" / f"{number}.txt" for number, file in enumerate(files)}
    return {file: text.read_text("utf-8-sig") for file, text in found.items() if text.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "kind", "count"), [("doc", "doc", 3), ("rtf", "rtf", 2)])
def test_text_of_the_office_program_s_own_export_is_all_there(
    office: OfficeProgram, tmp_path: Path, folder: str, kind: str, count: int
) -> None:
    files = _sample(folder, kind, count)

    expected = _exported(files, office, tmp_path)

    assert len(expected) >= count - 1
    recalls = {}
    for number, (file, text) in enumerate(expected.items()):
        job = tmp_path / f"job{number}"
        job.mkdir()
        reading = read_file(file, job, DEFAULT_LIMITS)
        assert reading.document is not None
        recalls[file.name] = _recall(reading.document, text)
    assert {name: recall for name, recall in recalls.items() if recall < 0.97} == {}


@pytest.mark.slow
def test_library_alone_reads_what_the_office_program_reads_or_says_why_not(
    office: OfficeProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _sample("doc", "doc", 30)
    expected = _exported(files, office, tmp_path)
    for module in (doc, rtf, word_xml, works):
        monkeypatch.setattr(module, "find_office", lambda: None)

    recalls, problems = {}, {}
    for number, file in enumerate(files):
        job = tmp_path / f"job{number}"
        job.mkdir()
        reading = read_file(file, job, DEFAULT_LIMITS)
        if reading.document is not None and file in expected and reading.problem is None:
            recalls[file.name] = _recall(reading.document, expected[file])
        elif reading.problem is not None:
            problems[file.name] = reading.problem.code

    assert len(recalls) >= 20
    assert sum(recall >= 0.97 for recall in recalls.values()) >= 0.9 * len(recalls)
    assert set(problems.values()).isdisjoint(OUR_TROUBLE)
    assert len(recalls) + len(problems) == len(files)
