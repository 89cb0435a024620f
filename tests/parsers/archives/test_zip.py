"""Zips: what is taken out, what is left out and said, what is refused."""

from __future__ import annotations

import hashlib
import io
import random
import stat
import zipfile
from pathlib import Path

import pytest

from parsers.archives import unpacking
from parsers.archives.programs import find_bsdtar
from parsers.archives.zip import read_zip
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from tests.conftest import RequireServer
from tests.parsers.archives.zip_files import Raw, raw_zip, unicode_extra

UTF8 = 0x800


def read(tmp_path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Reading:
    path, job = tmp_path / "a.zip", tmp_path / "job"
    path.write_bytes(data)
    job.mkdir()
    return read_zip(path, job, limits)


def written(tmp_path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (tmp_path / "job").iterdir()}


def contents(tmp_path: Path, reading: Reading) -> list[bytes]:
    return [(tmp_path / "job" / member.stored_as).read_bytes() for member in reading.members]


def paths(reading: Reading) -> list[tuple[str, str]]:
    return [(member.folder, member.name) for member in reading.members]


def code(reading: Reading) -> str | None:
    return reading.problem.code if reading.problem else None


def test_members_come_out_in_order_with_hash_and_place(tmp_path: Path) -> None:
    data = raw_zip(
        Raw("金安社区/".encode(), b"", UTF8, mode=0o040755),
        Raw("金安社区/案例.docx".encode(), b"text", UTF8),
        Raw("金安社区/照片/1.jpg".encode(), b"photo", UTF8),
    )

    reading = read(tmp_path, data)

    assert reading.archive == ArchiveFacts(kind="zip", entries=3, name_encoding="utf-8", skipped=("金安社区/",))
    assert paths(reading) == [("金安社区", "案例.docx"), ("金安社区/照片", "1.jpg")]
    first = reading.members[0]
    assert (first.locator, first.size_bytes, first.origin) == ("1/金安社区/案例.docx", 4, "archive")
    assert first.sha256 == hashlib.sha256(b"text").hexdigest()
    assert contents(tmp_path, reading) == [b"text", b"photo"]
    assert reading.problem is None


def test_unmarked_gbk_names_are_read_and_marked_ones_beside_them_kept(tmp_path: Path) -> None:
    data = raw_zip(
        Raw("金安社区/小网格托起大民生.docx".encode("gbk")),
        Raw("金安社区/照片①.jpg".encode(), flags=UTF8),
        Raw(b"????.jpg", extra=unicode_extra(b"????.jpg", "改造前後.jpg")),
    )

    reading = read(tmp_path, data)

    assert [member.name for member in reading.members] == ["小网格托起大民生.docx", "照片①.jpg", "改造前後.jpg"]
    assert reading.archive is not None
    assert reading.archive.name_encoding == "gb18030"


def test_a_gbk_character_that_ends_in_a_backslash_parts_nothing(tmp_path: Path) -> None:
    name = "金安社区材料/乗除.docx"
    raw = name.encode("gbk").replace("乗".encode("gbk"), b"\x81\\")

    reading = read(tmp_path, raw_zip(Raw(raw)))

    assert paths(reading) == [("金安社区材料", b"\x81\\".decode("gbk") + "除.docx")]


def test_a_local_header_with_another_name_stops_nothing(tmp_path: Path) -> None:
    reading = read(tmp_path, raw_zip(Raw("案例.docx".encode(), b"text", UTF8, local_name=b"0001.tmp")))

    assert [member.name for member in reading.members] == ["案例.docx"]
    assert written(tmp_path) == {"member-00000": b"text"}


def test_leftovers_of_programs_links_and_folders_are_skipped_and_named(tmp_path: Path) -> None:
    data = raw_zip(
        Raw("案例.docx".encode(), flags=UTF8),
        Raw("~$案例.docx".encode(), flags=UTF8),
        Raw(b"__MACOSX/._1.jpg"),
        Raw(b"photos/.DS_Store"),
        Raw(b"photos/Thumbs.db"),
        Raw(b"link", b"/etc/passwd", mode=stat.S_IFLNK | 0o777),
    )

    reading = read(tmp_path, data)

    assert paths(reading) == [("", "案例.docx")]
    assert reading.archive is not None
    assert reading.archive.skipped == (
        "~$案例.docx",
        "__MACOSX/._1.jpg",
        "photos/.DS_Store",
        "photos/Thumbs.db",
        "link",
    )


def test_paths_that_lead_out_stay_inside(tmp_path: Path) -> None:
    data = raw_zip(Raw(b"../../outside.txt"), Raw(b"/absolute.txt"), Raw(b"C:\\drive.txt"))

    reading = read(tmp_path, data)

    assert paths(reading) == [("", "outside.txt"), ("", "absolute.txt"), ("", "drive.txt")]
    assert sorted(written(tmp_path)) == ["member-00000", "member-00001", "member-00002"]


def test_a_nested_zip_is_a_member_and_is_not_opened(tmp_path: Path) -> None:
    inner = raw_zip(Raw(b"a.txt"))

    reading = read(tmp_path, raw_zip(Raw(b"inner.zip", inner)))

    assert written(tmp_path) == {"member-00000": inner}
    assert reading.members[0].sha256 == hashlib.sha256(inner).hexdigest()


def test_locked_members_are_said_and_the_others_kept(tmp_path: Path) -> None:
    reading = read(
        tmp_path, raw_zip(Raw(b"open.txt", b"text"), Raw(b"locked.txt", flags=1), Raw(b"aes.txt", method=99))
    )

    assert code(reading) == "encrypted"
    assert reading.archive is not None
    assert reading.archive.encrypted
    assert written(tmp_path) == {"member-00000": b"text"}


@pytest.mark.parametrize(
    "broken",
    [Raw(b"b.txt", crc=1), Raw(b"b.txt", declared_bytes=2)],
    ids=["checksum", "longer than declared"],
)
def test_a_broken_member_is_said_and_the_others_kept(broken: Raw, tmp_path: Path) -> None:
    reading = read(tmp_path, raw_zip(Raw(b"a.txt", b"text"), broken, Raw(b"c.txt", b"more")))

    assert code(reading) == "damaged"
    assert written(tmp_path) == {"member-00000": b"text", "member-00002": b"more"}


def test_a_packing_nobody_knows_here_is_said_and_the_others_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, raw_zip(Raw(b"a.txt", b"text"), Raw(b"b.txt", method=98)))

    assert code(reading) == "unsupported_format"
    assert written(tmp_path) == {"member-00000": b"text"}


def test_of_several_troubles_the_worst_is_named(tmp_path: Path) -> None:
    reading = read(tmp_path, raw_zip(Raw(b"a", method=98), Raw(b"b", crc=1), Raw(b"c", flags=1)))

    assert code(reading) == "encrypted"
    assert reading.members == ()


def test_an_archive_of_folders_only_is_empty(tmp_path: Path) -> None:
    assert code(read(tmp_path, raw_zip(Raw(b"a/", b"", mode=0o040755)))) == "empty"


@pytest.mark.parametrize(
    "data",
    [
        raw_zip(Raw(b"a.txt"))[:-30],
        b"PK\x03\x04" + b"\0" * 60,
    ],
    ids=["cut off", "no directory"],
)
def test_a_directory_that_cannot_be_trusted_is_damage_where_no_other_reader_is(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "find_bsdtar", lambda: None)

    with pytest.raises(ParserError) as caught:
        read(tmp_path, data)

    assert caught.value.code == "damaged"


def test_what_bsdtar_opens_all_the_same_comes_out_and_is_left_to_a_person(
    tmp_path: Path, require_server: RequireServer
) -> None:
    require_server("bsdtar", find_bsdtar())

    reading = read(tmp_path, raw_zip(Raw("案例.txt".encode("gb18030"), b"text"), Raw(b"__MACOSX/._b", b"x"))[:-30])

    assert code(reading) == "reader_failed"
    assert [(member.name, member.locator) for member in reading.members] == [("案例.txt", "0/案例.txt")]
    assert reading.archive == ArchiveFacts(kind="zip", entries=2, name_encoding="gb18030", skipped=("__MACOSX/._b",))
    assert written(tmp_path) == {"member-00000": b"text"}


def test_what_bsdtar_finds_broken_too_is_damage(tmp_path: Path, require_server: RequireServer) -> None:
    require_server("bsdtar", find_bsdtar())

    with pytest.raises(ParserError) as caught:
        read(tmp_path, raw_zip(Raw(b"a.txt", b"text"), Raw(b"b.txt", b"text" * 100))[:-300])

    assert caught.value.code == "damaged"
    assert written(tmp_path) == {}


def test_the_last_of_several_volumes_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(ParserError) as caught:
        read(tmp_path, raw_zip(Raw(b"a.txt"), disk=1))

    assert (caught.value.code, caught.value.detail) == ("part_missing", "the last of 2 volumes")


@pytest.mark.parametrize("before", [b"", b"MZ self-extracting stub"], ids=["plain", "with bytes before it"])
def test_names_that_are_not_the_utf8_they_claim_are_read_as_what_they_are(before: bytes, tmp_path: Path) -> None:
    data = raw_zip(
        Raw("金安社区/小网格托起大民生.docx".encode("gbk"), b"text", UTF8), Raw("照片①.jpg".encode(), b"photo", UTF8)
    )

    reading = read(tmp_path, before + data)

    assert paths(reading) == [("金安社区", "小网格托起大民生.docx"), ("", "照片①.jpg")]
    assert contents(tmp_path, reading) == [b"text", b"photo"]
    assert reading.problem is None


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    data = raw_zip(Raw(b"a.txt", b"x" * 500), Raw(b"b.txt", b"y" * 500), offsets=[0, 0])

    with pytest.raises(ParserError) as caught:
        read(tmp_path, data)

    assert caught.value.detail == "entries overlap"


@pytest.mark.parametrize(
    ("entries", "limits"),
    [
        ([Raw(b"%d" % n) for n in range(5)], Limits(members=4)),
        ([Raw(b"a", b"x" * 600, method=0), Raw(b"b", b"y" * 600, method=0)], Limits(members_bytes=1_000)),
        ([Raw(b"a", b"first"), Raw(b"b", bytes(5_000_000))], Limits(member_ratio=100)),
    ],
    ids=["count", "bytes together", "ratio"],
)
def test_an_archive_beyond_a_limit_is_refused_and_leaves_nothing(
    entries: list[Raw], limits: Limits, tmp_path: Path
) -> None:
    with pytest.raises(LimitError):
        read(tmp_path, raw_zip(*entries), limits)

    assert written(tmp_path) == {}


def test_limits_are_not_met_by_as_much_as_they_allow(tmp_path: Path) -> None:
    entries = [Raw(b"a", b"x" * 500, method=0), Raw(b"b", b"y" * 500, method=0)]

    reading = read(tmp_path, raw_zip(*entries), Limits(members=2, members_bytes=1_000))

    assert (len(reading.members), reading.problem) == (2, None)


def test_a_member_that_lies_about_its_size_is_counted_while_it_unpacks(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        read(tmp_path, raw_zip(Raw(b"a", bytes(3_000_000), declared_bytes=0x7FFFFFF)), Limits(members_bytes=2_000_000))


def test_a_directory_of_too_many_entries_is_refused_before_it_is_read(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + b"\0" * 4 + (60_000).to_bytes(2, "little") * 2 + (2_800_000).to_bytes(4, "little") + b"\0" * 6

    with pytest.raises(LimitError):
        read(tmp_path, b"PK\x03\x04" + b"\0" * 100 + end)


def test_an_ordinary_large_zip_streams_through(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    photo = random.Random(1).randbytes(3_000_000)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("照片.jpg", photo)

    reading = read(tmp_path, buffer.getvalue())

    assert written(tmp_path) == {"member-00000": photo}
    assert reading.members[0].size_bytes == len(photo)
