"""Whether the counted photos are as large, as fine and as old as the call asks. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from config.complaints import did_you_mean
from intake.checks.rule import NameList, Rule
from intake.model import Finding, FindingValue, Photo, Revision, Severity

_COLOURS = ("RGB", "sRGB", "CMYK", "grey")
_SPELLINGS = {"rgb": "RGB", "srgb": "sRGB", "cmyk": "CMYK", "gray": "grey", "灰度": "grey", "黑白": "grey"}
_FAMILIES = {
    "RGB": "RGB", "RGBA": "RGB", "RGBX": "RGB", "P": "RGB", "PA": "RGB", "YCbCr": "RGB", "HSV": "RGB",
    "CMYK": "CMYK", "L": "grey", "LA": "grey", "1": "grey", "I": "grey", "F": "grey", "I;16": "grey", "I;16B": "grey",
}  # fmt: skip
"""Pillow's modes in the words of a call; a mode not named here is not judged."""
_NOMINAL = 0.98
"""Cameras sold as 500万像素 give 2560 x 1920: within 2 % a number of pixels is met."""
_MB_AT_LEAST, _MB_AT_MOST = 1_000_000, 1_048_576
"""A call says neither which megabyte it means: the submitter gains both ways."""

_Told = tuple[str, Severity, dict[str, FindingValue]]
"""A finding in the making: code, severity, numbers."""


class PhotoQuality(Rule):
    """Compares each counted photo with what the call asks of size, pixels, colours, capture time and place.

    What was taken out of a document is never `fix`: office programs shrink pictures when they save, and some
    documents give a picture up only in other bytes than it went in.
    """

    name: ClassVar[str] = "photo_quality"
    about_check: ClassVar[str] = (
        "照片规格：大小、像素、颜色、拍摄时间。只看计入张数的照片；文档里的图片可能已被压缩，不够时转人工并请对方方便时另发原图。"
    )

    check: Literal["photo_quality"]
    min_mb: Annotated[float, Field(gt=0)] | None = Field(None, description="每张不小于几MB，可写小数，如 0.5")
    max_mb: Annotated[float, Field(gt=0)] | None = Field(None, description="每张不大于几MB")
    min_long_px: Annotated[int, Field(ge=1)] | None = Field(None, description="长边不小于多少像素")
    min_short_px: Annotated[int, Field(ge=1)] | None = Field(None, description="短边不小于多少像素")
    max_long_px: Annotated[int, Field(ge=1)] | None = Field(None, description="长边不大于多少像素；超出只作提示")
    min_megapixels: Annotated[float, Field(gt=0)] | None = Field(
        None, description="不低于几百万像素：500万像素写 5；差2%以内算达到"
    )
    exact_px: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] | None = Field(
        None, description="正好多少像素，宽在前：[1920, 1080]"
    )
    min_dpi: Annotated[int, Field(ge=1)] | None = Field(
        None, description="不低于多少dpi；只作提示，因为dpi只是文件里写的一个数"
    )
    colours: NameList = Field((), description='接受的颜色模式，如 ["RGB"]；可写RGB、sRGB、CMYK、灰度')
    taken_from: date | None = Field(None, description="拍摄日期不早于；照片里记有拍摄时间才看，不符的转人工")
    taken_until: date | None = Field(None, description="拍摄日期不晚于（含当日）")
    keeps_exif: bool = Field(False, description="要求保留拍摄信息（EXIF）的写 true")
    place: Literal["files", "document"] | None = Field(
        None, description="files 要求照片单独发送，不放在文档里；document 要求放在文档里"
    )

    @field_validator("colours")
    @classmethod
    def _known(cls, colours: tuple[str, ...]) -> tuple[str, ...]:
        plain = tuple(_SPELLINGS.get(name.lower(), name) for name in colours)
        for name in plain:
            if name not in _COLOURS:
                raise ValueError(f"没有“{name[:20]}”这种颜色模式｜{did_you_mean(name, _COLOURS)}")
        return plain

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        asked = self.model_dump(include=set(type(self).model_fields) - set(Rule.model_fields), exclude_defaults=True)
        if not asked:
            raise ValueError("没有写明要求｜请写 min_mb、min_long_px、min_megapixels 等其中一项")
        for low, high in (("min_mb", "max_mb"), ("min_long_px", "max_long_px"), ("taken_from", "taken_until")):
            if low in asked and high in asked and asked[low] > asked[high]:
                raise ValueError(f"{low} 大于 {high}｜请检查两个数")
        return self

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """For each counted photo in order, one finding for each demand it does not meet."""
        if not self.judges(revision):
            return ()
        return tuple(
            self._finding(code, severity, file=photo.name, **values)  # type: ignore[arg-type]  # none is named `evidence`
            for photo in revision.photos
            if photo.counted
            for code, severity, values in self._of_photo(photo, revision)
        )

    def _has_input(self, revision: Revision) -> bool:
        return any(photo.counted for photo in revision.photos)

    def _of_photo(self, photo: Photo, revision: Revision) -> Iterator[_Told]:
        told = (*self._of_pixels(photo), *self._of_bytes(photo), *self._of_making(photo))
        if photo.source == "embedded" and any(severity == "fix" for _, severity, _ in told):
            told = tuple(one for one in told if one[1] != "fix")
            yield "photo_shrunk_in_document", "human", _size(photo) | {"document": photo.container}
        yield from told
        yield from self._of_place(photo, revision)

    def _of_pixels(self, photo: Photo) -> Iterator[_Told]:
        width, height = photo.facts.width_px, photo.facts.height_px
        long, short = max(width, height), min(width, height)
        found = _size(photo)
        if self.min_long_px is not None and long < self.min_long_px:
            yield "photo_long_edge", "fix", found | {"min": self.min_long_px}
        if self.min_short_px is not None and short < self.min_short_px:
            yield "photo_short_edge", "fix", found | {"min": self.min_short_px}
        if self.min_megapixels is not None and width * height < self.min_megapixels * 1e6 * _NOMINAL:
            found_wan, min_wan = width * height // 10_000, round(self.min_megapixels * 100)
            yield (
                "photo_megapixels",
                "fix",
                found
                | {
                    "found_wan": found_wan,
                    "min_wan": min_wan,
                    "megapixels": _plain(self.min_megapixels),
                },
            )
        if self.exact_px is not None and (width, height) != self.exact_px:
            wanted = {"want_width": self.exact_px[0], "want_height": self.exact_px[1]}
            yield "photo_exact", "fix", found | wanted
        if self.max_long_px is not None and long > self.max_long_px:
            yield "photo_long_edge_over", "note", found | {"max": self.max_long_px}

    def _of_bytes(self, photo: Photo) -> Iterator[_Told]:
        found: dict[str, FindingValue] = {"found": _megabytes(photo.size_bytes)}
        if self.min_mb is not None and photo.size_bytes < self.min_mb * _MB_AT_LEAST:
            yield "photo_few_bytes", "fix", found | {"min": _plain(self.min_mb)}
        if self.max_mb is not None and photo.size_bytes > self.max_mb * _MB_AT_MOST:
            # What we took out of a document is not what its writer could make smaller.
            yield (
                "photo_many_bytes",
                "note" if photo.source == "embedded" else "fix",
                found | {"max": _plain(self.max_mb)},
            )

    def _of_making(self, photo: Photo) -> Iterator[_Told]:
        facts = photo.facts
        if self.min_dpi is not None and facts.dpi is not None and facts.dpi < self.min_dpi:
            yield "photo_dpi", "note", {"found": facts.dpi, "min": self.min_dpi}
        family = _FAMILIES.get(facts.mode)
        if self.colours and family is not None and not self._accepts(family, facts.colour_space):
            found = facts.colour_space if family == "RGB" and facts.colour_space else family
            yield "photo_colour", "fix", {"colour": (found,), "colours": self.colours}
        taken = _taken_on(facts.taken_at_local)
        if taken is not None and not (self.taken_from or taken) <= taken <= (self.taken_until or taken):
            # A camera's clock may be wrong, and a scan has the scanner's date.
            yield "photo_taken", "human", {"year": taken.year, "month": taken.month, "day": taken.day}
        if self.keeps_exif and not (facts.exif or facts.taken_at_local):
            yield "photo_no_exif", "fix", {}

    def _accepts(self, family: str, space: str) -> bool:
        return family in self.colours or (family == "RGB" and "sRGB" in self.colours and space in ("", "sRGB"))

    def _of_place(self, photo: Photo, revision: Revision) -> Iterator[_Told]:
        if self.place == "files" and photo.source == "embedded":
            yield "photo_inside_document", "fix", {}
        elif self.place == "document" and photo.source != "embedded":
            also_inside = any(
                other.source == "embedded" and other.same_as == photo.name
                for other in revision.photos
                if not other.counted
            )
            if not also_inside:
                yield "photo_outside_document", "fix", {}


def _size(photo: Photo) -> dict[str, FindingValue]:
    return {"width": photo.facts.width_px, "height": photo.facts.height_px}


def _megabytes(size_bytes: int) -> int | float:
    """Megabytes as people read them: two digits below one, else one."""
    return _plain(round(size_bytes / _MB_AT_MOST, 2 if size_bytes < _MB_AT_MOST else 1))


def _plain(number: float) -> int | float:
    """2 rather than 2.0."""
    return int(number) if number == int(number) else number


def _taken_on(written: str | None) -> date | None:
    """The day a camera wrote; None when there is none or no such day."""
    if written is None:
        return None
    try:
        return date.fromisoformat(written[:10].replace(":", "-"))
    except ValueError:
        return None
