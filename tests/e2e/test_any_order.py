"""One conversation in any order of processing, with repeats, interruptions and other folders: the same cases in the end.

Each seed is one such history. What must come of all of them was written down by a person. That the histories are hard
enough is shown by programs that are wrong on purpose: each of them is found out.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest

from intake.casework import fold, joining
from intake.casework.joining import Joining
from intake.casework.known_case import KnownCase
from intake.casework.signs import CampaignSigns
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.records import Readings
from intake.model import Letter, ReadFile
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.rows.cases import CaseRows
from storage.unit_of_work import UnitOfWork
from tests.e2e.boxes import Box
from tests.e2e.conftest import make_world
from tests.e2e.conversation_files import files_of
from tests.e2e.worker_process import PLACES
from tests.e2e.world import BEGIN, World
from tests.letters import Draft, plain_letter
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.server

SEEDS = range(6)
SHUFFLED = 3
"""A seed whose history is hard for all the programs that are wrong on purpose."""
COMMUNITY, OTHER, ASKER = "jinan@qq.example", "heshan@163.example", "chen@163.example"
SUBJECT = "报送湖里区社区治理创新案例"
WHERE_IT_ENDS = sorted(set(PLACES) - {"sightings written, no body fetched", "about to be collected"})


@dataclass(frozen=True)
class Post:
    """A letter and when it was sent; the order in which it is seen is another matter."""

    draft: Draft
    received_at: datetime


class PowerCutError(BaseException):
    """The process ends here: nothing catches it, what was not committed is lost."""


def _letters() -> tuple[Post, ...]:
    """Text, photos from a phone, a repair, the same again, a question, and somebody else's case."""
    drafts = (
        Draft(subject=SUBJECT, sender=COMMUNITY, files=files_of("case grid_ledger without 探讨与评论")),
        Draft(subject="案例照片", text="照片5张。", sender=COMMUNITY, files=files_of("photos 1-5")),
        Draft(
            subject=f"{SUBJECT}（修改稿）", text="补写后重报。", sender=COMMUNITY, files=files_of("case grid_ledger")
        ),
        Draft(subject="再发一次", text="怕没收到。", sender=COMMUNITY, files=files_of("case grid_ledger")),
        Draft(subject="请问", text="请问案例字数有什么要求？", sender=ASKER),
        Draft(subject=SUBJECT, sender=OTHER, files=(*files_of("case kitchen_smoke"), *files_of("photos 11-15"))),
    )
    times = [BEGIN + timedelta(minutes=20 * place) for place in range(len(drafts))]
    return tuple(
        Post(replace(draft, at=at, message_id=f"{place}.order@{draft.domain}"), at)
        for place, (draft, at) in enumerate(zip(drafts, times, strict=True), 1)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_with_repeats_and_interruptions_ends_with_the_same_cases_and_one_answer_each(
    seed: int, some_box: Box, one_smtp: tuple[SmtpSink, int], tmp_path: Path, readers: PebbleExecutor
) -> None:
    chance = random.Random(seed)
    world = make_world(some_box, one_smtp, tmp_path, readers)
    world.clock.set(BEGIN + timedelta(hours=4))

    try:
        _live_through(world, chance)
        _assert_it_ended_as_ever(world)
    finally:
        world.stop()


def _in_reverse(letters: Sequence[Letter]) -> list[Letter]:
    """The earliest letter has the last word."""
    return sorted(letters, key=lambda letter: letter.received_at, reverse=True)


def _as_given(letters: Sequence[Letter]) -> list[Letter]:
    """Nothing is sorted …"""
    return list(letters)


def _as_joined(readings: Readings, view: UnitOfWork, case_id: int, _: CampaignSigns) -> list[Letter]:
    """… and letters come in the order in which they happened to be worked on."""
    joined = [view.letters.get(each.letter_sha256) for each in view.cases.letters(case_id)]
    return readings.letters(view, [record for record in joined if record is not None])


def _only_what_came_last(_: tuple[ReadFile, ...], package: tuple[ReadFile, ...]) -> tuple[ReadFile, ...]:
    """Every letter replaces all that came before."""
    return package


def _last_opened(rows: CaseRows, _: str, *, campaign: str | None = None) -> tuple[CaseRecord, ...]:
    """Whoever wrote, the case that was opened last may be meant …"""
    return rows.list(campaign=campaign)[-1:]


def _by_arrival(_: Letter, files: Sequence[ReadFile], cases: Sequence[KnownCase]) -> Joining | None:
    """… and is."""
    return Joining(cases[-1].number, ("arrived next",)) if cases and files else None


BROKEN: dict[str, tuple[tuple[object, str, object], ...]] = {
    "a fold that runs backwards": ((fold, "_in_order", _in_reverse),),
    "a fold in the order of processing": ((fold, "_in_order", _as_given), (Readings, "of_case", _as_joined)),
    "a fold that forgets": ((fold, "_take_in", _only_what_came_last),),
    "joining by arrival": (
        (CaseRows, "for_address", _last_opened),
        (joining, "_by_sender", _by_arrival),
    ),
}
"""What is wrong with a program, and the parts of ours put out of order to have it so."""


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_program_that_is_wrong_on_purpose_is_found_out(
    wrong: str,
    some_box: Box,
    one_smtp: tuple[SmtpSink, int],
    tmp_path: Path,
    readers: PebbleExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for owner, name, part in BROKEN[wrong]:
        monkeypatch.setattr(owner, name, part)
    world = make_world(some_box, one_smtp, tmp_path, readers)
    world.clock.set(BEGIN + timedelta(hours=4))

    try:
        _live_through(world, random.Random(SHUFFLED))
        with pytest.raises(AssertionError):
            _assert_it_ended_as_ever(world)
    finally:
        world.stop()


def _live_through(world: World, chance: random.Random) -> None:
    """Letters turn up in an order of chance, some of them twice; the service is cut off now and then."""
    posts = list(_letters())
    twice = chance.sample(posts, 3)
    arrivals = [*posts, *twice]
    chance.shuffle(arrivals)
    seen: set[str] = set()
    places = cycle(chance.sample(WHERE_IT_ENDS, len(WHERE_IT_ENDS)))
    for post in arrivals:
        raw = plain_letter(post.draft)
        again = post.draft.message_id in seen
        seen.add(str(post.draft.message_id))
        world.box.put(raw, post.received_at, folder=chance.choice(["INBOX", world.box.junk]) if again else "INBOX")
        if chance.random() < 0.6:
            _work(world, chance, places)
    _work(world, chance, places)
    world.work(minutes=30)  # what was in doubt is due a little later
    world.work(hours=2)


def _work(world: World, chance: random.Random, places: Iterator[str]) -> None:
    if chance.random() < 0.6:
        with _power_cut_at(next(places)), _swallowed():
            world.work(minutes=1)
        world.stop()
    world.work(minutes=1)


@contextmanager
def _swallowed() -> Iterator[None]:
    try:
        yield
    except PowerCutError:
        return


@contextmanager
def _power_cut_at(place: str) -> Iterator[None]:
    """At the first arrival at `place` the work ends; what it had not committed is gone."""
    module, path, when = PLACES[place]
    owner: Any = import_module(module)
    *owners, name = path.split(".")
    for each in owners:
        owner = getattr(owner, each)
    properly: Callable[..., Any] = getattr(owner, name)
    arrivals = count(1)

    def armed(*args: Any, **kwargs: Any) -> Any:
        strikes = next(arrivals) == 1
        if strikes and when == "before":
            raise PowerCutError(place)
        result = properly(*args, **kwargs)
        if strikes:
            raise PowerCutError(place)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, armed)
        yield


def _assert_it_ended_as_ever(world: World) -> None:
    expected = {
        COMMUNITY: ("accepted", _hashes("case grid_ledger", "photos 1-5")),
        OTHER: ("accepted", _hashes("case kitchen_smoke", "photos 11-15")),
    }
    cases = {case.sender_address: (case.verdict, _files_of_case(world, case.id)) for case in world.cases()}
    assert (cases, len(world.cases())) == (expected, 2)
    joined = {case.sender_address: len(_letters_of_case(world, case.id)) for case in world.cases()}
    assert joined == {COMMUNITY: 4, OTHER: 1}
    answers: defaultdict[str | None, set[str]] = defaultdict(set)
    for reply in world.replies():
        answers[reply.in_reply_to].add(reply.message_id)
    assert {letter: len(ours) for letter, ours in answers.items() if len(ours) > 1} == {}
    for message_id, copies in Counter(reply.message_id for reply in world.replies()).items():
        assert copies == 1 or len({each.raw for each in world.replies() if each.message_id == message_id}) == 1
    assert [reply.kind for reply in world.replies(ASKER)][:1] == ["answer"]
    assert "receipt" in {reply.kind for reply in world.replies(COMMUNITY)}
    assert "receipt" in {reply.kind for reply in world.replies(OTHER)}
    assert [row for row in world.equation() if row[1] != row[2]] == []
    assert len(world.letters()) == len(_letters())


def _files_of_case(world: World, case_id: int) -> list[str]:
    revisions = world.look(lambda view: view.cases.revisions(case_id))
    return sorted(file["sha256"] for file in revisions[-1].summary["files"])


def _letters_of_case(world: World, case_id: int) -> tuple[LetterRecord, ...]:
    found: tuple[LetterRecord, ...] = world.look(lambda view: view.letters.of_case(case_id))
    return found


def _hashes(*lines: str) -> list[str]:
    return sorted(hashlib.sha256(file.data).hexdigest() for line in lines for file in files_of(line))
