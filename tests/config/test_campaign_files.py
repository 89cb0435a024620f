from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.campaign import Campaign, load_campaign, preset_names, preset_text
from config.errors import ConfigError, Problem

HEAD = """[campaign]
id = "t"
title = "某某案例征集"
number_prefix = "T"
signature = "组委会"
"""


def written(folder: Path, text: str, name: str = "t.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path | str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as refused:
        load_campaign(path)
    return refused.value.problems


def test_presets_are_the_three_of_the_contract() -> None:
    assert preset_names() == ("example", "huli-2022", "xuzhou-2015")


@pytest.mark.parametrize(
    ("preset", "opens_at", "closes_at"),
    [
        ("huli-2022", datetime(2022, 11, 29, 16, tzinfo=UTC), datetime(2022, 12, 20, 16, tzinfo=UTC)),
        ("xuzhou-2015", datetime(2015, 7, 6, 16, tzinfo=UTC), datetime(2015, 8, 10, 16, tzinfo=UTC)),
    ],
)
def test_preset_opens_at_midnight_and_closes_after_its_last_day(
    preset: str, opens_at: datetime, closes_at: datetime
) -> None:
    campaign = load_campaign(preset)

    assert (campaign.opens_at, campaign.closes_at) == (opens_at, closes_at)
    assert campaign.timezone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("preset", "quotes"),
    [
        (
            "huli-2022",
            {
                "deadline": "即日起至2022年12月20日截止",
                "length": "字数控制在3000字以内",
                "sections": "背景与起因；做法与经过；成效与反响；探讨与评论",
                "photos": "与案例相关的图片5张",
                "clarity": "主旨清晰、层次分明、资料翔实",
            },
        ),
        ("xuzhou-2015", {"deadline": "于8月10日前", "length": "字数在2000字左右"}),
    ],
)
def test_preset_quotes_its_call(preset: str, quotes: dict[str, str]) -> None:
    campaign = load_campaign(preset)

    found = {rule.id: rule.table.get("quote") for rule in campaign.rules}

    assert {key: found[key] for key in quotes} == quotes


def test_preset_and_a_copy_of_it_in_a_file_are_the_same(tmp_path: Path) -> None:
    text = preset_text("huli-2022")

    copy = load_campaign(written(tmp_path, text, "huli-2022.toml"))

    assert copy == load_campaign("huli-2022")
    assert copy.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_rules_stay_raw_with_file_key_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + '\n[[rule]]\nid = "a"\ncheck = "word_count"\nmax = 3\nbogus = 4\n')

    (rule,) = load_campaign(path).rules

    assert dict(rule.table) == {"id": "a", "check": "word_count", "max": 3, "bogus": 4}
    assert (rule.id, rule.check, rule.file, rule.key, rule.line) == ("a", "word_count", "t.toml", "rule[1]", 7)
    assert rule.lines["rule[1].bogus"] == 11


def test_rule_is_found_by_id() -> None:
    campaign = load_campaign("huli-2022")

    found = campaign.rule("photos")

    assert found is not None
    assert found.check == "image_count"
    assert campaign.rule("no-such-rule") is None


@pytest.mark.parametrize(
    ("line", "closes_at"),
    [
        ('closes_at = "2022-12-20"', "2022-12-20T16:00:00+00:00"),
        ("closes_at = 2022-12-20", "2022-12-20T16:00:00+00:00"),
        ('closes_at = "2022-12-20 17:00"', "2022-12-20T09:00:00+00:00"),
        ("closes_at = 2022-12-20T17:00:00", "2022-12-20T09:00:00+00:00"),
        ("closes_at = 2022-12-20T17:00:00Z", "2022-12-20T17:00:00+00:00"),
        ('timezone = "Europe/Berlin"\ncloses_at = "2022-03-26"', "2022-03-26T23:00:00+00:00"),
        ('timezone = "Europe/Berlin"\ncloses_at = "2022-03-27"', "2022-03-27T22:00:00+00:00"),
    ],
)
def test_a_closing_date_is_inclusive_and_a_closing_time_exact(tmp_path: Path, line: str, closes_at: str) -> None:
    campaign = load_campaign(written(tmp_path, HEAD + line))

    assert campaign.closes_at == datetime.fromisoformat(closes_at)


def test_a_campaign_need_not_close(tmp_path: Path) -> None:
    campaign = load_campaign(written(tmp_path, HEAD))

    assert (campaign.opens_at, campaign.closes_at) == (None, None)
    assert campaign.late_policy == "organizers_decide"
    assert campaign.quiet_minutes == 10


def test_the_short_title_stands_in_for_tag_and_sender(tmp_path: Path) -> None:
    plain = load_campaign(written(tmp_path, HEAD))
    short = load_campaign(written(tmp_path, HEAD + 'short_title = "征集"\n'))

    assert (plain.tag, plain.from_name) == ("某某案例征集", "某某案例征集")
    assert (short.tag, short.from_name) == ("征集", "征集")


def test_every_problem_is_listed_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """[campaign]
id = "湖里"
titel = "某某案例征集"
number_prefix = "hl"
closes_at = "12月20日"
timezone = "Asia/Xiamen"
grace_minutes = "十"
signature = "组委会"

[routing]
subject_keywords = ["湖里"]

[[rule]]
check = "word_count"

[[rule]]
id = "a"
check = "image_count"

[[rule]]
id = "a"
check = "image_count"
""",
    )

    found = problems_of(path)

    assert [(problem.line, problem.key) for problem in found] == [
        (1, "campaign.title"),
        (2, "campaign.id"),
        (3, "campaign.titel"),
        (4, "campaign.number_prefix"),
        (5, "campaign.closes_at"),
        (6, "campaign.timezone"),
        (7, "campaign.grace_minutes"),
        (10, "routing"),
        (13, "rule[1].id"),
        (21, "rule[3].id"),
    ]
    assert {problem.file for problem in found} == {"t.toml"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('titel = "x"', "t.toml 第6行 campaign.titel：没有这一项。是否想写 title"),
        ('closes_at = "12月20日"', '日期写法不对。请写成 "2022-12-20" 或 "2022-12-20 17:00"'),
        ('late-policy = "x"', "t.toml 第6行 campaign.late-policy：没有这一项。是否想写 late_policy"),
        ('late_policy = "never"', "只能从规定的几种里选，现为“never”"),
        ("grace_minutes = -1", "应不小于 0，现为“-1”"),
        ('keywords = "社区"', '应为列表，现为“社区”。请写成 ["甲", "乙"] 的形式'),
        ("contact = 12345", "应为文字，现为“12345”。请放在英文双引号里"),
        ('opens_at = "2022-12-21"\ncloses_at = "2022-12-20"', "截止时间早于开始时间"),
        (
            'organizers = [{ name = "王", address = "wang" }]',
            "campaign.organizers[1].address：不是邮箱地址，现为“wang”。请写成 name@example.com",
        ),
        ('organizers = [{ name = "王" }]', "campaign.organizers[1].address：缺少这一项"),
    ],
)
def test_a_problem_says_what_is_wrong_and_what_to_write(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path, HEAD + line)

    with pytest.raises(ConfigError) as refused:
        load_campaign(path)

    assert said in str(refused.value)


def test_an_empty_file_says_what_a_campaign_needs(tmp_path: Path) -> None:
    keys = {problem.key for problem in problems_of(written(tmp_path, ""))}

    assert keys == {"campaign.id", "campaign.title", "campaign.number_prefix", "campaign.signature"}


def test_a_preset_that_does_not_exist_is_refused_with_the_nearest_one() -> None:
    (problem,) = problems_of("huli-2020")

    assert str(problem) == "campaigns：没有名为“huli-2020”的活动预设。是否想写 huli-2022"


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "none.toml")

    assert problem.problem == "没有这个文件"


def test_a_campaign_cannot_be_changed() -> None:
    campaign = load_campaign("huli-2022")

    with pytest.raises(Exception, match="frozen"):
        campaign.title = "x"  # type: ignore[misc]  # the point of the test


def test_the_example_writes_down_every_campaign_field() -> None:
    text = preset_text("example")

    unnamed = [name for name in Campaign.model_fields if name not in text and name not in {"rules", "file", "sha256"}]

    assert unnamed == []
