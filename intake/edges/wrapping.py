"""Files handed over at a desk, as a letter of our own: one way in for everything.

A folder goes in as an archive, so that what lay together stays together. Written piece by piece: what is handed
over may be as large as all letters of a day. Peers: the files given, the file written.
"""

from __future__ import annotations

import base64
import io
import mimetypes
import os
import re
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import BinaryIO, cast

from intake.errors import NoSuchPathError, OperatorError
from intake.figures.file_names import numbered
from intake.model import Delivery
from intake.wording import CHINESE_DATES, clean_line, write_size

CHANNELS = {"onsite": "现场送交", "usb": "U盘送交", "paper": "送交纸质材料", "chat": "聊天软件转来"}
"""How a delivery came, as people say it."""

LARGEST_BYTES = 70_000_000
"""Files of one delivery together: base64 makes them a third longer, and no file above 100 MB is read."""

_LEFT_OUT = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[\w-]+(?:\.[\w-]+)*")
_LONGEST_NAME = 255
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PIECE_BYTES = 57 * 4096
"""Whole lines of base64. Source: RFC 2045 section 6.8 (76 characters a line)."""
_IN_MEMORY_BYTES = 1 << 20


def wrap_delivery(
    delivered: Delivery,
    paths: Sequence[Path],
    *,
    mailbox: str,
    received_at: datetime,
    timezone: str,
    into: Path,
) -> None:
    """Write the letter, CRLF line ends, to `into`: who took in what, where and when, and the files in the order given.

    No two letters are the same, even of the same files. Source: RFC 2046 section 5.1.
    Raises: OperatorError when a file is missing, cannot be read, or all are too large together; OSError of `into`.
    """
    letter = EmailMessage(policy=SMTP)
    letter["From"] = mailbox
    letter["To"] = mailbox
    letter["Date"] = received_at
    letter["Subject"] = f"{CHANNELS[delivered.channel]}登记"
    letter["MIME-Version"] = "1.0"
    boundary = f"=_{secrets.token_hex(16)}"
    words = EmailMessage(policy=SMTP)
    words.set_content("\n".join(_lines(delivered, received_at, timezone)) + "\n", cte="base64")
    total = 0
    with into.open("wb") as out:
        out.write(letter.as_bytes().rstrip(b"\r\n"))
        out.write(f'\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode())
        _write_part(out, boundary, words.as_bytes())
        for path in paths:
            with _explained(path):
                name, file = _open(path)
            with file:
                total += file.seek(0, io.SEEK_END)
                _not_beyond(total)
                file.seek(0)
                _write_part(out, boundary, _head(name))
                for piece in _pieces(path, file):
                    out.write(base64.encodebytes(piece).replace(b"\n", b"\r\n"))
                out.write(b"\r\n")
        out.write(f"--{boundary}--\r\n".encode())


def _write_part(out: BinaryIO, boundary: str, part: bytes) -> None:
    out.write(f"--{boundary}\r\n".encode() + part)


def _head(name: str) -> bytes:
    """The headers of an attachment and the blank line after them."""
    kind, _ = mimetypes.guess_type(name)
    main, _, sub = (kind or "application/octet-stream").partition("/")
    if main in ("text", "message", "multipart"):  # their bytes would be changed on the way
        main, sub = "application", "octet-stream"
    part = EmailMessage(policy=SMTP)
    part.set_content(b"", maintype=main, subtype=sub, filename=name, disposition="attachment")
    return part.as_bytes().rstrip(b"\r\n") + b"\r\n\r\n"


def _lines(delivered: Delivery, received_at: datetime, timezone: str) -> Iterator[str]:
    place = f"，{clean_line(delivered.place)}" if delivered.place else ""
    at = CHINESE_DATES.write_moment(received_at, timezone)
    yield f"{CHANNELS[delivered.channel]}，由{clean_line(delivered.received_by)}接收{place}，{at}。"
    if delivered.on_paper:
        yield "收到纸质材料。"
    if delivered.remark:
        yield delivered.remark


def _open(path: Path) -> tuple[str, BinaryIO]:
    """Name and bytes of what is handed over; a folder is an archive."""
    if path.is_dir():
        return f"{_readable(path.resolve().name) or '材料'}.zip", _zipped(path)
    return _readable(path.name), path.open("rb")


def _readable(name: str) -> str:
    """A name as a header and an archive can hold it, unchanged where they can; of bytes that are no UTF-8, as Chinese
    systems of old wrote them.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return name if name.isprintable() else clean_line(name, _LONGEST_NAME) or "未命名"


def _pieces(path: Path, file: BinaryIO) -> Iterator[bytes]:
    while True:
        with _explained(path):  # a stick may be pulled out
            piece = file.read(_PIECE_BYTES)
        if not piece:
            return
        yield piece


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What the system says of a file that cannot be read, told to whoever named it."""
    try:
        yield
    except FileNotFoundError:
        raise NoSuchPathError(path) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OperatorError(f"打不开 {path}（{why}）。请检查文件的访问权限。") from error


def _zipped(folder: Path) -> BinaryIO:
    """The files below `folder` by name, uncompressed; what systems leave there, and links out of it, left out."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and not is_left_out(path.name)
    )
    if not files:
        raise OperatorError(f"文件夹 {folder} 里没有文件。")
    _not_beyond(sum(path.stat().st_size for path in files))
    archived = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - whoever asked for it closes it
    taken: set[str] = set()
    with zipfile.ZipFile(archived, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            name = "/".join(_readable(part) for part in path.relative_to(folder).parts)
            name = numbered(name, taken) if name in taken else name  # two unreadable names may read the same
            taken.add(name)
            # Always the same time, so that the same files are the same archive.
            entry = zipfile.ZipInfo(name, _EPOCH)
            with path.open("rb") as file, archive.open(entry, "w") as into:
                shutil.copyfileobj(file, into)
    return cast("BinaryIO", archived)


def _not_beyond(size_bytes: int) -> None:
    if size_bytes > LARGEST_BYTES:
        raise OperatorError(
            f"一次登记的文件合计不能超过{write_size(LARGEST_BYTES)}。请分几次登记：先登记一部分，其余的再用 --case 编号 补充。"
        )


def is_left_out(name: str) -> bool:
    """Whether a file of that name is what systems and office programs leave beside what people put there."""
    return name.lower() in _LEFT_OUT or name.startswith(("~$", "._"))


def is_mail_address(text: str) -> bool:
    """Whether it is one address, bare, that mail can be sent to. Source: RFC 5321 section 4.1.2, RFC 5890 section 2.3.2.1."""
    if not text.isprintable() or not _ADDRESS.fullmatch(text):
        return False
    try:
        text.rpartition("@")[2].encode("idna")
    except UnicodeError:
        return False
    return True
