from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from intake.casework.fold import fold
from intake.casework.joining import Joining, join
from intake.casework.known_case import KnownCase
from intake.casework.package import package_of
from intake.casework.threads import OurReferences, codes_to_look_up, is_in_our_thread, message_ids_to_look_up
from intake.model import Letter, ReadFile
from parsers.facts import Address
from tests.intake.casework.samples import (
    HULI,
    SENDER,
    case_lines,
    document,
    facts,
    form,
    letter,
    photo,
    photos,
    problem,
    prose,
)

OTHER = "jinlin@qq.com"
RECEIPT = "receipt.17.k7m2p9qx4t@huli.cn"
OURS = OurReferences(
    by_message_id={
        RECEIPT: ("HL22-0017",),
        "answer.3.zzzz9999@huli.cn": (),
        "receipt.20.both@huli.cn": ("HL22-0017", "HL22-0018"),
    },
    by_code={"k7m2p9qx4t": ("HL22-0017",)},
)


def case(number: str = "HL22-0017", *files: ReadFile, addresses: Sequence[str] = (SENDER,), **known: Any) -> KnownCase:
    """A case as its first letter left it."""
    state = fold([letter("案例", "", *(files or (document(), *photos(1, 2))))], HULI, closes_at=None)
    told: dict[str, Any] = {"title": state.title, "lacks": state.lacks, "state": "needs_fix", **known}
    return KnownCase(number=number, addresses=frozenset(addresses), files=state.files, **told)


def joined(one: Letter, *cases: KnownCase, ours: OurReferences = OURS) -> Joining:
    return join(one, package_of(one, HULI), cases=cases, ours=ours)


FIRST = case()
SECOND = case("HL22-0018", document("电梯.docx", case_lines(2, title="电梯加装记")), *photos(11, 12))
REVISED = document("案例.docx", case_lines(words=2000))
"""Shorter, otherwise the same."""
HALF = [*case_lines()[2:5:2], prose(77, 900)]
"""Two of its four parts, and as much again that is new."""


# --- our thread and 回执码


def test_answer_to_our_letter_joins_its_case_whoever_sends_it() -> None:
    one = letter("回复：材料补充完善提示", "照片补上", *photos(3, 4, 5), answers=RECEIPT, sender=OTHER)

    assert joined(one, FIRST) == Joining("HL22-0017", ("回复我方来信",), known_by="thread")


@pytest.mark.parametrize(
    ("subject", "text", "quoted"),
    [
        ("回执码 k7m2p9qx4t", "", ""),
        ("案例", "回执码：K7M2P9QX4T", ""),
        ("回复", "照片补上", "……\n回执码：k7m2p9qx4t\n湖里区社区治理创新案例征集组委会"),
    ],
)
def test_code_joins_where_the_client_dropped_the_thread(subject: str, text: str, quoted: str) -> None:
    one = letter(subject, text, *photos(3), quoted=quoted, sender=OTHER)

    assert joined(one, FIRST) == Joining("HL22-0017", ("引用回执码 k7m2p9qx4t",), known_by="thread")


def test_code_inside_a_rewritten_message_id_still_joins() -> None:
    one = letter("回复", "", *photos(3), answers="receipt.17.k7m2p9qx4t@smtp.provider.cn")

    assert joined(one, FIRST).case_number == "HL22-0017"


def test_look_ups_are_nearest_first_and_once_each() -> None:
    said = facts(in_reply_to=("c@x",), references=("a@x", "b@x", "c@x"), text="回执码:ABCD1234 回执码：abcd1234")

    assert message_ids_to_look_up(said) == ("c@x", "b@x", "a@x")
    assert codes_to_look_up(said) == ("abcd1234",)


def test_thread_about_no_case_is_ours_but_joins_nothing() -> None:
    one = letter("回复：答复", "现报送案例", document(), answers="answer.3.zzzz9999@huli.cn", sender=OTHER)

    assert is_in_our_thread(one.facts, OURS) is True
    assert joined(one).case_number is None


def test_unknown_thread_is_not_ours() -> None:
    assert is_in_our_thread(facts("回复", "x", answers="someone@else.cn"), OURS) is False


def test_revision_in_the_thread_joins_with_its_likeness() -> None:
    one = letter("回复", "已压缩到3000字以内", REVISED, answers=RECEIPT)

    assert joined(one, FIRST) == Joining("HL22-0017", ("回复我方来信", "文字相似度99%"), known_by="thread")


def test_second_case_announced_in_the_thread_opens_a_case() -> None:
    one = letter(
        "回复", "另报一个案例，请查收", document("电梯.docx", case_lines(2, title="电梯加装记")), answers=RECEIPT
    )

    found = joined(one, FIRST)

    assert (found.case_number, found.evidence[:2]) == (None, ("回复我方来信", "写明是另一个案例"))


def test_wholly_other_text_in_the_thread_is_left_to_a_person() -> None:
    one = letter("回复", "请查收", document("电梯.docx", case_lines(2, title="电梯加装记")), answers=RECEIPT)

    found = joined(one, FIRST)

    assert (found.case_number, found.certain) == ("HL22-0017", False)


def test_rewritten_text_under_its_own_name_is_the_same_case() -> None:
    one = letter("回复", "重写了一遍", document("小网格办成大事情.docx", case_lines(9)), answers=RECEIPT)

    assert (joined(one, FIRST).case_number, joined(one, FIRST).certain) == ("HL22-0017", True)


@pytest.mark.parametrize(
    ("subject", "files", "expected"),
    [
        ("回复", (document("电梯.docx", case_lines(2, title="电梯加装记", words=2000)),), "HL22-0018"),
        ("《电梯加装记》照片", photos(13), "HL22-0018"),
        ("HL22-0017照片", photos(13), "HL22-0017"),
        ("照片", photos(13), None),
    ],
)
def test_answer_to_a_letter_about_two_cases_needs_a_pointer(
    subject: str, files: tuple[ReadFile, ...], expected: str | None
) -> None:
    one = letter(subject, "", *files, answers="receipt.20.both@huli.cn")

    found = joined(one, FIRST, SECOND)

    assert (found.case_number, found.certain) == (expected, expected is not None)
    assert found.candidates == (() if expected else ("HL22-0017", "HL22-0018"))


# --- number


@pytest.mark.parametrize("subject", ["HL22-0017 补照片", "补充材料（hl22-0017）", "【HL22－0017】照片"])
def test_number_quoted_by_an_address_of_the_case_joins(subject: str) -> None:
    assert joined(letter(subject, "", *photos(3)), FIRST, SECOND) == Joining(
        "HL22-0017", ("写有登记编号 HL22-0017",), known_by="number"
    )


def test_number_quoted_by_a_stranger_is_a_claim_and_joins_nothing() -> None:
    found = joined(letter("HL22-0017 照片", "", *photos(3), sender=OTHER), FIRST)

    assert (found.case_number, found.certain, found.candidates, found.is_claim) == (None, False, ("HL22-0017",), True)


def test_number_in_the_history_above_another_work_is_no_claim() -> None:
    one = letter("案例", "", document("电梯.docx", case_lines(2)), sender=OTHER, quoted="登记编号：HL22-0017")

    found = joined(one, FIRST)

    assert (found.case_number, found.certain, found.is_claim) == (None, False, False)


@pytest.mark.parametrize("related", [frozenset({OTHER}), frozenset({"x@y.example", OTHER})])
def test_number_quoted_by_whoever_was_copied_in_joins(related: frozenset[str]) -> None:
    found = joined(letter("HL22-0017 照片", "", *photos(3), sender=OTHER), replace(FIRST, related=related))

    assert found == Joining("HL22-0017", ("写有登记编号 HL22-0017",), known_by="number")


def test_who_was_copied_in_joins_nothing_without_the_number() -> None:
    found = joined(letter("照片", "", *photos(3), sender=OTHER), replace(FIRST, related=frozenset({OTHER})))

    assert found == Joining(None, ("与已有案例无关联",))


def test_organizer_who_passes_material_on_says_for_which_case() -> None:
    one = replace(letter("代金安社区补HL22-0017", "", *photos(3)), forwarded_by=Address(address="clerk@huli.example"))

    assert joined(one, case(addresses=(OTHER,))).case_number == "HL22-0017"


# --- another address, by its unit

TEXT_ALONE = case("HL22-0030", document(), addresses=(OTHER,), unit="湖里区金山街道金安社区居委会", state="waiting")
PHOTOS_ALONE = case("HL22-0031", *photos(1, 2, 3, 4, 5), addresses=(OTHER,), unit="金安社区", state="needs_fix")


def paired(one: Letter, *cases: KnownCase, units: Sequence[str] = ("金安社区",)) -> Joining:
    return join(one, package_of(one, HULI), cases=cases, units=units)


@pytest.mark.parametrize(
    ("files", "known", "word"),
    [(photos(1, 2, 3), TEXT_ALONE, "照片"), ((document(),), PHOTOS_ALONE, "文字材料")],
    ids=["photos to a text", "a text to photos"],
)
def test_two_halves_from_two_addresses_of_one_unit_are_joined_for_the_time_being(
    files: tuple[ReadFile, ...], known: KnownCase, word: str
) -> None:
    found = paired(letter("材料", "", *files), known)

    evidence = f"另一地址发来的{word}，单位“{known.unit}”相同，暂归入 {known.number}"
    assert found == Joining(known.number, (evidence,), certain=False, known_by="unit")


@pytest.mark.parametrize(
    ("one", "known", "units"),
    [
        (letter("社区治理案例", "", *photos(1, 2)), TEXT_ALONE, ("海晴社区",)),
        (letter("社区治理案例", "", *photos(1, 2)), TEXT_ALONE, ()),
        (letter("材料", "", document(), *photos(1, 2)), TEXT_ALONE, ("金安社区",)),
        (letter("材料", "", document("电梯.docx", case_lines(2))), TEXT_ALONE, ("金安社区",)),
        (letter("照片", "", *photos(1, 2)), replace(TEXT_ALONE, state="accepted"), ("金安社区",)),
        (letter("照片", "", *photos(1, 2)), replace(TEXT_ALONE, lacks=()), ("金安社区",)),
        (letter("照片", "", *photos(1, 2)), replace(TEXT_ALONE, unit=None), ("金安社区",)),
    ],
    ids=["another unit", "no unit", "both halves", "the same half", "accepted", "nothing lacking", "unit unknown"],
)
def test_what_is_no_other_half_of_the_same_unit_opens_a_case(
    one: Letter, known: KnownCase, units: tuple[str, ...]
) -> None:
    assert paired(one, known, units=units).case_number is None


def test_half_that_fits_two_cases_of_the_unit_joins_neither() -> None:
    found = paired(letter("照片", "", *photos(1, 2)), TEXT_ALONE, replace(TEXT_ALONE, number="HL22-0032"))

    assert (found.case_number, found.certain, found.candidates) == (None, False, ("HL22-0030", "HL22-0032"))


def test_other_text_said_to_stand_in_place_of_the_only_case_is_its_version() -> None:
    one = letter("案例", "撤回上一封，以此为准。", document("新.docx", case_lines(5, title="新案例")))

    assert joined(one, FIRST) == Joining("HL22-0017", ("同一来信人，写明以此件为准",), known_by="sender")


def test_two_numbers_quoted_need_a_pointer() -> None:
    found = joined(letter("HL22-0017、HL22-0018照片", "", *photos(3)), FIRST, SECOND)

    assert (found.case_number, found.candidates) == (None, ("HL22-0017", "HL22-0018"))


def test_number_of_the_trial_run_is_another_number() -> None:
    trial = case("测试-HL22-0017")

    assert joined(letter("测试-HL22-0017", "请问进度？"), FIRST).case_number is None
    assert joined(letter("测试-HL22-0017", "请问进度？"), FIRST, trial).case_number == "测试-HL22-0017"
    assert joined(letter("HL22-0017", "请问进度？"), FIRST, trial).case_number == "HL22-0017"


def test_bare_digit_is_no_number() -> None:
    assert joined(letter("第2次补充", "2", sender=OTHER), case("2")).candidates == ()


def test_longer_number_is_another_number() -> None:
    assert joined(letter("HL22-00171", "请查收", sender=OTHER), FIRST).candidates == ()


# --- same sender


@pytest.mark.parametrize("state", ["open", "waiting", "needs_fix", "needs_human"])
def test_photos_alone_join_the_one_open_case(state: str) -> None:
    assert joined(letter("照片", "", *photos(3, 4, 5)), case(state=state)) == Joining(
        "HL22-0017", ("同一来信人的案例正待照片",), known_by="sender"
    )


def test_photos_alone_join_the_case_that_lacks_them() -> None:
    complete = case("HL22-0016", document("楼道.docx", case_lines(3)), *photos(21, 22, 23, 24, 25), state="needs_human")

    assert joined(letter("照片", "", *photos(3)), complete, FIRST).case_number == "HL22-0017"


def test_photos_for_two_lacking_cases_are_left_to_a_person() -> None:
    found = joined(letter("照片", "", *photos(3)), FIRST, SECOND)

    assert found == Joining(
        None,
        ("同一来信人有几个案例，来件只有照片", "无法确定属于哪一个"),
        certain=False,
        candidates=("HL22-0017", "HL22-0018"),
    )


def test_photos_for_two_cases_join_the_one_they_name() -> None:
    assert joined(letter("照片", "电梯加装记的照片", *photos(13)), FIRST, SECOND).case_number == "HL22-0018"


def test_photos_for_two_units_join_by_unit() -> None:
    first, second = (
        case(unit="金安社区"),
        case("HL22-0018", document("电梯.docx", case_lines(2)), unit="金林社区居委会"),
    )

    assert joined(letter("金林社区照片", "", *photos(13)), first, second).case_number == "HL22-0018"


def test_photos_join_the_senders_only_case_though_accepted() -> None:
    complete = case("HL22-0017", document(), *photos(1, 2, 3, 4, 5), state="accepted")

    assert joined(letter("再补一张", "", *photos(6)), complete).case_number == "HL22-0017"


def test_form_alone_joins_the_one_open_case() -> None:
    sent = form(案例名称="小网格办成大事情", 单位名称="金安社区", 联系人="李红", 联系电话="13800000000")

    assert joined(letter("报名表", "", sent), FIRST).case_number == "HL22-0017"


def test_photos_of_another_sender_join_nothing() -> None:
    assert joined(letter("照片", "", *photos(3), sender=OTHER), FIRST) == Joining(None, ("与已有案例无关联",))


@pytest.mark.parametrize(
    ("lines", "text", "number", "certain"),
    [
        (case_lines(title="换了题目"), "", "HL22-0017", True),  # the same text
        (case_lines(words=1900), "", "HL22-0017", True),  # shortened
        (case_lines(2, title="电梯加装记"), "", None, True),  # another case
        (case_lines(2), "", None, True),  # another case under the same title
        (["小网格办成大事情", *HALF], "修改稿", "HL22-0017", True),
        (["新题目", *HALF], "请查收", None, False),  # in between
        (["新题目", *HALF], "另报一个案例", None, True),
    ],
)
def test_text_of_the_same_sender_is_a_version_by_its_likeness(
    lines: list[str], text: str, number: str | None, certain: bool
) -> None:
    found = joined(letter("案例", text, document("案例.docx", lines)), FIRST)

    assert (found.case_number, found.certain) == (number, certain)


def test_same_text_of_another_sender_is_not_joined() -> None:
    assert joined(letter("案例", "", document(), sender=OTHER), FIRST).case_number is None


def test_text_joins_the_case_that_began_with_photos() -> None:
    began = case("HL22-0020", *photos(1, 2, 3, 4, 5), state="waiting")

    assert began.lacks == ("text",)
    assert joined(letter("案例文字", "", document()), began) == Joining(
        "HL22-0020", ("同一来信人的案例尚无可读取的文字材料",), known_by="sender"
    )


def test_editable_version_joins_the_case_that_could_not_be_read() -> None:
    unread = case("HL22-0021", problem("小网格办成大事情.doc"), *photos(1), state="needs_human")

    assert joined(letter("案例", "重发可编辑版", document()), unread) == Joining(
        "HL22-0021", ("同一来信人的案例尚无可读取的文字材料",), known_by="sender"
    )


def test_unreadable_version_joins_by_its_name() -> None:
    known = case("HL22-0017", document("邻里议事厅.docx"), state="needs_fix")

    assert joined(letter("案例", "", problem("邻里议事厅（修改版）.doc")), known).case_number == "HL22-0017"
    assert joined(letter("案例", "", problem("电梯加装记.doc")), known).case_number is None
    assert (
        joined(letter("案例", "请查收", problem("案例.doc")), case("HL22-0020", *photos(1))).case_number == "HL22-0020"
    )
    assert joined(letter("案例", "按要求修改，请查收", problem("材料.doc")), known).case_number == "HL22-0017"


def test_words_without_files_join_nothing_by_sender_alone() -> None:
    assert joined(letter("请问", "照片要几张？"), FIRST).case_number is None


def test_letter_without_sender_joins_nothing() -> None:
    one = letter("照片", "", photo(3), sender="")

    assert joined(one, FIRST).case_number is None
