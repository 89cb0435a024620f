"""`intake check`: a verdict without a mailbox."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.campaign import preset_names
from config.layers import SETTINGS_FILE
from config.settings import CAMPAIGNS_FOLDER, SENTENCES_FOLDER
from intake.bootstrap import make_offline_executor
from intake.calls import Call, load_call, load_calls
from intake.cli.folder import settings_of
from intake.cli.progress import sign_of_life
from intake.cli.report_json import say_problem, to_json, worst_verdict
from intake.cli.times import receipt_time
from intake.desks.appraise import Appraisal, AppraiseDesk, JudgedCase
from intake.errors import OperatorError
from intake.figures.ledger_words import IGNORED, ROLES, STATES
from intake.model import Document, Photo, Problem
from intake.replies import describe_finding
from intake.wording import CHINESE_DATES, clean_text, clean_title
from parsers.limits import DEFAULT_LIMITS

COUNTED_ROLES = frozenset({"case", "duplicate"})
"""Documents whose length matters; a form's text is its cells."""
WHY_NOT = {
    "same_picture": "与另一张相同",
    "too_small": "尺寸过小",
    "logo": "标志或图标",
    "signature": "签名中的图片",
    "tracking_pixel": "隐藏的追踪图片",
    "unreadable": "不能读取",
}


def check_paths(paths: Sequence[Path], *, campaign: str, received_at: str, as_json: bool, folder: Path) -> int:
    """Judge `paths` and print the verdict; exit status 0 (accepted or ignored) or 1."""
    call = call_named(campaign, folder)
    at = receipt_time(received_at, call.campaign.zone)
    with tempfile.TemporaryDirectory(prefix="intake-check-") as jobs, sign_of_life(f"正在读取 {len(paths)} 项…"):
        executor = make_offline_executor()
        try:
            desk = AppraiseDesk(executor, limits=DEFAULT_LIMITS, jobs=Path(jobs))
            appraisal = desk.appraise(paths, call, received_at=at)
        finally:
            executor.close()
    if as_json:
        # JSON is UTF-8 (RFC 8259 §8.1); where the output is not, plain ASCII is both.
        readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(to_json(appraisal), ensure_ascii=not readable, indent=2))
    else:
        _print(appraisal)
    return 0 if worst_verdict(appraisal) in (None, "accepted") else 1


def call_named(name: str, folder: Path) -> Call:
    """The campaign of this name: the folder's own, else a preset or a file; without a name the folder's only one.

    Raises: ConfigError; OperatorError when it is not clear which.
    """
    if name:
        own = folder / CAMPAIGNS_FOLDER / f"{name}.toml"
        return load_call(own if own.is_file() else name, sentences=folder / SENTENCES_FOLDER)
    if not (folder / SETTINGS_FILE).is_file():
        raise OperatorError(f"请用 --campaign 写明是哪个活动：{'、'.join(preset_names())}，或活动文件的路径。")
    calls = load_calls(settings_of(folder))
    if len(calls) > 1:
        ids = "、".join(call.campaign.id for call in calls)
        raise OperatorError(f"工作文件夹里有几个活动（{ids}），请用 --campaign 写明一个。")
    return calls[0]


def _print(appraisal: Appraisal) -> None:
    zone = appraisal.call.campaign.timezone
    for letter in appraisal.letters:
        at = CHINESE_DATES.write_moment(letter.received_at, zone)
        what = f"非报送来信（{IGNORED.get(letter.ignored, letter.ignored)}）" if letter.ignored else "报送材料"
        behalf = f"（转来，原发件人 {clean_text(letter.on_behalf_of)}）" if letter.on_behalf_of else ""
        print(f"{clean_text(letter.name)}：{at}收到，{what}{behalf}")
    for case in appraisal.cases:
        _print_case(case, appraisal.call)
    if not appraisal.cases and not appraisal.letters:
        print("没有可以核对的材料。")


def _print_case(case: JudgedCase, call: Call) -> None:
    revision, judgement = case.revision, case.judgement
    print(f"{clean_title(revision.title) or '（没有标题）'}：{STATES[judgement.verdict]}")
    for file in revision.files:
        print(f"  · {clean_text(file.name)}  {_about(file)}")
    for link in revision.linked:
        where = call.language.say(f"provider.{link.file.provider}")
        print(f"  · {clean_text(link.file.name) or '（未写文件名）'}  {where}，未下载")
    for finding in judgement.findings:
        mark = {"fix": "✗", "human": "?", "note": "·"}[finding.severity]
        print(f"  {mark} {describe_finding(finding, call.language, call.letterhead)}")
    if judgement.settled:
        labels = [call.language.say(f"check.{rule.check}") for rule in call.checks if rule.id in judgement.settled]
        print(f"  ✓ 已符合：{'、'.join(dict.fromkeys(labels))}")


def _about(file: Document | Photo | Problem) -> str:
    match file:
        case Document():
            main = file.facts.counts.get("main") if file.role in COUNTED_ROLES else None
            about = "约" if main and main.words.reason == "ocr" else ""
            return f"{ROLES[file.role]}，{about}{main.words.value}字" if main else ROLES[file.role]
        case Photo():
            size = f"{file.facts.width_px}×{file.facts.height_px}"
            return f"照片，{size}" if file.counted else f"照片，{size}，未计入：{WHY_NOT[file.why_not or 'unreadable']}"
        case Problem():
            return say_problem(file)
