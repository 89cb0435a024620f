from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from intake.casework.identity import identify
from intake.casework.known import Known
from intake.casework.senders import unit_names, units_of
from intake.casework.signs import CampaignSigns, ListedUnit
from intake.model import Authentication, Letter
from parsers.facts import Address, LetterFacts

SIGNS = CampaignSigns(title="2022年湖里区社区治理创新案例征集", organizers=("湖里区民政局",))


def letter(subject: str) -> Letter:
    return Letter("0" * 64, datetime(2022, 12, 5, tzinfo=UTC), LetterFacts(subject=subject))


def test_words_of_the_call_s_own_title_are_no_unit() -> None:
    assert unit_names(letter("湖里区社区治理创新案例照片"), (), SIGNS) == ()


def test_the_unit_beside_them_is_one() -> None:
    assert unit_names(letter("金安社区报送湖里区社区治理创新案例"), (), SIGNS) == ("金安社区",)


LISTED = replace(
    SIGNS,
    listed=(
        ListedUnit("金安社区", ("金安居委",), ("ja@qq.com", "street@qq.com")),
        ListedUnit("金海社区", (), ("street@qq.com",)),
        ListedUnit("区城管局", ("城管",)),
    ),
    forwarders=("wang@huli.example",),
)


def sent_by(address: str, name: str = "", *, subject: str = "案例", failed: bool = False) -> Letter:
    facts = LetterFacts(subject=subject, sender=Address(name=name, address=address))
    origin = Authentication("mx.qq.com", dmarc="fail") if failed else None
    return replace(letter(subject), facts=facts, authentication=origin)


@pytest.mark.parametrize(
    ("wrote", "known"),
    [
        (sent_by("JA@qq.com"), [("金安社区", "roster", "报送名单里的邮箱 ja@qq.com")]),
        (sent_by("a@qq.com", "金安居委小林"), [("金安社区", "roster", "报送名单里的“金安居委”")]),
        (sent_by("a@qq.com", subject="城管案例一份"), [("区城管局", "roster", "报送名单里的“城管”")]),
        (sent_by("street@qq.com"), []),
        (sent_by("street@qq.com", subject="城管案例一份"), []),
        (sent_by("a@qq.com", subject="金安居委和城管共建案例"), []),
        (sent_by("ja@qq.com", failed=True), []),
        (sent_by("wang@huli.example", "城管"), []),
        (sent_by("a@qq.com"), []),
    ],
    ids=[
        "its mailbox", "an alias of the sender", "an alias in the subject", "one mailbox of two", "a mailbox of others",
        "two named", "failed its origin", "a forwarder", "nobody listed",
    ],
)  # fmt: skip
def test_the_roster_names_the_unit_of_a_letter_that_names_none(
    wrote: Letter, known: list[tuple[str, str, str]]
) -> None:
    assert [(each.value, each.place, each.evidence) for each in units_of(wrote, (), LISTED)] == known


@pytest.mark.parametrize(
    ("subject", "units"),
    [
        ("虹桥路街案例", ["虹桥路街"]),
        ("虹桥路街金苑案例", ["虹桥路街金苑"]),
        ("虹桥路街金苑案例，虹桥路街代报", []),
        ("湖里区社区治理创新案例", []),
        ("案例", []),
    ],
    ids=["the street", "its quarter", "both", "the call's title", "an alias of no letters"],
)
def test_a_listed_name_inside_another_or_in_the_call_s_title_names_nobody(subject: str, units: list[str]) -> None:
    street, quarter = ListedUnit("虹桥路街", ("湖里区", "——")), ListedUnit("虹桥路街金苑", ())
    signs = replace(SIGNS, listed=(street, quarter))

    found = units_of(sent_by("a@qq.com", subject=subject), (), signs)

    assert [each.value for each in found if each.place == "roster"] == units


def test_what_a_letter_says_goes_before_the_roster() -> None:
    wrote = sent_by("ja@qq.com", subject="金湖社区报送案例")

    assert unit_names(wrote, (), LISTED) == ("金湖社区", "金安社区")
    assert identify(wrote, (), LISTED).unit == Known("金湖社区", "subject", "金湖社区报送案例")
