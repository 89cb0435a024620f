"""One small campaign day, lived through a fault: letters arrive, something breaks, it passes, and all must be well.

The worker's desks are turned by hand, minute by minute of the set clock, by the worker's own rules of
backing off; everything else is real.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from intake.bootstrap import set_up_log
from intake.edges.alarms import AlarmChannels
from intake.edges.executors import Executor
from intake.edges.transports.smtp import SmtpTransport
from intake.worker import Duty, Worker
from tests.e2e.boxes import Box
from tests.e2e.material import small_case
from tests.e2e.world import BEGIN, World
from tests.letters import Draft, plain_letter
from tests.servers.fault_proxy import FaultProxy, Plan
from tests.servers.smtp_sink import SmtpSink

GIVE_UP_SECONDS = 1.5 if os.environ.get("INTAKE_TORTURE") == "1" else 0.4
"""How long our clients wait for a server in a trial. At length other work goes on beside: a server that is merely slow
must not be taken for one that is silent."""
SUBMITTER, ASKER, ADVERTISER = "a@qq.example", "b@qq.example", "c@shop.example"
NO_TROUBLE = frozenset({"mail_failed", "mail_unknown", "found_late"})
"""Events that tell what became of a letter, not of trouble that goes on."""
EXPECTED_OUTCOMES = ["filed", "question", "unrelated"]
EXPECTED_REPLIES = {(SUBMITTER, "fix_request"), (ASKER, "answer")}


@dataclass(frozen=True)
class Servers:
    """What a trial stands between."""

    box: Box
    smtp: SmtpSink
    smtp_port: int
    executor: Executor


@dataclass
class Trial:
    """The service between two proxies."""

    world: World
    imap: FaultProxy
    smtp: FaultProxy
    minutes: int = 0
    """Lived through so far."""
    told: list[tuple[str, bool]] = field(default_factory=list)
    """What people heard by the second channel: which alarm, and whether it was over."""

    @property
    def worker(self) -> Worker:
        """The worker, whose clock is the set one."""
        worker = self.world.service.worker
        worker._monotonic = self.monotonic
        return worker

    def monotonic(self) -> float:
        """Seconds that passed, whatever the clock shows."""
        return self.minutes * 60.0

    def start(self) -> None:
        """The service begins; patience is short."""
        service = self.world.service
        watch = next(duty for duty in service.worker._duties if duty.name == "watch").turn.__self__  # type: ignore[attr-defined]  # a bound method
        watch._monotonic = self.monotonic
        watch._last_sign = self.monotonic()
        watch._channels = _Heard(self.world.settings.data_dir, self.told)
        transport = service.transport
        assert isinstance(transport, SmtpTransport)
        transport._settings = replace(transport._settings, final_answer_seconds=GIVE_UP_SECONDS)

    def restart(self) -> None:
        """The service ends and begins anew on the same folder."""
        self.world.stop()
        self.start()

    def minute(self) -> None:
        """A minute passes, and every desk that does not back off works until nothing is left to do."""
        self.world.clock.advance(timedelta(minutes=1))
        self.minutes += 1
        worker = self.worker
        for duty in worker._duties:
            if worker._monotonic() >= worker._not_before.get(duty.name, 0.0):
                _work(worker, duty)

    def minutes_pass(self, count: int, *, until: Callable[[], bool] = lambda: False) -> None:
        """`count` minutes, or fewer when `until`."""
        for _ in range(count):
            self.minute()
            if until():
                return

    def is_done(self) -> bool:
        """Whether every letter is settled and nothing waits to be sent."""
        world = self.world
        states = world.look(lambda view: view.outgoing.count_by_state())
        return (
            world.look(lambda view: view.sightings.count_uncollected()) == 0
            and "collected" not in world.outcomes()
            and len(world.letters()) == len(EXPECTED_OUTCOMES)
            and all(case.state != "waiting" for case in world.cases())
            and not set(states) & {"queued", "retry_at", "handing_over"}
            and all(on_server == live for _, on_server, live, _ in world.equation())
            and not self.open_troubles()
        )

    def open_troubles(self) -> list[str]:
        """What began and is not over, by desk or alarm."""
        standing: dict[str, bool] = {}
        for event in self.world.look(lambda view: view.service.events()):
            if event.desk == "watch":
                standing[event.kind.removesuffix("_over")] = not event.kind.endswith("_over")
            elif event.kind not in NO_TROUBLE:
                standing[event.desk] = event.kind != "recovered"
        return [what for what, is_open in standing.items() if is_open]

    def notes(self) -> list[str]:
        """Everything put on record about the service's own trouble, oldest first: `desk kind`."""
        return [f"{e.desk} {e.kind}" for e in self.world.look(lambda view: view.service.events())]

    # --- what must be so in the end, whatever happened

    def losses(
        self, *, twice_allowed: bool = False, undelivered: frozenset[str] = frozenset(), in_doubt: bool = False
    ) -> list[str]:
        """What is wrong; empty when nothing was lost, nothing came twice, and the service is at work again.

        `twice_allowed`: an answer may have left twice, as the same bytes. `undelivered`: kinds of answers that may
        stand as failed instead of sent, since the server said so for good. `in_doubt`: answers may be parked as
        `unknown`, since the link broke after the final dot more than once.
        """
        world = self.world
        found = []
        for folder, on_server, live, _ in world.equation():
            if on_server != live:
                found.append(f"lost: {folder} shows {on_server}, {live} on record")
        shown = {"INBOX": 2, world.box.junk: 1}
        recorded = {folder: live for folder, _, live, _ in world.equation()}
        found += [f"lost: {n} of {f}" for f, n in shown.items() if recorded.get(f) != n]
        if sorted(world.outcomes()) != EXPECTED_OUTCOMES:
            found.append(f"outcomes: {sorted(world.outcomes())}")
        if len(world.cases()) != 1:
            found.append(f"filed: {len(world.cases())} cases")
        found += self._wrong_answers(twice_allowed=twice_allowed, undelivered=undelivered, in_doubt=in_doubt)
        found += self._stuck(may_be=({"unknown"} if in_doubt else set()) | ({"failed"} if undelivered else set()))
        found += self._wrong_bytes()
        # With every letter parked none goes out any more that could end it.
        stays = {"post", "sending_refused"} if in_doubt else set()
        found += [f"not over: {what}" for what in self.open_troubles() if what not in stays]
        found += [f"alarm told {n} times: {kind}" for kind, n in self.alarms_begun().items() if n > 1]
        over = Counter(kind for kind, is_over in self.told if is_over)
        found += [
            f"its end told {over[kind]} times: {kind}"
            for kind in self.alarms_begun()
            if over[kind] != 1 and kind not in stays
        ]
        return found

    def alarms_begun(self) -> Counter[str]:
        """How often each alarm was told."""
        return Counter(kind for kind, is_over in self.told if not is_over)

    def _wrong_answers(self, *, twice_allowed: bool, undelivered: frozenset[str], in_doubt: bool) -> list[str]:
        world, found = self.world, []
        told = Counter((reply.to, reply.kind) for reply in world.replies())
        failed = {(mail.to_address, mail.kind) for mail in world.mails("failed") if mail.kind in undelivered}
        parked = {(mail.to_address, mail.kind) for mail in world.mails("unknown") if in_doubt}
        if told.keys() | failed | parked != EXPECTED_REPLIES:
            found.append(f"answered: {sorted(told)}, failed: {sorted(failed)}")
        for who, times in told.items():
            same = {reply.raw for reply in world.replies(who[0])}
            if times > 1 + twice_allowed or len(same) != 1:
                found.append(f"answered {times} times in {len(same)} forms: {who}")
        return found

    def _stuck(self, *, may_be: set[str]) -> list[str]:
        left = self.world.look(lambda view: view.outgoing.count_by_state())
        return [f"outgoing: {left}"] if set(left) - {"sent", "cancelled"} - may_be else []

    def _wrong_bytes(self) -> list[str]:
        letters = self.world.folder / "data" / "letters"
        files = [path for path in letters.rglob("*") if path.is_file() and path.parent.name != "incoming"]
        found = [f"half a letter: {path.name}" for path in (letters / "incoming").glob("*")]
        names = {path.parent.name + path.stem: path for path in files}
        sent = {hashlib.sha256(raw).hexdigest() for raw in arrived()}
        if names.keys() != sent:
            found.append(f"letters on disk: {len(names)}, other than arrived: {len(names.keys() ^ sent)}")
        found += [n for n, p in names.items() if hashlib.sha256(p.read_bytes()).hexdigest() != n]
        return found


class _Heard(AlarmChannels):
    """Where our code ends: what the command or robot would have been told."""

    def __init__(self, data_dir: Path, told: list[tuple[str, bool]]) -> None:
        super().__init__(data_dir)
        self._told = told

    def tell(self, text: str, *, kind: str, over: bool) -> bool:
        self._told.append((kind, over))
        return super().tell(text, kind=kind, over=over)


def _work(worker: Worker, duty: Duty) -> None:
    went_well = again = True
    while went_well and again:
        went_well, again = worker._turn(duty)


def arrived() -> list[bytes]:
    """The letters of the day: a submission, a question, an advertisement (which lies in junk)."""
    drafts = (
        Draft(subject="报送湖里区社区治理创新案例", sender=SUBMITTER, files=(small_case(1),)),
        Draft(subject="请问", text="请问案例字数有什么要求？", sender=ASKER),
        Draft(subject="年终特惠", text="全场五折，仅限今日。", sender=ADVERTISER),
    )
    return [plain_letter(replace(draft, at=BEGIN, message_id=f"day-{draft.sender}")) for draft in drafts]


def no_fault(_: object) -> None:
    """Nothing goes wrong."""


@contextmanager
def trial(
    servers: Servers,
    folder: Path,
    *,
    imap: Plan = no_fault,
    smtp: Plan = no_fault,
    tables: Mapping[str, Mapping[str, object]] | None = None,
) -> Iterator[Trial]:
    """A service on an account of its own, with the day's letters waiting; `tables` are settings of the test's own."""
    own = tables or {}
    address = f"{secrets.token_hex(6)}@huli.example"
    box = replace(servers.box, address=address)
    *inbox, junk = arrived()
    box.put_all([(raw, BEGIN) for raw in inbox])
    box.put(junk, BEGIN, folder=box.junk)
    servers.smtp.forget()
    incoming, outgoing = FaultProxy(box.port, "imap"), FaultProxy(servers.smtp_port, "smtp")
    incoming.plan, outgoing.plan = imap, smtp
    world = World(box, servers.smtp, outgoing.port, folder, servers.executor)
    world.imap_port = incoming.port
    world.tables = {
        "log": {"level": "error"},
        "digest": {"recipients": ()},
        **own,
        "mailbox": {"timeout_seconds": GIVE_UP_SECONDS, **own.get("mailbox", {})},
        "smtp": {"timeout_seconds": GIVE_UP_SECONDS, **own.get("smtp", {})},
    }
    set_up_log(world.settings)
    made = Trial(world, incoming, outgoing)
    try:
        made.start()
        yield made
    finally:
        world.stop()
        incoming.stop()
        outgoing.stop()
