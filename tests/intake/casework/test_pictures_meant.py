"""Words about single pictures: what is a wish, which pictures it means, and that it is never acted upon."""

from __future__ import annotations

import pytest

from intake.casework.fold import fold
from intake.casework.pictures_meant import picture_wish, wish_in, wish_to_finding
from intake.model import Finding
from tests.intake.casework.samples import HULI, document, facts, letter, photo, photos


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请把第3张换成这张。", "请把第3张换成这张"),
        ("您好：\n合影那张不要了，谢谢。", "合影那张不要了,谢谢"),
        ("第二张照片用附件替换。", "第二张照片用附件替换"),
        ("去掉最后那张", "去掉最后那张"),
        ("IMG_0003.jpg 换成附件里的", "img_0003.jpg 换成附件里的"),
        ("只用第1、2张就行", "只用第1、2张就行"),
        ("第3张照片要不要换成原图？", None),
        ("照片已换成原图，请查收。", None),
        ("补发照片2张，请查收。", None),
        ("收到，谢谢。", None),
        ("居民换了新的垃圾桶，活动照片见附件。", None),
    ],
)
def test_wish_about_single_pictures_is_told_from_other_words(text: str, said: str | None) -> None:
    assert picture_wish(facts("补充", text)) == said


def test_letter_as_long_as_a_case_wishes_nothing() -> None:
    assert picture_wish(facts("案例", "请把第3张换成这张。" + "居民议事。" * 200)) is None


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("请把第3张换成这张。", ("IMG_0003.jpg",)),
        ("第十二张换成这张", ()),
        ("第二张、第一张都换成这张", ("IMG_0002.jpg", "IMG_0001.jpg")),
        ("把IMG_0002换成这张照片", ("IMG_0002.jpg",)),
        ("合影那张换成这张", ("合影.jpg",)),
    ],
)
def test_pictures_meant_are_named_by_their_place_or_their_name(text: str, old: tuple[str, ...]) -> None:
    current = (*photos(1, 2, 3), photo(9, "合影.jpg"))

    wish = wish_in(letter("照片", text, photo(6)), photos(6), current)

    assert wish is not None
    assert (wish.old, wish.new) == (old, ("IMG_0006.jpg",))


def test_finding_names_both_pictures_where_both_are_known() -> None:
    wish = wish_in(letter("照片", "请把第3张换成这张。"), photos(6), photos(1, 2, 3))

    assert wish is not None
    assert wish_to_finding(wish) == Finding(
        rule="",
        check="correspondence",
        code="picture_swap",
        severity="human",
        values={"said": "请把第3张换成这张", "old": ("IMG_0003.jpg",), "new": ("IMG_0006.jpg",)},
        evidence="请把第3张换成这张",
    )


def test_finding_lists_all_pictures_where_it_is_not_known_which_is_meant() -> None:
    wish = wish_in(letter("照片", "集体照那张不要了。"), (), photos(1, 2))

    assert wish is not None
    assert wish_to_finding(wish).values == {"said": "集体照那张不要了", "pictures": ("IMG_0001.jpg", "IMG_0002.jpg")}


def test_words_beside_the_first_pictures_of_a_case_wish_nothing() -> None:
    assert wish_in(letter("案例", "第3张换成彩色的更好"), photos(1, 2, 3), ()) is None


def test_exchange_adds_the_picture_and_keeps_the_old_one() -> None:
    first = letter("案例", "", document(), *photos(1, 2, 3))
    second = letter("照片", "请把第3张换成这张。", photo(6), day=1)

    state = fold([second, first], HULI, closes_at=None)

    assert [file.name for file in state.files] == [
        "案例.docx", "IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg", "IMG_0006.jpg",
    ]  # fmt: skip
    assert [wish.letter_sha256 for wish in state.wishes] == [second.sha256]
