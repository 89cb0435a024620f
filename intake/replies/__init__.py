"""The letters we write: composed from data and the language files. Pure.

`compose` makes a draft (subject, text, HTML) from what happened and how the cases
stand; `build_message` puts it into an envelope. Sentences live in `languages/*.toml`.
"""

from intake.replies.compose import compose
from intake.replies.envelope import INTAKE_HEADER, build_message, recipient_of
from intake.replies.language import Language
from intake.replies.language_file import load_language
from intake.replies.matter import (
    AnsweredLetter,
    CallRule,
    CaseReport,
    Draft,
    Letterhead,
    Notice,
    Occasion,
    ReplyKind,
    ReportFile,
    Topic,
    describe_file,
    list_files,
)
from intake.replies.sentences import describe_finding

__all__ = [
    "INTAKE_HEADER",
    "AnsweredLetter",
    "CallRule",
    "CaseReport",
    "Draft",
    "Language",
    "Letterhead",
    "Notice",
    "Occasion",
    "ReplyKind",
    "ReportFile",
    "Topic",
    "build_message",
    "compose",
    "describe_file",
    "describe_finding",
    "list_files",
    "load_language",
    "recipient_of",
]
