"""Archives of a letter: volumes beside one another, passwords beside them, and what all of them together may cost."""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import py7zr
import pytest

from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.tree import MOST_PASSWORDS, Node, StatedElsewhere, nothing_stated, read_tree
from intake.errors import ReaderLostError
from parsers.archives.volumes import set_digest
from parsers.facts import LetterFacts, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_volumes
from tests.letters import Draft, File, plain_letter

TEXT = "背景与起因\n小区治理。\n".encode()
PASSWORD = "HL-2022"
T = TypeVar("T")

Look = Callable[..., Node]


def zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


@functools.cache
def locked(*files: tuple[str, bytes], password: str = PASSWORD) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password) as archive:
        for name, data in files:
            archive.writestr(data, name)
    return buffer.getvalue()


def cut(data: bytes, *, name: str, parts: int = 3) -> list[File]:
    size = len(data) // parts + 1
    return [File(f"{name}.{n + 1:03d}", data[n * size : (n + 1) * size]) for n in range(parts)]


def shown(root: Node) -> list[tuple[str, str | None]]:
    """Names and problems of all files, in document order."""
    return [
        (node.member.name, node.reading.problem.code if node.reading.problem else None)
        for node in root.walk()
        if node.member is not None
    ]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def read(
        *files: File,
        text: str = "请查收附件。",
        limits: Limits = DEFAULT_LIMITS,
        known: Iterable[Reading] = (),
        stated_elsewhere: StatedElsewhere = nothing_stated,
        executor: InlineExecutor | None = None,
    ) -> Node:
        path = tmp_path / "a.eml"
        path.write_bytes(plain_letter(Draft(text=text, files=files)))
        stored = {reading.sha256: reading for reading in known}
        return read_tree(
            path,
            tmp_path / "job",
            executor=executor or InlineExecutor(),
            limits=limits,
            letter=True,
            known=lambda hashes: {sha256: stored[sha256] for sha256 in hashes if sha256 in stored},
            stated_elsewhere=stated_elsewhere,
        )

    return read


def test_volumes_are_one_archive_where_the_first_of_them_stood(look: Look) -> None:
    second, first, third = (cut(zipped(("案例.txt", TEXT)), name="金安.zip")[n] for n in (1, 0, 2))

    root = look(File("说明.txt", TEXT + b"."), second, first, third)

    assert shown(root) == [("说明.txt", None), ("金安.zip.001", None), ("案例.txt", None)]


def test_a_missing_volume_is_said_once_for_the_set(look: Look) -> None:
    first, _, third = cut(zipped(("案例.txt", TEXT)), name="金安.zip")

    assert shown(look(first, third)) == [("金安.zip.001", "part_missing")]


def test_a_set_that_is_complete_now_is_not_taken_for_its_first_volume_alone(look: Look) -> None:
    volumes = cut(zipped(("案例.txt", TEXT)), name="金安.zip")
    alone = look(volumes[0]).children[0].reading

    root = look(*volumes, known=[alone])

    assert shown(root) == [("金安.zip.001", None), ("案例.txt", None)]


class LosingSets(InlineExecutor):
    """Loses every reader of volumes, as a file does that kills its reader."""

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        if getattr(task, "func", None) is not read_volumes:
            return super().submit(task, *args, limits=limits)
        lost: Future[T] = Future()
        lost.set_exception(ReaderLostError("reader ended with status -11", timed_out=False))
        return lost


def test_a_set_whose_reader_was_lost_is_on_record_as_itself_and_not_as_its_first_volume(look: Look) -> None:
    """Kept by the first volume's hash, it would be told of as whatever that volume is where it lies alone."""
    volumes = cut(zipped(("案例.txt", TEXT)), name="金安.zip")
    hashes = [hashlib.sha256(each.data).hexdigest() for each in volumes]

    lost = look(*volumes, executor=LosingSets()).children[0].reading
    first = look(File("图.bin", volumes[0].data), known=[lost]).children[0]

    assert (lost.problem and lost.problem.code, lost.sha256) == ("killed", set_digest(hashes))
    assert lost.size_bytes == sum(len(each.data) for each in volumes)
    assert (first.reading.sha256, first.fresh) == (hashes[0], True)


def test_volumes_inside_an_archive_are_one_archive_too(look: Look) -> None:
    volumes = cut(zipped(("案例.txt", TEXT)), name="内.zip")

    root = look(File("外.zip", zipped(*((part.name, part.data) for part in volumes))))

    assert shown(root) == [("外.zip", None), ("内.zip.001", None), ("案例.txt", None)]


def test_a_packed_file_is_named_after_its_container(look: Look) -> None:
    assert shown(look(File("案例.txt.gz", gzip.compress(TEXT)))) == [("案例.txt.gz", None), ("案例.txt", None)]


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ((File("材料.7z", locked(("案例.txt", TEXT))),), f"解压密码：{PASSWORD}"),
        ((File(f"材料（密码{PASSWORD}）.7z", locked(("案例.txt", TEXT))),), "请查收。"),
        ((File("材料.7z", locked(("案例.txt", TEXT))), File("密码.txt", f"密码是{PASSWORD}".encode())), "请查收。"),
        ((File("外.zip", zipped(("材料.7z", locked(("案例.txt", TEXT))))),), f"解压密码：{PASSWORD}"),
    ],
    ids=["letter", "name", "note", "nested"],
)
def test_a_stated_password_opens_what_is_locked(files: tuple[File, ...], text: str, look: Look) -> None:
    assert ("案例.txt", None) in shown(look(*files, text=text))


def test_other_letters_are_asked_only_when_a_file_stays_shut(look: Look) -> None:
    asked: list[str] = []

    def elsewhere(letter: LetterFacts, _: Iterable[str]) -> tuple[str, ...]:
        asked.append(letter.subject)
        return (PASSWORD,)

    look(File("材料.zip", zipped(("案例.txt", TEXT))), stated_elsewhere=elsewhere)
    assert asked == []

    root = look(File("材料.7z", locked(("案例.txt", TEXT))), stated_elsewhere=elsewhere)

    assert asked == ["案例征集报送"]
    assert shown(root) == [("材料.7z", None), ("案例.txt", None)]


def test_the_likeliest_of_many_passwords_stated_elsewhere_is_tried(look: Look) -> None:
    stated = (PASSWORD, *(f"other-{number}" for number in range(2 * MOST_PASSWORDS)))

    root = look(File("材料.7z", locked(("案例.txt", TEXT))), stated_elsewhere=lambda *_: stated)

    assert shown(root)[-1] == ("案例.txt", None)


def test_what_stayed_shut_before_is_tried_again(look: Look) -> None:
    archive = File("材料.7z", locked(("案例.txt", TEXT)))
    before = look(archive).children[0].reading

    root = look(archive, text=f"密码：{PASSWORD}", known=[before])

    assert shown(root) == [("材料.7z", None), ("案例.txt", None)]
    assert root.children[0].fresh


def test_a_password_stands_in_no_reading_of_a_file(look: Look) -> None:
    root = look(File("材料.7z", locked(("案例.txt", TEXT))), text=f"密码：{PASSWORD}x，密码：{PASSWORD}")

    assert [PASSWORD in node.reading.model_dump_json() for node in root.walk() if node.member] == [False, False]


def test_archives_that_bring_too_many_bytes_altogether_stay_shut(look: Look) -> None:
    first, second = (zipped((f"{name}.txt", TEXT * 20_000)) + name.encode() for name in "甲乙")
    room_bytes = len(first) * 3 + 1_000

    root = look(File("甲.zip", first), File("乙.zip", second), limits=Limits(members_bytes=room_bytes))

    assert shown(root) == [("甲.zip", None), ("甲.txt", None), ("乙.zip", "over_limit")]
