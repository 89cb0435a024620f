from __future__ import annotations

import pytest

from intake.casework.units import above, as_unit, same_unit, units_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("现报送湖里区金山街道金安社区网格治理案例", ("湖里区金山街道金安社区",)),
        ("我是金安社区的小王", ("金安社区",)),
        ("金安社区-网格治理案例", ("金安社区",)),
        ("附件为和平社区居委会报送的案例，请查收", ("和平社区居委会",)),
        ("我们金山街道推荐金安社区、金林社区两个案例", ("金山街道", "金安社区", "金林社区")),
        ("徐州市民政局关于报送优秀案例的函", ("徐州市民政局",)),
        ("这是来自厦门市湖里区江头街道江村社区居民委员会的材料", ("厦门市湖里区江头街道江村社区居民委员会",)),
        ("本單位為金安社區居委會，現報送", ("金安社區居委會",)),
        ("禾山街道围里社区党委：邻里共治", ("禾山街道围里社区党委",)),
        ("金安社区、金安社区", ("金安社区",)),
        ("兴港物业公司报送", ("兴港物业公司",)),
        ("各社区、各街道请注意", ()),
        ("本社区打造智慧社区", ()),
        ("党建引领社区治理的实践", ()),
        ("城乡社区治理和服务创新优秀案例", ()),
        ("老旧小区改造", ()),
        ("推进社区共建", ()),
        ("", ()),
    ],
)
def test_units_are_found_in_running_text(text: str, expected: tuple[str, ...]) -> None:
    assert units_in(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("金安社区居委会", "金安社区居委会"),
        ("（湖里区金山街道金安社区）", "湖里区金山街道金安社区"),
        ("报送单位：金安社区", None),
        ("金安社区 李红", "金安社区"),
        ("金安社区(盖章)", "金安社区"),
        ("快乐的小鱼", None),
        ("社区", None),
        ("我们社区", None),
        ("小网格办成大事情", None),
        ("金安社区把网格里的小事当大事办,办到居民心坎上", None),
        ("", None),
    ],
)
def test_line_is_a_unit_only_when_it_is_nothing_else(line: str, expected: str | None) -> None:
    assert as_unit(line) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("金安社区", "湖里区金山街道金安社区居委会", True),
        ("金安社區", "金安社区", True),
        ("金山街道办事处", "湖里区金山街道", True),
        ("金安社区", "金林社区", False),
        ("", "金安社区", False),
    ],
)
def test_same_unit_ignores_district_and_office(a: str, b: str, expected: bool) -> None:
    assert same_unit(a, b) is expected


@pytest.mark.parametrize(
    ("one", "other", "recommender"),
    [
        (["江头街道办事处"], ["榕荫社区居委会"], "江头街道办事处"),
        (["榕荫社区"], ["江头街道"], "江头街道"),
        (["湖里区民政局"], ["兴隆社区"], "湖里区民政局"),
        (["湖里区江头街道榕荫社区居民委员会"], ["江头街道办"], "江头街道办"),
        (["榕荫社区"], ["兴隆社区"], ""),
        (["江头街道"], ["禾山街道"], ""),
        ([], ["江头街道"], ""),
        ([], [], ""),
    ],
)
def test_of_a_community_and_its_street_the_street_is_above(one: list[str], other: list[str], recommender: str) -> None:
    assert above(one, other) == recommender
