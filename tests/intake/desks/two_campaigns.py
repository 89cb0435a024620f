"""Two campaigns with two organizers each, two cases, and all that an order may change."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.campaign import preset_text
from intake.orders import Until
from tests.e2e.material import complete, without_last_section
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.letters import Draft

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN, STREET = "jinan@qq.example", "jiedao@163.example"
LIN, WANG = "林秘书", "王主任"
CHRISTMAS = Until(at=datetime(2022, 12, 25, 16, tzinfo=UTC))


@pytest.fixture
def campaigns(tmp_path: Path) -> tuple[str, ...]:
    """huli-2022 with two organizers, and one like it for 平安建设."""
    people = 'organizers = [{ name = "林秘书", address = "lin@huli.example" }, { name = "王主任", address = "wang@huli.example" }]'
    text = preset_text("huli-2022").replace("[campaign]", f"[campaign]\n{people}", 1)
    other = text.replace('id = "huli-2022"', 'id = "pingan-2022"').replace("HL22", "PA22")
    for name, said, word in (("huli", text, "社区治理"), ("pingan", other, "平安建设")):
        routed = re.sub(r"(?m)^subject_keywords = .*$", f'subject_keywords = ["{word}"]', said)
        (tmp_path / f"{name}.toml").write_text(routed, encoding="utf-8")
    return (str(tmp_path / "huli.toml"), str(tmp_path / "pingan.toml"))


@pytest.fixture
def office(open_at: Open, campaigns: tuple[str, ...]) -> Office:
    """Two cases: HL22-0001 lacks a part and its fix request is not sent yet, HL22-0002 is complete."""
    office = open_at(campaigns=campaigns)
    office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=without_last_section()))
    office.work()
    office.clock.advance(timedelta(minutes=1))
    office.arrives(Draft(subject=SUBMISSION, sender=STREET, files=complete("kitchen_smoke")))
    office.work()
    return office


def standing(office: Office) -> dict[str, Any]:
    """Everything about the cases that an order may change, and every letter that may still leave."""
    with office.records.store.read() as view:
        cases = [
            {
                "case": (each.number, each.campaign, each.state, each.verdict, each.due_at, each.closes_at),
                "addresses": view.cases.addresses(each.id),
                "letters": sorted(letter.sha256 for letter in view.letters.of_case(each.id)),
                "decisions": view.cases.decisions(each.id),
                "found": (last.verdict, last.findings) if (last := view.cases.last_judgement(each.id)) else None,
                "answers": [
                    (mail.id, mail.state, mail.next_at)
                    for letter in view.letters.of_case(each.id)
                    for mail in view.outgoing.of_letter(letter.sha256)
                ],
            }
            for each in view.cases.list()
        ]
        leaving = [
            (m.id, m.state, m.next_at) for s in ("queued", "held", "retry_at") for m in view.outgoing.by_state(s)
        ]
        return {"cases": cases, "leaving": leaving, "ends": view.orders.ends()}
