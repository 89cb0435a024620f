"""Mails to organizers that can be answered with orders."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from intake.figures.answer_line import AnswerLine, with_answer_line
from intake.figures.matter import DigestDraft
from intake.figures.orders_reply import (
    CaseNotice,
    OrderLine,
    OrdersMatter,
    ShownLetter,
    write_case_notice,
    write_orders_reply,
)

CHINA = timezone(timedelta(hours=8))
LINE = AnswerLine("—— 线 ——", "k7qm3xw9rt")
LETTER = (
    "金安社区：\n\n请补全景。\n\n【收件信息】\n回执码：zzzzzzzzzz\n\n（文件校验码，供核对，无须处理）\n案例.docx：5ce0"
)


def matter(*lines: OrderLine, **more: object) -> OrdersMatter:
    return OrdersMatter("湖里区案例征集", "HL22", LINE, lines, **more)  # type: ignore[arg-type]  # fields by name


def test_our_line_is_the_first_of_both_forms_and_the_token_their_last() -> None:
    draft = DigestDraft("日报", "今日新收1件。\n", "<html><body class='x'><p>今日新收1件。</p></body></html>")

    found = with_answer_line(draft, LINE)

    assert (found.text.splitlines()[0], found.text.splitlines()[-1]) == ("—— 线 ——", "回执码：k7qm3xw9rt")
    assert found.html.index("—— 线 ——") < found.html.index("今日新收1件") < found.html.index("回执码：k7qm3xw9rt")
    assert found.html.endswith("</p></body></html>")


def test_letter_about_to_leave_is_quoted_without_its_own_code_and_checksums() -> None:
    done = OrderLine(
        "18号退回", "done", "HL22-0018，现在：待补充完善", (ShownLetter("jinan@qq.example", "核对结果", LETTER),)
    )

    found = write_orders_reply(matter(done, leaves_at=datetime(2022, 12, 6, 10, 10, tzinfo=CHINA)))

    assert found.subject == "【湖里区案例征集】处理意见已办理"
    assert "下列去信2022年12月6日（星期二）10:10发出，此前10分钟内回复“撤销”即可收回。" in found.text
    assert "   正文：\n│ 金安社区：\n│\n│ 请补全景。\n│\n│ 【收件信息】\n\n" in found.text
    assert [code for code in ("zzzzzzzzzz", "5ce0") if code in found.text + found.html] == []


def test_what_waits_for_a_yes_stands_before_what_is_done() -> None:
    done, asked = OrderLine("17号同意", "done", "HL22-0017"), OrderLine("撤回 18号", "asked", "涉及1个案例：HL22-0018")

    found = write_orders_reply(matter(done, asked))

    assert found.subject == "【湖里区案例征集】请确认处理意见"
    assert found.text.index("【请确认后办理（1）】") < found.text.index("【已办理（1）】")
    assert "可以这样写" not in found.text


def test_nothing_understood_is_answered_with_what_can_be_written_in_the_campaigns_numbers() -> None:
    found = write_orders_reply(OrdersMatter("平安案例征集", "PA22", LINE, unclear=(("先别<b>发</b>", "请写明编号"),)))

    assert found.subject == "【平安案例征集】处理意见没有办理"
    assert "没有作任何处理。" in found.text
    assert "· 通过 PA22-0017，或 17、18、20号同意" in found.text.splitlines()
    assert "<b>发" not in found.html


def test_bulk_order_shows_three_letters_and_counts_the_rest() -> None:
    letters = tuple(ShownLetter(f"a{number}@qq.example", "报送期限已延长", LETTER) for number in range(5))

    found = write_orders_reply(matter(OrderLine("延期 全部 至12月25日", "done", "已延期", letters)))

    assert (found.text.count("去信："), found.text.count("另有：2封内容相似的去信")) == (3, 1)


def test_mail_on_one_case_says_why_until_when_and_how_to_answer() -> None:
    notice = CaseNotice(
        "湖里区案例征集",
        "HL22-0021",
        "《一张网》",
        LINE,
        unit="金安社区",
        reasons=("是扫描件。",),
        closes_at=datetime(2022, 12, 21, tzinfo=CHINA),
        rules=("字数",),
    )

    found = write_case_notice(notice)

    assert found.subject == "【湖里区案例征集】需您处理：《一张网》（HL22-0021）"
    assert [line.strip() for line in found.text.splitlines() if line.startswith("   ")] == [
        "单位：金安社区",
        "截止：2022年12月20日（星期二）24时",
        "原因：是扫描件。",
    ]
    assert "· 放宽 字数 理由：…" in found.text.splitlines()
