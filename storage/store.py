"""The database of records: opening it, and units of work."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.copies import has_records, load_records
from storage.dialects import BUSY_SECONDS, Database, prepare_sqlite_file
from storage.errors import StorageError, SupersededError
from storage.folder import make_ready, refuse_network_folder
from storage.rows.leases import LeaseRows
from storage.schema import bring_up_to_date, refuse_other_schema
from storage.tables import metadata
from storage.translation import translate_database_error, translate_sqlite_error
from storage.unit_of_work import UnitOfWork

DATABASE_NAME = "intake.db"

_PG_READ_ONLY_TRANSACTION = "25006"


class Store:
    """Records in one database, SQLite in the data folder unless `url` says otherwise. Thread-safe."""

    def __init__(self, url: str | None = None, *, data_dir: Path) -> None:
        # Not as text: a folder's name may hold "?" or "%".
        self._database = Database(
            url or URL.create("sqlite", database=str(data_dir / DATABASE_NAME)), data_dir=data_dir
        )
        self._writing: Engine | None = None
        self._reading: Engine | None = None
        # Threads of one process take turns here instead of meeting at SQLite's lock, which is not fair.
        self._turn = threading.Lock()
        self._writer: int | None = None

    @property
    def file(self) -> Path | None:
        """The SQLite file; None when the records live on a database server."""
        return self._database.file

    @property
    def database(self) -> Database:
        """Where the records live."""
        return self._database

    def open(self, *, migrate: bool = True) -> None:
        """Make folder and database if missing, and bring the tables up to date (or with `migrate` off, only check).

        Raises: ReadOnlyError, DiskFullError, NetworkFolderError, UnreachableError, StorageBusyError, CorruptError,
        SchemaError (made by a newer program, or older and `migrate` is off).
        """
        make_ready(self._database.data_dir)
        file = self._database.file
        if file is not None:
            make_ready(file.parent)
            refuse_network_folder(file.parent)
            prepare_sqlite_file(file)
        if migrate:
            bring_up_to_date(self._database)
        else:
            refuse_other_schema(self._database)
        self._writing = self._database.engine("write")
        self._reading = self._database.engine("read")

    def close(self) -> None:
        """Close all connections; no unit of work may be open. The store may be opened again."""
        for engine in (self._writing, self._reading):
            if engine is not None:
                engine.dispose()
        self._writing = self._reading = None

    def compact(self) -> None:
        """Rewrite the database without what was deleted, a SQLite file's log too; others may wait a little meanwhile.

        A server's own log and backups are its administrator's.
        Raises: StorageBusyError when another process writes longer than we wait; DiskFullError, StorageError.
        """
        with self._turn:
            if self.file is None:
                self._rewrite_tables()
                return
            try:
                with closing(sqlite3.connect(self.file, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                    connection.execute("VACUUM")
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise translate_sqlite_error(error, self.file.parent) from error

    def holds_records(self) -> bool:
        """Whether the database has any rows, whoever made them; the store need not be open. Raises: StorageError."""
        engine = self._database.engine("read")
        try:
            with engine.begin() as connection:
                return has_records(connection)
        finally:
            engine.dispose()

    def load(self, source: Path, *, last: Callable[[], None]) -> None:
        """Take over all records of the SQLite file `source`, of this program's schema; `last` is done before the commit.

        Raises: BackupError when there are records here already; StorageError; what `last` raises. Then nothing is kept.
        """
        with self._turn, _begun(self._writing, self._database) as connection:
            load_records(source, connection)
            last()

    def _rewrite_tables(self) -> None:
        engine = self._database.engine("maintain")
        try:
            # One lock on one table at a time: units of work wait for one of them at most.
            with engine.connect() as connection:
                for table in metadata.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
        finally:
            engine.dispose()

    @contextmanager
    def writing_as(self, duty: str, holder: str) -> Iterator[None]:
        """While the block runs no unit of work of this store may write unless `holder` has `duty` (a lease), on a server.

        A process that was taken for dead finds out so before it changes anything.
        """

        def refuse_if_superseded(connection: Connection) -> None:
            lease = LeaseRows(connection).get(duty)
            if lease is None or lease.holder != holder:
                raise SupersededError(f"{duty}: {lease.host if lease else 'nobody'} has it, not this process")

        before = self._database.fence
        self._database.fence = refuse_if_superseded
        try:
            yield
        finally:
            self._database.fence = before

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A writing unit of work: committed when the block ends, rolled back when it raises.

        Raises: StorageError of every kind; whatever the block raises.
        """
        if self._writer == threading.get_ident():
            raise RuntimeError("a unit of work was opened inside another one of the same thread")
        work, committed = None, False
        try:
            with self._turn, _begun(self._writing, self._database) as connection:
                self._writer = threading.get_ident()
                try:
                    work = UnitOfWork(connection)
                    yield work
                finally:
                    self._writer = None
            committed = True
        finally:
            if work is not None:
                work.end(committed=committed)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A reading unit of work: everything in it is seen as of one moment. Writing in it is a bug.

        Raises: StorageError; RuntimeError on an attempt to write; whatever the block raises.
        """
        try:
            with _begun(self._reading, self._database) as connection:
                yield UnitOfWork(connection)
        except StorageError as error:
            if _tried_to_write(error.__cause__):
                raise RuntimeError("a reading unit of work cannot write; open Store.write()") from error
            raise


@contextmanager
def _begun(engine: Engine | None, database: Database) -> Iterator[Connection]:
    if engine is None:
        raise RuntimeError("the store is not open")
    try:
        connection = engine.connect()
    except PoolTimeoutError as error:  # raised before any connection could translate it
        raise translate_database_error(error, database.data_dir) from error
    with connection, connection.begin():
        yield connection


def _tried_to_write(error: BaseException | None) -> bool:
    return (
        getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY
        or getattr(error, "sqlstate", None) == _PG_READ_ONLY_TRANSACTION
    )
