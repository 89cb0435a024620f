"""A worker that dies before and after every durable step there is: nothing lost, nothing twice, nothing left lying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.e2e.material import photo, small_case
from tests.reliability.account import Account, take_account
from tests.reliability.conftest import place_of_files, place_on
from tests.reliability.counts import note
from tests.reliability.durable_steps import written_steps
from tests.reliability.faults import BROKEN
from tests.reliability.forking_host import ForkingHost
from tests.reliability.history import QUESTIONS, local_stages, stages, stages_of_a_move, stages_of_the_end
from tests.reliability.place import Place, Stage
from tests.reliability.playing import Played, die_at_every_step
from tests.servers.dovecot import DovecotServer

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.xdist_group("crash_matrix"),
    pytest.mark.timeout(1800),
]

NOT_IN_THE_HISTORY = {
    "intake.web.door.Door.send_link: commit": "a visit to the page, nothing of a letter",
    "intake.web.door.Door.make_link: commit": "as above",
    "intake.web.door.Door.enter: commit": "as above",
    "intake.web.door.Door.leave: commit": "as above",
    "intake.edges.mailbox_marks.MailboxNotes.take_room: commit": "a figure that is asked for anew at the next look",
    "intake.edges.mailbox_marks.MailboxNotes.tell_late: commit": "a warning, given again when it was not put down",
    "intake.desks.urge.UrgeDesk.turn: commit": "a mail to organizers and what it told of are one unit of work",
    "intake.desks.detach.DetachDesk.detach: commit": "a person stands by; one unit of work; see test_speaking_for_a_case.py",
    "intake.desks.deliver.DeliverDesk.register: commit": "a person stands by and does it again; see test_on_site.py",
    "intake.desks.deliver.DeliverDesk._rehearsed: commit": "always rolled back",
    "intake.bootstrap.tenure._ask: commit": "on a database server alone; see test_random_kills_on_a_server.py",
    "intake.bootstrap.tenure._keep.give_back: commit": "as above",
    "intake.bootstrap.tenure._renew: commit": "as above",
    "intake.desks.post.PostDesk._drop_unheard_claim: commit": "after a commit nobody heard of; see test_unheard_commits.py",
}
"""Steps on which no letter, case or answer rests, and why nobody dies there."""
NEVER_TOLD = {"news@shop.example", "f@qq.example", "g@qq.example"}
"""A list, an automatic answer, a report: nobody is told anything."""


@dataclass(frozen=True)
class Died:
    """The fortnight with a death at every step, and what was found."""

    played: Played
    """The campaign itself."""
    account: Account
    told: Counter[tuple[str, str]]
    """(to, kind) of our letters on record."""
    submitters: tuple[str, ...]
    moved: Played
    """Backup, restore, the restored service at work."""
    sent_by_the_restored: int
    lying_about: tuple[str, ...]
    """What stood beside the folders after the move."""
    ended: Played
    """The purge."""
    letters_left: tuple[str, ...]
    """Raw letters after it."""
    of_files: Played
    """A mailbox of files."""
    account_of_files: Account


@pytest.fixture(scope="module")
def died(dovecot: DovecotServer, host: ForkingHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Died]:
    """Played once for all tests below."""
    folder = tmp_path_factory.mktemp("died")
    with place_on(dovecot, folder) as place, place_of_files(folder / "files") as files:
        played = die_at_every_step(host, place, stages())
        account = take_account(place.data, place.smtp.letters, box=place.box, submitters=place.submitters)
        told = Counter(place.ask("SELECT to_address, kind FROM outgoing"))
        sent = len(place.smtp.letters)
        moved = die_at_every_step(host, place, stages_of_a_move())
        lying = [path.name for path in folder.rglob(".*") if path.name != ".env" and "cache" not in path.parts]
        sent_by_the_restored = len(place.smtp.letters) - sent
        ended = die_at_every_step(host, place, stages_of_the_end())
        of_files = die_at_every_step(host, files, local_stages())
        yield Died(
            played=played,
            account=account,
            told=told,  # type: ignore[arg-type]  # two texts a row
            submitters=tuple(place.submitters),
            moved=moved,
            sent_by_the_restored=sent_by_the_restored,
            lying_about=tuple(lying),
            ended=ended,
            letters_left=tuple(path.name for path in (place.data / "letters").rglob("*.eml")),
            of_files=of_files,
            account_of_files=take_account(files.data, ()),
        )


def test_nothing_is_lost_filed_twice_or_left_lying_after_a_death_at_every_durable_step(
    died: Died, host: ForkingHost, record_property: Callable[[str, object], None]
) -> None:
    note(record_property, "a death at every durable step", host, played=died.played, account=died.account)

    assert (died.played.broken, died.played.odd_ends, died.account.broken) == ([], [], ())
    assert (died.account.letters, died.account.cases, died.played.kills > 100) == (24 + QUESTIONS, 15, True)


def test_nobody_is_told_twice_but_where_a_death_left_us_in_doubt(died: Died) -> None:
    asked = Counter({"c@qq.example": 1, "full@qq.example": 1, "asks@qq.example": 1, "many@qq.example": QUESTIONS})
    strangers = Counter({"stranger1@126.example": 1, "stranger2@126.example": 1})
    wrote = Counter(died.submitters) + asked + Counter({"h@qq.example": 1}) + strangers
    wrote["a@qq.example"] += sum(strangers.values())  # told of what is done in its name
    told = {to for to, _ in died.told if not to.startswith("zuweihui")}

    assert told == set(wrote)
    assert told & NEVER_TOLD == set()
    assert [(to, kind) for (to, kind), count in died.told.items() if to in told and count > wrote[to]] == []
    assert died.account.sent_twice <= died.played.doubts


def test_a_letter_met_by_a_bug_is_answered_neutrally_and_filed_once_it_is_mended(died: Died) -> None:
    told = {kind: count for (to, kind), count in died.told.items() if to == BROKEN}

    assert (told["being_checked"], told["receipt"]) == (2, 5)


def test_a_backup_or_restore_cut_short_leaves_nothing_and_the_restored_service_tells_nobody_again(died: Died) -> None:
    assert (died.moved.broken, died.moved.odd_ends) == ([], [])
    assert (died.sent_by_the_restored, died.lying_about) == (0, ())


def test_a_purge_cut_short_is_finished_by_the_next(died: Died) -> None:
    assert (died.ended.broken, died.ended.odd_ends, died.letters_left) == ([], [], ())


def test_a_mailbox_of_files_stands_a_death_at_every_step_too(died: Died) -> None:
    assert (died.of_files.broken, died.of_files.odd_ends, died.account_of_files.broken) == ([], [], ())
    assert (died.account_of_files.letters, died.account_of_files.cases) == (5, 1)


def test_every_durable_step_the_code_has_is_one_at_which_a_worker_died(died: Died) -> None:
    """A new unit of work or rename that no stage of the history reaches is named here: extend `history.stages`."""
    struck = {
        (step.file, step.line, step.deed, moment)
        for played in (died.played, died.moved, died.ended, died.of_files)
        for step, moment in played.struck
    }

    missed = {
        f"{step.name} (line {step.line}, {moment})"
        for step in written_steps()
        for moment in ("before", "after")
        if (step.file, step.line, step.deed, moment) not in struck and step.name not in NOT_IN_THE_HISTORY
    }

    assert sorted(missed) == []


def test_every_commit_seen_in_the_running_program_was_found_in_its_source(died: Died) -> None:
    """Else the list of steps has become blind to a way of opening units of work. Migrations open none."""
    struck = (step for played in (died.played, died.moved, died.ended, died.of_files) for step, _ in played.struck)
    seen = {(step.file, step.line) for step in struck if step.deed == "commit"}

    assert {file for file, _ in seen - {(step.file, step.line) for step in written_steps()}} == {"storage/schema.py"}


# --- the harness itself: builds with a promise forgotten are caught


def _one_case(place: Place, at: datetime) -> None:
    place.submits(at, "a@qq.example", (small_case(1), photo(10)))


def _caught(host: ForkingHost, place: Place, fault: str, only_at: tuple[str, ...]) -> str:
    """What the harness says of a build with `fault` that is sent one case."""
    stage = Stage(timedelta(0), lambda _: ("run", "--once"), _one_case, faults=(fault,))
    played = die_at_every_step(host, place, [stage], only_at=only_at, until_broken=True)
    account = take_account(place.data, place.smtp.letters, box=place.box, submitters=place.submitters)
    return "\n".join((*played.broken, *played.odd_ends, *account.broken))


@pytest.mark.parametrize(
    ("fault", "only_at", "says"),
    [
        ("rows_before_bytes", ("CollectDesk._put_down",), "a letter is on record without its bytes"),
        ("sends_without_handing_over", ("FINAL DOT",), "went out while its row says queued"),
        ("queues_answers_apart", ("FileDesk._file_safely",), "an answer to nobody's letter"),
        ("gives_numbers_apart", ("FileDesk._file_safely",), "numbers given are not one after another"),
        ("forgets_what_it_did_not_fetch", ("CollectDesk._record",), "neither bytes nor a reason"),
        ("leaves_its_rubbish", ("storage.letters.Incoming.commit",), "left lying: letters/incoming"),
    ],
)
def test_a_build_that_breaks_a_promise_is_caught(
    host: ForkingHost, place: Place, fault: str, only_at: tuple[str, ...], says: str
) -> None:
    assert says in _caught(host, place, fault, only_at)
