"""Letters that lie on the disk as files: a Maildir, or a folder of `.eml`. The files are only read.

Peer: the file system. What the folders hold is looked at anew with every call; a
UID belongs to one file for good (`uid_index`).
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from imapclient.imap_utf7 import decode as decode_utf7

from intake.edges.clock import Clock, SystemClock
from intake.edges.mailboxes import Envelope, FolderStatus
from intake.edges.mailboxes.folders import ListedFolder, WatchedFolder, watched
from intake.edges.mailboxes.headers import HEADER_BYTES, fingerprint_fields
from intake.edges.mailboxes.uid_index import UidIndex, disk_trouble, load_index, save_index
from intake.errors import BodyUnavailableError, MailboxError
from parsers.letter import read_head

PIECE_BYTES = 1_000_000
SETTLE_SECONDS = 2.0
"""An `.eml` changed within this time may still be copied; it is not seen before."""
_GLANCE_SECONDS = 1.0
_INFO = re.compile(r"[:!;]2,[A-Za-z]*$")
"""The flags at the end of a Maildir name (`:2,S`); `!` and `;` stand for the colon where names may not hold one."""
_MAILDIR_TIME = re.compile(r"(\d{9,10})\.")


@dataclass(frozen=True, slots=True)
class _File:
    """A letter on the disk."""

    path: Path
    key: str
    """What stays the same as long as it is the same letter."""
    size_bytes: int
    changed_ns: int
    internal_at: datetime


class _FileMailbox(ABC):
    """What both kinds share; they differ in where letters lie and what names them."""

    def __init__(self, root: Path, *, state_folder: Path, account: str, clock: Clock | None) -> None:
        self.account = account
        self._root = root
        self._state_folder = state_folder
        self._clock: Clock = clock or SystemClock()
        self._indexes: dict[str, UidIndex] = {}
        self._seen: dict[Path, dict[int, _File]] = {}

    @abstractmethod
    def _folders(self) -> Mapping[WatchedFolder, Path]:
        """The watched folders and where each lies."""

    @abstractmethod
    def _scan(self, place: Path) -> Iterator[_File]:
        """The letters of one folder, in any order."""

    def statuses(self) -> tuple[FolderStatus, ...]:
        """The watched folders, inbox first."""
        found = []
        for folder, place in self._folders().items():
            files = self._look(place)
            index = self._index(place)
            found.append(FolderStatus(folder.name, folder.role, index.uidvalidity, index.uidnext, len(files)))
        return tuple(found)

    def uids(self, folder: str, *, first: int = 1) -> tuple[int, ...]:
        """The UIDs of the files now there from `first` on, ascending."""
        return tuple(uid for uid in sorted(self._look(self._place(folder))) if uid >= first)

    def envelopes(self, folder: str, uids: Sequence[int]) -> Iterator[Envelope]:
        """Envelopes of those of `uids` still there, ascending."""
        files = self._look(self._place(folder))
        for uid in sorted(set(uids) & files.keys()):
            file = files[uid]
            try:
                with file.path.open("rb") as letter:
                    head = letter.read(HEADER_BYTES)
            except FileNotFoundError:
                continue
            except OSError:
                head = b""
            yield Envelope(uid, file.size_bytes, self._arrived_at(file, head), fingerprint_fields(head))

    def _arrived_at(self, file: _File, _head: bytes) -> datetime:
        """What stands for INTERNALDATE."""
        return file.internal_at

    def fetch(self, folder: str, uid: int, sink: BinaryIO) -> int:
        """Write the file's bytes to `sink` in pieces; return their number, 0 when it is gone.

        Raises: BodyUnavailableError when it is there and empty or cannot be read.
        """
        place = self._place(folder)
        for files in (self._seen.get(place, {}), None):
            # The last look serves first, or fetching n letters would look n times at n files.
            file = (self._look(place) if files is None else files).get(uid)
            if file is not None and (written_bytes := _copy(file, sink)):
                return written_bytes
        return 0

    def wait_for_news(self, seconds: float, stop: threading.Event) -> bool:
        """Look at the folders' own times once a second; True when one changed."""
        until = time.monotonic() + seconds
        before = self._changed_at()
        while (left := until - time.monotonic()) > 0:
            if stop.wait(min(left, _GLANCE_SECONDS)):
                return False
            if self._changed_at() != before:
                return True
        return False

    def close(self) -> None:
        """Forget what was seen; no file is kept open."""
        self._seen.clear()

    def _place(self, folder: str) -> Path:
        for known, place in self._folders().items():
            if known.name == folder:
                return place
        raise MailboxError(f"no folder {folder}", temporary=False, advice=f"没有名为“{folder}”的文件夹。")

    def _look(self, place: Path) -> dict[int, _File]:
        """The letters now there by UID; new ones are given theirs, oldest first."""
        try:
            files = sorted(self._scan(place), key=lambda file: (file.internal_at, file.key))
        except OSError as error:
            raise disk_trouble(place, error) from error
        index = self._index(place)
        if index.give(file.key for file in files):
            save_index(self._index_path(place), index)
        self._seen[place] = {index.uids[file.key]: file for file in files}
        return self._seen[place]

    def _index(self, place: Path) -> UidIndex:
        path = self._index_path(place)
        index = self._indexes.get(path.name)
        if index is None or not path.exists():
            now_seconds = int(self._clock.now().timestamp())
            index = load_index(path, uidvalidity=max(now_seconds, index.uidvalidity + 1 if index else 0))
            self._indexes[path.name] = index
            if not path.exists():
                save_index(path, index)
        return index

    def _index_path(self, place: Path) -> Path:
        name = hashlib.sha256(os.fsencode(place.resolve())).hexdigest()[:16]
        return self._state_folder / f"uids-{name}.json"

    def _changed_at(self) -> list[int]:
        try:
            return [
                inner.stat().st_mtime_ns
                for place in self._folders().values()
                for inner in (place, place / "new", place / "cur")
                if inner.exists()
            ]
        except OSError:
            return []


class EmlFolderMailbox(_FileMailbox):
    """A folder of `.eml` files, as people save or export letters; subfolders count as part of it.

    The topmost Received, or the file's time where that is earlier or all there is, stands for INTERNALDATE. A file
    changed in place is another letter.
    """

    def __init__(self, root: Path, *, state_folder: Path, account: str, clock: Clock | None = None) -> None:
        super().__init__(root, state_folder=state_folder, account=account, clock=clock)

    def _folders(self) -> Mapping[WatchedFolder, Path]:
        if not self._root.is_dir():
            advice = f"找不到文件夹“{self._root}”。请核对路径。"
            raise MailboxError(f"no folder {self._root.name}", temporary=False, advice=advice)
        return {WatchedFolder("INBOX", "inbox"): self._root}

    def _scan(self, place: Path) -> Iterator[_File]:
        now_seconds = self._clock.now().timestamp()
        for folder, _, names in os.walk(place):
            for name in names:
                if not name.lower().endswith(".eml"):
                    continue
                path = Path(folder, name)
                try:
                    told = path.stat()
                except FileNotFoundError:
                    continue
                if 0 <= now_seconds - told.st_mtime < SETTLE_SECONDS:
                    continue
                key = f"{path.relative_to(place).as_posix()}|{told.st_size}|{told.st_mtime_ns}"
                yield _File(path, key, told.st_size, told.st_mtime_ns, datetime.fromtimestamp(told.st_mtime, UTC))

    def _arrived_at(self, file: _File, head: bytes) -> datetime:
        # Files are exported and copied days later: the server that took the letter in knows better.
        top = next((hop.at for hop in read_head(head).received if hop.at is not None), file.internal_at)
        return min(top, file.internal_at)


class MaildirMailbox(_FileMailbox):
    """A Maildir with its Maildir++ subfolders. Flags (`:2,S`) and the way from `new` to `cur` change nothing.

    The earlier of the file's time and the time in its name stands for INTERNALDATE: a
    copy moves the first, an import sets the second, neither can lie before the arrival.
    """

    def __init__(self, root: Path, *, state_folder: Path, account: str, clock: Clock | None = None) -> None:
        super().__init__(root, state_folder=state_folder, account=account, clock=clock)

    def _folders(self) -> Mapping[WatchedFolder, Path]:
        if not (self._root / "cur").is_dir():
            advice = f"“{self._root}”不是 Maildir 邮箱（缺少 cur 文件夹）。请核对路径。"
            raise MailboxError(f"{self._root.name} is no Maildir", temporary=False, advice=advice)
        places = {"INBOX": self._root}
        for folder in sorted(self._root.glob(".*")):
            if (folder / "cur").is_dir():
                places[_decoded(folder.name[1:])] = folder
        listed = [ListedFolder(name, frozenset(), ".") for name in places]
        return {folder: places[folder.name] for folder in watched(listed, wanted=None)}

    def _scan(self, place: Path) -> Iterator[_File]:
        # `new` first: a letter on its way to `cur` between the two looks is then seen twice, never missed.
        found: dict[str, _File] = {}
        for inner in ("new", "cur"):
            folder = place / inner
            if not folder.is_dir():
                continue
            for entry in os.scandir(folder):
                if entry.name.startswith(".") or not entry.is_file():
                    continue
                try:
                    told = entry.stat()
                except FileNotFoundError:
                    continue
                key = _INFO.sub("", entry.name)
                at = min(told.st_mtime, _time_in(entry.name) or told.st_mtime)
                found[key] = _File(
                    Path(entry.path), key, told.st_size, told.st_mtime_ns, datetime.fromtimestamp(at, UTC)
                )
        yield from found.values()


def _copy(file: _File, sink: BinaryIO) -> int:
    """Bytes written to `sink`; 0 when the file is gone or is another letter now."""
    written_bytes = 0
    try:
        with file.path.open("rb") as letter:
            told = os.fstat(letter.fileno())
            if (told.st_size, told.st_mtime_ns) != (file.size_bytes, file.changed_ns):
                return 0
            while piece := letter.read(PIECE_BYTES):
                sink.write(piece)
                written_bytes += len(piece)
    except FileNotFoundError:
        return 0
    except PermissionError as error:
        raise BodyUnavailableError(f"{file.path.name} may not be read") from error
    if not written_bytes:
        raise BodyUnavailableError(f"{file.path.name} is empty")
    return written_bytes


def _decoded(name: str) -> str:
    """A folder name as people read it; as it stands when it is no modified UTF-7."""
    try:
        return str(decode_utf7(name.encode("ascii")))
    except ValueError:
        return name


def _time_in(name: str) -> int | None:
    found = _MAILDIR_TIME.match(name)
    return int(found.group(1)) if found else None
