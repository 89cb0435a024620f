"""Real and hostile Word documents: every one ends in facts or a named problem, and exact stored counts are met.

Needs the shared corpus beside the repository; skipped where it is absent.
"""

from __future__ import annotations

import csv
import multiprocessing
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from pebble import ProcessPool

from parsers.facts import OUR_TROUBLE, DocumentFacts, Reading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
MEMORY_BYTES = 2_000_000_000
WALL_SECONDS = 60

pytestmark = [
    pytest.mark.skipif(not (CORPUS / "docx").is_dir(), reason="the shared corpus is not here"),
    pytest.mark.xdist_group("docx_corpus"),
]


def _sample() -> list[Path]:
    """Every sixth document, the same ones each time."""
    return sorted((CORPUS / "docx").iterdir())[::6] if (CORPUS / "docx").is_dir() else []


def _exact() -> list[tuple[Path, tuple[int, int, int]]]:
    """Documents whose stored words, characters and characters with spaces are counts, not estimates."""
    if not (CORPUS / "word_stats.tsv").is_file():
        return []
    with (CORPUS / "word_stats.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["stats_class"] == "COUNTED-exact"]
    stored = [
        (CORPUS / row["file"], (int(row["Words"]), int(row["Characters"]), int(row["CharactersWithSpaces"])))
        for row in rows
    ]
    return stored + [(path, _stored_by_wps(path)) for path in sorted((CORPUS / "docx_wps_oracle").iterdir())]


def _stored_by_wps(path: Path) -> tuple[int, int, int]:
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("docProps/app.xml"))
    words, characters, with_spaces = (
        int(root.findtext(f"{{*}}{name}") or -1) for name in ("Words", "Characters", "CharactersWithSpaces")
    )
    return words, characters, with_spaces


def _confine() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessPool]:
    """A process of little memory that is killed when a document takes too long."""
    with ProcessPool(max_workers=1, initializer=_confine, context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def _read(sandbox: ProcessPool, path: Path, job: Path) -> Reading:
    job.mkdir()
    reading = sandbox.schedule(read_file, args=(path, job, DEFAULT_LIMITS), timeout=WALL_SECONDS).result()
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize("path", _sample(), ids=lambda path: path.name[:60])
def test_document_of_the_corpus_ends_in_facts_or_a_named_problem(
    sandbox: ProcessPool, tmp_path: Path, path: Path
) -> None:
    reading = _read(sandbox, path, tmp_path / "job")

    assert reading.document is not None or reading.problem is not None
    assert reading.problem is None or reading.problem.code not in OUR_TROUBLE
    assert sorted(member.stored_as for member in reading.members) == sorted(
        file.name for file in (tmp_path / "job").iterdir()
    )
    assert Reading.model_validate_json(reading.model_dump_json()) == reading


@pytest.mark.parametrize(("path", "stored"), _exact(), ids=lambda value: getattr(value, "name", ""))
def test_stored_counts_that_are_counts_are_met_exactly(
    sandbox: ProcessPool, tmp_path: Path, path: Path, stored: tuple[int, int, int]
) -> None:
    document = _read(sandbox, path, tmp_path / "job").document

    assert isinstance(document, DocumentFacts)
    main = document.counts["main"]
    assert (main.words.value, main.characters.value, main.characters_with_spaces.value) == stored
    assert main.words.low <= stored[0] <= main.words.high


def test_shown_pictures_are_counted_not_the_files_in_the_package(sandbox: ProcessPool, tmp_path: Path) -> None:
    reading = _read(sandbox, CORPUS / "docx_wps_oracle" / "poi-tl__3999b1~story.docx", tmp_path / "job")

    assert reading.document is not None
    assert reading.document.pictures == sum(member.repeats for member in reading.members)
