"""The format of scripted conversations: what is not understood is refused with its line, and a false script fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.edges.executors.pebble_pool import PebbleExecutor
from tests.e2e.boxes import Box
from tests.e2e.conftest import make_world
from tests.e2e.conversation_files import files_of
from tests.e2e.conversation_play import Player
from tests.e2e.conversation_script import ScriptError, read_script
from tests.servers.smtp_sink import SmtpSink

LETTER = "12-05 09:00 chen@163.example writes: 请问\n  | 请问案例字数有什么要求？\n"
TOLD = "  kept as question\n  -> chen@163.example receives answer\n"
NO_CASE = "  => no case\n"


def written(tmp_path: Path, events: str, *, head: str = "一问一答\nproves a question is answered\n\n") -> Path:
    path = tmp_path / "asked.txt"
    path.write_text(head + events, "utf-8")
    return path


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ("12-05 09:00 chen@163.example shouts: 请问\n", "asked.txt:4: no such event"),
        (LETTER + "  *> chen@163.example\n", "asked.txt:6: not understood"),
        ("  | 无头\n", "asked.txt:4: an indented line belongs to an event above it"),
        (LETTER + "  says 字数\n" + NO_CASE, "asked.txt:6: says and never stand below the letter meant"),
        (LETTER, "asked.txt: the last event says how all cases stand"),
        (LETTER + "12-04 09:00 later\n" + NO_CASE, "asked.txt: events stand in the order of time"),
    ],
)
def test_a_script_that_is_not_understood_is_refused_with_its_line(events: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ScriptError) as refused:
        read_script(written(tmp_path, events))

    assert str(refused.value).startswith(complaint)


def test_a_script_that_does_not_say_what_it_proves_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="a `proves` line"):
        read_script(written(tmp_path, LETTER + NO_CASE, head="一问一答\n"))


@pytest.mark.parametrize("line", ["novel grid_ledger", "photos 1-3 painted", "case grid_ledger without 尾声"])
def test_a_file_nobody_knows_is_refused(line: str) -> None:
    with pytest.raises(ScriptError):
        files_of(line)


def test_the_words_of_a_case_are_as_many_as_its_script_says() -> None:
    (text,) = files_of("case grid_ledger of 3128 words as txt")

    assert len(text.data.decode().replace("\n", "")) == 3128


@pytest.mark.server
@pytest.mark.parametrize(
    ("outcome", "complaint"),
    [
        (NO_CASE, "asked.txt:4: not in the script, but sent: a answer to chen@163.example"),
        (TOLD.replace("answer", "receipt") + NO_CASE, "asked.txt:4: a receipt to chen@163.example did not go out"),
        (TOLD + "     says 五万字\n" + NO_CASE, "asked.txt:4: “五万字” is not in our answer"),
        (TOLD + "     never says 3000字\n" + NO_CASE, "asked.txt:4: “3000字” stands in our answer"),
        (TOLD.replace("question", "courtesy") + NO_CASE, "asked.txt:4: kept as ['question'], not as courtesy"),
        (TOLD + "  => HL22-0001 accepted\n", "asked.txt:4: cases stand {}"),
    ],
)
def test_a_conversation_that_goes_otherwise_fails_and_says_where(
    outcome: str,
    complaint: str,
    some_box: Box,
    one_smtp: tuple[SmtpSink, int],
    tmp_path: Path,
    readers: PebbleExecutor,
) -> None:
    script = read_script(written(tmp_path, LETTER + outcome))
    world = make_world(some_box, one_smtp, tmp_path, readers)

    try:
        with pytest.raises(AssertionError) as failed:
            Player(script, world).play()
    finally:
        world.stop()

    assert str(failed.value).startswith(complaint)
