"""What the mailbox's own host found out about who really sent a letter (SPF, DKIM, DMARC). Pure.

Only the topmost Authentication-Results is read, and only when it names a host that is trusted: a line further
down, or of another host, came with the letter and is the sender's or a forwarder's claim.

Source: RFC 8601 §2.2, §5. Lines as mx.qq.com and mx.google.com write them; Outlook.com and Yahoo leave the host
or the semicolon behind it out, so that nobody can be told to be trusted there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from intake.model import Authentication
from parsers.facts import LetterFacts

_HEADER = "authentication-results"
_RESULT = re.compile(r"\s*(?P<method>[a-z0-9-]+)\s*(/\s*\d+\s*)?=\s*(?P<result>[a-z]+)")
_HOST = re.compile(r"\s*(?P<host>[^\s;=]+)\s*(\d+\s*)?")
_MAILBOX_OF_SPF = re.compile(r"smtp\.mail(from)?\s*=")
_LONGEST = 8_000
"""Characters looked at; the longest of the corpus has 700."""


def authenticate(letter: LetterFacts, *, trusted: Collection[str]) -> Authentication | None:
    """What the trusted host says of `letter`; None when none of `trusted` wrote the topmost line.

    `trusted`: authserv-ids; a domain stands for the hosts below it as well. Results are lower case; empty when the
    line says nothing of a method.
    """
    host, *clauses = _clauses(letter.control.get(_HEADER, "")[:_LONGEST])
    named = _HOST.fullmatch(host)
    if named is None or not _is_trusted(named["host"], trusted):
        return None
    results = [result for clause in clauses if (result := _result(clause)) is not None]
    return Authentication(
        host=named["host"], spf=_spf(results), dkim=_best(results, "dkim"), dmarc=_first(results, "dmarc")
    )


class _Result(NamedTuple):
    method: str
    result: str
    clause: str


def _clauses(value: str) -> list[str]:
    """The parts between semicolons, in lower case, without comments; quoted text is no syntax. Never empty."""
    parts, depth, quoted = [""], 0, False
    for character in _characters(value):
        if quoted:
            quoted = character != '"'
        elif character == '"' and not depth:
            quoted = True
        elif character == "(":
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif character == ";" and not depth:
            parts.append("")
        elif not depth:
            parts[-1] += character
    return [part.casefold() for part in parts]


def _characters(value: str) -> Iterator[str]:
    """`value` without quoted pairs (RFC 5322 §3.2.1), which stand for themselves alone."""
    return iter(re.sub(r"\\.", "", value))


def _result(clause: str) -> _Result | None:
    found = _RESULT.match(clause)
    return _Result(found["method"], found["result"], clause) if found is not None else None


def _spf(results: list[_Result]) -> str:
    """Of the address in MAIL FROM where it stands apart; some hosts put HELO's first."""
    mailbox = [each for each in results if each.method == "spf" and _MAILBOX_OF_SPF.search(each.clause)]
    return _first(mailbox or results, "spf")


def _best(results: list[_Result], method: str) -> str:
    """`pass` when one of several signatures passes (RFC 6376 §6.1), else the first."""
    found = [each.result for each in results if each.method == method]
    return "pass" if "pass" in found else next(iter(found), "")


def _first(results: list[_Result], method: str) -> str:
    return next((each.result for each in results if each.method == method), "")


def _is_trusted(host: str, trusted: Collection[str]) -> bool:
    names = (name.strip(".").casefold() for name in trusted)
    return any(name and (host == name or host.endswith(f".{name}")) for name in names)
