"""Queued letters to the mail server, each once.

Peers: the transport (`TransportError`) and the database. The state `handing_over` is
committed before a byte goes out, so that a crash leaves a trace (design, Outgoing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from intake.edges.clock import Clock
from intake.edges.outbox import NOTHING, least_urgent
from intake.edges.send_room import DAY
from intake.edges.transports import Transport
from intake.errors import TransportError
from intake.restraint import paused, stopped
from storage.errors import ConflictError
from storage.records.correspondence import OutgoingRecord
from storage.rows.outgoing import FARTHEST
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

BACK_OFF = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""Waits between attempts of one letter; after the last it is `failed` and stands in the digest."""

REFUSED_PAUSE = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""Waits before anything is sent again after the server refused us as a sender (login, quota): never a hot loop."""

BUSY_PAUSE = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
"""The same after it refused us for the time being only (4xx)."""

ALWAYS = frozenset({"digest", "alarm", "sign_in"})
"""Few, to organizers, who learn from them that a limit was reached: they leave whatever it is."""

WAY_IN = frozenset({"sign_in"})
"""While an organizer holds all sending this leaves still: on the page it is let go again."""

STALE_AFTER = timedelta(hours=12)
"""A reminder that could not leave for so long reminds of nothing any more."""

LOST_PAUSE = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""Waits before anything is sent again after the server could not be reached, or hung up in the middle."""

LONGEST_WAIT_FOR_LINK = timedelta(minutes=30)
"""A letter in hand at each failure of a long outage waits no longer than this for its next attempt."""

FAILURES_TO_TELL = 3
"""After so many failures in a row that are not a letter's own people are alarmed."""

LOGINS_REFUSED_AT_MOST = 3
"""After as many refused logins in a row nothing is sent until the service is started anew: more lock the account."""

LOGIN_CODES = frozenset({530, 534, 535, 538})
"""RFC 4954 §6: it is the login that is refused or missing."""

NEVER = datetime.max.replace(tzinfo=UTC)

TROUBLE = "sending_trouble"
"""Mark: trouble with sending is on record and its end is not."""

REPLIES = frozenset(
    {"receipt", "awaiting", "fix_request", "being_checked", "late", "same_again", "answer"}
) | frozenset(
    {"draft_review", "confirm_withdrawal", "withdrawn", "disputed", "confirm_replacement", "receipts", "summary"}
)
"""Kinds that a colleague's own answer makes needless."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What one turn did."""

    sent: int = 0
    delayed: int = 0
    failed: int = 0
    unknown: int = 0

    def __bool__(self) -> bool:
        """Whether anything was tried."""
        return bool(self.sent or self.delayed or self.failed or self.unknown)


class PostDesk:
    """Sends what is due, most urgent first."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        *,
        clock: Clock,
        daily_sends: int | None = None,
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`daily_sends`: how many letters the provider takes in 24 hours; None when nobody counts."""
        self._store = store
        self._transport = transport
        self._clock = clock
        self._daily_sends = daily_sends
        self._beat = beat
        self._stopped = stopped
        self._failures = 0
        """Failures in a row that are not a letter's own: the server refused us, or could not be reached."""
        self._logins_refused = 0
        self._trouble = ""
        """What it last stumbled over, for people."""
        self._not_before: datetime | None = None
        self._has_sent = False
        self._unsettled: Callable[[Posted], Posted] | None = None
        """What came of the last letter, until the database has taken it down."""
        self._claims = False
        """A claim was begun and its end was not heard of: the database may have made it all the same."""

    def recover(self) -> int:
        """Rows a crash left in `handing_over`: once more, or parked as `unknown` the second time. Their number.

        What waits since sending was refused is tried again: somebody may have mended it, and started us for that.
        """
        with self._store.write() as work:
            if work.service.get_mark(TROUBLE):
                work.outgoing.hurry()
            found = work.outgoing.recover_handing_over(at=self._clock.now())
            for outgoing_id in found.parked:
                self._note_unknown(work, outgoing_id)
        return len(found.again) + len(found.parked)

    def turn(self, *, most: int = 50) -> Posted:
        """Send up to `most` due letters; stops early when the server refuses the sender. Raises: StorageError."""
        done = self._settle(Posted())
        self._drop_unheard_claim()
        for _ in range(most):
            if self._stopped() or self._rests():
                break
            row = self._claim()
            if row is None:
                break
            self._unsettled = self._send(row)
            done = self._settle(done)
            self._beat()
        return done

    def _rests(self) -> bool:
        """Whether nothing may leave yet. A pause longer than there is was set by a clock that was wrong."""
        if self._not_before is None:
            return False
        left = self._not_before - self._clock.now()
        return self._not_before == NEVER or timedelta(0) < left <= FARTHEST

    def sending_refused(self) -> bool | None:
        """True after the third failure in a row that is not a letter's own, False once letters go out, None before."""
        if self._failures >= FAILURES_TO_TELL:
            return True
        return False if self._has_sent and not self._failures else None

    def trouble(self) -> str:
        """What sending last stumbled over, one sentence for people; empty while all is well."""
        if self._logins_refused >= LOGINS_REFUSED_AT_MOST:
            return f"{self._trouble}已停止登录，改好后请重新启动 intake run。"
        return self._trouble

    def close(self) -> None:
        """Free the connection."""
        self._transport.close()

    def _claim(self) -> OutgoingRecord | None:
        now = self._clock.now()
        with self._store.read() as view:  # an idle turn takes no write lock
            if not view.outgoing.due(now, limit=1, always=ALWAYS) or not self._due(view, now):
                return None
        self._claims, claimed = True, None
        with self._store.write() as work:
            while claimed is None and (due := self._due(work, now)):
                reason = _why_needless(work, due[0], now=now)
                if reason is None:
                    claimed = work.outgoing.begin_handing_over(due[0].id, at=now)
                else:
                    work.outgoing.cancel(due[0].id)
                    log.info("mail_withdrawn", outgoing=due[0].id, kind=due[0].kind, reason=reason)
        self._claims = False
        return claimed

    def _due(self, view: View, now: datetime) -> tuple[OutgoingRecord, ...]:
        """The letter to leave next, alone; empty when none may."""
        always = WAY_IN if paused(view) is not None else ALWAYS
        return view.outgoing.due(now, limit=1, up_to=self._up_to(view, now), always=always)

    def _drop_unheard_claim(self) -> None:
        """A letter claimed by a commit whose answer never came was not handed over: it waits as before."""
        if not self._claims:
            return
        now = self._clock.now()
        with self._store.write() as work:
            for row in work.outgoing.by_state("handing_over"):
                work.outgoing.mark_retry(row.id, next_at=now, error="", counts=False)
        self._claims = False

    def _up_to(self, view: View, now: datetime) -> int | None:
        """Up to which priority letters may leave; None: all."""
        if stopped(view) is not None or paused(view) is not None:
            return NOTHING
        if self._daily_sends is None:
            return None
        return least_urgent(view.mailings.count_sent(since_at=now - DAY), self._daily_sends)

    def _settle(self, done: Posted) -> Posted:
        """Put down what came of the letter last handed over; should that fail, the next turn begins with it."""
        if self._unsettled is not None:
            try:
                done = self._unsettled(done)
            except ConflictError as error:
                # Put down already, by a commit whose answer never came: a link to a server may break just there.
                log.warning("mail_settled_before", error=str(error))
            self._unsettled = None
        return done

    def _send(self, row: OutgoingRecord) -> Callable[[Posted], Posted]:
        """Hand a claimed letter over; what is to be put down of it."""
        try:
            answer = self._transport.send(row.raw, sender=row.sender_address, recipients=[row.to_address])
        except TransportError as error:
            return partial(self._not_sent, row, error, self._put_off(error))
        except Exception as error:  # a bug: nobody knows how far it came
            log.exception("mail_not_sent", outgoing=row.id, kind=row.kind)
            return partial(
                self._not_sent, row, TransportError(repr(error), temporary=True, accepted_unknown=True), None
            )
        self._failures, self._logins_refused, self._trouble = 0, 0, ""
        self._not_before, self._has_sent = None, True
        return partial(self._sent, row, answer)

    def _sent(self, row: OutgoingRecord, answer: str, done: Posted) -> Posted:
        with self._store.write() as work:
            work.outgoing.mark_sent(row.id, at=self._clock.now(), answer=answer)
            if work.service.get_mark(TROUBLE):
                work.service.put_mark(TROUBLE, None)
                work.service.add_event("post", "recovered", "", at=self._clock.now())
        log.info("mail_sent", outgoing=row.id, kind=row.kind)
        return replace(done, sent=done.sent + 1)

    def _not_sent(self, row: OutgoingRecord, error: TransportError, wait: timedelta | None, done: Posted) -> Posted:
        """`wait`: until the letter's next attempt when the failure is not its own."""
        now = self._clock.now()
        log.warning("mail_not_sent", outgoing=row.id, kind=row.kind, code=error.code, error=str(error))
        with self._store.write() as work:
            self._tell_trouble(work, error, now=now)
            if error.accepted_unknown:
                settled = work.outgoing.mark_unknown(row.id, next_at=now + BACK_OFF[0], error=str(error))
                if settled.state == "unknown":
                    self._note_unknown(work, row.id)
                    return replace(done, unknown=done.unknown + 1)
                return replace(done, delayed=done.delayed + 1)
            if wait is not None:
                work.outgoing.mark_retry(row.id, next_at=now + wait, error=str(error), code=error.code, counts=False)
                return replace(done, delayed=done.delayed + 1)
            if error.temporary and row.attempts <= len(BACK_OFF):  # this one is counted already
                next_at = now + _longer(BACK_OFF[row.attempts - 1], error)
                work.outgoing.mark_retry(row.id, next_at=next_at, error=str(error), code=error.code)
                return replace(done, delayed=done.delayed + 1)
            work.outgoing.mark_failed(row.id, error=str(error), code=error.code)
            work.service.add_event("post", "mail_failed", f"{row.to_address}: {error}", at=now)
            return replace(done, failed=done.failed + 1)

    def _put_off(self, error: TransportError) -> timedelta | None:
        """Let everything wait when the server would take no other letter either.

        Returns how long this one waits, None when the failure is its own: also a link that breaks once, for
        one letter may break it each time and must keep nobody waiting.
        """
        is_link = error.accepted_unknown or (error.temporary and error.code is None)
        if not (error.sender_refused or is_link):
            return None
        self._trouble = error.advice or str(error)
        self._failures += 1
        refused = error.sender_refused and not error.temporary and error.code in LOGIN_CODES
        self._logins_refused = self._logins_refused + 1 if refused else 0
        if error.sender_refused and error.code is None:
            # Nobody said no to us: a certificate, say, that does not hold. Looking again annoys no server.
            pause = wait = _step(LOST_PAUSE, self._failures)
        elif error.sender_refused:
            pause = wait = _longer(_step(BUSY_PAUSE if error.temporary else REFUSED_PAUSE, self._failures), error)
        elif self._failures == 1:
            return None
        elif error.accepted_unknown:  # the letter has rules of its own; the next ones wait, lest all of them end so
            self._not_before = self._clock.now() + _step(LOST_PAUSE, self._failures - 1)
            return None
        else:
            pause = _step(LOST_PAUSE, self._failures - 1)
            wait = max(pause, min(_step(BACK_OFF, self._failures), LONGEST_WAIT_FOR_LINK))
        self._not_before = NEVER if self._logins_refused >= LOGINS_REFUSED_AT_MOST else self._clock.now() + pause
        return wait

    def _tell_trouble(self, work: UnitOfWork, error: TransportError, *, now: datetime) -> None:
        """Put it on record once, until letters go out again: a refusal at once, a link that breaks when it goes on so."""
        tells = error.sender_refused or self._failures >= FAILURES_TO_TELL
        if tells and self._failures and not work.service.get_mark(TROUBLE):
            kind = "sender_refused" if error.sender_refused else "unreachable"
            work.service.put_mark(TROUBLE, kind)
            work.service.add_event("post", kind, self._trouble, at=now)

    def _note_unknown(self, work: UnitOfWork, outgoing_id: int) -> None:
        work.service.add_event("post", "mail_unknown", f"第{outgoing_id}号去信是否送达不明", at=self._clock.now())


def _step(waits: Sequence[timedelta], number: int) -> timedelta:
    """The wait after so many failures; the last one from then on."""
    return waits[min(number, len(waits)) - 1]


def _longer(wait: timedelta, error: TransportError) -> timedelta:
    """Our own wait, or the one the server's answer calls for when that is longer (a sending limit)."""
    return max(wait, timedelta(seconds=error.retry_after_seconds or 0.0))


def _why_needless(work: UnitOfWork, row: OutgoingRecord, *, now: datetime) -> str | None:
    """Why a letter need not leave any more; None when it shall."""
    if _is_answered_by_hand(work, row):
        return "a colleague answered"
    return "overtaken" if row.kind == "reminder" and _is_overtaken(work, row, now=now) else None


def _is_overtaken(work: UnitOfWork, row: OutgoingRecord, *, now: datetime) -> bool:
    """Whether a reminder comes too late, or its recipient has written since, or nothing is open any more."""
    if now - row.created_at > STALE_AFTER:
        return True
    if any(letter.stored_at > row.created_at for letter in work.letters.from_address(row.to_address)):
        return True
    cases = (work.cases.get(case_id) for case_id in work.outgoing.cases_of(row.id))
    return not any(case is not None and case.state == "needs_fix" for case in cases)


def _is_answered_by_hand(work: UnitOfWork, row: OutgoingRecord) -> bool:
    """Whether a colleague has meanwhile answered every letter this reply answers."""
    if row.kind not in REPLIES:
        return False
    answered = [work.letters.get(sha256) for sha256 in work.outgoing.letters_of(row.id)]
    ids = [letter.message_id if letter is not None else None for letter in answered]
    return bool(ids) and all(each is not None and work.letters.hand_answered_at(each) is not None for each in ids)
