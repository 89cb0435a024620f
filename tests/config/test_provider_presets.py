from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.providers import Provider, provider, provider_of, providers
from config.settings import load_settings
from parsers.facts import Format


def test_providers_are_those_of_the_contract() -> None:
    assert tuple(providers()) == ("163", "126", "yeah", "qq", "exmail", "aliyun", "139", "sina", "gmail", "outlook")


@pytest.mark.parametrize("one", providers().values(), ids=list(providers()))
def test_a_provider_is_encrypted_paced_and_explained(one: Provider) -> None:
    assert one.imap.tls != "plain"
    assert one.smtp.tls != "plain"
    assert one.poll_seconds >= 60
    assert one.send_seconds >= 3
    assert 0 < one.recipients <= 100
    assert 0 < one.daily_sends <= 500
    assert one.password_word
    assert one.password_help.endswith("。")
    assert one.own_hosts
    assert "hosts" in one.verified


@pytest.mark.parametrize("name", ["163", "126", "yeah"])
def test_netease_wants_id(name: Format) -> None:
    assert provider(name).needs_id


def test_microsoft_takes_tokens_only() -> None:
    assert provider("outlook").auth == ("xoauth2",)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("newxmmxszgpua10.qq.com", True),
        ("QQ.COM.", True),
        ("qq.com.example.org", False),
        ("evilqq.com", False),
        ("", False),
    ],
)
def test_own_hosts_are_told_by_their_domain(host: str, own: bool) -> None:
    assert provider("qq").owns_host(host) is own


@pytest.mark.parametrize(
    ("address", "name"),
    [("a@163.com", "163"), ("A@Foxmail.COM", "qq"), ("a@hotmail.com", "outlook"), ("a@huli.gov.cn", None), ("", None)],
)
def test_provider_is_known_from_an_address(address: str, name: Format) -> None:
    found = provider_of(address)

    assert (found.id if found else None) == name


def test_an_unknown_provider_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="是否想写 gmail"):
        provider("gmial")


def test_mailbox_is_never_polled_faster_than_its_provider_allows(tmp_path: Path) -> None:
    (tmp_path / "intake.toml").write_text('[mailbox]\nprovider = "163"\naddress = "a@163.com"\npoll_seconds = 60\n')

    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path)

    (problem,) = refused.value.problems
    assert (problem.problem, problem.advice) == (
        "poll_seconds 是60，比网易163邮箱允许的快，邮箱可能被限制登录",
        "请写 120 以上，或者不写",
    )
