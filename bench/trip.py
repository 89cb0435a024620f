"""End to end: letters wait on the server; the service fetches, reads, judges, files and answers them all.

Beside it, on the same server in the same minutes: the frozen baseline and `mbsync`, which only pull.
"""

from __future__ import annotations

import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.mail_server import FilledDovecot
from bench.measured import Cost, MeasuredProcess
from tests.servers.dovecot import PASSWORD as IMAP_PASSWORD
from tests.servers.smtp_sink import PASSWORD as SMTP_PASSWORD
from tests.servers.smtp_sink import USER, SmtpSink

LONGEST_SECONDS = 900.0
_LOOK_SECONDS = 0.02

_SETTINGS = """
campaigns = ["huli-2022"]
answer_from = "2022-11-30"

[mailbox]
address = "{user}"
host = "127.0.0.1"
port = {imap_port}
tls = "plain"
poll_seconds = 5

[smtp]
host = "127.0.0.1"
port = {smtp_port}
tls = "plain"
seconds_between = 0
daily_sends = 1000000
"""

_MBSYNC = """
IMAPAccount bench
Host 127.0.0.1
Port {imap_port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bench

MaildirStore near
Path {target}/
Inbox {target}/INBOX

Channel bench
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
"""


@dataclass(frozen=True)
class Run:
    """One run of one contestant."""

    cost: Cost
    server_cpu_seconds: float
    sink_cpu_seconds: float = 0.0
    replies: int = 0


def run_service(server: FilledDovecot, work: Path, *, letters: int, program: tuple[str, ...] = ()) -> Run:
    """`intake run` in a fresh working folder until as many replies were accepted as letters wait."""
    folder = _fresh(work / "service")
    sink = SmtpSink(login=True)
    settings = _SETTINGS.format(user=USER, imap_port=server.imap_port, smtp_port=sink.start())
    (folder / "intake.toml").write_text(settings, "utf-8")
    secrets = f"INTAKE_MAILBOX__PASSWORD={IMAP_PASSWORD}\nINTAKE_SMTP__PASSWORD={SMTP_PASSWORD}\n"
    (folder / ".env").touch(mode=0o600)
    (folder / ".env").write_text(secrets, "utf-8")
    served, sunk = server.cpu_seconds(), time.process_time()
    command = [sys.executable, *program, "-m", "intake", "run", "-C", str(folder)]
    running = MeasuredProcess(command, log=work / "service.log", cwd=Path(__file__).parent.parent)
    try:
        _await_replies(sink, letters, running)
        running.stop_watch()
    finally:
        running.process.send_signal(signal.SIGTERM)
        status, cost = running.finish(within_seconds=120)
        sink.stop()
    recipients = {letter.recipients for letter in sink.letters}
    if status != 0 or len(recipients) != letters or len(sink.letters) != letters:
        raise RuntimeError(f"status {status}, {len(sink.letters)} replies to {len(recipients)} senders; see {work}")
    return Run(cost, server.cpu_seconds() - served, time.process_time() - sunk, letters)


def run_baseline(server: FilledDovecot, work: Path, *, letters: int) -> Run:
    """The frozen script."""
    target = _fresh(work / "baseline") / "letters"
    script = Path(__file__).with_name("baseline_pull.py")
    command = [sys.executable, str(script), "127.0.0.1", str(server.imap_port), USER, IMAP_PASSWORD, str(target)]
    run = _run_to_end(command, server, work / "baseline.log")
    _check_pulled(target, letters)
    return run


def run_mbsync(server: FilledDovecot, work: Path, *, letters: int) -> Run:
    """`mbsync`, a C client, as it comes."""
    target = _fresh(work / "mbsync")
    settings = target / "mbsyncrc"
    settings.write_text(
        _MBSYNC.format(imap_port=server.imap_port, user=USER, password=IMAP_PASSWORD, target=target), "utf-8"
    )
    (target / "INBOX").mkdir()
    run = _run_to_end(["mbsync", "-q", "-c", str(settings), "bench"], server, work / "mbsync.log")
    _check_pulled(target / "INBOX", letters)
    return run


def has_mbsync() -> bool:
    """Whether it is installed."""
    return shutil.which("mbsync") is not None


def _run_to_end(command: list[str], server: FilledDovecot, log: Path) -> Run:
    served = server.cpu_seconds()
    status, cost = MeasuredProcess(command, log=log).finish(within_seconds=LONGEST_SECONDS)
    if status != 0:
        raise RuntimeError(f"{command[0]} ended with status {status}; see {log}")
    return Run(cost, server.cpu_seconds() - served)


def _await_replies(sink: SmtpSink, count: int, running: MeasuredProcess) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while len(sink.letters) < count:
        if running.process.poll() is not None:
            raise RuntimeError(f"the service ended by itself with status {running.process.returncode}")
        if time.monotonic() > until:
            raise RuntimeError(f"{len(sink.letters)} of {count} replies after {LONGEST_SECONDS} s")
        time.sleep(_LOOK_SECONDS)


def _check_pulled(folder: Path, letters: int) -> None:
    found = sum(1 for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 1_000_000)
    if found != letters:
        raise RuntimeError(f"{found} letters in {folder}, {letters} on the server")


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
