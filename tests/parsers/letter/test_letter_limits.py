"""Letters that ask for too much are read as far as they may be, and named; never an exception, never a hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import ParserError
from parsers.facts import Problem
from parsers.letter import read_letter
from parsers.limits import DEFAULT_LIMITS, Limits
from tests.letter_reading import Read, headed, read_raw
from tests.letters import Draft, File, qq_mail


def detail(read: Read) -> str:
    assert read.reading.problem is not None
    assert read.reading.problem.code == "over_limit"
    return read.reading.problem.detail


FILES = tuple(File(f"{number}.bin", bytes(1000)) for number in range(5))


def test_letter_at_its_limits_has_no_problem(tmp_path: Path) -> None:
    raw = qq_mail(Draft(files=FILES))
    limits = Limits(members=5, members_bytes=5000, file_bytes=len(raw))

    read = read_raw(raw, tmp_path, limits=limits)

    assert read.reading.problem is None
    assert len(read.members) == 5


def test_letter_with_too_many_files_keeps_the_first_and_says_so(tmp_path: Path) -> None:
    read = read_raw(qq_mail(Draft(files=FILES)), tmp_path, limits=Limits(members=4))

    assert detail(read) == "more than 4 files"
    assert [member.name for member in read.members] == ["0.bin", "1.bin", "2.bin", "3.bin"]
    assert read.letter.subject == "案例征集报送"


def test_letter_with_too_many_bytes_keeps_whole_files_only(tmp_path: Path) -> None:
    read = read_raw(qq_mail(Draft(files=FILES)), tmp_path, limits=Limits(members_bytes=2999))

    assert detail(read) == "more than 2999 bytes of files"
    assert [member.size_bytes for member in read.members] == [1000, 1000]
    assert sorted(path.name for path in read.job.iterdir()) == sorted(member.stored_as for member in read.members)


def test_letter_too_large_to_open_still_says_who_wrote_and_about_what(tmp_path: Path) -> None:
    raw = qq_mail(Draft(files=FILES))

    read = read_raw(raw, tmp_path, limits=Limits(file_bytes=len(raw) - 1))

    assert detail(read) == f"{len(raw)} bytes; the limit is {len(raw) - 1}"
    assert (read.letter.subject, read.letter.sender is not None, read.letter.text) == ("案例征集报送", True, "")
    assert read.members == ()


def test_hundred_thousand_parts_are_read_as_far_as_members_allow(tmp_path: Path) -> None:
    part = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n"

    read = read_raw(
        headed("Content-Type: multipart/mixed; boundary=b") + part * 100_000, tmp_path, limits=Limits(members=20)
    )

    assert detail(read) == "more than 180 parts; more than 20 files"
    assert len(read.members) == 20


@pytest.mark.parametrize("levels", [61, 300_000])
def test_parts_nested_too_deep_end_in_a_named_problem(levels: int, tmp_path: Path) -> None:
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (level, level) for level in range(levels)
    )

    read = read_raw(b"Subject: x\r\n" + raw, tmp_path)

    assert detail(read).startswith("parts nested deeper than 60")
    assert read.letter.subject == "x"


def test_multiparts_without_boundaries_nested_deep_are_not_followed_for_ever(tmp_path: Path) -> None:
    raw = b"".join(b"Content-Type: multipart/mixed\r\n\r\n--%d\r\n" % level for level in range(3000))

    read = read_raw(b"Subject: x\r\n" + raw, tmp_path)

    assert read.letter.subject == "x"


def test_letters_inside_letters_end_in_a_named_problem(tmp_path: Path) -> None:
    read = read_raw(b"Subject: x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 500, tmp_path)

    assert detail(read) == "parts nested deeper than 60"


def test_more_text_than_a_skeleton_holds_is_cut_and_named(tmp_path: Path) -> None:
    read = read_raw(headed("Subject: x", "--b\r\n" * 2_000_000), tmp_path, limits=Limits(text_characters=1000))

    assert detail(read) == "more than 8388608 bytes of headers and text"
    assert len(read.letter.text) <= 1000


def test_long_text_is_cut_at_the_limit(tmp_path: Path) -> None:
    read = read_raw(
        headed("Content-Type: text/plain; charset=utf-8", "案" * 500_000),
        tmp_path,
        limits=Limits(text_characters=400_000),
    )

    assert read.letter.text == "案" * 400_000
    assert read.reading.problem is None


@pytest.mark.parametrize(
    "fields",
    [
        b"Subject: " + b"x" * 3_000_000,
        b"Subject: " + b"=?a?b?" * 60_000,
        b"To: " + b"<a@b" * 60_000,
        b"Cc: " + b"((" * 100_000 + b'"' * 100_000,
        b"References: " + b"<a@b> " * 60_000,
        b"Content-Type: image/png; name=" + b';a="x' * 60_000,
        b"Content-Disposition: attachment; " + b"filename*0*=%41;" * 60_000,
        b"X-A: y\r\n" * 60_000,
    ],
    ids=["long", "words", "brackets", "comments", "references", "parameters", "sections", "many"],
)  # fmt: skip
def test_hostile_headers_are_read_in_bounded_time(fields: bytes, tmp_path: Path) -> None:
    read = read_raw(b"From: a@b.cn\r\n" + fields + b"\r\n\r\nbody", tmp_path)

    assert read.letter.sender is not None
    assert read.letter.sender.address == "a@b.cn"


def test_empty_file_is_a_named_problem(tmp_path: Path) -> None:
    with pytest.raises(ParserError) as raised:
        read_raw(b"", tmp_path)

    assert raised.value.code == "empty"


def test_missing_job_folder_is_our_trouble(tmp_path: Path) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(qq_mail(Draft(files=FILES)))

    with pytest.raises(ParserError) as raised:
        read_letter(path, tmp_path / "absent", DEFAULT_LIMITS)

    assert raised.value.code == "reader_failed"
    assert Problem(code=raised.value.code) == Problem(code="reader_failed")


def test_texts_of_many_parts_together_are_bounded(tmp_path: Path) -> None:
    part = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "案" * 900 + "\r\n"

    read = read_raw(
        headed("Content-Type: multipart/mixed; boundary=b", part * 50), tmp_path, limits=Limits(text_characters=1000)
    )

    assert len(read.letter.text) == 1000
    assert read.reading.problem is None
