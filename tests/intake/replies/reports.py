"""The campaign, files, findings and reports that letters in the tests tell of: plain data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256

from intake.model import Finding, FindingValue, Severity
from intake.replies import AnsweredLetter, CallRule, CaseReport, Letterhead, ReportFile
from intake.replies.matter import Change
from parsers.facts import Measure, SharedFile

CHINA = timezone(timedelta(hours=8))
CLOSES_AT = datetime(2022, 12, 21, tzinfo=CHINA)
RECEIVED_AT = datetime(2022, 12, 19, 15, 8, tzinfo=CHINA)
LATE_AT = datetime(2022, 12, 21, 0, 3, tzinfo=CHINA)
CATEGORIES = ("网格治理", "社区治理", "小区治理", "智慧治理")
SECTIONS = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")

HULI = Letterhead(
    title="2022年湖里区社区治理创新案例征集",
    subject_tag="湖里区案例征集",
    signature="2022年湖里区社区治理创新案例征集组委会",
    zone="Asia/Shanghai",
    sender_address="anli@example.org",
    contact="征集工作组",
    phone="0592-0000000",
    closes_at=CLOSES_AT,
    rules=(
        CallRule("deadline", "deadline", "即日起至2022年12月20日截止"),
        CallRule("readable", "readable_files"),
        CallRule("length", "word_count", "字数控制在3000字以内"),
        CallRule("sections", "required_sections", "背景与起因；做法与经过；成效与反响；探讨与评论"),
        CallRule("photos", "image_count", "与案例相关的图片5张"),
        CallRule("category", "category", "网格治理、社区治理、小区治理、智慧治理"),
        CallRule("repeats", "duplicates"),
        CallRule("merit", "attest", "主旨清晰、层次分明、资料翔实"),
    ),
    categories=CATEGORIES,
)


def words(value: int, *, low: int | None = None, high: int | None = None) -> Measure:
    return Measure(value=value, low=low or value, high=high or value)


def document(name: str, count: int | None = 2846) -> ReportFile:
    measure = None if count is None else words(count)
    return ReportFile(name, "case", "docx", 31_204, sha256(name.encode()).hexdigest(), words=measure)


def photo(name: str, **changes: object) -> ReportFile:
    return replace(ReportFile(name, "photo", "image", 1_204_433, sha256(name.encode()).hexdigest()), **changes)  # type: ignore[arg-type]  # rows of a table


def photos(count: int) -> tuple[ReportFile, ...]:
    return tuple(photo(f"现场照片{number}.jpg") for number in range(1, count + 1))


def finding(
    rule: str, check: str, code: str, severity: Severity, *, file: str | None = None, **values: FindingValue
) -> Finding:
    return Finding(rule, check, code, severity, file=file, values=values)


TOO_LONG = finding(
    "length", "word_count", "too_many_words", "fix", file="金安社区案例.docx",
    found=3128, low=3128, high=3128, max=3000, over=128,
)  # fmt: skip
ONE_PART_MISSING = finding(
    "sections", "required_sections", "section_missing", "fix", file="金安社区案例.docx",
    section="成效与反响", headings=("一、背景与起因", "二、做法与经过", "三、探讨与评论"),
)  # fmt: skip
ONE_PART_EMPTY = finding(
    "sections",
    "required_sections",
    "section_empty",
    "fix",
    file="金安社区案例.docx",
    section="探讨与评论",
    heading="三、探讨与评论",
)
THREE_PHOTOS = finding("photos", "image_count", "too_few_images", "fix", found=3, min=5, missing=2, not_counted=1)
NO_CATEGORY = finding("category", "category", "category_not_chosen", "note", choices=CATEGORIES, suggestion="网格治理")
CLOSE_TO_LIMIT = finding(
    "length", "word_count", "near_limit_words", "note", found=2996, low=2980, high=3004, limit=3000
)
LATE = finding(
    "deadline", "deadline", "late", "human",
    received_at="2022-12-20T16:03:00+00:00", closes_at="2022-12-20T16:00:00+00:00", late_minutes=3,
)  # fmt: skip
A_SCAN = finding("readable", "readable_files", "file_without_text", "human", file="盖章扫描件.pdf", format="pdf")
A_RECOGNISED_SCAN = finding(
    "readable", "readable_files", "file_scanned", "human", file="盖章扫描件.pdf", found=2403, low=2160, high=2644
)
PAGES_AS_PHOTOS = finding("readable", "readable_files", "pages_photographed", "human", count=4)
TOO_FEW_BESIDE_A_SCAN = finding(
    "photos", "image_count", "too_few_images", "human", found=3, min=5, missing=2, not_counted=0
)
OWN_HEADINGS = finding(
    "sections", "required_sections", "sections_unrecognised", "human",
    sections=SECTIONS, headings=("“小切口”里见真章", "一张网兜起万家事", "从“要我做”到“我要做”"),
)  # fmt: skip
OUR_TROUBLE = finding("readable", "readable_files", "reader_trouble", "human", file="案例.pdf", format="pdf")
LIKE_ANOTHER = finding(
    "repeats", "duplicates", "near_identical", "human", number="HL22-0003", title="别人的案例", similarity_percent=96
)
FOR_JUDGES = Finding(
    "merit", "attest", "attest", "note", values={"what": "主旨清晰、层次分明、资料翔实"}, audience="organizers"
)

CASE_MISSING = finding("readable", "readable_files", "case_missing", "fix")
LATER = Change(closes_at=CLOSES_AT + timedelta(days=7))

RETURNED = finding("", "decision", "returned", "fix", why="请补一张活动全景照片，并注明拍摄时间。")
PROVISIONAL = finding(
    "", "correspondence", "provisional_files", "human", count=2, files=("现场照片1.jpg", "现场照片2.jpg"),
)  # fmt: skip
SWAPPED = finding(
    "", "correspondence", "picture_swap", "human",
    said="把第3张换成这张", old=("现场照片3.jpg",), new=("现场照片6.jpg",),
)  # fmt: skip

COMPLETE = CaseReport(
    number="HL22-0017",
    title="“微网格”撬动“大治理”",
    verdict="accepted",
    received_at=RECEIVED_AT,
    unit="金安社区",
    category="网格治理",
    findings=(FOR_JUDGES,),
    settled=("deadline", "readable", "length", "sections", "photos", "category", "repeats"),
    files=(document("金安社区案例.docx"), *photos(5)),
)
INCOMPLETE = replace(
    COMPLETE,
    verdict="needs_fix",
    findings=(TOO_LONG, ONE_PART_MISSING, ONE_PART_EMPTY, THREE_PHOTOS, FOR_JUDGES),
    settled=("deadline", "readable", "category"),
    files=(
        document("金安社区案例.docx", 3128),
        *photos(3),
        photo("现场照片3(1).jpg", counted=False, why_not="same_picture", same_as="现场照片3.jpg"),
        photo("image001.png", counted=False, why_not="logo"),
        photo("p.gif", counted=False, why_not="tracking_pixel"),
    ),
)
CHECKED_BY_HAND = replace(
    COMPLETE,
    number="HL22-0021",
    title="一张网兜起万家事",
    verdict="needs_human",
    category=None,
    findings=(A_SCAN, OWN_HEADINGS, LIKE_ANOTHER, NO_CATEGORY),
    settled=("deadline", "length", "photos"),
    files=(
        document("案例.docx"),
        ReportFile("盖章扫描件.pdf", "stamped_copy", "pdf", 804_211, "d" * 64, problem="no_text"),
        *photos(5),
    ),
)
STAMPED_SCAN_ONLY = replace(
    COMPLETE,
    number="HL22-0023",
    title="一张桌子两代人",
    verdict="needs_human",
    findings=(A_RECOGNISED_SCAN, TOO_FEW_BESIDE_A_SCAN, FOR_JUDGES),
    settled=("deadline", "length", "sections", "category", "repeats"),
    files=(
        ReportFile("盖章扫描件.pdf", "case", "pdf", 804_211, "d" * 64, words=words(2403, low=2160, high=2644)),
        *photos(3),
    ),
)
QQ_ATTACHMENT = finding(
    "readable", "readable_files", "only_as_link", "fix", file="金安社区案例材料.zip", provider="qq_mail",
    url="https://mail.qq.com/cgi-bin/ftnExs_download?k=1&code=ab", size_bytes=90_390_528,
    expires_at="2023-01-18T02:12:00+00:00", expires_said="2023年1月18日 10:12 到期", access_code="",
)  # fmt: skip
NAMELESS_LINK = finding(
    "readable", "readable_files", "only_as_link", "fix", provider="baidu_pan",
    url="https://pan.baidu.com/s/1AbCdEf", size_bytes=None, expires_at=None, expires_said="", access_code="ab12",
)  # fmt: skip
A_FILM_BESIDE = replace(QQ_ATTACHMENT, code="link_not_opened", severity="note", file="宣传片.mp4")
ONLY_LINKS = CaseReport(
    number="HL22-0121",
    title="网格治理有温度",
    verdict="needs_fix",
    received_at=RECEIVED_AT,
    unit="金安社区",
    findings=(QQ_ATTACHMENT, NAMELESS_LINK),
    settled=("deadline",),
)
LINKED = (
    SharedFile(
        provider="netease_mail", url="https://mail.163.com/large-attachment-download/index.html?file=a",
        name="案例材料.rar", size_bytes=90_390_528, expires_at=datetime(2023, 1, 18, 10, 12, tzinfo=CHINA),
    ),
    SharedFile(provider="quark", url="https://pan.quark.cn/s/0123456789ab", code="Rk2s"),
)  # fmt: skip
TOO_MANY = (
    AnsweredLetter("请问字数", RECEIVED_AT - timedelta(hours=3)),
    AnsweredLetter("", RECEIVED_AT - timedelta(hours=1)),
)
TOO_LATE = replace(
    COMPLETE,
    number="HL22-0108",
    verdict="needs_human",
    received_at=LATE_AT,
    findings=(LATE,),
    settled=("readable", "length", "sections", "photos", "category"),
)
