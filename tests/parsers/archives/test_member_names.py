"""Names in archives: the charset of all of them together, and paths without tricks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.archives.member_names import choose_charset, split_path, unicode_path
from tests.parsers.archives.zip_files import unicode_extra

SIMPLIFIED = ["金安社区/小网格托起大民生.docx", "金安社区/照片1.jpg", "报名表（盖章）.pdf"]
TRADITIONAL = ["金安社區/小網格托起大民生.docx", "附件/活動照片1.jpg"]
JAPANESE = ["表だよ/一覧表.txt", "表だよ/漢字.txt"]


@pytest.mark.parametrize(
    ("names", "written", "chosen"),
    [
        (["case.docx", "photos/1.jpg"], "ascii", "utf-8"),
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (["镕喆珺赟㐂.docx"], "gb18030", "gb18030"),
        (["一"], "gbk", "gb18030"),
        (["照片.jpg"], "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gbk", "gb18030"),
        (JAPANESE, "cp932", "cp932"),
        (["File 2 - ö.txt", "Übersicht.pdf"], "cp437", "cp437"),
        (["Éte.txt"], "utf-8", "utf-8"),
    ],
)
def test_a_charset_is_chosen_for_all_names_together(names: list[str], written: str, chosen: str) -> None:
    raw = [name.encode(written) for name in names]

    assert choose_charset(raw) == chosen


@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4), min_size=1))
def test_utf8_names_are_always_known(names: list[str]) -> None:
    assert choose_charset([name.encode() for name in names]) == "utf-8"


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_some_charset_reads_any_bytes(names: list[bytes]) -> None:
    charset = choose_charset(names)

    assert [name.decode(charset).encode(charset, "replace") is not None for name in names] == [True] * len(names)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("案例.docx", ("", "案例.docx")),
        ("金安社区/材料/案例.docx", ("金安社区/材料", "案例.docx")),
        ("金安社区\\案例.docx", ("金安社区", "案例.docx")),
        ("../../etc/passwd", ("etc", "passwd")),
        ("/etc/passwd", ("etc", "passwd")),
        ("C:\\Windows\\案例.docx", ("Windows", "案例.docx")),
        ("C:案例.docx", ("", "案例.docx")),
        ("//server/share/案例.docx", ("server/share", "案例.docx")),
        ("a/./b/../案例.docx", ("a/b", "案例.docx")),
        ("案例\u202excod.exe", ("", "案例xcod.exe")),
        ("案\x00例\n.docx", ("", "案例.docx")),
        (" 案例.docx ", ("", "案例.docx")),
        ("a/..", ("a", "")),
        ("", ("", "")),
        ("CON.docx", ("", "_CON.docx")),
        ("com1", ("", "_com1")),
        ("控制台.docx", ("", "控制台.docx")),
        ("案" * 65_000 + ".docx", ("", "案" * 195 + ".docx")),
        ("案" * 300, ("", "案" * 200)),
        ("夹/" * 2_000 + "a", (("夹/" * 2_000)[:1_000], "a")),
        (unicodedata.normalize("NFD", "Café/가.txt"), ("Café", "가.txt")),
    ],
)
def test_a_path_loses_its_tricks(path: str, parts: tuple[str, str]) -> None:
    assert split_path(path) == parts


@given(st.text())
def test_no_path_leads_up_or_out(path: str) -> None:
    folder, name = split_path(path)

    steps = [*folder.split("/"), name]
    assert ".." not in steps
    assert not folder.startswith("/")
    assert not {"/", "\\", "\0"} & set(name)


def test_a_unicode_path_counts_while_its_checksum_fits() -> None:
    raw = "案例.docx".encode("gbk")
    other = b"\x0a\x00\x04\x00abcd"

    assert unicode_path(other + unicode_extra(raw, "案例①.docx"), raw) == "案例①.docx"
    assert unicode_path(unicode_extra(raw, "别的.docx", crc=1), raw) is None
    assert unicode_path(unicode_extra(raw, "别的.docx", crc=1) + unicode_extra(raw, "案例.docx"), raw) == "案例.docx"
    assert unicode_path(unicode_extra(raw, "案例.docx")[:9], raw) is None
    assert unicode_path(b"", raw) is None
