"""Scripted conversations as data: the lines of a file in `tests/conversations`, parsed. Pure.

How a script is written stands in `tests/conversations/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from intake.demo.cases import load_case
from tests.letters import CHINA

YEAR = 2022
CLIENT_NAMES = (
    "QQ Mail", "NetEase", "Mail Master", "Foxmail", "Outlook", "iPhone", "Apple Mail", "a plain program",
)  # fmt: skip
"""In the order of `tests.letters.CLIENTS`."""

_EVENT = re.compile(r"(?P<at>\d\d-\d\d \d\d:\d\d)\s+(?P<what>.+)")
_LETTER = re.compile(
    r"(?:(?P<name>[^<@\s]+) )?<?(?P<sender>[^\s<>@]+@[^\s<>@]+)>? (?P<verb>writes|replies|quotes)"
    r"(?: to (?P<number>\S+?))?(?: with (?P<client>" + "|".join(CLIENT_NAMES) + r"))?(?: into (?P<folder>\w+))?"
    r"(?:: ?(?P<subject>.*))?"
)
_CLERK = re.compile(
    r"clerk (?P<act>passes|returns|waives (?P<rule>\S+) of|chooses version (?P<version>\d+) of) (?P<number>\S+?): (?P<text>.+)"
)
_BY_HAND = re.compile(r"clerk answers letter (?P<letter>\d+) by hand: (?P<text>.+)")
_MOVES = re.compile(r"clerk moves letter (?P<letter>\d+) from (?P<folder>\w+) to (?P<target>\w+)")
_COPY = re.compile(r"letter (?P<letter>\d+) turns up in (?P<folder>\w+)(?P<other> with other headers)?")
_BOUNCES = re.compile(
    r"(?P<sender>\S+@\S+) bounces our letter to (?P<to>\S+@\S+) as (?P<form>report|Coremail|QQ): (?P<reason>.+)"
)
_RELEASES = re.compile(r"clerk (?P<act>lifts) (?P<who>\S+@\S+)|clerk (?P<free>releases) the queue")
_SETTING = re.compile(r"settings (?P<table>\w+)\.(?P<key>\w+) = (?P<value>.+)")
_ANSWER = re.compile(r"-> (?P<to>\S+@\S+|organizers) receives (?P<kind>\w+)(?: (?P<numbers>\S.*))?")
_CASE = re.compile(r"=> (?P<number>\S+) (?P<state>\w+)(?:, (?P<more>.+))?")


class ScriptError(Exception):
    """A script that does not follow the format; says file and line."""


@dataclass(frozen=True)
class Answer:
    """A letter of ours that must go out."""

    to: str
    kind: str
    numbers: tuple[str, ...] = ()
    """登记编号 it must name."""
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseLine:
    """A case as it must stand."""

    number: str
    state: str
    more: tuple[tuple[str, str], ...] = ()
    """(what, value): photos, documents, revision, title, unit, category, received."""


@dataclass(frozen=True)
class Event:
    """What happens at one time, and what must have come of it when the service has worked."""

    line: int
    at: datetime
    act: str
    """writes, replies, quotes; bounces; passes, returns, waives, chooses, lifts, releases; by_hand, moves, copy; later."""
    who: str = ""
    name: str = ""
    client: str = "a plain program"
    folder: str = "INBOX"
    target: str = ""
    number: str = ""
    letter: int = 0
    rule: str = ""
    subject: str | None = None
    text: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    kept_as: str = "filed"
    answers: tuple[Answer, ...] = ()
    cases: tuple[CaseLine, ...] | None = None
    """All cases, by number; None when the script does not say."""

    @property
    def is_letter(self) -> bool:
        """Whether somebody writes to the mailbox."""
        return self.act in ("writes", "replies", "quotes", "bounces")


@dataclass(frozen=True)
class Script:
    """One conversation."""

    path: Path
    story: str
    """Its first line."""
    proves: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()
    """Lines `campaign KEY = VALUE`."""
    tables: tuple[tuple[str, str, str], ...] = ()
    """Lines `settings TABLE.KEY = VALUE`."""
    two_campaigns: bool = False
    """Line `two campaigns`: 平安建设 beside 社区治理, the subject tells which."""
    needs: tuple[str, ...] = ()
    """Programs without which it cannot be played: soffice."""
    events: tuple[Event, ...] = field(default=())


def read_script(path: Path) -> Script:
    """The conversation in `path`. Raises: ScriptError."""
    story, *lines = path.read_text("utf-8").splitlines() or [""]
    script = Script(path, story.strip(), ())
    for number, line in enumerate(lines, 2):
        try:
            script = _with_script_line(script, number, line)
        except (ScriptError, ValueError) as error:
            raise ScriptError(f"{path.name}:{number}: {error} in: {line.strip()}") from None
    _check(script)
    return script


def _with_script_line(script: Script, number: int, raw: str) -> Script:
    """`script` with one more line of its file."""
    line = raw.strip()
    if not line or line.startswith("#"):
        return script
    if not raw.startswith(" "):
        if line.startswith("proves "):
            named = tuple(each.strip() for each in line.removeprefix("proves ").split(";"))
            return replace(script, proves=(*script.proves, *named))
        if line == "two campaigns":
            return replace(script, two_campaigns=True)
        if line.startswith("needs "):
            return replace(script, needs=(*script.needs, line.removeprefix("needs ")))
        if line.startswith("campaign "):
            key, _, value = line.removeprefix("campaign ").partition(" = ")
            return replace(script, settings=(*script.settings, (key.strip(), value.strip())))
        if setting := _SETTING.fullmatch(line):
            return replace(script, tables=(*script.tables, (setting["table"], setting["key"], setting["value"])))
        return replace(script, events=(*script.events, _event(number, line)))
    if not script.events:
        raise ScriptError("an indented line belongs to an event above it")
    *before, last = script.events
    return replace(script, events=(*before, _with_line(last, line)))


def _check(script: Script) -> None:
    name, events = script.path.name, script.events
    if not script.story or not script.proves or not events:
        raise ScriptError(f"{name}: a script has its story in the first line, a `proves` line and events")
    if [event.at for event in events] != sorted(event.at for event in events):
        raise ScriptError(f"{name}: events stand in the order of time")
    if events[-1].cases is None:
        raise ScriptError(f"{name}: the last event says how all cases stand (`=>`)")


def _event(number: int, line: str) -> Event:
    found = _EVENT.fullmatch(line)
    if found is None:
        raise ScriptError("no such line")
    at = datetime.strptime(f"{YEAR}-{found['at']}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    what = found["what"]
    if what == "later":
        return Event(number, at, "later")
    if clerk := _CLERK.fullmatch(what):
        act = clerk["act"].partition(" ")[0]
        return Event(
            number, at, act, number=clerk["number"], rule=clerk["rule"] or clerk["version"] or "", text=(clerk["text"],)
        )
    if frees := _RELEASES.fullmatch(what):
        return Event(number, at, frees["act"] or frees["free"], who=frees["who"] or "")
    if back := _BOUNCES.fullmatch(what):
        text = (back["form"], back["reason"])
        return Event(number, at, "bounces", who=back["sender"], target=back["to"], text=text)
    if by_hand := _BY_HAND.fullmatch(what):
        return Event(number, at, "by_hand", letter=int(by_hand["letter"]), text=(by_hand["text"],))
    if moves := _MOVES.fullmatch(what):
        return Event(number, at, "moves", letter=int(moves["letter"]), folder=moves["folder"], target=moves["target"])
    if copy := _COPY.fullmatch(what):
        headers = (("X-Spam-Status", "No"),) if copy["other"] else ()
        return Event(number, at, "copy", letter=int(copy["letter"]), folder=copy["folder"], headers=headers)
    letter = _LETTER.fullmatch(what)
    if letter is None:
        raise ScriptError("no such event")
    return Event(
        number,
        at,
        letter["verb"],
        who=letter["sender"],
        name=letter["name"] or "",
        client=letter["client"] or "a plain program",
        folder=letter["folder"] or "INBOX",
        number=letter["number"] or "",
        subject=letter["subject"],
    )


def _with_line(event: Event, line: str) -> Event:
    """`event` with one more of its indented lines."""
    mark, _, rest = line.partition(" ")
    rest = rest.strip()
    if mark == "|":
        return replace(event, text=(*event.text, line[1:].removeprefix(" ")))
    if line.startswith("text of "):
        return replace(event, text=(*event.text, *load_case(line.removeprefix("text of ")).lines))
    if mark == "+":
        return replace(event, files=(*event.files, rest))
    if mark == "header":
        name, _, value = rest.partition(": ")
        return replace(event, headers=(*event.headers, (name, value)))
    if line.startswith("kept as "):
        return replace(event, kept_as=line.removeprefix("kept as "))
    return _with_outcome_line(event, line)


def _with_outcome_line(event: Event, line: str) -> Event:
    """`event` with one more line on what must have come of it."""
    mark, _, rest = line.partition(" ")
    if mark in ("says", "never"):
        if not event.answers:
            raise ScriptError("says and never stand below the letter meant")
        *before, last = event.answers
        told = replace(last, says=(*last.says, rest)) if mark == "says" else _never(last, rest)
        return replace(event, answers=(*before, told))
    if answer := _ANSWER.fullmatch(line):
        numbers = tuple((answer["numbers"] or "").split())
        return replace(event, answers=(*event.answers, Answer(answer["to"], answer["kind"], numbers)))
    if line == "=> no case":
        return replace(event, cases=())
    if case := _CASE.fullmatch(line):
        stands = CaseLine(case["number"], case["state"], tuple(_more(case["more"] or "")))
        return replace(event, cases=(*(event.cases or ()), stands))
    raise ScriptError("not understood")


def _never(answer: Answer, rest: str) -> Answer:
    return replace(answer, never_says=(*answer.never_says, rest.removeprefix("says ")))


def _more(text: str) -> Iterator[tuple[str, str]]:
    for each in filter(None, text.split(", ")):
        what, _, value = each.partition(" ")
        yield what, value
