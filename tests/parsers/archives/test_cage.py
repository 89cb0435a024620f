"""The cage around unpacking programs: what a program inside can see, write and outlive. Real programs, real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from parsers.archives import cage
from parsers.archives.cage import caged
from parsers.errors import ParserError
from parsers.limits import Limits
from tests.conftest import RequireServer

SHELL = Path("/bin/sh").resolve()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "archive"
    (made / "out").mkdir(parents=True)
    (made / "a.rar").write_bytes(b"archive")
    return made


def said(folder: Path, script: str, *, limits: Limits | None = None, typed: bytes = b"") -> tuple[bytes, bool]:
    """What a shell script in the cage prints, and whether it ended well."""
    with caged(
        SHELL,
        ("-c", script),
        inside=folder,
        writable=folder / "out",
        typed=typed,
        limits=limits or Limits(),
    ) as running:
        return running.stdout.read(), running.wait()


def test_a_program_reads_the_archive_and_what_is_typed(folder: Path) -> None:
    assert said(folder, "cat a.rar; cat", typed=b"secret\n") == (b"archivesecret\n", True)


def test_a_program_that_fails_is_not_content(folder: Path) -> None:
    assert said(folder, "exit 3") == (b"", False)


def test_it_writes_into_its_folder_and_sees_nothing_else(folder: Path, require_server: RequireServer) -> None:
    require_server("bubblewrap", cage._bubblewrap())
    (folder.parent / "ours.txt").write_text("ours")

    out, _ = said(folder, "echo x > out/new; echo y > a.rar; cat ../ours.txt; ls /home /etc /root; ls -d /proc/[0-9]*")

    assert (folder / "out" / "new").read_text() == "x\n"
    assert (folder / "a.rar").read_bytes() == b"archive"
    assert b"ours" not in out
    assert out.split(b"\n")[:1] == [b"/etc:"]
    assert len([line for line in out.split(b"\n") if line.startswith(b"/proc/")]) <= 4


def test_a_program_that_takes_too_long_is_ended_and_said(folder: Path) -> None:
    with pytest.raises(ParserError) as caught:
        said(folder, "sleep 60", limits=Limits(wall_seconds=0.5))

    assert caught.value.code == "timed_out"


def test_nothing_is_left_running_behind_the_block(folder: Path) -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}

    with caged(SHELL, ("-c", "sleep 60 & sleep 60"), inside=folder, writable=None, typed=b"", limits=Limits()):
        assert {process.pid for process in psutil.Process().children(recursive=True)} - before

    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before


def test_a_program_that_writes_without_end_meets_its_ceiling(folder: Path, require_server: RequireServer) -> None:
    require_server("prlimit", cage._ceilings(Limits()))

    _, is_content = said(folder, "cat /dev/zero > out/big", limits=Limits(members_bytes=1_000_000))

    assert not is_content
    assert (folder / "out" / "big").stat().st_size <= 1_000_000


def test_a_program_that_is_not_there_is_not_content(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with caged(folder / "none", (), inside=folder, writable=None, typed=b"", limits=Limits()) as running:
        assert not running.wait()

    monkeypatch.setattr(cage, "_ceilings", lambda _: [str(folder / "none")])
    with pytest.raises(ParserError) as caught:
        said(folder, "true")

    assert (caught.value.code, caught.value.detail) == ("unsupported_format", f"{SHELL.name} cannot be started")


READER = """
import sys
from pathlib import Path
from parsers.archives.cage import caged
from parsers.limits import Limits
with caged(Path("/bin/sh").resolve(), ("-c", "echo up; sleep 301"), inside=Path(sys.argv[1]), writable=None, typed=b"",
           limits=Limits()) as running:
    print(running.stdout.readline().decode().strip(), flush=True)
    running.wait()
"""


def test_a_killed_reader_takes_its_program_with_it(folder: Path) -> None:
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(folder)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == b"up\n"
    below = psutil.Process(reader.pid).children(recursive=True)

    os.kill(reader.pid, signal.SIGKILL)
    reader.wait()
    reader.stdout.close()

    for _ in range(100):
        if not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in below):
            break
        time.sleep(0.05)
    assert below
    assert not [process for process in below if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
