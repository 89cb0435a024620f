"""Files handed over at a desk, as a letter: what another reader of mail and of archives finds in it."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from intake.edges.wrapping import is_left_out, is_mail_address, wrap_delivery
from intake.model import Delivery

AT = datetime(2022, 12, 19, 2, 0, tzinfo=UTC)


def attached(folder: Path, *paths: Path) -> list[tuple[str | None, bytes]]:
    """Name and bytes of each attachment of the letter made of `paths`."""
    letter = folder / "letter.eml"
    wrap_delivery(
        Delivery("usb", "张三"), paths, mailbox="a@b.cn", received_at=AT, timezone="Asia/Shanghai", into=letter
    )
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    return [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]


def of_old_system(folder: Path, name: str) -> Path:
    """A path whose bytes are GBK, as an archive packed on a Chinese Windows leaves them on Linux."""
    path = folder / os.fsdecode(name.encode("gbk"))
    try:
        path.touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    path.unlink()
    return path


def test_a_name_in_the_letters_of_an_old_system_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = of_old_system(tmp_path, "案例.docx")
    text.write_bytes(b"text")

    assert attached(tmp_path, text) == [("案例.docx", b"text")]


def test_a_folder_of_such_names_is_an_archive_of_readable_ones(tmp_path: Path) -> None:
    folder = of_old_system(tmp_path, "海沧社区")
    below = of_old_system(tmp_path, "照片").name
    (folder / below).mkdir(parents=True)
    (folder / below / "1.jpg").write_bytes(b"photo")

    ((name, archive),) = attached(tmp_path, folder)

    assert name == "海沧社区.zip"
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["照片/1.jpg"]


def test_a_line_break_in_a_name_makes_no_header(tmp_path: Path) -> None:
    odd = tmp_path / "案例\nX-Intake: yes.docx"
    odd.write_bytes(b"text")

    assert attached(tmp_path, odd) == [("案例 X-Intake: yes.docx", b"text")]


def test_names_that_read_the_same_in_the_end_stay_two_files(tmp_path: Path) -> None:
    folder = tmp_path / "材料"
    folder.mkdir()
    for name in ("1 2.txt", "1\t2.txt", "1  2.txt"):
        (folder / name).write_bytes(name.encode())

    ((_, archive),) = attached(tmp_path, folder)

    opened = zipfile.ZipFile(io.BytesIO(archive))
    assert {name: opened.read(name) for name in opened.namelist()} == {
        "1 2.txt": b"1\t2.txt",
        "1  2.txt": b"1  2.txt",
        "1 2(2).txt": b"1 2.txt",
    }


@pytest.mark.parametrize(
    ("name", "left"),
    [
        (".DS_Store", True),
        ("Thumbs.db", True),
        ("~$案例.docx", True),
        ("._案例.docx", True),
        ("案例.docx", False),
        ("~案例.docx", False),
    ],
)
def test_what_systems_leave_in_folders_is_no_material(name: str, left: bool) -> None:
    assert is_left_out(name) is left


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("zhang@example.cn", True),
        ("zhang.san+1@mail.example.com.cn", True),
        ("张三@例子.cn", True),
        ("张三<zhang@example.cn>", False),
        ("a@b.cn,c@d.cn", False),
        ("a@b.cn;c@d.cn", False),
        ("a@b@c.cn", False),
        ("@example.cn", False),
        ("zhang@", False),
        ("zhang@example..cn", False),
        ("zhang@exam\u202eple.cn", False),
        (f"zhang@{'例' * 70}.cn", False),
    ],
)
def test_an_address_is_one_and_bare(text: str, one: bool) -> None:
    assert is_mail_address(text) is one
