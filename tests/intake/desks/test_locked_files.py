"""Archives behind a password: opened by what their senders state, in this letter or in another."""

from __future__ import annotations

import functools
import io
from dataclasses import replace

import py7zr
import pytest

from tests.e2e.material import complete
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.letters import Draft, File

SUBJECT = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
PASSWORD = "HL-2022"


@functools.cache
def locked(files: tuple[File, ...], name: str = "金安社区案例.7z", password: str = PASSWORD) -> File:
    """The files in an archive that shows not even their names without `password`."""
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password, header_encryption=True) as archive:
        for file in files:
            archive.writestr(file.data, file.name)
    return File(name, buffer.getvalue(), "application/octet-stream")


def letter(text: str, *files: File, subject: str = SUBJECT) -> Draft:
    return Draft(subject=subject, sender=JINAN, text=text, files=files)


def kinds(office: Office) -> list[str]:
    return [mail.kind for mail in office.answers()]


def verdicts(office: Office) -> list[str]:
    return [case.state for case in office.cases()]


@pytest.mark.parametrize(
    "draft",
    [
        letter(f"现报送案例，解压密码：{PASSWORD}。", locked(complete())),
        letter("现报送案例，请查收。", locked(complete(), f"金安社区案例（密码{PASSWORD}）.7z")),
        letter(
            "现报送案例，请查收。",
            locked(complete()),
            File("解压密码.txt", f"密码为 {PASSWORD}".encode(), "text/plain"),
        ),
        letter("现报送案例，请查收。", locked(complete()), subject=f"{SUBJECT}（压缩包密码：{PASSWORD}）"),
    ],
    ids=["in the text", "in the archive's name", "in a note beside it", "in the subject"],
)
def test_an_archive_whose_password_is_stated_is_opened(draft: Draft, open_at: Open) -> None:
    office = open_at()
    office.arrives(draft)

    office.work()

    assert (verdicts(office), kinds(office)) == (["accepted"], ["receipt"])


def test_an_archive_whose_password_is_nowhere_is_asked_for_without_it(open_at: Open) -> None:
    office = open_at()
    office.arrives(letter("现报送案例，请查收。", locked(complete())))

    office.work()

    assert (verdicts(office), kinds(office)) == (["needs_fix"], ["fix_request"])


def test_a_password_that_came_before_opens_the_archive(open_at: Open) -> None:
    office = open_at()
    office.arrives(letter(f"案例稍后发送，压缩包密码为{PASSWORD}。", subject="湖里区案例"))
    office.work()
    office.arrives(letter("现报送案例，请查收。", locked(complete())))

    office.work(hours=1)

    assert [case.verdict for case in office.cases()] == ["accepted"]


@pytest.mark.parametrize("in_thread", [True, False])
def test_a_password_that_comes_later_opens_the_archive(in_thread: bool, open_at: Open) -> None:
    office = open_at()
    office.arrives(letter("现报送案例，请查收。", locked(complete())))
    office.work()
    asked = office.answers()[0].message_id
    reply = letter(f"解压密码：{PASSWORD}", subject=f"回复：{SUBJECT}")
    office.arrives(replace(reply, in_reply_to=asked) if in_thread else reply)

    office.work(hours=1)

    assert (verdicts(office), kinds(office)) == (["accepted"], ["fix_request", "receipt"])


def test_a_wrong_password_leaves_the_archive_shut(open_at: Open) -> None:
    office = open_at()
    office.arrives(letter("现报送案例，解压密码：12345678。", locked(complete())))

    office.work()

    assert verdicts(office) == ["needs_fix"]


def test_the_same_archive_without_its_password_stays_open(open_at: Open) -> None:
    archive = locked(complete())
    office = open_at()
    first = office.arrives(letter(f"现报送案例，解压密码：{PASSWORD}。", archive))
    office.work()
    again = office.arrives(replace(letter("转来金安社区案例。", archive), sender="street@qq.example"))

    office.work(hours=1)

    with office.records.store.read() as view:
        inside = [len(view.files.of_letter(each.sha256)) for each in (first, again)]
    assert inside == [7, 7]
