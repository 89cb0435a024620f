"""Whose word on a letter's origin counts: the topmost line, of a trusted host, read as RFC 8601 has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.casework.authentication import authenticate
from intake.casework.sorting import DISOWNED, sort_letter
from intake.model import Authentication, Letter
from parsers.letter import read_head
from tests.intake.casework.samples import HULI, START, document, facts, photos

TRUSTED = ("mx.qq.com", "google.com")
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "email"


def said(value: str, *, trusted: tuple[str, ...] = TRUSTED) -> Authentication | None:
    return authenticate(facts("案例", control={"authentication-results": value}), trusted=trusted)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.qq.com; spf=pass smtp.mailfrom=a@b.cn; dkim=pass header.i=@b.cn; dmarc=pass header.from=b.cn",
         ("pass", "pass", "pass")),
        ("mx.qq.com; spf=none smtp.mailfrom=;\t dkim=none; dmarc=none(permerror) header.from=solar.sec",
         ("none", "none", "none")),
        ("MX.QQ.COM 1; DMARC = Fail (p=REJECT)", ("", "", "fail")),
        ("mx.google.com; dkim=fail header.i=@a; dkim=pass header.i=@b; spf=pass", ("pass", "pass", "")),
        ("mx.google.com; spf=none smtp.helo=x; spf=pass smtp.mailfrom=a@b", ("pass", "", "")),
        ("mx.google.com; spf=pass (google.com: a;b dmarc=fail) smtp.mailfrom=a; dmarc=pass", ("pass", "", "pass")),
        ('mx.google.com; dkim=pass reason="; dmarc=fail"; dmarc=pass', ("", "pass", "pass")),
        ("mx.google.com; dmarc/1=fail header.from=b.cn", ("", "", "fail")),
        ("mx.google.com; none", ("", "", "")),
        ("mx.google.com; x-dmarc=fail; dmarc=bestguesspass", ("", "", "bestguesspass")),
    ],
)  # fmt: skip
def test_results_of_a_trusted_host_are_read(value: str, expected: tuple[str, str, str]) -> None:
    found = said(value)

    assert found is not None
    assert (found.spf, found.dkim, found.dmarc) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "relay.example; dmarc=fail",
        "mx.qq.com.evil.cn; dmarc=fail",
        "notgoogle.com; dmarc=fail",
        "spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=a.cn; dmarc=fail action=none header.from=a.cn",
        "mta1192.mail.ir2.yahoo.com  header.i=@a.co; dmarc=fail",
        '"mx.qq.com"; dmarc=fail',
        "(mx.qq.com); dmarc=fail",
    ],
)
def test_nothing_is_believed_of_any_other_host(value: str) -> None:
    assert said(value) is None


def test_without_a_trusted_host_nothing_is_believed() -> None:
    assert said("mx.qq.com; dmarc=fail", trusted=()) is None


@pytest.mark.parametrize(
    ("dmarc", "expected"), [("fail", True), ("pass", False), ("none", False), ("temperror", False), ("", False)]
)
def test_only_a_plain_fail_disowns_a_letter(dmarc: str, expected: bool) -> None:
    assert Authentication("mx.qq.com", dmarc=dmarc).failed == expected


def test_the_topmost_line_counts_whatever_came_with_the_letter() -> None:
    head = b"Authentication-Results: relay.example; dmarc=pass\r\nAuthentication-Results: mx.qq.com; dmarc=fail\r\n\r\n"

    assert authenticate(read_head(head), trusted=TRUSTED) is None


def test_a_disowned_submission_is_filed_unanswered_and_shown() -> None:
    letter = Letter(
        "a" * 64,
        START,
        facts("报送湖里区社区治理创新案例", "请查收附件。"),
        files=(document(), *photos(1, 2, 3, 4, 5)),
        authentication=Authentication("mx.qq.com", dmarc="fail"),
    )

    sorting = sort_letter(letter, HULI)

    assert (sorting.ignored, sorting.answer, sorting.for_person, sorting.evidence[0]) == (None, False, True, DISOWNED)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("flanker__multi-received-headers.eml", ("pass", "pass", "")),
        ("mailparser__nodemailer.eml", ("pass", "pass", "fail")),
    ],
)
def test_lines_of_the_corpus_are_read_as_a_person_reads_them(name: str, expected: tuple[str, str, str] | None) -> None:
    if not (CORPUS / name).exists():
        pytest.skip("the corpus is not here")

    found = authenticate(read_head((CORPUS / name).read_bytes()), trusted=("google.com",))

    assert (found and (found.spf, found.dkim, found.dmarc)) == expected
