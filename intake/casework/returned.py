"""Marked copies of ours that came back, and whether anything in their text is new. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from intake.casework.wording import letters_only
from intake.model import Document, Finding, Letter

_ABOUT_TEXT = frozenset({"word_count", "required_sections"})


def returned_unchanged(
    letters: Sequence[Letter], latest: Collection[str], findings: Sequence[Finding]
) -> tuple[str, ...]:
    """Names of the marked copies in the `latest` letters whose text stood in an earlier letter already, in order, once each.

    `latest`: SHA-256 of the letters in hand. Empty when none of `findings` asks for anything of a text: a copy with
    better pictures is no mistake.
    """
    if not any(finding.severity == "fix" and finding.check in _ABOUT_TEXT for finding in findings):
        return ()
    earlier = {_plain(file) for letter in letters if letter.sha256 not in latest for file in _documents(letter)}
    back = (file for letter in letters if letter.sha256 in latest for file in _documents(letter))
    names = (file.name for file in back if file.facts.own_comments and _plain(file) in earlier)
    return tuple(dict.fromkeys(names))


def _documents(letter: Letter) -> Sequence[Document]:
    return [file for file in letter.files if isinstance(file, Document)]


def _plain(document: Document) -> str:
    return letters_only("".join(block.text for block in document.facts.blocks))
