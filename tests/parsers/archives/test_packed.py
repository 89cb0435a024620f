"""Tars, packed or not, and single files packed with gzip, bzip2 or xz; made by the standard library."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.archives.compressed import read_packed
from parsers.errors import LimitError, ParserError
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS, Limits

FILES = {"金安社区/案例.docx": b"text", "金安社区/照片①.jpg": b"photo"}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
}


def tar(files: dict[str, bytes], *extra: tarfile.TarInfo, charset: str = "utf-8") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding=charset) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in extra:
            archive.addfile(info)
    return buffer.getvalue()


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def read(tmp_path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Reading:
    path, job = tmp_path / "a.bin", tmp_path / "job"
    path.write_bytes(data)
    job.mkdir()
    return read_packed(path, job, limits)


def contents(tmp_path: Path, reading: Reading) -> dict[str, bytes]:
    return {f"{m.folder}/{m.name}".lstrip("/"): (tmp_path / "job" / m.stored_as).read_bytes() for m in reading.members}


def left_behind(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "job").iterdir())


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_tar_is_opened_in_one_step_whatever_it_is_packed_with(charset: str, packing: str, tmp_path: Path) -> None:
    reading = read(tmp_path, PACKINGS[packing](tar(FILES, charset=charset)))

    assert contents(tmp_path, reading) == FILES
    assert reading.archive is not None
    assert (reading.archive.kind, reading.archive.entries, reading.archive.name_encoding) == ("tar", 2, charset)
    assert reading.problem is None


def test_links_devices_folders_and_leftovers_are_skipped_and_named(tmp_path: Path) -> None:
    extra = (
        entry("链接", tarfile.SYMTYPE, "/etc/passwd"),
        entry("hard", tarfile.LNKTYPE, "../../../etc/passwd"),
        entry("null", tarfile.CHRTYPE),
        entry("pipe", tarfile.FIFOTYPE),
        entry("照片", tarfile.DIRTYPE),
    )

    reading = read(tmp_path, tar({"~$a.docx": b"owner", "a.txt": b"a"}, *extra))

    assert contents(tmp_path, reading) == {"a.txt": b"a"}
    assert reading.archive is not None
    assert reading.archive.skipped == ("~$a.docx", "链接", "hard", "null", "pipe", "照片/")


def test_paths_that_lead_out_stay_inside(tmp_path: Path) -> None:
    reading = read(tmp_path, tar({"../../outside.txt": b"1", "/absolute.txt": b"2", "C:\\drive.txt": b"3"}))

    assert contents(tmp_path, reading) == {"outside.txt": b"1", "absolute.txt": b"2", "drive.txt": b"3"}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_tar_cut_off_keeps_what_came_before(packing: str, tmp_path: Path) -> None:
    whole = tar({"a.txt": b"a" * 100, "b.txt": bytes(range(256)) * 40})
    packed = PACKINGS[packing](whole[: 512 * 3 + 700])

    reading = read(tmp_path, packed)

    assert contents(tmp_path, reading) == {"a.txt": b"a" * 100}
    assert reading.problem is not None
    assert reading.problem.code == "damaged"


def test_a_broken_header_in_mid_archive_is_damage_not_the_end(tmp_path: Path) -> None:
    data = bytearray(tar({"a.txt": b"a", "b.txt": b"b"}))
    data[1024:1034] = b"\xff" * 10

    reading = read(tmp_path, bytes(data))

    assert contents(tmp_path, reading) == {"a.txt": b"a"}
    assert reading.problem is not None
    assert reading.problem.code == "damaged"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gzip.compress(b"text"), ""),
        (bz2.compress(b"text"), ""),
        (lzma.compress(b"text"), ""),
    ],
    ids=["gz", "bz2", "xz"],
)
def test_a_single_packed_file_comes_out_without_a_name(data: bytes, name: str, tmp_path: Path) -> None:
    assert contents(tmp_path, read(tmp_path, data)) == {name: b"text"}


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_gzip_header_gives_the_name(charset: str, tmp_path: Path) -> None:
    packed = gzip.compress(b"text")
    named = packed[:3] + b"\x08" + packed[4:10] + "小网格托起大民生.txt".encode(charset) + b"\0" + packed[10:]

    assert contents(tmp_path, read(tmp_path, named)) == {"小网格托起大民生.txt": b"text"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_a_single_packed_file_cut_off_is_damage(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = pack(bytes(range(256)) * 40)[:-12]

    try:
        found = read(tmp_path, data).problem
        code = found.code if found else None
    except ParserError as error:
        code = error.code

    assert (code, left_behind(tmp_path)) == ("damaged", [])


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
@pytest.mark.parametrize("is_tar", [False, True])
def test_a_bomb_is_stopped_and_leaves_nothing(is_tar: bool, pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    bomb = bytes(40_000_000)

    with pytest.raises(LimitError):
        read(tmp_path, pack(tar({"a.bin": bomb}) if is_tar else bomb))

    assert left_behind(tmp_path) == []


def test_a_hole_as_large_as_a_disk_is_stopped(tmp_path: Path) -> None:
    info = entry("hole", tarfile.GNUTYPE_SPARSE)
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:398] = b"000000000000"  # one piece of no bytes, and then the hole
    header[398:410] = b"000000000000"
    header[483:495] = b"077777777777"  # 8 GB when unfolded
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)

    with pytest.raises(LimitError):
        read(tmp_path, bytes(header) + b"\0" * 1024, Limits(members_bytes=5_000_000))

    assert left_behind(tmp_path) == []


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        read(tmp_path, tar({str(number): b"" for number in range(5)}), Limits(members=4))
