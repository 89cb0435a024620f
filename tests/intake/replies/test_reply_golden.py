"""Every kind of letter, word for word. To accept a change: INTAKE_REWRITE_GOLDEN=1 pytest, then read the difference."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import pytest

from intake.replies import ReplyKind, compose, load_language
from tests.intake.replies.occasions import LANGUAGES, SITUATIONS

GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("INTAKE_REWRITE_GOLDEN") == "1"
LOADED = {name: load_language(name) for name in LANGUAGES}


@pytest.mark.parametrize("name", SITUATIONS)
def test_letter_of_each_kind_reads_as_its_golden_file(name: str) -> None:
    situation = SITUATIONS[name]

    draft = compose(situation.occasion, situation.letterhead, situation.reports, language=LOADED[situation.language])

    text, page = GOLDEN / f"{name}.txt", GOLDEN / f"{name}.html"
    said = f"{draft.subject}\n\n{draft.text}"
    if REWRITE:
        text.write_text(said, encoding="utf-8", newline="\n")
        page.write_text(draft.html, encoding="utf-8", newline="\n")
    assert said == text.read_text(encoding="utf-8")
    assert draft.html == page.read_text(encoding="utf-8")


def test_every_kind_of_letter_has_its_golden_files() -> None:
    assert {situation.occasion.kind for situation in SITUATIONS.values()} == set(get_args(ReplyKind))


def test_golden_folder_holds_nothing_that_is_no_longer_written() -> None:
    expected = {f"{name}.{ending}" for name in SITUATIONS for ending in ("txt", "html")}

    assert {path.name for path in GOLDEN.iterdir()} == expected
