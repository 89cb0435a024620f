"""What lies in a forwarded letter comes through to casework: in place, as .eml, .msg or winmail.dat, several levels down."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.casework.files import read_files
from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.tree import DEEPEST_LETTERS, found_files, read_tree
from intake.model import ReadFile
from parsers.limits import DEFAULT_LIMITS
from tests.e2e.material import case, photo
from tests.letters import Draft, File, foxmail, iphone, plain_letter
from tests.outlook_files import OutlookFile, OutlookMessage, msg_file, tnef_file

CASE = case()
PHOTO = photo(1)
OUTLOOK = OutlookMessage(
    subject="案例", text="见附件", files=(OutlookFile(CASE.name, CASE.data), OutlookFile(PHOTO.name, PHOTO.data))
)
LETTER = foxmail(Draft(subject="案例报送", files=(CASE, PHOTO)))


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def forwarded(raw: bytes) -> bytes:
    """`raw` as message/rfc822 in a letter of another program."""
    outer = plain_letter(Draft(subject="转发：案例报送", files=(File("x.txt", b"x"),)))
    head, _, _ = outer.partition(b"\r\n\r\n")
    fields = b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"\t")))
    body = b"--f\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "请收。".encode()
    inner = b"\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n" + raw + b"\r\n--f--\r\n"
    return fields + b"\r\nContent-Type: multipart/mixed; boundary=f\r\n\r\n" + body + inner


def attached(name: str, data: bytes, media_type: str = "application/octet-stream") -> bytes:
    return plain_letter(Draft(subject="转报", text="请收附件中的来信。", files=(File(name, data, media_type),)))


def files_of(raw: bytes, folder: Path) -> tuple[ReadFile, ...]:
    path = folder / "letter.eml"
    path.write_bytes(raw)
    root = read_tree(path, folder / "job", executor=InlineExecutor(), limits=DEFAULT_LIMITS, letter=True)
    return read_files(found_files(root))


WAYS = {
    "message/rfc822": forwarded(LETTER),
    "message/rfc822 twice": forwarded(forwarded(LETTER)),
    ".eml": attached("案例报送.eml", LETTER),
    ".eml of a phone": attached("无主题.eml", iphone(Draft(subject="", files=(CASE, PHOTO)))),
    ".eml in .eml": attached("a.eml", attached("b.eml", LETTER)),
    ".msg": attached("案例报送.msg", msg_file(OUTLOOK), "application/vnd.ms-outlook"),
    "winmail.dat": attached("winmail.dat", tnef_file(OUTLOOK), "application/ms-tnef"),
    "winmail.dat called otherwise": attached("ATT00001.dat", tnef_file(OUTLOOK)),
    ".msg in .eml": attached("a.eml", attached("b.msg", msg_file(OUTLOOK))),
    ".eml in .msg": attached("a.msg", msg_file(OutlookMessage(files=(OutlookFile("b.eml", LETTER),)))),
    "message in .msg": attached("a.msg", msg_file(OutlookMessage(files=(OutlookFile(message=OUTLOOK),)))),
}


@pytest.mark.parametrize("way", WAYS)
def test_files_of_a_forwarded_letter_are_the_submission_s_own(way: str, tmp_path: Path) -> None:
    files = files_of(WAYS[way], tmp_path)

    own = [(type(file).__name__, file.name, file.source) for file in files if file.source != "embedded"]
    assert own == [("Document", CASE.name, "attachment"), ("Photo", PHOTO.name, "attachment")]


def test_archive_in_a_forwarded_letter_is_an_archive(tmp_path: Path) -> None:
    inner = plain_letter(Draft(files=(File("照片.zip", zipped(PHOTO.name, PHOTO.data)),)))

    files = files_of(attached("a.eml", inner), tmp_path)

    assert [(file.name, file.source) for file in files] == [(PHOTO.name, "archive")]


def test_letter_in_an_archive_is_opened_as_well(tmp_path: Path) -> None:
    files = files_of(attached("来信.zip", zipped("案例报送.eml", LETTER)), tmp_path)

    assert [(file.name, file.source) for file in files if file.source != "embedded"] == [
        (CASE.name, "archive"),
        (PHOTO.name, "archive"),
    ]


def test_letters_attached_without_end_are_opened_ten_deep_and_the_rest_is_named(tmp_path: Path) -> None:
    raw = attached("最里面.txt", "案例".encode())
    for level in range(DEEPEST_LETTERS + 2):
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = "a@b.cn", "c@d.cn", str(level)
        outer.add_attachment(raw, maintype="application", subtype="octet-stream", filename=f"{level}.eml")
        raw = outer.as_bytes()

    files = files_of(raw, tmp_path)

    assert [(type(file).__name__, file.name, getattr(file, "code", "")) for file in files] == [
        ("Problem", "1.eml", "over_limit")
    ]
