"""Outlook files, signed letters and written-in files damaged at random: each ends in facts or in a named problem."""

from __future__ import annotations

import binascii
from pathlib import Path
from random import Random

import compressed_rtf
import pytest

from parsers.facts import OUR_TROUBLE, Reading
from parsers.limits import Limits
from parsers.reading import read_file, read_letter_file
from tests.fuzz.conftest import Clocked
from tests.fuzz.wounds import INPUTS, SEED, wounded
from tests.letter_reading import headed
from tests.outlook_files import OutlookFile, OutlookMessage, msg_file, tnef_file
from tests.parsers.letter.test_letter_protection import content, indefinite, p7m

BATCHES = 4
LIMITS = Limits(members=50, members_bytes=5_000_000, text_characters=100_000)
PIECES = (
    b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"\x01\x00\x00\x00", b"\x0d\x00", b"\x1e\x00", b"\x1f\x00", b"\x02\x01",
    b"\x03\x90", b"\x05\x90", b"\x02\x90", b"\x78\x9f\x3e\x22", b"\x24\x80", b"\x30\x80", b"\x04\x84\xff\xff\xff\xff", b"\xa0\x80", b"LZFu",
    b"begin 644 a\n", b"end\n", b"M" + b"`" * 60 + b"\n", b"=ybegin line=1 size=1 name=a\n", b"{\\*\\htmltag", b"\\bin999 ",
)  # fmt: skip

RTF = compressed_rtf.compress(
    rb"{\rtf1\ansi\ansicpg936\fromhtml1{\fonttbl{\f0\fcharset134 S;}}\f0{\*\htmltag64 <p>}\'c4\'e3\htmlrtf x\htmlrtf0 \u37329?{\*\htmltag84 <img src=cid:a>}}"
)
INNER = OutlookMessage(subject="内", text="x", files=(OutlookFile("a.jpg", b"\xff\xd8\xff" * 30),))
MESSAGE = OutlookMessage(
    subject="报送", rtf=RTF, headers="From: a@b.cn\r\nDate: x\r\n\r\n", to=(("a", "b@c.d"),), code_page=936,
    files=(OutlookFile("案例.docx", b"PK" * 4_000), OutlookFile(message=INNER)),
)  # fmt: skip
WRITTEN = b"".join(b"begin 644 a.doc\n" + binascii.b2a_uu(bytes(45)) * 20 + b"`\nend\n" for _ in range(3))
KINDS = {
    "msg": (msg_file(MESSAGE), read_file),
    "tnef": (tnef_file(MESSAGE), read_file),
    "signed": (p7m(indefinite(content())), read_letter_file),
    "written": (headed("From: a@b.cn\nContent-Type: text/plain", WRITTEN), read_letter_file),
}


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_message_ends_in_facts_or_a_named_problem(
    kind: str, batch: int, tmp_path: Path, clocked: Clocked
) -> None:
    whole, read = KINDS[kind]
    random = Random(f"{SEED} {kind} {batch}")
    trouble: list[str] = []
    for number in range(-(-INPUTS // (2 * BATCHES))):
        path, job = tmp_path / f"{number}", tmp_path / f"{number}.job"
        path.write_bytes(wounded(whole, random, PIECES))
        job.mkdir()

        with clocked(kind):
            reading = read(path, job, LIMITS)

        assert Reading.model_validate_json(reading.model_dump_json()) == reading
        assert [(job / each.stored_as).stat().st_size for each in reading.members] == [
            each.size_bytes for each in reading.members
        ]
        if reading.problem is not None and reading.problem.code in OUR_TROUBLE:
            trouble.append(f"{kind} {batch}/{number}: {reading.problem.detail}")
    assert trouble == []
