"""Records as the pages show them: plain values, finished words. Strangers' words are cleaned here, escaped in templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.edges.records import DELIVERY, delivery_from_json
from intake.edges.wrapping import CHANNELS
from intake.figures.completeness import name_folder
from intake.figures.ledger_words import (
    ANSWERS,
    DECISIONS,
    FORMATS,
    IGNORED,
    MAIL_STATES,
    OUTCOMES,
    PROBLEMS,
    ROLES,
    STATES,
    UNFETCHED,
)
from intake.wording import clean_line, clean_title, write_size
from storage.records.casebook import CaseRecord, DecisionRecord
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.records.mailbox import SightingRecord
from storage.records.ordering import OrderRecord, Undoing

TONES = {"accepted": "good", "needs_fix": "wait", "waiting": "wait", "needs_human": "look"}
"""State to the class of its mark."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    number: str
    title: str
    unit: str
    category: str
    state: str
    tone: str
    opened: str


def case_row(case: CaseRecord, zone: ZoneInfo) -> CaseRow:
    """The row of a case."""
    return CaseRow(
        number=case.number,
        title=clean_title(case.title) or "（还没有题目）",
        unit=clean_line(case.unit),
        category=clean_line(case.category or ""),
        state=STATES.get(case.state, case.state),
        tone=TONES.get(case.state, "calm"),
        opened=moment(case.opened_at, zone),
    )


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in a list."""

    key: str
    sender: str
    subject: str
    received: str
    became: str
    loud: bool


def letter_row(letter: LetterRecord, zone: ZoneInfo) -> LetterRow:
    """The row of a letter."""
    reason = IGNORED.get(letter.ignored or "", letter.ignored or "")
    return LetterRow(
        key=letter.sha256,
        sender=clean_line(" ".join(filter(None, (letter.from_name, letter.from_address)))) or "（没有发件人）",
        subject=clean_line(letter.subject) or "（没有主题）",
        received=moment(letter.received_at, zone),
        became=reason or OUTCOMES.get(letter.outcome, letter.outcome),
        loud=letter.outcome == "quarantined",
    )


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A letter that is in the mailbox, or was, and not with us."""

    received: str
    folder: str
    size: str
    why: str


def missed_row(sighting: SightingRecord, zone: ZoneInfo) -> MissedRow:
    """The row of a letter of which only the mailbox's own words are known."""
    return MissedRow(
        received=moment(sighting.internal_at or sighting.first_seen_at, zone),
        folder=name_folder(sighting.folder),
        size=size_words(sighting.size_bytes),
        why=UNFETCHED.get(sighting.outcome or "", ""),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a case."""

    at: datetime
    shown_at: str
    kind: str
    """`letter`, `version`, `mail` or `decision`."""
    title: str
    detail: str
    link: str = ""


def history(
    letters: Sequence[LetterRecord],
    mails: Sequence[OutgoingRecord],
    decisions: Sequence[DecisionRecord],
    *,
    undone: Sequence[tuple[OrderRecord, Undoing]] = (),
    versions: Sequence[Entry] = (),
    zone: ZoneInfo,
) -> list[Entry]:
    """What happened, in order of time. `undone`: orders that were taken back, and by whom. `versions`: of the material."""
    entries = [*(_of_letter(each, zone) for each in letters), *versions]
    entries += [_of_mail(each, zone) for each in mails]
    entries += [_of_decision(each, zone) for each in decisions]
    entries += [entry for order, undoing in undone for entry in _of_undone(order, undoing, zone)]
    return sorted(entries, key=lambda entry: entry.at)


def _of_letter(letter: LetterRecord, zone: ZoneInfo) -> Entry:
    row, handed_over = letter_row(letter, zone), delivered_words(letter)
    title = "现场登记" if handed_over else f"来信：{row.subject}"
    return Entry(letter.received_at, row.received, "letter", title, handed_over or row.sender, f"/letters/{row.key}")


def delivered_words(record: LetterRecord) -> str:
    """Of a letter that stands for a delivery: how it came, who took it in and where; empty for one that came by mail."""
    delivered = delivery_from_json((record.evidence or {}).get(DELIVERY))
    if delivered is None:
        return ""
    where = f"，{clean_line(delivered.place)}" if delivered.place else ""
    by = f"，{clean_line(delivered.registered_by)}登记" if delivered.registered_by else ""
    paper = "，收到纸质材料" if delivered.on_paper else ""
    return f"{CHANNELS[delivered.channel]}，{clean_line(delivered.received_by)}接收{where}{by}{paper}"


def _of_mail(mail: OutgoingRecord, zone: ZoneInfo) -> Entry:
    at = mail.sent_at or mail.created_at
    detail = f"{MAIL_STATES.get(mail.state, mail.state)}，寄往 {clean_line(mail.to_address)}"
    return Entry(
        at, moment(at, zone), "mail", f"去信：{ANSWERS.get(mail.kind, mail.subject)}", detail, f"/mails/{mail.id}"
    )


def _of_decision(decision: DecisionRecord, zone: ZoneInfo) -> Entry:
    what = " ".join(filter(None, (DECISIONS.get(decision.kind, decision.kind), decision.rule)))
    return Entry(
        decision.at,
        moment(decision.at, zone),
        "decision",
        f"{clean_line(decision.who)}：{what}",
        clean_line(decision.why, 400),
    )


def _of_undone(order: OrderRecord, undoing: Undoing, zone: ZoneInfo) -> Iterator[Entry]:
    what = " ".join(filter(None, (DECISIONS.get(order.action, order.action), (order.terms or {}).get("rule"))))
    said = f"{clean_line(order.who)}：{what}（已撤销）"
    yield Entry(order.at, moment(order.at, zone), "decision", said, clean_line(order.why, 400))
    who = f"{clean_line(undoing.who)}：" if undoing.who else ""
    yield Entry(undoing.at, moment(undoing.at, zone), "decision", f"{who}撤销“{what}”", "没有发信，恢复原状")


def waiting_mail(mail: OutgoingRecord, zone: ZoneInfo) -> tuple[int, str, str]:
    """Id of a letter that has not left, what it is, and what it waits for."""
    what = ANSWERS.get(mail.kind, clean_line(mail.subject))
    if mail.state == "held":
        return mail.id, what, "暂缓发送"
    return mail.id, what, f"{moment(mail.next_at, zone)}发出" if mail.next_at is not None else "待发"


def decision_words(kind: str) -> str:
    """What kind of decision."""
    return DECISIONS.get(kind, kind)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """2022年12月5日 09:06."""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def file_words(file: Mapping[str, object]) -> tuple[str, str]:
    """Role and name of a file of a revision's summary."""
    return ROLES.get(str(file["role"]), str(file["role"])), clean_line(str(file["name"]))


def problem_words(code: str) -> str:
    """Why a file could not be read."""
    return PROBLEMS.get(code, code)


def format_words(name: str) -> str:
    """A format's name."""
    return FORMATS.get(name, name.upper() if name.isascii() else name)


def size_words(size_bytes: int) -> str:
    """A size."""
    return write_size(size_bytes)
