"""Records as tests need them: everything not said is plain."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.records.casebook import NewCase, NewJudgement
from storage.records.contents import NewFile
from storage.records.correspondence import LetterRecord, NewOutgoing
from storage.records.mailbox import NewSighting
from storage.unit_of_work import UnitOfWork

NOON = datetime(2022, 12, 1, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def minutes(count: float) -> datetime:
    """So many minutes after `NOON`."""
    return NOON + timedelta(minutes=count)


def sha(word: object) -> str:
    """A SHA-256 to stand for the bytes named by `word`."""
    return hashlib.sha256(str(word).encode()).hexdigest()


def letter(word: object = 1, **fields: Any) -> LetterRecord:
    plain = LetterRecord(sha256=sha(word), size_bytes=1000, received_at=NOON, stored_at=minutes(1))
    return replace(plain, **fields)


def sighting(uid: int = 1, **fields: Any) -> NewSighting:
    plain = NewSighting(
        account="box@example.test",
        folder="INBOX",
        folder_role="inbox",
        uidvalidity=7,
        uid=uid,
        first_seen_at=NOON,
        size_bytes=1000,
        fingerprint=f"fingerprint-{uid}",
    )
    return replace(plain, **fields)


def case(number: str = "HL22-0001", **fields: Any) -> NewCase:
    plain = NewCase(
        campaign="huli-2022",
        number=number,
        sender_address="jinan@example.test",
        opened_at=NOON,
        state="judged",
    )
    return replace(plain, **fields)


def file(name: str = "案例.docx", **fields: Any) -> NewFile:
    plain = NewFile(sha256=sha(name), size_bytes=10, locator="2", name=name, origin="attachment", format="docx")
    return replace(plain, **fields)


def judgement(revision_id: int, **fields: Any) -> NewJudgement:
    plain = NewJudgement(
        revision_id=revision_id,
        verdict="needs_fix",
        findings=({"rule": "photos", "code": "too_few_images", "values": {"min": 5, "found": 3}},),
        settled=("length",),
        waived=(),
        rules_hash="rules",
        code_version="1",
        at=NOON,
    )
    return replace(plain, **fields)


def mail(mail_id: int = 1, **fields: Any) -> NewOutgoing:
    plain = NewOutgoing(
        id=mail_id,
        kind="receipt",
        to_address="jinan@example.test",
        sender_address="box@example.test",
        message_id=f"receipt.{mail_id}@example.test",
        token=f"token-{mail_id}",
        subject="【湖里区案例征集】已收到",
        raw=b"Subject: x\r\n\r\ny\r\n",
        created_at=NOON,
        campaign="huli-2022",
    )
    return replace(plain, **fields)


def file_case(work: UnitOfWork, word: object, *, prefix: str = "HL22") -> str:
    """What the worker does with one letter in one transaction; returns the number given."""
    work.letters.add(letter(word))
    number = f"{prefix}-{work.cases.next_number(prefix):04d}"
    opened = work.cases.open(case(number=number, sender_address=f"{word}@example.test"))
    work.cases.join(opened.id, sha(word), joined_by="opened", at=NOON)
    revision = work.cases.add_revision(
        opened.id, received_at=NOON, content_key=sha(word), summary={"files": ["案例.docx"]}, at=NOON
    )
    work.cases.add_judgement(judgement(revision.id))
    work.outgoing.enqueue(mail(work.outgoing.reserve_id()), letters=[sha(word)], cases=[opened.id])
    work.letters.set_outcome(sha(word), "filed")
    return number
