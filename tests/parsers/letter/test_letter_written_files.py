"""Files written into the text, as programs older than MIME do it."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.letter.uuencoded import WrittenFile, file_bytes, without_files
from tests.letter_reading import headed, read_raw

HEAD = "From: a@b.cn\nSubject: x\nContent-Type: text/plain; charset=gb2312"
CASE = bytes(range(256)) * 200
SMALL = b"\xff\xd8\xff" + bytes(40)


def uuencoded(name: str, data: bytes, *, mode: str = "644", line_end: str = "\r\n", grave: bool = True) -> bytes:
    lines = [f"begin {mode} ".encode() + name.encode("gb18030")]
    lines += [binascii.b2a_uu(data[at : at + 45], backtick=grave).rstrip(b"\n") for at in range(0, len(data), 45)]
    return line_end.encode().join([*lines, b"`" if grave else b" ", b"end", b""])


def yencoded(name: str, data: bytes) -> bytes:
    out = bytearray()
    for start in range(0, len(data), 128):
        for value in data[start : start + 128]:
            shifted = (value + 42) % 256
            out += bytes((shifted,)) if shifted not in (0, 10, 13, 61) else b"=" + bytes(((shifted + 64) % 256,))
        out += b"\r\n"
    head = f"=ybegin line=128 size={len(data)} name={name}\r\n".encode("gb18030")
    return head + bytes(out) + f"=yend size={len(data)}\r\n".encode()


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("grave", [True, False], ids=["grave accents", "spaces"])
def test_files_in_the_text_are_members_and_the_text_is_without_them(line_end: str, grave: bool, tmp_path: Path) -> None:
    text = "请查收。\r\n\r\n".encode("gb18030")
    files = uuencoded("案例.doc", CASE, line_end=line_end, grave=grave) + uuencoded(
        "照片 1.jpg", SMALL, line_end=line_end, grave=grave
    )

    read = read_raw(headed(HEAD, text + files + "此致敬礼\r\n".encode("gb18030")), tmp_path)

    assert read.letter.text == "请查收。\n\n此致敬礼"
    assert read.files == [("案例.doc", CASE), ("照片 1.jpg", SMALL)]
    assert [(member.locator, member.origin) for member in read.members] == [
        ("1#1", "attachment"),
        ("1#2", "attachment"),
    ]


def test_file_larger_than_what_is_kept_of_a_text_is_whole(tmp_path: Path) -> None:
    large = bytes(range(256)) * 6_000

    read = read_raw(headed(HEAD, b"text\r\n\r\n" + uuencoded("a.doc", large) + b"below\r\n"), tmp_path)

    assert (read.letter.text, read.files) == ("text\n\nbelow", [("a.doc", large)])


def test_file_whose_end_never_comes_is_kept_as_far_as_it_came(tmp_path: Path) -> None:
    whole = uuencoded("a.doc", CASE)

    read = read_raw(headed(HEAD, whole[: whole.index(b"\r\n", 30_000)]), tmp_path)

    [(name, data)] = read.files
    assert (name, CASE.startswith(data), len(data) > 20_000) == ("a.doc", True, True)


def test_base64_kind_of_uuencode_and_yenc_are_opened_too(tmp_path: Path) -> None:
    encoded = base64.encodebytes(CASE).replace(b"\n", b"\r\n")
    body = b"begin-base64 644 a.doc\r\n" + encoded + b"====\r\n" + yencoded("照片.jpg", CASE + SMALL)

    read = read_raw(headed(HEAD, b"hi\r\n" + body), tmp_path)

    assert (read.letter.text, read.files) == ("hi", [("a.doc", CASE), ("照片.jpg", CASE + SMALL)])


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 with a plan\nand then act.",
        "We begin 2022 well.\nend",
        "begin 644 a.doc",
        "begin 644 a.doc\n\n这一行不是编码\nend",
        "=ybegin line=128 size=x name=a\n正文",
    ],
)
def test_prose_that_resembles_an_opening_stays_text(text: str, tmp_path: Path) -> None:
    read = read_raw(headed("From: a@b.cn\nContent-Type: text/plain; charset=utf-8", text), tmp_path)

    assert (read.letter.text, read.files) == (text, [])


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=1, max_size=400), cut=st.integers(1, 50), line_end=st.sampled_from(["\n", "\r\n"]))
def test_any_file_comes_back_however_the_text_is_cut(data: bytes, cut: int, line_end: str) -> None:
    body = f"above{line_end}".encode() + uuencoded("a", data, line_end=line_end) + b"below"
    pieces = [body[at : at + cut] for at in range(0, len(body), cut)]
    found: list[WrittenFile] = []

    text = b"".join(without_files(pieces, found))

    assert text == f"above{line_end}below".encode()
    assert [b"".join(file_bytes(pieces, each)) for each in found] == [data]
