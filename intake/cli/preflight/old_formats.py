"""Can documents of old formats be converted here? Peers: the reader processes, and the office program they have it done by."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from intake.cli.preflight.item import Item, fine, notice
from intake.edges.executors import Executor
from intake.errors import ReaderLostError
from parsers.documents.office import OfficeProgram, find_office
from parsers.facts import Reading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file

TRIAL_SECONDS = 30.0
_TRIAL = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0 SimSun;}}\f0 \u26696?\u20363?\par}"
"""案例, in the one old format that is text."""
_WHAT = "旧版文档"
_CONVERTED = "旧版 Word 文件可以转换（已用 {office} 试转换）：.doc、.wps、.rtf 自动读取（单独的进程，不运行宏，不联网）"
_ABSENT = (
    "没有装 LibreOffice：.doc、.wps（WPS 文字）、.rtf 照样读取；Word 97 以前的文件和 Works 文档收下、登记、转人工核对。"
    "装上 LibreOffice 后自动读取，不必改设置"
)
_BROKEN = "已装 {office}，但试转换没有成功"
_HOW_TO_MEND = (
    "可以照常使用：.doc、.wps、.rtf 改由程序自己读取，Word 97 以前的文件和 Works 文档收下、登记、转人工核对。"
    "请先打开一次 LibreOffice 看能否启动，不能就重新安装，再运行 intake doctor。"
)


class TrialConversion:
    """A small document on its way through a reader process and the office program; begun when made, where there is one."""

    def __init__(self, executor: Executor, folder: Path) -> None:
        """`folder`: existing, ours."""
        self._office: OfficeProgram | None = find_office()
        self._reading: Future[Reading] | None = None
        if self._office is not None:
            path, job = folder / "trial.rtf", folder / "trial"
            path.write_bytes(_TRIAL)
            job.mkdir()
            limits = DEFAULT_LIMITS.model_copy(update={"wall_seconds": TRIAL_SECONDS})
            self._reading = executor.submit(read_file, path, job, limits, limits=limits)

    def item(self) -> Item:
        """What came of it; waits for that."""
        if self._office is None or self._reading is None:
            return fine(_WHAT, _ABSENT)
        try:
            converted_by = self._reading.result(TRIAL_SECONDS * 2).converted_by
        except (ReaderLostError, OSError, TimeoutError):
            converted_by = ""
        if converted_by == self._office.name:
            return fine(_WHAT, _CONVERTED.format(office=self._office.name))
        return notice(_WHAT, _BROKEN.format(office=self._office.name), _HOW_TO_MEND)
