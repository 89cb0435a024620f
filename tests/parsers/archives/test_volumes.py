"""Archives in several files: told by their names, put together, or said to lack a part."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from parsers.archives.volumes import SplitSet, Style, set_digest, split_sets
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_volumes
from tests.parsers.archives.test_seven_zip import seven_zip

FILES = {"金安社区/案例.docx": bytes(range(256)) * 9, "照片.jpg": b"photo" * 500}


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def cut(data: bytes, *, at_bytes: int) -> list[bytes]:
    return [data[start : start + at_bytes] for start in range(0, len(data), at_bytes)]


def spanned(data: bytes, *, at_bytes: int) -> list[bytes]:
    """A zip as PKZIP splits it: the directory says in which volume each entry begins, and where in it."""
    whole = bytearray(b"PK\x07\x08" + data)
    end = whole.rfind(b"PK\x05\x06")
    _, _, _, count, length, offset = struct.unpack_from("<HHHHII", whole, end + 4)
    at = offset + 4
    for _ in range(count):
        local_at = struct.unpack_from("<I", whole, at + 42)[0] + 4
        struct.pack_into("<H", whole, at + 34, local_at // at_bytes)
        struct.pack_into("<I", whole, at + 42, local_at % at_bytes)
        at += 46 + sum(struct.unpack_from("<HHH", whole, at + 28))
    last, directory = (len(whole) - 1) // at_bytes, offset + 4
    struct.pack_into("<HHHHII", whole, end + 4, last, directory // at_bytes, count, count, length, directory % at_bytes)
    return cut(bytes(whole), at_bytes=at_bytes)


def read(tmp_path: Path, volumes: list[bytes], style: Style, missing: tuple[int, ...] = ()) -> Reading:
    job = tmp_path / "job"
    job.mkdir()
    paths = [tmp_path / f"{number:02d}.bin" for number in range(len(volumes))]
    for path, data in zip(paths, volumes, strict=True):
        path.write_bytes(data)
    return read_volumes(
        paths[0],
        job,
        DEFAULT_LIMITS,
        more=tuple(paths[1:]),
        style=style,
        missing=missing,
    )


def contents(tmp_path: Path, reading: Reading) -> dict[str, bytes]:
    return {f"{m.folder}/{m.name}".lstrip("/"): (tmp_path / "job" / m.stored_as).read_bytes() for m in reading.members}


@pytest.mark.parametrize(
    ("names", "sets"),
    [
        (["案例.docx", "照片.zip", "照片.rar"], ()),
        (["案例.part2.rar", "说明.docx", "案例.part1.rar"], (SplitSet("part", (2, 0)),)),
        (["案例.part1.rar", "案例.part3.rar"], (SplitSet("part", (0, 1), (2,)),)),
        (["案例.part02.rar"], (SplitSet("part", (0,), (1,)),)),
        (["案例.rar", "案例.r00", "案例.r01"], (SplitSet("r00", (0, 1, 2)),)),
        (["案例.r00"], (SplitSet("r00", (0,), (1,)),)),
        (["案例.zip", "案例.z01", "案例.z02"], (SplitSet("z01", (1, 2, 0)),)),
        (["案例.z01"], (SplitSet("z01", (0,), (2,)),)),
        (["案例.zip.001", "案例.zip.002", "材料.7z.001"], (SplitSet("001", (0, 1)), SplitSet("001", (2,)))),
        (["案例.7z.002", "案例.7z.001"], (SplitSet("001", (1, 0)),)),
        (["A.PART1.RAR", "a.part2.rar"], (SplitSet("part", (0, 1)),)),
        (["案例.part1 (1).rar", "案例.part2.rar"], (SplitSet("part", (0, 1)),)),
        (["甲.part1.rar", "乙.part2.rar"], (SplitSet("part", (0,)), SplitSet("part", (1,), (1,)))),
        (["20221205.001", "照片.001.jpg"], ()),
    ],
)
def test_sets_are_told_by_names(names: list[str], sets: tuple[SplitSet, ...]) -> None:
    assert split_sets(names) == sets


@pytest.mark.parametrize(
    ("style", "volumes"),
    [
        ("001", cut(zip_of(FILES), at_bytes=1_000)),
        ("001", cut(seven_zip(FILES), at_bytes=200)),
        ("z01", spanned(zip_of(FILES), at_bytes=1_000)),
    ],
    ids=["zip.001", "7z.001", "z01"],
)
def test_volumes_are_read_as_the_one_archive_they_are(style: Style, volumes: list[bytes], tmp_path: Path) -> None:
    reading = read(tmp_path, volumes, style)

    assert contents(tmp_path, reading) == FILES
    assert reading.archive is not None
    assert (reading.archive.volumes, reading.problem) == (len(volumes), None)
    assert reading.size_bytes == sum(map(len, volumes))


@pytest.mark.parametrize(
    ("style", "volumes", "missing"),
    [
        ("001", cut(zip_of(FILES), at_bytes=1_000)[:-1], ()),
        ("001", cut(seven_zip(FILES), at_bytes=200)[:1], ()),
        ("z01", spanned(zip_of(FILES), at_bytes=1_000)[:-1], ()),
        ("z01", spanned(zip_of(FILES), at_bytes=1_000)[1:], ()),
        ("001", cut(zip_of(FILES), at_bytes=1_000)[1:], (1,)),
    ],
    ids=["last of zip.001", "all but the first of 7z.001", "last of z01", "first of z01", "first by name"],
)
def test_a_missing_volume_is_said_and_nobody_is_told_of_damage(
    style: Style, volumes: list[bytes], missing: tuple[int, ...], tmp_path: Path
) -> None:
    reading = read(tmp_path, volumes, style, missing)

    assert reading.problem is not None
    assert (reading.problem.code, reading.members) == ("part_missing", ())
    assert list((tmp_path / "job").iterdir()) == []


def test_a_set_is_known_by_all_its_volumes_in_order() -> None:
    hashes = ["a" * 64, "b" * 64]

    assert len({set_digest(hashes), set_digest(hashes[::-1]), set_digest(hashes[:1]), *hashes}) == 5
