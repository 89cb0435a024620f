"""Takes the files out of a tar stream, as it comes: nothing is sought, no link is followed, no device is made.

Source: POSIX.1-2017 pax and ustar; GNU tar's long names, which `tarfile` reads.
"""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from parsers.archives.leftovers import is_leftover
from parsers.archives.member_names import choose_charset, split_path
from parsers.archives.members import MemberSink, Place, Written, checked_count
from parsers.facts import ArchiveFacts
from parsers.limits import Limits

BLOCK_BYTES = 512
BROKEN = (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, UnicodeError, ValueError)
"""What a broken stream raises; that of bzip2 an OSError without a number besides."""


def begins_like_tar(block: bytes) -> bool:
    """Whether `block`, the first 512 bytes of a file, is a tar header whose checksum fits."""
    if len(block) < BLOCK_BYTES or not block[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(block[:BLOCK_BYTES], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def take_tar(stream: IO[bytes], sink: MemberSink, limits: Limits) -> ArchiveFacts:
    """Every regular file of the stream goes into `sink`; what the archive holds comes back.

    A stream that breaks off leaves what came before it and the problem `damaged`.

    Raises:
        LimitError: Too many entries or bytes.
    """
    written: list[tuple[int, bytes, Written]] = []
    skipped: list[tuple[int, bytes]] = []
    count = 0
    try:
        for count, (header, content) in enumerate(_entries(stream), start=1):
            checked_count(count, limits)
            raw = header.name.encode("utf-8", "surrogateescape")
            if content is None:
                skipped.append((count - 1, raw + b"/" * header.isdir()))
            else:
                written.append((count - 1, raw, sink.write(content)))
    except BROKEN as error:
        sink.leave_out("damaged", f"after {count} entries: {type(error).__name__}")
    except OSError as error:
        if error.errno is not None:
            raise  # our own disk
        sink.leave_out("damaged", f"after {count} entries: broken stream")
    charset = choose_charset([raw for _, raw, _ in written] + [raw for _, raw in skipped])
    left = [(index, raw.decode(charset, "replace")) for index, raw in skipped]
    for index, raw, file in written:
        folder, name = split_path(raw.decode(charset, "replace"))
        if is_leftover(folder, name):
            sink.drop(file)
            left.append((index, "/".join(filter(None, (folder, name)))))
        else:
            sink.keep(Place(index, folder, name), file)
    return ArchiveFacts(
        kind="tar", entries=count, name_encoding=charset, skipped=tuple(name for _, name in sorted(left))
    )


class _Header(tarfile.TarInfo):
    """`tarfile` takes a broken header in mid-archive for its end, and says nothing: here it is damage."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> _Header:
        try:
            return super().fromtarfile(tarfile_)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]  # not in typeshed
            raise tarfile.ReadError("broken header") from error


def _entries(stream: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """Each entry with its content, None for what is no regular file; the content must be read before the next."""
    options: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogateescape", "tarinfo": _Header}
    with tarfile.open(fileobj=stream, mode="r|", **options) as archive:
        for info in archive:
            # Not `isfile()`: extracting a link would read what it points to.
            yield info, archive.extractfile(info) if info.isreg() else None
