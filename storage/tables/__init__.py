"""The tables, as SQLAlchemy Core sees them. Migrations make them; a test holds both equal.

Words of closed lists (outcomes, states, kinds) are plain text here: storage knows no
rule of a campaign. Addresses that are looked up are stored in lower case. `metadata`
is whole only with every module of this package, so all of them are loaded here.
"""

from __future__ import annotations

from storage.tables.casebook import (
    campaign_ends,
    case_addresses,
    case_letters,
    cases,
    decisions,
    former_numbers,
    judgements,
    merged_cases,
    revisions,
    sketch_values,
)
from storage.tables.contents import files, readings
from storage.tables.correspondence import (
    authentications,
    bounces,
    deferrals,
    hand_answers,
    letters,
    outgoing,
    outgoing_cases,
    outgoing_letters,
)
from storage.tables.mailbox import folders, out_of_window, sightings
from storage.tables.naming import metadata
from storage.tables.ordering import order_cases, orders, undone_orders
from storage.tables.running import counters, events, heartbeats, leases, marks, sign_ins

__all__ = [
    "authentications",
    "bounces",
    "campaign_ends",
    "case_addresses",
    "case_letters",
    "cases",
    "counters",
    "decisions",
    "deferrals",
    "events",
    "files",
    "folders",
    "former_numbers",
    "hand_answers",
    "heartbeats",
    "judgements",
    "leases",
    "letters",
    "marks",
    "merged_cases",
    "metadata",
    "order_cases",
    "orders",
    "out_of_window",
    "outgoing",
    "outgoing_cases",
    "outgoing_letters",
    "readings",
    "revisions",
    "sightings",
    "sign_ins",
    "sketch_values",
    "undone_orders",
]
