"""What must be so of the records, the files, the mailbox and everything that was sent: after any kill, and at the end.

Read by other means than the product's: sqlite3, the file system, an IMAP client, and what the mail server was
handed. Every broken promise is one sentence; an account without sentences is in order.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from intake.demo.servers import HandedOver
from tests.e2e.boxes import Box

OUTCOMES = {"filed", "not_a_submission", "quarantined", "purged"}
"""What becomes of a letter in the end."""
WITHOUT_BODY = {"oversize", "before_opening", "not_a_submission"}
"""Why a visible letter may have no bytes with us: too large, too early, our own folder of letters sent."""
ONE_ANSWER = {"receipt", "fix_request", "answer", "being_checked", "late", "same_again"}
"""Kinds of which a letter has one at most."""
SETTLED = {"sent", "failed", "held", "cancelled", "unknown"}

_LETTER = re.compile(r"letters/([0-9a-f]{2})/([0-9a-f]{62})\.eml")
_KEPT = re.compile(
    r"intake\.sqlite3(-wal|-shm)?|worker\.lock|alarm\.txt|mailbox/[^/]+\.json|sent/[^/]+\.eml"
    r"|cache/marked-copies/[0-9a-f]{2}/[0-9a-f]+\.docx|cache/(thumbnails|contact-sheets|ledger-[^/]+)/.*"
)
"""Every other file that may lie in a data folder at rest."""


@dataclass(frozen=True)
class Account:
    """Counts, and what is wrong."""

    letters: int
    cases: int
    sent: int
    """Letters that left, each counted once."""
    sent_twice: int
    """Of these, in doubt when the worker died, and handed over a second time as the same bytes."""
    parked: int
    """In doubt twice: for a person to look at."""
    lost: int
    """Letters in the mailbox without bytes or outcome."""
    filed_twice: int
    broken: tuple[str, ...]
    """Promises that were not kept."""


def broken_now(data: Path, handed_over: Sequence[HandedOver]) -> tuple[str, ...]:
    """What must hold at every instant, right after a kill as well; empty when all is well."""
    if not (data / "intake.sqlite3").exists():
        return tuple(f"sent before there were records: {mail.recipients}" for mail in handed_over)
    with closing(_opened(data)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'letters'").fetchone():
            return ()
        return (*_sound(database), *_bytes_of_rows(database, data), *_sent_as_recorded(database, handed_over))


def take_account(
    data: Path, handed_over: Sequence[HandedOver], *, box: Box | None = None, submitters: Collection[str] = ()
) -> Account:
    """The account at the end, when nothing is left to do.

    `box`: the mailbox as it stands now. `submitters`: addresses each of which sent one case.
    """
    with closing(_opened(data)) as database:
        cases = database.execute("SELECT number, sender_address FROM cases ORDER BY id").fetchall()
        copies = Counter(_message_id(mail.raw) for mail in handed_over)
        lost = [*_letters_without_outcome(database), *(_unseen(database, box) if box is not None else ())]
        twice = [*_cases_of(cases, submitters), *_numbers(cases)] if submitters else []
        broken = (
            *broken_now(data, handed_over),
            *lost,
            *twice,
            *_unfinished(database),
            *_answered_twice(handed_over),
            *_orphan_rows(database),
            *_orphan_files(database, data),
        )
        return Account(
            letters=_count(database, "SELECT count(*) FROM letters"),
            cases=len(cases),
            sent=len(copies),
            sent_twice=sum(1 for count in copies.values() if count > 1),
            parked=_count(database, "SELECT count(*) FROM outgoing WHERE state = 'unknown'"),
            lost=len(lost),
            filed_twice=len(twice),
            broken=broken,
        )


def _opened(data: Path) -> sqlite3.Connection:
    # Not read-only: after a kill the log is to be gone through first, as any program would.
    return sqlite3.connect(data / "intake.sqlite3", timeout=30)


def _count(database: sqlite3.Connection, question: str) -> int:
    return int(database.execute(question).fetchone()[0])


# --- at every instant


def _sound(database: sqlite3.Connection) -> Iterator[str]:
    (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        yield f"the database is damaged: {verdict}"
    for row in database.execute("PRAGMA foreign_key_check"):
        yield f"a row points to nothing: {row}"


def _bytes_of_rows(database: sqlite3.Connection, data: Path) -> Iterator[str]:
    for sha256, size in database.execute("SELECT sha256, size_bytes FROM letters WHERE outcome <> 'purged'"):
        path = data / "letters" / sha256[:2] / f"{sha256[2:]}.eml"
        if not path.is_file():
            yield f"a letter is on record without its bytes: {sha256[:12]}"
        elif path.stat().st_size != size or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield f"the bytes of a letter have changed: {sha256[:12]}"


def _sent_as_recorded(database: sqlite3.Connection, handed_over: Sequence[HandedOver]) -> Iterator[str]:
    copies: dict[str, list[bytes]] = {}
    for mail in handed_over:
        copies.setdefault(_message_id(mail.raw), []).append(mail.raw)
    for message_id, raws in copies.items():
        row = database.execute(
            "SELECT kind, state, unknown_events, raw FROM outgoing WHERE message_id = ?", (message_id,)
        ).fetchone()
        if row is None:
            yield f"a letter of ours is not on record: {message_id}"
            continue
        kind, state, doubts, raw = row
        if state in {"queued", "held", "cancelled"} and not doubts:
            yield f"a {kind} went out while its row says {state}"
        if len(raws) > 1 + doubts:
            yield f"a {kind} went out {len(raws)} times, in doubt {doubts} times"
        if {_canonical(each) for each in raws} != {_canonical(raw)} and raw:
            yield f"a {kind} went out as other bytes than those on record"


def _message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw, policy=policy.default)["Message-ID"]).strip("<> ")


def _canonical(raw: bytes) -> bytes:
    return re.sub(rb"\r?\n", b"\n", raw).rstrip(b"\n")


# --- at the end


def _letters_without_outcome(database: sqlite3.Connection) -> Iterator[str]:
    for sha256, outcome in database.execute("SELECT sha256, outcome FROM letters"):
        if outcome not in OUTCOMES:
            yield f"a letter has no outcome yet: {sha256[:12]} is {outcome}"


def _unseen(database: sqlite3.Connection, box: Box) -> Iterator[str]:
    """Every UID of every folder we watch has its sighting, and that its letter or the reason why there is none."""
    watched = {row[0] for row in database.execute("SELECT folder FROM folders WHERE looked_at IS NOT NULL")}
    with box.client() as client:
        there = {name for _, _, name in client.list_folders()} & watched
        for folder in sorted(there):
            told = client.select_folder(folder, readonly=True)
            on_server = set(client.search("ALL"))
            seen = dict(_seen(database, folder, int(told[b"UIDVALIDITY"])))
            for uid in sorted(on_server - set(seen)):
                yield f"never recorded: UID {uid} of {folder}"
            for uid in sorted(set(seen) - on_server):
                yield f"recorded as there, and gone: UID {uid} of {folder}"
            for uid in sorted(uid for uid in on_server & set(seen) if not seen[uid]):
                yield f"neither bytes nor a reason: UID {uid} of {folder}"


def _seen(database: sqlite3.Connection, folder: str, uidvalidity: int) -> Iterator[tuple[int, bool]]:
    live = "SELECT uid, letter_sha256, outcome FROM sightings WHERE folder = ? AND uidvalidity = ? AND gone_at IS NULL"
    for uid, letter, outcome in database.execute(live, (folder, uidvalidity)):
        yield uid, letter is not None or outcome in WITHOUT_BODY


def _cases_of(cases: Sequence[tuple[str, str]], submitters: Collection[str]) -> Iterator[str]:
    filed = Counter(sender for _, sender in cases)
    expected = Counter(submitters)
    for sender in sorted(set(filed) | set(expected)):
        if filed[sender] != expected[sender]:
            yield f"{sender} sent {expected[sender]} cases, on record are {filed[sender]}"


def _numbers(cases: Sequence[tuple[str, str]]) -> Iterator[str]:
    given = [int(number.rpartition("-")[2]) for number, _ in cases]
    if sorted(given) != list(range(1, len(given) + 1)):
        yield f"numbers given are not one after another: {given}"


def _unfinished(database: sqlite3.Connection) -> Iterator[str]:
    for outgoing_id, kind, state in database.execute("SELECT id, kind, state FROM outgoing"):
        if state not in SETTLED:
            yield f"a {kind} is not settled: letter {outgoing_id} is {state}"


def _answered_twice(handed_over: Sequence[HandedOver]) -> Iterator[str]:
    """Two letters of ours that answer one, by what stands in them; the same letter sent again in doubt is one."""
    answers: dict[tuple[str, str], set[str]] = {}
    for mail in handed_over:
        message = message_from_bytes(mail.raw, policy=policy.default)
        kind = str(message["X-Intake-Id"]).split()[1]
        if message["In-Reply-To"] and kind in ONE_ANSWER:
            answers.setdefault((str(message["In-Reply-To"]), kind), set()).add(_message_id(mail.raw))
    for (letter, kind), ours in answers.items():
        if len(ours) > 1:
            yield f"{letter} was answered twice with {kind}"


def _orphan_rows(database: sqlite3.Connection) -> Iterator[str]:
    for what, question in {
        "a case without a letter": "SELECT number FROM cases WHERE id NOT IN (SELECT case_id FROM case_letters)",
        "a filed letter without a case": "SELECT sha256 FROM letters WHERE outcome = 'filed' AND case_id IS NULL",
        "a verdict without a revision": "SELECT number FROM cases WHERE verdict IS NOT NULL AND current_revision_id IS NULL",
        "a revision without a judgement": "SELECT id FROM revisions WHERE id NOT IN (SELECT revision_id FROM judgements)"
        " AND case_id NOT IN (SELECT id FROM cases WHERE state IN ('waiting', 'purged'))",
        "an answer to nobody's letter": "SELECT id FROM outgoing WHERE kind IN ('receipt', 'fix_request', 'answer')"
        " AND id NOT IN (SELECT outgoing_id FROM outgoing_letters)",
        "a body that is nobody's": "SELECT sha256 FROM letters WHERE outcome <> 'purged' AND sha256 NOT IN"
        " (SELECT letter_sha256 FROM sightings WHERE letter_sha256 IS NOT NULL)",
    }.items():
        for (which,) in database.execute(question):
            yield f"{what}: {which}"


def _orphan_files(database: sqlite3.Connection, data: Path) -> Iterator[str]:
    known = {row[0] for row in database.execute("SELECT sha256 FROM letters WHERE outcome <> 'purged'")}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        if path.is_dir():
            continue
        letter = _LETTER.fullmatch(name)
        if letter is not None and letter[1] + letter[2] not in known:
            yield f"bytes nobody knows of: {name}"
        elif letter is None and not _KEPT.fullmatch(name):
            yield f"left lying: {name}"
