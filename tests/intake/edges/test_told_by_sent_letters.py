"""What a letter in Sent tells: that a colleague has answered, or who else answers from the mailbox."""

from __future__ import annotations

import pytest

from intake.edges.mailboxes import Envelope
from intake.edges.mailboxes.told import answered_by_hand, installation_of

ANSWER = b"Message-ID: <a@huli.example>\r\nIn-Reply-To: <asked@qq.example>\r\nReferences: <asked@qq.example>\r\n"


@pytest.mark.parametrize(
    ("header", "answered", "installation"),
    [
        (ANSWER, ("asked@qq.example",), ""),
        (ANSWER + b"X-Intake-Id: 0a1b2c3d receipt k7m2p9\r\n", (), "0a1b2c3d"),
        (ANSWER + b"x-intake-id:\r\n 0a1b2c3d receipt k7m2p9\r\n", (), "0a1b2c3d"),
        (b"Message-ID: <a@huli.example>\r\nSubject: x\r\n", (), ""),
        (b"", (), ""),
    ],
)
def test_only_a_letter_without_our_header_is_a_colleagues_answer(
    header: bytes, answered: tuple[str, ...], installation: str
) -> None:
    envelope = Envelope(1, 1000, None, header + b"\r\n")

    assert (answered_by_hand(envelope), installation_of(envelope)) == (answered, installation)
