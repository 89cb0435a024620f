"""Every regular expression of the product, and the texts that hurt each most.

Patterns are found twice: in the namespaces of the imported modules, and as calls in their syntax. A call whose pattern
can be told neither way is reported, so that none is forgotten.
"""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import regex

PACKAGES = ("parsers", "config", "storage", "intake")
ROOT = Path(__file__).resolve().parents[2]
_NOT_IMPORTED = ("storage.migrations", "parsers.documents.ocr.__main__", "parsers.cage.launcher", "intake.__main__")
"""Programs, and what runs only inside Alembic; none holds a pattern."""
_ANCHORED = frozenset({"match", "fullmatch"})
_CALLS = frozenset({"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})


@dataclass(frozen=True)
class Found:
    """One pattern of ours."""

    where: str
    """Module and name ("parsers.text.titles._RUN"), or module and line for a pattern without a name."""
    pattern: Any
    """Compiled by `re` or `regex`."""
    anchored: bool
    """Used with `match` or `fullmatch` alone: it never begins in the middle of a text."""


def modules() -> Iterator[ModuleType]:
    """Every module of the product, imported."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not info.name.startswith(_NOT_IMPORTED):
                yield importlib.import_module(info.name)


def all_patterns() -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """All patterns, each text once for each way of use; and "file:line" of calls whose pattern could not be told."""
    found: dict[tuple[object, int, bool], Found] = {}
    untold: list[str] = []
    loaded = list(modules())
    used = _methods_used(loaded)
    for module in loaded:
        for name, value in vars(module).items():
            for each in _held(value):
                methods = used.get((module.__name__ if name.startswith("_") else "", name), set())
                anchored = bool(methods) and methods <= _ANCHORED
                _add(found, f"{module.__name__}.{name}", each, anchored=anchored)
        for node, pattern, anchored in _calls(module):
            where = f"{module.__name__}:{node.lineno}"
            if getattr(node.func, "attr", "") == "compile" and _is_found(found, pattern):
                continue  # it has a name, by which its use is known
            if pattern is None:
                untold.append(f"{module.__name__}: {ast.unparse(node)}")
            else:
                _add(found, where, pattern, anchored=anchored)
    return tuple(found.values()), tuple(untold)


def _add(found: dict[tuple[object, int, bool], Found], where: str, pattern: Any, *, anchored: bool) -> None:
    found.setdefault((pattern.pattern, pattern.flags, anchored), Found(where, pattern, anchored))


def _is_found(found: dict[tuple[object, int, bool], Found], pattern: Any) -> bool:
    keys = ((pattern.pattern, pattern.flags, anchored) for anchored in (True, False)) if pattern is not None else ()
    return any(key in found for key in keys)


def _held(value: object, depth: int = 0) -> Iterator[Any]:
    """Patterns in a value and in what it holds."""
    if isinstance(value, re.Pattern) or type(value).__module__ == "_regex":
        yield value
    elif depth < 4 and isinstance(value, Mapping):
        for each in value.values():
            yield from _held(each, depth + 1)
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _held(each, depth + 1)
    elif depth < 4 and is_dataclass(value):
        for field in fields(value):
            yield from _held(getattr(value, field.name, None), depth + 1)


def _methods_used(loaded: Sequence[ModuleType]) -> dict[tuple[str, str], set[str]]:
    """Which methods are called on a name, anywhere, or for a private one in its module; "?" when it is handed on instead."""
    used: dict[tuple[str, str], set[str]] = {}
    for module in loaded:
        tree = _syntax(module)
        called = set()

        def note(name: str, method: str, place: str = module.__name__) -> None:
            used.setdefault((place if name.startswith("_") else "", name), set()).add(method)

        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                note(node.value.id, node.attr)
                called.add(id(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
                note(node.id, "?")
    return used


def _calls(module: ModuleType) -> Iterator[tuple[ast.Call, Any, bool]]:
    """Calls of `re` and `regex` in a module, with the pattern or None, and whether it is anchored."""
    for node in ast.walk(_syntax(module)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        library = node.func.value
        if not (isinstance(library, ast.Name) and library.id in {"re", "regex"} and node.func.attr in _CALLS):
            continue
        yield node, _told(node, module, regex if library.id == "regex" else re), node.func.attr in _ANCHORED


def _told(node: ast.Call, module: ModuleType, library: Any) -> Any:
    """The pattern a call names, compiled; None when it depends on what only a running function knows."""
    flags = next((word.value for word in node.keywords if word.arg == "flags"), None)
    at = {"compile": 1, "search": 2, "match": 2, "fullmatch": 2, "findall": 2, "finditer": 2}
    place = at.get(getattr(node.func, "attr", ""), 99)
    flags = flags or (node.args[place] if len(node.args) > place else None)
    try:
        text = _value(node.args[0], module)
        return library.compile(text, _value(flags, module) if flags is not None else 0)
    except (NameError, KeyError):
        return None


def _value(expression: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.Expression(expression), "<pattern>", "eval")
    return eval(code, dict(vars(module)))  # our own source


@functools.cache
def _syntax(module: ModuleType) -> ast.Module:
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


# -- texts that hurt -----------------------------------------------------------------------

_PALETTE = (" ", "\n", "a", "1", "一", "。", ",", ":", "-", ".", "(", "（", "/", "\\", '"', "<", "=", "@", "\t", "A")
_TAILS = ("\x00", "")
_MOST_SAMPLES = 3
_LONG = 8
"""A repeat that may go on at least so often can be made to go on."""


def hostile_texts(pattern: Any, characters: int) -> Iterator[Any]:
    """Texts of about `characters` characters, made from the pattern's own repeats; bytes for a pattern of bytes."""
    binary = isinstance(pattern.pattern, bytes)
    source = pattern.pattern.decode("latin-1") if binary else pattern.pattern
    source = re.sub(r"\\p\{\w+\}", "一", source)  # `regex` knows scripts, `re` does not
    flags = pattern.flags & (re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL)
    parsed = re._parser.parse(source, flags)  # type: ignore[attr-defined]
    units = dict.fromkeys(_units(list(parsed)))
    for before, body in units:
        seen = set()
        for unit, start in ((body, before), (before + body, ""), (before, "")):
            if not unit:
                continue
            text = start + unit * (characters // len(unit))
            seen |= {text + tail for tail in _TAILS}
        for text in sorted(seen):
            yield text.encode("latin-1", "replace") if binary else text


def _units(items: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """For every repeat: a text that leads to it, and one that it takes in again and again."""
    for name, argument in items:
        kind = str(name)
        if kind.endswith("REPEAT"):
            _, most, body = argument
            bodies = _samples(list(body))
            if most >= _LONG:
                yield from ((before, each) for each in bodies if each)
            yield from _units(list(body), before)
        elif kind == "SUBPATTERN":
            yield from _units(list(argument[3]), before)
        elif kind == "ATOMIC_GROUP":
            yield from _units(list(argument), before)
        elif kind == "BRANCH":
            for branch in argument[1]:
                yield from _units(list(branch), before)
        elif kind in {"ASSERT", "ASSERT_NOT"}:
            yield from _units(list(argument[1]), before)
        before += next(iter(_samples([(name, argument)])), "")


def _samples(items: list[Any]) -> list[str]:
    """A few texts a sequence takes in."""
    texts = [""]
    for name, argument in items:
        more = _samples_of(str(name), argument) or [""]
        texts = [one + other for other in more for one in texts][: _MOST_SAMPLES * 2]
    return list(dict.fromkeys(texts))[: _MOST_SAMPLES * 2]


def _samples_of(kind: str, argument: Any) -> list[str]:
    if kind == "LITERAL":
        return [chr(argument)]
    if kind == "NOT_LITERAL":
        return [one for one in _PALETTE if one != chr(argument)][:_MOST_SAMPLES]
    if kind == "ANY":
        return ["a", "一", " "]
    if kind == "IN":
        return _members(argument)
    if kind.endswith("REPEAT"):
        least, _, body = argument
        return [each * max(1, least) if least else each for each in _samples(list(body))]
    if kind == "SUBPATTERN":
        return _samples(list(argument[3]))
    if kind == "ATOMIC_GROUP":
        return _samples(list(argument))
    if kind == "BRANCH":
        return [text for branch in argument[1] for text in _samples(list(branch))[:1]][: _MOST_SAMPLES * 2]
    return [""]


def _members(argument: Iterable[Any]) -> list[str]:
    """Characters of a class, of different kinds."""
    listed = list(argument)
    negated = str(listed[0][0]) == "NEGATE"
    rules = listed[1:] if negated else listed
    fitting = [one for one in _PALETTE if _is_in(one, rules) != negated]
    if not fitting and not negated:
        fitting = [chr(value[0] if str(kind) == "RANGE" else value) for kind, value in rules if str(kind) != "CATEGORY"]
    return fitting[: _MOST_SAMPLES + 1]


def _is_in(character: str, rules: Sequence[Any]) -> bool:
    for kind, value in rules:
        if str(kind) == "LITERAL" and ord(character) == value:
            return True
        if str(kind) == "RANGE" and value[0] <= ord(character) <= value[1]:
            return True
        if str(kind) == "CATEGORY" and _has_category(character, str(value)):
            return True
    return False


def _has_category(character: str, category: str) -> bool:
    name = category.removeprefix("CATEGORY_").lower()
    negated, name = name.startswith("not_"), name.removeprefix("not_")
    test = {"space": character.isspace(), "digit": character.isdigit(), "word": character.isalnum() or character == "_"}
    return test[name] != negated
