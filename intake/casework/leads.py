"""Which documents of a letter are cases of their own. Pure.

Two are only taken for two when each stands alone: built as a case, or long and under headings
of its own. Versions of one text, parts of one case (上, 下) and what lies between stay
together, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.casework.sameness import RELATED, shingles, version_similarity
from intake.casework.structure import campaign_sections_in, case_parts_in
from intake.casework.wording import letters_only, main_text, main_words, stem
from intake.model import Document, ReadFile

_CASE_PARTS = 3
_NAMED_WORDS = 500
"""字数 from which a document called 案例 stands alone."""
_OWN_HEADINGS_WORDS = 1200
_OWN_HEADINGS = 3
"""A text of this length under so many headings is a case under slogans of its own; press reports are shorter and have none."""

_CASE_NAME = re.compile(r"案例|事迹")
_PART_OF_ONE = re.compile(
    r"(?:上|中|下|[上中下][篇册]|续|第?[一二三四五六七八九十\d]{1,6}(?:部分|章|节|页)|part\d{1,6}|正文|附件|点评|评论){1,8}$"
)


def find_leads(files: Sequence[ReadFile], sections: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """SHA-256 of the documents that are cases of their own, those of one case together; in the order of `files`.

    `files`: roles assigned. Fewer than two entries mean that nothing is to be told apart.
    """
    cases = [file for file in files if isinstance(file, Document) and file.role == "case"]
    sure = [case for case in cases if stands_alone(case, sections)]
    clusters: list[list[Document]] = []
    for case in sure:
        of_one = [cluster for cluster in clusters if any(_belong_together(case, each, sections) for each in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in of_one]
        clusters.append([*(each for cluster in of_one for each in cluster), case])
    order = {case.sha256: at for at, case in reversed(list(enumerate(sure)))}
    clusters.sort(key=lambda cluster: min(order[case.sha256] for case in cluster))
    return tuple(tuple(dict.fromkeys(case.sha256 for case in cluster)) for cluster in clusters)


def stands_alone(document: Document, sections: Sequence[str]) -> bool:
    """Whether a document is a case whatever lies beside it."""
    words = main_words(document)
    wanted = max(2, (len(sections) + 1) // 2)
    if len(campaign_sections_in(document, sections)) >= wanted or case_parts_in(document) >= _CASE_PARTS:
        return True
    if _CASE_NAME.search(stem(document.name)) and words >= _NAMED_WORDS:
        return True
    return words >= _OWN_HEADINGS_WORDS and len(document.facts.headings) >= _OWN_HEADINGS


def _belong_together(a: Document, b: Document, sections: Sequence[str]) -> bool:
    """One text in two versions, or one case in two files."""
    if version_similarity(shingles(main_text(a)), shingles(main_text(b))) >= RELATED:
        return True
    parts_a, parts_b = (set(campaign_sections_in(each, sections)) for each in (a, b))
    if parts_a and parts_b and not parts_a & parts_b:
        return True
    names = [letters_only(stem(each.name)) for each in (a, b)]
    rests = [_PART_OF_ONE.sub("", name) for name in names]
    return a.folder == b.folder and rests[0] == rests[1] and names[0] != names[1] and len(rests[0]) > 1
