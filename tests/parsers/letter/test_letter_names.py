"""A file's name comes back as its sender typed it, in each of the ways programs write it down."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parsers.letter.parameters import name_of_file, parse_value
from tests.letter_reading import headed, read_raw

COMMON = "金安社区近邻议事厅治理创新案例材料定稿报送表照片改造前后居民小院服务志愿者网格员调解"
TRADITIONAL = "金安社區近鄰議事廳治理創新案例材料定稿報送表照片改造前後居民小院服務"
HAN = st.one_of(st.sampled_from(COMMON), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5))
OTHERS = st.sampled_from("㙓镕喆鿫（）“”《》、·—　.AZaz09-_+';,&()[]{}~!@#$^ ")
ENDINGS = st.sampled_from([".docx", ".doc", ".pdf", ".jpg", ".JPG", ".wps", ""])


def stored(name: str) -> str:
    """What stays of a name: one line, no white space at its edges or twice."""
    return " ".join(unicodedata.normalize("NFC", name).split()).rstrip(". ")


NAMES = st.builds(lambda stem, ending: stored("".join(stem) + ending), st.lists(st.one_of(HAN, OTHERS), min_size=1, max_size=60), ENDINGS)  # fmt: skip


def words(name: str, charset: str, codec: str, *, piece_bytes: int, encoding: str) -> str:
    """RFC 2047 words of at most `piece_bytes`, cut anywhere, characters too, as QQ Mail and Coremail cut them."""
    data = name.encode(codec)
    pieces = [data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes)]
    if encoding == "B":
        return " ".join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)
    return " ".join(f"=?{charset}?Q?{''.join(f'={value:02X}' for value in piece)}?=" for piece in pieces)


def continued(name: str, charset: str, codec: str, *, piece: int) -> str:
    """RFC 2231 sections, cut between percent codes."""
    codes = [f"%{value:02X}" for value in name.encode(codec)]
    sections = ["".join(codes[at : at + piece]) for at in range(0, len(codes), piece)]
    first = f"filename*0*={charset}''{sections[0]}"
    return "; ".join([first, *(f"filename*{number}*={text}" for number, text in enumerate(sections[1:], start=1))])


CHARSETS = [("UTF-8", "utf-8"), ("gb18030", "gb18030"), ("GBK", "gb18030"), ("GB2312", "gb18030")]
each_charset = pytest.mark.parametrize(("charset", "codec"), CHARSETS, ids=[label for label, _ in CHARSETS])


def found(disposition: str, content_type: str = "application/octet-stream") -> str:
    return name_of_file(parse_value(disposition), parse_value(content_type))


@each_charset
@settings(max_examples=60, deadline=None)
@given(name=NAMES, piece_bytes=st.integers(3, 45), encoding=st.sampled_from("BQ"))
def test_name_in_encoded_words_comes_back(charset: str, codec: str, name: str, piece_bytes: int, encoding: str) -> None:
    assume(name)
    written = words(name, charset, codec, piece_bytes=piece_bytes, encoding=encoding)

    assert found(f'attachment; filename="{written}"') == name
    assert found(f"attachment; filename={written}") == name
    assert found("attachment", f'application/msword; name="{written}"') == name


@each_charset
@settings(max_examples=60, deadline=None)
@given(name=NAMES, piece=st.integers(1, 60))
def test_name_by_rfc_2231_comes_back(charset: str, codec: str, name: str, piece: int) -> None:
    assume(name)
    whole = quote(name.encode(codec), safe="")

    assert found(f"attachment; filename*={charset}''{whole}") == name
    assert found(f"attachment; {continued(name, charset, codec, piece=piece)}") == name
    assert found(f"attachment; filename=\"??.docx\"; filename*={charset}'zh-cn'{whole}") == name


@settings(max_examples=60, deadline=None)
@given(name=NAMES)
def test_decomposed_name_comes_back_composed(name: str) -> None:
    assume(name)
    decomposed = unicodedata.normalize("NFD", name)

    assert found(f"attachment; filename*=utf-8''{quote(decomposed)}") == stored(name)


@settings(max_examples=60, deadline=None)
@given(stem=st.text(st.sampled_from(COMMON), min_size=2, max_size=30), number=st.integers(1, 99))
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_name_in_raw_bytes_comes_back(
    codec: str, stem: str, number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = f"{stem}（{number}）.docx"

    assert _read_in_raw_bytes(name, codec, tmp_path_factory.mktemp("raw")) == [name]


@settings(max_examples=30, deadline=None)
@given(stem=st.text(st.sampled_from(TRADITIONAL), min_size=4, max_size=30))
def test_traditional_name_in_raw_big5_comes_back(stem: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    name = f"社區{stem}.docx"

    assert _read_in_raw_bytes(name, "big5hkscs", tmp_path_factory.mktemp("raw")) == [name]


def _read_in_raw_bytes(name: str, codec: str, folder: Path) -> list[str]:
    fields = b'From: a@b.cn\nContent-Type: application/msword\nContent-Disposition: attachment; filename="'
    read = read_raw(headed(fields + name.encode(codec) + b'"', b"x"), folder)
    return [member.name for member in read.members]


def two_files(first: str, second: str) -> bytes:
    part = "--b\r\nContent-Type: image/jpeg{}\r\n\r\n{}\r\n"
    body = part.format(first, "one") + part.format(second, "two") + "--b--\r\n"
    return headed("From: a@b.cn\nContent-Type: multipart/mixed; boundary=b", body)


@pytest.mark.parametrize("name", ['; name="IMG_0001.jpg"', ""], ids=["same name", "no name"])
def test_two_files_of_one_name_or_none_are_two(name: str, tmp_path: Path) -> None:
    read = read_raw(two_files(name, name), tmp_path)

    given_name = "IMG_0001.jpg" if name else ""
    assert read.files == [(given_name, b"one"), (given_name, b"two")]
    assert [member.locator for member in read.members] == ["1", "2"]
    assert len({member.stored_as for member in read.members}) == 2


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../../etc/cron.d/案例.docx", "案例.docx"),
        ("C:\\\\Users\\\\lin\\\\案例.docx", "案例.docx"),
        ("/tmp/案例.docx\x00.exe", "案例.docx.exe"),
        ("案例.docx/", ""),
        ("CON", "CON"),
        ("案例\u202excod.exe", "案例xcod.exe"),
        ("....", ""),
        ("  案例 .docx . ", "案例 .docx"),
        ("案例\r\n\t定稿.docx", "案例 定稿.docx"),
    ],
)  # fmt: skip
def test_name_that_means_to_be_a_path_is_only_a_name(written: str, name: str, tmp_path: Path) -> None:
    assert found(f"attachment; filename*=utf-8''{quote(written.encode())}") == name
