"""Zips behind a password, and of packings the standard library does not know: from public test suites.

No library here writes either; what is in them was listed by unzip and bsdtar.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.archives import programs, unpacking
from parsers.archives.zip import unlock_zip
from parsers.archives.zip_locked import as_bytes
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS
from tests.conftest import RequireServer

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "archive"
TRADITIONAL = "yauzl__traditional-encryption-and-compression.zip"


@pytest.fixture(autouse=True)
def _with_bsdtar(require_server: RequireServer) -> None:
    require_server("bsdtar", programs.find_bsdtar())


def read(tmp_path: Path, name: str, *passwords: str) -> Reading:
    if not CORPUS.is_dir():
        pytest.skip("the collected files are not here")
    job = tmp_path / "job"
    job.mkdir()
    return unlock_zip(CORPUS / name, job, DEFAULT_LIMITS, passwords)


def outcome(reading: Reading) -> tuple[dict[str, int], str | None]:
    sizes = {member.name: member.size_bytes for member in reading.members}
    return sizes, reading.problem.code if reading.problem else None


@pytest.mark.parametrize(
    ("name", "password", "members"),
    [
        ("yauzl__traditional-encryption.zip", "a", {"a.txt": 6}),
        (TRADITIONAL, "a", {"a.bin": 1_000}),
        ("libarchive__test_read_format_zip_winzip_aes128.zip", "password", {"README": 6_818}),
        ("libarchive__test_read_format_zip_winzip_aes256.zip", "password", {"README": 6_818}),
        ("libarchive__test_read_format_zip_winzip_aes256_stored.zip", "password", {"README": 6_818}),
    ],
)
def test_the_fitting_password_opens_it(name: str, password: str, members: dict[str, int], tmp_path: Path) -> None:
    assert outcome(read(tmp_path, name, "wrong", "错的", password)) == (members, None)


@pytest.mark.parametrize("name", [TRADITIONAL, "libarchive__test_read_format_zip_winzip_aes256.zip"])
@pytest.mark.parametrize("passwords", [(), ("wrong", "错的")])
def test_without_it_members_stay_shut(passwords: tuple[str, ...], name: str, tmp_path: Path) -> None:
    reading = read(tmp_path, name, *passwords)

    assert outcome(reading) == ({}, "encrypted")
    assert "wrong" not in str(reading.problem)
    assert list((tmp_path / "job").iterdir()) == []


def test_traditional_encryption_needs_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "find_bsdtar", lambda: None)

    assert outcome(read(tmp_path, TRADITIONAL, "a")) == ({"a.bin": 1_000}, None)


@pytest.mark.parametrize(
    ("name", "passwords"),
    [
        ("libarchive__test_read_format_zip_winzip_aes256.zip", ("password",)),
        ("libarchive__test_read_format_zip_zstd_multi.zipx", ()),
    ],
)
def test_without_bsdtar_what_needs_it_is_named(
    name: str, passwords: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "find_bsdtar", lambda: None)

    reading = read(tmp_path, name, *passwords)

    assert outcome(reading) == ({}, "unsupported_format")
    assert reading.problem is not None
    assert "needs bsdtar" in reading.problem.detail


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("libarchive__test_read_format_zip_ppmd8.zipx", {"vimrc": 912}),
        (
            "libarchive__test_read_format_zip_zstd_multi.zipx",
            {"smartd.conf": 6_699, "ts.conf": 852, "vimrc": 912},
        ),
        ("libarchive__test_read_format_zip_lzma_stream_end.zipx", {"vimrc": 912}),
    ],
)
def test_rarer_packings_come_out(name: str, members: dict[str, int], tmp_path: Path) -> None:
    assert outcome(read(tmp_path, name)) == (members, None)


def test_a_chinese_password_is_tried_in_both_its_charsets() -> None:
    assert as_bytes("案例") == ("案例".encode(), "案例".encode("gbk"))
    assert as_bytes("1234") == (b"1234",)
