"""A whole fortnight: asked, reminded twice in office hours, completed; the digest says so."""

from __future__ import annotations

import pytest

from tests.e2e.material import case, without_last_section
from tests.e2e.world import BEGIN, ORGANIZER, World
from tests.letters import Draft

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"


def test_who_stays_silent_is_reminded_on_friday_and_monday_and_who_completes_is_not(one_world: World) -> None:
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    for sender in ("silent@qq.example", "prompt@qq.example"):
        name = "grid_ledger" if sender.startswith("silent") else "kitchen_smoke"
        one_world.arrives(Draft(subject=SUBMISSION, sender=sender, files=without_last_section(name)))
        one_world.work(minutes=1)
    asked = one_world.replies("prompt@qq.example")[0]
    repair = Draft(
        subject=f"回复：{asked.subject}",
        sender="prompt@qq.example",
        files=(case("kitchen_smoke"),),
        in_reply_to=asked.message_id,
    )
    one_world.arrives(repair)
    one_world.work(minutes=1)

    reminded = []
    for day in range(14, 22):
        for hour in (7, 9, 12, 18):
            before = len(one_world.replies("silent@qq.example"))
            one_world.clock.set(BEGIN.replace(day=day, hour=hour))
            one_world.work()
            reminded += [(day, hour, each.kind) for each in one_world.replies("silent@qq.example")[before:]]

    assert reminded == [(16, 9, "reminder"), (19, 9, "reminder")]
    assert [each.kind for each in one_world.replies("prompt@qq.example")] == ["fix_request", "receipt"]
    told = [each.text for each in one_world.everything_sent() if each.kind == "digest"]
    assert [
        [day in text for text in told].count(True) for day in ("12月16日09:00已发提醒", "12月19日09:00已发提醒")
    ] == [1, 1]
