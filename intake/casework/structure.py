"""How much a text is built like a case: the campaign's parts, or parts any case has. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model import Document
from parsers.text.titles import title_matches

_NAMED = 0.9
"""From here a heading names the whole section, words around it aside; half of 做法与经过 is not enough for evidence."""
_CASE_PART = re.compile(
    r"背景|起因|缘由|概况|概述|基本情况|主要问题|痛点|难点|做法|举措|措施|经过|过程|实施|路径|"
    r"成效|成果|效果|反响|影响|启示|经验|探讨|评论|评析|点评|思考|体会|创新点|亮点|下一步|总结"
)


def campaign_sections_in(document: Document, sections: Sequence[str]) -> tuple[str, ...]:
    """Those of `sections` that stand among the document's headings, in the campaign's order."""
    titles = [heading.title for heading in document.facts.headings]
    return tuple(section for section in sections if any(title_matches(title, section) >= _NAMED for title in titles))


def case_parts_in(document: Document) -> int:
    """How many headings name a part that cases usually have (背景, 做法, 成效, 启示 …)."""
    return sum(1 for heading in document.facts.headings if _CASE_PART.search(heading.title))
