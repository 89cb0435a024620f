"""What people write when more is coming, what only sounds like it, and when it has come."""

from __future__ import annotations

import pytest

from intake.casework.announced import announces_more, more_is_announced, part_of
from intake.model import Letter, ReadFile
from tests.intake.casework.samples import HULI, case_lines, document, facts, letter, photo


@pytest.mark.parametrize(
    "text",
    [
        "先报文字，照片稍后另发。",
        "照片随后发送",
        "现场照片稍后用手机发。",
        "照片另发",
        "照片较大，另行发送，请查收。",
        "附件太大，照片下午再发",
        "正文先报，照片明天补上。",
        "报名表盖章后另寄，照片稍后补发。",
        "因网络原因，照片将陆续发送",
        "其余照片见下一封邮件",
        "剩余材料晚些时候补报",
        "照片我回社区后用手机发过来，稍后就发照片",
        "图片由社区另行报送",
        "照片由小王单独发送。",
        "盖章扫描件周一再补交",
        "案例正文先发过去，照片晚点发给您",
        "先報文字，照片稍後另發。",
        "Photos will follow in a separate email.",
    ],
)
def test_letter_that_says_more_is_coming_announces_it(text: str) -> None:
    assert announces_more(facts(text=text))


@pytest.mark.parametrize(
    "text",
    [
        "请查收附件。",
        "照片5张，请查收。",
        "照片无需另行发送，都在文档里。",
        "照片是否需要另外发送？",
        "照片可以稍后发吗",
        "请老师稍后提供报名表",
        "志愿者随后发放宣传材料",
        "怕没收到，再发一次。",
        "照片不再另发",
        "上次漏发照片，现补上。",
        "材料已按要求修改，请尽快审核",
        "如材料有问题请尽快联系我们",
        "正文又作了修改，以此版为准。",
    ],
)
def test_letter_that_only_sounds_like_it_announces_nothing(text: str) -> None:
    assert not announces_more(facts(text=text))


def test_a_case_in_the_body_that_tells_of_later_deliveries_announces_nothing() -> None:
    story = "居民提出意见。" * 60 + "随后补发照片和其他材料给居民。" + "大家都很满意。" * 60

    assert not announces_more(facts(text=story))


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("报送案例（1/3）", (1, 3)),
        ("报送案例(2／3)", (2, 3)),
        ("【第3封/共3封】报送案例", (3, 3)),
        ("报送案例 第一封，共三封", (1, 3)),
        ("共3封，这是第2封", (2, 3)),
        ("附件较大，分三封发送", (0, 3)),
        ("材料分两次报送", (0, 2)),
        ("报送案例 12/5", (0, 0)),
        ("（13/12）", (0, 0)),
        ("满意率（19/20）", (0, 0)),
        ("（1/300）", (0, 0)),
        ("分三步推进治理", (0, 0)),
    ],
)
def test_place_among_several_letters_is_read_from_the_subject(subject: str, found: tuple[int, int]) -> None:
    assert part_of(facts(subject=subject)) == found


TEXT = (document(lines=case_lines()),)


def _letters(*said: tuple[str, tuple[ReadFile, ...]]) -> list[Letter]:
    return [letter(words, "", *files, day=at / 24) for at, (words, files) in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "awaited"),
    [
        ([("照片稍后另发", TEXT)], True),
        ([("照片稍后另发", TEXT), ("谢谢", ())], True),
        ([("照片稍后另发", TEXT), ("照片", (photo(1),))], False),
        ([("照片稍后另发", TEXT), ("先发一张，其余照片稍后补发", (photo(1),))], True),
        ([("案例（1/3）", TEXT), ("案例（2/3）", (photo(1),))], True),
        ([("案例（2/3）", TEXT), ("案例（3/3）", (photo(1),))], True),
        ([("案例（2/3）", TEXT), ("案例（1/3）", (photo(1),)), ("案例（3/3）", (photo(2),))], False),
        ([("附件大，分三封发送", TEXT), ("照片", (photo(1),))], True),
        ([("附件大，分三封发送", TEXT), ("照片", (photo(1),)), ("照片", (photo(2),))], False),
        ([("报送案例", TEXT)], False),
    ],
)
def test_what_was_announced_is_awaited_until_it_has_come(
    said: list[tuple[str, tuple[ReadFile, ...]]], awaited: bool
) -> None:
    assert more_is_announced(_letters(*said), HULI) is awaited
