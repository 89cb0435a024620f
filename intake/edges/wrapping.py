"""Files handed over at a desk, as a letter of our own: one way in for everything.

A folder goes in as an archive, so that what lay together stays together. Peer: the files given.
"""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from intake.errors import OperatorError
from intake.model import Delivery
from intake.wording import CHINESE_DATES, clean_line, write_size

CHANNELS = {"onsite": "现场送交", "usb": "U盘送交", "paper": "送交纸质材料", "chat": "聊天软件转来"}
"""How a delivery came, as people say it."""

LARGEST_BYTES = 70_000_000
"""Files of one delivery together: base64 makes them a third longer, and no file above 100 MB is read."""

LEFT_OUT = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_EPOCH = (1980, 1, 1, 0, 0, 0)


def wrap_delivery(
    delivered: Delivery, paths: Sequence[Path], *, mailbox: str, received_at: datetime, timezone: str
) -> bytes:
    """The letter, CRLF line ends: who took in what, where and when, and the files in the order given.

    Raises: OperatorError when a file is missing, cannot be read, or all are too large together.
    """
    letter = EmailMessage(policy=SMTP)
    letter["From"] = mailbox
    letter["To"] = mailbox
    letter["Date"] = received_at
    letter["Subject"] = f"{CHANNELS[delivered.channel]}登记"
    letter.set_content("\n".join(_lines(delivered, received_at, timezone)) + "\n", cte="base64")
    total = 0
    for name, content in _contents(paths):
        total += len(content)
        _not_beyond(total)
        kind, _ = mimetypes.guess_type(name)
        main, _, sub = (kind or "application/octet-stream").partition("/")
        if main in ("text", "message", "multipart"):  # their bytes would be changed on the way
            main, sub = "application", "octet-stream"
        letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return letter.as_bytes()


def _lines(delivered: Delivery, received_at: datetime, timezone: str) -> Iterator[str]:
    place = f"，{clean_line(delivered.place)}" if delivered.place else ""
    at = CHINESE_DATES.write_moment(received_at, timezone)
    yield f"{CHANNELS[delivered.channel]}，由{clean_line(delivered.received_by)}接收{place}，{at}。"
    if delivered.on_paper:
        yield "收到纸质材料。"
    if delivered.remark:
        yield delivered.remark


def _contents(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            if path.is_dir():
                yield f"{path.resolve().name or '材料'}.zip", _zipped(path)
            else:
                _not_beyond(path.stat().st_size)
                yield path.name, path.read_bytes()
        except FileNotFoundError:
            raise OperatorError(f"没有这个文件或文件夹：{path}。请检查路径，路径中有空格时要加引号。") from None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise OperatorError(f"打不开 {path}（{why}）。请检查文件的访问权限。") from error


def _zipped(folder: Path) -> bytes:
    """The files below `folder` by name, uncompressed; what systems leave there, and links out of it, left out."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and not _is_left(path)
    )
    if not files:
        raise OperatorError(f"文件夹 {folder} 里没有文件。")
    _not_beyond(sum(path.stat().st_size for path in files))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            # Always the same time, so that the same files are the same archive.
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH), path.read_bytes())
    return buffer.getvalue()


def _not_beyond(size_bytes: int) -> None:
    if size_bytes > LARGEST_BYTES:
        raise OperatorError(
            f"一次登记的文件合计不能超过{write_size(LARGEST_BYTES)}。请分几次登记：先登记一部分，其余的再用 --case 编号 补充。"
        )


def _is_left(path: Path) -> bool:
    return path.name.lower() in LEFT_OUT or path.name.startswith(("~$", "._"))
