"""7z archives, made by py7zr; what they hold is known before they are read."""

from __future__ import annotations

import io
from pathlib import Path

import py7zr
import pytest

from parsers.archives.seven_zip import unlock_7z
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Reading
from parsers.limits import DEFAULT_LIMITS, Limits

FILES = {"金安社区/案例.docx": b"text" * 100, "金安社区/照片①.jpg": b"photo" * 100}


def seven_zip(files: dict[str, bytes], *, password: str | None = None, hides_names: bool = False) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password, header_encryption=hides_names) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return buffer.getvalue()


def read(tmp_path: Path, data: bytes, *passwords: str, limits: Limits = DEFAULT_LIMITS) -> Reading:
    path, job = tmp_path / "a.7z", tmp_path / "job"
    path.write_bytes(data)
    job.mkdir()
    return unlock_7z(path, job, limits, passwords)


def contents(tmp_path: Path, reading: Reading) -> dict[str, bytes]:
    return {f"{m.folder}/{m.name}".lstrip("/"): (tmp_path / "job" / m.stored_as).read_bytes() for m in reading.members}


def left_behind(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "job").iterdir())


def test_members_come_out_with_their_chinese_names(tmp_path: Path) -> None:
    reading = read(tmp_path, seven_zip(FILES))

    assert contents(tmp_path, reading) == FILES
    assert reading.archive == ArchiveFacts(kind="7z", entries=2, name_encoding="utf-16-le")
    assert reading.problem is None


@pytest.mark.parametrize("hides_names", [False, True])
def test_the_fitting_password_opens_a_locked_archive(hides_names: bool, tmp_path: Path) -> None:
    data = seven_zip(FILES, password="案例2022", hides_names=hides_names)

    reading = read(tmp_path, data, "wrong", "案例2022")

    assert contents(tmp_path, reading) == FILES
    assert reading.archive is not None
    assert (reading.archive.encrypted, reading.problem) == (True, None)


@pytest.mark.parametrize("hides_names", [False, True])
@pytest.mark.parametrize("passwords", [(), ("wrong",)])
def test_without_the_fitting_password_it_stays_shut(
    passwords: tuple[str, ...], hides_names: bool, tmp_path: Path
) -> None:
    with pytest.raises(ParserError) as caught:
        read(tmp_path, seven_zip(FILES, password="right", hides_names=hides_names), *passwords)

    assert caught.value.code == "encrypted"
    assert "wrong" not in caught.value.detail
    assert left_behind(tmp_path) == []


def test_an_archive_inside_is_a_member_and_is_not_opened(tmp_path: Path) -> None:
    inner = seven_zip({"a.txt": b"a"})

    assert contents(tmp_path, read(tmp_path, seven_zip({"inner.7z": inner}))) == {"inner.7z": inner}


def test_leftovers_of_programs_are_skipped_and_named(tmp_path: Path) -> None:
    data = seven_zip({"a/b.txt": b"in", "~$b.docx": b"owner", "__MACOSX/._b": b"mac", "b.lnk": b"short"})
    reading = read(tmp_path, data)

    assert contents(tmp_path, reading) == {"a/b.txt": b"in"}
    assert reading.archive is not None
    assert reading.archive.skipped == ("~$b.docx", "__MACOSX/._b", "b.lnk")


def test_what_comes_before_a_broken_place_is_kept(tmp_path: Path) -> None:
    data = bytearray(seven_zip({"a.bin": bytes(range(256)) * 4}))
    data[40:60] = b"\xff" * 20

    reading = read(tmp_path, bytes(data))

    assert reading.problem is not None
    assert (reading.problem.code, reading.members) == ("damaged", ())
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "data", [b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, seven_zip(FILES)[:-10]], ids=["nothing", "cut off"]
)
def test_a_header_that_cannot_be_followed_is_damage(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ParserError) as caught:
        read(tmp_path, data)

    assert caught.value.code == "damaged"


@pytest.mark.parametrize(
    ("files", "limits"),
    [
        ({str(n): b"x" for n in range(5)}, Limits(members=4)),
        ({"a": b"x" * 2_000}, Limits(members_bytes=1_000)),
        ({"a": bytes(30_000_000)}, Limits()),
    ],
    ids=["count", "bytes", "ratio"],
)
def test_what_it_declares_is_checked_before_anything_is_unpacked(
    files: dict[str, bytes], limits: Limits, tmp_path: Path
) -> None:
    with pytest.raises(LimitError):
        read(tmp_path, seven_zip(files), limits=limits)

    assert left_behind(tmp_path) == []


def test_an_empty_file_is_a_member(tmp_path: Path) -> None:
    assert contents(tmp_path, read(tmp_path, seven_zip({"空.txt": b"", "a.txt": b"a"}))) == {
        "空.txt": b"",
        "a.txt": b"a",
    }
