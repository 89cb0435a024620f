"""`intake doctor`: one screen, every item for itself, and the way to mend what is wrong."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from storage.lock import hold_folder
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import campaign_file, imap_working_folder
from tests.servers.scripted_imap import PASSWORD, USER, ScriptedImapServer, StoredFolder
from tests.servers.smtp_sink import SmtpSink

LETTER = b"From: a@example.org\r\nSubject: x\r\n\r\ntext\r\n"


class Servers(NamedTuple):
    imap: ScriptedImapServer
    smtp: SmtpSink
    folder: Path


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """A mailbox with junk and sent folders, a server for sending, and a working folder for both."""
    imap, smtp = ScriptedImapServer(), SmtpSink(login=True)
    imap.folders |= {"垃圾邮件": StoredFolder(), "已发送": StoredFolder()}
    for name in list(imap.folders):  # as they stand in IMAP (modified UTF-7)
        encoded = {"垃圾邮件": "&V4NXPpCuTvY-", "已发送": "&XfJT0ZAB-"}.get(name, name)
        imap.folders[encoded] = imap.folders.pop(name)
    imap.start()
    folder = imap_working_folder(tmp_path, imap_port=imap.port, smtp_port=smtp.start(), address=USER, password=PASSWORD)
    yield Servers(imap, smtp, folder)
    imap.stop()
    smtp.stop()


def items(out: str) -> dict[str, str]:
    """Mark and text by what was looked at."""
    lines = [line for line in out.splitlines() if line[:1] in "✓!✗" and "：" in line]
    return {line[2:].partition("：")[0]: f"{line[0]} {line.partition('：')[2]}" for line in lines}


def test_everything_in_order_is_told_and_nothing_is_left_behind(intake: Intake, servers: Servers) -> None:
    servers.imap.inbox.add(LETTER)

    ran = intake("doctor", "-C", servers.folder)

    told = items(ran.out)
    assert (ran.status, ran.err) == (0, "")
    # Commands of these tests read in their own process, which nothing holds in.
    noticed = {what: text[0] for what, text in told.items() if text[0] != "✓"}
    noticed.pop("字体", None)  # whether this machine has one
    noticed.pop("网页", None)  # or another program on its port
    assert noticed == {"联系方式": "!", "每日简报": "!", "故障报警": "!", "隔离": "!"}
    assert told["收信"] == f"✓ 127.0.0.1:{servers.imap.port} 可以收信，已登录"
    assert told["文件夹"] == "✓ INBOX（收件）1封，垃圾邮件（垃圾邮件）0封，已发送（已发送）0封"
    assert told["可见范围"] == "✓ 最早可以看到2022年12月1日的来信"
    assert "没有发出任何邮件" in told["发信"]
    assert told["收件程序"] == "✓ 没有在运行，可以启动"
    assert "\x1b" not in ran.out
    # Read only, one login each, no letter begun.
    verbs = {command.split()[0].upper() for command in servers.imap.commands}
    assert verbs.isdisjoint({"SELECT", "STORE", "APPEND", "COPY", "MOVE", "EXPUNGE", "DELETE", "CREATE"})
    assert (servers.imap.connections, servers.smtp.logins) == (1, [("PLAIN", True)])
    assert (servers.smtp.mail_options, servers.smtp.letters) == ([], ())


def test_what_people_forget_who_begin_from_a_sample_is_told(intake: Intake, tmp_path: Path) -> None:
    intake("init", tmp_path, "--address", "anli@163.com")
    settings = tmp_path / "intake.toml"
    settings.write_text(settings.read_text("utf-8").replace("anli@163.com", "anli@qq.com"), "utf-8")

    ran = intake("doctor", "-C", tmp_path)

    told = items(ran.out)
    assert ran.status == 2
    assert told["服务商"] == "✗ anli@qq.com 是QQ邮箱的地址，provider 写的却是 163"
    assert told["活动内容"] == "! 还是样本里的文字：title、short_title、signature、sender_name、phone"


def test_a_campaign_that_is_over_is_told_with_what_to_do(intake: Intake, tmp_path: Path) -> None:
    intake("init", tmp_path, "--address", "anli@163.com", "--campaign", "huli-2022")

    ran = intake("doctor", "-C", tmp_path)

    told = items(ran.out)
    assert (told["活动"][0], told["活动"].endswith("2022年12月20日（星期二）24时截止），已经截止")) == ("!", True)
    assert told["联系方式"] == "! 没有写联系人和电话，回信末尾不会有"
    assert "要延期请运行 intake cases extend --all" in ran.out


def test_second_channel_for_alarms_is_named_when_there_is_one(intake: Intake, servers: Servers) -> None:
    with (servers.folder / ".env").open("a", encoding="utf-8") as secrets:
        secrets.write("INTAKE_ALARM__WEBHOOK=https://robot.example/key=k\n")

    ran = intake("doctor", "-C", servers.folder)

    assert (items(ran.out)["故障报警"], "robot.example" in ran.out) == ("✓ 邮箱或发信出故障时，另由群机器人通知", False)


def test_looking_does_not_begin_the_service(intake: Intake, servers: Servers) -> None:
    intake("doctor", "-C", servers.folder)
    status = intake("status", "-C", servers.folder)
    again = intake("doctor", "-C", servers.folder)

    assert "没有在运行" in status.out
    assert items(again.out)["数据库"] == "✓ 可以打开，已登记来信0封"


def test_trouble_with_one_server_does_not_hide_the_other(intake: Intake, servers: Servers) -> None:
    servers.imap.stop()

    ran = intake("doctor", "-C", servers.folder)

    told = items(ran.out)
    assert ran.status == 2
    assert told["收信"] == f"✗ 127.0.0.1:{servers.imap.port} 不能收信"
    assert f"    → 127.0.0.1:{servers.imap.port} 拒绝连接。请核对服务器地址和端口" in ran.out
    assert told["发信"][0] == "✓"
    assert "有1处须先处理" in ran.out


def test_a_wrong_secret_is_refused_once_by_each_server(intake: Intake, servers: Servers) -> None:
    (servers.folder / ".env").write_text("INTAKE_MAILBOX__PASSWORD=wrong-secret\n", encoding="utf-8")

    ran = intake("doctor", "-C", servers.folder)

    told = items(ran.out)
    assert ran.status == 2
    assert (told["收信"][0], told["发信"][0]) == ("✗", "✗")
    assert ran.out.count("请核对授权码") == 2
    assert "wrong-secret" not in ran.out + ran.err
    assert sum(command.upper().startswith("LOGIN") for command in servers.imap.commands) == 1
    assert servers.smtp.logins == [("PLAIN", False)]


def test_an_unsafe_login_says_what_netease_wants(intake: Intake, servers: Servers) -> None:
    servers.imap.on(
        "EXAMINE", lambda session, tag, _: session.say(f"{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com")
    )

    ran = intake("doctor", "-C", servers.folder)

    assert ran.status == 2
    assert "网易邮箱认为这次登录不安全（Unsafe Login），没有打开文件夹" in ran.out


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("NO LOGIN IMAP service is not open", "IMAP 服务没有开启。请登录网页邮箱，在“设置”中开启 IMAP/SMTP 服务"),
        ("NO Login fail. Password is incorrect or service is not open", "请核对授权码：它不是网页登录密码"),
        ("NO [UNAVAILABLE] try again later", "暂时不接受登录（繁忙或连接过多），请稍后再试。"),
    ],
)
def test_why_a_login_was_refused_is_told_with_where_to_mend_it(
    intake: Intake, servers: Servers, answer: str, said: str
) -> None:
    servers.imap.on("LOGIN", lambda session, tag, _: session.say(f"{tag} {answer}"))

    ran = intake("doctor", "-C", servers.folder)

    assert (ran.status, items(ran.out)["收信"][0]) == (2, "✗")
    assert said in ran.out


def test_the_page_tells_where_it_opens_and_who_holds_its_port(intake: Intake, servers: Servers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (servers.folder / "intake.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"[web]\nport = {port}\n")
        held = intake("doctor", "-C", servers.folder)
    free = intake("doctor", "-C", servers.folder)

    assert items(held.out)["网页"] == f"! {port} 端口正在使用"
    assert items(free.out)["网页"].startswith(f"✓ 运行 intake web 后在 http://127.0.0.1:{port} 打开")


def test_a_missing_secret_is_named_and_no_login_is_tried(intake: Intake, servers: Servers) -> None:
    (servers.folder / ".env").unlink()

    ran = intake("doctor", "-C", servers.folder)

    told = items(ran.out)
    assert ran.status == 2
    assert told["密码"][0] == "✗"
    assert told["收信和发信"] == "! 还没有授权码，没有登录服务器"
    assert servers.imap.connections == 0


def test_missing_junk_and_sent_folders_are_noticed(intake: Intake, servers: Servers) -> None:
    for name in [name for name in servers.imap.folders if name != "INBOX"]:
        del servers.imap.folders[name]

    ran = intake("doctor", "-C", servers.folder)

    told = items(ran.out)
    assert ran.status == 0
    assert (told["垃圾邮件"][0], told["已发送"][0]) == ("!", "!")


def test_every_problem_of_every_file_is_told_at_once(intake: Intake, servers: Servers) -> None:
    settings = servers.folder / "intake.toml"
    settings.write_text(settings.read_text("utf-8") + '[digest]\nat = "25:00"\n[nothing]\n', "utf-8")
    campaign = campaign_file(servers.folder, number_prefix='"hl 22"')
    campaign.write_text(campaign.read_text("utf-8") + '\n[[rule]]\nid = "x"\ncheck = "word_cuont"\n', "utf-8")
    (servers.folder / "sentences").mkdir()
    (servers.folder / "sentences" / "zh-CN.toml").write_text('[greeting]\nanybody = "{name}："\n', "utf-8")

    doctors = intake("doctor", "-C", servers.folder)
    others = intake("status", "-C", servers.folder)

    assert (doctors.status, others.status) == (2, 2)
    for key in (
        "digest.at",
        "nothing",
        "campaign.number_prefix",
        "word_cuont",
        "sentences/zh-CN.toml 第2行 greeting.anybody",
    ):
        assert key in doctors.out
        assert key in others.err
    assert "Traceback" not in doctors.out + others.err


def test_a_wrong_placeholder_in_own_sentences_is_told_with_its_place_and_what_is_allowed(
    intake: Intake, servers: Servers
) -> None:
    (servers.folder / "sentences").mkdir()
    (servers.folder / "sentences" / "zh-CN.toml").write_text('[greeting]\nunit = "{nmae}："\n', "utf-8")

    doctors = intake("doctor", "-C", servers.folder)
    others = intake("run", "--once", "-C", servers.folder)

    assert (doctors.status, others.status) == (2, 2)
    assert "✗ 回信用语：sentences/zh-CN.toml 第2行 greeting.unit：不认识的占位符 {nmae}" in doctors.out
    assert "    → 这一句可以用 {name}。" in doctors.out
    assert "sentences/zh-CN.toml 第2行 greeting.unit：缺少占位符 {name}。这一句可以用 {name}" in others.err


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights elsewhere")
def test_rights_that_are_too_wide_are_told_with_the_command_that_mends_them(intake: Intake, servers: Servers) -> None:
    data = servers.folder / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    noticed = intake("doctor", "-C", servers.folder)

    (servers.folder / ".env").chmod(0o644)
    refused = intake("doctor", "-C", servers.folder)

    assert items(noticed.out)["数据文件夹"].startswith("!")
    assert f"    → 请运行：chmod 700 {data}" in noticed.out
    assert refused.status == 2
    assert f"chmod 600 {servers.folder / '.env'}" in refused.out


def test_a_running_worker_is_told_and_not_disturbed(intake: Intake, servers: Servers) -> None:
    data = servers.folder / "data"
    with hold_folder(data, at=datetime.now(UTC)):
        ran = intake("doctor", "-C", servers.folder)
        status = intake("status", "-C", servers.folder)

    assert items(ran.out)["收件程序"] == "✓ 正在运行（同一个数据文件夹只能运行一个）"
    assert "收件程序：运行中" in status.out


@pytest.mark.parametrize(
    ("free", "mark", "status"), [(400_000_000, "✗", 2), (5_000_000_000, "!", 0), (80_000_000_000, "✓", 0)]
)
def test_room_on_the_disk_is_weighed_against_a_campaign(
    intake: Intake, servers: Servers, monkeypatch: pytest.MonkeyPatch, free: int, mark: str, status: int
) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr("intake.cli.preflight.records.shutil.disk_usage", lambda path: real(path)._replace(free=free))

    ran = intake("doctor", "-C", servers.folder)

    assert (ran.status, items(ran.out)["磁盘"][0]) == (status, mark)


def test_outside_a_working_folder_there_is_one_sentence(intake: Intake, tmp_path: Path) -> None:
    ran = intake("doctor", "-C", tmp_path)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"这里不是工作文件夹：{tmp_path}（没有 intake.toml）。")
