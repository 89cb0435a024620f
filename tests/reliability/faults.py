"""What an order may break in its worker before it begins: trouble from outside, and builds with a promise forgotten.

Each function changes the running process for good; it is a fork that ends with its one command.
"""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

BROKEN = "broken@qq.example"
"""Letters of this sender meet the faults below; all others are worked on as ever."""


def _put(owner: Any, name: str, new: Callable[..., Any]) -> None:
    """For the rest of this process."""
    setattr(owner, name, new)


def _only_for_the_broken(owner: Any, name: str, *, error: Callable[[], Exception], once: bool = False) -> None:
    properly = getattr(owner, name)
    arrivals = itertools.count()

    def faulty(*args: Any, **kwargs: Any) -> Any:
        if any(getattr(each, "from_address", "") == BROKEN for each in args) and not (once and next(arrivals)):
            raise error()
        return properly(*args, **kwargs)

    _put(owner, name, faulty)


# --- trouble a good build has to live with


def bug_in_reading() -> None:
    """Reading the letter ends in an unforeseen error."""
    from intake.desks.read import ReadDesk

    _only_for_the_broken(ReadDesk, "_tree", error=lambda: ZeroDivisionError("a bug in reading"))


def bug_in_filing() -> None:
    """Filing the letter ends in an unforeseen error."""
    from intake.desks.file import FileDesk

    _only_for_the_broken(FileDesk, "_file", error=lambda: ZeroDivisionError("a bug in filing"))


def bug_in_saying_it_is_being_checked() -> None:
    """Even the neutral answer to a letter put aside cannot be written."""
    from intake.filing import Filing

    bug_in_filing()
    _only_for_the_broken(Filing, "say_it_is_being_checked", error=lambda: ZeroDivisionError("a bug in answering"))


def disk_full_while_reading() -> None:
    """The disk is full as the letter is read."""
    from intake.desks.read import ReadDesk

    _only_for_the_broken(ReadDesk, "_tree", error=_disk_full, once=True)
    _short_pauses()


def disk_full_while_filing() -> None:
    """The disk is full as the letter is filed."""
    from intake.desks.file import FileDesk

    _only_for_the_broken(FileDesk, "_file", error=_disk_full)


def bug_in_judging_what_waited() -> None:
    """A case whose time to wait is over cannot be judged."""
    from intake.desks.judge import desk

    def faulty(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError("a bug in judging")

    _put(desk.JudgeDesk, "judge", faulty)


def disk_full_while_judging_what_waited() -> None:
    """The disk is full as a case is judged whose time to wait is over."""
    from intake.desks.judge import desk

    def faulty(*_args: Any, **_more: Any) -> None:
        raise _disk_full()

    _put(desk.JudgeDesk, "judge", faulty)


def no_hard_links() -> None:
    """A stick or a share on which a file has one name only."""

    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    _put(os, "link", refuse)


def _disk_full() -> Exception:
    from storage.translation import translate_os_error

    return translate_os_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), Path("letters"))


def _short_pauses() -> None:
    from intake import worker

    worker.FIRST_BACK_OFF_SECONDS = 0.1


# --- builds with a promise forgotten: what each harness must catch


def rows_before_bytes() -> None:
    """The row of a letter is committed before its bytes have their name."""
    from intake.desks.collect import CollectDesk
    from storage.letters import Incoming, StoredLetter

    properly = CollectDesk._put_down
    finish = Incoming.commit

    def promised(this: Incoming) -> StoredLetter:
        this.stored = StoredLetter(this._hash.hexdigest(), this.size_bytes)
        return this.stored

    def put_down(this: CollectDesk, fetched: Any) -> bool:
        _put(Incoming, "commit", promised)
        _put(Incoming, "abort", lambda _: None)
        from intake.desks import collect

        _put(collect, "_sender", lambda _letters, _stored: None)
        done = properly(this, fetched)
        _put(Incoming, "commit", finish)
        fetched.incoming.commit()
        return done

    _put(CollectDesk, "_put_down", put_down)


def sends_without_handing_over() -> None:
    """A letter goes out while its row still says `queued`."""
    from storage.rows.outgoing import OutgoingRows

    def begin(this: OutgoingRows, outgoing_id: int, *, at: Any) -> Any:
        return this._found(outgoing_id)

    def sent(this: OutgoingRows, outgoing_id: int, *, at: Any, answer: str = "") -> Any:
        return this._move(outgoing_id, ("queued", "retry_at"), state="sent", sent_at=at, last_error=answer)

    _put(OutgoingRows, "begin_handing_over", begin)
    _put(OutgoingRows, "mark_sent", sent)


def queues_answers_apart() -> None:
    """An answer is committed by itself, before its letter has an outcome, and forgets which letter it answers."""
    from storage.rows.outgoing import OutgoingRows

    properly = OutgoingRows.enqueue

    def enqueue(this: OutgoingRows, mail: Any, *, letters: Any = (), cases: Any = ()) -> Any:
        queued = properly(this, mail, cases=cases)
        _commit_here(this)
        return queued

    _put(OutgoingRows, "enqueue", enqueue)


def gives_numbers_apart() -> None:
    """A case number is committed by itself, before there is the case."""
    from storage.rows.cases import CaseRows

    properly = CaseRows.next_number

    def next_number(this: CaseRows, *args: Any) -> int:
        number = properly(this, *args)
        _commit_here(this)
        return number

    _put(CaseRows, "next_number", next_number)


def _commit_here(rows: Any) -> None:
    rows._connection.exec_driver_sql("COMMIT")
    rows._connection.exec_driver_sql("BEGIN IMMEDIATE")


def forgets_what_it_did_not_fetch() -> None:
    """A UID counts as done before its body is there."""
    from storage.rows.sightings import SightingRows

    add = SightingRows.add_many

    def as_if_collected(this: SightingRows, sightings: Any) -> Any:
        from dataclasses import replace

        return add(this, [replace(each, outcome=each.outcome or "collected") for each in sightings])

    _put(SightingRows, "add_many", as_if_collected)


def no_sync_at_commit() -> None:
    """SQLite is told that the log need not reach the disk."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "connect")
    def carelessly(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    from storage import dialects

    properly = dialects._sqlite_engine

    def engine(*args: Any, **more: Any) -> Any:
        made = properly(*args, **more)
        event.listen(made, "connect", carelessly)  # after the product's own
        return made

    _put(dialects, "_sqlite_engine", engine)


def leaves_its_rubbish() -> None:
    """What a broken reception leaves behind is never removed."""
    from storage.letters import LetterStore

    _put(LetterStore, "clean_incoming", lambda _this, *, before_at: 0)
