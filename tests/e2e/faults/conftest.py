"""Servers for trials: they outlive them all, every trial has an account of its own."""

from __future__ import annotations

import pytest

from intake.edges.executors.pebble_pool import PebbleExecutor
from tests.e2e.boxes import Box
from tests.e2e.faults.trial import Servers
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def servers(dovecot_box: Box, one_smtp: tuple[SmtpSink, int], readers: PebbleExecutor) -> Servers:
    """A Dovecot and an SMTP server that wants a login."""
    return Servers(dovecot_box, *one_smtp, readers)
