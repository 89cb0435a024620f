"""Documents and archives damaged at random: each ends in facts or in a named problem, in the product's own reader processes.

Every damaged file can be made again: kind, batch and number are in the message, `wounds.SEED` is the seed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from intake.demo.cases import load_case
from intake.demo.documents import case_docx, case_pdf, form_docx, gbk_zip
from intake.demo.pictures import photo
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import Node, read_tree
from parsers.facts import OUR_TROUBLE, Reading
from parsers.limits import Limits
from tests.fuzz.conftest import Clocked
from tests.fuzz.wounds import (
    INPUTS,
    PDF_PIECES,
    SEED,
    XML_PIECES,
    ZIP_PIECES,
    opened_by_another,
    wounded,
    wounded_package,
)

BATCHES = 4
LIMITS = Limits(members=50, members_bytes=5_000_000, text_characters=100_000, wall_seconds=30, cpu_seconds=20)


@pytest.fixture(scope="module")
def executor() -> Iterator[PebbleExecutor]:
    pool = PebbleExecutor(1, preload=("parsers.warm",))
    yield pool
    pool.close()


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("kind", ["docx", "pdf", "zip"])
def test_damaged_file_ends_in_facts_or_a_named_problem(
    kind: str, batch: int, executor: PebbleExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clocked: Clocked
) -> None:
    # Recognising the pages of a PDF whose text was hit takes seconds each and tries nothing of the readers.
    monkeypatch.setattr("intake.edges.executors.scans.is_installed", lambda: False)
    random = Random(f"{SEED} {kind} {batch}")
    trouble: list[str] = []
    for number in range(-(-INPUTS // BATCHES)):
        path = tmp_path / "damaged"
        path.write_bytes(_WOUNDED[kind](random))

        with clocked(kind):
            root = read_tree(path, tmp_path / "job", executor=executor, limits=LIMITS, letter=False)

        trouble += [f"{kind} {batch}/{number}: {problem}" for problem in _our_trouble(root)]
        for node in root.walk():
            assert Reading.model_validate_json(node.reading.model_dump_json()) == node.reading
            assert node.reading.problem or node.reading.document or node.reading.photo or _holds_others(node)
    assert trouble == []


def _our_trouble(root: Node) -> Iterator[str]:
    for node in root.walk():
        problem = node.reading.problem
        if problem is not None and problem.code in OUR_TROUBLE and not opened_by_another(problem):
            yield f"{node.reading.format} {problem.code} {problem.detail}"


def _holds_others(node: Node) -> bool:
    return node.reading.archive is not None or node.reading.letter is not None


@cache
def _photo(number: int) -> bytes:
    """Small: what is tried is structure, not pixels."""
    with Image.open(io.BytesIO(photo(number, taken_at=datetime(2022, 12, 1, tzinfo=UTC)))) as picture:
        kept = io.BytesIO()
        picture.resize((200, 150)).save(kept, "JPEG")
    return kept.getvalue()


@cache
def _docx() -> tuple[bytes, ...]:
    text = load_case("kitchen_smoke")
    pictures = {"图1 议事": _photo(1), "图2 改造后": _photo(2)}
    return (
        case_docx(text, "headings", pictures=pictures),
        case_docx(text, "numbered"),
        form_docx(
            "报名表", [("案例名称", text.title), ("单位", "金安社区"), ("联系人", "张三"), ("电话", "13900000000")]
        ),
    )


@cache
def _pdf() -> tuple[bytes, ...]:
    return (case_pdf(load_case("kitchen_smoke")),)


@cache
def _zip() -> tuple[bytes, ...]:
    return (gbk_zip({"案例/案例.docx": _docx()[1], "照片/1.jpg": _photo(1), "说明.txt": "请查收".encode("gb18030")}),)


_WOUNDED: dict[str, Callable[[Random], bytes]] = {
    "docx": lambda random: wounded_package(random.choice(_docx()), random, XML_PIECES),
    "pdf": lambda random: wounded(random.choice(_pdf()), random, PDF_PIECES),
    "zip": lambda random: wounded(random.choice(_zip()), random, ZIP_PIECES),
}
