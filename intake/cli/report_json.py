"""An appraisal as the JSON of `intake check --json`. The shape is a public contract: keys are added, never changed. Pure."""

from __future__ import annotations

from typing import Any

from intake.calls import Call
from intake.checks.required_sections import RequiredSections
from intake.desks.appraise import Appraisal, JudgedCase, JudgedLetter
from intake.model import Document, Finding, Photo, Problem, Verdict
from intake.replies import describe_finding
from parsers.facts import SharedFile

_WORST_FIRST: tuple[Verdict, ...] = ("needs_fix", "needs_human", "accepted")

_PROBLEMS = {
    "unsupported_format": "这种格式目前不能自动读取",
    "encrypted": "文件有密码，不能打开",
    "damaged": "文件不完整，不能打开",
    "part_missing": "压缩包分为几个分卷，还没有收齐",
    "no_text": "文件里是图片，没有可以读取的文字",
    "garbled_text": "文件里的文字不能识别",
    "empty": "文件是空的",
    "over_limit": "文件过大或内容过多，没有读取",
    "timed_out": "我方读取超时",
    "killed": "我方读取中断",
    "reader_failed": "我方读取出现意外情况",
}


def worst_verdict(appraisal: Appraisal) -> Verdict | None:
    """The verdict of the worst case; None without cases."""
    verdicts = {case.judgement.verdict for case in appraisal.cases}
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), None)


def to_json(appraisal: Appraisal) -> dict[str, Any]:
    """The one object `--json` prints."""
    ignored = None
    if not appraisal.cases and appraisal.letters:
        ignored = {"reason": appraisal.letters[-1].ignored}
    return {
        "campaign": appraisal.call.campaign.id,
        "verdict": worst_verdict(appraisal),
        "ignored": ignored,
        "cases": [_case(case, appraisal.call) for case in appraisal.cases],
        "unassigned": [file.name for file in appraisal.unassigned],
        "letters": [_letter(letter) for letter in appraisal.letters],
    }


def say_problem(problem: Problem) -> str:
    """Why a file could not be read, one clause for people."""
    return _PROBLEMS[problem.code]


def _case(case: JudgedCase, call: Call) -> dict[str, Any]:
    revision = case.revision
    return {
        "title": revision.title,
        "category": revision.category,
        "verdict": case.judgement.verdict,
        "documents": [_document(f, call) for f in revision.files if not isinstance(f, Photo) and f.format != "image"],
        "photos": [_photo(f) for f in revision.files if isinstance(f, Photo) or f.format == "image"],
        "findings": [_finding(finding, call) for finding in case.judgement.findings],
        "shares": [_share(link.file) | {"needed": link.needed} for link in revision.linked],
    }


def _document(file: Document | Problem, call: Call) -> dict[str, Any]:
    facts = file.facts if isinstance(file, Document) else None
    main = facts.counts.get("main") if facts is not None else None
    return {
        "name": file.name,
        "role": file.role,
        "format": file.format if file.format not in ("archive", "letter", "sheet") else "other",
        "words": main.words.value if main else None,
        "characters": main.characters.value if main else None,
        "characters_with_spaces": main.characters_with_spaces.value if main else None,
        "readable": facts is not None,
        "problem": say_problem(file) if isinstance(file, Problem) else None,
        "images": facts.pictures if facts is not None else None,
        "sections": _sections(file, call) if isinstance(file, Document) and file.role == "case" else [],
    }


def _sections(document: Document, call: Call) -> list[dict[str, Any]]:
    found = [one for rule in call.checks if isinstance(rule, RequiredSections) for one in rule.sections_in(document)]
    return [
        {
            "title": one.section,
            "found": one.is_there,
            "heading": one.heading.text if one.heading is not None else None,
            "words": one.heading.words if one.heading is not None else None,
        }
        for one in found
    ]


def _photo(file: Photo | Problem | Document) -> dict[str, Any]:
    facts = file.facts if isinstance(file, Photo) else None
    return {
        "name": file.name,
        "format": facts.kind if facts is not None else "other",
        "width_px": facts.width_px if facts is not None else None,
        "height_px": facts.height_px if facts is not None else None,
        "bytes": file.size_bytes,
        "source": file.source,
        "counted": isinstance(file, Photo) and file.counted,
        "why_not": file.why_not if isinstance(file, Photo) else "unreadable",
    }


def _finding(finding: Finding, call: Call) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "check": finding.check,
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "values": dict(finding.values),
        "text": describe_finding(finding, call.language, call.letterhead),
        "evidence": finding.evidence,
        "audience": finding.audience,
    }


def _letter(letter: JudgedLetter) -> dict[str, Any]:
    return {
        "name": letter.name,
        "received_at": letter.received_at.isoformat(),
        "ignored": {"reason": letter.ignored} if letter.ignored is not None else None,
        "cases": list(letter.cases),
        "shares": [_share(share) for share in letter.shares],
    }


def _share(share: SharedFile) -> dict[str, Any]:
    """A file the letter only links to; what it does not state is null."""
    return {
        "provider": share.provider,
        "url": share.url or None,
        "name": share.name or None,
        "bytes": share.size_bytes,
        "expires_at": share.expires_at.isoformat() if share.expires_at is not None else None,
        "expires_said": share.expires_said or None,
        "code": share.code or None,
    }
