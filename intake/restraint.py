"""How much we answer: a ceiling for letters that bring nothing new, and a breaker for answering that has run away.

Nothing vanishes: beyond the ceiling a letter waits to be told in one summary with others, and what the breaker
holds is sent once a person lets it go. Neither ever keeps a submission from being answered for being one of many.
Peer: the caller's unit of work. Source: RFC 3834 §2, §4.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.calls import Call
from intake.casework.breaker import PERIOD, ROUNDS, is_endless, outruns_letters
from intake.edges.records import Readings
from intake.lookups import answered_mail
from intake.model import Letter, MailKind
from storage.errors import StorageError
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

WITHOUT_NEWS: frozenset[MailKind] = frozenset({"answer", "same_again", "confirm_withdrawal", "withdrawn", "disputed"})
"""Answers to letters that bring nothing new."""
ANSWERS: frozenset[MailKind] = WITHOUT_NEWS | frozenset(
    {"receipt", "receipts", "awaiting", "fix_request", "being_checked", "late", "draft_review", "confirm_replacement"}
)
"""Whatever goes out because a letter came in."""
DAY = timedelta(hours=24)

STOPPED = "answers_stopped"
"""Mark: since when and why the breaker holds all letters but those to organizers; absent while it does not."""
PAUSED = "paused"
"""Mark: since when an organizer holds all sending."""
PAUSED_BY = "paused_by"
"""Mark beside it: who, and why."""
BY_HAND = "by_hand"
"""Event: a person decided on what leaves."""
RELEASED = "answers_released_at"
"""Mark: when a person last let them go. What was written before counts no more."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many answers to letters without a new submission one address gets in 24 hours."""

    per_day: int = 10
    trusted_senders: tuple[str, ...] = ()
    """Addresses, and domains written with their @."""
    trusted_per_day: int = 50

    def of(self, address: str) -> int:
        """The ceiling of `address` (normalised)."""
        trusted = {normalised(each) if each[:1] != "@" else each.casefold() for each in self.trusted_senders}
        is_trusted = address in trusted or f"@{address.rpartition('@')[2]}" in trusted
        return self.trusted_per_day if is_trusted else self.per_day


@dataclass(frozen=True, slots=True)
class Stopped:
    """The breaker has tripped."""

    since_at: datetime
    why: str


def normalised(address: str) -> str:
    """One form for all spellings of a mailbox: lower case, without a +tag (RFC 5233)."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def stopped(view: View) -> Stopped | None:
    """Why nothing is sent to submitters at present; None while the breaker holds nothing."""
    kept = view.service.get_mark(STOPPED)
    return Stopped(datetime.fromisoformat(kept["since_at"]), kept["why"]) if kept else None


def why_stopped(store: Store) -> str | None:
    """Why nothing is sent to submitters; empty while the breaker holds nothing, None when the database cannot be asked."""
    try:
        with store.read() as view:
            held = stopped(view)
    except StorageError:
        return None
    return held.why if held is not None else ""


@dataclass(frozen=True, slots=True)
class Pause:
    """An organizer holds all sending."""

    since_at: datetime
    by: str = ""
    """Empty for one from before names were kept."""
    why: str = ""


def paused(view: View) -> Pause | None:
    """The pause that holds; None while letters leave."""
    since = view.service.get_mark(PAUSED)
    if not since:
        return None
    told = view.service.get_mark(PAUSED_BY) or {}
    return Pause(datetime.fromisoformat(since), told.get("by", ""), told.get("why", ""))


def let_go(work: UnitOfWork, *, at: datetime) -> bool:
    """Send again what the breaker holds; False when it holds nothing."""
    if stopped(work) is None:
        return False
    work.service.put_mark(STOPPED, None)
    work.service.put_mark(RELEASED, at.isoformat())
    return True


class Restraint:
    """Asked before an answer is written, and told of each that was."""

    def __init__(self, readings: Readings, campaigns: Collection[str], *, ceiling: Ceiling | None = None) -> None:
        """`campaigns`: ids of all that are answered for from this mailbox; what one address is told of any counts."""
        self._readings = readings
        self._campaigns = tuple(campaigns)
        self._ceiling = ceiling or Ceiling()

    def defers(
        self,
        work: UnitOfWork,
        call: Call,
        kind: MailKind,
        recipient: str,
        *,
        letters: Sequence[LetterRecord],
        now: datetime,
    ) -> bool:
        """Whether the answer waits for a summary, its letters put on the list; False when it may be written."""
        address = normalised(recipient)
        if kind not in WITHOUT_NEWS or not self.is_reached(work, address, now=now):
            return False
        for letter in letters:
            work.deferrals.add(letter.sha256, campaign=call.campaign.id, address=address, at=now)
            stored = work.letters.get(letter.sha256)
            if kind == "confirm_withdrawal" and stored is not None:  # nobody is asked now: a person sees to it
                work.letters.change(letter.sha256, evidence={**(stored.evidence or {}), "for_person": True})
        return True

    def is_reached(self, view: View, address: str, *, now: datetime) -> bool:
        """Whether `address` (normalised) has had as many answers without news as it gets in 24 hours."""
        told = view.mailings.written_to(self._campaigns, kinds=WITHOUT_NEWS, since_at=now - DAY)
        return sum(1 for each in told if normalised(each) == address) >= self._ceiling.of(address)

    def watch(self, work: UnitOfWork, letter: Letter, kind: MailKind, *, now: datetime) -> None:
        """Trip the breaker when the answer of `kind` to `letter`, just written, is one too many."""
        if stopped(work) is not None:
            return
        released = work.service.get_mark(RELEASED)
        since_at = max(now - PERIOD, datetime.fromisoformat(released)) if released else now - PERIOD
        why = self._why(work, letter, kind, since_at)
        if why:
            work.service.put_mark(STOPPED, {"since_at": now.isoformat(), "why": why})

    def _why(self, work: UnitOfWork, letter: Letter, kind: MailKind, since_at: datetime) -> str:
        if kind in WITHOUT_NEWS and is_endless(self._rounds(work, letter, since_at)):
            sender = letter.facts.sender.address if letter.facts.sender is not None else ""
            return f"{sender} 一再即时回复我们的答复，对方可能也是自动程序"
        answers, letters = work.mailings.answers_and_letters(self._campaigns, kinds=ANSWERS, since_at=since_at)
        if outruns_letters(answers, letters):
            return f"一小时内写了{answers}封答复，而相应的来信只有{letters}封"
        return ""

    def _rounds(self, work: UnitOfWork, letter: Letter, since_at: datetime) -> list[tuple[datetime, datetime]]:
        """Back along the thread: when an answer of ours left, and when the letter came that answers it; latest first."""
        rounds: list[tuple[datetime, datetime]] = []
        while len(rounds) < ROUNDS:
            ours = answered_mail(work, letter.facts)
            if ours is None or ours.kind not in WITHOUT_NEWS or ours.created_at <= since_at:
                break
            rounds.append((ours.sent_at or ours.created_at, letter.received_at))
            before = [record for sha256 in work.outgoing.letters_of(ours.id) if (record := work.letters.get(sha256))]
            if not before:
                break
            letter = self._readings.letter(work, max(before, key=lambda record: record.received_at))
        return rounds
