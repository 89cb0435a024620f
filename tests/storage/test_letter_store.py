from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import durable
from storage.errors import CorruptError, DiskFullError, ReadOnlyError, StorageError
from storage.letters import Incoming, LetterStore, StoredLetter

RAW = b"From: a@b\r\n\r\n" + bytes(range(256)) * 8
SHA256 = hashlib.sha256(RAW).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "数据" / "letters"


def _store(root: Path, raw: bytes = RAW) -> StoredLetter:
    with LetterStore(root).receive() as incoming:
        incoming.write(raw)
        return incoming.commit()


def _files(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


class Calls:
    """What was synced and renamed, in order, by the names of files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        real_fsync, real_replace = os.fsync, os.replace

        def fsync(descriptor: int) -> None:
            self.seen.append(f"fsync {_shown(Path(f'/proc/self/fd/{descriptor}').readlink())}")
            real_fsync(descriptor)

        def replace(source: Path, target: Path) -> None:
            self.seen.append(f"replace {_shown(source)} -> {_shown(target)}")
            real_replace(source, target)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", replace)


def _shown(path: Path) -> str:
    return "part" if path.suffix == ".part" else path.name


def test_letter_received_in_pieces_is_stored_under_its_hash(root: Path) -> None:
    letters = LetterStore(root)

    with letters.receive() as incoming:
        pieces = [incoming.sink.write(RAW[start : start + 1000]) for start in range(0, len(RAW), 1000)]
        stored = incoming.commit()

    assert stored == StoredLetter(SHA256, len(RAW))
    assert (sum(pieces), incoming.size_bytes, incoming.stored) == (len(RAW), len(RAW), stored)
    assert _files(root) == [Path(SHA256[:2]) / f"{SHA256[2:]}.eml"]
    assert letters.path(SHA256).read_bytes() == RAW
    with letters.open(SHA256) as file:
        assert file.read() == RAW


def test_empty_letter_is_a_letter(root: Path) -> None:
    assert _store(root, b"") == StoredLetter(hashlib.sha256(b"").hexdigest(), 0)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files are asked from Linux")
def test_letter_is_durable_before_commit_returns(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root.parent.mkdir()
    calls = Calls(monkeypatch)

    _store(root)
    first = list(calls.seen)
    calls.seen.clear()
    _store(root, b"another")

    folder = SHA256[:2]
    another = hashlib.sha256(b"another").hexdigest()
    assert (
        first
        == [
            "fsync 数据",  # names letters/
            "fsync letters",  # names incoming/
            "fsync part",  # the bytes
            "fsync letters",  # names ab/
            f"replace part -> {SHA256[2:]}.eml",
            f"fsync {folder}",  # names the letter
        ]
    )
    assert calls.seen == [
        "fsync part",
        "fsync letters",
        f"replace part -> {another[2:]}.eml",
        f"fsync {another[:2]}",
    ]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files are asked from Linux")
def test_letter_stored_again_is_one_letter_and_its_name_is_made_durable_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _store(root)
    calls = Calls(monkeypatch)

    again = _store(root)

    assert again == first
    assert calls.seen == ["fsync part", f"fsync {SHA256[:2]}"]
    assert len(_files(root)) == 1


def test_letter_cut_short_on_disk_is_mended_by_the_next_copy(root: Path) -> None:
    _store(root)
    letters = LetterStore(root)
    letters.path(SHA256).write_bytes(RAW[:100])
    whole_before = letters.verify(SHA256)

    _store(root)

    assert (whole_before, letters.verify(SHA256)) == (False, True)


def _no_commit(incoming: Incoming) -> None:
    incoming.write(RAW)


def _failing(incoming: Incoming) -> None:
    incoming.write(RAW)
    raise ConnectionResetError("the server hung up")


@pytest.mark.parametrize(("body", "raised"), [(_no_commit, None), (_failing, ConnectionResetError)])
def test_reception_broken_off_leaves_nothing_and_keeps_its_own_error(
    root: Path, body: Callable[[Incoming], None], raised: type[Exception] | None
) -> None:
    seen = None
    try:
        with LetterStore(root).receive() as incoming:
            body(incoming)
    except ConnectionResetError as error:
        seen = type(error)

    assert (seen, _files(root)) == (raised, [])


def test_letter_missing_or_changed_on_disk_is_noticed(root: Path) -> None:
    letters = LetterStore(root)
    _store(root)
    held = letters.holds(SHA256)
    letters.path(SHA256).write_bytes(RAW[:-1] + b"?")
    changed = letters.verify(SHA256)
    letters.path(SHA256).unlink()

    assert (held, changed, letters.holds(SHA256), letters.verify(SHA256)) == (True, False, False, False)
    with pytest.raises(CorruptError, match=SHA256):
        letters.open(SHA256)


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65])
def test_path_of_no_hash_is_a_bug(root: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        LetterStore(root).path(wrong)


def test_leftovers_of_a_dead_process_go_and_fresh_ones_stay(root: Path) -> None:
    letters = LetterStore(root)
    nothing = letters.clean_incoming(before_at=datetime.now(UTC))
    _store(root)
    old, fresh = root / "incoming" / "1-old.part", root / "incoming" / "2-fresh.part"
    for part in (old, fresh):
        part.write_bytes(b"half")
    long_ago = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(old, (long_ago, long_ago))

    removed = letters.clean_incoming(before_at=datetime.now(UTC) - timedelta(days=1))

    assert (nothing, removed, old.exists(), fresh.exists(), letters.verify(SHA256)) == (0, 1, False, True, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_disk_while_receiving_is_said_and_nothing_is_stored(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode: real_open(Path("/dev/full"), "wb" if mode == "xb" else mode))

    with pytest.raises(DiskFullError) as full:
        _store(root, bytes(3_000_000))

    assert (full.value.temporary, "磁盘空间已满" in full.value.advice, _files(root)) == (True, True, [])


@pytest.mark.parametrize(
    ("number", "raised"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, ReadOnlyError),
        (errno.EIO, StorageError),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_trouble_while_committing_stores_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, raised: type[StorageError]
) -> None:
    durable.make_folder(root / "incoming")

    def refuse(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)

    with pytest.raises(StorageError) as error:
        _store(root)

    assert (type(error.value), _files(root)) == (raised, [])
