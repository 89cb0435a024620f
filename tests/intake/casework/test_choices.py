from __future__ import annotations

import pytest

from intake.casework.choices import (
    answered_category,
    category_part,
    labelled_category,
    labelled_level,
    suggest_category,
    written_choice,
    written_level,
)

HULI = ("网格治理", "社区治理", "小区治理", "智慧治理")
XUZHOU = ("县(市)区", "镇(街道)", "村(社区)")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("网格治理", "网格治理"),
        ("網格治理類", "网格治理"),
        ("☑网格治理 □社区治理 □小区治理 □智慧治理", "网格治理"),
        ("□网格治理 ☑ 社区治理", "社区治理"),
        ("网格治理（√） 社区治理（ ）", "网格治理"),
        ("（√）网格治理（ ）社区治理", "网格治理"),
        ("□网格治理 □社区治理 □小区治理 □智慧治理", None),
        ("网格治理、社区治理、小区治理、智慧治理（四选一）", None),
        ("☑网格治理 ☑社区治理", None),
        ("多元治理", None),
        ("", None),
    ],
)
def test_written_choice_is_the_ticked_or_only_one(cell: str, expected: str | None) -> None:
    assert written_choice(cell, HULI) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("类别：网格治理", "网格治理"),
        ("申报类别为智慧治理。", "智慧治理"),
        ("我们报送的案例类别是小区治理，请查收", "小区治理"),
        ("類別：社區治理", "社区治理"),
        ("类别：多元治理", "多元治理"),
        ("类别：（四选一）", None),
        ("类别：", None),
        ("类别：网格治理、社区治理、小区治理、智慧治理", None),
        ("请问类别是什么意思？", None),
        ("这是一个社区治理的案例", None),
    ],
)
def test_labelled_category_needs_the_word_category(text: str, expected: str | None) -> None:
    assert labelled_category(text, HULI) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("网格治理-金安社区-小网格办大事", "网格治理"),
        ("【智慧治理】一键到家", "智慧治理"),
        ("金安社区_小区治理类_红色楼栋", "小区治理"),
        ("金安社区-网格治理案例", None),
        ("社区治理创新案例", None),
        ("网格治理-社区治理", None),
    ],
)
def test_category_in_a_name_stands_as_a_part_of_its_own(name: str, expected: str | None) -> None:
    assert category_part(name, HULI) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", "社区治理"),
        ("选2", "社区治理"),
        ("２。", "社区治理"),
        ("④", "智慧治理"),
        ("第二类", "社区治理"),
        ("我们选3类，", "小区治理"),
        ("智慧治理", "智慧治理"),
        ("您好，我们报的是社区治理类，谢谢", "社区治理"),
        ("类别：网格治理", "网格治理"),
        ("5", None),
        ("0", None),
        ("社区治理案例已按要求修改，请查收", None),
        ("网格治理和社区治理都可以", None),
        ("收到，谢谢", None),
        ("我数了是2980字", None),
        ("照片5张已补", None),
        ("", None),
        ("我们社区的案例写的是居民怎样把一个废弃的车棚改成议事亭，算哪一类，请老师定", None),
    ],
)
def test_answer_to_our_question_names_a_category_by_number_or_name(text: str, expected: str | None) -> None:
    assert answered_category(text, HULI) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("村(社区)", "村(社区)"),
        ("社区", "村(社区)"),
        ("村级", "村(社区)"),
        ("镇（街道）级", "镇(街道)"),
        ("街道层面", "镇(街道)"),
        ("市区", "县(市)区"),
        ("县(市)区级", "县(市)区"),
        ("省级", None),
        ("", None),
    ],
)
def test_level_is_read_by_any_of_its_names(value: str, expected: str | None) -> None:
    assert written_level(value, XUZHOU) == expected


def test_labelled_level_reads_the_line() -> None:
    assert labelled_level("申报层级：镇（街道）", XUZHOU) == "镇(街道)"
    assert labelled_level("社区层级较多", XUZHOU) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("网格治理" * 3 + "社区治理" * 2, "网格治理"),
        ("网格治理" * 3 + "社区治理" * 3, None),
        ("网格治理" * 2, None),
        ("智慧治理，" * 4 + "网格", "智慧治理"),
        ("", None),
    ],
)
def test_suggestion_needs_a_clear_lead(text: str, expected: str | None) -> None:
    assert suggest_category(text, HULI) == expected


def test_no_choices_choose_nothing() -> None:
    assert (written_choice("网格治理", ()), answered_category("1", ()), suggest_category("网格治理" * 9, ())) == (
        None,
        None,
        None,
    )
