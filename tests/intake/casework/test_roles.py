from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from intake.casework.roles import assign_roles
from intake.model import Document, Photo, ReadFile, Role
from parsers.facts import Block, Format, ProblemCode
from tests.intake.casework.samples import SECTIONS, case_lines, document, form, misread, photo, problem, prose

SLOGANS = ("小网格织密大服务", "老支书请来新邻居", "一把椅子议出和谐")
CASE = case_lines()
SHORT_LETTER = [
    "关于报送社区治理创新案例的函",
    "湖里区社区办：",
    "现将我社区案例报上，请审阅。",
    "金安社区居委会",
    "2022年12月8日",
]


def roles(*files: ReadFile) -> dict[str, Role]:
    given = assign_roles(files, sections=SECTIONS)
    return {file.name: file.role for file in given if not isinstance(file, Photo)}


def test_single_document_is_the_case_whatever_it_is_called() -> None:
    assert roles(document("新建 Microsoft Word 文档.docx")) == {"新建 Microsoft Word 文档.docx": "case"}


def test_sheet_is_a_case_only_under_the_headings_of_the_call() -> None:
    statistics = document("网格数据.xlsx", ["小区", prose(3, 1800)], format="sheet")

    assert roles(statistics) == {"网格数据.xlsx": "attachment"}
    assert roles(statistics, document("案例.docx", CASE)) == {"网格数据.xlsx": "attachment", "案例.docx": "case"}
    assert roles(document("案例.xlsx", CASE, format="sheet")) == {"案例.xlsx": "case"}


def test_recognised_scan_beside_its_text_is_the_stamped_copy_and_alone_it_is_the_case() -> None:
    scan = document("金安社区.pdf", misread(CASE), format="pdf", ocr=True)

    assert roles(scan, document("案例.docx", CASE)) == {"金安社区.pdf": "stamped_copy", "案例.docx": "case"}
    assert roles(scan) == {"金安社区.pdf": "case"}


def test_recognised_scan_of_another_text_is_a_case_of_its_own() -> None:
    scan = document("另一个案例.pdf", ["邻里议事厅", prose(7, 1800)], format="pdf", ocr=True)

    assert roles(scan, document("案例.docx", CASE)) == {"另一个案例.pdf": "case", "案例.docx": "case"}


def test_everything_a_street_office_sends_gets_its_role() -> None:
    files = (
        document("关于报送案例的函.docx", SHORT_LETTER),
        document("金安社区：小网格办成大事情.docx", CASE),
        form(
            "报名表.docx", 单位名称="金安社区居委会", 联系人="李红", 联系电话="13800000000", 案例名称="小网格办成大事情"
        ),
        document("小网格办成大事情（盖章）.pdf", CASE, format="pdf"),
        problem("盖章扫描件.pdf", "no_text", format="pdf"),
        problem("汇总表.xlsx", format="other"),
        document("照片.docx", ["图1 议事会", "图2 改造后"], pictures=5),
        document("征集启事.docx", ["2022年湖里区社区治理创新案例征集启事", prose(9, 1200)]),
        document("原创承诺书.docx", ["承诺书", "本单位承诺材料真实。"]),
        photo(1),
    )

    assert roles(*files) == {
        "关于报送案例的函.docx": "cover_letter",
        "金安社区：小网格办成大事情.docx": "case",
        "报名表.docx": "form",
        "小网格办成大事情（盖章）.pdf": "stamped_copy",
        "盖章扫描件.pdf": "stamped_copy",
        "汇总表.xlsx": "summary_sheet",
        "照片.docx": "attachment",
        "征集启事.docx": "attachment",
        "原创承诺书.docx": "attachment",
    }


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("报名表及案例.docx", CASE),
        ("关于报送案例的函.docx", ["关于报送案例的函", *CASE]),
        ("附件1：案例汇总表填报.docx", CASE),
        ("金安社区照片和案例.docx", CASE),
        ("简介.docx", CASE),
    ],
)
def test_long_text_under_the_campaigns_sections_is_the_case_despite_its_name(name: str, lines: list[str]) -> None:
    assert roles(document(name, lines)) == {name: "case"}


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("登记表.docx", ["报名表", "填写说明"], "form"),
        ("案例推荐表.docx", ["推荐表"], "form"),
        ("報名表.docx", ["報名表"], "form"),
        ("函.docx", ["关于推荐社区治理案例的函", "请审阅。"], "cover_letter"),
        ("推荐函.pdf", ["请审阅。"], "cover_letter"),
        ("各社区案例一览表.docx", ["序号", "案例名称"], "summary_sheet"),
        ("活动照片.docx", ["图1 议事会现场" * 3], "attachment"),
        ("填表说明.txt", ["请按要求填写。"], "attachment"),
    ],
)
def test_document_beside_a_case_is_known_by_name_or_title(name: str, lines: list[str], expected: Role) -> None:
    pictures = 4 if "照片" in name else 0

    assert roles(document(lines=CASE), document(name, lines, pictures=pictures)) == {
        "案例.docx": "case",
        name: expected,
    }


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (document("案例.docx", CASE), document("案例.pdf", CASE, format="pdf"), ("case", "duplicate")),
        (document("案例.pdf", CASE, format="pdf"), document("正文.docx", CASE), ("duplicate", "case")),
        (document("案例.docx", CASE), document("压缩包里的案例.docx", CASE, source="archive"), ("case", "duplicate")),
        (document("案例.docx", CASE), document("文字.txt", CASE, format="txt"), ("case", "duplicate")),
        (
            document("案例.docx", CASE),
            document("案例.pdf", [*CASE[:5], "第 1 页 共 4 页", *CASE[5:], "湖里区金安社区"], format="pdf"),
            ("case", "duplicate"),
        ),
    ],
)
def test_same_text_twice_is_judged_once_docx_before_pdf(
    first: Document, second: Document, expected: tuple[Role, Role]
) -> None:
    assert tuple(roles(first, second).values()) == expected


def test_two_different_cases_are_both_cases() -> None:
    files = (document("案例一.docx", case_lines(1)), document("案例二.docx", case_lines(2, title="电梯加装记")))

    assert roles(*files) == {"案例一.docx": "case", "案例二.docx": "case"}


def test_final_version_is_judged_and_its_draft_is_not() -> None:
    draft = [*CASE[:-1], prose(7, 100)]

    assert roles(document("金安社区.docx", draft), document("金安社区（定稿）.docx", CASE)) == {
        "金安社区.docx": "duplicate",
        "金安社区（定稿）.docx": "case",
    }


def test_long_text_beside_a_text_with_the_sections_is_an_attachment() -> None:
    files = (document("社区概览.docx", ["社区概览", prose(5, 1500)]), document("红色楼栋.docx", CASE))

    assert roles(*files) == {"社区概览.docx": "attachment", "红色楼栋.docx": "case"}


def test_two_long_texts_without_any_mark_are_both_left_to_a_person() -> None:
    files = (
        document("甲.docx", case_lines(1, title="邻里议事厅", sections=SLOGANS)),
        document("乙.docx", case_lines(2, title="电梯加装记", sections=SLOGANS)),
    )

    assert roles(*files) == {"甲.docx": "case", "乙.docx": "case"}


def test_short_notes_yield_to_the_long_text() -> None:
    files = (
        document("说明.docx", ["各位老师好，材料如下。"]),
        document("邻里议事厅.docx", case_lines(1, sections=SLOGANS)),
    )

    assert roles(*files) == {"说明.docx": "attachment", "邻里议事厅.docx": "case"}


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("金安社区案例.doc", "unsupported_format", "doc"),
        ("金安社区.wps", "unsupported_format", "wps"),
        ("扫描全能王.pdf", "no_text", "pdf"),
        ("金安社区案例（盖章）.pdf", "no_text", "pdf"),
        ("盖章扫描件.pdf", "no_text", "pdf"),
        ("案例.docx", "encrypted", "docx"),
        ("案例.docx", "damaged", "other"),
        ("案例.docx", "empty", "other"),
        ("案例.docx", "timed_out", "docx"),
        ("金安社区材料.rar", "unsupported_format", "archive"),
        ("金安社区.zip", "encrypted", "archive"),
        ("案例.pages", "unsupported_format", "other"),
    ],
)
def test_unreadable_file_that_could_be_the_case_is_taken_for_it(name: str, code: ProblemCode, kind: Format) -> None:
    lone = problem(name, code, format=kind)

    assert roles(lone, photo(1), photo(2)) == {name: "case"}
    assert roles(lone, form(联系人="李红", 联系电话="13800000000", 案例名称="小网格"))[name] == "case"


@pytest.mark.parametrize(
    ("name", "code", "kind", "expected"),
    [
        ("汇总表.xlsx", "unsupported_format", "other", "summary_sheet"),
        ("报名表.doc", "unsupported_format", "doc", "form"),
        ("报送函.doc", "unsupported_format", "doc", "cover_letter"),
        ("宣传片.mp4", "unsupported_format", "other", "attachment"),
        ("活动照片.rar", "unsupported_format", "archive", "attachment"),
        ("截断.jpg", "damaged", "image", "attachment"),
    ],
)
def test_unreadable_file_with_a_telling_name_is_never_the_case(
    name: str,
    code: ProblemCode,
    kind: Format,
    expected: Role,
) -> None:
    assert roles(problem(name, code, format=kind)) == {name: expected}


def test_unreadable_case_wins_over_a_readable_note() -> None:
    files = (document("说明.docx", ["案例见附件，照片随后发。"]), problem("金安社区案例.doc"))

    assert roles(*files) == {"说明.docx": "attachment", "金安社区案例.doc": "case"}


def test_unreadable_copy_beside_a_readable_case_is_kept_beside() -> None:
    files = (document("案例.docx", CASE), problem("案例.doc"), problem("扫描.pdf", "no_text", format="pdf"))

    assert roles(*files) == {"案例.docx": "case", "案例.doc": "attachment", "扫描.pdf": "stamped_copy"}


def test_roles_do_not_depend_on_order_and_assigning_twice_changes_nothing() -> None:
    files: tuple[ReadFile, ...] = (
        document("案例.docx", CASE),
        document("案例.pdf", CASE, format="pdf"),
        form(联系人="李红", 联系电话="13800000000", 案例名称="小网格"),
        problem("汇总表.xlsx", format="other"),
    )
    expected = roles(*files)

    for order in itertools.permutations(files):
        assert roles(*order) == expected
    given = assign_roles(files, sections=SECTIONS)
    assert assign_roles(given, sections=SECTIONS) == given


def test_photos_and_empty_sets_pass_through() -> None:
    assert assign_roles(()) == ()
    assert assign_roles((photo(1),)) == (photo(1),)


def test_table_of_titles_is_the_summary_sheet_whatever_it_is_called() -> None:
    listed = document("附件2.docx", ["各街道报送情况"])
    rows = [("序号", "案例名称", "报送单位"), ("1", "小网格办成大事情", "金安社区"), ("2", "邻里议事厅", "禾山社区")]
    cells = [
        Block(text=text, table=0, row=row, column=column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    listed = replace(listed, facts=listed.facts.model_copy(update={"blocks": (*listed.facts.blocks, *cells)}))

    assert roles(listed, document("案例.docx", CASE)) == {"附件2.docx": "summary_sheet", "案例.docx": "case"}
    assert roles(listed) == {"附件2.docx": "summary_sheet"}
