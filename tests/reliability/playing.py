"""Plays a history on forked workers: with a death at every durable step that is new, or with deaths at random moments."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tests.reliability.account import broken_now
from tests.reliability.durable_steps import Step
from tests.reliability.forking_host import KILLED, ForkingHost, Order
from tests.reliability.mixed_mailbox import last_stages, next_stage
from tests.reliability.place import Place, Stage

IN_DOUBT = ("FINAL DOT", "PostDesk._sent: commit")
"""Steps between the final dot and the commit that puts its answer down: only there a letter may leave twice."""
DEATHS_OF_A_STAGE = 200
"""More than any command has steps: beyond it the harness does not come forward."""


@dataclass
class Played:
    """What happened while a history was played."""

    struck: tuple[tuple[Step, str], ...] = ()
    """Steps and moments at which a worker died, each once, in the order of dying."""
    broken: list[str] = field(default_factory=list)
    """Promises found broken right after a death, with the step."""
    odd_ends: list[str] = field(default_factory=list)
    """Commands that ended as none should."""
    kills: int = 0
    released: int = 0
    """Letters in doubt twice that a person let go."""

    @property
    def doubts(self) -> int:
        """Deaths at a moment when a letter may have left without our knowing."""
        return sum(1 for step, _ in self.struck if step.name.endswith(IN_DOUBT))


def die_at_every_step(
    host: ForkingHost,
    place: Place,
    stages: Iterable[Stage],
    *,
    only_at: tuple[str, ...] = (),
    until_broken: bool = False,
) -> Played:
    """Play `stages`; every worker dies at the first durable step, before or after it, at which none has died yet.

    `only_at`: at steps alone whose name holds one of these. `until_broken`: stop with the first broken promise.
    """
    played, known = Played(), place.folder / "struck.txt"
    for stage in stages:
        stage.happens(place, stage.at)
        for _ in range(DEATHS_OF_A_STAGE):
            status = host.run(replace(_order(place, stage), strike=str(known), only_at=only_at))
            if status != KILLED:
                break
            played.kills += 1
            _look(played, place, where=(known.read_text("utf-8").splitlines() or ["nowhere"])[-1])
            if played.broken and until_broken:
                return played
            _let_go(host, place, stage, played)
        _note_end(played, place, stage, status)
    if known.exists():
        played.struck = tuple(_read(line) for line in known.read_text("utf-8").splitlines())
    return played


def play_straight(host: ForkingHost, place: Place, stages: Iterable[Stage]) -> Played:
    """Play `stages`; nobody dies."""
    played = Played()
    for stage in stages:
        stage.happens(place, stage.at)
        _note_end(played, place, stage, host.run(_order(place, stage)))
    return played


def die_at_any_moment(
    host: ForkingHost,
    place: Place,
    *,
    kills: int,
    seed: int,
    faults: tuple[str, ...] = (),
    own_readers: bool = False,
    after: int = 0,
) -> Played:
    """Let letters arrive one by one, each met by a worker that is killed after a random span, until `kills` were.

    The spans follow how long a worker takes, so that some three of four are killed at work. At the end it is left
    alone until nothing is left to do. `after`: letters that arrived before, far more than did.
    """
    played, moments = Played(), random.Random(seed)
    longest = 1.0 if own_readers else 0.2
    number = after
    while played.kills < kills:
        number += 1
        stage = replace(next_stage(number, moments), faults=faults)
        stage.happens(place, stage.at)
        span = moments.uniform(0.02, longest)
        status = host.run(replace(_order(place, stage), seconds=span, own_readers=own_readers))
        # The spans grow with every death and shrink with every escape, and stay where one in four escapes.
        longest *= 1.1 if status == KILLED else 0.75
        if status != KILLED:
            _note_end(played, place, stage, status)
            continue
        played.kills += 1
        _look(played, place, where=f"letter {number}, after {span:.2f} s")
        _let_go(host, place, stage, played)
    for stage in last_stages(number):
        _note_end(played, place, stage, host.run(_order(place, replace(stage, faults=faults))))
    return played


def _order(place: Place, stage: Stage) -> Order:
    return Order(
        stage.arguments(place),
        str(place.folder),
        stage.at.isoformat(),
        watch=(str(place.folder.parent),),
        patience_seconds=stage.patience_seconds,
        until_said=stage.until_said,
        faults=stage.faults,
    )


def _look(played: Played, place: Place, *, where: str) -> None:
    played.broken += (f"{where}: {sentence}" for sentence in broken_now(place.data, place.smtp.letters))


def _let_go(host: ForkingHost, place: Place, stage: Stage, played: Played) -> None:
    """A letter in doubt twice waits for a person, who lets it go."""
    parked = place.ids("unknown")
    if parked:
        host.run(Order(("outbox", "release", *parked), str(place.folder), stage.at.isoformat()))
        played.released += len(parked)


def _note_end(played: Played, place: Place, stage: Stage, status: int) -> None:
    if status not in stage.ends_with:
        said = (place.folder / "output.txt").read_text("utf-8")[-2000:]
        played.odd_ends.append(
            f"{' '.join(stage.arguments(place))} at {stage.at:%m-%d %H:%M} ended with {status}: {said}"
        )


def _read(line: str) -> tuple[Step, str]:
    file, number, function, deed, moment = line.split("\t")
    return Step(file, int(number), function, deed), moment
