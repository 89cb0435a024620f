"""The whole demo, as a process of its own: twice, with nothing but loopback; and what it says when things go wrong."""

from __future__ import annotations

import email
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from email import policy
from html.parser import HTMLParser
from pathlib import Path
from typing import IO
from urllib.parse import unquote

import pytest
from imapclient import IMAPClient
from python_calamine import CalamineWorkbook

from intake.demo.outcomes import Outcome
from intake.demo.play import play
from intake.demo.story import STORY
from intake.errors import OperatorError

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("demo")]  # one run serves several tests

SECONDS = 150
"""Far above what it takes: the machine may be busy."""

LOOPBACK_ONLY = """
import sys
def refuse(event, args):
    named = {"socket.connect": lambda: args[1][0], "socket.getaddrinfo": lambda: args[0],
             "socket.gethostbyname": lambda: args[0], "socket.gethostbyaddr": lambda: args[0]}.get(event)
    if named and named() not in ("127.0.0.1", "::1", "localhost"):
        raise PermissionError(f"beyond loopback: {event} {named()}")
sys.addaudithook(refuse)
"""
PLAY = "from intake.__main__ import main\nsys.exit(main(['demo']))"
PLAY_AND_STAY = "from intake.__main__ import main\nsys.exit(main(['demo', '--stay']))"
PLAY_OTHERWISE = """
from dataclasses import replace
from intake.demo import play
from intake.demo.story import Expected
question = play.STORY[0]
play.STORY = (replace(question, expected=Expected("accepted", "receipt")),)
sys.exit(play.play())
"""


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LOOPBACK_ONLY + code],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
    )


class Links(HTMLParser):
    """The addresses a page links to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """One whole run in an empty folder: what it printed, and where its results lie."""
    folder = tmp_path_factory.mktemp("demo")
    demo = start(PLAY, folder)
    said, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 0, said
    (results,) = (folder / "demo-out").iterdir()
    return said, results


def test_the_demo_prints_who_what_verdict_and_answer_for_every_letter(first: tuple[str, Path]) -> None:
    said, _ = first

    rows = [line.split("\t") for line in said.splitlines() if "\t" in line]
    assert [(row[1], row[2]) for row in rows] == [(scene.who, scene.what) for scene in STORY]
    assert rows[0][3:] == ["咨询", "", "咨询答复"]
    assert rows[8][3:] == ["材料齐全", "HL22-0003", "收件回执"]
    assert "与预期不符" not in said
    assert "\x1b" not in said  # piped: plain lines


def test_every_link_of_the_index_leads_to_a_file_and_every_path_printed_is_there(first: tuple[str, Path]) -> None:
    said, results = first

    links = Links(results / "index.html").found
    printed = re.findall(r"^(?:总览|回信|登记|台账|简报)：(.+)$", said, re.MULTILINE)

    assert len(links) > 3 * len(STORY)
    assert [link for link in links if not (results / unquote(link)).is_file()] == []
    assert (len(printed), [path for path in printed if not Path(path).exists()]) == (5, [])


def test_every_reply_is_left_as_a_letter_and_as_a_page(first: tuple[str, Path]) -> None:
    _, results = first

    replies = sorted((results / "回信").glob("*.eml"))

    assert len(replies) == len({scene.key for scene in STORY if scene.expected.answer} - {"text_first"})
    for reply in replies:
        message = email.message_from_bytes(reply.read_bytes(), policy=policy.default)
        assert message["Auto-Submitted"] == "auto-replied"
        assert message["In-Reply-To"] in message["References"]
        assert "回执码" in reply.with_suffix(".html").read_text(encoding="utf-8")


def test_the_filed_cases_and_the_ledger_tell_the_same(first: tuple[str, Path]) -> None:
    _, results = first

    cases = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((results / "登记").glob("*.json"))]
    rows = CalamineWorkbook.from_path(results / "台账.xlsx").get_sheet_by_name("案例").to_python()
    ledger = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    assert [case["number"] for case in cases] == [f"HL22-{number:04d}" for number in range(1, 11)]
    assert [(row["登记编号"], row["题目"]) for row in ledger] == [(case["number"], case["title"]) for case in cases]
    assert [case["state"] for case in cases].count("accepted") == 7
    repaired = cases[2]
    assert [revision["judgements"][-1]["verdict"] for revision in repaired["revisions"]] == ["needs_fix", "accepted"]
    assert all("〈" not in case["title"] and len(case["title"]) > 8 for case in cases)


def test_the_last_digest_is_a_page_that_says_the_clock_is_the_demo_s(first: tuple[str, Path]) -> None:
    _, results = first

    digest = (results / "简报" / "12-21.html").read_text(encoding="utf-8")

    assert "这是演示" in digest
    assert "邮箱现有17封，全部已登记" in digest


def test_a_second_run_works_too_and_its_servers_stay_until_ctrl_c(first: tuple[str, Path]) -> None:
    folder = first[1].parent.parent
    demo = start(PLAY_AND_STAY, folder)
    guard = threading.Timer(SECONDS, demo.kill)
    guard.start()

    assert demo.stdout is not None
    said = "".join(itertools.takewhile(lambda line: "密码" not in line, lines := _Kept(demo.stdout)))
    port = int(re.findall(r"IMAP 127\.0\.0\.1:(\d+)", said)[-1])
    login = re.search(r"用户名 (\S+)  密码 (\S+)", lines.last)
    assert login is not None, said
    with IMAPClient("127.0.0.1", port=port, ssl=False, timeout=20) as mailbox:
        mailbox.login(*login.groups())
        found = {name: mailbox.select_folder(name, readonly=True)[b"EXISTS"] for name in ("INBOX", "Junk")}
        unseen = mailbox.search("UNSEEN")
    demo.send_signal(signal.SIGINT)
    rest = demo.stdout.read()
    guard.cancel()

    assert (found, len(unseen)) == ({"INBOX": 16, "Junk": 1}, 1)  # never \\Seen; the folder selected last is Junk
    assert (demo.wait(), rest) == (0, "")
    assert len(list((folder / "demo-out").iterdir())) == 2


def test_a_verdict_other_than_the_story_s_is_said_loudly_and_ends_with_1(tmp_path: Path) -> None:
    demo = start(PLAY_OTHERWISE, tmp_path)

    said, _ = demo.communicate(timeout=SECONDS)

    assert demo.returncode == 1, said
    assert (
        "!! 与预期不符：小区居民陈先生“来信咨询”：应为 accepted / receipt，实为 question / answer" in said.splitlines()
    )


@pytest.mark.parametrize(
    ("verdict", "answer", "complains"),
    [
        ("question", "answer", False),
        ("question", None, True),
        ("courtesy", "answer", True),
        ("question", "answer+answer", True),
    ],
)
def test_an_outcome_is_as_expected_only_when_verdict_and_answer_are(
    verdict: str, answer: str | None, complains: bool
) -> None:
    outcome = Outcome(STORY[0], verdict, answer, None, None)

    assert (bool(outcome.complaint), outcome.as_expected) == (complains, not complains)


@pytest.mark.parametrize("name", ["pymap", "aiosmtpd", "reportlab"])
def test_a_missing_component_is_named_with_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(OperatorError, match=f"请运行 pip install {name}，"):
        play()


def test_results_that_cannot_be_written_where_asked_are_refused_before_anything_starts(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")

    with pytest.raises(OperatorError, match="请换一个文件夹"):
        play(taken)


class _Kept:
    """Lines of a stream, the last one kept."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for self.last in self._stream:  # noqa: B020 - kept on purpose
            yield self.last
