"""Word's older formats, 7z archives and tars damaged at random, read without an office program, and a few of them with one."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random

import py7zr
import pytest

from parsers.documents import doc, rtf
from parsers.documents.office import find_office
from parsers.facts import Reading
from parsers.limits import Limits
from parsers.reading import read_file
from tests.conftest import RequireServer
from tests.fuzz.conftest import Clocked
from tests.fuzz.wounds import INPUTS, SEED, ZIP_PIECES, wounded
from tests.parsers.documents.office_files import save_case

pytestmark = pytest.mark.xdist_group("office")

LIMITS = Limits(members=50, members_bytes=5_000_000, text_characters=100_000)
WITH_OFFICE = max(2, INPUTS // 100)
"""Each costs a start of the program."""
RTF_PIECES = (
    b"{", b"}", b"\\", b"{\\*\\", b"\\bin99999999 ", b"\\bin-1 ", b"\\u-99999?", b"\\u99999999999?", b"\\'", b"\\'c4", b"\\uc99 ", b"\\par", b"\\row",
    b"\\cell", b"\\trowd", b"\\pict\\pngblip", b"{\\shptxt", b"{\\fonttbl", b"\\f99999", b"\\ansicpg0", b"\\ls99999999", b"{" * 500, b"\x00", b"\xff",
)  # fmt: skip
OLE_PIECES = (
    b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"\x01\x00\x00\x00", b"\x09\x00", b"\x40\x00",
    b"\x13", b"\x14", b"\x15", b"\x07", b"\xec\xa5\xc1\x00", b"1\x00T\x00a\x00b\x00l\x00e\x00", b"\x02", b"\x01",
)  # fmt: skip
FILES = {"金安社区/案例.txt": "请查收".encode() * 100, "金安社区/照片①.jpg": bytes(range(256)) * 8}


@pytest.fixture(scope="module")
def saved(require_server: RequireServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A case as an office program writes it, by kind."""
    office = find_office()
    require_server("LibreOffice", office)
    assert office is not None
    case = save_case(tmp_path_factory.mktemp("saved"), office)
    return {"doc": case.doc.read_bytes(), "rtf": case.rtf.read_bytes()}


@pytest.mark.parametrize(("kind", "pieces"), [("doc", OLE_PIECES), ("rtf", RTF_PIECES)])
def test_damaged_word_file_ends_in_facts_or_a_named_problem(
    kind: str,
    pieces: tuple[bytes, ...],
    saved: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clocked: Clocked,
) -> None:
    def damaged(count: int) -> Iterator[bytes]:
        random = Random(f"{SEED} {kind}")
        return (wounded(saved[kind], random, pieces) for _ in range(count))

    trouble = _trouble(f"{kind} (office)", damaged(WITH_OFFICE), tmp_path, clocked)
    for module in (doc, rtf):
        monkeypatch.setattr(module, "find_office", lambda: None)
    trouble += _trouble(kind, damaged(INPUTS // 2), tmp_path, clocked)

    assert trouble == []


@cache
def _seven_zip() -> bytes:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(content, name)
    return packed.getvalue()


@cache
def _tar(mode: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]  # the mode is no literal here
        for name, content in FILES.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("kind", "whole"), [("7z", _seven_zip), ("tar", lambda: _tar("w")), ("tar.gz", lambda: _tar("w:gz"))]
)
def test_damaged_packed_file_ends_in_facts_or_a_named_problem(
    kind: str, whole: Callable[[], bytes], tmp_path: Path, clocked: Clocked
) -> None:
    random = Random(f"{SEED} {kind}")
    damaged = (wounded(whole(), random, ZIP_PIECES) for _ in range(INPUTS // 2))

    assert _trouble(kind, damaged, tmp_path, clocked) == []


def _trouble(kind: str, damaged: Iterable[bytes], folder: Path, clocked: Clocked) -> list[str]:
    """Read all of `damaged`; those at which a reader of ours raised something odd."""
    trouble: list[str] = []
    for number, data in enumerate(damaged):
        path = folder / "damaged"
        path.write_bytes(data)
        with tempfile.TemporaryDirectory() as job, clocked(kind):
            reading = read_file(path, Path(job), LIMITS)
        salvaged = reading.archive is not None and reading.members  # another program took them out: a person looks
        if reading.problem is not None and reading.problem.code == "reader_failed" and not salvaged:
            trouble.append(f"{kind} {number}: {reading.problem.detail}")
        assert Reading.model_validate_json(reading.model_dump_json()) == reading
        assert reading.problem or reading.document or reading.archive or reading.letter or reading.photo
    return trouble
