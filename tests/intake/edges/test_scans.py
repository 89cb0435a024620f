"""A scan is read once more with a recogniser: under limits of its own, and never to the file's harm."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from intake.edges.executors import scans
from intake.edges.executors.scans import SCAN_PAGES, SCAN_PHOTOS, read_again_if_scan, scan_limits, with_page_words
from intake.errors import ReaderLostError
from parsers.documents.ocr.launch import read_scan_apart
from parsers.facts import (
    Block,
    DocumentFacts,
    Format,
    Member,
    PhotoFacts,
    Problem,
    ProblemCode,
    Reading,
)
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.text.document_facts import build_document_facts

RECOGNISED = build_document_facts([Block(text="字" * 400)], counts_reason="ocr").model_copy(update={"ocr": True})
PICTURE = Member(locator="page 1", name="", stored_as="p", size_bytes=9, sha256="b" * 64, origin="embedded")
PAGE = PhotoFacts(kind="jpeg", width_px=1240, height_px=1754, colours=20, grey_grid="f0e6" * 128)
SCENE = PAGE.model_copy(update={"grey_grid": "10c0" * 128})


class Recogniser:
    """An executor whose reader answers every scan alike, or is lost."""

    def __init__(self, answer: Reading | ReaderLostError | None) -> None:
        self._answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def submit(self, task: Callable[..., Any], /, *args: object, limits: Limits) -> Future[Any]:
        self.asked.append((task, *args, limits))
        future: Future[Any] = Future()
        if isinstance(self._answer, ReaderLostError):
            future.set_exception(self._answer)
        else:
            future.set_result(self._answer)
        return future

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: True)


def reading(code: ProblemCode | None, kind: Format = "pdf", **facts: Any) -> Reading:
    problem = Problem(code=code) if code is not None else None
    return Reading(reader="test/1", format=kind, sha256="a" * 64, size_bytes=9, problem=problem, **facts)


def recognised(document: DocumentFacts = RECOGNISED) -> Reading:
    return reading(None, document=document).model_copy(update={"reader": "ocr/1"})


NOTHING_FOUND = reading("no_text", document=DocumentFacts())


def again(found: Reading, recogniser: Recogniser) -> Reading:
    return read_again_if_scan(found, Path("scan.pdf"), executor=recogniser, limits=DEFAULT_LIMITS)


def test_a_scan_becomes_the_text_recognised_on_it_and_its_pages_are_no_pictures() -> None:
    scan = reading("no_text", document=DocumentFacts(pictures=2, pages=2), members=(PICTURE,))

    assert again(scan, Recogniser(recognised())) == recognised()


def test_a_text_in_unknown_characters_keeps_its_pictures() -> None:
    garbled = reading("garbled_text", document=DocumentFacts(pictures=1), members=(PICTURE,))

    found = again(garbled, Recogniser(recognised()))

    assert found.document == RECOGNISED.model_copy(update={"pictures": 1})
    assert found.members == (PICTURE,)


@pytest.mark.parametrize(
    "answer",
    [NOTHING_FOUND, None, ReaderLostError("killed", timed_out=True)],
    ids=["nothing found", "crashed", "killed"],
)
def test_a_recogniser_that_gives_nothing_changes_nothing(answer: Reading | ReaderLostError | None) -> None:
    scan = reading("no_text")

    assert again(scan, Recogniser(answer)) == scan


@pytest.mark.parametrize(
    "found",
    [
        reading(None, document=RECOGNISED),
        reading("encrypted"),
        reading("damaged"),
        reading("no_text", "docx"),
        reading(None, "image", photo=PAGE),
    ],
)
def test_what_is_no_scan_is_not_recognised(found: Reading) -> None:
    recogniser = Recogniser(recognised())

    assert again(found, recogniser) == found
    assert recogniser.asked == []


def test_without_the_extra_a_scan_stays_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    recogniser = Recogniser(recognised())
    photos = [(reading(None, "image", photo=PAGE), Path("1.jpg"))]

    assert again(reading("no_text"), recogniser) == reading("no_text")
    assert with_page_words(photos, executor=recogniser, limits=DEFAULT_LIMITS) == (photos[0][0],)
    assert recogniser.asked == []


def test_a_recogniser_has_more_time_and_memory_than_a_reader_and_fewer_pages() -> None:
    recogniser = Recogniser(recognised())

    again(reading("no_text"), recogniser)

    allowed = DEFAULT_LIMITS.model_copy(
        update={"pages": SCAN_PAGES, "wall_seconds": 180.0, "cpu_seconds": 180, "memory_bytes": 6_000_000_000}
    )
    assert recogniser.asked == [(read_scan_apart, Path("scan.pdf"), allowed, allowed)]
    assert scan_limits(Limits(pages=3)).pages == 3


def test_pictures_that_look_like_pages_get_their_words_and_stay_photos() -> None:
    photos = [
        (reading(None, "image", photo=SCENE), Path("1.jpg")),
        (reading(None, "image", photo=PAGE), Path("2.jpg")),
        (reading("damaged", "image"), Path("3.jpg")),
    ]
    recogniser = Recogniser(recognised())

    found = with_page_words(photos, executor=recogniser, limits=DEFAULT_LIMITS)

    assert found == (
        photos[0][0],
        reading(None, "image", photo=PAGE.model_copy(update={"page_words": 400})),
        photos[2][0],
    )
    assert [asked[1] for asked in recogniser.asked] == [Path("2.jpg")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(NOTHING_FOUND, 0), (None, None), (ReaderLostError("killed", timed_out=False), None)],
    ids=["no text", "crashed", "killed"],
)
def test_only_a_picture_that_was_looked_at_has_no_words(
    answer: Reading | ReaderLostError | None, words: int | None
) -> None:
    photos = [(reading(None, "image", photo=PAGE), Path("1.jpg"))]

    (found,) = with_page_words(photos, executor=Recogniser(answer), limits=DEFAULT_LIMITS)

    assert found.photo == PAGE.model_copy(update={"page_words": words})


def test_only_so_many_pictures_of_a_letter_are_looked_at() -> None:
    photos = [(reading(None, "image", photo=PAGE), Path(f"{n}.jpg")) for n in range(SCAN_PHOTOS + 5)]
    recogniser = Recogniser(None)

    with_page_words(photos, executor=recogniser, limits=DEFAULT_LIMITS)

    assert len(recogniser.asked) == SCAN_PHOTOS
