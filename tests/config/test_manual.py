from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import generate
from docs.reasons import ORGANIZERS_ONLY, codes_explained, reasons_page
from intake.replies.keys import FINDING_CODES
from tests.intake.replies.test_reply_wording import FORBIDDEN

ENTRY = re.compile(r"[^\n]+\n\n> [^\n]*目前：[^\n]+\n\n- 什么意思：[^\n]+。\n- 怎么办：[^\n]+。\n- 例子：[^\n]+[。”]")


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    assert generate.main(["--check"]) == 0, "run: python -m docs.generate"


@pytest.mark.parametrize("name", ["configuration.md", "回信用语.md", "常见补充原因.md"])
def test_a_stale_page_is_noticed_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(generate, "FOLDER", tmp_path)

    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / name).write_text("old", encoding="utf-8")
    assert generate.main(["--check"]) == 1


def test_every_field_of_the_manual_is_described() -> None:
    undescribed = [line for line in generate.manual().splitlines() if line.startswith("| `") and line.endswith("|  |")]

    assert undescribed == []


def test_every_point_a_letter_can_make_is_explained_to_those_who_receive_it() -> None:
    told = set(FINDING_CODES) - ORGANIZERS_ONLY

    assert (told - set(codes_explained()), set(codes_explained()) - told) == (set(), set())


def test_every_explanation_says_what_the_letter_says_what_it_means_what_to_do_and_an_example() -> None:
    entries = "\n".join(reasons_page()).split("\n### ")[1:]

    assert len(entries) == len(codes_explained())
    assert [entry for entry in entries if not ENTRY.fullmatch(entry.strip().partition("\n## ")[0].strip())] == []


def test_page_for_submitters_speaks_as_letters_do() -> None:
    page = "\n".join(reasons_page())

    assert [word for word in FORBIDDEN if word in page] == []
    assert re.findall(r"[{}]", page) == []
