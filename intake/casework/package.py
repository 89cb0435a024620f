"""What one letter brings, ready for casework: roles assigned, photos counted, a case in the body taken as a file. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from intake.casework.body import body_document
from intake.casework.photos import count_photos
from intake.casework.roles import assign_roles
from intake.casework.signs import CampaignSigns
from intake.model import Letter, Photo, Problem, ReadFile


def package_of(letter: Letter, signs: CampaignSigns) -> tuple[ReadFile, ...]:
    """The letter's files in order, roles assigned and photos counted.

    When no file can be read as the case and the letter's own text is one, the text comes
    last, as a document called 邮件正文.
    """
    files = assign_roles(letter.files, sections=signs.sections)
    if not any(is_case(file) and not isinstance(file, Problem) for file in files):
        body = body_document(letter.facts, sections=signs.sections)
        if body is not None:
            files = (*files, body)
    return count_photos(files)


def is_case(file: ReadFile) -> bool:
    """Whether a file is the case itself, readable or not."""
    return not isinstance(file, Photo) and file.role == "case"


def holds_material(files: Iterable[ReadFile]) -> bool:
    """Whether there is anything but pictures that do not count (an icon in a signature is no material)."""
    return any(not isinstance(file, Photo) or file.counted for file in files)
