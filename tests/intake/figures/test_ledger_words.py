"""What the ledger, the page and the digest call things: nothing that is stored is shown by its own name."""

from __future__ import annotations

from typing import get_args

from intake.desks.admit import ADMITTED
from intake.desks.detach import DETACHED
from intake.figures.ledger_words import DECISIONS, MAIL_STATES
from intake.model import OutgoingState
from intake.orders import Action


def test_every_kind_of_decision_has_a_word() -> None:
    carried_out = set(get_args(Action)) - {"undo", "confirm"}  # those leave no decision of their own

    assert DECISIONS.keys() >= carried_out | {ADMITTED, DETACHED, "withdrawn", "disputed"}


def test_every_state_of_a_letter_of_ours_has_a_word() -> None:
    assert set(MAIL_STATES) == set(get_args(OutgoingState))
