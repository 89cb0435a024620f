"""Letters of other people's test suites: no exception, no hang, and what stands in them read as the bytes say."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import Future
from pathlib import Path

import pytest
from pebble import ProcessPool

from parsers.errors import ParserError
from parsers.facts import Reading
from parsers.letter import read_letter
from parsers.limits import DEFAULT_LIMITS
from tests.parsers.letter.test_letter_equality import leaves, standard_leaves

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")

BETTER_THAN_STANDARD = {
    "MimeKit__issue1189-summary.txt": "a folded list of types",
    "MimeKit__jwz-summary.txt": "a folded list of types",
    "enmime__mime-bad-content-transfer-encoding.raw": "text under a false base64 label keeps its line ends",
    "enmime__mime-blank-media-name.raw": "no semicolon after the type",
    "james-mime4j__multi-clen.msg": "boundary written otherwise than announced",
    "james-mime4j__multi-digest.msg": "boundary written otherwise than announced",
    "james-mime4j__twopart.msg": "base64 with one odd character at its end is decoded, not given back",
    "mail-mime-parser__m0021.txt": "boundary written otherwise than announced",
    "mail-parser__017.eml": "no semicolon before the boundary",
    "mail-parser__thirdparty~003.eml": "space after the name of the encoding",
}
"""Letters read otherwise than the standard library does, on purpose, and why."""

BYTES_WITHOUT_ANSWER = {
    "django-mailbox__email_issue_82.eml",
    "django-mailbox__message_with_single_byte_extended_subject_encoding.eml",
    "flanker__broken-headers.eml",
    "flanker__mailformed-headers.eml",
    "flanker__outlook-express.eml",
    "flanker__russian-attachment-yahoo.eml",
    "mail-mime-parser__github-102-02.txt",
    "php-imap__imap_mime_header_decode_returns_false.eml",
    "php-mime-mail-parser__issue149",
}
"""U+FFFD is right here: the file itself holds it, is cut inside a character, or names no charset for Western bytes."""


def corpus(every: int = 1) -> list[Path]:
    paths = [path for name in ("email", "email_dsn") for path in sorted((CORPUS / name).glob("*"))]
    return paths[::every]


def read_apart(path: Path, job: Path) -> Reading | str:
    """In a process of its own: the reading, or the code of the named problem."""
    try:
        return read_letter(path, job, DEFAULT_LIMITS)
    except ParserError as error:
        return error.code


def test_every_letter_is_read_without_exception_or_hang(tmp_path: Path) -> None:
    paths = corpus()
    jobs = [tmp_path / str(number) for number in range(len(paths))]
    for job in jobs:
        job.mkdir()

    with ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn")) as pool:
        tasks: list[Future[Reading | str]] = [
            pool.schedule(read_apart, args=[path, job], timeout=30) for path, job in zip(paths, jobs, strict=True)
        ]
        readings = {path.name: task.result() for path, task in zip(paths, tasks, strict=True)}

    broken = {
        name
        for name, reading in readings.items()
        if isinstance(reading, Reading) and "\ufffd" in json.dumps(reading.model_dump(mode="json"), ensure_ascii=False)
    }
    assert {name: reading for name, reading in readings.items() if isinstance(reading, str)} == {}
    assert {name for name, reading in readings.items() if isinstance(reading, Reading) and reading.problem} == set()
    assert broken <= BYTES_WITHOUT_ANSWER


def test_leaves_equal_the_standard_parse_byte_for_byte(tmp_path: Path) -> None:
    different = set()
    for path in corpus():
        raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        if leaves(raw, tmp_path)[1] != standard_leaves(raw):
            different.add(path.name)

    assert different == set(BETTER_THAN_STANDARD)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("mail__japanese.eml", "まみむめも"),
        ("flanker__bilingual-simple.eml", "Simple text. How are you? Как ты поживаешь?"),
        ("mail__raw_email_with_partially_quoted_subject.eml", 'Re: Test: "漢字" mid "漢字" tail'),
        ("flanker__zed.eml", "Undelivered Mail Returned to Sender"),
    ],
)
def test_subject_is_what_its_bytes_say(name: str, subject: str, tmp_path: Path) -> None:
    reading = read_apart(CORPUS / "email" / name, tmp_path)

    assert isinstance(reading, Reading)
    assert reading.letter is not None
    assert reading.letter.subject == subject


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("mail__japanese_attachment_long_name.eml", ["かきくけこ" * 5 + ".txt"]),
        ("james-mime4j__attachment-filename-encoding-UTF8.msg", ["attachment.äöü"]),
        ("php-imap__issue-414.eml", ["MyFile.txt", "foo"]),
        ("mail-mime-parser__m4008.txt", ["nsmailEG.png", "nsmail39.png", "redball.png", "greenball.png"]),
    ],
)
def test_file_names_are_what_their_bytes_say(name: str, files: list[str], tmp_path: Path) -> None:
    reading = read_apart(CORPUS / "email" / name, tmp_path)

    assert isinstance(reading, Reading)
    assert [member.name for member in reading.members] == files
