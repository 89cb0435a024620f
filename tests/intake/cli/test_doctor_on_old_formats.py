"""The doctor tries what it promises: a document of an old format goes through a reader process and the office program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.cli.preflight import old_formats
from intake.cli.preflight.item import Item
from intake.cli.preflight.old_formats import TrialConversion
from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.pebble_pool import PebbleExecutor
from parsers.documents import converted, rtf
from parsers.documents.office import OfficeProgram, find_office
from tests.conftest import RequireServer

HOW_TO_MEND = (
    "可以照常使用：.doc、.wps、.rtf 改由程序自己读取，Word 97 以前的文件和 Works 文档收下、登记、转人工核对。"
    "请先打开一次 LibreOffice 看能否启动，不能就重新安装，再运行 intake doctor。"
)


@pytest.fixture
def pool() -> Iterator[PebbleExecutor]:
    executor = PebbleExecutor(1)
    yield executor
    executor.close()


def test_a_conversion_is_tried_in_a_reader_process(
    pool: PebbleExecutor, tmp_path: Path, require_server: RequireServer
) -> None:
    office = find_office()
    require_server("LibreOffice", office)
    assert office is not None

    item = TrialConversion(pool, tmp_path).item()

    said = f"旧版 Word 文件可以转换（已用 {office.name} 试转换）：.doc、.wps、.rtf 自动读取（单独的进程，不运行宏，不联网）"
    assert item == Item("fine", "旧版文档", said)


def test_an_office_program_that_converts_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there and ends badly, as after a half-finished update: the file is read without it, and nobody would notice."""
    broken = OfficeProgram(Path("/bin/false"), Path("/usr/lib/libreoffice"), "7.4")
    for module in (old_formats, rtf, converted):
        monkeypatch.setattr(module, "find_office", lambda: broken)

    item = TrialConversion(InlineExecutor(), tmp_path).item()

    assert item == Item("notice", "旧版文档", "已装 LibreOffice 7.4，但试转换没有成功", HOW_TO_MEND)


def test_without_an_office_program_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_formats, "find_office", lambda: None)

    item = TrialConversion(InlineExecutor(), tmp_path).item()

    assert (item.mark, item.said.partition("：")[0]) == ("fine", "没有装 LibreOffice")
    assert list(tmp_path.iterdir()) == []
