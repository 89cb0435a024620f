"""The marked copy: the submitter's own document goes back with comments, and is known when it returns."""

from __future__ import annotations

import io
from email import message_from_bytes, policy
from email.message import EmailMessage

import docx
import pytest

from storage.records.correspondence import OutgoingRecord
from tests.e2e.material import without_last_section, without_photos
from tests.intake.desks.conftest import Open
from tests.letters import Draft, File

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def opened(mail: OutgoingRecord) -> EmailMessage:
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def copies(mail: OutgoingRecord) -> list[tuple[str | None, bytes]]:
    attachments = opened(mail).iter_attachments()
    return [(each.get_filename(), each.get_content()) for each in attachments if each.get_content_type() == DOCX]


def body(mail: OutgoingRecord) -> str:
    part = opened(mail).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def text(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_fix_request_carries_the_document_with_a_comment_and_the_same_text(open_at: Open) -> None:
    office = open_at()
    files = without_last_section()
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=files))

    office.work()

    (mail,) = office.answers()
    ((name, content),) = copies(mail)
    comments = docx.Document(io.BytesIO(content)).comments
    assert mail.kind == "fix_request"
    assert name == f"{files[0].name.removesuffix('.docx')}（批注）.docx"
    assert [comment.author for comment in comments] == ["征集邮箱自动核对"]
    assert text(content) == text(files[0].data)
    assert "（批注）.docx”：在" in body(mail)


def test_marked_copy_returned_as_it_was_is_told_that_its_text_is_the_same(open_at: Open) -> None:
    office = open_at()
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=without_last_section()))
    office.work(minutes=1)
    (mail,) = office.answers()
    ((name, content),) = copies(mail)
    returned = File(name or "", content, DOCX)
    office.arrives(
        Draft(subject="回复", sender=JINAN, files=(returned,), in_reply_to=mail.message_id), message_id="2@qq"
    )

    office.work(minutes=30)

    answers = office.answers()
    assert len(answers) == 2
    assert "文字与上次相同" in body(answers[-1])


@pytest.mark.parametrize(
    ("draft", "settings"),
    [
        (Draft(subject=SUBMISSION, sender=JINAN, files=without_photos()), {}),
    ],
    ids=["what is missing has no place in the document"],
)
def test_fix_request_goes_without_a_copy(open_at: Open, draft: Draft, settings: dict[str, object]) -> None:
    office = open_at(**settings)
    office.arrives(draft)

    office.work(minutes=30)

    (mail,) = office.answers()
    assert (mail.kind, copies(mail)) == ("fix_request", [])
