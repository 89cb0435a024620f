"""Loading a language: whole or refused, with the file and every key named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import ConfigError, Problem
from intake.replies import load_language
from intake.replies.keys import PLACEHOLDERS
from intake.replies.language_file import language_problems, shipped_languages


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
    ("content", "line", "key", "problem", "advice"),
    [
        ('[greeting]\nunit = "您好："\n', 2, "greeting.unit", "缺少占位符 {name}", "这一句可以用 {name}"),
        (
            '[greeting]\nperson = "{name}"\nunit = "{name}（{title}）："\n',
            3, "greeting.unit", "不认识的占位符 {title}", "这一句可以用 {name}",
        ),
        (
            '[greeting]\nunit = "{name}{name.__class__}"\n',
            2, "greeting.unit", "不认识的占位符 {name.__class__}", "这一句可以用 {name}",
        ),
        ('[greeting]\nunit = "{name!r}"\n', 2, "greeting.unit", "不认识的占位符 {name!r}", "这一句可以用 {name}"),
        ('[greeting]\nunit = "{0}{name}"\n', 2, "greeting.unit", "不认识的占位符 {0}", "这一句可以用 {name}"),
        ('[greeting]\nanybody = "{name}"\n', 2, "greeting.anybody", "不认识的占位符 {name}", "这一句没有占位符"),
        (
            '[greeting]\nunit = "{name"\n',
            2, "greeting.unit", "花括号不成对", "占位符写成 {名称}，正文里不要另用花括号",
        ),
        ('[greeting]\nanybody = ""\n', 2, "greeting.anybody", "不能为空", "不想改这一句的，把这一行删去即可"),
        ("[greeting]\nunit = 3\n", 2, "greeting.unit", "应为一句文字，写在引号里", ""),
        (
            '[greeting]\nanybody = """\n您好：\n再见"""\n',
            2, "greeting.anybody", "应写在一行里，不能换行或含有看不见的字符", "",
        ),
        ('[opening]\nreciept = "好"\n', 2, "opening.reciept", "没有这样的句子", "是否想写 opening.receipt"),
        (
            '[item]\nphotos = "{count:one|two|three}"\n',
            2, "item.photos", "占位符 {count:one|two|three} 的写法不对", "请写成 {count}，或 {count:单数|复数}",
        ),
        ('[dates]\nweekdays = ["一"]\n', 2, "dates.weekdays", "应有7个词", ""),
        (
            '[dates]\nplain_day = "{year}年{month}月"\n',
            2, "dates.plain_day", "缺少占位符 {date}", "这一句可以用 {date}、{month}、{month_name}、{year}",
        ),
        (
            '[dates]\nplain_day = "{year:a|b}{date}"\n',
            2, "dates.plain_day", "占位符 {year:a|b} 的写法不对", "请写成 {year}，或 {year:单数|复数}",
        ),
        ('[dates]\ndays = "夜"\n', 2, "dates.days", "没有这样的句子", "是否想写 dates.day"),
    ],
)  # fmt: skip
def test_language_file_with_a_mistake_is_refused_with_its_place_and_what_is_allowed(
    tmp_path: Path, content: str, line: int, key: str, problem: str, advice: str
) -> None:
    own = tmp_path / "sentences"
    own.mkdir()
    (own / "zh-CN.toml").write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load_language("zh-CN", own)

    assert refused.value.problems == (Problem("sentences/zh-CN.toml", key, line, problem, advice),)
    assert language_problems(own) == refused.value.problems


def test_language_file_with_two_mistakes_names_both_at_once(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[greeting]\nunit = "Hi"\nanybody = ""\n', encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load_language("en", tmp_path)

    assert [(problem.key, problem.line) for problem in refused.value.problems] == [
        ("greeting.unit", 2),
        ("greeting.anybody", 3),
    ]


def test_new_language_that_is_not_whole_names_every_missing_sentence(tmp_path: Path) -> None:
    (tmp_path / "ug.toml").write_text('[you]\nunit = "siz"\nperson = "siz"\n', encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load_language("ug", tmp_path)

    missing = [problem.key for problem in refused.value.problems if problem.problem == "缺少这一句"]
    assert set(PLACEHOLDERS) - set(missing) == {"you.unit", "you.person"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[greeting\n", "这一行的写法不对"),
        ("[greeting]\nanybody = “您好：”\n", "这一行用了全角的引号、等号、逗号或括号"),
        ("[greeting]\nanybody = 您好\n", "等号后面的内容写法不对"),
    ],
)
def test_language_file_that_is_no_toml_is_refused_by_name_and_line(tmp_path: Path, content: str, problem: str) -> None:
    own = tmp_path / "sentences"
    own.mkdir()
    (own / "zh-CN.toml").write_text(content, encoding="utf-8")

    found = language_problems(own)

    assert [(one.file, one.line, one.problem) for one in found] == [
        ("sentences/zh-CN.toml", 1 + content.count("[greeting]\n"), problem)
    ]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("zh-CN.toml.txt", "请改名为 zh-CN.toml"),
        ("zh_cn.toml", "请改名为 zh-CN.toml"),
        ("回信用语.toml", "请以语言代号命名，如 zh-CN.toml"),
    ],
)
def test_language_file_under_a_name_that_would_never_be_looked_at_is_named(
    tmp_path: Path, name: str, advice: str
) -> None:
    own = tmp_path / "sentences"
    own.mkdir()
    (own / name).write_text("", encoding="utf-8")
    (own / "说明.docx").write_bytes(b"")

    problem = "文件名不是语言代号，这个文件不会起作用"
    assert language_problems(own) == (Problem(f"sentences/{name}", "", None, problem, advice),)


@pytest.mark.parametrize("name", ["../zh-CN", "zh_CN", "", "xx"])
def test_language_that_does_not_exist_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(ConfigError, match="语言"):
        load_language(name)


def test_words_stand_as_they_are_where_a_file_asks_for_the_forms_of_a_number(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[answer]\ndeadline = "By {closes_at:day|days}."\n', encoding="utf-8")

    assert load_language("en", tmp_path).say("answer.deadline", closes_at="Monday") == "By Monday."


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


@pytest.mark.parametrize(
    ("name", "signature", "said"),
    [
        ("zh-CN", "2022年湖里区社区治理创新案例征集组委会", "材料齐全，已转组委会初审；本回执不代表入选"),
        ("zh-CN", "某某大赛组织委员会", "材料齐全，已转组委会初审；本回执不代表入选"),
        ("zh-CN", "徐州市民政局", "材料齐全，已转主办单位初审；本回执不代表入选"),
        ("zh-TW", "徐州市民政局", "材料齊全，已轉主辦單位初審；本回執不代表入選"),
    ],
)
def test_who_decides_is_called_a_committee_only_where_one_signs(name: str, signature: str, said: str) -> None:
    assert load_language(name).signed(signature).say("state.accepted") == said


def test_organizers_may_call_who_decides_by_their_own_word(tmp_path: Path) -> None:
    (tmp_path / "zh-CN.toml").write_text('[office]\nhost = "评审办公室"\n', encoding="utf-8")

    language = load_language("zh-CN", tmp_path).signed("徐州市民政局")

    assert language.say("finding.late.todo") == "等候评审办公室研究确定是否纳入，无需重发"


def test_dates_may_not_name_who_decides(tmp_path: Path) -> None:
    (tmp_path / "zh-CN.toml").write_text('[dates]\nmoment = "{office}{day}{hour}:{minute}"\n', encoding="utf-8")

    assert [problem.key for problem in language_problems(tmp_path)] == ["dates.moment"]
