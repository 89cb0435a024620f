"""The envelope: what mail programs and loop detectors read."""

from __future__ import annotations

import email
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import default
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model import MailKind
from intake.replies import build_message, recipient_of
from intake.replies.envelope import Attachment
from intake.replies.matter import Draft
from parsers.facts import Address, LetterFacts

SENT_AT = datetime(2022, 12, 19, 15, 10, tzinfo=timezone(timedelta(hours=8)))
DRAFT = Draft(
    subject="【湖里区案例征集】已收到：《“微网格”撬动“大治理”：一个老旧小区十年的蜕变与共治共享实践》（HL22-0017）",
    text="金安社区：\n\n材料齐全。\n.\n\nFrom here on\n",
    html="<p>材料齐全。</p>",
)


def build(*, draft: Draft = DRAFT, **changes: object) -> bytes:
    given: dict[str, object] = {
        "sender": "anli@example.org",
        "sender_name": "湖里区案例征集",
        "recipient": "office@example.com",
        "message_id": "receipt.17.k7qm3xw9rt@example.org",
        "date_at": SENT_AT,
        "in_reply_to": "letter-1@mail.example.com",
        "references": ("letter-0@mail.example.com",),
        "kind": "receipt",
        "token": "k7qm3xw9rt",
        "installation": "huli",
    }
    return build_message(draft, **(given | changes))  # type: ignore[arg-type]  # rows of a table


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def content_of(message: EmailMessage, subtype: Literal["plain", "html"]) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_message_read_by_a_mail_program_says_what_the_draft_says() -> None:
    message = read(build())

    assert message["Subject"] == DRAFT.subject
    assert message["From"] == "湖里区案例征集 <anli@example.org>"
    assert (message["To"], message["Reply-To"]) == ("office@example.com", "anli@example.org")
    assert message["Date"].datetime == SENT_AT
    assert message.get_content_type() == "multipart/alternative"
    assert content_of(message, "plain") == DRAFT.text
    assert content_of(message, "html").strip() == DRAFT.html
    assert message["Cc"] is None


def test_message_threads_under_the_letter_it_answers() -> None:
    message = read(build())

    assert message["Message-ID"] == "<receipt.17.k7qm3xw9rt@example.org>"
    assert message["In-Reply-To"] == "<letter-1@mail.example.com>"
    assert message["References"] == "<letter-0@mail.example.com> <letter-1@mail.example.com>"


@pytest.mark.parametrize(
    ("kind", "answered", "submitted"),
    [
        ("receipt", "letter-1@mail.example.com", "auto-replied"),
        ("decision", "letter-1@mail.example.com", "auto-replied"),
        ("decision", None, "auto-generated"),
        ("digest", None, "auto-generated"),
        ("alarm", None, "auto-generated"),
    ],
)
def test_message_tells_machines_that_a_machine_wrote_it(kind: MailKind, answered: str | None, submitted: str) -> None:
    message = read(build(kind=kind, in_reply_to=answered, references=()))

    assert message["Auto-Submitted"] == submitted
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Intake-Id"] == f"huli {kind} k7qm3xw9rt"
    assert message["Precedence"] is None


def test_message_from_the_same_draft_is_the_same_bytes() -> None:
    assert build() == build()


def test_message_is_seven_bit_with_crlf_and_short_lines() -> None:
    raw = build(draft=Draft(DRAFT.subject, "一" * 5000 + "\n", "<p>" + "一" * 5000 + "</p>"))

    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 78


def test_english_message_stays_readable_in_the_raw() -> None:
    raw = build(draft=Draft("Received", "Your case is complete.\n", "<p>Your case is complete.</p>", language="en"))

    assert b"Your case is complete." in raw
    assert b"Content-Language: en\r\n" in raw


@pytest.mark.parametrize("poison", ["\r\nBcc: everybody@example.net", "\nX-Evil: 1", "\x00\x0b\x85\u2028Bcc: a@b.c"])
def test_strangers_words_cannot_add_a_header(poison: str) -> None:
    raw = build(
        draft=Draft(f"已收到{poison}", "正文\n", "<p>正文</p>"),
        sender_name=f"征集{poison}",
        in_reply_to=f"x@y{poison}",
        references=(f"a@b{poison}", "ok@mail.example.com"),
    )

    assert sorted(set(read(raw).keys())) == sorted(
        [
            *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted"),
            *("X-Auto-Response-Suppress", "X-Intake-Id", "Content-Language", "MIME-Version", "Content-Type"),
        ]
    )
    assert read(raw)["References"] == "<ok@mail.example.com>"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recipient", "a@b.c\r\nBcc: x@y.z"),
        ("recipient", "everybody"),
        ("recipient", "a@b.c, x@y.z"),
        ("sender", ""),
        ("message_id", "no id"),
        ("token", "k7 qm"),
        ("installation", "湖里"),
    ],
)
def test_envelope_that_could_not_be_right_is_a_bug_and_raised(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        build(**{name: value})  # type: ignore[arg-type]  # rows of a table


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../下派/案例.docx", ".._.._下派_案例.docx"),
        ("C:\\案例.docx", "C:_案例.docx"),
        ('案例".docx\r\nX-Evil: 1', "案例'.docx X-Evil: 1"),
    ],
)
def test_attached_file_has_a_name_that_leads_nowhere(name: str, shown: str) -> None:
    message = read(build(attachments=(Attachment(name, "application/pdf", b"%PDF"),)))

    (attached,) = message.iter_attachments()

    assert (attached.get_filename(), message["X-Evil"]) == (shown, None)


def test_thread_of_a_hundred_letters_keeps_the_first_and_the_latest_ids_once_each() -> None:
    ids = [f"letter-{number}@mail.example.com" for number in range(100)]

    message = read(build(in_reply_to=ids[50], references=[*ids, ids[3]]))

    named = message["References"].split()
    assert (named[0], named[-2:], len(named)) == (
        "<letter-0@mail.example.com>",
        ["<letter-3@mail.example.com>", "<letter-50@mail.example.com>"],
        12,
    )


def test_id_longer_than_a_line_is_left_whole() -> None:
    long_id = "x" * 180 + "@mail.example.com"

    raw = build(in_reply_to=long_id)

    assert f"In-Reply-To: <{long_id}>\r\n".encode() in raw


def test_recipient_with_a_chinese_domain_is_written_in_ascii() -> None:
    assert read(build(recipient="office@例子.cn"))["To"] == "office@xn--fsqu00a.cn"


def test_recipient_with_a_chinese_mailbox_name_needs_utf8_headers() -> None:
    raw = build(recipient="社区@例子.cn")

    assert "To: 社区@xn--fsqu00a.cn\r\n".encode() in raw


@given(subject=st.text(max_size=120), name=st.text(max_size=60))
def test_message_with_any_subject_and_name_stays_one_message(subject: str, name: str) -> None:
    message = read(build(draft=Draft(subject, "正文\n", "<p>正文</p>"), sender_name=name))

    assert content_of(message, "plain") == "正文\n"
    assert message["From"].addresses[0].addr_spec == "anli@example.org"
    assert message["X-Intake-Id"] == "huli receipt k7qm3xw9rt"


@pytest.mark.parametrize(
    ("sender", "reply_to", "recipient"),
    [
        ("office@example.com", (), "office@example.com"),
        ("office@example.com", ("clerk@EXAMPLE.com",), "clerk@EXAMPLE.com"),
        ("office@example.com", ("victim@example.net",), "office@example.com"),
        ("office@example.com", ("victim@example.net", "clerk@example.com"), "clerk@example.com"),
        ("office@example.com", ("clerk@sub.example.com",), "office@example.com"),
        ("office@example.com", ("not an address",), "office@example.com"),
        ("nobody", ("clerk@example.com",), None),
        (None, ("clerk@example.com",), None),
    ],
)
def test_answer_goes_to_the_sender_and_to_reply_to_within_its_domain_only(
    sender: str | None, reply_to: tuple[str, ...], recipient: str | None
) -> None:
    letter = LetterFacts(
        sender=Address(address=sender) if sender else None,
        reply_to=tuple(Address(address=address) for address in reply_to),
        cc=(Address(address="superior@example.com"),),
    )

    assert recipient_of(letter) == recipient
