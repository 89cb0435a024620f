"""What can go wrong on the wire: every exchange our clients have, and every way to break it. The exchanges are recorded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tests.servers.dialogues import LETTER
from tests.servers.fault_proxy import Exchange, Fault, Way

Protocol = Literal["imap", "smtp"]

BROKEN: tuple[Way, ...] = ("cut_before", "cut_after", "cut_inside", "silence", "late", "garbled")
REFUSALS: dict[Protocol, tuple[str, ...]] = {
    "imap": ("NO refused by the proxy", "BAD what", "BYE server shuts down"),
    "smtp": (
        "421 4.3.0 shutting down",
        "450 4.2.0 not now",
        "451 4.7.1 greylisted",
        "535 5.7.8 authentication failed",
        "550 5.7.1 refused",
        "554 5.7.1 refused",
    ),
}
OF_ONE_LETTER = frozenset({"RCPT", "DATA", LETTER})
"""A 550 or 554 here is the server's word about this letter, for good."""
_IN_DOUBT: frozenset[Way] = frozenset({"cut_before", "cut_after", "cut_inside", "silence", "garbled"})
"""Of a letter under way: the client cannot know whether the dot arrived."""


@dataclass(frozen=True)
class Strike:
    """One thing to go wrong: at one exchange, or at all of a kind as long as it lasts."""

    protocol: Protocol
    exchange: Exchange
    fault: Fault
    lasts: bool = False

    def __str__(self) -> str:
        where = "every" if self.lasts else f"no. {self.exchange.number}"
        return f"{self.protocol} {self.exchange.command} ({where}): {self.fault}"

    def plan(self, is_over: Callable[[], bool]) -> Callable[[Exchange], Fault | None]:
        """What the proxy is told; one that lasts goes on until `is_over`."""

        def strike(exchange: Exchange) -> Fault | None:
            if self.lasts:
                return self.fault if exchange.command == self.exchange.command and not is_over() else None
            return self.fault if exchange == self.exchange else None

        return strike

    @property
    def leaves_in_doubt(self) -> bool:
        """Whether a letter may have been accepted though nobody said so."""
        return self.exchange.command == LETTER and self.fault.way in _IN_DOUBT

    @property
    def fails_for_good(self) -> bool:
        """Whether the server refuses the letter itself."""
        return self.exchange.command in OF_ONE_LETTER and self.fault.words.startswith(("550", "554"))

    @property
    def keeps_letters_from_us(self) -> bool:
        """Whether no look at the mailbox can succeed as long as it lasts, so that people must hear of it."""
        always = {"greeting", "CAPABILITY", "LOGIN", "LIST", "EXAMINE", "UID SEARCH"}
        can_go_on = {"CAPABILITY": ("BAD", "NO", "garbled")}.get(self.exchange.command, ())
        is_passing = self.fault.way == "late" or str(self.fault).startswith(can_go_on or ("?",))
        return self.lasts and self.protocol == "imap" and self.exchange.command in always and not is_passing

    @property
    def waits_for_a_person(self) -> bool:
        """Whether user name and password are refused again and again: after the third time nobody tries any more."""
        refused = self.exchange.command == "LOGIN" and self.fault.words.startswith(("NO", "BAD"))
        return self.lasts and (refused or (self.fault.words.startswith("535") and self.exchange.command != "RSET"))


def every_strike(heard: dict[Protocol, list[Exchange]], *, lasting: bool) -> list[Strike]:
    """Each of `heard` (lasting: each kind of command) with each fault, in a fixed order."""
    found = []
    for protocol, exchanges in heard.items():
        places: Iterable[Exchange] = exchanges
        if lasting:
            places = [Exchange(command, 0) for command in dict.fromkeys(each.command for each in exchanges)]
        for place in places:
            found += [Strike(protocol, place, Fault(way), lasting) for way in BROKEN]
            found += [Strike(protocol, place, Fault("refused", words), lasting) for words in REFUSALS[protocol]]
    return found


def chosen(strikes: list[Strike], *, count: int | None, seed: int) -> list[Strike]:
    """`count` of `strikes`, other ones with another seed; all when `count` is None."""
    return strikes if count is None else random.Random(seed).sample(strikes, min(count, len(strikes)))
