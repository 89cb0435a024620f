"""What a From line alone may not do: replace a complete case, speak for another's, take several back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.casework.known_case import KnownCase
from intake.casework.sorting import Sorting, sort_letter
from intake.casework.threads import OurReferences
from intake.model import Letter, ReadFile
from tests.intake.casework.samples import HULI, SENDER, case_lines, document, form, letter, photo, photos
from tests.intake.casework.test_joining import OTHER, REVISED, case

ACCEPTED = case("HL22-0017", document(), form(联系人="林小金"), *photos(1, 2, 3, 4, 5), state="accepted", lacks=())
SECOND = case("HL22-0018", document("电梯.docx", case_lines(2, title="电梯加装记")), *photos(11, 12), state="accepted")
BOTH = OurReferences(by_message_id={"ask@huli.cn": ("HL22-0017", "HL22-0018")}, kind="confirm_withdrawal")
ASKED = OurReferences(by_message_id={"ask@huli.cn": ("HL22-0017",)}, kind="confirm_replacement")


def sorted_as(one: Letter, *cases: KnownCase, ours: OurReferences = OurReferences()) -> Sorting:  # noqa: B008 - frozen
    return sort_letter(one, HULI, cases=cases, ours=ours)


@pytest.mark.parametrize(
    "files", [(REVISED,), (REVISED, *photos(1, 2, 3)), (form(联系人="王小安"),)], ids=["text", "package", "form"]
)
def test_replacing_what_is_complete_by_the_from_line_is_to_be_confirmed(files: tuple[ReadFile, ...]) -> None:
    found = sorted_as(letter("报送案例修改稿", "请查收。", *files), ACCEPTED)

    assert found.requested is not None
    assert (found.ignored, found.requested.request, found.requested.numbers) == (
        "unconfirmed", "replacement", ("HL22-0017",),
    )  # fmt: skip
    assert (found.answer, found.for_person) == (True, True)


@pytest.mark.parametrize(
    ("one", "known", "ours"),
    [
        (letter("补充照片", "", photo(6)), ACCEPTED, OurReferences()),
        (letter("修改稿", "", REVISED), replace(ACCEPTED, state="needs_fix"), OurReferences()),
        (
            letter("回复", "", REVISED, answers="r@huli.cn"),
            ACCEPTED,
            OurReferences(by_message_id={"r@huli.cn": ("HL22-0017",)}),
        ),
        (
            letter("修改稿", "回执码：k7m2p9qx4t", REVISED),
            ACCEPTED,
            OurReferences(by_code={"k7m2p9qx4t": ("HL22-0017",)}),
        ),
    ],
    ids=["supplement", "still incomplete", "our thread", "回执码"],
)
def test_what_only_adds_or_comes_in_our_thread_is_filed_at_once(
    one: Letter, known: KnownCase, ours: OurReferences
) -> None:
    assert sorted_as(one, known, ours=ours).ignored is None


@pytest.mark.parametrize("text", ["确认替换", "确认。", "以此为准，谢谢", "是的，同意替换，谢谢老师。"])
def test_yes_to_our_question_completes_the_replacement(text: str) -> None:
    found = sorted_as(letter("回复：请确认", text, answers="ask@huli.cn"), ACCEPTED, ours=ASKED)

    assert (found.ignored, found.completes, found.joining and found.joining.case_number) == (None, True, "HL22-0017")


@pytest.mark.parametrize("text", ["确认替换HL22-0017", "确认替换HL22-0017、HL22-0018，谢谢"])
def test_yes_that_names_the_case_we_asked_about_completes_it(text: str) -> None:
    found = sorted_as(letter("回复：请确认", text, answers="ask@huli.cn"), ACCEPTED, SECOND, ours=ASKED)

    assert (found.completes, found.joining and found.joining.case_number) == (True, "HL22-0017")


@pytest.mark.parametrize(
    "text", ["确认替换HL22-0018", "确认替换 HL22-0018，谢谢", "HL22-0018以此为准", "确认HL22-9999"]
)
def test_yes_that_names_another_case_replaces_nothing_and_is_looked_at(text: str) -> None:
    found = sorted_as(letter("回复：请确认", text, answers="ask@huli.cn"), ACCEPTED, SECOND, ours=ASKED)

    assert (found.ignored, found.completes, found.topics) == ("question", False, ("other",))
    assert (found.answer, found.for_person) == (True, True)


@pytest.mark.parametrize("text", ["不是我们发的", "请问是什么材料？", "收到，谢谢"])
def test_anything_but_a_yes_completes_nothing(text: str) -> None:
    found = sorted_as(letter("回复：请确认", text, answers="ask@huli.cn"), ACCEPTED, ours=ASKED)

    assert (found.completes, found.ignored is None) == (False, False)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("请用附件替换 HL22-0017 的材料", (document("电梯.docx", case_lines(2)),)),
        ("HL22-0017 补充照片", photos(7)),
        ("请撤回 HL22-0017", ()),
        ("HL22-0017 我数了是2980字", ()),
    ],
)
def test_stranger_who_quotes_a_number_is_kept_apart_for_a_person(text: str, files: tuple[ReadFile, ...]) -> None:
    found = sorted_as(letter(text, "", *files, sender=OTHER), ACCEPTED)

    assert found.requested is not None
    assert (found.ignored, found.requested.request, found.requested.numbers, found.for_person) == (
        "unconfirmed", "claim", ("HL22-0017",), True,
    )  # fmt: skip


def test_stranger_who_only_asks_is_answered_as_anybody() -> None:
    assert sorted_as(letter("HL22-0017 请问收到了吗？", "", sender=OTHER), ACCEPTED).ignored == "question"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("确认，全部撤回。", ("HL22-0017", "HL22-0018")),
        ("两个案例都撤回", ("HL22-0017", "HL22-0018")),
        ("确认撤回 HL22-0018", ("HL22-0018",)),
    ],
)
def test_answer_about_several_cases_takes_back_those_it_means(text: str, numbers: tuple[str, ...]) -> None:
    found = sorted_as(letter("回复：请确认", text, answers="ask@huli.cn"), ACCEPTED, SECOND, ours=BOTH)

    assert found.requested is not None
    assert (found.requested.request, found.requested.numbers, found.requested.certain) == ("withdrawal", numbers, True)


def test_several_cases_taken_back_by_the_from_line_are_confirmed_first() -> None:
    found = sorted_as(letter("撤回", "我社区的案例都撤回。", sender=SENDER), ACCEPTED, SECOND)

    assert found.requested is not None
    assert (found.requested.numbers, found.requested.certain) == (("HL22-0017", "HL22-0018"), False)


def test_wish_about_a_picture_without_files_is_filed_with_the_only_case() -> None:
    found = sorted_as(letter("照片", "合影那张不要了。"), ACCEPTED)

    assert (found.ignored, found.joining and found.joining.case_number) == (None, "HL22-0017")


def test_wish_about_a_picture_of_one_of_several_cases_is_guessed_of_none() -> None:
    assert sorted_as(letter("照片", "合影那张不要了。"), ACCEPTED, SECOND).ignored is not None
