"""Whether documents or photos come in a format the call accepts. Pure."""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

from pydantic import Field, field_validator

from config.complaints import did_you_mean
from intake.checks.rule import NameList, Rule
from intake.model import Document, Finding, Problem, Revision
from parsers.facts import Format, PhotoFacts

_DOCUMENT_FORMATS: tuple[str, ...] = tuple(
    name for name in get_args(Format) if name not in {"letter", "archive", "other"}
)
_PHOTO_FORMATS: tuple[str, ...] = tuple(
    name for name in get_args(PhotoFacts.model_fields["kind"].annotation) if name != "other"
)
_SPELLINGS = {"jpg": "jpeg", "tif": "tiff", "heif": "heic"}


class AcceptedFormats(Rule):
    """Compares formats, told by bytes and not by name, with the call's list."""

    name: ClassVar[str] = "accepted_formats"
    about_check: ClassVar[str] = "文件格式：按文件内容识别，不看扩展名。"
    reads_documents: ClassVar[bool] = True

    check: Literal["accepted_formats"]
    of: Literal["documents", "photos"] = Field("documents", description="documents 看文档；photos 看照片")
    formats: NameList = Field(min_length=1, description='接受的格式，如 ["docx", "pdf"]；照片如 ["jpeg", "png"]')

    @field_validator("formats")
    @classmethod
    def _known(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        known = _DOCUMENT_FORMATS + _PHOTO_FORMATS
        plain = tuple(_SPELLINGS.get(name.lower().strip(" ."), name.lower().strip(" .")) for name in formats)
        for name in plain:
            if name not in known:
                raise ValueError(f"没有“{name[:20]}”这种格式｜{did_you_mean(name, known)}")
        return plain

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """One finding for each file in another format, in order."""
        if not self.judges(revision):
            return ()
        return tuple(
            self._finding("format_not_accepted", "fix", file=name, format=format_, accepted=self.formats)
            for name, format_ in self._formats_of(revision)
            if format_ not in self.formats
        )

    def _has_input(self, revision: Revision) -> bool:
        return bool(self._formats_of(revision))

    def _formats_of(self, revision: Revision) -> tuple[tuple[str, str], ...]:
        if self.of == "photos":
            return tuple((photo.name, photo.facts.kind) for photo in revision.photos if photo.counted)
        # The format of an unreadable file is known all the same.
        return tuple(
            (file.name, file.format)
            for file in revision.files
            if isinstance(file, Document | Problem) and file.role == self.scope.role and file.format != "archive"
        )
