"""Which addresses may speak for a case beside those its letters came from. Pure.

Its letters' own recipients, the few that a forwarded original names, and the one its form gives.
A list that went to everybody (the call itself, passed on) makes nobody part of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from intake.casework.known import from_form
from intake.model import Letter, ReadFile

_FEW = 8
"""As many people work on one case; a longer list is a distribution list."""
_MAILBOX = r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.){1,6}[A-Za-z]{2,24}"
ADDRESS = re.compile(rf"(?<![\w.+\-]){_MAILBOX}(?![\w\-])")
"""One address in running text."""
_LABELLED = re.compile(
    r"(?im)^(?:(?!\n)[\s>|*])*+(?:发\s?件\s?人|寄件[人者]|發件人|收\s?件\s?[人者]|抄\s?送\s?[人至]?|副本|From|To|Cc)\s*+(?:\*++\s*+)?[:：](.{1,2000})$"
)


def related_addresses(letter: Letter, files: Sequence[ReadFile], *, organizers: Iterable[str] = ()) -> frozenset[str]:
    """Addresses of people beside the sender of `letter` who belong to the case it brings, lower-case; may be empty.

    `files`: what it brings, roles assigned. `organizers`: addresses that never belong to a case.
    """
    facts = letter.facts
    groups = (
        [each.address for each in (*facts.to, *facts.cc)],
        [address for labelled in _LABELLED.findall(facts.quoted) for address in ADDRESS.findall(labelled)],
        [address for known in from_form(files, "email") for address in ADDRESS.findall(known.value)],
    )
    few = (found for group in groups if len(found := {address.casefold() for address in group if address}) <= _FEW)
    apart = {address.casefold() for address in organizers}
    if facts.sender is not None:
        apart.add(facts.sender.address.casefold())
    return frozenset().union(*few) - apart
