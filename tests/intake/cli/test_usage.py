"""Commands mistyped, helped, piped, and begun for the first time."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from config.settings import load_settings
from intake.cli.app import COMMANDS, GROUPS
from intake.cli.progress import sign_of_life
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import eml_working_folder

HEAVY = frozenset(
    {"sqlalchemy", "alembic", "pydantic", "lxml", "PIL", "docx", "pdfplumber", "imapclient", "rapidfuzz", "opencc", "structlog", "jinja2"}
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("statu",), "没有 statu 这个命令，是不是 status？用法见：intake --help"),
        (("cases", "pas"), "没有 pas 这个命令，是不是 pass？用法见：intake cases --help"),
        (("nonsense",), "没有 nonsense 这个命令。用法见：intake --help"),
        (("cases", "show"), "还缺少“登记编号”。用法见：intake cases show --help"),
        (("cases", "pass", "HL22-0001", "--why", "x"), "还缺少 --by（作决定的人）。用法见：intake cases pass --help"),
        (("status", "--foldr", "x"), "没有 --foldr 这个选项，是不是 --folder？用法见：intake status --help"),
        (("outbox", "show", "三"), "“去信编号”的写法不对，这里要写数字。用法见：intake outbox show --help"),
        (("cases", "show", "HL22", "0001"), "多写了“0001”，内容中有空格时要加引号。用法见：intake cases show --help"),
    ],
)
def test_a_mistyped_command_is_told_in_one_line(intake: Intake, words: tuple[str, ...], said: str) -> None:
    ran = intake(*words)

    assert (ran.status, ran.out, ran.err) == (2, "", f"{said}\n")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("run",),
        ("check",),
        ("cases",),
        ("cases", "pass"),
        ("outbox", "release"),
        ("quarantine", "show"),
        ("doctor",),
    ],
    ids="-".join,
)
def test_help_speaks_chinese_and_succeeds(intake: Intake, words: tuple[str, ...]) -> None:
    ran = intake(*words, "--help")

    assert (ran.status, ran.err) == (0, "")
    assert "用法：" in ran.out
    assert "选项" in ran.out
    assert [
        english
        for english in ("Usage", "Show this", "Options", "OPTIONS", "COMMAND", "ARGS", "required", "<bool>", "<str>")
        if english in ran.out
    ] == []


def test_help_is_whole_in_a_narrow_window(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    ran = intake("cases", "extend", "--help")

    assert ran.status == 0
    assert "整个活动：逾期的重新核对，告知过日期的逐一更正" in re.sub(r"[│\s]", "", ran.out)
    assert "…" not in ran.out.replace("登记编号…", "")


def test_every_command_stands_under_a_heading_of_the_help(intake: Intake) -> None:
    ran = intake("--help")

    assert [heading for heading in COMMANDS if heading not in ran.out] == []
    assert {name for commands in COMMANDS.values() for name in commands} | set(GROUPS) == set(
        re.findall(r"(?m)^│ ([a-z]+) ", ran.out)
    )


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_is_told(intake: Intake, word: str) -> None:
    ran = intake(word)

    assert (ran.status, ran.out, ran.err) == (0, f"case-intake {version('case-intake')}\n", "")


def test_help_loads_nothing_heavy() -> None:
    look = (
        "import sys; from intake.__main__ import main; status = main(['--help']);"
        "print('HEAVY', sorted({name.partition('.')[0] for name in sys.modules}), status)"
    )

    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True, text=True, encoding="utf-8")

    loaded = ran.stdout.rpartition("HEAVY")[2]
    assert loaded.strip().endswith(" 0")
    assert [name for name in sorted(HEAVY) if f"'{name}'" in loaded] == []


def test_a_reader_that_stops_listening_ends_the_command_quietly(tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    command = f"'{sys.executable}' -m intake digest --print -C '{folder}' | true"

    ran = subprocess.run(["sh", "-c", command], capture_output=True, check=False, text=True)

    assert ran.stderr == ""


def test_a_pipe_that_knows_no_check_mark_gets_plain_words(tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)

    ran = subprocess.run(
        [sys.executable, "-m", "intake", "doctor", "-C", str(folder)],
        capture_output=True, check=False, env={"PYTHONIOENCODING": "gbk", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "+ 设置：intake.toml 可用" in ran.stdout.decode("gbk")


def test_a_missing_part_of_the_demo_says_how_to_get_it(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.demo.play.find_spec", lambda name: None if name == "pymap" else name)

    ran = intake("demo")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "演示还缺少组件（pymap）：请运行 pip install pymap，再试一次。\n"


# --- the first minutes


def test_a_new_working_folder_is_ready_for_the_doctor_and_keeps_what_is_there(intake: Intake, tmp_path: Path) -> None:
    folder = tmp_path / "征集"

    first = intake("init", folder, "--provider", "qq", "--address", "anli@qq.com", "--campaign", "huli-2022")
    (folder / "campaigns" / "huli-2022.toml").write_text("# 我的改动\n", "utf-8")
    again = intake("init", folder, "--provider", "163", "--address", "anli@163.com", "--campaign", "huli-2022")

    assert (first.status, again.status) == (0, 0)
    assert "已保留  campaigns/huli-2022.toml（原来就有，没有改动）" in again.out
    assert (folder / "campaigns" / "huli-2022.toml").read_text("utf-8") == "# 我的改动\n"
    assert 'provider = "qq"' in (folder / "intake.toml").read_text("utf-8")
    assert "回信里的句子想换个说法的，写在 sentences/zh-CN.toml 里" in first.out
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "还不知道征集邮箱的地址。请加上 --address，例如：intake init --provider 163 --address zhengji@163.com"),
        (("--address", "anli"), "“anli”不是邮箱地址。请写完整的地址，例如：--address zhengji@163.com"),
    ],
)
def test_a_working_folder_needs_an_address(intake: Intake, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = intake("init", tmp_path / "work", *words)

    assert (ran.status, ran.out, ran.err) == (2, "", f"{said}\n")
    assert not (tmp_path / "work").exists()


def test_everything_asked_for_can_be_said_beforehand_and_the_secret_comes_from_a_pipe(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("abcd efgh ijkl mnop\n"))
    people = ("--organizer", "王老师 <wang@example.org>", "--organizer", "李工 li@example.org")

    ran = intake(
        "init",
        tmp_path,
        "--provider",
        "163",
        "--address",
        "anli@163.com",
        *people,
        "--digest-at",
        "7：30",
        "--password-stdin",
    )

    assert (ran.status, ran.err) == (0, "")
    assert "1. .env：授权码已写入，不必再改" in ran.out
    assert "abcd" not in ran.out
    assert (tmp_path / ".env").read_text("utf-8").endswith("\nINTAKE_MAILBOX__PASSWORD=abcdefghijklmnop\n")
    settings = load_settings(tmp_path)
    assert settings.digest.recipients == ("wang@example.org", "li@example.org")


class Screen(io.StringIO):
    """Somebody sits at it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Screen, True), (io.StringIO, False)])
def test_what_takes_a_while_moves_on_a_screen_and_is_quiet_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], shown: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stderr := stream())

    with sign_of_life("正在读取…"):
        pass

    assert ("正在读取…" in stderr.getvalue(), stderr.getvalue() == "") == (shown, not shown)


@pytest.mark.parametrize(
    ("address", "provider"), [("anli@163.com", "163"), ("Anli@Foxmail.com", "qq"), ("anli@139.com", "139")]
)
def test_a_provider_not_named_is_the_one_of_the_address(
    intake: Intake, tmp_path: Path, address: str, provider: str
) -> None:
    ran = intake("init", tmp_path, "--address", address)

    assert (ran.status, ran.err) == (0, "")
    assert f'provider = "{provider}"' in (tmp_path / "intake.toml").read_text("utf-8")


def test_a_provider_nobody_can_guess_is_asked_for_at_a_screen(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["exmail", "", "", ""])
    monkeypatch.setattr(sys, "stdin", Screen())
    monkeypatch.setattr("typer.prompt", lambda *_, **words: next(typed) or words.get("default", ""))

    ran = intake("init", tmp_path, "--address", "anli@huli.gov.cn")

    assert (ran.status, list(typed)) == (0, [])
    assert "邮箱服务商：163 网易163邮箱，126 " in ran.out
    assert 'provider = "exmail"' in (tmp_path / "intake.toml").read_text("utf-8")


def test_what_was_not_said_is_asked_for_at_a_screen(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["anli@163.com", "王老师 wang@example.org", "", "09:15", ""])
    monkeypatch.setattr(sys, "stdin", Screen())
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(typed))

    ran = intake("init", tmp_path, "--provider", "163")

    assert (ran.status, list(typed)) == (0, [])
    assert "1. 打开 .env，填写授权码" in ran.out
    text = (tmp_path / "intake.toml").read_text("utf-8")
    assert [line.split("  ")[0] for line in text.splitlines() if line.startswith(("address", "at ", "recipients"))] == [
        'address = "anli@163.com"',
        'at = "09:15"',
        'recipients = ["wang@example.org"]',
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--organizer", "王老师"), "工作人员请写成姓名加邮箱"),
        (("--digest-at", "早上"), "请写成 08:00"),
    ],
)
def test_what_cannot_be_understood_is_told_before_anything_is_written(
    intake: Intake, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = intake("init", tmp_path / "work", "--address", "anli@163.com", *words)

    assert (ran.status, said in ran.err) == (2, True)
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider", "16"), "不认识的邮箱服务商“16”"),
        (
            ("--provider", "qq"),
            "anli@163.com 是网易163邮箱的地址，--provider 请写 163；照 qq 设置，收信和发信都连不上。",
        ),
        (
            ("--address", "anli@huli.gov.cn"),
            "看不出 huli.gov.cn 是哪家的邮箱。请加上 --provider：163 网易163邮箱，126 ",
        ),
        (("--campaign", "huli"), "没有名为“huli”的活动预设"),
    ],
)
def test_an_unknown_preset_is_named(intake: Intake, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = intake("init", tmp_path / "work", "--address", "anli@163.com", *words)

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert not (tmp_path / "work").exists()
