"""Starts other programs that read the collection: bounded in time, and ended with all they started."""

from __future__ import annotations

import os
import signal
import subprocess


def said(command: list[str]) -> str:
    """What a program prints, of its version for example."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout or done.stderr


def run(command: list[str], *, seconds: float) -> bool:
    """Whether it ended well in time; what it started is ended with it."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
