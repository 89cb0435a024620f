"""Which version of a case ledger and export take, before the close, at it and after a person has chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.campaign import preset_text
from intake.bootstrap import make_decide_desk
from intake.errors import OperatorError
from tests.e2e.material import case, complete
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.letters import CHINA, Draft

JINAN = "jinan@qq.example"
SUBJECT = "报送湖里区社区治理创新案例"
LAST_DAY = datetime(2022, 12, 20, 9, 0, tzinfo=CHINA)
CLERK = "林秘书"
ORGANIZERS = f'[{{ name = "{CLERK}", address = "zuweihui@huli.example" }}]'


def standing(office: Office) -> tuple[str, int]:
    """The case's state and which of its versions stands."""
    (found,) = office.cases()
    with office.records.store.read() as view:
        revisions = view.cases.revisions(found.id)
    return found.state, next(each.ordinal for each in revisions if each.id == found.current_revision_id)


def replies_with_a_worse_text(office: Office) -> None:
    """A text that lacks its last part, in our thread."""
    receipt, text = office.answers()[0], case("grid_ledger", without_last_section=True)
    draft = Draft(subject=f"回复：{receipt.subject}", text="以此版为准。", sender=JINAN, files=(text,))
    office.arrives(replace(draft, in_reply_to=receipt.message_id))
    office.work()


def test_a_worse_version_stands_until_the_close_and_the_complete_one_from_then_on(open_at: Open) -> None:
    office = open_at()
    office.clock.set(LAST_DAY)
    office.arrives(Draft(subject=SUBJECT, sender=JINAN, files=complete()))
    office.work()
    office.clock.advance(timedelta(hours=6))

    replies_with_a_worse_text(office)
    before = standing(office)
    office.work(hours=9)
    after = standing(office)

    assert (before, after) == (("needs_fix", 2), ("accepted", 1))
    assert [mail.kind for mail in office.answers()] == ["receipt", "fix_request", "receipt"]


def test_a_version_that_is_not_there_cannot_be_chosen(open_at: Open) -> None:
    preset = open_at().folder / "huli.toml"
    text = preset_text("huli-2022").replace("[campaign]\n", f"[campaign]\norganizers = {ORGANIZERS}\n", 1)
    preset.write_text(text, encoding="utf-8")
    office = open_at(campaigns=(str(preset),))
    office.arrives(Draft(subject=SUBJECT, sender=JINAN, files=complete()))
    office.work()

    with pytest.raises(OperatorError, match="没有第7版，现有1版"):
        make_decide_desk(office.records).decide("HL22-0001", kind="choose", who=CLERK, why="试", version=7)

    assert standing(office) == ("accepted", 1)
