"""Deliveries made at a desk (paper, a stick, photos from a chat) to a case on record, with the same checks as letters.

Peers: the files given, reader processes, the letter store, the database. The files become a letter of our own;
it is read first and then recorded, filed and judged in one transaction, so that a worker beside us never sees
it half done, and whoever stands at the desk is told a number that is on record.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from structlog.contextvars import bound_contextvars

from intake.calls import Call
from intake.casework.files import read_files
from intake.casework.fold import fold
from intake.casework.standing import WITHDRAWN
from intake.edges.clock import Clock
from intake.edges.executors import Executor
from intake.edges.executors.tree import Node, found_files, read_tree
from intake.edges.reading_rows import put_tree
from intake.edges.records import DELIVERY, Readings, delivery_to_json, told_at_desk
from intake.edges.wrapping import CHANNELS, wrap_delivery
from intake.errors import OperatorError, UnknownCaseError
from intake.figures.onsite_receipt import Receipt, receipt_to_json
from intake.filing.deliveries import Deliveries, Match
from intake.filing.receipts import RECEIPT, Registered, make_receipt
from intake.lookups import case_written
from intake.model import Delivery, Letter
from intake.replies.matter import CaseReport
from parsers.facts import LetterFacts
from parsers.limits import Limits
from parsers.text.passwords import typed_passwords
from storage.letters import LetterStore
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

_EARLIEST_YEAR = 2000
"""What was received before is a slip of the keys: browsers make 0022 of 22."""
ONSITE = "onsite"
"""`folder_role` of a letter that stands for a delivery: it never lay in the mailbox."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A delivery that was read and is not on record yet."""

    call: Call
    path: Path
    """The letter made of it; it has to lie there until it is registered."""
    tree: Node
    letter: Letter


@dataclass(frozen=True, slots=True)
class Registration:
    """What a delivery has become."""

    sha256: str
    """Of the letter that stands for it."""
    cases: tuple[Registered, ...]
    """What it is part of now, in order."""
    receipt: Receipt


class _SeenError(Exception):
    """Ends a unit of work that was to be seen and not kept."""


class Standing(Protocol):
    """What this needs of the judge's desk."""

    def report_as_it_stands(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a case stands by today's rules, also while it waits for more; None when it was taken back."""
        ...


class DeliverDesk:
    """Registers deliveries."""

    def __init__(
        self,
        store: Store,
        letters: LetterStore,
        readings: Readings,
        deliveries: Deliveries,
        *,
        judge: Standing,
        calls: Mapping[str, Call],
        executor: Executor,
        clock: Clock,
        limits: Limits,
        mailbox: str,
    ) -> None:
        """`mailbox`: the address under which such letters are written."""
        self._store = store
        self._letters = letters
        self._readings = readings
        self._deliveries = deliveries
        self._judge = judge
        self._calls = calls
        self._executor = executor
        self._clock = clock
        self._limits = limits
        self._mailbox = mailbox

    def call_of(self, campaign: str, number: str) -> Call:
        """The campaign of case `number`, else the one named, else the only one. Raises: OperatorError."""
        if number:
            case = self._case(number)
            campaign = case.campaign
        if not campaign and len(self._calls) == 1:
            return next(iter(self._calls.values()))
        if campaign not in self._calls:
            ids = "、".join(self._calls)
            raise OperatorError(f"请用 --campaign 写明登记到哪个活动：{ids}。")
        return self._calls[campaign]

    def wrap(
        self, paths: Sequence[Path], delivered: Delivery, call: Call, *, received_at: datetime, into: Path
    ) -> None:
        """Write the letter that stands for `paths` to the file `into`. Raises: OperatorError, OSError."""
        if received_at > self._clock.now():
            raise OperatorError("收到时间在现在之后。请检查 --received-at。")
        if received_at.year < _EARLIEST_YEAR:
            raise OperatorError("收到时间的年份不对，请检查年份是不是四位数字。")
        wrap_delivery(
            delivered,
            paths,
            mailbox=self._mailbox,
            received_at=received_at,
            timezone=call.campaign.timezone,
            into=into,
        )

    def read(self, path: Path, delivered: Delivery, call: Call, *, received_at: datetime) -> Brought:
        """What the wrapped letter at `path` holds; nothing is recorded. Raises: OperatorError, OSError."""
        with tempfile.TemporaryDirectory(prefix="intake-add-") as jobs:
            tree = read_tree(
                path,
                Path(jobs) / "read",
                executor=self._executor,
                limits=self._limits,
                letter=True,
                stated_elsewhere=lambda *_: typed_passwords(delivered.password),
            )
        facts = tree.reading.letter
        if facts is None or tree.reading.problem is not None:
            raise OperatorError("没能读取这些文件。请检查文件是否过大或过多，分几次登记。")
        letter = Letter(
            sha256=tree.reading.sha256, received_at=received_at, facts=facts, files=read_files(found_files(tree))
        )
        return Brought(call, path, tree, told_at_desk(letter, delivered))

    def names_its_case(self, brought: Brought) -> bool:
        """Whether there is a text, a unit or a title: photos alone may be anybody's."""
        state = fold([brought.letter], brought.call.signs, closes_at=None)
        return bool(state.unit or state.title) or "text" not in state.lacks

    def matches(self, brought: Brought) -> tuple[Match, ...]:
        """Cases on record that it may belong to, the likeliest first. Raises: StorageError."""
        with self._store.read() as view:
            return self._deliveries.matches(view, brought.call, brought.letter)

    def register(self, brought: Brought, number: str | None, *, tells: bool = True) -> Registration:
        """Put it on record: with case `number`, or as new cases.

        `tells`: the sender known to speak for that case hears how it stands, unless the delivery names an address.
        Raises: OperatorError, StorageError; then nothing is on record.
        """
        number = self._meant(brought, number) if number else None
        with self._letters.receive() as incoming:
            with brought.path.open("rb") as wrapped:
                shutil.copyfileobj(wrapped, incoming.sink)
            stored = incoming.commit()
        assert stored.sha256 == brought.tree.reading.sha256
        with self._store.write() as work:
            return self._take_up(work, brought, number, tells=tells)

    def try_out(self, brought: Brought, number: str | None) -> Registration:
        """What `register` would answer now, without numbers for new cases; nothing stays on record, nobody is told.

        Raises: as `register`.
        """
        number = self._meant(brought, number) if number else None
        silent = replace(brought.letter, delivered=replace(_delivered(brought), address=""))
        with self._rehearsed() as work:
            return self._take_up(
                work, replace(brought, letter=silent), number, tells=False, numbered=number is not None
            )

    @contextmanager
    def _rehearsed(self) -> Iterator[UnitOfWork]:
        """A unit of work of which nothing stays; what is logged meanwhile says so."""
        with bound_contextvars(rehearsed=True), suppress(_SeenError), self._store.write() as work:
            yield work
            raise _SeenError

    def _take_up(
        self, work: UnitOfWork, brought: Brought, number: str | None, *, tells: bool, numbered: bool = True
    ) -> Registration:
        delivered, sha256, now = _delivered(brought), brought.tree.reading.sha256, self._clock.now()
        case = work.cases.by_number(number) if number else None
        hears = tells and bool(brought.letter.files)  # of paper alone the receipt on paper tells
        contact = self._deliveries.contact(work, case) if case is not None and hears else None
        if contact is not None and not delivered.address:
            delivered = _on_behalf(delivered, contact.facts)
        record = LetterRecord(
            sha256=sha256,
            size_bytes=brought.tree.reading.size_bytes,
            received_at=brought.letter.received_at,
            stored_at=now,
            read_at=now,
            folder_role=ONSITE,
            from_address=delivered.address or None,
            from_name=delivered.name or CHANNELS[delivered.channel],
            subject=brought.tree.reading.letter.subject if brought.tree.reading.letter else "",
            evidence={DELIVERY: delivery_to_json(delivered)},
        )
        if not work.letters.add(record):
            raise OperatorError("这些文件刚刚登记过，没有重复登记。")
        put_tree(work, self._readings, sha256, brought.tree, at=now)
        letter = self._readings.letter(work, record)
        withdrawn = {case.id} if case is not None and case.state == WITHDRAWN else set()
        cases = self._deliveries.take_up(work, record, brought.call, letter, number)
        filed = work.letters.get(sha256)
        assert filed is not None  # just written
        told = {each for mail in work.outgoing.of_letter(sha256) for each in work.outgoing.cases_of(mail.id)}
        registered = tuple(
            Registered(
                case,
                self._judge.report_as_it_stands(work, case),
                again=filed.ignored == "same_again",
                tells=case.id in told,
                was_withdrawn=case.id in withdrawn,
            )
            for case in cases
        )
        receipt = make_receipt(brought.call, brought.letter, registered, numbered=numbered)
        work.letters.change(sha256, evidence={**(filed.evidence or {}), RECEIPT: receipt_to_json(receipt)})
        return Registration(sha256, registered, receipt)

    def _meant(self, brought: Brought, number: str) -> str:
        """The number of the case that stands for `number`. Raises: OperatorError, also when it is of another campaign."""
        case = self._case(number)
        if case.campaign != brought.call.campaign.id:
            raise OperatorError(f"{case.number} 不属于“{brought.call.campaign.title}”，请在它自己的活动里登记。")
        return case.number

    def _case(self, number: str) -> CaseRecord:
        """The case, or the one it went into. Raises: OperatorError."""
        with self._store.read() as view:
            case = case_written(view, number, self._calls)
            into = view.orders.merged_into(case.id) if case is not None else None
            case = view.cases.get(into) if into is not None else case
        if case is None:
            raise UnknownCaseError(number)
        return case


def _delivered(brought: Brought) -> Delivery:
    assert brought.letter.delivered is not None  # read at this desk
    return brought.letter.delivered


def _on_behalf(delivered: Delivery, contact: LetterFacts) -> Delivery:
    assert contact.sender is not None
    references = (*contact.references, *filter(None, (contact.message_id,)))
    return replace(delivered, address=contact.sender.address, name=contact.sender.name, references=references)
