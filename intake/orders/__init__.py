"""What organizers order by answering a mail, in plain Chinese: words in, orders out. Pure.

Strict on purpose: a sentence is an order only when every word of it is understood. "先不要通过17号"
and "17号通过了吗" hold a number and 通过, and order nothing.
"""

from __future__ import annotations

from intake.orders.grammar import read_orders
from intake.orders.numbers import case_number
from intake.orders.order import Action, Order, Unclear, Understood, Until, Vocabulary
from intake.orders.sentinel import SENTINEL, above_sentinel

__all__ = [
    "SENTINEL",
    "Action",
    "Order",
    "Unclear",
    "Understood",
    "Until",
    "Vocabulary",
    "above_sentinel",
    "case_number",
    "read_orders",
]
