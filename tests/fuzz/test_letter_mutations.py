"""Letters damaged at random, the same way in every run: each ends in facts or in a named problem, and both can be stored."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from parsers.facts import Reading
from parsers.limits import Limits
from tests.fuzz.conftest import Clocked
from tests.fuzz.wounds import INPUTS, SEED
from tests.letter_reading import read_raw
from tests.letters import CLIENTS, Draft, File, Quoted

BATCHES = 10
LIMITS = Limits(members=50, members_bytes=2_000_000, text_characters=100_000)

DRAFT = Draft(
    subject="【湖里区】㙓镕喆社区案例报送",
    text="请查收附件。\n\n联系人：林先生\n电话：0592-1234567",
    files=(
        File("关于“近邻”议事厅的案例（定稿）.docx", bytes(range(256)) * 200, "application/msword"),
        File("改造后 1.jpg", b"\xff\xd8\xff" + bytes(900), "image/jpeg", shown_px=(640, 480)),
    ),
    quoted=Quoted("请补充照片\n不少于五张"),
    in_reply_to="receipt.1@example.org",
)

PIECES = (
    b"=?gb2312?B?", b"=?utf-8?Q?=E6?=", b"?=", b"\r\n\r\n", b"\n", b"\r", b"\x00", b"--", b";", b'"', b"<", b">", b"(", b"\\",
    b"boundary=", b"boundary*0*=", b"filename*0*=", b"filename*=", b"name=", b"charset=", b"charset=utf-7", b"charset=idna",
    b"Content-Type: ", b"Content-Transfer-Encoding: ", b"multipart/mixed", b"multipart/alternative", b"message/rfc822",
    b"message/delivery-status", b"base64", b"quoted-printable", b"x-uuencode", b"begin 644 a\n", b"\xb0\xb8", b"\xff\xfe",
    b"\xed\xa0\x80", b"\xe6\xa1", b"99999999999999999999", b"Date: ", b"+9999", b"Received: by ", b"<blockquote type=cite>",
    b"<img src=cid:", b"&#xd800;", b"&#0;", b"%00", b"%ED%A0%80", b"-- \n", b"> ",
)  # fmt: skip


def damaged(raw: bytes, random: Random) -> bytes:
    """The letter after a few random wounds: bytes changed, cut out, repeated, structure put where none belongs."""
    data = bytearray(raw)
    for _ in range(random.choice((1, 3, 10, 40))):
        at = random.randrange(len(data) + 1)
        match random.randrange(6):
            case 0:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                data[at:at] = random.choice(PIECES)
            case 2:
                data[at : at + 4] = random.choice(PIECES)
            case 3:
                del data[at : at + random.choice((1, 5, 100, 5000))]
            case 4:
                start = random.randrange(len(data) + 1)
                data[at:at] = data[start : start + random.choice((5, 50, 5000))]
            case _:
                # The head is where structure is; most wounds elsewhere only hit base64.
                at = random.randrange(min(len(data), 3000) + 1)
                data[at:at] = random.choice(PIECES)
    return bytes(data)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_damaged_letter_ends_in_facts_or_a_named_problem(batch: int, tmp_path: Path, clocked: Clocked) -> None:
    random = Random(f"{SEED} letter {batch}")
    for number in range(-(-INPUTS // BATCHES)):
        raw = damaged(CLIENTS[number % len(CLIENTS)](DRAFT), random)

        with clocked("letter"):
            read = read_raw(raw, tmp_path, limits=LIMITS)

        stored = read.reading.model_dump_json()
        assert Reading.model_validate_json(stored) == read.reading
        assert read.reading.letter is not None
        assert [member.size_bytes for member in read.members] == [len(content) for _, content in read.files]
        assert not {"/", "\\", "\x00", "\n"} & set("".join(member.name for member in read.members))
