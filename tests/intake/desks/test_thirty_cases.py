"""A bureau's thirty cases in one evening: as thirty letters and as one archive, all answered, none held back."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import timedelta

from tests.e2e.material import small_case
from tests.intake.desks.conftest import Open
from tests.intake.desks.test_filing import text_of
from tests.letters import Draft, File

BUREAU = "minzheng@huli.example.cn"
CASES = 30
NUMBERS = [f"HL22-{number:04d}" for number in range(1, CASES + 1)]
FULL_LINE = 998
"""Octets of a line of a letter at most, without its end (RFC 5322 §2.1.1)."""


def test_thirty_letters_of_one_evening_are_all_answered_and_none_is_held(open_at: Open) -> None:
    office = open_at()

    for number in range(1, CASES + 1):
        draft = Draft(subject=f"报送社区治理案例之{number}", sender=BUREAU, files=(small_case(number),))
        office.arrives(draft)
        office.clock.advance(timedelta(minutes=2))
    office.work(minutes=15)

    answers = office.answers()
    assert [case.number for case in office.cases()] == NUMBERS
    assert Counter(mail.kind for mail in answers) == {"fix_request": CASES}
    assert (office.answers("held"), office.answers("cancelled")) == ((), ())
    assert sorted(number for mail in answers for number in set(re.findall(r"HL22-\d{4}", text_of(mail)))) == NUMBERS


def test_thirty_cases_of_one_archive_are_answered_in_one_letter_of_thirty_paragraphs(open_at: Open) -> None:
    office = open_at()
    office.arrives(Draft(subject="报送社区治理案例30个", sender=BUREAU, files=(_archive(),)))

    office.work(minutes=15)

    (answer,) = office.answers()
    told = text_of(answer)
    paragraphs = [line for line in told.splitlines() if re.match(r"《.+》（HL22-\d{4}）：", line)]
    assert [case.number for case in office.cases()] == NUMBERS
    assert [re.findall(r"HL22-\d{4}", line) for line in paragraphs] == [[number] for number in NUMBERS]
    assert all("图片5张" in line for line in paragraphs)
    assert len(answer.raw) < 200_000  # nobody's mailbox minds; measured 2026-11-22: see the design notes
    assert max(len(line) for line in answer.raw.split(b"\r\n")) <= FULL_LINE


def _archive() -> File:
    """A folder for each case, its text inside."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for number in range(1, CASES + 1):
            text = small_case(number)
            zipped.writestr(f"案例/{number:02d}/{text.name}", text.data)
    return File("案例30个.zip", packed.getvalue(), "application/zip")
