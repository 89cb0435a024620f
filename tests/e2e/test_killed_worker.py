"""`kill -9` of the whole program with its readers: no letter lost, no case filed twice, no answer sent twice.

Where a worker dies step by step is `tests/reliability`; here it is the real process, started as a person starts it.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from tests.e2e import worker_process
from tests.e2e.material import complete, without_last_section
from tests.e2e.working_folder import write_settings
from tests.e2e.world import World, until
from tests.letters import Draft

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
EXPECTED = [
    ("a@qq.example", "receipt"),
    ("b@qq.example", "fix_request"),
    ("c@qq.example", "answer"),
    ("d@qq.example", "receipt"),
]


def test_a_worker_killed_again_and_again_at_any_moment_ends_with_every_letter_answered_once(
    dovecot_world: World, tmp_path: Path
) -> None:
    _letters_arrive(dovecot_world)
    write_settings(dovecot_world)
    moments = random.Random(20221220)
    for _ in range(5):
        process = worker_process.start(tmp_path, "run")
        time.sleep(moments.uniform(0.8, 2.5))
        process.kill()
        process.wait(30)

    _finish(dovecot_world, tmp_path)

    _assert_all_is_well(dovecot_world, twice_allowed=True)


@pytest.mark.parametrize("place", ["letter read, facts not stored", "letter filed in an open transaction"])
def test_a_letter_in_hand_at_one_kill_after_another_is_not_taken_for_their_cause(
    dovecot_world: World, tmp_path: Path, place: str
) -> None:
    _letters_arrive(dovecot_world)
    write_settings(dovecot_world)
    for _ in range(6):
        assert worker_process.start(tmp_path, "run", place=place).wait(60) == -signal.SIGKILL

    _finish(dovecot_world, tmp_path)

    _assert_all_is_well(dovecot_world, twice_allowed=False)


def test_readers_of_a_killed_worker_do_not_live_on(dovecot_world: World, tmp_path: Path) -> None:
    _letters_arrive(dovecot_world)
    write_settings(dovecot_world)
    process = worker_process.start(tmp_path, "run")
    until(lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 2)
    readers = psutil.Process(process.pid).children(recursive=True)

    process.kill()
    process.wait(30)

    until(lambda: not any(reader.is_running() and reader.status() != psutil.STATUS_ZOMBIE for reader in readers))


def _letters_arrive(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, sender="a@qq.example", files=complete()))
    world.arrives(Draft(subject=SUBMISSION, sender="b@qq.example", files=without_last_section("kitchen_smoke")))
    world.arrives(Draft(subject="请问", sender="c@qq.example", text="请问案例字数有什么要求？"))
    world.arrives(Draft(subject=SUBMISSION, sender="d@qq.example", files=complete("rental_houses")))


def _finish(world: World, folder: Path) -> None:
    """Start again and let it work until nothing is left; what was in doubt is due a little later."""
    again = worker_process.start(folder, "run", "--once")
    assert again.wait(90) == 0, (folder / "output.txt").read_text()
    world.clock.set(datetime.now(UTC))
    world.work(minutes=10)


def _assert_all_is_well(world: World, *, twice_allowed: bool) -> None:
    sent = Counter((reply.to, reply.kind) for reply in world.replies())
    assert sorted(sent) == EXPECTED
    assert twice_allowed or set(sent.values()) == {1}
    for reply in world.replies():
        # Should one have left twice, then as the same bytes.
        assert {each.raw for each in world.replies(reply.to)} == {reply.raw}
    assert sorted(case.number for case in world.cases()) == ["HL22-0001", "HL22-0002", "HL22-0003"]
    assert sorted(world.outcomes()) == ["filed", "filed", "filed", "question"]
    assert [row for row in world.equation() if row[0] == "INBOX"] == [("INBOX", 4, 4, 0)]
    assert world.look(lambda view: view.sightings.count_uncollected()) == 0
    assert list((world.folder / "data" / "letters" / "incoming").glob("*")) == []
