"""How a letter's text, names and words compare with those of a case. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from intake.casework.package import is_case
from intake.casework.sameness import case_shingles, version_similarity
from intake.casework.titles import is_generic_title, title_of_name
from intake.casework.wording import letters_only, opening, plain
from intake.model import Document, Letter, ReadFile


def likeness_of(new: Sequence[ReadFile], old: Sequence[ReadFile]) -> float | None:
    """0 to 1: how much the case text of `new` is a version of that of `old`; None when either has no readable text."""
    brought, known = case_shingles(new), case_shingles(old)
    return version_similarity(brought, known) if brought and known else None


def alike(likeness: float | None) -> tuple[str, ...]:
    """The evidence line for a likeness; none when there is none."""
    return (f"文字相似度{likeness:.0%}",) if likeness is not None else ()


def same_name(new: Sequence[ReadFile], old: Sequence[ReadFile], *, title: str) -> bool:
    """Whether a case of `new` bears a name of `old` or its `title`: a file name or title that not anybody might choose."""
    known = _names(old) | ({letters_only(title)} if title else set())
    return any(not is_generic_title(name) for name in _names(new) & known)


def said_in(letter: Letter, files: Sequence[ReadFile]) -> str:
    """Subject, text and file names of a letter in their plain form."""
    names = " ".join(file.name for file in files)
    return plain(f"{opening(letter.facts.subject)}\n{opening(letter.facts.text)}\n{names}")


def is_quoted(number: str, plain_text: str) -> bool:
    """Whether a 登记编号 stands in a text: not inside a longer one, and not the trial run's number of the same digits.

    What has no hyphen is no 登记编号: a bare "2" in a letter means something else.
    """
    if "-" not in number:
        return False
    return bool(re.search(rf"(?<!测试-)(?<![0-9a-z]){re.escape(plain(number))}(?!\d)", plain_text))


def _names(files: Collection[ReadFile]) -> set[str]:
    cases = [file for file in files if is_case(file)]
    titles = {letters_only(file.facts.title or "") for file in cases if isinstance(file, Document)}
    return ({letters_only(title_of_name(file.name)) for file in cases} | titles) - {""}
