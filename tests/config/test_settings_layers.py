from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError, Problem
from config.providers import providers
from config.sections import ReaderLimits
from config.settings import Settings, load_campaigns, load_settings, missing_secrets
from parsers.limits import Limits

SECRET = "hushhushhushhush"
NETEASE = '[mailbox]\nprovider = "163"\naddress = "box@163.com"\n'


@pytest.fixture(autouse=True)
def _no_variables_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("INTAKE_"):
            monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "intake.toml").write_text(NETEASE, encoding="utf-8")
    return tmp_path


def write_secrets(folder: Path, text: str, mode: int = 0o600) -> None:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def problems_of(folder: Path, **overrides: Any) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as refused:
        load_settings(folder, **overrides)
    return refused.value.problems


def test_a_provider_fills_in_everything_but_address_and_password(folder: Path) -> None:
    loaded = load_settings(folder)

    mailbox, smtp = loaded.mailbox, loaded.smtp
    assert (mailbox.host, mailbox.port, mailbox.tls, mailbox.needs_id) == ("imap.163.com", 993, "tls", True)
    assert (mailbox.username, mailbox.auth, mailbox.poll_seconds) == ("box@163.com", "login", 120)
    assert (mailbox.sent, mailbox.junk[0], mailbox.own_hosts[0]) == ("已发送", "垃圾邮件", "163.com")
    assert (smtp.host, smtp.port, smtp.tls, smtp.username) == ("smtp.163.com", 465, "tls", "box@163.com")
    assert (smtp.seconds_between, smtp.daily_sends) == (8.0, 200)
    assert loaded.provider == providers()["163"]


@pytest.mark.parametrize("provider_id", list(providers()))
def test_every_provider_makes_complete_settings(tmp_path: Path, provider_id: str) -> None:
    loaded = load_settings(tmp_path, mailbox__provider=provider_id, mailbox__address="box@example.com")

    preset = providers()[provider_id]
    assert (loaded.mailbox.host, loaded.smtp.host) == (preset.imap.host, preset.smtp.host)
    assert loaded.smtp.tls == preset.smtp.tls
    assert loaded.mailbox.auth == loaded.smtp.auth == preset.auth[0]


def test_what_is_written_wins_over_the_provider(folder: Path) -> None:
    (folder / "intake.toml").write_text(
        NETEASE + 'host = "mail.example.com"\nport = 1993\nusername = "box"\n[smtp]\nport = 994\nusername = "out"\n'
    )

    loaded = load_settings(folder)

    assert (loaded.mailbox.host, loaded.mailbox.port, loaded.mailbox.username) == ("mail.example.com", 1993, "box")
    assert (loaded.smtp.host, loaded.smtp.port, loaded.smtp.username) == ("smtp.163.com", 994, "out")


def test_smtp_logs_in_as_the_mailbox_does_unless_told(folder: Path) -> None:
    write_secrets(folder, f"INTAKE_MAILBOX__PASSWORD={SECRET}\n")

    same = load_settings(folder, mailbox__username="box")
    other = load_settings(folder, smtp__password="other")

    assert same.smtp.password is not None
    assert other.smtp.password is not None
    assert (same.smtp.username, same.smtp.password.get_secret_value()) == ("box", SECRET)
    assert other.smtp.password.get_secret_value() == "other"


@pytest.mark.parametrize("written_in", ["arguments", "environment", "dotenv", "file", "nowhere"])
def test_arguments_win_over_environment_over_dotenv_over_file_over_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch, written_in: str
) -> None:
    places = ["arguments", "environment", "dotenv", "file", "nowhere"]
    lower = places[places.index(written_in) :]
    overrides: dict[str, Any] = {"digest__at": "01:00"} if "arguments" in lower else {}
    if "environment" in lower:
        monkeypatch.setenv("INTAKE_DIGEST__AT", "02:00")
    if "dotenv" in lower:
        write_secrets(folder, "INTAKE_DIGEST__AT=03:00\n")
    if "file" in lower:
        (folder / "intake.toml").write_text(NETEASE + '[digest]\nat = "04:00"\n')

    loaded = load_settings(folder, **overrides)

    assert loaded.digest.at == time(places.index(written_in) + 1 if written_in != "nowhere" else 8)


def test_lists_are_written_with_commas_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_CAMPAIGNS", "huli-2022，xuzhou-2015")
    monkeypatch.setenv("INTAKE_DIGEST__WEEKDAYS", "1,3,5")
    monkeypatch.setenv("INTAKE_DIGEST__RECIPIENTS", "a@example.com, b@example.com")

    loaded = load_settings(folder)

    assert loaded.campaigns == ("huli-2022", "xuzhou-2015")
    assert loaded.digest.weekdays == (1, 3, 5)
    assert loaded.digest.recipients == ("a@example.com", "b@example.com")


def test_paths_are_absolute_and_start_at_the_working_folder(folder: Path) -> None:
    loaded = load_settings(folder, mailbox__ca_file="ca.pem", log__file="intake.log")

    assert loaded.data_dir == folder / "data"
    assert loaded.database_url == f"sqlite:///{folder.as_posix()}/data/intake.sqlite3"
    assert (loaded.mailbox.ca_file, loaded.smtp.ca_file) == (folder / "ca.pem", folder / "ca.pem")
    assert loaded.log.file == folder / "intake.log"


def test_a_data_folder_elsewhere_takes_the_database_along(folder: Path, tmp_path: Path) -> None:
    loaded = load_settings(folder, data_dir=str(tmp_path / "elsewhere"))

    assert loaded.database_url == f"sqlite:///{(tmp_path / 'elsewhere').as_posix()}/intake.sqlite3"


@pytest.mark.parametrize(
    ("written", "answer_from"),
    [
        ("2022-11-30", datetime(2022, 11, 29, 16, tzinfo=UTC)),
        ("2022-11-30 08:00", datetime(2022, 11, 30, 0, tzinfo=UTC)),
        (datetime(2022, 11, 30, tzinfo=UTC), datetime(2022, 11, 30, tzinfo=UTC)),
        (None, None),
    ],
)
def test_answer_from_is_an_instant_in_the_zone_of_the_settings(
    folder: Path, written: str | None, answer_from: datetime | None
) -> None:
    assert load_settings(folder, answer_from=written).answer_from == answer_from


def test_letters_from_a_folder_need_no_server(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path, mailbox={"kind": "eml_folder", "path": "letters", "address": "box@example.com"})

    assert loaded.mailbox.path == tmp_path / "letters"
    assert missing_secrets(loaded) == ()


def test_secrets_are_shown_nowhere(folder: Path) -> None:
    write_secrets(folder, f"INTAKE_MAILBOX__PASSWORD={SECRET}\nINTAKE_DATABASE_URL=postgresql://u:{SECRET}@db/x\n")

    loaded = load_settings(folder)

    assert loaded.mailbox.password is not None
    assert loaded.mailbox.password.get_secret_value() == SECRET
    for shown in (repr(loaded), str(loaded), repr(loaded.mailbox), repr(loaded.smtp)):
        assert SECRET not in shown


@pytest.mark.parametrize(
    "line",
    [
        'port = "x"',
        f'pasword = "{SECRET}"',
        f'[smtp]\npassword = ["{SECRET}"]',
        f'[smtp]\npassword = {{ x = "{SECRET}" }}',
        f'[smtp]\npasswords = "{SECRET}"',
    ],
)
def test_secrets_are_not_repeated_by_errors(folder: Path, line: str) -> None:
    write_secrets(folder, f"INTAKE_MAILBOX__PASSWORD={SECRET}\n")
    (folder / "intake.toml").write_text(NETEASE + line)

    with pytest.raises(ConfigError) as refused:
        load_settings(folder)

    assert SECRET not in str(refused.value)
    assert SECRET not in repr(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_secrets_others_can_read_are_refused(folder: Path, mode: int) -> None:
    write_secrets(folder, f"INTAKE_MAILBOX__PASSWORD={SECRET}\n", mode)

    (problem,) = problems_of(folder)

    assert problem.file == ".env"
    assert problem.advice == f"请运行：chmod 600 {folder / '.env'}"


def test_every_problem_is_listed_at_once_with_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "intake.toml").write_text(
        'tst_mode = true\n[mailbox]\nprovider = "164"\naddress = "box"\n[digest]\nat = "25:00"\n', encoding="utf-8"
    )
    write_secrets(folder, "INTAKE_MAILBOX__TIMEOUT_SECONDS=soon\nINTAKE_COLOUR=red\n")
    monkeypatch.setenv("INTAKE_LOG__LEVEL", "loud")

    found = {(problem.file, problem.key, problem.line) for problem in problems_of(folder, readers__processes=0)}

    assert found == {
        ("intake.toml", "tst_mode", 1),
        ("intake.toml", "mailbox.provider", 3),
        ("intake.toml", "mailbox.address", 4),
        ("intake.toml", "digest.at", 6),
        (".env", "INTAKE_MAILBOX__TIMEOUT_SECONDS", None),
        (".env", "INTAKE_COLOUR", None),
        ("环境变量", "INTAKE_LOG__LEVEL", None),
        ("启动参数", "readers.processes", None),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mailbox：缺少这一项"),
        ('[mailbox]\naddress = "a@example.com"\n', "没有写明收信服务器。请写 provider，自建邮箱写 host"),
        ('[mailbox]\naddress = "a@example.com"\nhost = "h"\n', "没有写明发信服务器"),
        (NETEASE + 'tls = "plain"\n', "不加密的连接只允许用于本机"),
        (NETEASE + '[smtp]\ntls = "plain"\n', "不加密的连接只允许用于本机"),
        ('[mailbox]\naddress = "a@example.com"\nkind = "maildir"\n', "没有写明来信文件夹"),
        ('[mailbox]\naddress = "a@example.com"\nprovider = "gmial"\n', "不认识的邮箱服务商“gmial”"),
        ('timezone = "Asia/Xiamen"\n' + NETEASE, "intake.toml 第1行 timezone：没有这个时区"),
        ('answer_from = "昨天"\n' + NETEASE, "intake.toml 第1行 answer_from：日期写法不对"),
        (NETEASE + '[digest]\nrecipients = ["王老师"]\n', "“王老师”不是邮箱地址"),
        (NETEASE + "[digest]\nweekdays = [0]\n", "digest.weekdays[1]：应不小于 1"),
        (NETEASE + "[smpt]\n", "没有这一项。是否想写 smtp"),
    ],
)
def test_settings_written_wrongly_are_refused_with_advice(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "intake.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path)

    assert said in str(refused.value)


def test_plain_connections_to_this_machine_are_allowed(tmp_path: Path) -> None:
    local = {"host": "127.0.0.1", "tls": "plain", "port": 1143}

    loaded = load_settings(tmp_path, mailbox={"address": "a@example.com", **local}, smtp={**local, "port": 1025})

    assert (loaded.mailbox.port, loaded.smtp.port) == (1143, 1025)


def test_a_misspelt_variable_is_refused_and_a_foreign_one_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAKE_MAILBX__PORT", "1")
    monkeypatch.setenv("INTAKE_UPDATE_GOLDEN", "1")

    (problem,) = problems_of(folder)

    assert (problem.key, problem.advice) == ("INTAKE_MAILBX__PORT", "是否想写 INTAKE_MAILBOX")


def test_settings_built_directly_read_nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_TEST_MODE", "true")

    built = Settings.model_validate({"mailbox": {"provider": "qq", "address": "1@qq.com"}})

    assert not built.test_mode


def test_settings_cross_a_process_border(folder: Path) -> None:
    loaded = load_settings(folder)

    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_missing_password_is_said_with_where_to_get_it(folder: Path) -> None:
    (problem,) = missing_secrets(load_settings(folder))

    assert problem.problem == "还没有填写邮箱的授权密码"
    assert "INTAKE_MAILBOX__PASSWORD" in problem.advice
    assert providers()["163"].password_help in problem.advice


def test_reader_limits_are_those_of_the_readers() -> None:
    assert ReaderLimits().model_dump() == Limits().model_dump()


def test_campaigns_are_presets_own_files_and_own_copies_of_presets(folder: Path) -> None:
    own = folder / "campaigns"
    own.mkdir()
    (own / "huli-2022.toml").write_text('[campaign]\nid = "own"\ntitle = "t"\nnumber_prefix = "A"\nsignature = "s"\n')
    elsewhere = folder / "b.toml"
    elsewhere.write_text('[campaign]\nid = "b"\ntitle = "t"\nnumber_prefix = "B"\nsignature = "s"\n')

    loaded = load_campaigns(load_settings(folder, campaigns=["huli-2022", "xuzhou-2015", "b.toml"]))

    assert [campaign.id for campaign in loaded] == ["own", "xuzhou-2015", "b"]


def test_campaigns_not_named_are_all_files_of_the_folder(folder: Path) -> None:
    own = folder / "campaigns"
    own.mkdir()
    for name in ("b", "a"):
        text = f'[campaign]\nid = "{name}"\ntitle = "t"\nnumber_prefix = "{name.upper()}"\nsignature = "s"\n'
        (own / f"{name}.toml").write_text(text)

    assert [campaign.id for campaign in load_campaigns(load_settings(folder))] == ["a", "b"]


def test_campaign_problems_of_all_files_are_listed_at_once(folder: Path) -> None:
    own = folder / "campaigns"
    own.mkdir()
    (own / "a.toml").write_text("[campaign]\n")
    (own / "b.toml").write_text("campaign = [\n")

    with pytest.raises(ConfigError) as refused:
        load_campaigns(load_settings(folder))

    assert {problem.file for problem in refused.value.problems} == {"a.toml", "b.toml"}


def test_two_campaigns_with_one_id_or_prefix_are_refused(folder: Path) -> None:
    own = folder / "campaigns"
    own.mkdir()
    for name in ("a", "b"):
        (own / f"{name}.toml").write_text('[campaign]\nid = "x"\ntitle = "t"\nnumber_prefix = "X"\nsignature = "s"\n')

    with pytest.raises(ConfigError) as refused:
        load_campaigns(load_settings(folder))

    assert [(problem.file, problem.key) for problem in refused.value.problems] == [
        ("b.toml", "campaign.id"),
        ("b.toml", "campaign.number_prefix"),
    ]


def test_no_campaign_at_all_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="一个活动也没有"):
        load_campaigns(load_settings(folder))
