from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from config.campaign import load_campaign, preset_text
from config.errors import ConfigError
from intake.calls import load_call, prepare_calls


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_a_call_speaks_the_language_its_campaign_names(tmp_path: Path, language: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(preset_text("example").replace('language = "zh-CN"', f'language = "{language}"'), encoding="utf-8")

    assert load_call(path).language.name == language


def test_a_call_speaks_with_the_organizers_own_sentences(tmp_path: Path) -> None:
    (tmp_path / "zh-CN.toml").write_text('[greeting]\nanybody = "各位好："\n', encoding="utf-8")

    language = load_call("example", sentences=tmp_path).language

    assert (language.say("greeting.anybody"), language.say("greeting.unit", name="金安社区")) == (
        "各位好：",
        "金安社区：",
    )


def test_a_call_may_speak_a_language_only_its_organizers_have(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text(
        preset_text("example").replace('language = "zh-CN"', 'language = "zh-HK"'), encoding="utf-8"
    )
    sentences = tmp_path / "sentences"
    sentences.mkdir()
    whole = files("intake.replies").joinpath("languages", "zh-TW.toml").read_text(encoding="utf-8")
    (sentences / "zh-HK.toml").write_text(whole, encoding="utf-8")

    assert load_call(tmp_path / "campaign.toml", sentences=sentences).language.name == "zh-HK"


def test_mistakes_in_own_sentences_are_told_once_for_all_campaigns_also_in_files_none_of_them_uses(
    tmp_path: Path,
) -> None:
    sentences = tmp_path / "sentences"
    sentences.mkdir()
    (sentences / "zh-CN.toml").write_text('[greeting]\nanybody = ""\n', encoding="utf-8")
    (sentences / "en.toml").write_text('[greeting]\nunit = "Hello,"\n', encoding="utf-8")
    campaigns = tuple(load_campaign(name) for name in ("huli-2022", "xuzhou-2015"))

    with pytest.raises(ConfigError) as refused:
        prepare_calls(campaigns, sender_address="", sentences=sentences)

    assert [(problem.file, problem.line, problem.key) for problem in refused.value.problems] == [
        ("sentences/en.toml", 2, "greeting.unit"),
        ("sentences/zh-CN.toml", 2, "greeting.anybody"),
    ]


def test_a_language_without_a_file_is_refused_beside_every_other_problem(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = preset_text("example").replace('language = "zh-CN"', 'language = "zh-HK"').replace("max = 3000", "max = 0")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load_call(path)

    assert [(problem.key, problem.problem) for problem in refused.value.problems] == [
        ("campaign.language", "没有“zh-HK”这种回信语言"),
        ("rule[4].max", "应大于 0，现为“0”"),
    ]
    assert str(refused.value.problems[0]).startswith("own.toml 第10行 campaign.language")
