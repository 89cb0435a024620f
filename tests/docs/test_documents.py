"""What the documents say of tests, letters, commands and other files is so."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from intake.cli.app import COMMANDS, GROUPS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
GOLDEN = ROOT / "tests" / "intake" / "replies" / "golden"
A_TEST = re.compile(r"`([\w/]+)::(test_\w+)`")
A_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}: \S")


def rows_of(document: Path) -> list[str]:
    """The rows of its tables, without their heads."""
    lines = document.read_text(encoding="utf-8").splitlines()
    return [
        line
        for number, line in enumerate(lines)
        if line.startswith("|") and not line.startswith("|---") and lines[number + 1 : number + 2] != ["|---|---|"]
    ]


@cache
def names_in(path: Path) -> frozenset[str]:
    """Names of the test functions of a file; empty when there is no such file."""
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_test_named_for_an_edge_case_exists() -> None:
    named = A_TEST.findall((ROOT / "docs" / "edge-cases.md").read_text(encoding="utf-8"))

    assert len(named) > 100
    assert [f"{file}::{test}" for file, test in named if test not in names_in(ROOT / "tests" / f"{file}.py")] == []


def test_every_edge_case_names_a_test_or_a_dated_reason() -> None:
    rows = rows_of(ROOT / "docs" / "edge-cases.md")

    assert len(rows) > 60
    assert [row for row in rows if not A_TEST.search(row) and not A_DATE.search(row)] == []


@pytest.mark.parametrize("name", ["receipt.txt", "fix_request.txt"])
def test_letter_shown_in_the_readme_is_the_one_that_is_sent(name: str) -> None:
    letter = (GOLDEN / name).read_text(encoding="utf-8").partition("\n\n（文件校验码")[0]

    assert f"```\n{letter}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_of_the_readme_is_there_and_every_command_is_in_the_readme() -> None:
    commands = {name for under_heading in COMMANDS.values() for name in under_heading}
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## 命令")[2].partition("\n## ")[0]

    assert set(re.findall(r"`intake (\w+)", table)) == {*commands, *GROUPS}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    ours = [link for link in links if not link.startswith(("http://", "https://"))]
    assert [link for link in ours if not (document.parent / unquote(link)).exists()] == []
