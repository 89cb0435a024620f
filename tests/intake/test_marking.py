"""Where the comments of a marked copy stand: read back with python-docx from a document Word would have written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from PIL import Image

from config.campaign import preset_text
from intake.calls import Call, load_call
from intake.checks import judge
from intake.edges.marked_copies import CopyOrder
from intake.marking import LARGEST_BYTES, order_copy
from intake.model import Document, Letter, Photo, Revision
from parsers.documents.docx import read_docx
from parsers.documents.docx_marking import mark_docx
from parsers.facts import Address, LetterFacts, PhotoFacts, Reading
from parsers.limits import DEFAULT_LIMITS

AT = datetime(2022, 12, 5, 1, 0, tzinfo=UTC)
SENDER = "jinan@qq.example"
LONG = "网格员每天到户巡查登记。" * 10
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def picture(width_px: int, height_px: int) -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (width_px, height_px), (180, 90, 40)).save(target, "PNG")
    target.seek(0)
    return target


def spoilt_case() -> bytes:
    """A text that is too long, lacks one part, has an empty heading, and shows one small picture."""
    document = docx.Document()
    document.add_heading("小网格办大事", 0)
    document.add_heading("一、背景与起因", 1)
    document.add_paragraph("本社区有网格八个。" + LONG)
    document.add_heading("二、做法与经过", 1)
    document.add_paragraph(LONG)
    document.add_picture(picture(300, 200))
    document.add_heading("三、探讨与评论", 1)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def call_asking_for(folder: Path, *, words: int, long_px: int) -> Call:
    """The call of huli-2022 with a shorter text, and pictures of a certain size."""
    text = preset_text("huli-2022").replace("max = 3000", f"max = {words}")
    text += f'\n[[rule]]\nid = "quality"\ncheck = "photo_quality"\nmin_long_px = {long_px}\n'
    path = folder / "huli-2022.toml"
    path.write_text(text, encoding="utf-8")
    return load_call(path)


def read(folder: Path, content: bytes) -> tuple[Document, tuple[Photo, ...]]:
    """The document as readers hand it on, and the pictures in it."""
    path = folder / "案例.docx"
    path.write_bytes(content)
    (folder / "job").mkdir()
    reading: Reading = read_docx(path, folder / "job", DEFAULT_LIMITS)
    assert reading.document is not None
    document = Document(
        name="案例.docx", sha256="d" * 64, size_bytes=len(content), format="docx", role="case", facts=reading.document
    )
    photos = []
    for member in reading.members:
        with Image.open(folder / "job" / member.stored_as) as shown:
            facts = PhotoFacts(kind="png", width_px=shown.width, height_px=shown.height)
        photos.append(
            Photo(member.name, member.sha256, member.size_bytes, facts, source="embedded", container=document.name)
        )
    return document, tuple(photos)


def order(
    call: Call, document: Document, photos: tuple[Photo, ...], *, letter: LetterFacts | None = None
) -> CopyOrder | None:
    """The copy for the letter that brought the document."""
    facts = letter or LetterFacts(sender=Address(address=SENDER))
    revision = Revision(files=(document, *photos), received_at=AT, closes_at=None, category="网格治理")
    letters = [Letter(sha256="e" * 64, received_at=AT, facts=facts, files=(document, *photos))]
    return order_copy(call, revision, judge(call.checks, revision), letters, to=letters[-1], at=AT)


def anchors(document: WordDocument) -> Iterator[tuple[str, str]]:
    """Text of the paragraph a comment hangs on, and the comment."""
    said = {comment.comment_id: comment.text for comment in document.comments}
    for paragraph in document.paragraphs:
        for reference in paragraph._p.iter(f"{WORD}commentReference"):
            yield paragraph.text, said[int(reference.attrib[f"{WORD}id"])]


def test_every_comment_stands_at_the_place_it_speaks_of_and_the_text_is_unchanged(tmp_path: Path) -> None:
    content = spoilt_case()
    call = call_asking_for(tmp_path, words=150, long_px=1600)
    wanted = order(call, *read(tmp_path, content))
    assert wanted is not None

    why = mark_docx(tmp_path / "案例.docx", tmp_path / "copy.docx", DEFAULT_LIMITS, wanted.marking)

    copy = docx.Document(str(tmp_path / "copy.docx"))
    found = list(anchors(copy))
    assert (why, wanted.name) == ("", "案例（批注）.docx")
    expected = [
        # 6 and 7 characters of title and heading, 129 and 7 of what follows: the second character is the 151st.
        (LONG, "正文到这里已满150字，从“格员每天到户巡查登记。网”起为超出的部分。"),
        (LONG, "“成效与反响”部分可接着这里往下写。"),
        ("", "这张图片放在文档里，为300×200像素，可能经过压缩，请在方便时另把原图作为附件发送。"),
        ("三、探讨与评论", "标题“三、探讨与评论”下暂无文字，请在“三、探讨与评论”标题下补写内容。"),
    ]
    assert len(found) == len(expected)
    assert [(place, said[: len(start)]) for (place, said), (_, start) in zip(found, expected, strict=True)] == expected
    original = docx.Document(io.BytesIO(content))
    assert [each.text for each in copy.paragraphs] == [each.text for each in original.paragraphs]


@pytest.mark.parametrize(
    ("changes", "letter"),
    [
        ({"size_bytes": LARGEST_BYTES + 1}, None),
        ({"format": "pdf"}, None),
        ({}, LetterFacts(sender=Address(address=SENDER), reply_to=(Address(address="office@qq.example"),))),
        ({}, LetterFacts(sender=Address(address=SENDER), control={"authentication-results": "mx; dmarc=fail"})),
    ],
    ids=["too large", "no Word document", "answered elsewhere", "failed DMARC"],
)
def test_no_copy_goes_out_where_it_should_not(
    tmp_path: Path, changes: dict[str, object], letter: LetterFacts | None
) -> None:
    call = call_asking_for(tmp_path, words=150, long_px=1600)
    document, photos = read(tmp_path, spoilt_case())
    assert order(call, document, photos) is not None

    spoilt = replace(document, **changes)  # type: ignore[arg-type]  # rows of a table

    assert order(call, spoilt, photos, letter=letter) is None


def test_document_with_macros_or_a_campaign_that_wants_none_gets_no_copy(tmp_path: Path) -> None:
    call = call_asking_for(tmp_path, words=150, long_px=1600)
    document, photos = read(tmp_path, spoilt_case())
    with_macros = replace(document, facts=document.facts.model_copy(update={"macros": True}))
    unwanted = replace(call, campaign=call.campaign.model_copy(update={"marked_copy": False}))

    assert order(call, with_macros, photos) is None
    assert order(unwanted, document, photos) is None
