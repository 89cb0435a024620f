"""The table of the long harnesses: what is added up, and what makes it a failure."""

from __future__ import annotations

from typing import Any

import pytest

from bench.torture import HARNESSES, NOTES, ROOT, is_well, main, report

KILLS = {
    "harness": "deaths at random moments",
    "kills": 300,
    "lost": 0,
    "filed_twice": 0,
    "answered_twice": 2,
    "wrong": 0,
    "peak_bytes": 120_000_000,
    "longest_seconds": 3.24,
}
FAULTS = {"harness": "on the wire", "struck": 1200, "answered_twice": 1}
INPUTS = {"harness": "damaged zip", "inputs": 2000, "peak_bytes": 90_000_000, "longest_seconds": 6.7}


def test_lines_of_one_harness_are_one_row_and_the_last_row_is_all_of_them() -> None:
    told = [" ".join(line.split()) for line in report([KILLS, FAULTS, INPUTS, KILLS])]

    assert told == [
        "harness kills faults inputs tried letters lost filed twice answered twice wrong peak MB worst s",
        "deaths at random moments 600 0 0 0 0 4 0 120 3.2",
        "on the wire 0 1,200 0 0 0 1 0",
        "damaged zip 0 0 2,000 0 0 0 0 90 6.7",
        "all 600 1,200 2,000 0 0 5 0 120 6.7",
        "",
        *NOTES,
    ]


@pytest.mark.parametrize("wrong", [{"lost": 1}, {"filed_twice": 1}, {"wrong": 1}])
def test_one_broken_promise_among_many_harnesses_is_a_failure(wrong: dict[str, Any]) -> None:
    assert (is_well([KILLS, FAULTS]), is_well([KILLS, FAULTS | wrong])) == (True, False)


def test_harnesses_that_tried_nothing_prove_nothing() -> None:
    assert not is_well([{"harness": "idle"}])


def test_every_harness_named_is_there() -> None:
    assert [path for paths in HARNESSES.values() for path in paths if not (ROOT / path).exists()] == []


def test_a_harness_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kils"]) == 2
    assert capsys.readouterr().err == ("no such harness: kils; there are kills, faults, inputs, hostile, writers\n")
