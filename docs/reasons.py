"""The page 常见补充原因: what each point of a letter means, for those who receive it. Pure but for reading its file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from intake.model import Finding
from intake.replies import Language, Letterhead, load_language
from intake.replies.sentences import Voice, asked_line, gather_points, todo_line

SOURCE = Path(__file__).with_name("reasons.toml")
ORGANIZERS_ONLY = frozenset({"attest", "disputed", "macros_present", "version_to_choose"})
"""Codes no letter to a submitter ever names."""

_LETTERHEAD = Letterhead(title="", subject_tag="", signature="", zone="Asia/Shanghai", sender_address="")


def reasons_page() -> Iterator[str]:
    """The page's lines, in the order of the catalogue: one entry for each code."""
    language = load_language("zh-CN")
    yield "# 常见补充原因"
    yield ""
    yield "本页由 `python -m docs.generate` 根据程序生成，请勿直接修改。"
    yield ""
    yield "写给报送单位：回信里的每一种说法是什么意思、怎么办、举个例子。要求以各次征集的启事为准，下面的数字只是举例。"
    yield ""
    yield "补充材料时直接回复收到的那封邮件，只发要补充或修改的文件，已经收到的不用重发。有不同看法也请直接回复，工作人员会复核，复核期间不影响报送。"
    for check, entries in _catalogue().items():
        yield ""
        yield f"## {language.say(f'check.{check}')}"
        for code, entry in entries.items():
            yield ""
            yield from _entry(check, code, entry, language)


def codes_explained() -> tuple[str, ...]:
    """The codes of the page, in its order."""
    return tuple(code for entries in _catalogue().values() for code in entries)


def examples() -> tuple[Finding, ...]:
    """One finding for each code of the page, in its order, each under a rule of its own."""
    return tuple(_finding(check, code, entry) for check, of in _catalogue().items() for code, entry in of.items())


def _finding(check: str, code: str, entry: Mapping[str, Any]) -> Finding:
    return Finding(code, check, code, "fix", file=entry.get("file"), values=_values(entry))


def _catalogue() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def _entry(check: str, code: str, entry: Mapping[str, Any], language: Language) -> Iterator[str]:
    finding = _finding(check, code, entry)
    voice = Voice(language, _LETTERHEAD, language.say("you.unit"))
    (point,) = gather_points((finding,), voice)
    asked, todo = asked_line(finding, voice), todo_line(finding, voice)
    yield f"### {entry['title']}"
    yield ""
    said = [f"{language.say('label.asked')}：{asked}。"] if asked else []
    said.append(f"{language.say('label.found')}：{language.sentence(*point.found)}")
    said += [f"{language.say('label.todo')}：{language.sentence(todo)}"] if todo else []
    yield "> " + "<br>".join(said)
    yield ""
    yield f"- 什么意思：{entry['means']}"
    yield f"- 怎么办：{entry['how']}"
    yield f"- 例子：{entry['example']}"


def _values(entry: Mapping[str, Any]) -> dict[str, Any]:
    values = entry.get("values", {})
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
