"""Marked copies: written by us, opened by LibreOffice and python-docx; the text stays as it was."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from parsers.documents.docx import read_docx
from parsers.documents.docx_marking import mark_docx
from parsers.documents.docx_marks import Mark, Marking
from parsers.documents.office import OfficeProgram
from parsers.limits import DEFAULT_LIMITS

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "docx"
AUTHOR = "征集邮箱自动核对"
AT = "2022-12-05T09:00:00Z"


def case(*paragraphs: str, comment: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if comment:
        document.add_comment(document.paragraphs[0].runs, text=comment, author="李主任", initials="李")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def marked(tmp_path: Path, content: bytes, *marks: Mark, name: str = "copy.docx") -> tuple[str, Path]:
    source = tmp_path / f"original-{name}"
    source.write_bytes(content)
    why = mark_docx(source, tmp_path / name, DEFAULT_LIMITS, Marking(AUTHOR, AT, marks))
    return why, tmp_path / name


def facts(path: Path, job: Path):  # type: ignore[no-untyped-def]  # one line for every test
    job.mkdir(exist_ok=True)
    return read_docx(path, job, DEFAULT_LIMITS).document


def test_copy_says_the_same_and_carries_comments_that_are_not_counted_as_peoples(tmp_path: Path) -> None:
    content = case("一、背景", "二、做法", comment="请核对")

    why, copy = marked(tmp_path, content, Mark("此处补写", 1, "二、做法"))

    found = facts(copy, tmp_path / "job")
    assert why == ""
    assert [block.text for block in found.blocks] == ["一、背景", "二、做法"]
    assert (found.comments, found.own_comments) == (1, 1)


def test_everything_but_text_and_comments_is_copied_byte_for_byte(tmp_path: Path) -> None:
    content = case("一、背景")

    _, copy = marked(tmp_path, content, Mark("补写", 0, "一、背景"))

    before, after = zipfile.ZipFile(io.BytesIO(content)), zipfile.ZipFile(copy)
    changed = {
        name for name in after.namelist() if name not in before.namelist() or before.read(name) != after.read(name)
    }
    assert changed == {"[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml"}


def test_earlier_comments_of_ours_give_way_to_the_new_ones(tmp_path: Path) -> None:
    _, first = marked(tmp_path, case("一、背景"), Mark("旧", 0, "一、背景"), name="first.docx")

    _, second = marked(tmp_path, first.read_bytes(), Mark("新", 0, "一、背景"), name="second.docx")

    assert [comment.text for comment in docx.Document(str(second)).comments] == ["新"]


def test_document_that_says_something_else_is_not_marked(tmp_path: Path) -> None:
    why, copy = marked(tmp_path, case("一、背景"), Mark("补写", 0, "二、做法"))

    assert (why, copy.exists()) == ("the text is not the one that was judged", False)


@pytest.mark.parametrize(
    ("part", "old", "new", "why"),
    [
        ("word/_rels/document.xml.rels", b"</Relationships>", b'<Relationship Id="x" Type="http://x/hyperlink" Target="http://x" TargetMode="External"/></Relationships>', "external hyperlink"),
        ("word/_rels/document.xml.rels", b"</Relationships>", b'<Relationship Id="x" Type="http://x/oleObject" Target="o.bin"/></Relationships>', "relationship oleobject"),
        ("word/_rels/document.xml.rels", b"</Relationships>", b'<Relationship Id="x" Type="http://x/control" Target="a.xml"/></Relationships>', "relationship control"),
        ("[Content_Types].xml", b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main", "main part of type"),
        ("word/document.xml", b"<w:r>", b"<w:r><w:instrText>DDEAUTO c</w:instrText></w:r><w:r>", "a field that leads outside"),
    ],
    ids=["link", "ole", "activex", "macros", "dde"],
)  # fmt: skip
def test_document_that_runs_or_fetches_anything_is_not_marked(
    tmp_path: Path, part: str, old: bytes, new: bytes, why: str
) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(case("一、背景"))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            data = source.read(name)
            written.writestr(name, data.replace(old, new, 1) if name == part else data)

    said, copy = marked(tmp_path, target.getvalue(), Mark("补写", 0, "一、背景"))

    assert (said[: len(why)], copy.exists()) == (why, False)


def test_libreoffice_opens_the_copy_and_reads_comments_and_text_back(tmp_path: Path, office: OfficeProgram) -> None:
    content = case("一、背景与起因", "网格员每日巡查。", "二、主要做法")
    _, copy = marked(tmp_path, content, Mark("此处补写做法", 2, "二、主要做法"))

    command = [str(office.executable), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    for _ in range(2):  # with a new profile the program may end once and ask to be started anew
        done = subprocess.run(
            [*command, "--convert-to", "fodt", "--outdir", str(tmp_path / "out"), str(copy)],
            capture_output=True, timeout=100, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            break

    saved = (tmp_path / "out" / "copy.fodt").read_text(encoding="utf-8")
    assert [each in saved for each in (AUTHOR, "此处补写做法", "网格员每日巡查。")] == [True, True, True]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
def test_documents_of_the_corpus_survive_marking(tmp_path: Path) -> None:
    written = 0
    for number, path in enumerate(sorted(CORPUS.rglob("*.docx"))[::8]):
        job = tmp_path / f"job{number}"
        try:
            before = facts(path, job)
        except Exception:  # noqa: BLE001 - what cannot be read gets no copy
            continue
        if not any(block.part == "main" for block in before.blocks):
            continue
        at = next(place for place, block in enumerate(before.blocks) if block.part == "main")
        mark = Mark("核对", at, before.blocks[at].text)
        copy = tmp_path / f"{number}.docx"
        if mark_docx(path, copy, DEFAULT_LIMITS, Marking(AUTHOR, AT, (mark,))) == "":
            written += 1
            after = facts(copy, tmp_path / f"again{number}")
            assert after.model_copy(update={"own_comments": before.own_comments}) == before
    assert written >= 10
