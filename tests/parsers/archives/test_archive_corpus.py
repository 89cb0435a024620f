"""Archives nobody here made, compared with what The Unarchiver's lsar lists of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file
from tests.conftest import RequireServer

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "archive"
EVERY = 4
"""One in so many is in the suite."""

UNLIKE_LSAR = {
    "libarchive__test_read_format_rar5_hardlink.rar": "lsar counts a hard link as a link; it is a file all the same",
    "rarfile__rar5-hlink.rar": "likewise",
    "rarfile__rar5-dups.rar": "likewise of RAR's own copies",
    "rarfile__ctime5.rar": "lsar 1.10 stops at this RAR 5 header; bsdtar lists the file",
    "rarfile__rar5-owner.rar": "likewise",
    "rarfile__rar5-readonly-unix.rar": "likewise",
    "rarfile__rar5-versions.rar": "lsar lists older versions of one file; the newest counts",
    "libarchive__test_read_format_zip_msdos.zip": "lsar takes two empty files for folders by their DOS flags",
    "libarchive__test_read_format_zip_padded1.zip": "lsar does not see behind the padding; unzip does",
    "yauzl__zip64.zip": "lsar lists one of the two files; unzip both",
}
"""Where both were looked at by hand."""


REFUSED_BY_ONE_READER = {
    "libarchive__test_read_format_rar5_invalid_hash_valid_htime_exfld.rar": 1,
    "libarchive__test_read_format_rar5_only_crypt_exfld.rar": 1,
    "libarchive__test_read_format_rar5_unsupported_exfld.rar": 1,
    "libarchive__test_read_format_rar_unbound_staticdata.rar": 1,
    "libarchive__test_read_format_zip_extra_padding.zip": 1,
    "warehouse__zip64_eocd_extensible_data.zip": 1,
    "yauzl__End of central directory record signature not found Either not a zip file or file is truncated.zip": 2,
}
"""Files that bsdtar lists without complaint where our own reader of the format gives up."""


def sample() -> list[Path]:
    paths = sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []
    kinds = (".zip", ".rar", ".cbr", ".7z", ".tar", ".zipx", ".jar")
    return [path for path in paths if path.suffix in kinds and path.name not in UNLIKE_LSAR][::EVERY]


def listed(path: Path) -> Counter[int]:
    """Sizes of the files lsar sees."""
    told = subprocess.run(["lsar", "-j", path], capture_output=True, timeout=30, check=False).stdout
    return Counter(
        entry["XADFileSize"]
        for entry in json.loads(told)["lsarContents"]
        if not any(entry.get(key) for key in ("XADIsDirectory", "XADIsLink", "XADIsResourceFork"))
    )


def test_whole_archives_hold_what_another_reader_lists(require_server: RequireServer, tmp_path: Path) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the collected files are not here")
    for program in ("lsar", "unar", "bsdtar"):
        require_server(program, shutil.which(program))
    differing: dict[str, tuple[Counter[int], Counter[int]]] = {}
    compared = 0
    for number, path in enumerate(sample()):
        job = tmp_path / str(number)
        job.mkdir()
        reading = read_file(path, job, DEFAULT_LIMITS)
        if reading.problem is not None:
            continue
        compared += 1
        ours = Counter(member.size_bytes for member in reading.members)
        # What is left out on purpose is named, and lsar lists it.
        theirs = listed(path)
        if ours != theirs and not (reading.archive and reading.archive.skipped and not ours - theirs):
            differing[path.name] = (ours, theirs)

    assert differing == {}
    assert compared >= 20


def test_no_archive_of_the_collection_is_our_trouble(require_server: RequireServer, tmp_path: Path) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the collected files are not here")
    for program in ("unar", "bsdtar"):
        require_server(program, shutil.which(program))
    troubles: dict[str, str] = {}
    for number, path in enumerate(sorted(CORPUS.iterdir())[1::EVERY]):
        job = tmp_path / str(number)
        job.mkdir()
        problem = read_file(path, job, DEFAULT_LIMITS).problem
        if problem is not None and problem.code in ("timed_out", "killed", "reader_failed"):
            troubles[path.name] = problem.detail

    assert troubles == {}


@pytest.mark.parametrize("name", REFUSED_BY_ONE_READER)
def test_what_one_reader_alone_refuses_comes_out_and_is_left_to_a_person(
    name: str, require_server: RequireServer, tmp_path: Path
) -> None:
    if not (CORPUS / name).is_file():
        pytest.skip("the collected files are not here")
    require_server("bsdtar", shutil.which("bsdtar"))

    reading = read_file(CORPUS / name, tmp_path, DEFAULT_LIMITS)

    assert reading.problem is not None
    assert (reading.problem.code, len(reading.members)) == ("reader_failed", REFUSED_BY_ONE_READER[name])
