"""Letters that link to their material: whose they are, what stays open, which time counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.casework.fold import CaseState, fold
from intake.casework.known_case import KnownCase
from intake.casework.sorting import Sorting, sort_letter
from intake.casework.threads import OurReferences
from intake.model import IgnoredReason, Letter, LinkedFile
from parsers.facts import SharedFile
from tests.intake.casework.samples import CLOSES_AT, HULI, SENDER, START, document, letter, photo, photos

RECEIPT = "receipt.17.k7m2p9qx4t@huli.cn"
OURS = OurReferences(by_message_id={RECEIPT: ("HL22-0017",)})
ZIP = SharedFile(provider="qq_mail", url="https://mail.qq.com/cgi-bin/ftnExs_download?k=1", name="金安社区案例材料.zip")
FILM = SharedFile(provider="baidu_pan", url="https://pan.baidu.com/s/1Film", name="宣传片.mp4")
NAMELESS = SharedFile(provider="quark", url="https://pan.quark.cn/s/0123456789ab")
ONLY_LINK = letter("报送社区治理创新案例", "请查收。", shares=(ZIP,))


def case_of(*letters: Letter) -> CaseState:
    return fold(letters, HULI, closes_at=CLOSES_AT)


def known(*letters: Letter, number: str = "HL22-0017", state: str = "needs_fix") -> KnownCase:
    folded = case_of(*letters)
    return KnownCase(
        number=number,
        addresses=folded.addresses,
        title=folded.title,
        unit=folded.unit,
        state=state,
        files=folded.files,
        lacks=folded.lacks,
        linked=tuple(link.file for link in folded.linked),
    )


def sort(one: Letter, *cases: KnownCase) -> Sorting:
    return sort_letter(one, HULI, own_addresses=("anli@huli.cn",), own_marker="huli-intake", cases=cases, ours=OURS)


def open_links(state: CaseState) -> list[tuple[str, bool]]:
    return [(link.file.name, link.needed) for link in state.linked]


# --- what becomes of the letter


@pytest.mark.parametrize(
    ("one", "ignored", "answer", "for_person"),
    [
        (ONLY_LINK, None, True, False),
        (letter("材料", "请查收", shares=(ZIP,)), None, True, False),  # the name says 案例
        (letter("资料", "请查收", shares=(NAMELESS,)), "nothing_attached", True, True),
        (letter("资料", "", photo(1, "logo.png", width_px=60, height_px=60, source="inline"), shares=(NAMELESS,)), "nothing_attached", True, True),
        (letter("社区工作周报", "请查收周报", shares=(FILM,)), "unrelated", False, False),
        (letter("投诉物业公司", "证据见网盘", shares=(FILM,)), "unrelated", False, True),
        (letter("资料", "请查收", shares=(NAMELESS,), folder="junk"), "nothing_attached", False, True),
        (letter("报送社区治理创新案例", "", shares=(ZIP,), folder="junk"), None, True, False),
        (letter("自动回复", "案例", shares=(ZIP,), control={"auto-submitted": "auto-replied"}), "auto_reply", False, False),
    ],
    ids=["subject", "name", "no evidence", "logo beside", "weekly report", "complaint", "junk", "junk case", "machine"],
)  # fmt: skip
def test_letter_with_links_alone_is_sorted_by_its_evidence(
    one: Letter, ignored: IgnoredReason | None, answer: bool, for_person: bool
) -> None:
    sorting = sort(one)

    assert (sorting.ignored, sorting.answer, sorting.for_person) == (ignored, answer, for_person)


def test_link_in_our_thread_belongs_to_its_case() -> None:
    sorting = sort(letter("回复", "照片在网盘", shares=(NAMELESS,), answers=RECEIPT), known(ONLY_LINK))

    assert (sorting.ignored, sorting.joining and sorting.joining.case_number) == (None, "HL22-0017")


def test_link_from_a_known_sender_is_for_the_one_case_that_lacks_something() -> None:
    text_only = known(letter("案例报送", "", document()))

    sorting = sort(letter("照片", "", shares=(NAMELESS,), day=1), text_only)

    assert (sorting.ignored, sorting.joining and sorting.joining.case_number) == (None, "HL22-0017")


@pytest.mark.parametrize(
    "text",
    ["另外再报一个案例，材料见链接", "现报送案例《另一件大事情》，材料见链接"],
    ids=["another", "other title"],
)
def test_link_that_speaks_of_another_case_opens_one(text: str) -> None:
    sorting = sort(letter("案例报送", text, shares=(FILM,), day=1), known(letter("案例报送", "", document())))

    assert (sorting.ignored, sorting.joining and sorting.joining.case_number) == (None, None)


def test_link_to_a_complete_case_of_the_sender_opens_another() -> None:
    complete = known(letter("案例报送", "", document(), *photos(1, 2, 3, 4, 5)), state="accepted")

    sorting = sort(replace(ONLY_LINK, received_at=START + timedelta(days=1)), complete)

    assert (sorting.ignored, sorting.joining and sorting.joining.case_number) == (None, None)


def test_same_link_once_more_is_the_same_again() -> None:
    again = letter("报送社区治理创新案例", "怕没收到，再发一次。", shares=(ZIP,), day=1)

    assert sort(again, known(ONLY_LINK)).ignored == "same_again"


# --- what stays open


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ((), [("金安社区案例材料.zip", True)]),
        ((letter("补正文", "", document(), day=1),), []),
        ((letter("材料", "", document(), *photos(1, 2, 3, 4, 5), day=1),), []),
        ((letter("照片", "", *photos(1, 2), day=1),), [("金安社区案例材料.zip", True)]),
        ((letter("压缩包", "", photo(1, container="金安社区案例材料.zip"), day=1),), []),
        ((letter("视频", "", shares=(FILM,), day=1),), [("金安社区案例材料.zip", True), ("宣传片.mp4", True)]),
        ((letter("再发", "", shares=(ZIP,), day=1),), [("金安社区案例材料.zip", True)]),
    ],
    ids=["nothing", "text", "everything", "some photos", "archive of that name", "another link", "same link"],
)
def test_link_stays_open_until_its_material_has_come(
    later: tuple[Letter, ...], expected: list[tuple[str, bool]]
) -> None:
    assert open_links(case_of(ONLY_LINK, *later)) == expected


def test_link_beside_complete_material_is_not_needed() -> None:
    state = case_of(letter("案例报送", "", document(), *photos(1, 2, 3, 4, 5), shares=(FILM,)))

    assert open_links(state) == [("宣传片.mp4", False)]


def test_link_to_a_file_that_is_attached_as_well_is_none() -> None:
    beside = SharedFile(
        provider="netease_mail", url="https://mail.163.com/large-attachment-download/?file=a", name="案例.docx"
    )

    assert case_of(letter("案例报送", "", document("案例.docx"), shares=(beside,))).linked == ()


def test_link_for_the_photos_is_settled_when_enough_photos_came() -> None:
    first = letter("案例报送", "", document(), shares=(NAMELESS,))

    some = case_of(first, letter("照片", "", *photos(1, 2), day=1))
    enough = case_of(first, letter("照片", "", *photos(1, 2), day=1), letter("照片", "", *photos(3, 4, 5), day=2))

    assert (open_links(some), open_links(enough)) == ([("", True)], [])


def test_letters_in_any_order_make_the_same_case() -> None:
    text = letter("补正文", "", document(), day=1)

    assert case_of(text, ONLY_LINK) == case_of(ONLY_LINK, text)


# --- which time counts


def test_time_of_the_link_counts_for_the_material_it_announced() -> None:
    linked_at = datetime(2022, 12, 20, 12, tzinfo=UTC)
    announced = replace(ONLY_LINK, received_at=linked_at)
    files = replace(letter("补发", "", document(), *photos(1, 2, 3, 4, 5)), received_at=linked_at + timedelta(hours=14))

    current = case_of(announced, files).current

    assert current is not None
    assert (current.received_at, current.files_at) == (linked_at, linked_at + timedelta(hours=14))


def test_time_of_the_link_counts_for_every_letter_until_nothing_is_lacking() -> None:
    text = letter("正文", "", document(), day=16)
    first_photos = letter("照片一", "", *photos(1, 2), day=16.1)
    more_photos = letter("照片二", "", *photos(3, 4, 5), day=16.2)
    afterwards = letter("再补一张", "", photo(6), day=16.3)

    revisions = case_of(ONLY_LINK, text, first_photos, more_photos, afterwards).revisions

    assert [revision.received_at for revision in revisions] == [START] * 4 + [afterwards.received_at]
    assert [revision.files_at for revision in revisions] == [
        None,
        text.received_at,
        first_photos.received_at,
        more_photos.received_at,
        None,
    ]


def test_link_beside_complete_material_makes_nothing_late() -> None:
    complete = letter("案例报送", "", document(), *photos(1, 2, 3, 4, 5))

    current = case_of(complete, letter("宣传片", "", shares=(FILM,), day=17)).current

    assert current is not None
    assert (current.received_at, open_links(case_of(complete, letter("宣传片", "", shares=(FILM,), day=17)))) == (
        START,
        [("宣传片.mp4", False)],
    )


def test_time_of_the_first_link_counts_when_another_takes_its_place() -> None:
    again = letter("链接过期，重新上传", "", shares=(NAMELESS,), day=16)

    current = case_of(ONLY_LINK, again).current

    assert current is not None
    assert (current.received_at, current.files_at) == (START, None)


def test_time_of_a_link_that_nobody_needed_counts_for_nothing() -> None:
    complete = letter("案例报送", "", document(), *photos(1, 2, 3, 4, 5), shares=(FILM,))
    revised = letter("修改稿", "以此为准", document("宣传片.docx"), photo(9), day=16)

    current = case_of(complete, revised).current

    assert current is not None
    assert (current.received_at, current.files_at) == (revised.received_at, None)


def test_each_revision_knows_its_links() -> None:
    revisions = case_of(ONLY_LINK, letter("补正文", "", document(), day=1)).revisions

    assert [revision.linked for revision in revisions] == [(LinkedFile(ZIP, START, needed=True),), ()]


def test_title_comes_from_a_linked_document_when_nothing_else_names_it() -> None:
    share = SharedFile(provider="kdocs", url="https://kdocs.cn/l/cabc", name="小网格办成大事情.docx")

    assert case_of(letter("案例报送", "", shares=(share,), sender=SENDER)).title == "小网格办成大事情"
