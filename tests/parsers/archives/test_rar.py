"""RAR archives. No free program makes one: they are read from the collected files of public test suites.

What is in them was listed by unar and bsdtar, and by the suites they come from.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from parsers.archives import programs, unpacking
from parsers.archives.rar import read_rar_volumes, unlock_rar
from parsers.errors import LimitError, ParserError
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS
from tests.conftest import RequireServer

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "archive"
SOLID = {"testfile.jpg": 220, "testfile.png": 87}
DOUBLE = {"stest1.txt": 2048, "stest2.txt": 2048}


def corpus(name: str) -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the collected files are not here")
    return CORPUS / name


@pytest.fixture(autouse=True)
def _with_programs(require_server: RequireServer) -> None:
    require_server("unar", programs.find_unar())
    require_server("bsdtar", programs.find_bsdtar())


def read(tmp_path: Path, name: str, *passwords: str) -> Reading:
    job = tmp_path / "job"
    job.mkdir()
    return unlock_rar(corpus(name), job, DEFAULT_LIMITS, passwords)


def sizes(reading: Reading) -> dict[str, int]:
    return {member.name: member.size_bytes for member in reading.members}


def code(reading: Reading) -> str | None:
    return reading.problem.code if reading.problem else None


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("rar-test-files__testfile.rar3.solid.cbr", SOLID),
        ("rar-test-files__testfile.rar5.solid.cbr", SOLID),
        ("rar-test-files__testfile.rar3.locked.cbr", SOLID),
        ("rar-test-files__testfile.rar5.rar", {"testfile.txt": 12}),
        ("libarchive__test_read_format_rar_filter.rar", {"bsdcat.exe": 204_288}),
        ("libarchive__test_read_format_rar5_multiple_files_solid.rar", {f"test{n}.bin": 4_096 for n in range(1, 5)}),
        ("rarfile__rar2-unix-owner.rar", {"file.txt": 4}),
        ("rarfile__rar5-crc.rar", DOUBLE),
        ("rarfile__unicode.rar", {"уииоотивл.txt": 2, "𝐀𝐁𝐁𝐂.txt": 2}),
        ("rarfile__rar5-hlink.rar", {f"stest{n}.txt": 2_048 for n in range(1, 4)}),
    ],
)
def test_members_of_every_generation_come_out(name: str, members: dict[str, int], tmp_path: Path) -> None:
    reading = read(tmp_path, name)

    assert (sizes(reading), reading.problem) == (members, None)
    for member in reading.members:
        data = (tmp_path / "job" / member.stored_as).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (member.size_bytes, member.sha256)


@pytest.mark.parametrize(
    ("name", "password", "members"),
    [
        ("rarfile__rar5-psw-blake.rar", "password", DOUBLE),
        ("rarfile__rar202-comment-psw.rar", "password", {"FILE1.TXT": 7, "FILE2.TXT": 7}),
        (
            "libarchive__test_read_format_rar5_solid_encrypted.rar",
            "password",
            {f"{letter}.txt": 18 for letter in "abcd"},
        ),
    ],
)
def test_the_fitting_password_opens_a_locked_archive(
    name: str, password: str, members: dict[str, int], tmp_path: Path
) -> None:
    reading = read(tmp_path, name, "wrong", password)

    assert (sizes(reading), reading.problem) == (members, None)


def test_without_it_members_stay_shut_and_open_ones_stand_beside_them(tmp_path: Path) -> None:
    reading = read(tmp_path, "libarchive__test_read_format_rar5_encrypted.rar", "wrong")

    assert (sizes(reading), code(reading)) == ({"a.txt": 18, "c.txt": 18}, "encrypted")
    assert "wrong" not in str(reading.problem)


def test_hidden_names_stay_hidden(tmp_path: Path) -> None:
    with pytest.raises(ParserError) as caught:
        read(tmp_path, "tika__test-documents-enc.rar", "wrong")

    assert caught.value.code == "encrypted"


@pytest.mark.parametrize(
    "name",
    [
        "rarfile__rar5-vols.part2.rar",
        "rarfile__rar3-old.r00",
        "rarfile__rar3-old.rar",
        "libarchive__test_rar_multivolume_uncompressed_files.part01.rar",
    ],
)
def test_a_volume_by_itself_lacks_the_others_and_is_not_damaged(name: str, tmp_path: Path) -> None:
    with pytest.raises(ParserError) as caught:
        read(tmp_path, name)

    assert caught.value.code == "part_missing"


def test_volumes_with_one_missing_behind_them_say_so(tmp_path: Path) -> None:
    paths = [corpus("rarfile__rar3-old.rar"), corpus("rarfile__rar3-old.r00")]
    job = tmp_path / "job"
    job.mkdir()

    with pytest.raises(ParserError) as caught:
        read_rar_volumes(paths, job, DEFAULT_LIMITS, (), style="r00")

    assert (caught.value.code, caught.value.detail) == ("part_missing", "after volume 2")


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        read(tmp_path, "libarchive__test_read_format_rar_ppmd_lzss_conversion.rar")

    assert list((tmp_path / "job").iterdir()) == []


def test_links_lead_nowhere(tmp_path: Path) -> None:
    reading = read(tmp_path, "rarfile__rar5-evil-symlink-traversal.rar")

    assert [(member.folder, member.name) for member in reading.members] == [("up", "pwned.txt")]
    assert reading.archive is not None
    assert reading.archive.skipped == ("up",)


def test_without_programs_it_says_which_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "find_unar", lambda: None)
    monkeypatch.setattr(unpacking, "find_bsdtar", lambda: None)

    reading = read(tmp_path, "rarfile__rar5-crc.rar")

    assert sizes(reading) == {"stest2.txt": 2_048}  # stored as it is
    assert reading.problem is not None
    assert reading.problem.code == "unsupported_format"
    assert reading.problem.detail == "entry 0: needs unar or bsdtar; 1 left out"


def test_versions_name_the_programs_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert programs.with_programs("rar/1") == "rar/1+unar+bsdtar"

    monkeypatch.setattr(os, "defpath", "")
    monkeypatch.setenv("PATH", "")

    assert programs.with_programs("rar/1") == "rar/1"
