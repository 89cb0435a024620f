"""Files of one letter as offices send them, told apart by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from intake.casework.grouping import group_files, share_of
from intake.model import Document, Photo, ReadFile
from tests.intake.casework.samples import HULI, case_lines, document, form, letter, photo, problem

JINAN, GAOLIN, LINHOU = "小网格办成大事情", "红色物业进高林", "议事亭里话家常"


def put(folder: str, *files: ReadFile) -> tuple[ReadFile, ...]:
    return tuple(replace(file, folder=folder, source="archive") for file in files)


def text(name: str, seed: int, title: str = "", **more: object) -> Document:
    return document(name, case_lines(seed, title=title or f"题目{seed}号"), **more)  # type: ignore[arg-type]


def inside(holder: Document, *seeds: int) -> tuple[Photo, ...]:
    return tuple(
        photo(seed, source="embedded", container=holder.name, container_sha256=holder.sha256, folder=holder.folder)
        for seed in seeds
    )


def by_case(*files: ReadFile) -> tuple[list[list[str]], list[str]]:
    """Names of the files of each case, and of those that are unassigned."""
    found = group_files(files, HULI)
    return [[file.name for file in group.files] for group in found.groups], [file.name for file in found.unassigned]


A, B, C = (
    text("金安社区案例.docx", 1, JINAN),
    text("高林社区案例.docx", 2, GAOLIN),
    text("林后社区案例.docx", 3, LINHOU),
)
IN_A, IN_B = put("金安社区", text("案例.docx", 1, JINAN)), put("高林社区", text("案例.docx", 2, GAOLIN))
PLAIN_A, PLAIN_B = text("案例1.docx", 1, JINAN), text("案例2.docx", 2, GAOLIN)
TWIN_A = document("金安社区案例.pdf", case_lines(1, title=JINAN), format="pdf")
SHORTER_A = document("终稿前一版.docx", case_lines(1, title=JINAN)[:-1])
OWN_HEADINGS = document(
    "林后社区.docx", case_lines(7, title=LINHOU, words=2600, sections=("一张桌子", "两把椅子", "三杯清茶", "四邻和气"))
)

SAME_NAME_1, SAME_NAME_2 = text("案例.docx", 1, JINAN), text("案例.docx", 2, GAOLIN)
SETS: list[tuple[str, Sequence[ReadFile], list[list[str]], list[str]]] = [
    ("one case and photos", [A, photo(1), photo(2)], [["金安社区案例.docx", "IMG_0001.jpg", "IMG_0002.jpg"]], []),
    (
        "one case, form and copy",
        [A, TWIN_A, form(题目=JINAN, 单位="金安社区")],
        [["金安社区案例.docx", "金安社区案例.pdf", "报名表.docx"]],
        [],
    ),
    ("two versions of one text", [A, SHORTER_A], [["金安社区案例.docx", "终稿前一版.docx"]], []),
    ("photos alone", [photo(1), photo(2)], [["IMG_0001.jpg", "IMG_0002.jpg"]], []),
    ("nothing", [], [[]], []),
    ("two texts", [A, B], [["金安社区案例.docx"], ["高林社区案例.docx"]], []),
    (
        "photos that name the unit",
        [A, B, photo(1, "金安社区1.jpg"), photo(2, "高林社区2.jpg")],
        [["金安社区案例.docx", "金安社区1.jpg"], ["高林社区案例.docx", "高林社区2.jpg"]],
        [],
    ),
    (
        "photos that name the unit in short",
        [A, B, photo(1, "金安1.jpg"), photo(2, "高林照片2.jpg")],
        [["金安社区案例.docx", "金安1.jpg"], ["高林社区案例.docx", "高林照片2.jpg"]],
        [],
    ),
    (
        "photos that name the title",
        [PLAIN_A, PLAIN_B, photo(1, f"{JINAN}-1.jpg"), photo(2, f"《{GAOLIN}》图2.jpg")],
        [["案例1.docx", f"{JINAN}-1.jpg"], ["案例2.docx", f"《{GAOLIN}》图2.jpg"]],
        [],
    ),
    (
        "photos that name the number of the case",
        [PLAIN_A, PLAIN_B, photo(1, "案例1图1.jpg"), photo(2, "案例二照片.jpg")],
        [["案例1.docx", "案例1图1.jpg"], ["案例2.docx", "案例二照片.jpg"]],
        [],
    ),
    (
        "photos that name nothing",
        [A, B, photo(1), photo(2)],
        [["金安社区案例.docx"], ["高林社区案例.docx"]],
        ["IMG_0001.jpg", "IMG_0002.jpg"],
    ),
    (
        "a photo that names both",
        [A, B, photo(1, "金安社区与高林社区.jpg")],
        [["金安社区案例.docx"], ["高林社区案例.docx"]],
        ["金安社区与高林社区.jpg"],
    ),
    (
        "a folder for each case",
        [*IN_A, *put("金安社区/照片", photo(1)), *IN_B, *put("高林社区", photo(2))],
        [["案例.docx", "IMG_0001.jpg"], ["案例.docx", "IMG_0002.jpg"]],
        [],
    ),
    (
        "texts and photos in trees of their own",
        [
            *put("案例/金安社区", PLAIN_A),
            *put("案例/高林社区", PLAIN_B),
            *put("照片/金安社区", photo(1)),
            *put("照片/高林", photo(2)),
        ],
        [["案例1.docx", "IMG_0001.jpg"], ["案例2.docx", "IMG_0002.jpg"]],
        [],
    ),
    (
        "all texts in one folder, photos in named ones",
        [*put("材料.zip/正文", A, B), *put("材料.zip/图片/金安社区", photo(1)), *put("材料.zip/图片/其他", photo(2))],
        [["金安社区案例.docx", "IMG_0001.jpg"], ["高林社区案例.docx"]],
        ["IMG_0002.jpg"],
    ),
    (
        "an archive for each case",
        [*put("金安.zip", PLAIN_A, photo(1)), *put("高林.zip", PLAIN_B, photo(2))],
        [["案例1.docx", "IMG_0001.jpg"], ["案例2.docx", "IMG_0002.jpg"]],
        [],
    ),
    (
        "a photo that lies with one and names the other",
        [*IN_A, *put("金安社区", photo(1, "高林社区1.jpg")), *IN_B],
        [["案例.docx"], ["案例.docx"]],
        ["高林社区1.jpg"],
    ),
    (
        "pictures inside the texts",
        [A, *inside(A, 1), B, *inside(B, 2)],
        [["金安社区案例.docx", "IMG_0001.jpg"], ["高林社区案例.docx", "IMG_0002.jpg"]],
        [],
    ),
    (
        "the picture of a text once more as a file",
        [A, *inside(A, 1), B, photo(1, "原图.jpg", width_px=2000, height_px=1500)],
        [["金安社区案例.docx", "IMG_0001.jpg", "原图.jpg"], ["高林社区案例.docx"]],
        [],
    ),
    (
        "texts of one name",
        [SAME_NAME_1, *inside(SAME_NAME_1, 1), SAME_NAME_2, *inside(SAME_NAME_2, 2)],
        [["案例.docx", "IMG_0001.jpg"], ["案例.docx", "IMG_0002.jpg"]],
        [],
    ),
    (
        "forms by file name",
        [A, B, form("报名表-高林社区.docx", 题目="", 单位=""), form("报名表-金安社区.docx", 题目="", 单位="")],
        [["金安社区案例.docx", "报名表-金安社区.docx"], ["高林社区案例.docx", "报名表-高林社区.docx"]],
        [],
    ),
    (
        "forms by what is filled in",
        [
            PLAIN_A,
            PLAIN_B,
            form("报名表(1).docx", 案例名称=GAOLIN, 报送单位="某某"),
            form("报名表(2).docx", 案例名称=JINAN, 报送单位="某某"),
        ],
        [["案例1.docx", "报名表(2).docx"], ["案例2.docx", "报名表(1).docx"]],
        [],
    ),
    (
        "photos by the unit of the form",
        [
            PLAIN_A,
            PLAIN_B,
            form("表1.docx", 案例名称=JINAN, 报送单位="禾山社区"),
            form("表2.docx", 案例名称=GAOLIN, 报送单位="兴隆社区"),
            photo(1, "兴隆社区.jpg"),
        ],
        [["案例1.docx", "表1.docx"], ["案例2.docx", "表2.docx", "兴隆社区.jpg"]],
        [],
    ),
    (
        "a PDF of one of the texts",
        [A, B, TWIN_A],
        [["金安社区案例.docx", "金安社区案例.pdf"], ["高林社区案例.docx"]],
        [],
    ),
    (
        "stamped scans by name",
        [A, B, problem("高林社区案例（盖章）.pdf", "no_text", format="pdf")],
        [["金安社区案例.docx"], ["高林社区案例.docx", "高林社区案例（盖章）.pdf"]],
        [],
    ),
    (
        "a text nobody can read beside two that one can",
        [A, B, problem("林后社区案例.docx", "encrypted", format="docx")],
        [["金安社区案例.docx"], ["高林社区案例.docx"], ["林后社区案例.docx"]],
        [],
    ),
    (
        "a case under headings of its own",
        [A, B, OWN_HEADINGS],
        [["金安社区案例.docx"], ["高林社区案例.docx"], ["林后社区.docx"]],
        [],
    ),
    (
        "a picture that counts for nothing",
        [A, B, photo(1, width_px=16, height_px=16)],
        [["金安社区案例.docx"], ["高林社区案例.docx"]],
        [],
    ),
    (
        "one case in two files",
        [document("案例(上).docx", case_lines(1)[:5]), document("案例(下).docx", case_lines(1)[5:])],
        [["案例(上).docx", "案例(下).docx"]],
        [],
    ),
    (
        "a cover letter for all",
        [document("关于报送案例的报送函.docx", ["报送函", "现报送案例两个。"]), A, B],
        [["关于报送案例的报送函.docx", "金安社区案例.docx"], ["高林社区案例.docx"]],
        [],
    ),
]


@pytest.mark.parametrize(("files", "cases", "unassigned"), [row[1:] for row in SETS], ids=[row[0] for row in SETS])
def test_files_of_a_letter_are_told_apart(
    files: Sequence[ReadFile], cases: list[list[str]], unassigned: list[str]
) -> None:
    assert by_case(*files) == (cases, unassigned)


def test_every_counted_file_is_in_one_place_only() -> None:
    files: list[ReadFile] = [A, B, C, *(photo(at) for at in range(1, 9)), photo(20, "林后社区1.jpg")]

    groups, unassigned = by_case(*files)

    assert sorted(name for names in (*groups, unassigned) for name in names) == sorted(file.name for file in files)


def test_share_of_a_letter_keeps_what_is_said_of_its_own_case() -> None:
    written = "现报送两个案例：\n金安社区：网格治理类\n高林社区：小区治理类"
    both = letter("报送金安社区、高林社区案例", written, A, B, photo(1), signature="湖里区民政局")
    grouping = group_files(both.files, HULI)

    share = share_of(both, grouping, grouping.groups[0].leads)

    assert (share.facts.text, share.facts.signature) == ("现报送两个案例：\n金安社区：网格治理类", "")
    assert ([file.name for file in share.files], [file.name for file in share.unplaced]) == (
        ["金安社区案例.docx"],
        ["IMG_0001.jpg"],
    )


def test_letter_about_one_case_is_its_own_share() -> None:
    one = letter("报送案例", "请查收", A, photo(1))

    assert share_of(one, group_files(one.files, HULI), ()) is one
