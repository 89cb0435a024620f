"""Real and hostile files from public test suites: each ends in facts or in a named problem, in time and in memory.

Read in a process of its own that may be killed, as the product does. Skipped where the collection is absent.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from parsers.facts import Reading

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLE = 40
READ_ALL = """
import sys, tempfile
from pathlib import Path
from parsers.limits import Limits
from parsers.reading import read_file
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
for line in sys.stdin:
    with tempfile.TemporaryDirectory() as job:
        reading = read_file(Path(line.rstrip("\\n")), Path(job), Limits(cpu_seconds=30))
        written = {file.name for file in Path(job).iterdir()}
        assert reading.problem or written == {member.stored_as for member in reading.members}, line
    print(reading.model_dump_json(), flush=True)
"""


def sample(folder: str) -> list[Path]:
    """Some forty files of a folder, the same ones each time, spread by their names' checksums."""
    files = sorted((CORPUS / folder).iterdir(), key=lambda file: zlib.crc32(file.name.encode()))
    return files[:SAMPLE]


def read_all(files: list[Path]) -> list[Reading]:
    lines = "".join(f"{file}\n" for file in files)
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL],
        input=lines,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [Reading.model_validate(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of public test files is not here")
@pytest.mark.parametrize("folder", ["pdf", "image", "archive"])
def test_every_file_of_the_corpus_ends_in_facts_or_a_named_problem(folder: str) -> None:
    files = sample(folder)

    readings = read_all(files)

    assert len(readings) == len(files)
    ours = [
        (file.name, reading.problem)
        for file, reading in zip(files, readings, strict=True)
        if reading.problem is not None
        and reading.problem.code in {"reader_failed", "timed_out", "killed"}
        # Damaged for our reader and open to bsdtar: its files come out, and a person looks.
        and not reading.members
    ]
    assert ours == []
    silent = [
        file.name
        for file, reading in zip(files, readings, strict=True)
        if reading.problem is None and not (reading.document or reading.photo or reading.archive or reading.letter)
    ]
    assert silent == []
    assert sum(reading.problem is None for reading in readings) >= len(files) // 5
