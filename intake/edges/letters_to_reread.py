"""Which stored letters are to be read anew, and in which company. Peer: the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from intake.edges.records import Readings
from storage.records.correspondence import LetterRecord
from storage.store import Store

LETTERS_AT_ONCE = 200
"""Letters looked up by one query."""
LETTERS_TOGETHER = 40
"""Letters of one case held in memory; what a case has beyond them follows by itself."""
READ_BEFORE = ("filed", "not_a_submission", "quarantined")
"""Outcomes of letters that were read; those still to be read are read by today's readers anyway."""


def outdated_letters(store: Store, readings: Readings, *, since_at: datetime | None = None) -> tuple[str, ...]:
    """Hashes of letters with a file that today's readers have not read under today's limits (from `since_at` on).

    Each once, in the order of hashes. Raises: StorageError.
    """
    found: list[str] = []
    last = ""
    while True:
        with store.read() as view:
            page = view.letters.after(last, outcomes=READ_BEFORE, limit=LETTERS_AT_ONCE)
            inside = view.files.hashes_of(record.sha256 for record in page)
            files = {record.sha256: {record.sha256, *inside.get(record.sha256, ())} for record in page}
            unread = readings.unread(view, frozenset().union(*files.values()), since_at=since_at)
        found += [sha256 for sha256, hashes in files.items() if hashes & unread]
        if len(page) < LETTERS_AT_ONCE:
            return tuple(found)
        last = page[-1].sha256


def named_letters(store: Store, targets: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letters of these cases, and these letters (by the first digits of their hash); and what is neither.

    Raises: StorageError.
    """
    found: dict[str, None] = {}
    unknown = []
    with store.read() as view:
        for target in dict.fromkeys(targets):
            case = view.cases.by_number(target.upper())
            letters = view.letters.of_case(case.id) if case is not None else ()
            if case is None:
                letters = view.letters.beginning_with(target.lower()) if target else ()
                if len(letters) != 1:
                    unknown.append(target)
                    continue
            found |= {each.sha256: None for each in letters if each.outcome in READ_BEFORE}
    return tuple(found), tuple(unknown)


def by_case(store: Store, wanted: Sequence[str]) -> Iterator[list[LetterRecord]]:
    """The letters `wanted`, those of a case together, every letter once, a few at a time. Raises: StorageError."""
    waiting = dict.fromkeys(wanted)
    for first in wanted:
        if first not in waiting:
            continue
        with store.read() as view:
            cases = view.cases.of_letter(first)
            record = view.letters.get(first)
            beside = view.letters.of_case(cases[0].id) if cases else ()
        group = [each for each in beside if each.sha256 in waiting][:LETTERS_TOGETHER]
        if record is not None and all(each.sha256 != first for each in group):
            group.append(record)
        for each in group:
            del waiting[each.sha256]
        yield group
