"""One thing known of a submission, and how it is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from intake.casework.wording import letters_only, quote
from intake.model import Document, ReadFile
from parsers.facts import FormField

Place = Literal[
    "form",
    "byline",
    "closing",
    "answer",
    "body",
    "signature",
    "document",
    "file_name",
    "subject",
    "display_name",
    "roster",
]
"""Where it was read."""

STRENGTH: dict[Place, int] = {
    "answer": 0,
    "form": 1,
    "byline": 2,
    "document": 2,
    "closing": 3,
    "signature": 4,
    "body": 5,
    "file_name": 6,
    "subject": 7,
    "display_name": 8,
    "roster": 9,
}
"""The smaller, the surer; between letters, a later word wins unless it is less sure."""


@dataclass(frozen=True, slots=True)
class Known:
    """One thing known of a submission, and how."""

    value: str
    place: Place
    evidence: str


def from_form(files: Sequence[ReadFile], name: str) -> Iterator[Known]:
    """What the forms of a submission, and forms inside its case, say in the field `name`; filled cells only."""
    for file in files:
        if isinstance(file, Document) and file.role in ("case", "form"):
            for field in file.facts.fields:
                if field.name == name and _is_filled(field):
                    yield Known(
                        " ".join(field.value.split()), "form", f"{file.name}:{field.label} {quote(field.value)}"
                    )


def _is_filled(field: FormField) -> bool:
    """Blank cells, rules of underscores and the form's own hints are no answer."""
    return bool(letters_only(field.value)) and not re.match(
        r"^\W*(请|须|如|限|不超过|\d+字以内|必填|选填)", field.value
    )
