"""Files behind links in the digest: what ends first stands first, addresses can be copied, strangers' words cannot lead anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.figures import HumanItem, LinkLine, write_digest
from intake.figures.links import cost_of_waiting
from tests.intake.figures.days import MORNING, QUIET_DAY

LINK = LinkLine(
    name="案例材料.zip",
    where="QQ邮箱超大附件",
    url="https://mail.qq.com/cgi-bin/ftnExs_download?k=1&code=ab",
    size_bytes=90_390_528,
    expires_at=MORNING + timedelta(days=2, hours=3),
    code="ab12",
)


def item(name: str, *links: LinkLine) -> HumanItem:
    return HumanItem(what=name, reason="材料以链接形式发送", cost=cost_of_waiting(links, now_at=MORNING), links=links)


def ending(days: float | None) -> LinkLine:
    return replace(LINK, expires_at=None if days is None else MORNING + timedelta(days=days))


def cards(*items: HumanItem) -> list[str]:
    """The titles of what needs a person, in order, without their numbers."""
    text = write_digest(replace(QUIET_DAY, needs_person=items)).text
    return [line.partition(". ")[2] for line in text.splitlines() if line[:1].isdigit() and ". " in line]


def test_link_is_told_with_file_end_code_and_address() -> None:
    text = write_digest(replace(QUIET_DAY, needs_person=(item("HL22-0017《小网格》", LINK),))).text

    assert [line.strip() for line in text.splitlines() if line.startswith("   ")] == [
        "提醒：可能影响报送时限，请优先处理",
        "原因：材料以链接形式发送",
        "文件：案例材料．zip（QQ邮箱超大附件，86.2MB）",
        "有效期：2022年12月17日（星期六）11:00到期，还有2天",
        "提取码：ab12",
        "链接：https://mail.qq.com/cgi-bin/ftnExs_download?k=1&code=ab",
    ]


def test_soonest_end_comes_first_then_open_ends_then_what_has_ended() -> None:
    plain = HumanItem(what="没有链接", reason="请看", cost="submitter")
    late, far, soon, none = (item(n, ending(d)) for n, d in (("已到期", -1), ("20天", 20), ("明天", 1), ("未写", None)))
    soonest = item("今天", ending(25), ending(0.2))

    assert cards(late, none, far, soon, plain, soonest) == ["今天", "明天", "20天", "未写", "没有链接", "已到期"]


def test_links_of_one_case_stand_by_their_end() -> None:
    text = write_digest(replace(QUIET_DAY, needs_person=(item("x", ending(None), ending(3), ending(0.5)),))).text

    ends = [line.strip() for line in text.splitlines() if "有效期" in line]

    assert ends == [
        "有效期：2022年12月15日（星期四）20:00到期，不足一天",
        "有效期：2022年12月18日（星期日）08:00到期，还有3天",
    ]


@pytest.mark.parametrize(
    ("days", "cost"), [(-1, "submitter"), (0.1, "deadline"), (7, "deadline"), (7.1, "submitter"), (None, "submitter")]
)
def test_link_that_ends_within_a_week_may_cost_the_deadline(days: float | None, cost: str) -> None:
    assert cost_of_waiting([ending(days)], now_at=MORNING) == cost


def test_ended_link_is_said_to_have_ended() -> None:
    text = write_digest(replace(QUIET_DAY, needs_person=(item("x", ending(-1)),))).text

    assert "有效期：已于2022年12月14日（星期三）08:00到期" in text


def test_address_of_a_known_service_is_text_to_copy_and_of_an_unknown_host_nothing_to_click() -> None:
    hostile = '"><script>alert(1)</script>'
    known = replace(LINK, url=f"https://pan.baidu.com/s/1{hostile}\u202e\n中", name=hostile, code=hostile)
    unknown = replace(LINK, url="https://files.evil.com/x", is_known=False)

    draft = write_digest(replace(QUIET_DAY, needs_person=(item(hostile, known, unknown),)))

    assert [
        bad for bad in ("<script", "<a ", "href", "\u202e", "https://files.evil.com", "evil.com") if bad in draft.html
    ] == []
    assert "链接：https：／／files．evil．com/x" in draft.text
    assert "链接：https://pan.baidu.com/s/1%22%3E%3Cscript%3Ealert(1)%3C/script%3E%E4%B8%AD" in draft.text
