"""Whether a text is as long as the call asks. Pure."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from intake.checks.rule import Rule, judged_document
from intake.model import Document, Finding, Revision, Severity
from parsers.facts import Measure, Part

_NOTE: Severity = "note"


class WordCount(Rule):
    """Compares 字数 (or characters) with `min`, `max`, or `about`; only what is surely outside is asked to be mended."""

    name: ClassVar[str] = "word_count"
    about_check: ClassVar[str] = "字数：与 Word、WPS 显示的字数一致。"
    reads_documents: ClassVar[bool] = True

    check: Literal["word_count"]
    min: int | None = Field(None, gt=0, description="不少于多少字")
    max: int | None = Field(None, gt=0, description="不超过多少字")
    about: int | None = Field(None, gt=0, description="多少字左右；与 min、max 不能同时写")
    tolerance_percent: int = Field(
        20, ge=1, le=50, description="“左右”上下浮动的百分比：超出只作提示，超出两倍才请修改"
    )
    measure: Literal["words", "characters", "characters_with_spaces"] = Field(
        "words", description="words 字数；characters 字符数（不计空格）；characters_with_spaces 字符数（计空格）"
    )
    parts: tuple[Part, ...] = Field(
        ("main",),
        min_length=1,
        description="计入哪些部分：main 正文；text_box 文本框；footnote 脚注；endnote 尾注；form 表格",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.about is None and self.min is None and self.max is None:
            raise ValueError("没有写明字数｜请写 max、min 或 about")
        if self.about is not None and (self.min is not None or self.max is not None):
            raise ValueError("about 与 min、max 不能同时写｜请只留一种")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min 大于 max｜请检查两个数字")
        return self

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """At most one finding, on the judged document."""
        document = judged_document(revision, self.scope.role)
        if document is None or not self.judges(revision):
            return ()
        measure = self._measured(document)
        found = self._beside_about(document, measure) if self.about else self._beside_limits(document, measure)
        return (found,) if found else ()

    def _has_input(self, revision: Revision) -> bool:
        return judged_document(revision, self.scope.role) is not None

    def _measured(self, document: Document) -> Measure:
        counts = [document.facts.counts[part] for part in self.parts if part in document.facts.counts]
        measures: list[Measure] = [getattr(count, self.measure) for count in counts] or [Measure.exact(0)]
        doubtful = [measure.reason for measure in measures if measure.reason != "exact"]
        return Measure(
            value=sum(measure.value for measure in measures),
            low=sum(measure.low for measure in measures),
            high=sum(measure.high for measure in measures),
            reason="ocr" if "ocr" in doubtful else (doubtful[0] if doubtful else "exact"),
        )

    def _beside_limits(self, document: Document, measure: Measure) -> Finding | None:
        numbers: dict[str, Any] = {"found": measure.value, "low": measure.low, "high": measure.high}
        name = document.name
        if self.max is not None and measure.low > self.max:
            over = measure.value - self.max
            severity = _surest(measure)
            return self._finding("too_many_words", severity, file=name, **numbers, max=self.max, over=over)
        if self.min is not None and measure.high < self.min:
            short = self.min - measure.value
            severity = _surest(measure, document)
            return self._finding("too_few_words", severity, file=name, **numbers, min=self.min, short=short)
        if self.max is not None and measure.high > self.max:
            return self._finding("near_limit_words", "note", file=name, **numbers, limit=self.max)
        if self.min is not None and measure.low < self.min:
            return self._finding("near_limit_words", "note", file=name, **numbers, limit=self.min)
        return None

    def _beside_about(self, document: Document, measure: Measure) -> Finding | None:
        if self.about is None or not self._surely_beyond(measure, 1):
            return None
        code, severity = "about_words", _NOTE
        if self._surely_beyond(measure, 2):
            too_long = measure.value > self.about
            code, severity = "far_from_about", _surest(measure) if too_long else _surest(measure, document)
        return self._finding(
            code,
            severity,
            file=document.name,
            found=measure.value,
            low=measure.low,
            high=measure.high,
            about=self.about,
            tolerance_percent=self.tolerance_percent,
        )

    def _surely_beyond(self, measure: Measure, times: int) -> bool:
        """True when the whole range lies more than `times` tolerances away; whole percents, no rounding."""
        about = self.about or 0
        margin = times * self.tolerance_percent
        return measure.low * 100 > about * (100 + margin) or measure.high * 100 < about * (100 - margin)


def _surest(measure: Measure, short_document: Document | None = None) -> Severity:
    """`fix` unless doubt remains: OCR, or a text found short that has pages nobody could read."""
    unread_pages = short_document is not None and short_document.facts.pages_without_text > 0
    return "human" if measure.reason == "ocr" or unread_pages else "fix"
