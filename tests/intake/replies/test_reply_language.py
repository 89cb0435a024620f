"""Loading a language: whole or refused, with the file and every key named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.errors import OperatorError
from intake.replies import load_language
from intake.replies.keys import PLACEHOLDERS
from intake.replies.language import shipped_languages


@pytest.mark.parametrize("name", shipped_languages())
def test_language_shipped_is_complete(name: str) -> None:
    language = load_language(name)

    assert (language.name, set(language.sentences)) == (name, set(PLACEHOLDERS))


def test_language_with_own_sentences_uses_them_and_ours_for_the_rest(tmp_path: Path) -> None:
    (tmp_path / "zh-CN.toml").write_text('[greeting]\nanybody = "您好！"\n', encoding="utf-8")

    language = load_language("zh-CN", tmp_path)

    assert language.say("greeting.anybody") == "您好！"
    assert language.say("item.photos", count=3) == "3张"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[greeting]\nunit = "您好："\n', "greeting.unit：缺少占位符 {name}"),
        ('[greeting]\nunit = "{name}（{title}）："\n', "greeting.unit：不认识的占位符 {title}"),
        ('[greeting]\nunit = "{name.__class__}"\n', "greeting.unit：不认识的占位符 {name.__class__}"),
        ('[greeting]\nunit = "{0}{name}"\n', "greeting.unit：不认识的占位符 {0}"),
        ('[greeting]\nunit = "{name"\n', "greeting.unit：花括号不成对"),
        ('[greeting]\nunit = ""\n', "greeting.unit：不能为空"),
        ("[greeting]\nunit = 3\n", "greeting.unit：应为一句文字，写在引号里"),
        ('[greeting]\nmorning = "早上好"\n', "greeting.morning：没有这样的句子"),
        (
            '[item]\nphotos = "{count:one|two|three}"\n',
            "item.photos：占位符 {count:one|two|three} 应写成 {count:单数|复数}",
        ),
        ('[dates]\nweekdays = ["一"]\n', "dates.weekdays：应有7个词"),
        ('[dates]\nday = "{year}年{month}月"\n', "dates.day：缺少占位符 {date}"),
        ('[dates]\nnight = "夜"\n', "dates.night：没有这样的句子"),
    ],
)
def test_language_file_with_a_mistake_is_refused_naming_file_and_key(
    tmp_path: Path, content: str, problem: str
) -> None:
    path = tmp_path / "zh-CN.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(OperatorError) as refused:
        load_language("zh-CN", tmp_path)

    assert f"语言文件 {path} 有" in str(refused.value)
    assert f"  {problem}" in str(refused.value).splitlines()


def test_language_file_with_two_mistakes_names_both_at_once(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[greeting]\nunit = "Hi"\nanybody = ""\n', encoding="utf-8")

    with pytest.raises(OperatorError) as refused:
        load_language("en", tmp_path)

    assert str(refused.value).splitlines()[1:] == ["  greeting.unit：缺少占位符 {name}", "  greeting.anybody：不能为空"]


def test_new_language_that_is_not_whole_names_every_missing_sentence(tmp_path: Path) -> None:
    (tmp_path / "ug.toml").write_text('[you]\nunit = "siz"\nperson = "siz"\n', encoding="utf-8")

    with pytest.raises(OperatorError) as refused:
        load_language("ug", tmp_path)

    assert str(refused.value).count("缺少这一句") >= len(PLACEHOLDERS) - 2


def test_language_file_that_is_no_toml_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "zh-CN.toml").write_text("[greeting\n", encoding="utf-8")

    with pytest.raises(OperatorError, match=r"zh-CN\.toml 不是有效的 TOML"):
        load_language("zh-CN", tmp_path)


@pytest.mark.parametrize("name", ["../zh-CN", "zh_CN", "", "xx"])
def test_language_that_does_not_exist_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(OperatorError, match="语言"):
        load_language(name)


@pytest.mark.parametrize(("count", "said"), [(0, "0 points"), (1, "1 point"), (2, "2 points")])
def test_number_takes_the_form_of_its_noun(count: int, said: str) -> None:
    opening = load_language("en").say("opening.fix_request", title="", number="", count=count, due="", you="")

    assert said + (" still needs" if count == 1 else " still need") in opening


@pytest.mark.parametrize(
    ("name", "closes_at", "said"),
    [
        ("zh-CN", datetime(2022, 12, 20, 16, tzinfo=UTC), "2022年12月20日（星期二）24时"),
        ("zh-CN", datetime(2022, 12, 20, 9, tzinfo=UTC), "2022年12月20日（星期二）17时"),
        ("zh-CN", datetime(2022, 12, 20, 9, 30, tzinfo=UTC), "2022年12月20日（星期二）17时30分"),
        ("zh-CN", datetime(2022, 12, 31, 16, tzinfo=UTC), "2022年12月31日（星期六）24时"),
        ("zh-TW", datetime(2022, 12, 20, 16, tzinfo=UTC), "2022年12月20日（星期二）24時"),
        ("en", datetime(2022, 12, 20, 16, tzinfo=UTC), "24:00 on Tuesday, 20 December 2022"),
        ("en", datetime(2022, 12, 20, 9, 30, tzinfo=UTC), "17:30 on Tuesday, 20 December 2022"),
    ],
)
def test_close_is_written_as_people_say_it(name: str, closes_at: datetime, said: str) -> None:
    assert load_language(name).dates.write_close(closes_at, "Asia/Shanghai") == said


def test_quotation_marks_inside_quotation_marks_become_inner_ones() -> None:
    assert load_language("zh-CN").quote("从“要我做”到“我要做”") == "“从‘要我做’到‘我要做’”"
    assert load_language("zh-TW").quote("從「要我做」到「我要做」") == "「從『要我做』到『我要做』」"
