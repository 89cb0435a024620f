"""UIDs for letters that are plain files: given once, kept in a small file, never reused.

The peer is the disk. The index is durable (temporary file, fsync, rename) before any
UID of it is shown; when it is lost or unreadable a new UIDVALIDITY begins, as IMAP
has it (RFC 3501 §2.3.1.1). One process at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from intake.errors import MailboxError


@dataclass(slots=True)
class UidIndex:
    """The UIDs of one folder."""

    uidvalidity: int
    uidnext: int = 1
    uids: dict[str, int] = field(default_factory=dict)
    """By key of the file; kept when the file goes, so that one that comes back is known."""

    def give(self, keys: Iterable[str]) -> bool:
        """Give each new key the next UID, in the order of `keys`; whether there was one."""
        new = [key for key in keys if key not in self.uids]
        for key in new:
            self.uids[key] = self.uidnext
            self.uidnext += 1
        return bool(new)


def load_index(path: Path, *, uidvalidity: int) -> UidIndex:
    """The index at `path`; an empty one under `uidvalidity` when there is none that can be read.

    Raises: MailboxError when the disk refuses.
    """
    try:
        return _parsed(json.loads(path.read_text("utf-8")))
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return UidIndex(uidvalidity)
    except OSError as error:
        raise disk_trouble(path, error) from error


def save_index(path: Path, index: UidIndex) -> None:
    """Make `index` durable at `path`, or leave what was there.

    Raises: MailboxError when the disk refuses.
    """
    content = {"uidvalidity": index.uidvalidity, "uidnext": index.uidnext, "uids": index.uids}
    part = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(part).unlink(missing_ok=True)
        raise disk_trouble(path, error) from error


def disk_trouble(path: Path, error: OSError) -> MailboxError:
    """The disk's refusal in plain words."""
    advice = f"读写“{path}”出错。请检查磁盘空间、文件夹是否存在以及读写权限，稍后会自动重试。"
    return MailboxError(f"{type(error).__name__} at {path.name}: {error.strerror}", temporary=True, advice=advice)


def _parsed(content: Mapping[str, object]) -> UidIndex:
    uids = content["uids"]
    if not isinstance(uids, dict):
        raise TypeError("uids")
    index = UidIndex(
        uidvalidity=int(str(content["uidvalidity"])),
        uidnext=int(str(content["uidnext"])),
        uids={str(key): int(uid) for key, uid in uids.items()},
    )
    if len(set(index.uids.values())) != len(index.uids) or max(index.uids.values(), default=0) >= index.uidnext:
        raise ValueError("UIDs repeat or run ahead of uidnext")
    return index


def _sync_folder(folder: Path) -> None:
    """The rename itself is durable only when the folder is; Windows cannot open one and needs not."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
