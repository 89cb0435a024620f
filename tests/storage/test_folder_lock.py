from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import LockedFolderError, StorageError
from storage.lock import LOCK_NAME, hold_folder, is_held
from tests.storage.samples import NOON, minutes

_HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage import hold_folder
with hold_folder(Path(sys.argv[1]), at=datetime(2022, 12, 1, 4, 0, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def _other_holder(data_dir: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_folder_held_by_another_process_is_refused_naming_it(data_dir: Path) -> None:
    holder = _other_holder(data_dir)

    with pytest.raises(LockedFolderError) as refused, hold_folder(data_dir, at=minutes(1)):
        pass
    holder.communicate("", timeout=30)

    assert f"process {holder.pid} on " in str(refused.value)
    assert str(refused.value).endswith(" since 2022-12-01T04:00:00+00:00")
    assert "只能运行一个收件程序" in refused.value.advice
    with hold_folder(data_dir, at=minutes(1)):
        assert f'"pid": {os.getpid()}' in (data_dir / LOCK_NAME).read_text(encoding="utf-8")


def test_folder_held_in_this_process_is_refused_too(data_dir: Path) -> None:
    with hold_folder(data_dir, at=NOON), pytest.raises(LockedFolderError), hold_folder(data_dir, at=NOON):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_folder_of_a_killed_holder_is_free(data_dir: Path) -> None:
    holder = _other_holder(data_dir)
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=30)

    with hold_folder(data_dir, at=NOON):
        held = (data_dir / LOCK_NAME).stat().st_size > 0

    assert (held, (data_dir / LOCK_NAME).stat().st_size) == (True, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="another lock there")
def test_folder_on_a_file_system_without_locks_is_refused_as_trouble_with_the_folder(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:  # as NFS does without its lock daemon
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    with hold_folder(data_dir, at=NOON):
        pass
    monkeypatch.setattr("fcntl.flock", refuse)

    with pytest.raises(StorageError, match="No locks available"), hold_folder(data_dir, at=NOON):
        pass
    with pytest.raises(StorageError, match="No locks available"):
        is_held(data_dir)


@pytest.mark.skipif(sys.platform == "win32", reason="another lock there")
def test_folder_held_through_a_windows_share_is_held(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with hold_folder(data_dir, at=NOON):
        pass
    monkeypatch.setattr("fcntl.flock", refuse)

    with pytest.raises(LockedFolderError), hold_folder(data_dir, at=NOON):
        pass

    assert is_held(data_dir)


def test_asking_whether_a_folder_is_held_neither_writes_nor_holds(data_dir: Path) -> None:
    never = is_held(data_dir)
    holder = _other_holder(data_dir)
    while_held = is_held(data_dir)
    told = (data_dir / LOCK_NAME).read_bytes()
    holder.communicate("", timeout=30)

    assert (never, while_held, is_held(data_dir)) == (False, True, False)
    assert told != b""
    with hold_folder(data_dir, at=NOON):
        pass
