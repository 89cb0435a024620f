"""Who is the worker: one process at a time, of all machines that share a database.

On SQLite the lock of the data folder says so, and a second worker is refused. A database server may serve several
machines: there the worker holds a lease that it renews, a second one stands by, and takes over when the first has
given it back or stopped renewing it. Whoever lost it may write no more (`Store.writing_as`): a machine that was cut off
and comes back finds out at its first write, before anything is handed over for sending.

Peers: the database, the lock file.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import structlog

from intake.bootstrap.records import Records
from intake.errors import OperatorError
from storage.errors import LockedFolderError, StorageError, SupersededError
from storage.lock import hold_folder, is_held
from storage.rows.browsing import LetterSearch
from storage.rows.leases import LeaseRecord
from storage.rows.purging import PURGED
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

WORKER = "worker"
"""The duty that the worker has."""
LASTING = timedelta(seconds=60)
"""A worker that is silent for so long is taken for dead. Longer than a restart of the database takes."""
RENEWED_EVERY_SECONDS = 15.0
ASKED_EVERY_SECONDS = 5.0
"""How often one who stands by looks whether it is its turn."""
EXIT_SUPERSEDED = 75
"""EX_TEMPFAIL of sysexits.h: another worker has taken over; start again to stand by."""

Patience = Callable[[str], bool]
"""Told who works now ("host, process"; the folder of one that was superseded and has not ended yet); waits a little,
and answers whether to ask again."""


class Tenure:
    """The time in which this process is the worker."""

    def __init__(self) -> None:
        self.superseded = False
        """Another worker has taken over, or may at any moment."""
        self.unrenewed = False
        """Nobody is known to have taken over: the lease could not be renewed any more, for a reason of our own."""
        self.when_superseded: Callable[[], None] = lambda: None

    def end(self, *, unrenewed: bool = False) -> None:
        """This process is not the worker any more: told once."""
        if not self.superseded:
            self.unrenewed = unrenewed
            self.superseded = True
            log.critical("lease_renewal_ended" if unrenewed else "superseded_by_another_worker")
            self.when_superseded()


def impatient(_holder: str) -> bool:
    """The patience of a command that does not stand by."""
    return False


@contextmanager
def sole_worker(records: Records, *, patience: Patience = impatient) -> Iterator[Tenure]:
    """Be the only worker while the block runs, as soon as nobody else is and while `patience` lasts.

    Raises: LockedFolderError when another worker works, naming it; OperatorError when the data folder is not the one
    of the database; StorageError.
    """
    with ExitStack() as stack:
        if records.store.file is not None:
            stack.enter_context(hold_folder(records.settings.data_dir, at=records.clock.now()))
            yield Tenure()
            return
        holder = _take_over(stack, records, patience=patience)
        stack.enter_context(records.store.writing_as(WORKER, holder))
        _refuse_strange_folder(records)
        tenure = Tenure()
        stack.enter_context(_renewing(records, tenure, holder=holder))
        yield tenure


def who_works(records: Records, view: View) -> str | None:
    """Where the worker runs: a host's name, "" for this machine; None when none runs."""
    # The lease first: a folder that machines share is held here, too, when the worker is on another one.
    lease = current_lease(view) if records.store.file is None else None
    if lease is not None:
        return "" if lease.host == socket.gethostname() else lease.host
    return "" if is_held(records.settings.data_dir) else None


def current_lease(view: View) -> LeaseRecord | None:
    """The lease of the worker on a database server; None while there is none."""
    return view.leases.current(WORKER)


def _take_over(stack: ExitStack, records: Records, *, patience: Patience) -> str:
    """Take the lease and the folder, in this order; the name under which the lease is held."""
    holder, blocking = f"{_process_space()}:{secrets.token_hex(8)}", ""
    while True:
        try:
            lease = _ask(records, holder)
        except StorageError as error:
            if not blocking or not error.temporary:
                raise
            log.warning("lease_not_asked_for", error=str(error))  # whoever works waits for the server, too
        else:
            blocking = f"{lease.host}, {lease.pid}"
            if lease.holder == holder:
                if _keep(stack, records, holder=holder):
                    return holder
                blocking = str(records.settings.data_dir)
        if not patience(blocking):
            raise LockedFolderError(f"another worker works on this database: {blocking}", advice=_ANOTHER_WORKS)


def _ask(records: Records, holder: str) -> LeaseRecord:
    """Take the lease if it is free; who has it now."""
    with records.store.write() as work:
        last = current_lease(work)
        if last is not None and _has_died_here(last):
            work.leases.give_back(WORKER, holder=last.holder)
        return _take(work, holder)


def _keep(stack: ExitStack, records: Records, *, holder: str) -> bool:
    """Hold the folder, too; False when one that was superseded still does: then the lease is given back."""

    def give_back() -> None:
        # Without an answer of the server it ends by itself.
        with suppress(StorageError), records.store.write() as work:
            work.leases.give_back(WORKER, holder=holder)

    with ExitStack() as taken:
        taken.callback(give_back)
        try:
            taken.enter_context(hold_folder(records.settings.data_dir, at=records.clock.now()))
        except LockedFolderError:
            return False
        stack.enter_context(taken.pop_all())
    return True


def _take(work: UnitOfWork, holder: str) -> LeaseRecord:
    return work.leases.take(WORKER, holder=holder, host=socket.gethostname(), pid=os.getpid(), lasting=LASTING)


def _has_died_here(lease: LeaseRecord) -> bool:
    """Whether the worker ran on this machine and is no more: then nobody need wait until its lease ends.

    A host's name alone does not tell: machines made from one image may share it.
    """
    space = _process_space()
    if not space or lease.holder.partition(":")[0] != space:
        return False
    try:
        os.kill(lease.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _process_space() -> str:
    """Where a number names one process: one start of one machine, one container in it; "" when the system cannot tell.

    Source: random(4) for boot_id, pid_namespaces(7).
    """
    try:
        start = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return ""
    return hashlib.sha256(f"{start} {space}".encode()).hexdigest()[:16]


def _renew(records: Records, tenure: Tenure, *, holder: str, until: threading.Event) -> None:
    """Renew the lease again and again; ends `tenure` when it is lost."""
    good_until = time.monotonic() + LASTING.total_seconds()
    while not until.wait(RENEWED_EVERY_SECONDS):
        try:
            with records.store.write() as work:
                _take(work, holder)
        except SupersededError:
            tenure.end()
            return
        except StorageError as error:  # as long as nobody took it, it can be renewed when the server is back
            log.warning("lease_not_renewed", error=str(error))
        except Exception:  # a fault of ours: it may pass, but nobody may rest on a lease that has run out
            log.exception("lease_not_renewed")
            if time.monotonic() >= good_until:
                tenure.end(unrenewed=True)
                return
        else:
            good_until = time.monotonic() + LASTING.total_seconds()


@contextmanager
def _renewing(records: Records, tenure: Tenure, *, holder: str) -> Iterator[None]:
    done = threading.Event()

    def watched() -> None:
        try:
            _renew(records, tenure, holder=holder, until=done)
        except BaseException:  # whatever it is: this thread must not end unheard
            log.exception("lease_renewal_failed")
            raise
        finally:
            if not done.is_set():
                tenure.end(unrenewed=True)  # nothing when it was told already

    thread = threading.Thread(target=watched, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _refuse_strange_folder(records: Records) -> None:
    """The bytes of letters lie in the folder: the database of another folder would make all of them look lost."""
    with records.store.read() as view:
        letters = view.browsing.letters(LetterSearch(), limit=_LETTERS_LOOKED_FOR)
    hashes = [letter.sha256 for letter in letters if letter.outcome != PURGED]
    if hashes and not any(records.letters.holds(sha256) for sha256 in hashes):
        raise OperatorError(
            f"数据库里登记的来信，原件不在数据文件夹 {records.settings.data_dir} 里。"
            "请检查 data_dir 和 database_url 是否属于同一套数据；几台机器轮流工作时，data_dir 须是大家都能读写的同一个文件夹。"
        )


_LETTERS_LOOKED_FOR = 20
_ANOTHER_WORKS = (
    "另一个收件程序正在使用这个数据库工作。同一时间只能有一个，请先停止它；或运行 intake run 待命，它停下后自动接替。"
)
