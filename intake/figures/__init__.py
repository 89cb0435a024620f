"""Numbers and lists for organizers: the digest. Pure."""

from intake.figures.digest import write_digest
from intake.figures.matter import (
    CaseLine,
    DigestDraft,
    DigestMatter,
    FolderCount,
    HumanItem,
    IgnoredLetter,
    Incident,
    LinkLine,
    MailState,
    StuckMail,
)

__all__ = [
    "CaseLine",
    "DigestDraft",
    "DigestMatter",
    "FolderCount",
    "HumanItem",
    "IgnoredLetter",
    "Incident",
    "LinkLine",
    "MailState",
    "StuckMail",
    "write_digest",
]
