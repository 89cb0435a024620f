"""What a performance leaves behind: letters and replies as files, the digests, the filed cases, and an index of it all.

Peers: the service's database, read only, and the output folder (`OSError`).
"""

from __future__ import annotations

import email
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from intake.bootstrap import Records, make_ledgers
from intake.demo.clients import CHINA
from intake.demo.filed import write_cases
from intake.demo.outcomes import Outcome
from intake.demo.stage import Arrived
from intake.demo.story import ENDS_AT, OPENS_AT, ORGANIZERS
from intake.figures.ledger_words import ANSWERS
from intake.ledger import Places
from intake.web.copies import save_pages
from storage.unit_of_work import UnitOfWork

INDEX = "index.html"
LEDGER = "台账.xlsx"
LOG = "运行日志.txt"
REPLIES, LETTERS, CASES, DIGESTS, PAGES = "回信", "来信", "登记", "简报", "网页"


@dataclass(frozen=True, slots=True)
class Left:
    """Where things were put; `digest` is the last one."""

    index: Path
    replies: Path
    cases: Path
    ledger: Path
    digest: Path
    pages: Path
    """The organizers' page, its first one."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A letter of ours as two files, beside each other."""

    subject: str
    html: Path
    eml: Path


def leave(
    folder: Path,
    records: Records,
    *,
    sent: Sequence[bytes],
    arrived: Sequence[Arrived],
    outcomes: Sequence[Outcome],
    complaints: Sequence[str],
) -> Left:
    """Write everything into `folder`. `sent`: the letters as the SMTP server got them, in order."""
    for name in (REPLIES, LETTERS, CASES, DIGESTS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    letters = [_write_letter(folder / LETTERS, number, each) for number, each in enumerate(arrived, 1)]
    with records.store.read() as view:
        replies = _write_replies(folder / REPLIES, view, outcomes, sent)
        digests = _write_digests(folder / DIGESTS, view, sent)
        write_cases(folder / CASES, view, records.calls)
    names = {each.sha256: _href(folder, path) for each, path in zip(arrived, letters, strict=True)}
    places = Places(letter=lambda sha256: names.get(sha256, ""))
    make_ledgers(records).write(folder / LEDGER, at=records.clock.now(), places=places)
    pages = save_pages(records, folder / PAGES, address=ORGANIZERS)
    rows = [
        _row(folder, outcome, letter, replies.get(outcome.answer_id or 0))
        for outcome, letter in zip(outcomes, letters, strict=True)
    ]
    environment = Environment(loader=PackageLoader("intake.demo"), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("index.html.j2").render(
        campaign=next(iter(records.calls.values())).campaign.title,
        opens=_say_day(OPENS_AT),
        ends=_say_day(ENDS_AT),
        complaints=complaints,
        rows=rows,
        digests=[{"subject": each.subject, "href": _href(folder, each.html)} for each in digests],
        ledger=quote(LEDGER),
        log=quote(LOG),
        pages=_href(folder, pages),
    )
    (folder / INDEX).write_text(page, encoding="utf-8")
    return Left(folder / INDEX, folder / REPLIES, folder / CASES, folder / LEDGER, digests[-1].html, pages)


def say_moment(at: datetime) -> str:
    """12月5日 10:05, in China's time."""
    local = at.astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _say_day(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日"


def _write_letter(folder: Path, number: int, arrived: Arrived) -> Path:
    path = folder / f"{number:02d}-{arrived.scene.who}.eml"
    path.write_bytes(arrived.raw)
    return path


def _write_replies(
    folder: Path, view: UnitOfWork, outcomes: Sequence[Outcome], sent: Sequence[bytes]
) -> dict[int, _Page]:
    """The answers by their row in the outbox; one that settles several letters is written once."""
    who: dict[int, str] = {}
    for outcome in outcomes:
        if outcome.answer_id is not None:
            who[outcome.answer_id] = outcome.scene.who
    written = {}
    for number, answer_id in enumerate(who, 1):
        mail = view.outgoing.get(answer_id)
        raw = next((each for each in sent if mail is not None and mail.message_id.encode() in each), None)
        if mail is not None and raw is not None:
            name = f"{number:02d}-{who[answer_id]}-{ANSWERS.get(mail.kind, mail.kind)}"
            written[answer_id] = _write_page(folder / name, raw)
    return written


def _write_digests(folder: Path, view: UnitOfWork, sent: Sequence[bytes]) -> list[_Page]:
    """Every morning's digest, oldest first."""
    digests = []
    for raw in sent:
        message = _parsed(raw)
        mail = view.outgoing.by_message_id(str(message["Message-ID"]).strip("<>"))
        if mail is not None and mail.kind == "digest":
            digests.append(_write_page(folder / f"{mail.created_at.astimezone(CHINA):%m-%d}", raw))
    return digests


def _write_page(stem: Path, raw: bytes) -> _Page:
    message = _parsed(raw)
    body = message.get_body(("html",))
    assert body is not None  # every letter of ours has one
    html, eml = stem.with_name(f"{stem.name}.html"), stem.with_name(f"{stem.name}.eml")
    html.write_text(body.get_content(), encoding="utf-8")
    eml.write_bytes(raw)
    return _Page(str(message["Subject"]), html, eml)


def _row(folder: Path, outcome: Outcome, letter: Path, reply: _Page | None) -> Mapping[str, object]:
    return {
        "when": say_moment(outcome.scene.at),
        "who": outcome.scene.who,
        "what": outcome.scene.what,
        "letter": _href(folder, letter),
        "verdict": outcome.verdict,
        "verdict_text": outcome.verdict_text,
        "number": outcome.number or "",
        "record": f"{quote(CASES)}/{quote(outcome.number)}.json" if outcome.number else "",
        "answer_text": outcome.answer_text,
        "reply": _href(folder, reply.html) if reply else "",
        "reply_source": _href(folder, reply.eml) if reply else "",
    }


def _href(folder: Path, path: Path) -> str:
    return quote(path.relative_to(folder).as_posix())


def _parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # what this policy makes
    return message
