"""The filed cases as a reader without the program can take them: one JSON a case.

Peers: the service's database, read only, and the output folder (`OSError`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.calls import Call
from intake.demo.clients import CHINA
from intake.edges.records import finding_from_json
from intake.replies import describe_finding
from storage.records.casebook import CaseRecord, JudgementRecord
from storage.unit_of_work import UnitOfWork


def write_cases(folder: Path, view: UnitOfWork, calls: Mapping[str, Call]) -> None:
    """`folder`/<number>.json for every case."""
    for case in view.cases.list():
        text = json.dumps(_case(view, case, calls[case.campaign]), ensure_ascii=False, indent=2)
        (folder / f"{case.number}.json").write_text(text + "\n", encoding="utf-8")


def _case(view: UnitOfWork, case: CaseRecord, call: Call) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "unit": case.unit,
        "contact": case.contact,
        "phone": case.phone,
        "category": case.category,
        "state": case.state,
        "received_at": _moment(case.opened_at),
        "letters": [
            {
                "sha256": letter.sha256,
                "received_at": _moment(letter.received_at),
                "from": letter.from_address,
                "subject": letter.subject,
                "ignored": letter.ignored,
            }
            for letter in view.letters.of_case(case.id)
        ],
        "revisions": [
            {
                "ordinal": revision.ordinal,
                "received_at": _moment(revision.received_at) if revision.received_at else None,
                "files": list(revision.summary["files"]),
                "judgements": [_judgement(judgement, call) for judgement in view.cases.judgements(revision.id)],
            }
            for revision in view.cases.revisions(case.id)
        ],
        "answers": [
            {"kind": mail.kind, "to": mail.to_address, "subject": mail.subject, "state": mail.state}
            for mail in view.outgoing.of_case(case.id)
        ],
    }


def _judgement(judgement: JudgementRecord, call: Call) -> dict[str, Any]:
    return {
        "verdict": judgement.verdict,
        "at": _moment(judgement.at),
        "findings": [dict(finding) for finding in judgement.findings],
        "in_words": list(_sentences(judgement, call, ("fix", "human", "note"))),
        "settled": list(judgement.settled),
    }


def _sentences(judgement: JudgementRecord | None, call: Call, severities: Sequence[str]) -> tuple[str, ...]:
    """What the judgement found, in words for organizers."""
    findings = (finding_from_json(found) for found in (judgement.findings if judgement else ()))
    return tuple(describe_finding(f, call.language, call.letterhead) for f in findings if f.severity in severities)


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat()
