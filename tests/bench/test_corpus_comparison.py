"""The comparison with other readers: what counts as a difference, and what is said where there is nothing to compare."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus.__main__ import main
from bench.corpus.compare import Difference, differences, recall
from bench.corpus.index import CorpusFile, corpus_files, explained
from bench.corpus.ours import Told
from parsers.facts import ArchiveFacts, Block, DocumentFacts, LetterFacts, PhotoFacts, Problem, Reading

TEXT = "党员楼长带头参加议事会，居民意见当场登记，次日回复。"


def told(kind: str, *, note: str = "", members: tuple[Reading, ...] = (), **facts: object) -> Told:
    reading = Reading.model_validate(
        {"reader": "test/1", "format": "other", "sha256": "0" * 64, "size_bytes": 1, **facts}
    )
    file = CorpusFile(f"{kind}/a", Path("a"), note)
    return Told(file, reading, members, tuple(f"m{n}" for n in range(len(members))), seconds=0.1)


def document(text: str) -> DocumentFacts:
    return DocumentFacts(blocks=(Block(text=text),))


@pytest.mark.parametrize(
    ("ours", "share"),
    [
        (TEXT, 1.0),
        (" ".join(TEXT), 1.0),  # marks and spaces are a matter of layout
        ("一、" + TEXT + "附：签到表", 1.0),  # more is no loss
        (TEXT[:12], 11 / 23),
        ("", 0.0),
    ],
)
def test_recall_is_the_share_of_the_other_s_letters(ours: str, share: float) -> None:
    assert recall(TEXT, ours) == share


def test_recall_of_a_few_letters_says_nothing() -> None:
    assert recall("第3页", "") is None


def test_a_text_that_is_all_there_is_no_difference() -> None:
    assert list(differences(told("docx", document=document(TEXT)), TEXT, None)) == []


def test_text_that_is_missing_is_a_difference() -> None:
    assert list(differences(told("docx", document=document(TEXT[:5])), TEXT, None)) == [
        Difference("docx/a", "21.7% of the other's text")
    ]


def test_a_file_only_others_can_read_is_a_difference() -> None:
    unread = told("doc", problem=Problem(code="unsupported_format"))

    assert list(differences(unread, f"{TEXT} {TEXT}", None)) == [
        Difference("doc/a", "others read 2 words, ours: unsupported_format")
    ]


def test_a_reader_that_failed_inside_an_archive_is_said_first() -> None:
    inside = told("image", problem=Problem(code="killed")).reading

    assert list(differences(told("archive", archive=ArchiveFacts(kind="zip"), members=(inside,)), None, None)) == [
        Difference("archive/a", "our reader failed: inside it")
    ]


@pytest.mark.parametrize(
    ("note", "width_px", "height_px", "found"),
    [
        ("JPEG 640x480 GPS NIKON", 640, 480, []),
        ("JPEG 1200x1800 orient=8", 1800, 1200, []),
        ("JPEG 1200x1800 orient=3", 1200, 1800, []),
        ("JPEG 640x480", 64, 48, [Difference("image/a", "shown 640x480, ours 64x48")]),
        ("", 1, 1, []),
    ],
)
def test_pictures_are_compared_as_they_are_shown(
    note: str, width_px: int, height_px: int, found: list[Difference]
) -> None:
    photo = PhotoFacts(kind="jpeg", width_px=width_px, height_px=height_px)

    assert list(differences(told("image", note=note, photo=photo), None, None)) == found


def test_entries_left_out_on_purpose_are_not_missed() -> None:
    members = (told("image", photo=PhotoFacts(kind="png", width_px=1, height_px=1)).reading,)
    archive = ArchiveFacts(kind="zip", skipped=("__MACOSX/",))

    assert list(differences(told("archive", note="zip n=2 unc=6", archive=archive, members=members), None, None)) == []
    assert list(differences(told("archive", note="zip n=3 unc=6", archive=archive, members=members), None, None)) == [
        Difference("archive/a", "3 entries, ours 2 (1 left out on purpose)")
    ]


def test_a_file_known_to_be_encrypted_must_be_called_so() -> None:
    damaged = told("pdf", note="needs-password pages=", problem=Problem(code="damaged"))

    assert list(differences(damaged, None, None)) == [Difference("pdf/a", "noted as encrypted, ours: damaged")]


def test_subjects_are_compared_as_words() -> None:
    letter = told("email", letter=LetterFacts(subject="案例  报送"))

    assert list(differences(letter, None, ("案例 报送", 0))) == []
    assert list(differences(letter, None, ("案例", 0))) == [Difference("email/a", "subject: '案例', ours '案例 报送'")]


def test_an_absent_collection_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--corpus", str(tmp_path / "nowhere")]) == 0

    assert capsys.readouterr().out.startswith("0 of 1,370 checked: the collection is not here")


def test_every_explanation_is_of_a_file_of_the_collection_and_says_something() -> None:
    corpus = Path(__file__).resolve().parents[3] / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip("the collection of public test files is not here")
    names = {file.name for file in corpus_files(corpus)}

    assert {file for file, why in explained().items() if file not in names or len(why) < 15} == set()
