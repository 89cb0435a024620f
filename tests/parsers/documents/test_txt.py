"""A text file is read line by line, in the charset it was saved in."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.documents.txt import read_txt
from parsers.errors import LimitError
from parsers.facts import Block, Measure
from parsers.limits import DEFAULT_LIMITS, Limits

CASE = (
    "小网格托起大民生\r\n\r\n一、背景与起因\r\n金安社区建成二十余年，停车难、环境差。\r\n"
    "二、做法与经过\r\n“小网格”议事，居民自己定。\r\n"
)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_case_is_read_whole_in_any_charset(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "案例.txt"
    path.write_bytes(CASE.encode(charset))

    reading = read_txt(path, tmp_path, DEFAULT_LIMITS)

    assert (reading.format, reading.reader, reading.problem, reading.members) == ("txt", "txt/2", None, ())
    assert reading.document is not None
    assert reading.document.blocks == tuple(Block(text=line) for line in CASE.split("\r\n") if line)
    assert reading.document.title == "小网格托起大民生"
    assert [(heading.title, heading.words) for heading in reading.document.headings] == [
        ("背景与起因", 19),
        ("做法与经过", 14),
    ]
    assert reading.document.counts["main"].words == Measure.exact(55)


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"", "empty"), (b" \r\n\t\n", "empty"), (b"\xff\x80" * 40, "garbled_text"), ("好".encode(), None)],
)
def test_file_without_readable_text_is_named(tmp_path: Path, data: bytes, problem: str | None) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)

    reading = read_txt(path, tmp_path, DEFAULT_LIMITS)

    assert (reading.problem.code if reading.problem else None) == problem


@pytest.mark.parametrize("limits", [Limits(file_bytes=5), Limits(text_characters=2)])
def test_text_beyond_its_limits_is_refused(tmp_path: Path, limits: Limits) -> None:
    path = tmp_path / "a.txt"
    path.write_text("三个字", encoding="utf-8")

    with pytest.raises(LimitError):
        read_txt(path, tmp_path, limits)
