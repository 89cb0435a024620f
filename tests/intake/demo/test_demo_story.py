"""The story tells every kind of letter, and its letters are letters."""

from __future__ import annotations

import email
import unicodedata
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest

from intake.demo.clients import CLIENTS, plain_letter
from intake.demo.letters import write_letter
from intake.demo.story import ENDS_AT, MAILBOX, MAILBOX_HOST, OPENS_AT, STORY, Scene

OURS = """\
From: =?utf-8?b?5b6B6ZuG?= <anli@huli.example>\r
Subject: =?utf-8?b?44CQ5rmW6YeM5Yy65qGI5L6L5b6B6ZuG44CR5p2Q5paZ6KGl5YWF?=\r
Message-ID: <fix_request.7.abc@huli.example>\r
References: <first@qq.example>\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: 8bit\r
\r
回执码：abcdefghjk\r
"""


def by_key(key: str) -> Scene:
    return next(scene for scene in STORY if scene.key == key)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_story_tells_every_kind_of_letter_once() -> None:
    assert [scene.key for scene in STORY] == [
        "question", "complete", "thanks", "weekly", "part_missing", "three_photos", "too_long", "auto_reply", "repair",
        "photos_inside", "pdf", "zip", "text_first", "photos_second", "same_again", "junk", "late",
    ]  # fmt: skip
    assert {scene.client for scene in STORY} == set(CLIENTS) - {plain_letter}


def test_the_story_runs_forward_within_its_days() -> None:
    moments = [OPENS_AT, *(scene.at for scene in STORY), ENDS_AT]

    assert moments == sorted(moments)


def test_only_one_letter_lies_in_the_junk_folder_and_one_comes_after_the_close() -> None:
    assert [scene.key for scene in STORY if scene.folder != "INBOX"] == ["junk"]
    assert [scene.key for scene in STORY if scene.at.day == 21] == ["late"]


@pytest.mark.parametrize("scene", [scene for scene in STORY if not scene.answers], ids=lambda scene: scene.key)
def test_a_letter_of_the_story_parses_to_what_it_says(scene: Scene) -> None:
    letter = parsed(write_letter(scene))

    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["From"].addresses[0].addr_spec == scene.sender
    assert letter["To"].addresses[0].addr_spec == MAILBOX
    assert letter["Subject"] == scene.subject
    assert scene.text.split("\n")[0] in body.get_content()
    assert _files(letter) == {file.name: file.data for file in scene.files()}
    trace = str(letter["Received"])  # the topmost
    assert f"by {MAILBOX_HOST} " in trace
    assert parsedate_to_datetime(trace.rpartition(";")[2].strip()) == scene.at


@pytest.mark.parametrize(("key", "mark"), [("thanks", "回复："), ("repair", "回复："), ("auto_reply", "自动回复：")])
def test_an_answer_names_and_quotes_the_letter_it_answers(key: str, mark: str) -> None:
    scene = by_key(key)

    letter = parsed(write_letter(scene, parsed(OURS.encode()), ours_at=scene.at))

    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["Subject"] == f"{mark}【湖里区案例征集】材料补充"
    assert letter["In-Reply-To"] == "<fix_request.7.abc@huli.example>"
    assert str(letter["References"]).split() == ["<first@qq.example>", "<fix_request.7.abc@huli.example>"]
    assert ("回执码：abcdefghjk" in body.get_content()) is not scene.automatic
    assert letter["Auto-Submitted"] == ("auto-replied" if scene.automatic else None)


def test_the_letter_sent_again_is_another_letter_with_the_same_files() -> None:
    first, again = parsed(write_letter(by_key("zip"))), parsed(write_letter(by_key("same_again")))

    assert first["Message-ID"] != again["Message-ID"]
    assert _files(first) == _files(again)


def _files(letter: EmailMessage) -> dict[str, bytes]:
    return {
        unicodedata.normalize("NFC", part.get_filename() or ""): part.get_content()
        for part in letter.walk()
        if part.get_filename()
    }
