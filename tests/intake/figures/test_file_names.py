"""Names of exported files: what strangers call their files, as Windows takes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.figures.file_names import PART_BYTES, numbered, safe_name

FORBIDDEN = set('<>:"/\\|?*#%') | {chr(code) for code in range(32)}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("案例.docx", "案例.docx"),
        ("CON", "_CON"),
        ("con.docx", "_con.docx"),
        ("com1.txt", "_com1.txt"),
        ("LPT¹.jpg", "_LPT¹.jpg"),
        ("Console.docx", "Console.docx"),
        ("结尾有点...", "结尾有点"),
        ("  空格 \t 很多 .docx", "空格 很多 .docx"),
        ('一:二"三"?*<>|.docx', "一：二”三”？＊〈〉｜.docx"),
        ("../../etc/passwd", "／..／etc／passwd"),
        ("..", "未命名"),
        ("", "未命名"),
        ("\x00\x07", "未命名"),
        ("进度100%#1.jpg", "进度100％＃1.jpg"),
        ("~$案例.docx", "$案例.docx"),
        ("cod.\u202eexe.docx", "cod.exe.docx"),
        ("照片.jpg.exe", "照片.jpg.exe.不要打开"),
        ("说明.LNK", "说明.LNK.不要打开"),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_a_name_becomes_one_that_windows_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_between_characters_and_keeps_its_ending() -> None:
    cut = safe_name(f"{'长' * 300}.docx", 60)

    assert cut == f"{'长' * 17}….docx"
    assert len(cut.encode()) <= 60


@given(st.text(max_size=300))
def test_any_name_is_safe_and_stays_as_it_is_when_asked_again(name: str) -> None:
    safe = safe_name(name)

    assert 0 < len(safe.encode()) <= PART_BYTES + 1
    assert not FORBIDDEN & set(safe)
    assert (safe[0] != " ", safe[-1] not in " .") == (True, True)
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("1.jpg", (), "1.jpg"),
        ("1.jpg", ("1.JPG",), "1(2).jpg"),
        ("1.JPG", ("1.jpg",), "1(2).JPG"),
        ("1.jpg", ("1.jpg", "1(2).jpg"), "1(3).jpg"),
        ("a.exe.不要打开", ("a.exe.不要打开",), "a(2).exe.不要打开"),
        ("没有后缀", ("没有后缀",), "没有后缀(2)"),
    ],
)
def test_a_taken_name_gets_a_number_before_its_ending(name: str, taken: tuple[str, ...], free: str) -> None:
    assert numbered(name, taken) == free
