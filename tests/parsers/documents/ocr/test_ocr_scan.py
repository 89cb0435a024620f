"""Real pages are recognised by the real recogniser, without any network; without the extra nothing is."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein
from reportlab.pdfgen.canvas import Canvas

from parsers.documents import ocr
from parsers.documents.ocr import launch
from parsers.documents.ocr.launch import can_start, read_scan_apart
from parsers.facts import Problem, Reading
from parsers.limits import Limits
from tests.parsers.documents.pdf_files import BODY_PT, LEFT, TOP, centred, paragraph, text_at, write_pdf

BODY = "金安社区位于湖里区东部，辖区面积一点二平方公里，现有住宅小区八个，常住人口一万六千人。"
LIMITS = Limits(wall_seconds=180.0)


@pytest.fixture
def recogniser() -> None:
    """Skip without the extra `ocr`; fail where CI says that it must be there."""
    if ocr.is_installed():
        return
    if os.environ.get("CI") and os.environ.get("INTAKE_TEST_OCR") == "1":
        pytest.fail("the extra `ocr` is not installed, and CI and INTAKE_TEST_OCR are set")
    pytest.skip("the extra `ocr` is not installed")


def case_page(canvas: Canvas) -> None:
    centred(canvas, TOP, "小网格托起大民生", 22)
    text_at(canvas, LEFT, TOP - 50, "一、背景与起因")
    y = paragraph(canvas, TOP - 50 - 1.6 * BODY_PT, BODY)
    text_at(canvas, LEFT, y, "二、主要做法")
    paragraph(canvas, y - 1.6 * BODY_PT, "小事不出网格，大事不出社区。")


def scan(tmp_path: Path, kind: str) -> Path:
    """A printed page as a picture: in a PDF, or photographed upside down."""
    printed = write_pdf(tmp_path / "printed.pdf", case_page)
    with pypdfium2.PdfDocument(printed) as document:
        page = document[0].render(scale=120 / 72).to_pil().convert("L")
    path = tmp_path / f"scan.{kind}"
    if kind == "pdf":
        page.save(path, resolution=120)
    else:
        page.transpose(Image.Transpose.ROTATE_180).save(path, quality=85)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pdf", "jpg"])
@pytest.mark.usefixtures("recogniser")
def test_a_scan_is_read_with_title_headings_and_doubtful_counts(kind: str, tmp_path: Path) -> None:
    reading = read_scan_apart(scan(tmp_path, kind), LIMITS)

    assert reading is not None
    document = reading.document
    assert document is not None
    text = "".join(block.text for block in document.blocks)
    printed = f"小网格托起大民生一、背景与起因{BODY}二、主要做法小事不出网格，大事不出社区。"
    assert Levenshtein.distance(text, printed) <= len(printed) // 50
    assert (document.ocr, document.pages, document.pages_without_text) == (True, 1, 0)
    assert [heading.title for heading in document.headings] == ["背景与起因", "主要做法"]
    words = document.counts["main"].words
    assert words.low < len(printed) < words.high
    assert words.reason == "ocr"


@pytest.mark.slow
@pytest.mark.usefixtures("recogniser")
def test_a_scan_is_read_where_there_is_no_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "parsers.documents.ocr", str(scan(tmp_path, "pdf")), LIMITS.model_dump_json()]
    without = ["unshare", "--map-root-user", "--net"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*without, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("this machine lets nobody take the network away")
    heard, held = os.pipe()

    done = subprocess.run([*without, *command], stdin=heard, capture_output=True, check=True)

    os.close(heard)
    os.close(held)
    document = Reading.model_validate_json(done.stdout).document
    assert document is not None
    assert [heading.title for heading in document.headings] == ["背景与起因", "主要做法"]


@pytest.mark.usefixtures("recogniser")
def test_a_picture_without_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sky.jpg"
    Image.new("RGB", (800, 600), (90, 150, 220)).save(path)

    reading = read_scan_apart(path, LIMITS)

    assert reading is not None
    assert reading.problem == Problem(code="no_text", detail="0 characters")


@pytest.mark.usefixtures("recogniser")
def test_a_recogniser_that_is_too_slow_gives_nothing_and_is_gone(tmp_path: Path) -> None:
    path = scan(tmp_path, "pdf")

    assert read_scan_apart(path, Limits(wall_seconds=0.1)) is None


@pytest.mark.usefixtures("recogniser", "walls")
def test_a_recogniser_starts_in_its_cage() -> None:
    assert can_start()


@pytest.mark.usefixtures("walls")
def test_a_recogniser_that_cannot_be_loaded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "NEEDED", ("no_such_recogniser",))

    assert not can_start()


def test_without_the_extra_nothing_is_read_and_the_version_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def find_spec(_: str) -> None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)

    assert not ocr.is_installed()
    assert ocr.reader_version() == "ocr/none"
    assert read_scan_apart(tmp_path / "scan.pdf", LIMITS) is None


def test_a_child_whose_parent_is_gone_ends(tmp_path: Path) -> None:
    """It waits for a file that never comes; its standard input ends at once, as when the reader process is killed."""
    waiting = tmp_path / "pipe"
    os.mkfifo(waiting)
    command = [sys.executable, "-m", "parsers.documents.ocr", str(waiting), LIMITS.model_dump_json()]

    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)

    assert done.returncode == 1
