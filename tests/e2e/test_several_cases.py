"""A bureau sends several cases in one letter, over real IMAP and SMTP."""

from __future__ import annotations

import pytest

from tests.e2e.material import case, photos
from tests.e2e.world import World
from tests.letters import Draft, File

pytestmark = pytest.mark.server

SENDER = "minzheng@huli.example.cn"


def test_two_cases_of_one_letter_get_one_answer_and_the_repair_of_one_another(one_world: World) -> None:
    pictures = [
        File(f"{name}{at}.jpg", picture.data, picture.media_type)
        for name, first in (("金安", 100), ("高林", 200))
        for at, picture in enumerate(photos(first))
    ]
    whole, short = case("grid_ledger"), case("kitchen_smoke", without_last_section=True)
    texts = [
        File(f"{unit}案例.docx", text.data, text.media_type)
        for unit, text in (("金安社区", whole), ("高林社区", short))
    ]
    one_world.arrives(Draft(subject="报送湖里区社区治理创新案例", sender=SENDER, files=(*texts, *pictures)))
    one_world.work(minutes=1)
    (asked,) = one_world.replies()
    assert (asked.kind, "HL22-0001" in asked.text, "HL22-0002" in asked.text) == ("fix_request", True, True)
    repair = Draft(subject="补充", sender=SENDER, in_reply_to=asked.message_id, files=(case("kitchen_smoke"),))
    one_world.arrives(repair)

    one_world.work(minutes=1)

    assert [(each.number, each.verdict) for each in one_world.cases()] == [
        ("HL22-0001", "accepted"),
        ("HL22-0002", "accepted"),
    ]
    receipt = one_world.replies()[-1]
    assert (receipt.kind, receipt.number, "HL22-0001" in receipt.text) == ("receipt", "HL22-0002", False)
