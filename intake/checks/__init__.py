"""The checks a campaign can ask for, one file each, in the order of `CHECKS`. Pure.

To add one: write `intake/checks/x.py` with its test, add a line to `CHECKS` and its
sentences to each language file.
"""

from __future__ import annotations

from intake.checks.accepted_formats import AcceptedFormats
from intake.checks.attest import Attest
from intake.checks.building import build_checks
from intake.checks.category import Category
from intake.checks.deadline import Deadline
from intake.checks.duplicates import Duplicates
from intake.checks.image_count import ImageCount
from intake.checks.judging import judge
from intake.checks.leftovers import Leftovers
from intake.checks.level import Level
from intake.checks.photo_names import PhotoNames
from intake.checks.photo_quality import PhotoQuality
from intake.checks.readable_files import ReadableFiles
from intake.checks.required_sections import RequiredSections
from intake.checks.rule import Rule
from intake.checks.summary_sheet import SummarySheet
from intake.checks.word_count import WordCount

CHECKS: tuple[type[Rule], ...] = (
    Deadline,
    ReadableFiles,
    AcceptedFormats,
    WordCount,
    RequiredSections,
    ImageCount,
    PhotoQuality,
    PhotoNames,
    Category,
    Level,
    Duplicates,
    SummarySheet,
    Leftovers,
    Attest,
)
"""Every check, in the order a reader of a letter expects its findings. Names are a contract."""

__all__ = ["CHECKS", "Rule", "build_checks", "judge"]
