from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.casework.fold import CaseState, fold
from intake.casework.known_case import Lack
from intake.casework.signs import CampaignSigns
from intake.model import Letter, Photo, ReadFile
from tests.intake.casework.samples import (
    CLOSES_AT,
    HULI,
    START,
    case_lines,
    document,
    form,
    letter,
    misread,
    photo,
    photos,
    problem,
    resent,
)

TOO_LONG = document("案例.docx", case_lines(words=3600))
SHORTENED = document("案例.docx", case_lines(words=2800))


def folded(*letters: Letter, signs: CampaignSigns = HULI) -> CaseState:
    return fold(letters, signs, closes_at=CLOSES_AT)


def held(state: CaseState) -> list[tuple[str, str]]:
    """Name and role of each file, or whether a photo counts."""
    return [
        (file.name, ("counted" if file.counted else "not counted") if isinstance(file, Photo) else file.role)
        for file in state.files
    ]


def counted(state: CaseState) -> int:
    return sum(1 for file in state.files if isinstance(file, Photo) and file.counted)


def test_no_letters_make_an_empty_state() -> None:
    assert folded() == CaseState(lacks=("text", "photos"), content_key=folded().content_key)


def test_one_letter_makes_one_revision() -> None:
    one = letter("【网格治理】金安社区案例", "请查收", document(), *photos(1, 2, 3, 4, 5), day=1)

    state = folded(one)

    assert state.current is not None
    assert (state.current.title, state.current.category, state.current.received_at, state.current.closes_at) == (
        "小网格办成大事情",
        "网格治理",
        START + timedelta(days=1),
        CLOSES_AT,
    )
    assert (state.unit, state.lacks, state.changed_by, len(state.revisions)) == ("金安社区", (), (one.sha256,), 1)
    assert state.current.files == state.files
    assert state.current.letter_text == "请查收"


def test_photos_of_a_second_letter_add_to_the_text() -> None:
    state = folded(letter("案例", "", document()), letter("照片", "", *photos(1, 2, 3, 4, 5), day=0.1))

    assert held(state)[0] == ("案例.docx", "case")
    assert (counted(state), state.lacks, len(state.revisions)) == (5, (), 2)


def test_text_of_a_second_letter_joins_the_photos() -> None:
    state = folded(letter("照片", "", *photos(1, 2)), letter("案例", "", document(), day=0.1))

    assert held(state) == [("IMG_0001.jpg", "counted"), ("IMG_0002.jpg", "counted"), ("案例.docx", "case")]
    assert state.lacks == ("photos",)


def test_new_package_replaces_the_text_and_keeps_the_photos() -> None:
    state = folded(
        letter("案例", "", TOO_LONG, *photos(1, 2, 3)), letter("修改稿", "", SHORTENED, *photos(4, 5), day=1)
    )

    assert [file for file in state.files if not isinstance(file, Photo)] == list(
        folded(letter("x", "", SHORTENED)).files
    )
    assert counted(state) == 5


def test_photo_sent_again_is_not_listed_twice() -> None:
    again = photo(1, "又一次.jpg", width_px=1000, height_px=750)

    state = folded(letter("案例", "", document(), *photos(1, 2)), letter("补照片", "", again, *photos(3), day=1))

    assert held(state)[1:] == [("IMG_0001.jpg", "counted"), ("IMG_0002.jpg", "counted"), ("IMG_0003.jpg", "counted")]


def test_text_sent_again_without_its_pictures_keeps_them() -> None:
    inside = photo(1, "image1.jpeg", source="embedded", container="案例.docx")

    state = folded(letter("案例", "", TOO_LONG, inside), letter("修改稿", "", SHORTENED, day=1))

    assert held(state) == [("image1.jpeg", "counted"), ("案例.docx", "case")]


def test_text_sent_again_with_other_pictures_brings_only_those() -> None:
    old = photo(1, "image1.jpeg", source="embedded", container="案例.docx")
    new = photo(2, "image1.jpeg", source="embedded", container="案例.docx")

    state = folded(letter("案例", "", TOO_LONG, old), letter("修改稿", "", SHORTENED, new, day=1))

    assert [file.sha256 for file in state.files if isinstance(file, Photo)] == [new.sha256]


def test_pdf_of_the_current_text_is_its_duplicate_and_a_docx_replaces_a_pdf() -> None:
    pdf = document("案例.pdf", format="pdf")

    pdf_later = folded(letter("案例", "", document()), letter("再发PDF版", "", pdf, day=1))
    docx_later = folded(letter("案例", "", pdf), letter("再发Word版", "", document(), day=1))

    assert held(pdf_later) == [("案例.docx", "case"), ("案例.pdf", "duplicate")]
    assert held(docx_later) == [("案例.docx", "case")]


def test_twin_of_a_replaced_text_goes_with_it() -> None:
    state = folded(
        letter("案例", "", TOO_LONG, document("案例.pdf", case_lines(words=3600), format="pdf")),
        letter("修改稿", "", SHORTENED, day=1),
    )

    assert held(state) == [("案例.docx", "case")]


def test_stamped_scan_beside_a_readable_text_is_its_copy() -> None:
    scan = problem("金安社区.pdf", "no_text", format="pdf")

    state = folded(letter("案例", "", document()), letter("补盖章件", "", scan, day=1))

    assert held(state) == [("案例.docx", "case"), ("金安社区.pdf", "stamped_copy")]


def test_recognised_scan_never_takes_the_place_of_a_text_its_author_wrote() -> None:
    scan = document("金安社区（盖章）.pdf", misread(case_lines()), format="pdf", ocr=True)

    copy_later = folded(letter("案例", "", document()), letter("补盖章件", "", scan, day=1))
    text_later = folded(letter("案例", "", scan), letter("补Word版", "", document(), day=1))

    assert held(copy_later) == [("案例.docx", "case"), ("金安社区（盖章）.pdf", "stamped_copy")]
    assert held(text_later) == [("案例.docx", "case")]


def test_better_scan_takes_the_place_of_a_scan() -> None:
    blurred = document("扫描件.pdf", misread(case_lines()), format="pdf", ocr=True)
    sharp = document("扫描件2.pdf", case_lines(), format="pdf", ocr=True)

    state = folded(letter("案例", "", blurred), letter("重新扫描", "", sharp, day=1))

    assert held(state) == [("扫描件2.pdf", "case")]


def test_unreadable_new_version_takes_the_place_of_the_text() -> None:
    """Asked for fewer words they send a .doc: the old text is not judged again, a person reads the new one."""
    state = folded(letter("案例", "", TOO_LONG), letter("已压缩", "", problem("案例（修改）.doc"), day=1))

    assert held(state) == [("案例（修改）.doc", "case")]


def test_readable_version_takes_the_place_of_the_unreadable() -> None:
    state = folded(letter("案例", "", problem("案例.doc")), letter("重发", "", document(), day=1))

    assert held(state) == [("案例.docx", "case")]


def test_form_sent_again_replaces_the_form() -> None:
    first = form(案例名称="小网格", 单位名称="金安社区", 联系人="李红", 联系电话="13800000000")
    second = form("报名表(新).docx", 案例名称="小网格", 单位名称="金安社区", 联系人="王芳", 联系电话="13900000000")

    state = folded(letter("案例", "", document(), first), letter("更新报名表", "", second, day=1))

    assert held(state) == [("案例.docx", "case"), ("报名表(新).docx", "form")]
    assert state.identity.contact is not None
    assert state.identity.contact.value == "王芳"


def test_one_of_several_cases_is_replaced_by_its_own_version_only() -> None:
    others = document("电梯案例.docx", case_lines(2, title="电梯加装记"))

    state = folded(
        letter("两个案例", "", document("网格案例.docx", case_lines(words=3600)), others),
        letter("修改稿", "", document("网格案例.docx", case_lines(words=2800)), day=1),
    )

    assert held(state) == [("电梯案例.docx", "case"), ("网格案例.docx", "case")]


def test_case_sent_again_unchanged_replaces_nothing() -> None:
    one, other = document("网格案例.docx"), document("电梯案例.docx", case_lines(2, title="电梯加装记"))
    third = document("楼道案例.docx", case_lines(3, title="楼道会客厅"))

    again = folded(letter("两个案例", "", one, other), letter("再发一次", "", one, photo(1), day=1))
    one_more = folded(letter("两个案例", "", one, other), letter("再发一次", "", one, third, day=1))

    assert held(again) == [("网格案例.docx", "case"), ("电梯案例.docx", "case"), ("IMG_0001.jpg", "counted")]
    assert [name for name, _ in held(one_more)] == ["网格案例.docx", "电梯案例.docx", "楼道案例.docx"]


def test_unchanged_text_beside_an_addition_replaces_itself_by_nothing() -> None:
    """[x, then x again with a second case]: the one case standing is the one sent again."""
    other = document("电梯案例.docx", case_lines(2, title="电梯加装记"))

    state = folded(letter("案例", "", document()), letter("两个案例", "", document(), other, day=1))

    assert held(state) == [("案例.docx", "case"), ("电梯案例.docx", "case")]


def test_same_content_again_changes_nothing() -> None:
    one = letter("案例", "请查收", document(), *photos(1, 2))

    state = folded(one, resent(one), one)

    assert (len(state.revisions), state.changed_by) == (1, (one.sha256,))
    assert state.files == folded(one).files


def test_answered_category_makes_a_revision_at_the_old_receipt_time() -> None:
    """The answer may come after the close: the material came in time."""
    one = letter("案例", "", document(), *photos(1, 2, 3, 4, 5))
    answer = letter("回复：已收到", "2", day=30, answers="receipt.1.k@huli.cn")

    state = folded(one, answer)

    assert state.current is not None
    assert (state.category, state.current.category) == ("社区治理", "社区治理")
    assert (len(state.revisions), state.current.received_at) == (2, one.received_at)


def test_thanks_make_no_revision() -> None:
    state = folded(letter("案例", "", document()), letter("回复", "收到，谢谢", day=1, answers="receipt.1.k@huli.cn"))

    assert len(state.revisions) == 1


def test_new_files_count_from_their_own_receipt() -> None:
    state = folded(letter("案例", "", document()), letter("照片", "", photo(1), day=20))

    assert [revision.received_at for revision in state.revisions] == [START, START + timedelta(days=20)]


def test_title_and_unit_of_a_case_outlive_a_letter_that_says_less() -> None:
    state = folded(
        letter("金安社区案例", "", document("小网格办大事.docx")),
        letter("照片", "", photo(1), day=1, display="快乐的小鱼"),
    )

    assert (state.title, state.unit) == ("小网格办成大事情", "金安社区")


def test_addresses_of_all_senders_belong_to_the_case() -> None:
    state = folded(
        letter("案例", "", document(), sender="A@163.com"), letter("照片", "", photo(1), day=1, sender="b@qq.com")
    )

    assert state.addresses == {"a@163.com", "b@qq.com"}


@pytest.mark.parametrize(
    ("files", "lacks"),
    [
        ((document(), *photos(1, 2, 3, 4, 5)), ()),
        ((document(), *photos(1, 2, 3, 4)), ("photos",)),
        ((document(),), ("photos",)),
        (photos(1, 2, 3, 4, 5), ("text",)),
        (photos(1), ("text", "photos")),
        ((problem("案例.rar", format="archive"),), ()),  # photos may lie inside
        ((document(), problem("照片.zip", "encrypted", format="archive")), ()),
        ((document(), problem("汇总表.xlsx", format="other")), ("photos",)),
    ],
)
def test_lacks_names_what_may_still_be_under_way(files: tuple[ReadFile, ...], lacks: tuple[Lack, ...]) -> None:
    assert folded(letter("案例", "", *files)).lacks == lacks


def test_form_is_lacking_only_when_the_call_asks_for_one() -> None:
    wanted = CampaignSigns(form_wanted=True)
    filled = form(案例名称="小网格", 单位名称="金安社区", 联系人="李红", 联系电话="13800000000")

    assert folded(letter("案例", "", document()), signs=wanted).lacks == ("form",)
    assert folded(letter("案例", "", document(), filled), signs=wanted).lacks == ()


# --- whatever the order

POOL: tuple[ReadFile, ...] = (
    document("案例.docx", case_lines(words=700)),
    document("案例.docx", case_lines(words=600)),
    document("案例.pdf", case_lines(words=600), format="pdf"),
    document("电梯案例.docx", case_lines(2, title="电梯加装记", words=600)),
    problem("案例.doc"),
    problem("盖章.pdf", "no_text", format="pdf"),
    problem("照片.zip", "encrypted", format="archive"),
    form(案例名称="小网格", 单位名称="金安社区", 联系人="李红", 联系电话="13800000000"),
    *photos(1, 2, 3),
    photo(1, "again.jpg", width_px=1000, height_px=750),
    photo(4, "image1.jpeg", source="embedded", container="案例.docx"),
    photo(5, "logo.png", width_px=80, height_px=80, source="inline"),
)
LETTERS = st.lists(
    st.builds(
        lambda files, day, text: letter("案例", text, *files, day=day, answers="receipt.1.k@huli.cn"),
        st.lists(st.sampled_from(POOL), max_size=4),
        st.sampled_from((0.0, 0.5, 1.0, 2.0)),
        st.sampled_from(("", "请查收", "2", "类别：网格治理", "收到，谢谢")),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(letters=LETTERS, data=st.data())
def test_any_processing_order_gives_the_same_case(letters: list[Letter], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([*letters, *letters[:2]]))

    assert folded(*shuffled) == folded(*letters)


@settings(max_examples=60, deadline=None)
@given(letters=LETTERS)
def test_case_is_whole_after_any_letters(letters: list[Letter]) -> None:
    state = folded(*letters)
    sent = {file.sha256 for each in letters for file in each.files}

    assert state.current is not None
    assert state.current.files == state.files
    assert {file.sha256 for file in state.files} <= sent
    assert len(state.revisions) == len(state.changed_by) == len(set(state.changed_by))
    assert [r.received_at for r in state.revisions] == sorted(r.received_at for r in state.revisions if r.received_at)
    # Nothing that could be the case is ever lost without a successor.
    assert any(file.role == "case" for file in state.files if not isinstance(file, Photo)) == any(
        file.role == "case"
        for each in letters
        for file in fold([each], HULI, closes_at=None).files
        if not isinstance(file, Photo)
    )


@settings(max_examples=40, deadline=None)
@given(letters=LETTERS)
def test_every_letter_once_more_in_other_bytes_adds_no_photo(letters: list[Letter]) -> None:
    last = letters[-1]

    assert counted(folded(*letters, resent(last, hours=100))) == counted(folded(*letters))
