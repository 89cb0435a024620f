"""Cases kept for counting are always those on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from intake.web.counted import CountedCases, of_campaign, opened, per_category
from storage.records.casebook import NewCase
from storage.unit_of_work import UnitOfWork
from tests.intake.web.conftest import NOW, Page


def add(
    work: UnitOfWork,
    number: int,
    *,
    campaign: str = "huli-2022",
    state: str = "accepted",
    category: str | None = None,
) -> int:
    """A case received long before it is put on record."""
    case = NewCase(
        campaign=campaign,
        number=f"HL22-{number:04d}",
        sender_address="x@qq.example",
        state=state,
        opened_at=NOW - timedelta(days=number),
    )
    id_ = work.cases.open(case).id
    if category is not None:
        work.cases.change(id_, at=NOW, category=category)
    return id_


def changed(work: UnitOfWork) -> None:
    case = work.cases.by_number("HL22-0002")
    assert case is not None
    work.cases.change(case.id, at=NOW + timedelta(minutes=1), state="withdrawn", unit="海沧社区", category="小区治理")


def moved(work: UnitOfWork) -> None:
    case = work.cases.by_number("HL22-0003")
    assert case is not None
    work.cases.renumber(case.id, campaign="xuzhou-2015", number="XZ15-0001", at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("happens", [changed, moved, lambda work: add(work, 9), lambda work: None])
def test_what_is_kept_is_what_a_first_look_would_find(page: Page, happens: Callable[[UnitOfWork], object]) -> None:
    store, kept = page.records.store, CountedCases()
    with store.write() as work:
        for number in (2, 3, 4):
            add(work, number)
    with store.read() as view:
        kept.lines(view, period=1)
    with store.write() as work:
        happens(work)

    with store.read() as view:
        again, anew = kept.lines(view, period=1), CountedCases().lines(view, period=1)

    assert again == anew


def test_a_change_under_a_clock_set_back_is_seen_in_the_next_period(page: Page) -> None:
    store, kept = page.records.store, CountedCases()
    with store.write() as work:
        case = add(work, 2)
        work.cases.change(case, at=NOW + timedelta(hours=2), state="needs_fix")
    with store.read() as view:
        kept.lines(view, period=1)
    with store.write() as work:
        work.cases.change(case, at=NOW, state="withdrawn")

    with store.read() as view:
        states = [{line.id: line.state for line in kept.lines(view, period=period)}[case] for period in (1, 2)]

    assert states == ["needs_fix", "withdrawn"]


def test_cases_are_counted_by_campaign_category_state_and_quarter_of_an_hour(page: Page) -> None:
    with page.records.store.write() as work:
        add(work, 2, category="小区治理")
        add(work, 3, category="小区治理", state="needs_fix")
        add(work, 4, campaign="xuzhou-2015")
    with page.records.store.read() as view:
        lines = CountedCases().lines(view, period=1)

    mine = of_campaign(lines, "huli-2022", test=False)

    assert per_category(mine)["小区治理", "accepted"] == 1
    assert per_category(mine)["小区治理", "needs_fix"] == 1
    assert opened(mine, since_at=NOW - timedelta(days=3)) == [
        datetime(2022, 12, 5, 1, 0, tzinfo=UTC),
        datetime(2022, 12, 4, 1, 30, tzinfo=UTC),
        datetime(2022, 12, 3, 1, 30, tzinfo=UTC),
    ]
