"""Under which name an organizer's orders are recorded."""

from __future__ import annotations

import pytest

from config.campaign import Campaign, Organizer, load_campaign
from intake.errors import OperatorError
from intake.organizers import name_of, who_is

PEOPLE = (
    ("林秘书", "lin@huli.example"),
    ("王主任", "wang@huli.example"),
    ("王主任", "w2@huli.example"),
    ("张科长", "office@huli.example"),
    ("李科员", "Office@huli.example"),
)


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    """One person, two of one name, and two who share an address."""
    organizers = tuple(Organizer(name=name, address=address) for name, address in PEOPLE)
    return load_campaign("huli-2022").model_copy(update={"organizers": organizers})


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("LIN@huli.example", "林秘书"),
        ("wang@huli.example", "王主任（wang@huli.example）"),
        ("w2@huli.example", "王主任（w2@huli.example）"),
        ("office@huli.example", "张科长、李科员"),
        ("nobody@huli.example", ""),
        ("", ""),
    ],
)
def test_address_is_recorded_under_a_name_that_is_its_own_alone(campaign: Campaign, address: str, name: str) -> None:
    assert name_of(campaign, address) == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("林秘书", "林秘书"),
        (" 李科员 ", "李科员"),
        ("lin@huli.example", "林秘书"),
        ("W2@huli.example", "王主任（w2@huli.example）"),
    ],
)
def test_person_is_known_by_name_or_by_address(campaign: Campaign, said: str, name: str) -> None:
    assert who_is(campaign, said) == name


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("王主任", "名单里有几位“王主任”，请改写邮箱：w2@huli.example、wang@huli.example。"),
        ("过路人", "“过路人”不在活动文件的 organizers 名单里（现有：林秘书、王主任、张科长、李科员）"),
        ("x@huli.example", "不在活动文件的 organizers 名单里"),
        ("", "不在活动文件的 organizers 名单里"),
    ],
)
def test_person_who_is_not_known_for_certain_is_refused(campaign: Campaign, said: str, told: str) -> None:
    with pytest.raises(OperatorError) as refused:
        who_is(campaign, said)

    assert told in str(refused.value)
