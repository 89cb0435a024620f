"""How our letters speak, held over the language files and every golden letter."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from opencc import OpenCC

from intake import checks
from intake.replies import load_language
from intake.replies.keys import FINDING_CODES, PLACEHOLDERS
from tests.intake.replies.occasions import SITUATIONS
from tests.intake.replies.reports import HULI

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
PAGES = sorted((Path(__file__).parent / "golden").glob("*.html"))
CHINESE = [path for path in GOLDEN if not path.name.endswith(".en.txt")]
LANGUAGES = ("zh-CN", "zh-TW", "en")
AUTOMATIC = {
    "zh-CN": "本邮件由征集邮箱自动核对后发出，可直接回复，工作人员会看到。",
    "zh-TW": "本郵件由徵集郵箱自動核對後發出，可直接回覆，工作人員會看到。",
    "en": load_language("en").say("closing.automatic"),
}
FORBIDDEN = {
    # said like an administrative act, or like a reproach
    "修改通知", "受理", "违反", "違反", "错误", "錯誤", "失败", "失敗", "拒绝", "拒絕", "不合格", "不符合", "违规", "無效", "无效",
    # certain only when somebody has looked
    "文件损坏", "文件損壞", "抄袭", "抄襲", "雷同",
    # guessed titles
    "同志", "先生", "女士", "小姐",
    # the calendar and words of another administration
    "民國", "民国", "檔案", "訊息", "信箱", "電子郵件", "網路", "資訊", "軟體", "灰階", "聯絡", "連結", "解析度", "畫素", "列印",
    # times nobody says
    "23:59", "23时59", "零时",
}  # fmt: skip
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|T\d{2}:\d{2}")
MIDNIGHT = re.compile(r"(?<!\d)0[时時]")
THOUSANDS = re.compile(r"\d,\d{3}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]")


def _offences(text: str) -> list[str]:
    patterns = (ISO_DATE, MIDNIGHT, THOUSANDS)
    return sorted(word for word in FORBIDDEN if word in text) + [m.group() for p in patterns for m in p.finditer(text)]


def _language_of(path: Path) -> str:
    name = path.name.removesuffix(".txt")
    return SITUATIONS[name].language


def test_offences_are_noticed_when_there_are_some() -> None:
    text = "您的材料不合格，请于2022-12-20 23:59:59前，即12月21日0时前改正（3,128字）。"

    assert _offences(text) == ["23:59", "不合格", "2022-12-20", "0时", "3,128"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_language_file_speaks_without_any_forbidden_word(name: str) -> None:
    sentences = load_language(name).sentences

    offences = {key: found for key, sentence in sentences.items() if (found := _offences(sentence))}

    assert offences == {}


def test_traditional_script_says_the_very_words_of_the_simplified_one() -> None:
    simplified, traditional = load_language("zh-CN").sentences, load_language("zh-TW").sentences
    in_simplified = OpenCC("tw2s").convert
    marks = str.maketrans("「」『』", "“”‘’")

    others = {
        key: (said, traditional[key])
        for key, said in simplified.items()
        if in_simplified(traditional[key]).translate(marks) != said
    }

    assert others == {}
    assert [key for key, said in traditional.items() if set(said) & set("“”‘’")] == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_letter_speaks_without_any_forbidden_word(path: Path) -> None:
    assert _offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.name)
def test_chinese_letter_uses_full_width_punctuation(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("现场照片3(1).jpg", "")

    assert HALF_WIDTH.findall(text) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_letter_says_once_how_it_was_made_and_that_people_read_replies(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count(AUTOMATIC[_language_of(path)]) == 1


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.name)
def test_letter_is_signed_with_the_full_name_and_the_date_on_its_own_line(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    signed = lines.index(HULI.signature)

    assert re.fullmatch(r"2022年12月(19|21)日", lines[signed + 1])
    assert "联系" in lines[signed + 3] or "聯繫" in lines[signed + 3]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_letter_begins_with_the_greeting_and_then_the_outcome(path: Path) -> None:
    name = path.name.removesuffix(".txt")
    subject, _, greeting, _, outcome = path.read_text(encoding="utf-8").splitlines()[:5]

    assert HULI.subject_tag in subject
    assert (SITUATIONS[name].occasion.addressee or "") in greeting
    assert len(greeting) <= 20
    assert outcome.endswith(("。", "."))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_letter_gives_its_receipt_code_once_where_text_can_find_it(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("k7qm3xw9rt") == 1


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_carries_no_picture_no_script_no_link_and_no_colours_that_break_dark_mode(path: Path) -> None:
    page = path.read_text(encoding="utf-8")

    assert re.findall(r"<img|<script|<a\s|https?:|background|[;\"]color\s*:", page) == []


@pytest.mark.parametrize(
    ("name", "phrases"),
    [
        ("receipt", ("收件回执", "登记编号：HL22-0017", "材料齐全，已转组委会初审；本回执不代表入选。")),
        (
            "fix_request",
            ("材料补充完善提示", "请予补充完善", "2022年12月20日（星期二）24时前", "3128字", "已符合要求的"),
        ),
        ("being_checked", ("材料已收到，正在人工核对，无需重发。", "需进一步核对")),
        ("being_checked_without_a_case", ("材料已收到，正在人工核对，无需重发。", "案例.docx", "1.jpg")),
        ("being_checked_our_trouble", ("我方系统暂未能读取，您无需处理",)),
        ("late", ("2022年12月21日（星期三）00:03", "2022年12月20日（星期二）24时", "是否纳入由组委会研究确定")),
        ("receipt_in_test_mode", ("测试-HL22-0017", "本邮件为系统测试")),
        ("answer_by_a_person", ("已转工作人员",)),
    ],
)
def test_letter_says_what_was_agreed_word_for_word(name: str, phrases: tuple[str, ...]) -> None:
    text = (Path(__file__).parent / "golden" / f"{name}.txt").read_text(encoding="utf-8")

    assert [phrase for phrase in phrases if phrase not in text] == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_letter_never_names_another_submitters_case_or_what_judges_decide(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert [
        word for word in ("HL22-0003", "别人的案例", "相似", "主旨清晰") if word in re.sub(r"[0-9a-f]{64}", "", text)
    ] == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_language_file_holds_exactly_the_sentences_letters_are_made_of(name: str) -> None:
    text = files("intake.replies").joinpath("languages", f"{name}.toml").read_text(encoding="utf-8")
    tables = {key: table for key, table in tomllib.loads(text).items() if key != "dates"}

    keys = {f"{top}.{key}" for top, table in tables.items() for key in table if top != "finding"}
    keys |= {f"finding.{code}.{line}" for code, lines in tables["finding"].items() for line in lines}

    assert keys == set(PLACEHOLDERS)


def test_sentences_exist_for_every_code_of_the_checks_contract() -> None:
    contract = (
        "late in_time_as_link only_as_link link_not_opened case_missing paper_only file_encrypted file_damaged file_part_missing file_empty file_over_limit file_without_text file_garbled file_scanned pages_photographed"
        " file_unsupported reader_trouble several_cases cases_in_one_file photos_unplaced format_not_accepted too_many_words too_few_words"
        " near_limit_words about_words far_from_about section_missing section_empty sections_unrecognised"
        " photo_long_edge photo_short_edge photo_megapixels photo_exact photo_long_edge_over photo_few_bytes"
        " photo_many_bytes photo_dpi photo_colour photo_taken photo_no_exif photo_shrunk_in_document"
        " photo_inside_document photo_outside_document photo_name_lacks photos_without_captions"
        " too_few_images too_many_images category_not_chosen category_unknown category_alias level_not_stated"
        " level_unknown near_identical listed_not_received macros_present comments_left changes_left placeholder_left personal_numbers attest returned disputed"
        " provisional_files picture_swap picture_change"
        " earlier_complete earlier_stands_at_close newer_kept newer_incomplete newer_incomplete_yet version_to_choose"
    )

    assert set(FINDING_CODES) == set(contract.split())


def test_every_check_and_every_code_it_can_find_has_its_sentences() -> None:
    sources = [Path(entry).read_text(encoding="utf-8") for entry in Path(checks.__file__).parent.glob("*.py")]
    calls = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    findings = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "_finding"]

    codes = {call.args[0].value for call in findings if isinstance(call.args[0], ast.Constant)}

    assert len(codes) > 15
    assert codes - set(FINDING_CODES) == set()
    assert {f"check.{check.name}" for check in checks.CHECKS} - set(PLACEHOLDERS) == set()
