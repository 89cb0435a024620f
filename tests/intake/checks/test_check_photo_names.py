"""Names that say something and names a machine gave; captions wherever people write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config.errors import ConfigError
from intake.model import Photo
from tests.intake.checks.revisions import document, photo, problem, revision, rule


def lacking(name: str, *elements: str, **facts: Any) -> tuple[str, ...]:
    found = rule("photo_names", name_has=elements).findings(revision(document(), photo(name), **facts))
    return tuple(str(one) for finding in found for one in finding.values["lacking"] or ())  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20221201_093000.jpg", "DSC_0042.JPG", "DSCN0010.jpg", "P1010023.jpg", "微信图片_20221201093000.jpg",
        "mmexport1669858200123.jpg", "wx_camera_1669858200.jpg", "image1.jpeg", "图片1.png", "照片 (2).jpg", "1.jpg",
        "QQ图片20221201093000.jpg", "Screenshot_2022-12-01-09-30-00.png", "屏幕截图 2022-12-01 093000.png", "附件3.jpg",
        "活动照片1.jpg", "IMG_0001(1).HEIC", "0b8f2c1e.jpg", "未命名.jpg", "A1.jpg",
    ],
)  # fmt: skip
def test_a_name_a_machine_gave_describes_nothing(name: str) -> None:
    if name == "0b8f2c1e.jpg":  # letters of a hash are not told from a word: in doubt nobody is asked
        assert lacking(name, "说明") == ()
    else:
        assert lacking(name, "说明") == ("description",)


@pytest.mark.parametrize(
    "name",
    [
        "议事会现场.jpg",
        "图1 楼道改造后.jpg",
        "01-居民协商.jpg",
        "IMG_0001 广场舞.jpg",
        "照片/网格员走访.jpg",
        "TrainStation.jpg",
    ],
)
def test_a_name_that_says_what_is_to_be_seen_describes_it(name: str) -> None:
    assert lacking(name, "说明") == ()


@pytest.mark.parametrize(
    ("name", "element", "found"),
    [
        ("1.jpg", "序号", ()),
        ("图二 议事会.jpg", "序号", ()),
        ("③议事会.jpg", "序号", ()),
        ("议事会.jpg", "序号", ("number",)),
        ("议事会13900001234.jpg", "序号", ("number",)),
        ("张三-议事会-13900001234.jpg", "电话", ()),
        ("张三-议事会-0592-5551234.jpg", "电话", ()),
        ("张三-议事会-20221201.jpg", "电话", ("phone",)),
        ("小网格办大事(1).jpg", "题目", ()),
        ("小网格1.jpg", "题目", ("title",)),
    ],
)
def test_a_name_beside_what_it_has_to_show(name: str, element: str, found: tuple[str, ...]) -> None:
    assert lacking(name, element) == found


def test_without_a_title_no_name_lacks_it() -> None:
    assert lacking("1.jpg", "题目", title="") == ()


@pytest.mark.parametrize(
    "unnamed",
    [
        replace(photo("image1.jpeg"), source="embedded"),
        photo("(无文件名).jpeg"),
        photo("1.jpg", counted=False),
    ],
    ids=["inside a document", "without a name", "not counted"],
)
def test_names_nobody_chose_are_not_judged(unnamed: Photo) -> None:
    assert rule("photo_names", name_has="说明").findings(revision(document(), unnamed)) == ()


TWO = (photo("1.jpg"), photo("2.jpg"))


def captions(*files: Any, **facts: Any) -> list[tuple[str, object]]:
    found = rule("photo_names", captions=True).findings(revision(*files, **facts))
    return [(one.severity, one.values["missing"]) for one in found]


@pytest.mark.parametrize(
    ("text", "letter_text", "outcome"),
    [
        ("正文。", "", [("fix", 2)]),
        ("正文。\n图1：议事会现场\n图2：改造后的楼道", "", []),
        ("正文。\n（图为居民协商）\n▲图二 广场一角", "", []),
        ("正文。", "照片1 议事会现场\n照片2 改造后的楼道", []),
        ("正文。\n图1：议事会现场", "", [("human", 1)]),
        ("如图1所示，本社区……\n图书角开放以来", "", [("fix", 2)]),
    ],
)
def test_captions_are_found_wherever_they_stand(text: str, letter_text: str, outcome: object) -> None:
    assert captions(document(text=text), *TWO, letter_text=letter_text) == outcome


def test_a_name_that_describes_is_a_caption() -> None:
    assert captions(document(), photo("议事会现场.jpg"), photo("改造后的楼道.jpg")) == []


@pytest.mark.parametrize(
    "beside",
    [
        problem("照片说明.doc", "unsupported_format", format="doc"),
        document("照片说明.docx", role="attachment", text="第一张是议事会"),
    ],
    ids=["unreadable file", "another document"],
)
def test_captions_that_may_stand_elsewhere_are_looked_for_by_people(beside: Any) -> None:
    assert captions(document(), *TWO, beside) == [("human", 2)]


def test_pictures_inside_a_document_may_have_captions_of_any_form() -> None:
    inside = tuple(replace(one, source="embedded") for one in TWO)

    assert captions(document(text="正文。\n议事会现场"), *inside) == [("human", 2)]


def test_without_photos_nothing_is_said() -> None:
    asks = rule("photo_names", captions=True, name_has="说明")

    assert asks.findings(revision(document())) == ()
    assert not asks.judges(revision(document()))


@pytest.mark.parametrize(("keys", "complaint"), [({}, "没有写明要求"), ({"name_has": "单位"}, "文件名里看不出“单位”")])
def test_demands_that_make_no_sense_are_refused_by_name(keys: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rule("photo_names", **keys)

    assert complaint in str(caught.value)
