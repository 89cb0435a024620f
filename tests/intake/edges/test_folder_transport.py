"""Letters written to a folder instead of sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.edges.transports.folder import FolderTransport
from intake.errors import TransportError

RAW = b"Message-ID: <receipt.7.abc@example.test>\r\n\r\nbody\r\n"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_letter_is_written_unchanged_under_its_message_id(tmp_path: Path) -> None:
    answer = FolderTransport(tmp_path / "out").send(RAW, sender="a@example.test", recipients=["b@example.test"])

    assert answer == "250 written to receipt.7.abc@example.test.eml"
    assert (tmp_path / "out" / "receipt.7.abc@example.test.eml").read_bytes() == RAW
    assert names(tmp_path / "out") == ["receipt.7.abc@example.test.eml"]


def test_the_same_letter_twice_is_one_file(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path)

    for _ in range(2):
        transport.send(RAW, sender="a@example.test", recipients=["b@example.test"])

    assert names(tmp_path) == ["receipt.7.abc@example.test.eml"]


@pytest.mark.parametrize(
    "message_id", [b"", b"Message-ID: <../../etc/passwd>\r\n", b"Message-ID: <..>\r\n", b"Message-ID: <a/b\\c:d>\r\n"]
)
def test_no_message_id_leads_out_of_the_folder(tmp_path: Path, message_id: bytes) -> None:
    FolderTransport(tmp_path / "out").send(message_id + b"\r\nbody", sender="a@b", recipients=["c@d"])

    [written] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written.parent == tmp_path / "out"
    assert written.read_bytes() == message_id + b"\r\nbody"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(TransportError) as caught:
        FolderTransport(tmp_path / "out").send(RAW, sender="a@b", recipients=["c@d"])

    assert caught.value.temporary
    assert "写入权限" in caught.value.advice
