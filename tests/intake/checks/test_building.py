from __future__ import annotations

import pytest

from config.campaign import RuleTable, campaign_from, load_campaign, preset_names
from config.errors import ConfigError
from config.toml_file import parse_toml
from intake.checks import CHECKS, build_checks
from intake.checks.deadline import Deadline

HEAD = '[campaign]\nid = "t"\ntitle = "t"\nnumber_prefix = "T"\nsignature = "s"\n'


def tables(text: str) -> tuple[RuleTable, ...]:
    return campaign_from(parse_toml((HEAD + text).encode(), name="t.toml")).rules


@pytest.mark.parametrize("preset", preset_names())
def test_the_rules_of_a_preset_are_built_in_order(preset: str) -> None:
    campaign = load_campaign(preset)

    built = build_checks(campaign.rules)

    assert [check.id for check in built] == [rule.id for rule in campaign.rules]
    assert [check.quote for check in built] == [rule.table.get("quote", "") for rule in campaign.rules]


def test_the_example_shows_every_check() -> None:
    shown = {rule.check for rule in load_campaign("example").rules}

    assert shown == {check.name for check in CHECKS}


@pytest.mark.parametrize(("own", "grace_minutes"), [("", 30), ("grace_minutes = 5\n", 5)])
def test_the_campaigns_grace_is_the_deadlines_unless_it_names_one(own: bool, grace_minutes: int) -> None:
    (check,) = build_checks(tables(f'[[rule]]\nid = "d"\ncheck = "deadline"\n{own}'), grace_minutes=30)

    assert isinstance(check, Deadline)
    assert check.grace_minutes == grace_minutes


def test_every_problem_of_every_rule_is_listed_at_once() -> None:
    raw = tables(
        """
[[rule]]
id = "length"
check = "word_cout"

[[rule]]
id = "photos"
check = "image_count"
mini = 5
max = "五"

[[rule]]
id = "category"
check = "category"
choices = ["网格治理", "社区治理"]

[[rule]]
id = "video"
check = "word_count"
max = 300
severity = "soft"

[[rule]]
id = "merit"
check = "attest"
scope = { categroy = "社区治理" }
"""
    )

    with pytest.raises(ConfigError) as refused:
        build_checks(raw)

    found = refused.value.problems
    assert [(problem.line, problem.key) for problem in found] == [
        (9, "rule[1].check"),
        (14, "rule[2].mini"),
        (15, "rule[2].max"),
        (26, "rule[4].severity"),
        (28, "rule[5].what"),
        (31, "rule[5].scope.categroy"),
    ]
    assert str(found[0]) == "t.toml 第9行 rule[1].check：没有名为“word_cout”的规则种类。是否想写 word_count"
    assert str(found[2]) == "t.toml 第15行 rule[2].max：应为整数，现为“五”。请直接写数字，不加单位"


def test_a_condition_on_a_category_the_campaign_does_not_have_is_refused() -> None:
    raw = tables(
        """
[[rule]]
id = "category"
check = "category"
choices = ["网格治理", "社区治理"]
also_accepted = ["多元治理"]

[[rule]]
id = "a"
check = "word_count"
max = 300
when = { category = ["网络治理", "多元治理"] }

[[rule]]
id = "b"
check = "word_count"
max = 300
when = { level = "社区" }
"""
    )

    with pytest.raises(ConfigError) as refused:
        build_checks(raw)

    assert [str(problem) for problem in refused.value.problems] == [
        "t.toml 第17行 rule[2].when.category：活动里没有“网络治理”。是否想写 网格治理",
        't.toml 第23行 rule[3].when.level：活动里没有“社区”。请先用 check = "level" 列出各类',
    ]


def test_a_role_is_refused_where_no_document_is_looked_at() -> None:
    raw = tables('[[rule]]\nid = "p"\ncheck = "image_count"\nmin = 5\nscope = { role = "form" }\n')

    with pytest.raises(ConfigError, match="role 对这种规则不起作用"):
        build_checks(raw)
