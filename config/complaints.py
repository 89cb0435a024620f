"""Says in plain Chinese what pydantic found wrong with a table. Pure. Never repeats a secret's value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process, utils

from config.errors import Problem
from config.toml_file import nearest_line

_SECRET_WORDS = ("password", "secret", "token", "url")
_CLOSE_ENOUGH = 60.0
"""Lowest rapidfuzz ratio (0 to 100) at which another word is offered as meant."""

_PLAIN: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少这一项", "请补上"),
    "string_type": ("应为文字", "请放在英文双引号里"),
    "int_type": ("应为整数", "请直接写数字，不加引号和单位"),
    "int_parsing": ("应为整数", "请直接写数字，不加单位"),
    "int_from_float": ("应为整数", "请去掉小数"),
    "float_type": ("应为数字", "请直接写数字，不加引号和单位"),
    "float_parsing": ("应为数字", "请直接写数字，不加单位"),
    "bool_type": ("应为 true 或 false", "不加引号"),
    "bool_parsing": ("应为 true 或 false", ""),
    "tuple_type": ("应为列表", '请写成 ["甲", "乙"] 的形式'),
    "list_type": ("应为列表", '请写成 ["甲", "乙"] 的形式'),
    "dict_type": ("应为一组“名称 = 值”", "请写成 { 名称 = 值 } 的形式"),
    "model_type": ("应为一组“名称 = 值”", "请写成 { 名称 = 值 } 的形式"),
    "model_attributes_type": ("应为一组“名称 = 值”", "请写成 { 名称 = 值 } 的形式"),
    "string_too_short": ("不能为空", ""),
    "too_short": ("至少要有一项", ""),
    "time_parsing": ("时间写法不对", '请写成 "08:00" 的形式'),
    "time_type": ("时间写法不对", '请写成 "08:00" 的形式'),
}


def complaints(
    error: ValidationError,
    model: type[BaseModel],
    *,
    file: str,
    prefix: str,
    lines: Mapping[str, int],
) -> tuple[Problem, ...]:
    """One problem for each fault in `error`, in the order of the model's fields.

    `prefix` is the dotted key of the validated table ("campaign", "rule[2]"; empty for the whole file).
    """
    problems = []
    for fault in error.errors(include_url=False, include_context=True):
        path = _path_of(fault)
        key = ".".join(part for part in (prefix, *path) if part)
        problem, advice = _wording(fault, model=model, path=path)
        problems.append(Problem(file, key, nearest_line(key, lines), problem, advice))
    return tuple(problems)


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """「是否想写 x」 for the choice most like `word`, else a list of all choices when they are few; may be empty."""
    found = process.extractOne(word, choices, scorer=fuzz.ratio, processor=utils.default_process)
    if found and found[1] >= _CLOSE_ENOUGH:
        return f"是否想写 {found[0]}"
    if 0 < len(choices) <= 12:
        return f"可以写：{'、'.join(choices)}"
    return ""


def _path_of(fault: ErrorDetails) -> tuple[str, ...]:
    parts: list[str] = []
    for step in fault["loc"]:
        if isinstance(step, int) and parts:
            parts[-1] = f"{parts[-1]}[{step + 1}]"
        elif isinstance(step, str) and step != "[key]":  # pydantic's mark for a fault in the key itself
            parts.append(step)
    return tuple(parts)


def _wording(fault: ErrorDetails, *, model: type[BaseModel], path: Sequence[str]) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return "没有这一项", did_you_mean(path[-1] if path else "", _names_at(model, path[:-1]))
    if kind == "value_error":
        # Our own validators speak Chinese: "problem｜advice".
        problem, _, advice = str(context.get("error", fault["msg"])).partition("｜")
        return problem, advice
    if kind in {"literal_error", "enum"}:
        expected = [word.strip(" '") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return f"只能从规定的几种里选{_shown(fault, path)}", did_you_mean(str(fault["input"]), expected)
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        limit = next(iter(context.values()))
        word = {"greater_than": "大于", "greater_than_equal": "不小于", "less_than": "小于"}.get(kind, "不大于")
        return f"应{word} {limit}{_shown(fault, path)}", ""
    if kind == "string_pattern_mismatch":
        if "@" in str(context.get("pattern")):
            return f"不是邮箱地址{_shown(fault, path)}", "请写成 name@example.com"
        return f"含有不能用的字符{_shown(fault, path)}", "只能用小写字母、数字和连字符"
    problem, advice = _PLAIN.get(kind, ("写法不对", ""))
    return problem + ("" if kind == "missing" else _shown(fault, path)), advice


def _shown(fault: ErrorDetails, path: Sequence[str]) -> str:
    value: Any = fault["input"]
    if any(word in step.lower() for word in _SECRET_WORDS for step in path):
        return ""
    if not isinstance(value, str | int | float | bool):
        return ""
    return f"，现为“{str(value)[:40]}”"


def _names_at(model: type[BaseModel], path: Sequence[str]) -> tuple[str, ...]:
    """The names a table may hold at `path` below `model`."""
    for step in path:
        field = model.model_fields.get(step.partition("[")[0])
        if field is None:
            return ()
        inner = _model_in(field.annotation)
        if inner is None:
            return ()
        model = inner
    return tuple(field.alias or name for name, field in model.model_fields.items() if not field.exclude)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _model_in(argument)) is not None:
            return found
    return None
