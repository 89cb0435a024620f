"""What goes wrong around the service: one clear sentence, exit 2, no traceback, nothing lost."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft
from storage.lock import hold_folder
from tests.intake.cli.conftest import Intake, Ran
from tests.intake.cli.working_folders import campaign_file, deliver, eml_working_folder, imap_working_folder
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.scripted_imap import USER, ScriptedImapServer

LETTER = qq_mail(Draft(files=material.complete(), at=datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)))


def refused(ran: Ran) -> str:
    """The one sentence a refused command says."""
    assert ran.status == 2
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1
    return ran.err.strip()


@contextmanager
def tls_listener(certificate: Certificate) -> Iterator[int]:
    """A server whose certificate a client may look at; it says nothing else. Gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            link.settimeout(5)
            with suppress(OSError), context.wrap_socket(link, server_side=True) as wrapped:
                wrapped.recv(1)
            link.close()

    threading.Thread(target=serve, daemon=True).start()
    with closing(listener):
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


# --- the way to the mailbox


@pytest.mark.parametrize("once", [("--once",), ()])
def test_a_wrong_password_is_told_with_what_a_code_is(intake: Intake, tmp_path: Path, once: tuple[str, ...]) -> None:
    server = ScriptedImapServer()
    server.start()
    folder = imap_working_folder(tmp_path, imap_port=server.port, address=USER, password="not-this-one")

    said = refused(intake("run", *once, "-C", folder))
    server.stop()

    assert said.startswith(f"邮箱 {USER} 登录被拒绝。请核对授权码")
    assert "not-this-one" not in said
    assert sum(command.upper().startswith("LOGIN") for command in server.commands) == 1


def test_a_secret_not_yet_filled_in_is_asked_for_before_the_service_begins(intake: Intake, tmp_path: Path) -> None:
    folder = imap_working_folder(tmp_path, imap_port=1, password="")

    said = refused(intake("run", "-C", folder))

    assert said.startswith("配置有 1 处需要修改：.env mailbox.password：还没有填写邮箱的密码。")
    assert not (folder / "data").exists()


def test_a_closed_port_is_named(intake: Intake, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    folder = imap_working_folder(tmp_path, imap_port=port)

    said = refused(intake("run", "--once", "-C", folder))

    assert said == f"127.0.0.1:{port} 拒绝连接。请核对服务器地址和端口；若无误，可能是防火墙封锁了该端口，请联系网管。"


def test_a_host_nobody_knows_is_named(intake: Intake, tmp_path: Path) -> None:
    folder = imap_working_folder(tmp_path, imap_port=993, tls="tls")
    settings = folder / "intake.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('host = "127.0.0.1"', 'host = "imap.nowhere.invalid"', 1), "utf-8"
    )

    said = refused(intake("run", "--once", "-C", folder))

    assert said == "找不到邮件服务器“imap.nowhere.invalid”。请核对服务器地址是否写对，并检查本机能否上网。"


def test_a_silent_host_is_given_up(intake: Intake, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        folder = imap_working_folder(tmp_path, imap_port=listener.getsockname()[1])
        settings = folder / "intake.toml"
        settings.write_text(
            settings.read_text("utf-8").replace("timeout_seconds = 5", "timeout_seconds = 0.3"), "utf-8"
        )

        said = refused(intake("run", "--once", "-C", folder))

    assert "127.0.0.1" in said
    assert "自动重试" not in said


def test_a_self_signed_certificate_is_refused_with_the_setting_that_trusts_it(intake: Intake, tmp_path: Path) -> None:
    with tls_listener(make_certificate(tmp_path / "tls")) as port:
        folder = imap_working_folder(tmp_path / "work", imap_port=port, tls="tls")

        said = refused(intake("run", "--once", "-C", folder))

    assert said.startswith(f"127.0.0.1:{port} 的安全证书不受信任")
    assert "填入邮箱设置的 ca_file" in said


def test_an_expired_certificate_is_told_apart(intake: Intake, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "tls", valid_from=datetime.now(UTC) - timedelta(days=30))
    with tls_listener(certificate) as port:
        folder = imap_working_folder(
            tmp_path / "work", imap_port=port, tls="tls", mailbox_lines=f'ca_file = "{certificate.authority}"'
        )

        said = refused(intake("run", "--once", "-C", folder))

    assert said.startswith(f"127.0.0.1:{port} 的安全证书已过期。")


# --- what organizers edit


def test_a_broken_campaign_file_tells_every_problem_with_file_line_and_key(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    campaign = campaign_file(folder, number_prefix='"hl 22"', closes_at='"下周五"', titel='"错"')
    campaign.write_text(campaign.read_text("utf-8").replace('check = "image_count"', 'check = "image_cuont"'), "utf-8")

    ran = intake("status", "-C", folder)

    assert (ran.status, ran.out) == (2, "")
    head, *problems = ran.err.splitlines()
    assert head == "配置有 4 处需要修改："
    for key in ("campaign.number_prefix", "campaign.closes_at", "campaign.titel", "image_cuont"):
        [line] = [problem for problem in problems if key in problem]
        assert "huli-2022.toml 第" in line


def test_toml_that_cannot_be_read_names_the_line(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    settings = folder / "intake.toml"
    settings.write_text(settings.read_text("utf-8") + "level = “info”\n", "utf-8")

    said = refused(intake("cases", "list", "-C", folder))

    assert said.startswith("配置有 1 处需要修改：intake.toml 第10行：这一行用了全角的引号、等号、逗号或括号")


@pytest.mark.parametrize(
    "words", [("run",), ("status",), ("doctor",), ("cases", "list"), ("outbox", "list"), ("quarantine", "list"), ("replay",), ("digest", "--print"), ("pause",), ("resume",)], ids="-".join
)  # fmt: skip
def test_outside_a_working_folder_every_command_says_so(intake: Intake, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = refused(intake(*words, "-C", tmp_path))

    assert said == (
        f"这里不是工作文件夹：{tmp_path}（没有 intake.toml）。"
        "请先进入工作文件夹，或用 -C 写明它；还没有的话，运行 intake init 建一个。"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--date", "12月6日"), "看不懂日期“12月6日”。请写成 2022-12-06。"),
        (("--date", "2199-01-01"), "2199-01-01 还没有到。请写今天或以前的日期。"),
        ((), "还没有写明简报发给谁。请在 intake.toml 的 [digest] 里填写 recipients，或加 --print 只显示。"),
    ],
)
def test_a_digest_that_cannot_be_written_says_why(
    intake: Intake, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    assert refused(intake("digest", *words, "-C", eml_working_folder(tmp_path))) == said


# --- where records are kept


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EROFS, "数据文件夹不能写入，请检查文件夹权限，或在设置中换一个本机可写的文件夹。"),
        (errno.EACCES, "数据文件夹不能写入，请检查文件夹权限，或在设置中换一个本机可写的文件夹。"),
        (errno.ENOSPC, "磁盘空间已满，请清理磁盘或换到更大的磁盘；已登记的邮件不会丢失，腾出空间后会自动继续。"),
    ],
)
@pytest.mark.parametrize("words", [("run", "--once"), ("status",)], ids="-".join)
def test_a_folder_that_takes_nothing_is_told(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, words: tuple[str, ...]
) -> None:
    def refuse(folder: Path) -> None:
        raise OSError(number, os.strerror(number), str(folder))

    monkeypatch.setattr("storage.folder.durable.make_folder", refuse)
    folder = eml_working_folder(tmp_path)

    ran = intake(*words, "-C", folder)

    assert refused(ran).startswith(said)
    doctor = intake("doctor", "-C", folder)
    assert doctor.status == 2
    assert "✗ 数据文件夹：" in doctor.out


def test_a_network_mounted_folder_is_refused(intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = eml_working_folder(tmp_path)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/share {folder} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr("storage.folder._MOUNTS", mounts)

    said = refused(intake("run", "--once", "-C", folder))

    assert said.startswith("数据文件夹在网络盘或共享文件夹上，数据库可能损坏；请在设置中把数据文件夹改到本机磁盘。")
    assert "✗ 数据文件夹：" in intake("doctor", "-C", folder).out


def test_a_damaged_database_is_told_and_left_as_it_is(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    database = folder / "data" / "intake.sqlite3"
    database.parent.mkdir(mode=0o700)
    database.write_bytes(b"this is no database" * 500)

    said = refused(intake("status", "-C", folder))
    doctor = intake("doctor", "-C", folder)

    assert said.startswith("数据已损坏，请停止程序，保留现有文件，并从最近的备份恢复。")
    assert (doctor.status, "✗ 数据库：" in doctor.out) == (2, True)
    assert database.read_bytes() == b"this is no database" * 500


def test_a_second_worker_is_refused_while_looking_and_deciding_go_on(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    with hold_folder(folder / "data", at=datetime.now(UTC)):
        said = refused(intake("run", "--once", "-C", folder))
        looking = [
            intake(*words, "-C", folder).status for words in (("status",), ("pause",), ("resume",), ("cases", "list"))
        ]

    assert said.startswith("同一个数据文件夹只能运行一个收件程序，请先停止另一个，再重新启动。")
    assert looking == [0, 0, 0, 0]
    assert intake("run", "--once", "-C", folder).status == 0


def test_a_log_file_that_cannot_be_written_is_told(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    settings = folder / "intake.toml"
    settings.write_text(settings.read_text("utf-8") + 'file = "nowhere/intake.log"\n', "utf-8")

    said = refused(intake("status", "-C", folder))

    assert said.startswith(f"不能写入运行日志 {folder / 'nowhere' / 'intake.log'}（")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB of our own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        os.name == "posix"
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=True)


def test_a_disk_that_fills_up_loses_no_letter(intake: Intake, tmp_path: Path, small_disk: Path) -> None:
    folder = eml_working_folder(tmp_path / "work")
    settings = folder / "intake.toml"
    settings.write_text(f'data_dir = "{small_disk / "data"}"\n' + settings.read_text("utf-8"), "utf-8")
    assert intake("status", "-C", folder).status == 0
    deliver(folder, "1.eml", LETTER)
    ballast = small_disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))

    full = intake("run", "--once", "-C", folder)
    ballast.unlink()
    after = intake("run", "--once", "-C", folder)

    assert refused(full).startswith("磁盘空间已满，请清理磁盘或换到更大的磁盘；")
    assert after.status == 0
    # The small disk is low on space all the same, and says so.
    assert [line for line in after.err.splitlines() if "kind=disk_low" not in line] == []
    listed = intake("cases", "list", "-C", folder).out.splitlines()
    assert [line.split("\t")[-1] for line in listed[1:]] == ["材料齐全"]
    assert "全部已登记" in intake("status", "-C", folder).out
