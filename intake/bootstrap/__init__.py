"""From settings to a service ready to run: the only place where everything meets.

Nothing is connected here; the mailbox and the mail server are first spoken to by the desks.
"""

from __future__ import annotations

from intake.bootstrap.desks import (
    make_decide_desk,
    make_deciding,
    make_deliver_desk,
    make_digest_desk,
    make_ledgers,
    make_remind_desk,
    make_reread_desk,
    make_watch_desk,
)
from intake.bootstrap.executors import make_executor, make_offline_executor
from intake.bootstrap.logs import set_up_log
from intake.bootstrap.records import RESTORED, Records, code_version, open_records
from intake.bootstrap.service import Service, build_service, running_service
from intake.bootstrap.tenure import ASKED_EVERY_SECONDS, EXIT_SUPERSEDED, current_lease, impatient, who_works
from intake.bootstrap.worker_desks import LARGEST_LETTER_BYTES

__all__ = [
    "ASKED_EVERY_SECONDS",
    "EXIT_SUPERSEDED",
    "LARGEST_LETTER_BYTES",
    "RESTORED",
    "Records",
    "Service",
    "build_service",
    "code_version",
    "current_lease",
    "impatient",
    "make_decide_desk",
    "make_deciding",
    "make_deliver_desk",
    "make_digest_desk",
    "make_executor",
    "make_ledgers",
    "make_offline_executor",
    "make_remind_desk",
    "make_reread_desk",
    "make_watch_desk",
    "open_records",
    "running_service",
    "set_up_log",
    "who_works",
]
