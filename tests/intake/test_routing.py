"""Which of several campaigns a letter is meant for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.campaign import Campaign, preset_text
from intake.calls import Call, load_call, route
from parsers.facts import Address, LetterFacts

BOX = "anli@huli.example"
OPEN_FOR_A = datetime(2022, 12, 5, tzinfo=UTC)
OPEN_FOR_BOTH = datetime(2022, 12, 15, tzinfo=UTC)
OPEN_FOR_NONE = datetime(2023, 6, 1, tzinfo=UTC)


def a_call(folder: Path, name: str, **campaign: object) -> Call:
    """The preset `example` as a campaign of its own."""
    path = folder / f"{name}.toml"
    path.write_text(preset_text("example"), encoding="utf-8")
    call = load_call(path)
    changed = {"id": name, "title": f"{name}案例征集", **campaign}
    fields = {key: getattr(call.campaign, key) for key in Campaign.model_fields} | changed
    return Call(Campaign.model_construct(**fields), call.checks, call.letterhead, call.signs, call.language)


@pytest.fixture
def calls(tmp_path: Path) -> tuple[Call, ...]:
    """`a` is open from 1 to 20 December, `b` from 10 to 30 December."""
    routing = type(load_call("example").campaign.routing)
    return (
        a_call(
            tmp_path,
            "a",
            opens_at=datetime(2022, 12, 1, tzinfo=UTC),
            closes_at=datetime(2022, 12, 20, tzinfo=UTC),
            routing=routing(addresses=("A-Anli@huli.example",), plus_tags=("aa",), subject_keywords=("甲区", "Alpha")),
        ),
        a_call(
            tmp_path,
            "b",
            opens_at=datetime(2022, 12, 10, tzinfo=UTC),
            closes_at=datetime(2022, 12, 30, tzinfo=UTC),
            routing=routing(addresses=("b-anli@huli.example",), plus_tags=("bb",), subject_keywords=("乙区",)),
        ),
    )


def a_letter(subject: str = "报送案例", *, to: str = BOX, cc: str | None = None) -> LetterFacts:
    copies = (Address(address=cc),) if cc else ()
    return LetterFacts(subject=subject, to=(Address(address=to),), cc=copies)


@pytest.mark.parametrize(
    ("letter", "at", "thread", "meant", "evidence"),
    [
        (a_letter("乙区", to="b-anli@huli.example"), OPEN_FOR_BOTH, "a", ["a"], "回复我方来信"),
        (a_letter(to="b-anli@huli.example"), OPEN_FOR_BOTH, "gone", ["b"], "收件地址"),
        (a_letter("乙区", to="a-anli@HULI.example"), OPEN_FOR_BOTH, None, ["a"], "收件地址"),
        (a_letter("甲区", cc="b-anli@huli.example"), OPEN_FOR_BOTH, None, ["b"], "收件地址"),
        (a_letter("甲区", to="anli+BB@huli.example"), OPEN_FOR_BOTH, None, ["b"], "收件地址"),
        (a_letter("甲区报送案例"), OPEN_FOR_BOTH, None, ["a"], "主题"),
        (a_letter("ALPHA case"), OPEN_FOR_BOTH, None, ["a"], "主题"),
        (a_letter("甲区报送案例"), OPEN_FOR_NONE, None, ["a"], "主题"),
        (a_letter(), OPEN_FOR_A, None, ["a"], "收到时正在征集"),
        (a_letter(), OPEN_FOR_BOTH, None, ["a", "b"], "收到时正在征集"),
        (a_letter("甲区、乙区报送案例"), OPEN_FOR_A, None, ["a", "b"], "主题"),
        (a_letter(to="a-anli@huli.example", cc="b-anli@huli.example"), OPEN_FOR_A, None, ["a", "b"], "收件地址"),
        (a_letter(), OPEN_FOR_NONE, None, [], "没有与来信对应的征集活动"),
    ],
    ids=[
        "our thread before everything",
        "thread of a campaign that is gone",
        "own address in any case",
        "own address in Cc",
        "plus-tag in any case",
        "subject keyword",
        "subject keyword in any case",
        "subject keyword after the close",
        "only one is open",
        "both are open",
        "both keywords, though only one is open",
        "both addresses",
        "none",
    ],
)
def test_letter_goes_to_the_call_that_the_first_fitting_sign_names(
    calls: tuple[Call, ...], letter: LetterFacts, at: datetime, thread: str | None, meant: list[str], evidence: str
) -> None:
    way = route(letter, calls, received_at=at, thread=thread)

    assert ([call.campaign.id for call in way.calls], way.evidence) == (meant, evidence)
    assert (way.call.campaign.id if way.call else None) == (meant[0] if len(meant) == 1 else None)


def test_window_includes_its_first_moment_and_not_its_last(calls: tuple[Call, ...]) -> None:
    opens, closes = calls[1].campaign.opens_at, calls[0].campaign.closes_at
    assert opens is not None
    assert closes is not None

    at_opening = route(a_letter(), calls, received_at=opens)
    at_close = route(a_letter(), calls, received_at=closes)

    assert [call.campaign.id for call in at_opening.calls] == ["a", "b"]
    assert [call.campaign.id for call in at_close.calls] == ["b"]


def test_single_call_takes_everything(calls: tuple[Call, ...]) -> None:
    way = route(a_letter("乙区", to="b-anli@huli.example"), calls[:1], received_at=OPEN_FOR_NONE, thread="b")

    assert way.call is calls[0]
