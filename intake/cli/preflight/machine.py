"""Is this machine fit for the work? Peers: its clock, its time zones, a reader process."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.cli.preflight.item import Item, fine, notice, wrong
from intake.cli.preflight.old_formats import TrialConversion
from intake.edges.executors.answers import Confinement
from intake.edges.executors.starts import MOST_AT_ONCE
from intake.edges.executors.worker_process import confinement
from intake.wording import CHINESE_DATES
from parsers.archives.programs import find_bsdtar, find_unar
from parsers.cage import Walls, in_force
from parsers.documents.ocr import is_installed as ocr_installed
from parsers.documents.ocr.launch import can_start as recogniser_starts

CLOCK_TOLERANCE = timedelta(minutes=5)
READER_SECONDS = 60.0
_TRIAL_TEXT = "社区治理案例"
_ARCHIVES_ARE_READ = "已装 unar 和 bsdtar：.rar 等压缩包自动打开（单独的进程，不联网）"
_ARCHIVES_ARE_LEFT = (
    "没有装齐 unar 和 bsdtar：.zip、.7z、.tar.gz 照样打开；.rar 和少数加密的 .zip 可能打不开，收下、登记、转人工核对。"
    "装上后自动打开，不必改设置"
)
_SCANS_ARE_READ = "已装文字识别：扫描的正文自动识别（不联网），字数按“约”告知，由人工核对"
_SCANS_ARE_LEFT = (
    "没有装文字识别：扫描件收下、登记、转人工核对。装上后可自动识别扫描的正文并估计字数（不联网，约250 MB）："
    "在程序文件夹运行 make ocr"
)


@dataclass(frozen=True, slots=True)
class Witness:
    """A time told by somebody else."""

    who: str
    at: datetime
    is_now: bool
    """True: their present time. False: something that lies in the past, so only a clock that is slow shows."""


def look_at_clock(now_at: datetime, zone: str, witnesses: Sequence[Witness]) -> tuple[Item, ...]:
    """Whether the machine's clock agrees with what others tell. Pure."""
    shown = CHINESE_DATES.write_moment(now_at, zone)
    for witness in witnesses:
        off = now_at - witness.at
        if witness.is_now and abs(off) > CLOCK_TOLERANCE:
            direction = "快" if off > timedelta() else "慢"
            said = f"本机时间{shown}，比{witness.who}{direction}{_span(abs(off))}"
            return (wrong("时钟", said, "请打开系统的自动校时。时间不准，等候和提示的时刻都会出错。"),)
        if not witness.is_now and -off > CLOCK_TOLERANCE:
            said = f"本机时间{shown}，早于{witness.who}（{CHINESE_DATES.write_moment(witness.at, zone)}）"
            return (notice("时钟", said, "本机的时间可能慢了。请打开系统的自动校时。"),)
    agreeing = "、".join(witness.who for witness in witnesses)
    return (fine("时钟", f"{shown}，与{agreeing}相符" if agreeing else f"{shown}（没有可以比对的时间，请看是否准确）"),)


def look_at_zones(names: Sequence[str]) -> tuple[Item, ...]:
    """Whether this machine knows the time zones that are needed."""
    try:
        for name in names:
            ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        advice = "请运行：python -m pip install tzdata"
        return (wrong("时区", f"本机没有时区资料（{name}），截止时间无法判断", advice),)
    return (fine("时区", "、".join(dict.fromkeys(names))),)


def look_at_readers() -> tuple[Item, ...]:
    """Whether files can be read here: one small file through a real reader process, and what this system cannot limit."""
    from intake.bootstrap import make_offline_executor
    from intake.errors import ReaderLostError
    from parsers.limits import DEFAULT_LIMITS
    from parsers.reading import read_file

    with tempfile.TemporaryDirectory(prefix="intake-doctor-") as folder:
        path, job = Path(folder) / "trial.txt", Path(folder) / "job"
        path.write_text(_TRIAL_TEXT, encoding="utf-8")
        job.mkdir()
        executor = make_offline_executor()
        try:
            converting = TrialConversion(executor, Path(folder))  # begun first: it takes longest
            reading = executor.submit(read_file, path, job, DEFAULT_LIMITS, limits=DEFAULT_LIMITS).result(
                READER_SECONDS
            )
            confined = executor.submit(confinement, limits=DEFAULT_LIMITS).result(READER_SECONDS)
            old_formats = converting.item()
        except (ReaderLostError, OSError, TimeoutError, ImportError) as error:
            advice = "请检查安全软件是否拦截了 Python 启动子进程，并重新安装本程序。"
            return (wrong("读取", f"读取文件的进程不能启动（{error}）", advice),)
        finally:
            executor.close()
    if reading.document is None:
        return (wrong("读取", "试读一个文本文件没有成功", "请重新安装本程序。"),)
    held = look_at_confinement(confined, programs=in_force())
    return (fine("读取", "可以读取文件（docx、pdf、txt、zip 和照片）"), held, old_formats, *_optional())


def look_at_confinement(confined: Confinement, *, programs: Walls) -> Item:
    """What holds readers in on this machine, and what cannot be had here; `programs`: what this process can build. Pure."""
    held = ["单独的进程", "限时"]
    absent: list[str] = []
    for is_had, word, lack in (
        (confined.ceilings, "限内存、处理器和文件大小", "不能限制内存和处理器"),
        (confined.no_network, "不能联网", "不能禁止联网"),
    ):
        (held if is_had else absent).append(word if is_had else lack)
    if confined.for_good:
        held.append("不能自行放宽")
    if confined.starts:
        held.append(f"不能另起程序（解压和识别除外，同时最多{MOST_AT_ONCE}个）")
    if confined.files:
        held.append("只打得开正在读的那一份文件")
    said = f"读取来件：{'、'.join(held)}；{_around_programs(confined, programs)}{_left_open(confined)}"
    if not absent:
        return fine("隔离", said)
    return notice("隔离", f"{said}；本系统{'、'.join(absent)}", "可以照常使用；收件量大时宜改用 Linux。")


def _around_programs(confined: Confinement, programs: Walls) -> str:
    """Of unpackers, which a reader starts, and of LibreOffice, which is started for it."""
    by = "bwrap" if programs == "sandbox" else "Landlock"
    return {
        "landlock": f"unar 等外部程序同样；旧格式（.doc、.rtf）另起 LibreOffice 转换，由 {by} 隔离，看不到本机的文件",
        "sandbox": "外部程序（LibreOffice、unar 等）另由 bwrap 隔离，看不到本机的文件",
        "sandbox_forbidden": "bwrap 在本机不能使用，外部程序看得到本机的文件",
        "no_sandbox": "没有 bwrap，外部程序看得到本机的文件",
        "time_alone": "外部程序只限时",
    }[confined.walls]


def _left_open(confined: Confinement) -> str:
    """What a reader could still do that has been taken over by a file."""
    said = ""
    if not confined.files:
        said += "；没有 Landlock（Linux 5.19 起），读取的进程打得开运行账号能打开的文件，宜用单独的账号运行"
    elif confined.local:
        said += "；没有封住本机的套接字"
    if confined.ceilings and not confined.for_good:
        said += "；读取的进程可以自行放宽限额"
    if confined.ceilings and not confined.starts:
        said += "；读取的进程另起程序的数量没有限制"
    return said


def _optional() -> tuple[Item, ...]:
    """What is not there, and what is lost without it."""
    archives = fine("压缩包", _ARCHIVES_ARE_READ if find_unar() and find_bsdtar() else _ARCHIVES_ARE_LEFT)
    return archives, _scans()


def _scans() -> Item:
    if not ocr_installed():
        return fine("扫描件", _SCANS_ARE_LEFT)
    if not recogniser_starts():
        advice = "可以照常使用；扫描件收下、登记、转人工核对。请在程序文件夹重新运行 make ocr。"
        return notice("扫描件", "已装文字识别，但在隔离环境里不能启动", advice)
    return fine("扫描件", _SCANS_ARE_READ)


def _span(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes}分钟"
    return f"{round(minutes / 60)}小时" if minutes < 48 * 60 else f"{round(minutes / 1440)}天"
