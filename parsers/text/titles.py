"""Compares section titles as people write them: 一、背景和起因： is 背景与起因, 工作成效 is one way to say 成效. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Literal

from parsers.text.heading_numbers import without_number
from parsers.text.script import to_simplified
from parsers.text.section_words import head_word, perhaps_parts, usual_part

AND = "与"
"""What every connective becomes in a normalised title."""

_Grade = Literal["named", "kin", "perhaps"]

_CONNECTIVE = re.compile(r"以及|[与和及、暨&/／＋+]|\band\b", re.IGNORECASE)
_SUBTITLE = re.compile(r"[：:—（(【|｜]|--| - ")
_EXPLANATION = re.compile(r"[：:—|｜]|--| - ")
_NOTE = re.compile(r"[（(][^（）()]*[）)]\s*$")
_ARTICLE = re.compile(r"^\s*(?:an?|the)\s+", re.IGNORECASE)
_LATIN_TAIL = re.compile(r"(?<=[\u3400-\u9fff])[\s（(]*[A-Za-z][A-Za-z\s,&'’-]*[)）]?$")
_SET_APART = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_OUTSIDE = re.compile(r"[^\w]+|_")
_BEFORE = (
    "本案例的", "本案例", "案例的", "案例", "工作", "项目", "活动", "实施", "主要", "基本", "具体", "典型", "相关", "关于", "我们", "有关",
    "取得的", "取得", "所取得的", "创新", "特色", "社会", "治理", "执行", "综合", "实际", "几点", "一些", "群众", "居民", "专家", "社区",
    "事情", "事件", "问题的", "初步", "整体", "总体", "开展", "推进", "建设", "服务", "个人", "今后的", "存在的", "存在", "面临的", "面临",
)  # fmt: skip
_AFTER = ("部分", "情况", "内容", "介绍", "简介", "概述", "概况", "分析", "如下", "阐述", "说明", "总结")
_LONGEST_MODIFIER = 4
_ACTS = re.compile(r"[显见出促求有提升释放解决建创抓强优化聚凝打造推动完善突破更换征集破达增]")
"""Before a head word these make a slogan of it: 共治见成效, 解决问题."""


def normalise_title(text: str) -> str:
    """A title in the form titles are compared in: simplified, half-width, lower case, no number, no article, no
    punctuation, no spaces, every connective 与 (none at the ends, none doubled). Empty when nothing is left.
    """
    title = _ARTICLE.sub("", without_number(text.strip().strip("【】〖〗[]［］")))
    plain = to_simplified(unicodedata.normalize("NFKC", _SET_APART.sub("", title)))
    parts = (_OUTSIDE.sub("", part) for part in _CONNECTIVE.split(plain.lower()))
    return AND.join(part for part in parts if part)


def title_matches(heading: str, wanted: str) -> float:
    """How surely a heading is the section a call asks for, from 1.0 down to 0.0.

    1.0 the same words; 0.9 the same with words around them (治理成效 for 成效); a fraction when only some of its
    elements are there (做法 of 做法与经过: 0.5); at most 0.5 by another usual word for the same part (经验启示 for
    探讨与评论); 0.25 when it may be meant (结语); else 0.0. A word inside another name is none: 背景音乐 is no 背景.
    A heading counts for what it names before a colon, a dash or a bracket, and after it.

    Args:
        heading: As printed, or its title.
        wanted: The section's title in the call.
    """
    return max((_match(candidate, normalise_title(wanted)) for candidate in _candidates(heading)), default=0.0)


@functools.lru_cache(maxsize=2048)
def names_usual_part(title: str) -> bool:
    """Whether a title names a part that cases usually have, alone or with another: 案例背景, 主要做法和成效."""
    return any(all(usual_part(_bare(element)) for element in candidate.split(AND)) for candidate in _candidates(title))


@functools.lru_cache(maxsize=2048)
def _candidates(heading: str) -> tuple[str, ...]:
    """The heading whole, its lead before a subtitle, what follows the lead, and all without a translation behind it."""
    whole = without_number(heading.strip().strip("【】〖〗[]［］"))
    named, *explained = _EXPLANATION.split(whole, maxsplit=1)
    lead = _SUBTITLE.split(whole, maxsplit=1)[0]
    texts = [heading, whole, lead, _NOTE.sub("", named), _LATIN_TAIL.sub("", whole)]
    texts += (without_number(text.lstrip("—-：: ")) for text in explained)
    return tuple(dict.fromkeys(normal for normal in map(normalise_title, texts) if normal))


@functools.lru_cache(maxsize=4096)
def _match(found: str, aim: str) -> float:
    if not aim:
        return 0.0
    joined = found.replace(AND, ""), aim.replace(AND, "")
    if joined[0] == joined[1]:
        return 1.0
    asked = _elements(aim)
    grades = _grades(_elements(found), asked)
    named, kin = grades.count("named"), grades.count("kin")
    whole = _same(*joined) or _bare(joined[0]) == _bare(joined[1])
    if whole or (named and named + kin == len(asked)):
        return 0.9
    score = (named + kin) / len(asked) if named else min(0.5, kin / len(asked))
    return round(max(score, 0.25 if "perhaps" in grades else 0.0), 2)


def _grades(found: tuple[str, ...], asked: tuple[str, ...]) -> list[_Grade | None]:
    """For each asked element how it is named. One word names one element: 做法 is not 经过 as well."""
    grades: list[_Grade | None] = [None] * len(asked)
    left = list(found)
    steps: tuple[_Grade, ...] = ("named", "kin", "perhaps")
    for grade in steps:
        for index, element in enumerate(asked):
            if grades[index] is None:
                word = next((word for word in left if _grade(word, element) == grade), None)
                if word is not None:
                    grades[index] = grade
                    left.remove(word)
    return grades


@functools.lru_cache(maxsize=4096)
def _grade(found: str, asked: str) -> _Grade | None:
    if _same(found, asked) or _ends_as(found, asked) or _ends_as(asked, found):
        return "named"
    heads = head_word(found), head_word(asked)
    modifiers = found.removesuffix(heads[0]), asked.removesuffix(heads[1])
    if heads[0] and heads[0] == heads[1] and modifiers[0] in modifiers[1]:
        return "named"  # 处理过程 of 组织实施（处理处置）过程
    part = usual_part(heads[1])
    if part is None:
        return None
    if part == usual_part(found) or (part == usual_part(heads[0]) and modifiers[0] == modifiers[1]):
        return "kin"
    is_near = part == usual_part(heads[0]) and _is_modifier(modifiers[0])
    return "perhaps" if is_near or part in perhaps_parts(found) else None


def _same(one: str, other: str) -> bool:
    """Equal, or two words of two characters the other way round: 品牌特色, 特色品牌."""
    return one == other or (len(one) == len(other) == 4 and one == other[2:] + other[:2])


def _ends_as(name: str, head: str) -> bool:
    """Whether `name` is `head` with a modifier before it: 育人成效, 成效."""
    return head_word(head) == head != "" and name.endswith(head) and _is_modifier(name.removesuffix(head))


def _is_modifier(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_MODIFIER and _ACTS.search(text) is None


@functools.lru_cache(maxsize=2048)
def _elements(normal: str) -> tuple[str, ...]:
    """What a title is made of: 案例背景与主要起因 is 背景, 起因; each once."""
    return tuple(dict.fromkeys(_bare(element) for element in normal.split(AND)))


def _bare(element: str) -> str:
    """An element without the words that say nothing; itself when nothing else is left."""
    core = element.replace("的", "") or element
    for strip, words in ((str.removeprefix, _BEFORE), (str.removesuffix, _AFTER)):
        shorter: str | None = core
        while shorter and usual_part(core) is None:
            shorter = next((rest for word in words if (rest := strip(core, word)) and rest != core), None)
            core = shorter or core
    return core
