from __future__ import annotations

from dataclasses import replace

import pytest

from intake.checks.summary_sheet import missing_titles
from intake.model import Document, Finding
from parsers.facts import Block
from tests.intake.checks.revisions import checks_of, document, revision, rule

LISTED = ("小网格办成大事情", "邻里议事厅化解停车难", "近邻食堂暖人心")


def sheet(*titles: str) -> Document:
    rows = [("序号", "案例名称", "报送单位"), *((str(n), title, "某街道") for n, title in enumerate(titles, 1))]
    blocks = tuple(
        Block(text=text, table=0, row=row, column=column)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
    )
    plain = document("汇总表.docx", role="summary_sheet")
    return replace(plain, facts=plain.facts.model_copy(update={"blocks": blocks}))


def test_cases_on_the_list_that_have_not_come_are_named() -> None:
    given = replace(revision(document(), sheet(*LISTED)), title="小网格办成大事情", reported=("近邻食堂暖人心",))

    assert rule("summary_sheet").findings(given) == (
        Finding(
            "summary_sheet",
            "summary_sheet",
            "listed_not_received",
            "note",
            file="汇总表.docx",
            values={"listed": 3, "received": 2, "titles": ("邻里议事厅化解停车难",)},
        ),
    )


def test_a_list_that_fits_is_not_mentioned() -> None:
    given = replace(revision(document(), sheet(*LISTED)), title=LISTED[1], reported=(LISTED[2], LISTED[0]))

    assert rule("summary_sheet").findings(given) == ()


def test_a_submission_without_a_list_is_not_compared() -> None:
    assert rule("summary_sheet").findings(revision(document())) == ()
    assert rule("summary_sheet").findings(revision(document(), sheet())) == ()


@pytest.mark.parametrize(
    ("received", "missing"),
    [
        ("小網格辦成大事情", ()),  # traditional script
        ("“小网格”办成大事情", ()),
        ("金安社区：小网格办成大事情", ()),  # the list shortens
        ("小网格办好大事情", ()),  # a typing error
        ("大网格里的烦心事", ("小网格办成大事情",)),
        ("", ("小网格办成大事情",)),
    ],
)
def test_titles_are_the_same_case_when_nearly_all_of_them_is(received: str, missing: tuple[str, ...]) -> None:
    assert missing_titles(["小网格办成大事情"], [received]) == missing


def test_one_received_case_stands_for_one_listed_title_and_the_likest_first() -> None:
    listed = ("金安社区议事厅案例一", "金安社区议事厅案例二")

    assert missing_titles(listed, ["金安社区议事厅案例二"]) == ("金安社区议事厅案例一",)


@pytest.mark.parametrize("preset", ["huli-2022", "xuzhou-2015"])
def test_presets_compare_the_list_as_advice_only(preset: str) -> None:
    [check] = [check for check in checks_of(preset) if check.name == "summary_sheet"]
    given = replace(revision(document(), sheet(*LISTED)), title=LISTED[0])

    assert [finding.severity for finding in check.findings(given)] == ["note"]
    assert not check.judges(given)
