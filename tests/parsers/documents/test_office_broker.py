"""A reader that is shut in has a file converted by the process outside; what it could ask for besides is not heard."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parsers.documents import doc_header, rtf, word_xml, works
from parsers.documents.office import ConversionError, OfficeProgram, asking, converted_to_docx
from parsers.documents.office.broker import MOST_CONVERSIONS, Broker
from parsers.documents.office.wire import KINDS
from parsers.errors import LimitError, ParserError
from parsers.limits import DEFAULT_LIMITS, Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stand-in is a shell script in its cage")

SMALL = Limits(file_bytes=100_000)
UPPER_CASE = "mkdir -p converted; tr a-z A-Z < document.doc > converted/document.docx"
"""A stand-in for the office program: what it converts is told by its content."""


class Desk:
    """A broker at work beside the reader's folder, and the reader's end of its link."""

    def __init__(self, folder: Path, script: str, limits: Limits) -> None:
        self.outside, self.job = folder / "outside", folder / "job"
        self.source = folder / "case.doc"
        self.source.write_bytes(b"a case")
        executable = folder / "office" / "program" / "soffice.bin"
        for made in (self.outside, self.job, executable.parent):
            made.mkdir(parents=True)
        executable.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        executable.chmod(0o755)
        self.office = OfficeProgram(executable, executable.parent.parent, "0")
        self.ours, self.theirs = socket.socketpair()
        self._broker = Broker(self.office, self.outside, limits)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def convert(self, limits: Limits = SMALL, *, suffix: str = ".doc", import_filter: str = "MS Word 97") -> bytes:
        asked = converted_to_docx(
            self.source, self.office, suffix=suffix, import_filter=import_filter, job=self.job, limits=limits
        )
        with asked as converted:
            return converted.read_bytes()

    def answer_to(self, raw: bytes) -> bytes:
        """All that comes back for `raw` until nothing more does."""
        with contextlib.suppress(ConnectionError):  # hung up on
            self.theirs.sendall(raw)
            self.theirs.shutdown(socket.SHUT_WR)
        said = b""
        with contextlib.suppress(ConnectionError):
            while more := self.theirs.recv(1 << 16):
                said += more
        return said

    def close(self) -> None:
        self.theirs.close()
        self._thread.join()

    def _serve(self) -> None:
        with self.ours:
            while self._broker.serve(self.ours):
                pass


MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    desks: list[Desk] = []

    def make(script: str = UPPER_CASE, limits: Limits = SMALL) -> Desk:
        desks.append(Desk(tmp_path, script, limits))
        asking.ask_over(desks[0].theirs)
        return desks[0]

    yield make
    asking.ask_over(None)
    for each in desks:
        each.close()
        assert list(each.outside.iterdir()) == []
        assert list(each.job.iterdir()) == []


def request(kind: int, content: bytes, *, size_bytes: int | None = None) -> bytes:
    return struct.pack(">BQ", kind, len(content) if size_bytes is None else size_bytes) + content


def test_a_file_comes_back_converted_and_nothing_is_left(desk: MakeDesk) -> None:
    assert desk().convert() == b"A CASE"


def test_every_kind_a_reader_has_converted_is_one_the_broker_knows(desk: MakeDesk) -> None:
    """Those of Word binary files come out of their header; the other readers name theirs."""
    asked: list[tuple[str, str]] = [(".doc", name) for name in ("MS Word 97", *doc_header._IMPORT_FILTERS.values())]
    for reader, name in ((rtf, "read_rtf"), (word_xml, "read_word_xml"), (works, "read_works")):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(reader, "find_office", lambda: desk)
            patched.setattr(
                reader,
                "read_through_office",
                lambda *_, suffix, import_filter, **__: asked.append((suffix, import_filter)),
            )
            getattr(reader, name)(Path(), Path(), DEFAULT_LIMITS)

    assert set(asked) == set(KINDS)


@pytest.mark.parametrize(
    ("script", "why", "detail"),
    [
        ("exit 3", "failed", "LibreOffice 0 ended with status 3"),
        ("true", "refused", "the office program could not load it"),
        ("mkdir -p converted; ln -s /etc/passwd converted/document.docx", "failed", "the office program left no plain file"),
        ("sleep 61.25", "timed_out", "no document after 1 s"),
    ],
)  # fmt: skip
def test_a_conversion_that_fails_is_told_as_it_failed(desk: MakeDesk, script: str, why: str, detail: str) -> None:
    limits = Limits(wall_seconds=1.0 if why == "timed_out" else 60.0)

    with pytest.raises(ConversionError) as caught:
        desk(script, limits).convert()

    assert (caught.value.why, str(caught.value)) == (why, detail)


def test_a_document_beyond_the_limit_is_told_of_and_not_handed_on(desk: MakeDesk) -> None:
    with pytest.raises(LimitError) as caught:
        desk(UPPER_CASE, SMALL).convert(Limits(file_bytes=3))

    assert (caught.value.code, caught.value.detail) == ("over_limit", "converted to 6 bytes")


def test_a_document_the_program_may_not_even_write_is_no_document(desk: MakeDesk) -> None:
    with pytest.raises((LimitError, ConversionError)):
        desk("mkdir -p converted; head -c 3000 /dev/zero > converted/document.docx", Limits(file_bytes=2000)).convert()


def test_no_more_is_converted_than_one_reader_needs(desk: MakeDesk) -> None:
    there = desk()
    for _ in range(MOST_CONVERSIONS):
        there.convert()

    with pytest.raises(ConversionError) as caught:
        there.convert()

    assert caught.value.why == "failed"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        request(len(KINDS), b"a case"),
        request(255, b"a case"),
        request(0, b"", size_bytes=SMALL.file_bytes + 1),
        request(0, b"", size_bytes=2**64 - 1),
        request(0, b"a ca", size_bytes=6),
        b"/etc/passwd --convert-to pdf\n",
    ],
    ids=["nothing", "half a head", "no kind", "no kind at all", "too long", "endless", "cut off", "a command"],
)
def test_what_is_no_request_is_not_answered_and_starts_nothing(
    desk: MakeDesk, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    monkeypatch.setattr("parsers.documents.office.conversion.caged", lambda command, *_, **__: begun.append(command))

    assert desk().answer_to(raw) == b""
    assert begun == []


def test_a_broker_that_hears_everything_is_found_out(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken build: nothing counts how often."""
    monkeypatch.setattr("parsers.documents.office.broker.MOST_CONVERSIONS", 100)
    there = desk()

    assert [there.convert() for _ in range(MOST_CONVERSIONS + 1)] == [b"A CASE"] * (MOST_CONVERSIONS + 1)


def test_a_reader_whose_broker_is_gone_is_told_so(desk: MakeDesk) -> None:
    there = desk()
    there.theirs.shutdown(socket.SHUT_RDWR)

    with pytest.raises((ConversionError, ParserError)) as caught:
        there.convert()

    assert isinstance(caught.value, ConversionError)
