"""Bytes, fsync, rename, fsync of the folder, and only then COMMIT: for every raw letter, whichever step is left out."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import load_settings
from intake.bootstrap import open_records, running_service
from intake.desks import collect
from intake.edges.executors.inline import InlineExecutor
from storage import durable
from storage.letters import Incoming
from tests.conftest import RequireServer
from tests.reliability import faults
from tests.reliability.place import put_file, write_local_settings
from tests.reliability.power_cut import SyncedDisk

AT = datetime(2022, 12, 5, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with three letters waiting in a folder of files."""
    write_local_settings(tmp_path)
    for number in range(3):
        put_file(tmp_path, AT, f"asks{number}@qq.example", subject="请问", text=f"请问第{number}个问题？")
    return tmp_path


def _collect(folder: Path) -> None:
    with running_service(open_records(load_settings(folder)), executor=InlineExecutor()) as service:
        service.collect.turn()


linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files are asked from Linux")


@linux
def test_every_letter_on_record_survives_a_power_cut_at_its_commit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SyncedDisk(folder)
    disk.watch(monkeypatch)

    _collect(folder)

    kept = {path for path in disk.survivors() if path.endswith(".eml")}
    raws = [path.read_bytes() for path in (folder / "in").iterdir()]
    hashes = [hashlib.sha256(raw).hexdigest() for raw in raws]
    assert kept == {f"data/letters/{each[:2]}/{each[2:]}.eml" for each in hashes}
    assert (disk.broken, disk.commits > 3) == ([], True)


def _not_the_file(path: Path) -> bool:
    return path.suffix == ".part"


def _not_the_folder(path: Path) -> bool:
    return path.parent == Path("data/letters") and path.name != "incoming"


def _not_its_parent(path: Path) -> bool:
    return path == Path("data/letters")


def _not_the_letters(path: Path) -> bool:
    return path == Path("data")


@linux
@pytest.mark.parametrize("left_out", [_not_the_file, _not_the_folder, _not_its_parent, _not_the_letters])
def test_a_build_without_one_of_the_syncs_is_caught(
    folder: Path, monkeypatch: pytest.MonkeyPatch, left_out: Callable[[Path], bool]
) -> None:
    disk = SyncedDisk(folder, ignores=left_out)
    disk.watch(monkeypatch)

    _collect(folder)

    assert disk.broken != []


def _no_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last bytes are still in the program's own buffer when the file is synced."""

    def late(source: Path, target: Path) -> None:
        source.rename(target)
        durable.sync_folder(target.parent)

    class Unflushed:
        def __init__(self, file: object) -> None:
            self._file = file

        def flush(self) -> None:
            """Left out."""

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

    begin = Incoming.__init__

    def opened(this: Incoming, *args: object) -> None:
        begin(this, *args)  # type: ignore[arg-type]  # handed on
        this._file = Unflushed(this._file)  # type: ignore[assignment]

    monkeypatch.setattr(Incoming, "__init__", opened)
    monkeypatch.setattr(durable, "move_into_place", late)


def _folder_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is synced before the rename instead of after it."""

    def wrong_way_round(source: Path, target: Path) -> None:
        durable.sync_folder(target.parent)
        source.rename(target)

    monkeypatch.setattr(durable, "move_into_place", wrong_way_round)


def _row_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is committed before the letter has its name."""
    for owner, name in (
        (collect.CollectDesk, "_put_down"),
        (Incoming, "commit"),
        (Incoming, "abort"),
        (collect, "_sender"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back when the test ends
    faults.rows_before_bytes()


@linux
@pytest.mark.parametrize("build", [_no_flush, _folder_first, _row_first])
def test_a_build_with_two_steps_the_wrong_way_round_is_caught(
    folder: Path, monkeypatch: pytest.MonkeyPatch, build: Callable[[pytest.MonkeyPatch], None]
) -> None:
    disk = SyncedDisk(folder)
    build(monkeypatch)
    disk.watch(monkeypatch)

    _collect(folder)

    assert disk.broken != []


# --- as the operating system sees it

_CALL = re.compile(r"^\d+ +(?:\S+ )?(\w+)\((.*)$")
_STEPS = ("write", "fsync", "rename", "fsync of the folder", "write of the log", "fsync of the log", "on record")


@pytest.fixture
def strace(require_server: RequireServer) -> str:
    """The tracer. Where a sandbox does not let it trace, the test says so: the order inside is proved above."""
    found = shutil.which("strace")
    require_server("strace", found)
    assert found is not None
    tried = subprocess.run([found, "-e", "trace=none", "true"], capture_output=True, check=False, timeout=30)
    if tried.returncode:
        pytest.skip(f"tracing is not permitted here: {tried.stderr.decode(errors='replace').strip()[:200]}")
    return found


def _traced(strace: str, folder: Path, *fault: str) -> list[str]:
    """The steps of the first letter in the order the system saw them; each once, the last of its kind before `on record`."""
    trace = folder / "trace.txt"
    calls = "trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2"
    subprocess.run(
        [strace, "-f", "-y", "-s", "200", "-e", calls, "-o", str(trace),
         sys.executable, "-m", "tests.reliability.collect_once", str(folder), *fault],
        cwd=ROOT, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return list(_steps(trace.read_text("utf-8", errors="replace")))


def _steps(trace: str) -> Iterator[str]:
    record = re.search(r'"on record: ([0-9a-f]{64})', trace)
    assert record is not None
    sha256 = record[1]
    before, _, _ = trace.partition(record[0])
    moved = re.search(rf'rename\w*\([^"]*"([^"]*\.part)", [^"]*"[^"]*{sha256[2:]}\.eml"', trace)
    assert moved is not None
    part = Path(moved[1]).name
    folder = f"letters/{sha256[:2]}>"
    for line in (*before.splitlines(), f'0 write(2, "{record[0]}"'):
        call = _CALL.match(line)
        if call is None:
            continue
        name, rest = call.groups()
        if part in rest and name in {"write", "fsync", "fdatasync"}:
            yield "write" if name == "write" else "fsync"
        elif name.startswith("rename") and sha256[2:] in rest:
            yield "rename"
        elif name in {"fsync", "fdatasync"} and folder in rest:
            yield "fsync of the folder"
        elif "intake.sqlite3-wal>" in rest:
            yield "write of the log" if name == "pwrite64" else "fsync of the log"
        elif "on record" in rest:
            yield "on record"


def _in_order(steps: list[str]) -> bool:
    """Whether all steps come, each after the one before it."""
    waiting = iter(steps)
    return all(any(step == seen for seen in waiting) for step in _STEPS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "in_order"), [((), True), (("rows_before_bytes",), False), (("no_sync_at_commit",), False)]
)
def test_the_system_sees_bytes_name_and_folder_synced_before_the_commit_and_the_commit_itself(
    strace: str, folder: Path, fault: tuple[str, ...], in_order: bool
) -> None:
    assert _in_order(_traced(strace, folder, *fault)) is in_order
