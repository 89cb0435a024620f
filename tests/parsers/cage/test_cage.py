"""What a program in a cage can see, write, reach and outlive. Real programs, real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from parsers.cage import Cage, CageError, Ceilings, caged, granted, in_force, sandbox
from tests.parsers.cage.processes import all_gone, running_with, wait_until

SHELL = str(Path("/bin/sh").resolve())
CEILINGS = Ceilings(memory_bytes=1_000_000_000, cpu_seconds=7, file_bytes=1_024_000)
ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the scripts are the shell's")


@pytest.fixture
def cage(tmp_path: Path) -> Cage:
    folder = tmp_path / "archive"
    (folder / "out").mkdir(parents=True)
    (folder / "a.rar").write_bytes(b"archive")
    return Cage(CEILINGS, folder=folder, writable=folder / "out")


def said(cage: Cage, script: str, *, seconds: float = 60.0, typed: bytes = b"") -> tuple[bytes, int]:
    """What a shell script in the cage prints, and its exit status."""
    with caged((SHELL, "-c", script), cage, seconds=seconds, typed=typed, listened=True) as program:
        return program.output.read(), program.wait()


@pytest.mark.usefixtures("walls")
def test_a_program_reads_its_folder_and_what_is_typed(cage: Cage) -> None:
    assert said(cage, "cat a.rar; cat; echo x > out/new", typed=b"secret\n") == (b"archivesecret\n", 0)
    assert (cage.writable or Path()).joinpath("new").read_text() == "x\n"


@pytest.mark.usefixtures("walls")
def test_the_exit_status_is_the_program_s_own(cage: Cage) -> None:
    assert said(cage, "exit 81") == (b"", 81)


@pytest.mark.usefixtures("walls")
def test_ceilings_are_the_program_s_own_not_the_reader_s(cage: Cage) -> None:
    told, _ = said(cage, "ulimit -S -v; ulimit -S -t; ulimit -H -f; ulimit -c")

    # In units of the shell: kilobytes, seconds, blocks of 512 bytes.
    assert told.split() == [b"976562", b"7", b"2000", b"0"]


@pytest.mark.usefixtures("walls")
def test_a_program_that_writes_without_end_meets_its_ceiling(cage: Cage) -> None:
    _, status = said(cage, "cat /dev/zero > out/big")

    assert status != 0
    assert (cage.writable or Path()).joinpath("big").stat().st_size <= CEILINGS.file_bytes


@pytest.mark.usefixtures("walls")
def test_a_program_that_takes_too_long_is_ended_with_all_it_started(cage: Cage) -> None:
    with pytest.raises(CageError) as caught:
        said(cage, "sleep 60.75 & sleep 60.75", seconds=1.0)

    assert caught.value.why == "timed_out"
    assert wait_until(lambda: not running_with("sleep 60.75"))


@pytest.mark.usefixtures("walls")
def test_nothing_is_left_running_behind_the_block(cage: Cage) -> None:
    before = psutil.Process().children(recursive=True)

    with caged((SHELL, "-c", "sleep 60 & echo up; sleep 60"), cage, seconds=60.0, listened=True) as program:
        program.output.readline()
        inside = [each for each in psutil.Process().children(recursive=True) if each not in before]

    assert inside
    assert all_gone(inside)


@pytest.mark.usefixtures("walls")
def test_an_open_input_ends_with_the_block_and_not_before(cage: Cage) -> None:
    with caged((SHELL, "-c", "echo up; cat; echo over"), cage, seconds=60.0, listened=True) as program:
        told = program.output.readline()
        has_ended = program.has_ended(within_seconds=0.2)

    assert (told, has_ended) == (b"up\n", False)


@pytest.mark.usefixtures("walls")
def test_a_program_that_is_not_there_ends_badly(cage: Cage, tmp_path: Path) -> None:
    with caged((str(tmp_path / "none"),), cage, seconds=60.0) as program:
        assert program.wait() != 0


def test_a_machine_that_starts_nothing_says_so(cage: Cage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))

    with pytest.raises(CageError) as caught:
        said(cage, "true")

    assert caught.value.why == "not_started"


@pytest.mark.parametrize(
    ("bubblewrap", "told"),
    [(None, "no_sandbox"), ("/bin/false", "sandbox_forbidden"), ("/bin/true", "sandbox")],
)
def test_what_is_in_force_is_told_by_a_trial(
    bubblewrap: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_bubblewrap", lambda: bubblewrap)
    sandbox.find_sandbox.cache_clear()

    try:
        assert in_force() == told
    finally:
        sandbox.find_sandbox.cache_clear()


def test_landlock_shows_a_program_its_folder_and_nothing_else(walls: str, cage: Cage, tmp_path: Path) -> None:
    if walls != "landlock":
        pytest.skip("of the other walls, the users of cages are asked")
    (tmp_path / "other").write_text("somebody else's", encoding="utf-8")

    told, status = said(
        cage,
        f"cat a.rar ../other; ls {tmp_path} / /root; cat /etc/hostname; (echo x > a.rar); read me < /proc/self/comm; echo $me",
    )

    assert (told, status) == (f"archive{Path(SHELL).name}\n".encode(), 0)
    assert (cage.folder or Path()).joinpath("a.rar").read_bytes() == b"archive"


READER = """
import sys
from pathlib import Path
from parsers.cage import Cage, Ceilings, caged, running
if sys.argv[1] != "sandboxed":
    running.find_sandbox = lambda: None
cage = Cage(Ceilings(10**9, 60, 10**6), folder=Path(sys.argv[2]))
with caged((sys.argv[3], "-c", "sleep 301 & echo up; sleep 301"), cage, seconds=300.0, listened=True) as program:
    print(program.output.readline().decode().strip(), flush=True)
    program.wait()
"""


def test_a_killed_reader_takes_its_program_with_it(walls: str, tmp_path: Path) -> None:
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, walls, str(tmp_path), SHELL], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == b"up\n"
    below = psutil.Process(reader.pid).children(recursive=walls == "sandboxed")  # a shell's own children need walls

    os.kill(reader.pid, signal.SIGKILL)
    reader.wait()
    reader.stdout.close()

    assert below
    assert all_gone(below)


def test_secrets_beside_an_environment_are_no_part_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`python -m venv .` makes the working folder an environment."""
    (tmp_path / "lib").mkdir()
    (tmp_path / ".env").write_text("INTAKE_MAILBOX__SECRET=planted", encoding="utf-8")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    granted._interpreter.cache_clear()

    places = [Path(place) for place, _ in granted.interpreter()]
    granted._interpreter.cache_clear()

    assert tmp_path.resolve() / "lib" in places
    assert not any((tmp_path.resolve() / ".env").is_relative_to(place) for place in places)
