"""In which company letters are read anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.edges.letters_to_reread import by_case
from storage.store import Store
from tests.storage.samples import NOON, case, letter, minutes, sha

CASES = {"HL22-0001": range(100), "HL22-0002": range(99, 102), "HL22-0003": range(102, 104)}
"""The hundredth letter brought two cases; the third case has nothing in common with them."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(data_dir=tmp_path)
    opened.open()
    with opened.write() as work:
        for each in range(105):
            work.letters.add(letter(each, received_at=minutes(each)))
        for number, letters in CASES.items():
            opened_case = work.cases.open(case(number))
            for each in letters:
                work.cases.join(opened_case.id, sha(each), joined_by="opened", at=NOON)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("wanted", "groups"),
    [
        (range(105), [range(102), range(102, 104), [104]]),
        ([101, 0], [[0], [101]]),  # what ties their cases together is read already
        ([101, 99, 0], [[0, 99, 101]]),
    ],
)
def test_letters_of_a_case_and_of_cases_that_share_one_are_read_together_however_many(
    store: Store, wanted: range | list[int], groups: list[range | list[int]]
) -> None:
    found = list(by_case(store, sorted(sha(each) for each in wanted)))

    assert sorted([each.sha256 for each in group] for group in found) == sorted(
        [sha(each) for each in group] for group in groups
    )
