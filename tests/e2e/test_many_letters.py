"""Full mailboxes: a thousand letters waiting, one of 30 MB, and polls that cost the same however much lies there."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Self

import psutil
import pytest

from tests.e2e.material import case, complete, photos, small_case
from tests.e2e.world import World
from tests.letters import Draft, File, plain_letter
from tests.servers.proxy import CountingProxy, Traffic

pytestmark = [pytest.mark.server, pytest.mark.slow]

SUBMISSION = "报送湖里区社区治理创新案例"
LETTERS = 1_000


@pytest.mark.timeout(280)
def test_a_thousand_letters_waiting_are_all_recorded_and_answered_once(dovecot_world: World) -> None:
    world = dovecot_world
    letters = [
        (plain_letter(_letter(number)), world.clock.now() + timedelta(seconds=number)) for number in range(LETTERS)
    ]
    world.box.put_all(letters)

    world.work(hours=1)

    assert world.equation()[0] == ("INBOX", LETTERS, LETTERS, 0)
    assert Counter(world.outcomes()) == {"courtesy": 700, "question": 200, "filed": 100}
    assert Counter(reply.kind for reply in world.replies()) == {"answer": 200, "fix_request": 100}
    assert len({reply.to for reply in world.replies()}) == 300
    assert sorted(case.number for case in world.cases()) == [f"HL22-{n:04d}" for n in range(1, 101)]


def test_a_letter_of_thirty_megabytes_is_accepted_without_being_held_in_memory(dovecot_world: World) -> None:
    world = dovecot_world
    picture = photos(1)[0]
    # A JPEG may be followed by anything; decoders stop at its end.
    heavy = File("照片大.jpg", picture.data + bytes(22_000_000), picture.media_type)
    world.arrives(Draft(subject=SUBMISSION, sender="small@qq.example", files=complete("kitchen_smoke")))
    world.work(minutes=1)  # everything is imported and warm
    world.arrives(Draft(subject=SUBMISSION, sender="big@qq.example", files=(case(), heavy, *photos(2, 4))))

    with _HighestMemory() as highest:
        world.work(minutes=1)

    assert world.told() == [("big@qq.example", "receipt"), ("small@qq.example", "receipt")]
    (big,) = [letter for letter in world.letters() if letter.from_address == "big@qq.example"]
    assert big.size_bytes > 29_000_000
    assert highest() < 12_000_000  # pieces of a megabyte; the letter is thirty


def test_a_poll_with_nothing_new_costs_the_same_on_ten_letters_and_on_two_thousand(dovecot_world: World) -> None:
    few = _idle_poll(dovecot_world, letters=10)
    dovecot_world.stop()

    many = _idle_poll(dovecot_world, letters=1_990)

    assert many.round_trips == few.round_trips
    assert abs(many.to_client_bytes - few.to_client_bytes) <= 24  # a few digits more in the counts
    assert (many.to_server_bytes, many.connections) == (few.to_server_bytes, 0)
    assert (few.round_trips <= 5, few.to_client_bytes < 4_000) == (True, True)


def _letter(number: int) -> Draft:
    """Of ten letters one is a submission, two are questions, seven say thank you."""
    sender = f"s{number}@qq.example"
    if number % 10 == 0:
        return Draft(subject=SUBMISSION, sender=sender, files=(small_case(number),))
    if number % 10 < 3:
        return Draft(subject="请问", text=f"请问第{number}号案例字数有什么要求？", sender=sender)
    return Draft(subject="回复", text="收到，谢谢！", sender=sender, message_id=f"thanks-{number}@qq.example")


def _idle_poll(world: World, *, letters: int) -> Traffic:
    """What one poll costs on the wire when `letters` more have come and all is recorded."""
    before = world.clock.now().replace(month=11, day=1)  # before the opening: recorded, not fetched
    with world.box.client() as client:
        for number in range(letters):
            client.append("INBOX", f"Subject: {number}\r\nMessage-ID: <{number}@old>\r\n\r\n".encode(), msg_time=before)
    proxy = CountingProxy(world.box.port)
    world.imap_port = proxy.port
    world.work(minutes=1)
    world.work(minutes=1)
    proxy.take()
    world.service.collect.turn()
    spent = proxy.take()
    world.stop()
    proxy.stop()
    return spent


class _HighestMemory:
    """How many bytes more than at its beginning this process came to hold inside the block."""

    def __enter__(self) -> Self:
        self._process = psutil.Process()
        self._ended = threading.Event()
        self._before = self._highest = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def __call__(self) -> int:
        return self._highest - self._before

    def _watch(self) -> None:
        while not self._ended.is_set():
            self._highest = max(self._highest, self._process.memory_info().rss)
            time.sleep(0.002)
