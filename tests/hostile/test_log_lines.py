"""What reaches the log: no secret, no character that shows one line as another, no whole telephone number."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from config.settings import Settings
from intake.bootstrap import set_up_log

SECRET = "Zx9-planted&secret"


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A log of JSON lines, set up as a command does."""
    monkeypatch.setattr(logging.root, "handlers", [])
    path = tmp_path / "intake.log"
    tables: dict[str, Any] = {
        "mailbox": {"address": "box@example.test", "password": SECRET, "host": "127.0.0.1", "tls": "plain"},
        "smtp": {"host": "127.0.0.1", "tls": "plain"},
        "database_url": "postgresql://intake:planted%2Fdb@db.example/intake",
        "log": {"file": path, "format": "json", "level": "debug"},
    }
    set_up_log(Settings(folder=tmp_path, **tables))
    yield path
    for handler in logging.root.handlers:
        handler.close()
    structlog.reset_defaults()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a.docx\r\n2022-12-05 [error] all is lost", "a.docx 2022-12-05 [error] all is lost"),
        ("报名表\u202excod.exe", "报名表\ufffdxcod.exe"),
        ("\x1b[2Jgone", "\ufffd[2Jgone"),
        *((f"a{unseen}b", "a\ufffdb") for unseen in "\x00\x08\x0b\x7f\x9b\u061c\u200b\u200f\u202a\u2066\u2069\ufeff"),
        ("line\u2028separator", "line\ufffdseparator"),
        ("电话13812345678", "电话138******78"),
        ("身份证350206199001011234", "身份证350*************34"),
        (f"login with {SECRET} failed", "login with *** failed"),
        ("login with Wng5LXBsYW50ZWQmc2VjcmV0 failed", "login with *** failed"),
        ("login with Zx9-planted%26secret failed", "login with *** failed"),
        ("cannot reach postgresql://intake:planted%2Fdb@db.example/intake", "cannot reach ***"),
        ("13812345678" * 5 + "aaaaaaaaa", "13812345678" * 5 + "aaaaaaaaa"),  # a hash, whatever its digits
        ([SECRET, {SECRET: "\x00"}], ["***", {"***": "\ufffd"}]),
        (17, 17),
    ],
)
def test_a_value_is_written_without_what_must_not_be_in_a_log(value: object, written: object, log_file: Path) -> None:
    structlog.get_logger("test").info("seen", what=value)

    assert lines(log_file)[-1]["what"] == written


def test_a_traceback_keeps_its_lines_and_loses_the_secret(log_file: Path) -> None:
    structlog.get_logger("test").error("failed", exc_info=RuntimeError(f"server said: {SECRET}\u202e"))

    told = lines(log_file)[-1]["exception"]
    assert told.splitlines()[-1] == "RuntimeError: server said: ***\ufffd"


def test_what_libraries_log_is_cleaned_alike(log_file: Path) -> None:
    logging.getLogger("imapclient").warning("> LOGIN box %s\x1b[0m", SECRET)

    assert log_file.read_text("utf-8").splitlines() == ["WARNING:imapclient:> LOGIN box ***\ufffd[0m"]
