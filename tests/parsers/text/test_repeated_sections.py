"""Several cases in one document."""

from __future__ import annotations

import pytest

from parsers.facts import Block
from parsers.text.document_facts import build_document_facts
from parsers.text.repeated_sections import cases_inside

PARTS = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")
LONG = "社区网格员每天走访居民，登记诉求，当日办结。" * 12


def one(title: str, parts: tuple[str, ...] = PARTS, text: str = LONG) -> list[str]:
    return [title, *(line for at, part in enumerate(parts) for line in (f"{'一二三四'[at]}、{part}", text))]


TWELVE = [line for at in range(12) for line in one(f"第{at + 1}个社区的做法")]
CONTENTS = ["目录", *(f"{'一二三四'[at]}、{part}" for at, part in enumerate(PARTS))]
NUMBERED = [line for at in "一二三" for line in (f"案例{at}：红色物业", *([LONG] * 5))]
EXAMPLES = [*one("小网格办成大事情")[:4], "案例一：王大爷的电梯", LONG, "案例二：李阿姨的车棚", LONG, *one("")[5:]]


@pytest.mark.parametrize(
    ("lines", "cases"),
    [
        pytest.param(one("小网格办成大事情"), 1, id="one case"),
        pytest.param([*one("甲"), *one("乙")], 2, id="two cases"),
        pytest.param(TWELVE, 12, id="twelve cases of a bureau"),
        pytest.param([*one("甲"), *one("乙", ("起因", "主要举措", "成果", "启示"))], 2, id="parts in other words"),
        pytest.param([*CONTENTS, *one("甲")], 1, id="a table of contents before one case"),
        pytest.param(NUMBERED, 3, id="long texts under numbered headings"),
        pytest.param(EXAMPLES, 1, id="short examples within one case"),
        pytest.param([LONG] * 20, 1, id="a text without headings"),
        pytest.param([], 1, id="an empty document"),
    ],
)
def test_cases_in_a_document_are_counted(lines: list[str], cases: int) -> None:
    document = build_document_facts([Block(text=line) for line in lines])

    assert cases_inside(document) == cases
