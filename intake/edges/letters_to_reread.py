"""Which stored letters are to be read anew, and in which company. Peer: the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from intake.edges.records import Readings
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import View

LETTERS_AT_ONCE = 200
"""Letters looked up by one query."""
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
    """The letters `wanted`, every letter once: those of a case together, and those of cases that share one of them.

    So no case is ever judged by some letters as they are read now and others as they were read before; a group is as
    large as it must be. Judging a case holds all its letters in memory, too. Raises: StorageError.
    """
    waiting = dict.fromkeys(wanted)
    for first in wanted:
        if first not in waiting:
            continue
        with store.read() as view:
            group = _together_with(view, first, waiting)
        for each in group:
            del waiting[each.sha256]
        yield group


def _together_with(view: View, first: str, wanted: Collection[str]) -> list[LetterRecord]:
    """The letter `first` and those of `wanted` that belong to its cases, to theirs, and so on; oldest received first."""
    found: dict[str, LetterRecord] = {}
    cases: set[int] = set()
    to_follow = [record] if (record := view.letters.get(first)) is not None else []
    while to_follow:
        record = to_follow.pop()
        found[record.sha256] = record
        new = {case.id for case in view.cases.of_letter(record.sha256)} - cases
        cases |= new
        beside = {each.sha256: each for case_id in new for each in view.letters.of_case(case_id)}
        to_follow += [each for sha256, each in beside.items() if sha256 in wanted and sha256 not in found]
    return sorted(found.values(), key=lambda each: (each.received_at, each.sha256))
