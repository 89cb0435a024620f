"""OpenDocument, OFD, saved pages and sheets damaged at random: each ends in facts or in a named problem."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from parsers.facts import Reading
from parsers.limits import Limits
from parsers.reading import read_file
from tests.fuzz.conftest import Clocked
from tests.fuzz.wounds import INPUTS, SEED, opened_by_another, wounded, wounded_package
from tests.parsers.documents.odt_files import write_odt
from tests.parsers.documents.test_html import DATA, mht, page_part, picture_part
from tests.parsers.documents.test_ofd import image, text, write_ofd
from tests.parsers.documents.test_sheet import ods, workbook, xls

LIMITS = Limits(members=50, members_bytes=5_000_000, text_characters=100_000)
PIECES = (
    b"<", b">", b"/>", b'"', b"'", b"]]>", b"&#0;", b"&#xD800;", b"&lol;", b"\x00", b"\xff\xfe", b"-1", b"99999999999999999999", b"1e309", b"nan",
    b"g 999999999 5 ", b" text:c='99999999'", b" table:number-columns-repeated='99999999'", b"<text:list>", b"<text:p>", b"<table:table>",
    b"<ofd:CompositeObject ResourceID='30'/>", b"<ofd:PageBlock>", b" CTM='0 0 0 0 0 0'", b" Boundary='1e9 1e9 1e9 1e9'", b"<td rowspan=65534>",
    b"<div>" * 50, b"</table>", b"<pre>", b"style='font-size:1e9em;display:none'", b"<img src='data:image/png;base64,AAA'>", b"<style>{{{", b"}",
    b"<!DOCTYPE a [<!ENTITY lol SYSTEM 'file:///etc/passwd'>]>", b"r='XFD1048576'", b"<c r='ZZZ9999999'><v>1</v></c>", b"--x\r\n",
)  # fmt: skip
BODY = (
    "<text:h text:outline-level='1'>背景</text:h><text:list><text:list-item><text:p>甲<text:s text:c='3'/></text:p></text:list-item>"
    "</text:list><table:table><table:table-row><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>"
    "<text:p><draw:frame svg:width='5cm' svg:height='2cm'><draw:image xlink:href='Pictures/a.png'/></draw:frame></text:p>"
)
PAGE = f"<html><style>p.a{{font-size:16pt}}</style><body><h1>背景</h1><ol><li>甲</ol><table><tr><td rowspan=2>乙<td>丙</table><img src='{DATA}'>"


def _ofd(path: Path) -> Path:
    return write_ofd(
        path, text("背景与起因", y=30) + image(0, 50, 20, 20), text("甲乙", y=30), composite=text("丙", y=9)
    )


def _odt(path: Path) -> Path:
    return write_odt(path, BODY, Pictures__a_png=b"\x89PNG")


WRITTEN: dict[str, Callable[[Path], Path]] = {"odt": _odt, "ofd": _ofd, "xlsx": workbook, "ods": ods, "xls": xls}


@pytest.mark.parametrize("kind", [*WRITTEN, "html", "mht"])
def test_damaged_file_ends_in_facts_or_a_named_problem(kind: str, tmp_path: Path, clocked: Clocked) -> None:
    raw = WRITTEN[kind](tmp_path / "whole").read_bytes() if kind in WRITTEN else PAGE.encode("gb18030")
    if kind == "mht":
        raw = mht(page_part(PAGE), picture_part("Content-ID: <a>"))
    random = Random(f"{SEED} {kind}")
    trouble: list[str] = []
    for number in range(-(-INPUTS // 4)):
        data = wounded_package(raw, random, PIECES) if raw[:2] == b"PK" else wounded(raw, random, PIECES)
        path = tmp_path / "damaged"
        path.write_bytes(data)

        with tempfile.TemporaryDirectory() as job, clocked(kind):
            reading = read_file(path, Path(job), LIMITS)

        problem = reading.problem
        if problem is not None and problem.code == "reader_failed" and not opened_by_another(problem):
            trouble.append(f"{kind} {number}: {problem.detail}")
        assert Reading.model_validate_json(reading.model_dump_json()) == reading
    assert trouble == []
