"""Is the data folder fit to keep records in? Asks the operating system, writes one probe file."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from storage import durable
from storage.errors import NetworkFolderError
from storage.translation import translated_os_errors

NETWORK_KINDS = frozenset(
    {
        *("9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs"),
        *("fuse.davfs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse"),
        *("sshfs", "vboxsf", "unc"),
    }
)
"""File systems where shared memory or locks do not hold between programs, so that WAL is unsafe.

Source: sqlite.org/wal.html ("WAL does not work over a network filesystem"), sqlite.org/lockingv3.html.
"""

_MOUNTS = Path("/proc/self/mounts")


def filesystem_kind(path: Path) -> str:
    """The kind of file system `path` (or its nearest existing parent) lies on: "ext4", "nfs4", "fuse.sshfs".

    "unc" for a Windows network path; empty when the system does not tell.
    """
    real = Path(os.path.realpath(path))
    if sys.platform == "win32":
        return "unc" if real.drive.startswith("\\\\") else ""
    try:
        return kind_in_mounts(_MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"), real)
    except OSError:
        return ""


def kind_in_mounts(mounts: str, path: Path) -> str:
    r"""The type of the mount that holds `path` (absolute, without links), from the text of a mount table. Pure.

    Of mounts at the same place the last one shows; empty when none fits. Source: proc(5), fstab(5) for \040.
    """
    best_length, best_kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        if path.is_relative_to(point) and len(point.parts) >= best_length:
            best_length, best_kind = len(point.parts), fields[2]
    return best_kind


def make_ready(data_dir: Path) -> None:
    """Make `data_dir` if missing, closed to other users of the machine, and prove it can be written.

    Raises: ReadOnlyError, DiskFullError, StorageError.
    """
    probe = data_dir / ".probe"  # one name for all: what a killed process left goes with the next
    with translated_os_errors(data_dir):
        if not data_dir.is_dir():
            durable.make_folder(data_dir)
            data_dir.chmod(0o700)  # letters name people and their telephones
        try:
            probe.write_bytes(b"probe")
        finally:
            probe.unlink(missing_ok=True)


def close_to_others(data_dir: Path) -> None:
    """Take the rights of other users of the machine to `data_dir` away, where we may; the doctor tells where not."""
    if os.name == "posix" and data_dir.stat().st_mode & 0o077:
        with suppress(OSError):
            data_dir.chmod(0o700)


def refuse_network_folder(folder: Path) -> None:
    """Raise NetworkFolderError when a SQLite database in `folder` would not be safe."""
    kind = filesystem_kind(folder)
    if kind in NETWORK_KINDS:
        raise NetworkFolderError(f"{folder} lies on a network mount ({kind})")
