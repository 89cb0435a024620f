"""The entrance to the readers always answers with a reading, and leaves the process as it was."""

from __future__ import annotations

import hashlib
import pickle
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from parsers import reading
from parsers.documents import Reader
from parsers.documents.sniff import Sniffed
from parsers.errors import ParserError
from parsers.facts import ArchiveFacts, Problem, ProblemCode, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import READERS, read_file, read_letter_file, reader_version
from tests.parsers.documents.ole_files import ole_file
from tests.parsers.documents.pdf_files import picture, text_at, write_pdf


def with_reader(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the txt reader fail with `error`."""

    def fail(path: Path, job: Path, limits: Limits) -> Reading:
        raise error

    monkeypatch.setitem(reading._READER_OF, "txt", Reader("txt", "txt/1", fail, ("txt",)))


@pytest.mark.parametrize(
    ("data", "version", "file_format"),
    [
        ("金安社区网格治理".encode(), "txt/2", "txt"),
        (picture(), "photo/2", "image"),
        (b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\n\r\nhello", "letter/3", "letter"),
    ],
    ids=["text", "photo", "attached letter"],
)
def test_a_file_goes_to_the_reader_of_its_format(
    data: bytes, version: str, file_format: str, tmp_path: Path, job: Path
) -> None:
    path = tmp_path / "案例.docx"
    path.write_bytes(data)

    found = read_file(path, job, DEFAULT_LIMITS)

    assert (found.reader, found.format, found.problem) == (version, file_format, None)
    assert (found.sha256, found.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))


def test_pdf_and_zip_go_to_their_readers(tmp_path: Path, job: Path) -> None:
    pdf = write_pdf(tmp_path / "a.bin", lambda canvas: text_at(canvas, 90, 700, "案例"))
    archive = tmp_path / "b.bin"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(pdf, "案例.pdf")

    assert read_file(pdf, job, DEFAULT_LIMITS).reader == "pdf/3"
    assert read_file(archive, job, DEFAULT_LIMITS).reader == "zip/3"


@pytest.mark.parametrize(
    ("data", "problem", "archive"),
    [
        (ole_file("PowerPoint Document"), Problem(code="unsupported_format", detail="ppt"), None),
        (b"<?xml version='1.0'?><a/>", Problem(code="unsupported_format", detail="xml"), None),
        (
            b"\x04\x22\x4d\x18" + b"\x9f" * 9,
            Problem(code="unsupported_format", detail="lz4"),
            ArchiveFacts(kind="other"),
        ),
        (ole_file("EncryptedPackage"), Problem(code="encrypted", detail="docx"), None),
        (b"", Problem(code="empty"), None),
    ],
    ids=["ppt", "xml", "lz4", "locked docx", "empty"],
)
def test_a_format_without_a_reader_is_named(
    data: bytes, problem: Problem, archive: ArchiveFacts | None, tmp_path: Path, job: Path
) -> None:
    path = tmp_path / "案例.docx"
    path.write_bytes(data)

    found = read_file(path, job, DEFAULT_LIMITS)

    assert (found.problem, found.archive, found.reader) == (problem, archive, "sniff/2")


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        (ParserError("damaged", "cut off"), "damaged", "cut off"),
        (MemoryError(), "over_limit", "MemoryError at reading.py:"),
        (KeyError("text of the file"), "reader_failed", "KeyError at reading.py:"),
        (RecursionError(), "reader_failed", "RecursionError at reading.py:"),
    ],
    ids=["named", "memory", "bug", "recursion"],
)
def test_whatever_a_reader_raises_becomes_a_problem_without_quoting_the_file(
    error: Exception, code: ProblemCode, detail: str, tmp_path: Path, job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    with_reader(monkeypatch, error)

    found = read_file(path, job, DEFAULT_LIMITS)

    assert found.problem is not None
    assert found.problem.code == code
    assert found.problem.detail.startswith(detail)
    assert "text of the file" not in found.problem.detail
    assert found.sha256 == hashlib.sha256(b"text").hexdigest()


def test_a_bug_names_the_line_of_ours_that_fell_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    monkeypatch.setattr(reading, "sniff", lambda _: Sniffed("txt"))  # type: ignore[call-arg]  # the bug: one argument short

    found = read_file(path, job, DEFAULT_LIMITS)

    assert found.problem is not None
    assert found.problem.code == "reader_failed"
    assert found.problem.detail.startswith("TypeError at reading.py:")


def test_a_file_larger_than_allowed_is_hashed_and_not_opened(tmp_path: Path, job: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(picture())

    found = read_file(path, job, Limits(file_bytes=10))
    letter = read_letter_file(path, job, Limits(file_bytes=10))

    assert [(r.problem and r.problem.code, r.format, r.photo) for r in (found, letter)] == [
        ("over_limit", "other", None),
        ("over_limit", "letter", None),
    ]
    assert found.sha256 == hashlib.sha256(picture()).hexdigest()


def test_a_letter_file_is_a_letter_whatever_it_looks_like(tmp_path: Path, job: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(b"just words\n")

    assert read_letter_file(path, job, DEFAULT_LIMITS).format == "letter"


def test_the_version_of_the_readers_names_each_once() -> None:
    versions = reader_version().split(" ")

    assert versions == list(dict.fromkeys(versions))
    assert versions == ["sniff/2", "split/1", *(reader.version for reader in READERS)]


def test_rows_of_the_registry_agree_with_their_readers() -> None:
    from parsers import letter
    from parsers.archives import compressed, rar, seven_zip
    from parsers.archives import zip as zip_reader
    from parsers.documents import html, sheet
    from parsers.photos import photo

    others = {"image": photo.READER}
    modules = {"word-xml": "word_xml", "wps": "works"}
    by_kind = {"eml": letter.READER, "msg": letter.MSG_READER, "tnef": letter.TNEF_READER}
    by_kind |= {"zip": zip_reader.READER, "tar": compressed.READER, "7z": seven_zip.READER, "rar": rar.READER}
    by_kind |= {"mht": html.ARCHIVE_READER, "ods": sheet.ODS_READER, "csv": sheet.CSV_READER}

    for reader in READERS:
        own = (
            by_kind.get(reader.kinds[0])
            or others.get(reader.format)
            or import_module(f"parsers.documents.{modules.get(reader.kinds[0], reader.format)}").READER
        )
        assert reader.version.partition("+")[0] == own


def test_no_kind_has_two_readers() -> None:
    kinds = [kind for reader in READERS for kind in reader.kinds]

    assert len(kinds) == len(set(kinds))


def test_the_entrances_and_their_answers_pickle(tmp_path: Path, job: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(picture())
    found = read_file(path, job, DEFAULT_LIMITS)

    assert pickle.loads(pickle.dumps((read_file, read_letter_file))) == (read_file, read_letter_file)
    assert pickle.loads(pickle.dumps(found)) == found
    assert Reading.model_validate_json(found.model_dump_json()) == found


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_CPU on Windows")
def test_the_cpu_limit_counts_from_the_task_and_is_lifted_after_it(
    tmp_path: Path, job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    seen: list[int] = []

    def look(path: Path, job: Path, limits: Limits) -> Reading:
        seen.append(resource.getrlimit(resource.RLIMIT_CPU)[0])
        raise ParserError("empty")

    monkeypatch.setitem(reading._READER_OF, "txt", Reader("txt", "txt/1", look, ("txt",)))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)

    read_file(path, job, Limits(cpu_seconds=1000))

    assert 1000 + used <= seen[0] <= 1000 + used + 3
    assert resource.getrlimit(resource.RLIMIT_CPU) == (hard, hard)
