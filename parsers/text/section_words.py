"""The words Chinese cases head their usual parts with, and which of them mean the same part. Pure data with look-ups."""

from __future__ import annotations

import functools
from typing import Literal

UsualPart = Literal["background", "practice", "effect", "discussion"]

_USUAL: dict[UsualPart, str] = {
    "background": "背景 起因 缘起 缘由 由来 来由 起源 成因 问题由来 问题提出 问题缘起 基本情况 基本概况 概况 存在问题 主要问题 "
    "面临问题 问题 困境 挑战 现状",
    "practice": "做法 作法 经过 举措 措施 过程 步骤 路径 实践 探索 实践探索 探索实践 办法 开展情况 实施情况 工作开展 经验做法 方法步骤 流程",
    "effect": "成效 成果 效果 反响 回响 影响 效益 实效 成绩 收获 变化 社会效益 社会影响 效应",
    "discussion": "探讨 省思 评论 点评 评析 述评 启示 经验 经验启示 经验体会 体会 心得 心得体会 思考 反思 讨论 感悟 感想 领悟 剖析",
}
_PERHAPS: dict[UsualPart, str] = {
    "background": "前言 引言 导语 引子 序言 痛点 难点 难题 困难 需求 简介",
    "practice": "思路 内容 方法 方案 行动",
    "effect": "实绩 评价 价值 荣誉",
    "discussion": "结语 结束语 总结 小结 下一步 打算 计划 展望 建议 推广价值 推广 意义 分析 教训 不足 后记",
}
_OTHER_HEADS = (
    "主题 目标 定位 品牌 亮点 附录 结果 方法 目的 结论 摘要 展望 建议 问题 计划 意义 总结 特色 创新点 关键词 关键字"
)


@functools.cache
def _parts() -> dict[str, UsualPart]:
    return {word: part for part, words in _USUAL.items() for word in words.split()}


@functools.cache
def _perhaps() -> dict[str, frozenset[UsualPart]]:
    words: dict[str, set[UsualPart]] = {}
    for part, names in _PERHAPS.items():
        for name in names.split():
            words.setdefault(name, set()).add(part)
    return {name: frozenset(parts) for name, parts in words.items()}


@functools.cache
def _heads() -> tuple[str, ...]:
    return tuple(sorted({*_parts(), *_OTHER_HEADS.split()}, key=len, reverse=True))


def usual_part(word: str) -> UsualPart | None:
    """The usual part of a case that `word` (simplified, nothing around it) names; None when it names none surely."""
    return _parts().get(word)


def perhaps_parts(word: str) -> frozenset[UsualPart]:
    """The usual parts that `word` may stand for in some cases; empty when for none."""
    return _perhaps().get(word, frozenset())


def head_word(element: str) -> str:
    """The longest known word a name ends with: 成效 of 育人成效. A Chinese name means what it ends with; empty when unknown."""
    return next((head for head in _heads() if element.endswith(head)), "")
