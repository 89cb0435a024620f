from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from config.campaign import preset_names
from config.errors import ConfigError
from config.providers import providers
from config.settings import load_campaigns, load_settings, missing_secrets
from config.working_folder import OWN_SERVER, working_folder_files


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)


@pytest.mark.parametrize("provider_id", [*providers(), OWN_SERVER])
def test_a_new_working_folder_lacks_nothing_but_the_password(tmp_path: Path, provider_id: str) -> None:
    write(tmp_path, working_folder_files(provider_id, "box@example.com"))

    loaded = load_settings(tmp_path)

    assert loaded.mailbox.address == "box@example.com"
    assert loaded.test_mode
    assert [campaign.id for campaign in load_campaigns(loaded)] == ["example"]
    assert [problem.key for problem in missing_secrets(loaded)] == ["mailbox.password"]


@pytest.mark.parametrize("preset", preset_names())
def test_a_new_working_folder_starts_from_any_preset(tmp_path: Path, preset: str) -> None:
    files = working_folder_files("qq", "1@qq.com", campaign=preset)
    write(tmp_path, files)

    assert list(files) == ["intake.toml", ".env", f"campaigns/{preset}.toml", "sentences/zh-CN.toml"]
    assert [campaign.id for campaign in load_campaigns(load_settings(tmp_path))] == [preset]


def test_the_password_file_says_where_to_get_the_password() -> None:
    secrets = working_folder_files("163", "box@163.com")[".env"]

    assert providers()["163"].password_help in secrets
    assert secrets.endswith("INTAKE_MAILBOX__PASSWORD=\n")


def test_an_address_cannot_break_out_of_its_place(tmp_path: Path) -> None:
    write(tmp_path, working_folder_files("163", 'a"\nport = 1\n@163.com'))

    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path)

    assert [problem.key for problem in refused.value.problems] == ["mailbox.address"]


def test_an_unknown_provider_or_preset_is_refused() -> None:
    with pytest.raises(ConfigError):
        working_folder_files("164", "a@163.com")
    with pytest.raises(ConfigError):
        working_folder_files("163", "a@163.com", campaign="none")


def test_a_campaign_file_under_a_new_name_is_used_and_not_the_sample_it_began_as(tmp_path: Path) -> None:
    for name, text in working_folder_files("163", "box@163.com").items():
        path = tmp_path / name.replace("example.toml", "ours.toml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace('id = "example"', 'id = "ours"'), encoding="utf-8")
        path.chmod(0o600)

    assert [campaign.id for campaign in load_campaigns(load_settings(tmp_path))] == ["ours"]


@pytest.mark.parametrize("preset", ["example", "huli-2022", "xuzhou-2015"])
def test_organizers_stand_in_the_campaign_file_and_get_the_digest(tmp_path: Path, preset: str) -> None:
    people = [("王老师", "wang@example.org"), ('李"工"', "li@example.org")]

    write(tmp_path, working_folder_files("163", "box@163.com", campaign=preset, organizers=people, digest_at="07:30"))

    settings = load_settings(tmp_path)
    assert (settings.digest.recipients, settings.digest.at) == (("wang@example.org", "li@example.org"), time(7, 30))
    (campaign,) = load_campaigns(settings)
    assert [(each.name, each.address) for each in campaign.organizers] == people
