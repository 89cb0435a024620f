"""When a letter was received: the earliest moment its sender could not have written himself. Pure."""

from __future__ import annotations

import itertools
from datetime import datetime

from parsers.facts import LetterFacts
from storage.records.correspondence import LetterRecord


def received_at(letter: LetterRecord, facts: LetterFacts, own_hosts: frozenset[str]) -> datetime:
    """The earliest of INTERNALDATE over all sightings and the Received headers of the provider's own hosts.

    Only the unbroken run of own hosts at the top counts: below it the sender writes what he likes.
    Without either, the topmost Received header, then Date, then the moment we stored it.
    """
    run = itertools.takewhile(lambda hop: _is_own(hop.by, own_hosts), facts.received)
    own = [hop.at for hop in run if hop.at is not None]
    if letter.internal_at is not None:
        own.append(letter.internal_at)
    if own:
        return min(own)
    top = next((hop.at for hop in facts.received if hop.at is not None), None)
    return top or facts.date_at or letter.stored_at


def _is_own(host: str, own_hosts: frozenset[str]) -> bool:
    name = host.lower().rstrip(".")
    return any(name == own or name.endswith("." + own) for own in own_hosts)
