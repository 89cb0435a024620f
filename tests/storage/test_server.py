"""What a database server does otherwise than a file: several stores at once, links that end, an order of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from storage.errors import (
    DiskFullError,
    ReadOnlyError,
    StorageBusyError,
    StorageError,
    SupersededError,
    UnreachableError,
)
from storage.records.contents import ReadingRecord
from storage.store import Store
from tests.servers.postgresql import PostgresServer
from tests.storage.samples import NOON, case, file, letter, sha

pytestmark = pytest.mark.server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    with postgres.emptied() as name:
        yield name


@pytest.fixture
def stores(postgres: PostgresServer, database: str, data_dir: Path) -> Iterator[tuple[Store, Store]]:
    """Two machines on one database."""
    with ExitStack() as open_ones:
        made = tuple(Store(postgres.url(database), data_dir=data_dir) for _ in range(2))
        for each in made:
            each.open()
            open_ones.callback(each.close)
        yield made[0], made[1]


def test_writers_of_two_machines_take_turns(stores: tuple[Store, Store]) -> None:
    def count_up(store: Store) -> None:
        for _ in range(25):
            with store.write() as work:
                seen = work.service.get_mark("turns") or 0
                work.service.put_mark("turns", seen + 1)

    threads = [threading.Thread(target=count_up, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    with stores[0].read() as view:
        assert view.service.get_mark("turns") == 50


def test_writer_who_waits_too_long_for_another_machine_is_told(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.dialects.BUSY_SECONDS", 0.1)
    stores[1].close()
    stores[1].open()

    with stores[0].write() as work:
        work.service.put_mark("first", 1)
        with pytest.raises(StorageBusyError, match="55P03"), stores[1].write():
            pass


def test_unit_of_work_whose_link_is_cut_leaves_nothing_and_the_next_one_works(
    stores: tuple[Store, Store], postgres: PostgresServer, database: str
) -> None:
    store = stores[0]

    def cut_in_the_middle() -> None:
        with store.write() as work:
            work.letters.add(letter("undone"))
            postgres.terminate(database)
            work.letters.add(letter("never"))

    with pytest.raises(UnreachableError):
        cut_in_the_middle()
    with store.write() as work:
        work.letters.add(letter("kept"))

    with store.read() as view:
        assert {word: view.letters.get(sha(word)) is not None for word in ("undone", "never", "kept")} == {
            "undone": False,
            "never": False,
            "kept": True,
        }


@pytest.mark.parametrize(
    ("state", "kind", "advice"),
    [
        ("53100", DiskFullError, "数据库服务器的磁盘空间已满"),
        ("53300", UnreachableError, "连不上数据库服务器"),
        ("25006", ReadOnlyError, "数据库服务器现在只许读取"),
        ("42501", ReadOnlyError, "没有写入权限"),
        ("40P01", StorageBusyError, "长时间占用数据库"),
        ("57P01", UnreachableError, "连不上数据库服务器"),
        ("25P03", UnreachableError, "连不上数据库服务器"),
        ("XX000", StorageError, "联系技术支持"),
    ],
)
def test_refusal_of_a_server_becomes_an_error_that_says_what_to_do(
    stores: tuple[Store, Store], state: str, kind: type[StorageError], advice: str
) -> None:
    engine = stores[0]._writing
    assert engine is not None

    with pytest.raises(StorageError) as refused, engine.begin() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$")

    assert type(refused.value) is kind
    assert advice in refused.value.advice


def test_server_that_is_not_there_is_told_as_such(postgres: PostgresServer, data_dir: Path) -> None:
    store = Store(postgres.url("nobody_made_this"), data_dir=data_dir)

    with pytest.raises(UnreachableError, match="nobody_made_this") as refused:
        store.open()

    assert "数据库名" in refused.value.advice


@pytest.mark.parametrize("url", ["mysql://u:p@db/x", "oracle://u:p@db/x"])
def test_database_of_another_maker_is_refused_before_anything_is_asked(data_dir: Path, url: str) -> None:
    with pytest.raises(StorageError) as refused:
        Store(url, data_dir=data_dir)

    assert "只支持 SQLite" in refused.value.advice


def test_address_as_hosters_write_it_is_taken(postgres: PostgresServer, database: str, data_dir: Path) -> None:
    store = Store(postgres.url(database).replace("postgresql+psycopg", "postgres"), data_dir=data_dir)

    store.open(migrate=False)

    with store.read() as view:
        assert view.cases.list() == ()
    store.close()


def test_texts_are_sorted_by_code_points_in_a_database_that_sorts_by_pinyin(
    stores: tuple[Store, Store], postgres: PostgresServer, database: str
) -> None:
    words = ["阿", "中", "一", "b", "B", "10", "9"]
    with stores[0].write() as work:
        for number, word in enumerate(words, 1):
            work.cases.open(case(f"HL22-{number:04}", unit=word))

    with stores[0].read() as view:
        units = view.browsing.units("huli-2022")
    by_pinyin = postgres.ask('SELECT unit FROM cases ORDER BY unit COLLATE "zh-x-icu"', database=database)

    assert list(units) == sorted(words)
    assert [row[0] for row in by_pinyin] != sorted(words)


def test_facts_no_server_can_search_do_not_keep_the_ledger_from_being_written(stores: tuple[Store, Store]) -> None:
    facts = {
        "title\0": "一\0二\ud83d",
        "document": {"counts": {"main": {"words": {"value": 3000, "reason": "\udc00"}}}},
        "photo": {"width_px": 4_294_967_295, "height_px": None},
    }
    with stores[0].write() as work:
        work.letters.add(letter())
        work.files.replace_for_letter(sha(1), [file("案例.docx", sha256=sha("f"))])
        work.readings.put(
            ReadingRecord(file_sha256=sha("f"), reader="docx/1", limits_key="l", facts=facts, problem=None, at=NOON)
        )

    with stores[0].read() as view:
        (measure,) = view.ledger.measures().values()

    assert (measure.words, measure.width_px, measure.height_px) == (3000, 4_294_967_295, None)


def test_purged_bytes_do_not_lie_on_in_the_tables(
    stores: tuple[Store, Store], postgres: PostgresServer, database: str
) -> None:
    store = stores[0]
    with store.write() as work:
        for number in range(300):
            work.service.add_event("collect", "failed", "电话 13900000000 " * 200, at=NOON + number * MINUTE)
    before = _size_bytes(postgres, database)

    with store.write() as work:
        work.purging.purge_service_before(NOON + timedelta(days=30), campaigns=())
    store.compact()

    assert _size_bytes(postgres, database) < before / 2


def _size_bytes(postgres: PostgresServer, database: str) -> int:
    return int(postgres.ask("SELECT pg_total_relation_size('events')", database=database)[0][0])


# --- who has a duty


def test_duty_is_had_by_one_until_it_is_given_back(stores: tuple[Store, Store]) -> None:
    first, second = stores
    taken = [_take(first, "A"), _take(second, "B"), _take(first, "A")]
    with first.write() as work:
        work.leases.give_back("worker", holder="A")

    assert [*taken, _take(second, "B")] == ["A", "A", "A", "B"]


def test_duty_of_one_who_fell_silent_is_taken_over_and_he_may_write_no_more(stores: tuple[Store, Store]) -> None:
    first, second = stores
    _take(first, "A", lasting=timedelta(0))
    with first.writing_as("worker", "A"):
        with first.write() as work:  # it ran out, but nobody took it
            work.service.put_mark("written", 1)
        taken = _take(second, "B")
        with pytest.raises(SupersededError), first.write() as work:
            work.service.put_mark("written", 2)

    with second.read() as view:
        assert (taken, view.service.get_mark("written")) == ("B", 1)


def test_duty_that_ran_out_is_nobodys_now(stores: tuple[Store, Store]) -> None:
    _take(stores[0], "A", lasting=timedelta(0))

    with stores[1].read() as view:
        last, now = view.leases.get("worker"), view.leases.current("worker")

    assert (last is not None and last.holder, now) == ("A", None)


def _take(store: Store, holder: str, *, lasting: timedelta = MINUTE) -> str:
    with store.write() as work:
        return work.leases.take("worker", holder=holder, host="pc-1", pid=7, lasting=lasting).holder


def test_server_cuts_a_link_whose_machine_stood_still_in_the_middle_of_writing(
    stores: tuple[Store, Store], postgres: PostgresServer
) -> None:
    engine = stores[0]._writing
    assert engine is not None

    with engine.begin() as connection:
        shown = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar()
        zone = connection.exec_driver_sql("SHOW timezone").scalar()

    assert (shown, zone) == ("5min", "UTC")
    assert issubclass(psycopg.errors.IdleInTransactionSessionTimeout, psycopg.Error)
