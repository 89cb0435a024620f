"""What leaves and what stays, by a person's hand: all sending at once, or single letters. On record with who and when.

Peer: the database; the posting desk does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import structlog

from intake.errors import OperatorError
from intake.figures.ledger_words import MAIL_STATES
from intake.restraint import BY_HAND, PAUSED, PAUSED_BY, let_go, paused
from storage.records.correspondence import OutgoingRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

_NAMED = 20

Step = Literal["hold", "release", "cancel"]
STEPS: dict[Step, tuple[str, frozenset[str]]] = {
    "hold": ("暂缓", frozenset({"queued", "retry_at", "held"})),
    "release": ("放行", frozenset({"queued", "held", "failed", "unknown", "retry_at"})),
    "cancel": ("取消", frozenset({"queued", "retry_at", "held", "failed", "unknown", "cancelled"})),
}
"""What each step is called, and the states it may leave."""


def pause(store: Store, *, by: str, why: str = "", at: datetime) -> bool:
    """Hold all sending; False when somebody has before: that pause stands. Raises: StorageError."""
    with store.write() as work:
        if paused(work) is not None:
            return False
        work.service.put_mark(PAUSED, at.isoformat())
        work.service.put_mark(PAUSED_BY, {"by": by, "why": why})
        _note(work, f"{by}暂停发信" + (f"：{why}" if why else ""), at=at)
    log.info("sending_paused")
    return True


def resume(store: Store, *, by: str, at: datetime) -> bool:
    """Let letters leave again; False when nothing holds them. Raises: StorageError."""
    with store.write() as work:
        if paused(work) is None:
            return False
        work.service.put_mark(PAUSED, None)
        work.service.put_mark(PAUSED_BY, None)
        _note(work, f"{by}恢复发信", at=at)
    log.info("sending_resumed")
    return True


def release_queue(store: Store, *, by: str, at: datetime) -> bool:
    """Send again what the breaker holds; False when it holds nothing. Raises: StorageError."""
    with store.write() as work:
        was_held = let_go(work, at=at)
        if was_held:
            _note(work, f"{by}放行因答复过于频繁而暂停的回信", at=at)
    log.info("queue_released", was_held=was_held)
    return was_held


def write_again_to(store: Store, address: str, *, by: str, at: datetime) -> int:
    """Send again to an address whose mail came back; how many bounces that settles. Raises: StorageError."""
    with store.write() as work:
        settled = work.bounces.lift(address.strip(), at=at, by=by)
    log.info("address_released", bounces=settled)
    return settled


def move_mails(store: Store, ids: Sequence[int], step: Step, *, by: str, at: datetime) -> tuple[OutgoingRecord, ...]:
    """Hold, release or cancel letters, all or none; as they are then, in the order given.

    Raises: OperatorError naming every letter that is missing or cannot be moved so; StorageError.
    """
    chosen = tuple(dict.fromkeys(ids))
    with store.write() as work:
        _refuse_what_cannot(work, chosen, step)
        moves = {"hold": work.outgoing.hold, "release": work.outgoing.release, "cancel": work.outgoing.cancel}
        moved = tuple(moves[step](outgoing_id) for outgoing_id in chosen)
        named = "、".join(str(outgoing_id) for outgoing_id in chosen[:_NAMED])
        more = f"等{len(chosen)}封" if len(chosen) > _NAMED else ""
        _note(work, f"{by}{STEPS[step][0]}去信 {named}{more}", at=at)
    return moved


def _refuse_what_cannot(work: UnitOfWork, ids: Sequence[int], step: Step) -> None:
    verb, allowed = STEPS[step]
    refused = []
    for outgoing_id in ids:
        mail = work.outgoing.get(outgoing_id)
        if mail is None:
            refused.append(f"没有编号为 {outgoing_id} 的去信")
        elif mail.state not in allowed:
            refused.append(f"去信 {outgoing_id} {MAIL_STATES[mail.state]}，不能{verb}")
    if refused:
        raise OperatorError(f"{'；'.join(refused)}。都没有改动，请用 intake outbox list 查看。")


def _note(work: UnitOfWork, text: str, *, at: datetime) -> None:
    work.service.add_event("post", BY_HAND, text, at=at)
