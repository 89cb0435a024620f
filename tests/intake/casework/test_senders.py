from __future__ import annotations

from datetime import UTC, datetime

from intake.casework.senders import unit_names
from intake.casework.signs import CampaignSigns
from intake.model import Letter
from parsers.facts import LetterFacts

SIGNS = CampaignSigns(title="2022年湖里区社区治理创新案例征集", organizers=("湖里区民政局",))


def letter(subject: str) -> Letter:
    return Letter("0" * 64, datetime(2022, 12, 5, tzinfo=UTC), LetterFacts(subject=subject))


def test_words_of_the_call_s_own_title_are_no_unit() -> None:
    assert unit_names(letter("湖里区社区治理创新案例照片"), (), SIGNS) == ()


def test_the_unit_beside_them_is_one() -> None:
    assert unit_names(letter("金安社区报送湖里区社区治理创新案例"), (), SIGNS) == ("金安社区",)
