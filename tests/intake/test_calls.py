from __future__ import annotations

from pathlib import Path

import pytest

from config.campaign import preset_text
from config.errors import ConfigError
from intake.calls import load_call


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_a_call_speaks_the_language_its_campaign_names(tmp_path: Path, language: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(preset_text("example").replace('language = "zh-CN"', f'language = "{language}"'), encoding="utf-8")

    assert load_call(path).language.name == language


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
