"""Whether photos are named and explained as the call asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from config.complaints import did_you_mean
from intake.checks.rule import NameList, Rule
from intake.model import Finding, Photo, Revision

_ELEMENTS = {"说明": "description", "序号": "number", "电话": "phone", "题目": "title"}
"""What a file name can show, as a campaign file says it and as the language files know it."""

_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|(?!20\d{6})[2-9]\d{6,7})(?!\d)")
"""Mobile, with area code, or local; eight digits from 20 on are a date."""
_NUMBER = re.compile(
    r"(?<!\d)\d{1,3}(?!\d)|[一二三四五六七八九十][、.．）)]|[①-⑳]|(?:图|照片|图片)[一二三四五六七八九十]"
)
_MACHINE_WORDS = re.compile(
    r"img|dscn?|dcim|pict?|photo|image|picture|screenshot|wechat|wx|camera|mmexport|microsoft|wps|qq|copy|edited|hdr"
    r"|burst|cover|pano|jpe?g|png|heic|微信|图片|照片|截图|截屏|快照|屏幕|拍照|相机|原图|副本|新建|文件|未命名|无标题|编辑|拼图|附件"
    r"|案例|活动|无文件名|[图第张幅]",
    re.IGNORECASE,
)
"""What phones, chats and office programs name a picture; words that fit any photo say nothing of this one."""
_LETTER = re.compile(r"[㐀-鿿]|[a-z]", re.IGNORECASE)
_LEAST_LETTERS = 2
_CAPTION = re.compile(
    r"^\s*+[(（【\[▲△*]?\s*+(?:附?图片?|照片|附照|figure|fig|photo)\s*+(?:[\d０-９]{1,3}|[一二三四五六七八九十]{1,3})?"
    r"\s*+(?:[)）】\]]\s*+)?(?:[:：.．、,，为示—-]|(?<=\s))\s*+\S{2,}",
    re.IGNORECASE,
)
"""图1：……, 照片一 ……, （图为……）, ▲图2 ……."""


class PhotoNames(Rule):
    """Looks at names of photos sent as files, and at captions wherever they may stand."""

    name: ClassVar[str] = "photo_names"
    about_check: ClassVar[str] = (
        "照片命名和说明：看单独发送的照片的文件名；说明可以写在文件名里，也可以在文档或来信里写“图1：……”。"
    )

    check: Literal["photo_names"]
    name_has: NameList = Field((), description=f'文件名里要有什么，如 ["说明", "序号"]；可写{"、".join(_ELEMENTS)}')
    captions: bool = Field(False, description="要求每张照片有文字说明的写 true")

    @field_validator("name_has")
    @classmethod
    def _known(cls, elements: tuple[str, ...]) -> tuple[str, ...]:
        for name in elements:
            if name not in _ELEMENTS and name not in _ELEMENTS.values():
                raise ValueError(f"文件名里看不出“{name[:20]}”｜{did_you_mean(name, tuple(_ELEMENTS))}")
        return tuple(_ELEMENTS.get(name, name) for name in elements)

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.name_has or self.captions):
            raise ValueError("没有写明要求｜请写 name_has 或 captions")
        return self

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """Photos whose names lack something, in order; then one finding when captions are missing."""
        if not self.judges(revision):
            return ()
        photos = tuple(photo for photo in revision.photos if photo.counted)
        return (*self._of_names(photos, revision), *(self._of_captions(photos, revision) if self.captions else ()))

    def _has_input(self, revision: Revision) -> bool:
        photos = [photo for photo in revision.photos if photo.counted]
        return bool(photos) and (self.captions or any(_has_own_name(photo) for photo in photos))

    def _of_names(self, photos: tuple[Photo, ...], revision: Revision) -> Iterator[Finding]:
        for photo in filter(_has_own_name, photos):
            lacking = tuple(element for element in self.name_has if not _holds(element, photo, revision))
            if lacking:
                yield self._finding("photo_name_lacks", "fix", file=photo.name, lacking=lacking)

    def _of_captions(self, photos: tuple[Photo, ...], revision: Revision) -> Iterator[Finding]:
        """Captions have no fixed form: only where there is no sign of any is one missing for sure."""
        named = sum(_has_own_name(photo) and _describes(photo.name) for photo in photos)
        missing = len(photos) - named - _written_captions(revision)
        if missing <= 0:
            return
        elsewhere = bool(revision.problems) or any(photo.source == "embedded" for photo in photos)
        sure = missing == len(photos) and not elsewhere and len(revision.documents) == len(revision.case_documents)
        yield self._finding("photos_without_captions", "fix" if sure else "human", missing=missing, found=len(photos))


def _has_own_name(photo: Photo) -> bool:
    """Pictures inside documents are named by the office program."""
    return photo.source != "embedded" and not photo.name.startswith("(无文件名)")


def _holds(element: str, photo: Photo, revision: Revision) -> bool:
    stem = _stem(photo.name)
    match element:
        case "number":
            return _NUMBER.search(_PHONE.sub("", stem)) is not None
        case "phone":
            return _PHONE.search(stem) is not None
        case "title":
            title = "".join(_LETTER.findall(revision.title)).lower()
            # Without a title of the case there is nothing to hold the name against.
            return not title or title in "".join(_LETTER.findall(stem)).lower()
        case _:
            return _describes(photo.name)


def _describes(name: str) -> bool:
    """Whether a file name says what is to be seen, rather than which machine made it and when."""
    return len(_LETTER.findall(_MACHINE_WORDS.sub(" ", _stem(name)))) >= _LEAST_LETTERS


def _stem(name: str) -> str:
    return re.sub(r"\.\w{2,4}$", "", name.rpartition("/")[2])


def _written_captions(revision: Revision) -> int:
    """Lines of documents and letters that read like captions, the same line once."""
    blocks = (block.text for document in revision.documents for block in document.facts.blocks)
    lines = [*blocks, *revision.letter_text.splitlines()]
    return len({line.strip() for line in lines if _CAPTION.match(line)})
