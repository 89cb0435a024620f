"""Files made to hurt: each ends in facts or in a named reason, within bounds of memory and disk, and the next is read.

Time and memory of each, at full size: `python -m bench.hostile`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import read_tree
from parsers.limits import Limits
from tests.hostile import bombs
from tests.hostile.bombs.archives import flat_zip, gzip_bomb
from tests.hostile.bombs.letters import letter_of_headers, letter_of_one_line
from tests.hostile.bombs.sizes import MB
from tests.hostile.readers import peak_bytes, read

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is told by Linux's /proc")

LIMITS = Limits(wall_seconds=60, members_bytes=50_000_000, file_bytes=50_000_000)
MOST_MEMORY_BYTES = 700_000_000
"""Of a reader process over all of these files; the limit itself stands at `Limits.memory_bytes`."""
STOPPED = frozenset({"over_limit", "damaged", "empty", "unsupported_format", "part_missing"})

SHUT = [
    "flat zip", "nested zip", "overlapping zip", "crowded zip", "gzip bomb", "bzip2 bomb", "xz bomb", "crowded tar",
    "rar of sizes", "rar of circles", "rar four of sizes", "seven zip of files", "seven zip of streams", "seven zip of header",
    "xlsx of rows", "xlsx of strings", "xlsx far out", "xlsx of laughs", "csv of columns", "rtf of groups", "msg of circles",
    "bmp of area", "ico of sizes", "tiff of folders",
    "seven zip bomb", "deep docx", "endless docx", "pdf of loops", "png of area", "tiff of area", "webp of area", "avif of area",
]  # fmt: skip
"""Files that must not be taken for whole."""
SMALLER: dict[str, Callable[[], bytes]] = {
    "flat zip": lambda: flat_zip(60 * MB),
    "gzip bomb": lambda: gzip_bomb(60 * MB),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[PebbleExecutor]:
    """One process for all files, so that what one does to it shows with the next."""
    executor = PebbleExecutor(1, tasks_per_process=100_000, preload=("parsers.warm",))
    yield executor
    executor.close()


@pytest.mark.xdist_group("hostile files")
@pytest.mark.parametrize("name", SHUT)
def test_a_bomb_stays_shut_and_nothing_of_it_is_left(name: str, reader: PebbleExecutor, tmp_path: Path) -> None:
    cost = read(SMALLER.get(name, bombs.FILES[name]), tmp_path, letter=False, limits=LIMITS, executor=reader)

    assert cost.outcomes
    assert set(cost.outcomes) <= STOPPED
    assert cost.written_bytes <= LIMITS.members_bytes
    assert cost.peak_bytes <= MOST_MEMORY_BYTES
    assert list(tmp_path.iterdir()) == []


@pytest.mark.xdist_group("hostile files")
@pytest.mark.parametrize("name", [name for name in bombs.FILES if "," in name])
def test_entities_are_neither_expanded_nor_fetched(name: str, reader: PebbleExecutor, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(bombs.FILES[name]())

    root = read_tree(path, tmp_path / "job", executor=reader, limits=LIMITS, letter=False)

    assert root.reading.problem is None or root.reading.problem.code in STOPPED
    told = root.reading.model_dump_json()
    assert "root:" not in told  # /etc/passwd
    assert "haha" not in told
    assert len(told) < 100_000
    assert reader.submit(peak_bytes, limits=LIMITS).result(60) <= MOST_MEMORY_BYTES


LETTERS: dict[str, Callable[[], bytes]] = {
    name: bombs.LETTERS[name]
    for name in ("letter of parts", "letter of depth", "letter of parameters", "letter of brackets")
} | {
    "letter of headers": lambda: letter_of_headers(200_000),
    "letter of one line": lambda: letter_of_one_line(40 * MB),
}


@pytest.mark.xdist_group("hostile files")
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_of_too_much_keeps_its_sender(name: str, reader: PebbleExecutor, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(LETTERS[name]())

    root = read_tree(path, tmp_path / "job", executor=reader, limits=LIMITS, letter=True)

    assert root.reading.problem is None or root.reading.problem.code == "over_limit"
    assert root.reading.letter is None or "a@example.org" in str(root.reading.letter.sender)
    assert len(list(root.walk())) <= LIMITS.members + 1
    assert reader.submit(peak_bytes, limits=LIMITS).result(60) <= MOST_MEMORY_BYTES


@pytest.mark.parametrize("name", ["climbing zip", "climbing tar", "rar of links"])
def test_names_and_links_that_lead_out_lead_nowhere(name: str, reader: PebbleExecutor, tmp_path: Path) -> None:
    outside = tmp_path / "deep" / "deeper"
    outside.mkdir(parents=True)
    (outside / "hostile").write_bytes(bombs.FILES[name]())
    seen: dict[str, bytes] = {}

    root = read_tree(
        outside / "hostile",
        outside / "job",
        executor=reader,
        limits=LIMITS,
        letter=False,
        look=lambda member, path: seen.update({f"{member.folder}/{member.name}": path.read_bytes()}),
    )

    assert set(seen.values()) <= {b"planted", b""}  # never what a link points to
    assert b"planted" in seen.values()
    assert all(".." not in each and "\\" not in each and ":" not in each for each in seen)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["hostile"]
    assert root.reading.archive is not None


@pytest.mark.xdist_group("hostile files")
@pytest.mark.parametrize("name", ["zip quine", "gzip quine"])
def test_an_archive_that_holds_itself_is_opened_once(name: str, reader: PebbleExecutor, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(bombs.FILES[name]())

    root = read_tree(path, tmp_path / "job", executor=reader, limits=LIMITS, letter=False)

    assert [(node.reading.format, node.reading.problem) for node in root.walk()] == [("archive", None)] * 2
    assert len({node.reading.sha256 for node in root.walk()}) == 1


@pytest.mark.xdist_group("hostile files")
def test_a_reader_without_a_limit_is_caught_by_these_files(reader: PebbleExecutor, tmp_path: Path) -> None:
    """A broken build: nothing is over any limit, so a bomb comes out whole, and the checks above must see it."""
    boundless = Limits(member_ratio=10**9, members_bytes=10**12, file_bytes=10**12, memory_bytes=10**12)

    cost = read(SMALLER["flat zip"], tmp_path, letter=False, limits=boundless, executor=reader)

    assert cost.written_bytes > LIMITS.members_bytes
    assert not set(cost.outcomes) & {"over_limit"}
