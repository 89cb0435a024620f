"""Which files there are, and what is known of each without us."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

FILES = 1_370
"""How many the collection holds."""
CLASSES = (
    "email",
    "email_dsn",
    "email_msg",
    "email_tnef",
    "docx",
    "docx_wps_oracle",
    "doc",
    "rtf",
    "odt",
    "ofd",
    "pdf",
    "image",
    "archive",
)
EXPLAINED = Path(__file__).with_name("explained.tsv")
EXPLAINED_WORDS = Path(__file__).with_name("explained_words.tsv")


@dataclass(frozen=True)
class CorpusFile:
    """A file of the collection."""

    name: str
    """Class and file name: "doc/poi__quick.doc"."""
    path: Path
    note: str
    """What its collectors saw with other programs: "Rar5 n=4 unc=72 rc=0 ENCRYPTED"; empty when nothing."""

    @property
    def kind(self) -> str:
        """The class, the name of its folder."""
        return self.name.split("/", 1)[0]

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def corpus_files(corpus: Path) -> tuple[CorpusFile, ...]:
    """All files of the collection in the order of CLASSES, then by name; empty when it is not there."""
    if not corpus.is_dir():
        return ()
    with (corpus / "index.tsv").open(encoding="utf-8", newline="") as file:
        notes = {row["file"]: row["note"] or "" for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    found = [
        CorpusFile(f"{kind}/{path.name}", path, notes.get(f"{kind}/{path.name}", ""))
        for kind in CLASSES
        for path in sorted((corpus / kind).iterdir())
    ]
    return tuple(found)


def explained(table: Path = EXPLAINED) -> dict[str, str]:
    """What a person found when looking at a difference, by file name: the reason why ours may stand."""
    with table.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["why"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
