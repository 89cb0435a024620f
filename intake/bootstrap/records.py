"""The database, the letters on disk and the rules, opened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from config.settings import Settings
from intake.calls import Calls, load_calls
from intake.desks.judge import JudgeDesk
from intake.edges.clock import Clock, SystemClock
from intake.edges.outbox import Outbox
from intake.edges.records import Readings
from intake.restraint import Ceiling, Restraint
from parsers.limits import Limits
from storage.folder import close_to_others
from storage.letters import LetterStore
from storage.store import Store

RESTORED = "restored_at"
"""Mark: the records came from a backup then, and another machine may have answered letters received before."""


@dataclass(slots=True)
class Records:
    """The database and the letters on disk, opened: all that looking and deciding need."""

    settings: Settings
    calls: Calls
    """By campaign id, in the order of the settings."""
    store: Store
    letters: LetterStore
    readings: Readings
    limits: Limits
    outbox: Outbox
    judge: JudgeDesk
    clock: Clock
    installation: str
    answer_from: datetime
    first_run_at: datetime
    """The service's first day."""
    restored_at: datetime | None
    """When the records came from a backup that another machine may have gone on from; None when they did not."""
    dry_run: bool

    def refresh(self) -> None:
        """Take over until when organizers extended campaigns since, in whichever process. Raises: StorageError."""
        with self.store.read() as view:
            self.calls.take_over(view.orders.ends())

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def code_version() -> str:
    """The program's version, as judgements record it."""
    try:
        return version("case-intake")
    except PackageNotFoundError:
        return "unknown"


def open_records(
    settings: Settings, *, clock: Clock | None = None, dry_run: bool = False, begins: bool = True
) -> Records:
    """The records of a working folder, made ready if this is the first time.

    `begins`: the service starts to work; the first such moment is its first day (promise 13).
    Raises: ConfigError (all problems of all campaigns), StorageError, OperatorError.
    """
    clock = clock or SystemClock()
    calls = load_calls(settings)
    store = Store(settings.database_url, data_dir=settings.data_dir)
    store.open()
    close_to_others(settings.data_dir)
    with store.write() as work:
        installation = work.service.put_mark_once("installation", secrets.token_hex(4))
        put_first_run = work.service.put_mark_once if begins else lambda key, now: work.service.get_mark(key) or now
        first_run_at = datetime.fromisoformat(put_first_run("first_run_at", clock.now().isoformat()))
        if begins and first_run_at > clock.now():  # the clock was ahead on the first day: no letter would be answered
            first_run_at = clock.now()
            work.service.put_mark("first_run_at", first_run_at.isoformat())
        restored = work.service.get_mark(RESTORED)
        ends = work.orders.ends()
    answer_from = settings.answer_from or first_run_at
    restored_at = datetime.fromisoformat(restored) if restored is not None else None
    if restored_at is not None:
        answer_from = max(answer_from, restored_at)
    limits = Limits.model_validate(settings.readers.limits.model_dump())
    readings = Readings(limits, trusted_hosts=settings.mailbox.authentication_hosts)
    outbox = Outbox(sender_address=settings.mailbox.address, installation=installation)
    by_id = Calls(calls)
    by_id.take_over(ends)
    judge = JudgeDesk(
        store,
        readings,
        outbox,
        by_id,
        clock=clock,
        code_version=code_version(),
        answer_from=answer_from,
        dry_run=dry_run,
    )
    judge.answers.restraint = Restraint(readings, tuple(by_id), ceiling=Ceiling(**settings.answers.model_dump()))
    return Records(
        settings=settings,
        calls=by_id,
        store=store,
        letters=LetterStore(settings.data_dir / "letters"),
        readings=readings,
        limits=limits,
        outbox=outbox,
        judge=judge,
        clock=clock,
        installation=installation,
        answer_from=answer_from,
        first_run_at=first_run_at,
        restored_at=restored_at,
        dry_run=dry_run,
    )
