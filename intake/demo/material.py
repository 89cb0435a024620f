"""What the letters of the story carry: one function per letter, its files in the order attached. Pure."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta

from intake.demo.cases import load_case
from intake.demo.clients import File
from intake.demo.documents import DOCX, PDF, ZIP, Manner, case_docx, case_pdf, form_docx, gbk_zip
from intake.demo.pictures import photo

_TAKEN_AT = datetime(2022, 10, 11, 9, 24, 18)  # noqa: DTZ001 - EXIF times name no zone
_FORM_TITLE = "2022年湖里区社区治理创新案例报名表"


def complete() -> tuple[File, ...]:
    """Heading styles and five photos as a phone names them."""
    return (
        _word("grid_ledger", "headings", "榕荫社区网格治理案例.docx"),
        *_photos(1, 5, "IMG_{taken:%Y%m%d_%H%M%S}.jpg"),
    )


def weekly() -> tuple[File, ...]:
    """A weekly report of a street office."""
    return (_word("weekly_report", "bold", "社区建设办公室工作周报（12.5-12.9）.docx"),)


def part_missing() -> tuple[File, ...]:
    """Typed 一、 in bold lines; the text ends after the third part."""
    return (_word("parking_order", "bold", "云屿社区-小区治理.docx"), *_photos(11, 5, "现场照片{number}.jpg"))


def three_photos() -> tuple[File, ...]:
    """一、 numbered by Word itself; three photos."""
    return (_word("river_stalls", "numbered", "柳溪社区案例.docx"), *_photos(21, 3, "{number}.jpg"))


def repair() -> tuple[File, ...]:
    """The two photos that were missing."""
    return _photos(24, 2, "{number}.jpg", first=4)


def too_long() -> tuple[File, ...]:
    """About 3,300 字."""
    return (
        _word("elevator_talks", "headings", "海晴社区加装电梯协商案例.docx"),
        *_photos(31, 5, "海晴社区图{number}.jpg"),
    )


def photos_inside() -> tuple[File, ...]:
    """Five photos with captions in the text, none attached."""
    captions = ("修缮后的院门", "周三修理课", "邻里小组商量收费", "院门口的收支明细", "中秋院坝博饼")
    pictures = {
        f"图{number} {caption}": each.data
        for number, (caption, each) in enumerate(zip(captions, _photos(41, 5, "{number}.jpg"), strict=True), 1)
    }
    data = case_docx(load_case("neighbour_property"), "bold", pictures=pictures)
    return (File("安禾社区“邻里物业”案例（含照片）.docx", data, DOCX),)


def pdf() -> tuple[File, ...]:
    """A PDF with text."""
    data = case_pdf(load_case("water_meter"))
    return (File("鹭翔社区智慧治理案例.pdf", data, PDF), *_photos(51, 5, "鹭翔-{number}.jpg"))


def zipped() -> tuple[File, ...]:
    """Everything in one archive, names in GBK."""
    case = load_case("rental_houses")
    form = form_docx(
        _FORM_TITLE,
        (
            ("案例名称", case.title),
            ("报送单位", "湖里区殿前街道桥畔社区居民委员会"),
            ("案例类别", "网格治理"),
            ("联系人", "庄桥"),
            ("联系电话", "0592-5550110"),
            ("填表日期", "2022年12月20日"),
        ),
    )
    members = {
        "桥畔社区/桥畔社区案例正文.docx": case_docx(case, "numbered"),
        "桥畔社区/报名表.docx": form,
        **{f"桥畔社区/照片/{each.name}": each.data for each in _photos(61, 5, "桥畔{number}.jpg")},
    }
    return (File("桥畔社区参评材料.zip", gbk_zip(members), ZIP),)


def text_first() -> tuple[File, ...]:
    """Headings at the head of their paragraphs; no photos yet."""
    return (_word("charging_sheds", "run_in", "和风社区“飞线”治理案例.docx"),)


def photos_second() -> tuple[File, ...]:
    """The photos of `text_first`, as an iPhone names them."""
    return _photos(71, 5, "IMG_{roll}.jpeg")


def junk() -> tuple[File, ...]:
    """A complete submission."""
    return (
        _word("kitchen_smoke", "headings", "星澜社区案例.docx"),
        *_photos(81, 5, "微信图片_{taken:%Y%m%d%H%M%S}.jpg"),
    )


def late() -> tuple[File, ...]:
    """A complete submission, for a letter that comes after the close."""
    return (_word("shared_table", "bold", "望湖社区共享食堂案例.docx"), *_photos(91, 5, "食堂{number}.jpg"))


@functools.lru_cache(maxsize=64)
def _word(case: str, manner: Manner, name: str) -> File:
    return File(name, case_docx(load_case(case), manner), DOCX)


def _photos(seed: int, count: int, name: str, *, first: int = 1) -> tuple[File, ...]:
    """`count` photos; `name` may use {number}, {roll} and {taken}."""
    made = []
    for index in range(count):
        taken_at = _TAKEN_AT + timedelta(days=seed // 10, minutes=7 * index, seconds=11 * seed)
        label = name.format(number=first + index, roll=3100 + seed + index, taken=taken_at)
        made.append(File(label, photo(seed + index, taken_at=taken_at), "image/jpeg"))
    return tuple(made)
