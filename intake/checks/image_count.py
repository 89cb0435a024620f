"""Whether enough photos came. Pure."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from intake.checks.rule import Rule
from intake.model import Finding, Photo, Revision
from parsers.facts import Format
from parsers.text.repeated_sections import cases_inside

_MAY_HOLD_PICTURES: frozenset[Format] = frozenset(
    {"docx", "doc", "pdf", "odt", "ofd", "wps", "rtf", "html", "archive", "letter", "other"}
)


class ImageCount(Rule):
    """Compares the counted photos, wherever they stand, with `min` and `max`."""

    name: ClassVar[str] = "image_count"
    about_check: ClassVar[str] = "照片张数：附件、压缩包和文档里的照片合在一起计，同一张只计一次。"

    check: Literal["image_count"]
    min: int | None = Field(None, ge=1, description="不少于几张；不足请补充")
    max: int | None = Field(None, ge=1, description="不超过几张；多出只作提示")

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("没有写明张数｜请写 min 或 max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min 大于 max｜请检查两个数字")
        return self

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """At most one finding on the whole submission.

        Photos that came with several cases and may be of any of them are asked about, not asked for again.
        Unreadable files, and those only linked to, may hold what is missing. Where no readable case document is there either, nothing is said
        (`readable_files` stops the case); where there is one, a person looks.
        """
        if not self.judges(revision):
            return ()
        found = sum(photo.counted for photo in revision.photos)
        if self.max is not None and found > self.max:
            return (self._finding("too_many_images", "note", found=found, max=self.max),)
        if self.min is None or found >= self.min:
            return ()
        unplaced = sum(isinstance(file, Photo) for file in revision.unplaced)
        if unplaced:
            return (self._finding("photos_unplaced", "human", found=found, min=self.min, unplaced=unplaced),)
        return (
            self._finding(
                "too_few_images",
                "human" if self._may_be_hidden(revision, found) else "fix",
                found=found,
                min=self.min,
                missing=self.min - found,
                not_counted=sum(not photo.counted for photo in revision.photos),
            ),
        )

    def _has_input(self, revision: Revision) -> bool:
        found = sum(photo.counted for photo in revision.photos)
        enough = self.min is None or found >= self.min
        hidden = bool(revision.linked) or self._may_be_hidden(revision, found)
        return enough or bool(revision.case_documents) or not hidden

    def _may_be_hidden(self, revision: Revision, found: int) -> bool:
        if any(cases_inside(case.facts) > 1 for case in revision.case_documents):
            return True
        hiding = [problem for problem in revision.problems if problem.role in {"case", "attachment", "duplicate"}]
        if any(problem.format in _MAY_HOLD_PICTURES and problem.code != "empty" for problem in hiding):
            return True
        unreadable_photos = sum(problem.format == "image" for problem in hiding)
        return self.min is not None and found + unreadable_photos >= self.min
