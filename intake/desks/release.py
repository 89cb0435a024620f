"""Letting letters leave that were held back: all of them after the breaker tripped, or those to one address.

Peer: the database. A person decides it; the posting desk does the rest.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from intake.restraint import let_go
from storage.store import Store

log = structlog.get_logger(__name__)


def release_queue(store: Store, *, at: datetime) -> bool:
    """Send again what the breaker holds; False when it holds nothing. Raises: StorageError."""
    with store.write() as work:
        was_held = let_go(work, at=at)
    log.info("queue_released", was_held=was_held)
    return was_held


def write_again_to(store: Store, address: str, *, by: str, at: datetime) -> int:
    """Send again to an address whose mail came back; how many bounces that settles. Raises: StorageError."""
    with store.write() as work:
        settled = work.bounces.lift(address.strip(), at=at, by=by)
    log.info("address_released", bounces=settled)
    return settled
