from __future__ import annotations

import pytest

from config.errors import ConfigError
from config.toml_file import key_lines, parse_toml


def test_key_lines_name_every_header_and_key() -> None:
    text = """top = 1
[a]
b = 1
"quoted key" = 2

[[rule]]
id = "x"
[rule.aliases]
甲 = "乙"
"丙" = "丁"
[[rule]]
id = "y"
text = \"\"\"
id = "not a key"
\"\"\"
list = [
    "a = 1",
]
last = 1
"""

    assert key_lines(text) == {
        "top": 1,
        "a": 2,
        "a.b": 3,
        "a.quoted key": 4,
        "rule[1]": 6,
        "rule[1].id": 7,
        "rule[1].aliases": 8,
        "rule[1].aliases.丙": 10,
        "rule[2]": 11,
        "rule[2].id": 12,
        "rule[2].text": 13,
        "rule[2].list": 16,
        "rule[2].last": 19,
    } | {"rule[1].aliases.甲": 9}


def test_line_of_falls_back_to_the_table_around() -> None:
    file = parse_toml(b"[a]\nb = { c = 1 }\nd = [1,\n 2]\n", name="t.toml")

    found = [file.line_of(key) for key in ("a.b.c", "a.x", "a.d[2]", "z")]
    assert found == [2, 1, 3, None]


def test_a_file_from_windows_notepad_is_read() -> None:
    file = parse_toml("\ufeff# 说明\r\n[a]\r\nb = 1\r\n".encode(), name="t.toml")

    assert (dict(file.data), file.lines["a.b"]) == ({"a": {"b": 1}}, 3)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("a = “甲”\n".encode(), "t.toml 第1行：这一行用了全角的引号、等号、逗号或括号。请改为英文（半角）符号"),
        ("a＝1\n".encode(), "t.toml 第1行：这一行用了全角的引号、等号、逗号或括号"),
        ("a = 1\nb = 甲\n".encode(), "t.toml 第2行：等号后面的内容写法不对"),
        (b"a = 1\na = 2\n", "t.toml 第2行：这一项写了两次"),
        (b"a = 1\n[b\n", "t.toml 第2行：这一行的写法不对"),
        ('a = "甲\n'.encode(), "t.toml 第1行："),
        ('# 征集\na = "案例"\n'.encode("gb18030"), "t.toml 第1行：文件不是 UTF-8 编码"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_line(raw: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_toml(raw, name="t.toml")

    assert said in str(refused.value)


def test_every_line_that_is_no_toml_is_named_at_once() -> None:
    raw = "a = “甲”\nb = 1\nc＝2\nd = [\n  3,\n]\ne = 否\n[f]\ng = 2027年3月\n".encode()

    with pytest.raises(ConfigError) as refused:
        parse_toml(raw, name="t.toml")

    assert [(problem.line, problem.problem) for problem in refused.value.problems] == [
        (1, "这一行用了全角的引号、等号、逗号或括号"),
        (3, "这一行用了全角的引号、等号、逗号或括号"),
        (7, "等号后面的内容写法不对"),
        (9, "这一行的写法不对"),
    ]


def test_what_may_come_of_the_first_mistake_is_not_told_as_another() -> None:
    with pytest.raises(ConfigError) as refused:
        parse_toml("a = [\n  1，\n  2,\n]\nb = 否\n".encode(), name="t.toml")

    assert [problem.line for problem in refused.value.problems] == [2]


def test_a_line_that_may_hold_a_password_is_never_repeated() -> None:
    with pytest.raises(ConfigError) as refused:
        parse_toml(b"password = hushhush\n", name="t.toml")

    assert "hushhush" not in str(refused.value)
    assert "hushhush" not in repr(refused.value)
