"""Every regular expression of the product.

Patterns are found in three ways: in the namespaces of the imported modules, as calls in their syntax, and, where one is
put together while the program runs, by watching representative work (`tests.hostile.pattern_builds`). What the syntax
shows and none of them explains is reported, so that none is forgotten.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
_HARMLESS = frozenset({"escape", "error", "Pattern", "Match"})
"""What else a module may take from `re`, beside flags: it makes no pattern."""
_LIBRARIES = frozenset({"re", "regex"})


@dataclass(frozen=True)
class Found:
    """One pattern of ours."""

    where: str
    """Module and name ("parsers.text.titles._RUN"), or module and line for a pattern without a name."""
    pattern: Any
    """Compiled by `re` or `regex`."""
    anchored: bool
    """Used with `match` or `fullmatch` alone: it never begins in the middle of a text."""

    @property
    def digest(self) -> str:
        """Stands for the pattern and its use, wherever it lies; another pattern has another one."""
        library = type(self.pattern).__module__
        told = repr((library, self.pattern.pattern, int(self.pattern.flags), self.anchored))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def modules() -> Iterator[ModuleType]:
    """Every module of the product, imported."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not info.name.startswith(_NOT_IMPORTED):
                yield importlib.import_module(info.name)


def all_patterns(builds: Mapping[str, Callable[[], object]]) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """All patterns, each once for each way of use; and the calls, as `call_text` has them, that nothing explains.

    `builds` does, for a call whose pattern is put together while the program runs, work that builds it.
    """
    found: dict[tuple[object, int, bool], Found] = {}
    untold: list[str] = []
    loaded = tuple(modules())
    used = _methods_used(loaded)
    for module in loaded:
        for name, value in vars(module).items():
            for each in _held(value):
                methods = used.get((module.__name__ if name.startswith("_") else "", name), set())
                anchored = bool(methods) and methods <= _ANCHORED
                _add(found, f"{module.__name__}.{name}", each, anchored=anchored)
        for node, pattern, anchored in _calls(module):
            if getattr(node.func, "attr", "") == "compile" and _is_found(found, pattern):
                continue  # it has a name, by which its use is known
            text = call_text(module.__name__, node)
            told = [pattern] if pattern is not None else _built(module, node, builds[text]) if text in builds else []
            if not told:
                untold.append(text)
            for each in told:
                _add(found, _place(module, node), each, anchored=anchored)
    return tuple(found.values()), tuple(untold)


def call_text(module: str, node: ast.Call) -> str:
    """A call as it is named in tables: "intake.lookups: re.findall(…)", as Python writes it, whatever its line."""
    return f"{module}: {ast.unparse(node)}"


def stray_uses(source: str) -> list[str]:
    """Uses of the pattern libraries that `all_patterns` could not follow: renamed, imported in parts, handed on.

    As "line: what"; empty when `source` calls them by name and nothing else.
    """
    tree = ast.parse(source)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    stray = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            stray += [f"{node.lineno}: import {each.name} as {each.asname}" for each in node.names if _is_renamed(each)]
        elif isinstance(node, ast.ImportFrom) and node.module in {*_LIBRARIES, "fnmatch", "sre_compile"}:
            stray.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in _LIBRARIES:
            is_call = node.attr in _CALLS and id(node) in called
            if not (is_call or node.attr.isupper() or node.attr in _HARMLESS):
                stray.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.keyword) and node.arg == "regex_engine":
            # Patterns of settings run in pydantic's own engine, which is linear.
            stray.append(f"{node.value.lineno}: {ast.unparse(node)}")
    return stray


def _is_renamed(name: ast.alias) -> bool:
    return name.name in {"fnmatch", "sre_compile"} or (name.name in _LIBRARIES and name.asname not in {None, name.name})


def _place(module: ModuleType, node: ast.Call) -> str:
    """The function a call stands in, "parsers.photos.vector._length()"; at the top of a module its line."""
    around = [
        each.name
        for each in ast.walk(_syntax(module))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and each.lineno <= node.lineno <= (each.end_lineno or 0)
    ]
    return f"{module.__name__}.{around[-1]}()" if around else f"{module.__name__}:{node.lineno}"


def _built(module: ModuleType, node: ast.Call, work: Callable[[], object]) -> list[Any]:
    """The patterns `work` had compiled by that call, each once; those it gives back, when it gives patterns back."""
    if isinstance(given := work(), tuple) and given and all(isinstance(each, re.Pattern) for each in given):
        return list(given)
    seen: dict[tuple[object, int], Any] = {}
    compile_one = re._compile  # type: ignore[attr-defined]  # the one way of every function of `re` to its pattern

    def watch(pattern: Any, flags: int) -> Any:
        compiled = compile_one(pattern, flags)
        caller = sys._getframe(2)
        line = node.lineno <= caller.f_lineno <= (node.end_lineno or node.lineno)
        if line and caller.f_globals.get("__name__") == module.__name__:
            seen[compiled.pattern, compiled.flags] = compiled
        return compiled

    re._compile = watch  # type: ignore[attr-defined]  # as above
    try:
        work()
    finally:
        re._compile = compile_one  # type: ignore[attr-defined]  # as above
    return list(seen.values())


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


@functools.cache
def _methods_used(loaded: tuple[ModuleType, ...]) -> dict[tuple[str, str], set[str]]:
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
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                note(node.value.attr, node.attr)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
                note(node.id, "?")
    return used


@functools.cache
def _calls(module: ModuleType) -> tuple[tuple[ast.Call, Any, bool], ...]:
    """Calls of `re` and `regex` in a module, with the pattern or None, and whether it is anchored."""
    found = []
    for node in ast.walk(_syntax(module)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        library = node.func.value
        if not (isinstance(library, ast.Name) and library.id in {"re", "regex"} and node.func.attr in _CALLS):
            continue
        found.append((node, _told(node, module, regex if library.id == "regex" else re), node.func.attr in _ANCHORED))
    return tuple(found)


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


# -- those measured before -----------------------------------------------------------------

MEASURED = Path(__file__).with_name("measured_patterns.txt")


def unmeasured(patterns: Sequence[Found]) -> list[Found]:
    """Those the last whole run of `python -m bench.patterns` did not find well as they stand now, in the given order."""
    known = {line.split()[0] for line in MEASURED.read_text("ascii").splitlines()} if MEASURED.exists() else set()
    return [each for each in patterns if each.digest not in known]


def write_measured(patterns: Collection[Found]) -> None:
    """Put down the patterns that were found well."""
    MEASURED.write_text("".join(f"{digest}\n" for digest in sorted({each.digest for each in patterns})), "ascii")
