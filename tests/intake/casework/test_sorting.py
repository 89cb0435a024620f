from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.casework.fold import fold
from intake.casework.known_case import KnownCase
from intake.casework.sorting import Sorting, sort_letter
from intake.casework.threads import OurReferences
from intake.model import IgnoredReason, Letter, ReadFile
from tests.intake.casework.samples import (
    HULI,
    SENDER,
    case_lines,
    document,
    letter,
    photo,
    photos,
    problem,
    prose,
    resent,
)

RECEIPT = "receipt.17.k7m2p9qx4t@huli.cn"
OURS = OurReferences(by_message_id={RECEIPT: ("HL22-0017",)}, by_code={"k7m2p9qx4t": ("HL22-0017",)})
FIRST_LETTER = letter("金安社区案例报送", "请查收", document(), *photos(1, 2, 3))
WEEKLY = ["金安社区第48周工作周报", "一、本周工作", prose(3, 900), "二、下周安排", prose(4, 200)]
CASE_IN_BODY = "\n".join(["各位老师好，案例如下：", *case_lines()])
OUT = "您好，我最近正在休假中，无法亲自回复您的邮件。"


def known_case(state: str = "needs_fix") -> KnownCase:
    folded = fold([FIRST_LETTER], HULI, closes_at=None)
    return KnownCase(
        number="HL22-0017",
        addresses=frozenset({SENDER}),
        title=folded.title,
        unit=folded.unit,
        state=state,
        files=folded.files,
        lacks=folded.lacks,
    )


def sort(one: Letter, *cases: KnownCase) -> Sorting:
    return sort_letter(one, HULI, own_addresses=("anli@huli.cn",), own_marker="huli-intake", cases=cases, ours=OURS)


@dataclass(frozen=True)
class Row:
    """A letter and what becomes of it."""

    name: str
    letter: Letter
    ignored: IgnoredReason | None
    answer: bool
    number: str | None = None


def row(
    name: str,
    subject: str,
    text: str,
    *files: ReadFile,
    ignored: IgnoredReason | None,
    answer: bool,
    number: str | None = None,
    **more: Any,
) -> Row:
    return Row(name, letter(subject, text, *files, **more), ignored, answer, number)


NEW = (
    row("complete", "金安社区案例报送", "请查收附件。", document(), *photos(1, 2, 3, 4, 5), ignored=None, answer=True),
    row("no words at all", "", "", document("金安社区案例.docx"), ignored=None, answer=True),
    row("in the junk folder", "案例报送", "", document(), folder="junk", ignored=None, answer=True),
    row("pasted into the body", "投稿", CASE_IN_BODY, *photos(1), ignored=None, answer=True),
    row("unreadable", "案例报送", "见附件", problem("案例.doc"), ignored=None, answer=True),
    row("archive not opened", "案例报送", "见附件", problem("金安社区.rar", format="archive"), ignored=None, answer=True),
    row("complaints are its matter", "信访化解案例报送", "附件为我社区投诉化解的案例", document(), ignored=None, answer=True),
    row("sent by a scanner", "扫描案例", "", document("案例.pdf", format="pdf"), ignored=None, answer=False,
        control={"auto-submitted": "auto-generated"}),
    row("through a group address", "案例报送", "", document(), ignored=None, answer=False, control={"list-id": "<all.huli.cn>"}),
    row("forwarded by the clerk", "转发：案例报送", "现场交来的案例", document(), ignored=None, answer=False, sender="ANLI@huli.cn"),
    row("weekly report", "金安社区周报", "请查收", document("周报.docx", WEEKLY), ignored="unrelated", answer=False),
    row("holiday photos", "", "", *photos(1, 2), ignored="unrelated", answer=False),
    row("advertisement", "优惠", "橙子每箱50元", photo(1, source="inline"), ignored="unrelated", answer=False),
    row("complaint with photos", "投诉小区物业", "乱收费，现将照片附上", *photos(1, 2, 3), ignored="unrelated", answer=False),
    row("question", "咨询", "请问字数要求是多少？", ignored="question", answer=True),
    row("question with a screenshot", "咨询", "请问这个报名表要盖章吗？", photo(1), ignored="question", answer=True),
    row("question in the junk folder", "咨询", "请问字数要求是多少？", folder="junk", ignored="question", answer=False),
    row("complaint as a question", "投诉", "请问物业乱收费找谁举报？", ignored="question", answer=False),
    row("courtesy", "回复：收件回执", "收到，谢谢", ignored="courtesy", answer=False),
    row("nothing attached", "案例报送", "附件为我社区案例，请查收", ignored="nothing_attached", answer=True),
    row("only an icon attached", "案例报送", "请查收附件",
        photo(1, "logo.png", width_px=80, height_px=80, source="inline"), ignored="nothing_attached", answer=True),
    row("locked", "案例报送", "", encrypted="smime", ignored="encrypted", answer=True),
    row("locked with its package", "案例报送", "这是一封加密邮件，请输入密码查看", problem("邮件.zip", format="archive", code="encrypted"),
        encrypted="provider", ignored="encrypted", answer=True),
    row("locked with the page that asks for the password", "案例报送", "这是一封加密邮件，请打开附件输入密码查看",
        document("加密邮件.html", format="html"), encrypted="provider", ignored="encrypted", answer=True),
    row("locked in the junk folder", "案例报送", "", encrypted="pgp", folder="junk", ignored="encrypted", answer=False),
    row("a locked part beside the case", "案例报送", "", document(), encrypted="pgp", ignored=None, answer=True),
    row("a locked holiday reply", "自动回复: 收件回执", "", encrypted="smime", ignored="auto_reply", answer=False),
    row("meeting notice", "通知", "明天上午九点开会。", ignored="unrelated", answer=False),
    row("empty", "", "", ignored="unrelated", answer=False),
    row("holiday reply", "自动回复: 收件回执", OUT, ignored="auto_reply", answer=False),
    row("bounce", "退信", "", sender="MAILER-DAEMON@qq.com", ignored="bounce", answer=False),
    row("bounce with our case", "退信", "", document(), sender="MAILER-DAEMON@qq.com", ignored="bounce", answer=False),
    row("newsletter", "本周社区治理资讯", "……", ignored="list", answer=False, control={"list-id": "<news.example>"}),
    row("our own letter", "收件回执", "", document(), ignored="own", answer=False, control={"x-intake-id": "x huli-intake"}),
    row("our own folder", "案例", "", document(), ignored="own", answer=False, folder="sent"),
)  # fmt: skip


@pytest.mark.parametrize("each", NEW, ids=lambda each: each.name)
def test_letter_of_an_unknown_sender_is_sorted(each: Row) -> None:
    sorting = sort(each.letter)

    assert (sorting.ignored, sorting.answer) == (each.ignored, each.answer)
    assert sorting.evidence
    assert (sorting.joining is not None) == (each.ignored is None)


KNOWN = (
    row("photos to follow", "照片", "", *photos(4, 5), ignored=None, answer=True, number="HL22-0017"),
    row("photos without a word", "", "", *photos(4, 5), ignored=None, answer=True, number="HL22-0017"),
    row("a shortened text", "修改稿", "", document("案例.docx", case_lines(words=1900)), ignored=None, answer=True, number="HL22-0017"),
    row("a repair in our thread", "回复", "已补", *photos(4, 5), ignored=None, answer=True, number="HL22-0017", answers=RECEIPT, sender="other@qq.com"),
    row("a second case", "案例报送", "", document("电梯案例.docx", case_lines(2, title="电梯加装记")), ignored=None, answer=True),
    row("a case in Cc from another", "案例", "", document(), ignored=None, answer=True, sender="jinshan@qq.com"),
    row("the same again", "案例报送", "怕没收到，再发一次", document(), *photos(1, 2, 3), ignored="same_again", answer=True, number="HL22-0017"),
    row("a part of it again", "案例报送", "", document("换名.docx"), ignored="same_again", answer=True, number="HL22-0017"),
    row("a smaller copy of a photo", "照片", "", photo(2, width_px=1000, height_px=750), ignored="same_again", answer=True, number="HL22-0017"),
    row("the same in the junk folder", "案例报送", "", document(), folder="junk", ignored="same_again", answer=True, number="HL22-0017"),
    row("the same by a scanner", "案例", "", document(), ignored="same_again", answer=False, number="HL22-0017", control={"precedence": "junk"}),
    row("a category by number", "回复：收件回执", "2", ignored=None, answer=True, number="HL22-0017", answers=RECEIPT),
    row("a category by name", "HL22-0017", "类别：社区治理", ignored=None, answer=True, number="HL22-0017"),
    row("thanks in our thread", "回复：收件回执", "收到，谢谢！", ignored="courtesy", answer=False, number="HL22-0017", answers=RECEIPT),
    row("thanks above a signature", "回复：收件回执", "收到，谢谢！",
        photo(9, "image001.png", width_px=600, height_px=300, source="inline"), ignored="courtesy", answer=False, number="HL22-0017", answers=RECEIPT),
    row("an objection", "回复：材料补充完善提示", "我数了是2980字", ignored="dispute", answer=True, number="HL22-0017", answers=RECEIPT),
    row("asks whether it came", "请问", "请问HL22-0017收到了吗？", ignored="question", answer=True, number="HL22-0017"),
    row("announces photos in our thread", "回复", "照片见附件", ignored="nothing_attached", answer=True, number="HL22-0017", answers=RECEIPT),
    row("weekly report of the same sender", "周报", "请查收周报", document("周报.docx", WEEKLY), ignored="unrelated", answer=False),
    row("holiday reply in our thread", "自动回复: HL22-0017", OUT, ignored="auto_reply", answer=False, answers=RECEIPT),
    row("holiday reply quoting our receipt", "自动回复: 收件回执", OUT, ignored="auto_reply", answer=False, quoted="登记编号：HL22-0017 回执码：k7m2p9qx4t"),
    row("complaint in our thread", "回复", "我要投诉你们处理太慢！", ignored="question", answer=False, number="HL22-0017", answers=RECEIPT),
)  # fmt: skip


@pytest.mark.parametrize("each", KNOWN, ids=lambda each: each.name)
def test_letter_about_a_known_case_is_sorted(each: Row) -> None:
    sorting = sort(each.letter, known_case())

    assert (sorting.ignored, sorting.answer, sorting.joining.case_number if sorting.joining else None) == (
        each.ignored,
        each.answer,
        each.number,
    )


def test_same_letter_in_other_bytes_is_the_same_again() -> None:
    assert sort(resent(FIRST_LETTER), known_case("accepted")).ignored == "same_again"


def test_objection_above_the_same_file_reaches_a_person() -> None:
    sorting = sort(
        letter("回复：材料补充完善提示", "我在Word里看到的是2980字", document(), answers=RECEIPT), known_case()
    )

    assert (sorting.ignored, sorting.answer, sorting.for_person) == ("dispute", True, True)


def test_question_is_sorted_with_its_topics() -> None:
    sorting = sort(letter("咨询", "请问字数要求和截止时间？"))

    assert (sorting.topics, sorting.for_person) == (("length", "deadline"), False)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (letter("投诉物业", "请处理", *photos(1)), "投诉"),
        (letter("回复", "我数了是2980字", answers=RECEIPT), "2980"),
        (letter("", "请查收", document("红色楼栋.docx", ["红色楼栋暖人心", prose(5, 1200)])), "特征"),
        (letter("HL22-0017 照片", "案例照片", *photos(7), sender="stranger@qq.com"), "来信地址不属于"),
    ],
)
def test_what_the_machine_cannot_settle_is_for_a_person(one: Letter, why: str) -> None:
    sorting = sort(one, known_case())

    assert sorting.for_person is True
    assert any(why in line for line in sorting.evidence)


def test_plain_submission_needs_no_person_and_hands_on_its_files() -> None:
    sorting = sort(letter("案例报送", "", document(), photo(1), photo(1, "b.jpg", width_px=900, height_px=675)))

    assert sorting.for_person is False
    assert [getattr(file, "role", None) or getattr(file, "why_not", None) for file in sorting.files] == [
        "case",
        None,
        "same_picture",
    ]


ANY_TEXT = st.sampled_from(
    (
        "",
        "请查收",
        "收到，谢谢",
        "请问字数？",
        "2",
        OUT,
        "附件为案例",
        "投诉",
        "HL22-0017",
        "回执码 k7m2p9qx4t",
        CASE_IN_BODY,
    )
)
ANY_FILE = st.sampled_from(
    (document(), document("周报.docx", WEEKLY), problem("案例.doc"), photo(1), photo(7),
     photo(8, width_px=1, height_px=1, source="inline"), problem("setup.exe", format="other"))
)  # fmt: skip
ANY_CONTROL = st.sampled_from(
    (
        {},
        {"auto-submitted": "auto-replied"},
        {"list-id": "<a>"},
        {"return-path": "<>"},
        {"x-intake-id": "a huli-intake"},
    )
)


@settings(max_examples=150, deadline=None)
@given(
    subject=ANY_TEXT,
    text=ANY_TEXT,
    files=st.lists(ANY_FILE, max_size=3),
    control=ANY_CONTROL,
    folder=st.sampled_from(("inbox", "junk", "sent")),
    answers=st.sampled_from((None, RECEIPT, "x@y")),
)
def test_promise_eight_holds_for_any_letter(
    subject: str, text: str, files: list[ReadFile], control: dict[str, str], folder: Any, answers: str | None
) -> None:
    """No answer to machines, ourselves or lists; junk only with a submission; always a reason."""
    one = letter(subject, text, *files, control=control, folder=folder, answers=answers)

    sorting = sort(one, known_case())

    if (
        control
        or folder == "sent"
        or sorting.ignored in ("own", "bounce", "auto_reply", "list", "courtesy", "unrelated")
    ):
        assert sorting.answer is False
    if folder == "junk" and sorting.ignored not in (None, "same_again"):
        assert sorting.answer is False
    if sorting.ignored is None:
        assert sorting.joining is not None
    assert sorting.evidence
    assert len(sorting.files) >= len(files) or folder == "sent"
