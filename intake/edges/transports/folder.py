"""Letters written to a folder instead of sent: for dry runs and the demo."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path

from intake.errors import TransportError

_UNSAFE = re.compile(r"[^A-Za-z0-9._@+-]+")
_NAME_CHARACTERS = 120


class FolderTransport:
    """Writes each letter as one `.eml`, named after its Message-ID: the same letter twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> str:  # noqa: ARG002 - the protocol's
        """Write `raw` unchanged; return where it is.

        Raises: TransportError (temporary) when it cannot be written.
        """
        path = self._folder / f"{_stem(raw)}.eml"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(raw)
            part.replace(path)
        except OSError as error:
            advice = f"回信无法写入文件夹“{self._folder}”。请检查磁盘空间和写入权限。"
            raise TransportError(f"cannot write {path.name}: {error}", temporary=True, advice=advice) from error
        return f"250 written to {path.name}"

    def close(self) -> None:
        """Nothing is kept open."""


def _stem(raw: bytes) -> str:
    header = BytesHeaderParser(policy=compat32).parsebytes(raw[:65_536])
    said = str(header.get("Message-ID", "")).strip().strip("<>")
    name = _UNSAFE.sub("_", said).strip(".")[:_NAME_CHARACTERS]
    return name or hashlib.sha256(raw).hexdigest()[:32]
