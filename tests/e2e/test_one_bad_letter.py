"""One bad letter never stops the next, and our trouble is never the submitter's."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from intake.casework import sorting
from intake.casework.fold import fold as fold_properly
from intake.desks.judge import desk as judge_desk
from intake.desks.replay import ReplayDesk
from intake.filing import letters as filing
from intake.model import Letter
from tests.e2e.material import case, complete, photo, photos, without_photos
from tests.e2e.reading_faults import FaultyReaders
from tests.e2e.world import ORGANIZER, World, until
from tests.letters import Draft

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
NEUTRAL = "正在人工核对"


@pytest.mark.parametrize("hangs", [False, True], ids=["dies", "ignores_sigterm_and_hangs"])
def test_a_file_that_costs_its_reader_is_our_trouble_and_checked_by_a_person(
    one_world: World, tmp_path: Path, hangs: bool
) -> None:
    bad = case("kitchen_smoke")
    faulty = FaultyReaders(one_world.executor, bad.data, hangs=hangs, note=tmp_path / "pid")
    one_world.executor = faulty
    one_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=(bad, *photos(1))))
    one_world.arrives(Draft(subject=SUBMISSION, sender="good@qq.example", files=complete()))

    one_world.work(minutes=1)
    one_world.work(minutes=30)

    assert one_world.told() == [("bad@qq.example", "being_checked"), ("good@qq.example", "receipt")]
    (neutral,) = one_world.replies("bad@qq.example")
    assert (NEUTRAL in neutral.text, "损坏" in neutral.text, faulty.lost >= 2) == (True, False, True)
    if hangs:
        until(lambda: not psutil.pid_exists(int(faulty.note.read_text())))


def test_a_letter_that_costs_its_reader_is_put_aside_and_answered_neutrally(one_world: World, tmp_path: Path) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=without_photos()))
    with one_world.box.client() as client:
        client.select_folder("INBOX", readonly=True)
        (raw,) = [told[b"BODY[]"] for told in client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()]
    one_world.executor = FaultyReaders(one_world.executor, raw, hangs=False, note=tmp_path / "pid")
    one_world.arrives(Draft(subject=SUBMISSION, sender="good@qq.example", files=complete("kitchen_smoke")))

    one_world.work(minutes=1)

    assert one_world.told() == [("bad@qq.example", "being_checked"), ("good@qq.example", "receipt")]
    assert sorted(one_world.outcomes()) == ["filed", "quarantined"]


def test_a_bug_in_filing_puts_one_letter_aside_and_the_next_goes_on(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    _break_filing(monkeypatch, "bad@qq.example")
    one_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=complete()))
    one_world.arrives(Draft(subject=SUBMISSION, sender="good@qq.example", files=complete("kitchen_smoke")))

    one_world.work(minutes=1)

    assert one_world.told() == [("bad@qq.example", "being_checked"), ("good@qq.example", "receipt")]
    (aside,) = one_world.look(lambda view: view.letters.by_outcome("quarantined"))
    assert ("a bug in filing" in aside.traceback, [case.number for case in one_world.cases()]) == (True, ["HL22-0001"])
    one_world.work(days=1)
    (digest,) = [reply for reply in one_world.everything_sent() if reply.kind == "digest"]
    assert aside.sha256[:12] in digest.text


def test_a_letter_put_aside_comes_back_by_replay_and_its_sender_hears_the_verdict(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        _break_filing(broken, "bad@qq.example")
        one_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=complete()))
        one_world.work(minutes=1)
    (aside,) = one_world.look(lambda view: view.letters.by_outcome("quarantined"))
    ReplayDesk(one_world.records.store, one_world.records.judge, clock=one_world.clock).bring_back(aside.sha256)

    one_world.work(minutes=1)
    one_world.work(minutes=20)

    assert [reply.kind for reply in one_world.replies()] == ["being_checked", "receipt"]
    assert ([case.verdict for case in one_world.cases()], one_world.outcomes()) == (["accepted"], ["filed"])


def test_a_bug_in_judging_a_case_that_waited_costs_that_case_alone(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=without_photos()))
    one_world.arrives(Draft(subject=SUBMISSION, sender="good@qq.example", files=without_photos("kitchen_smoke")))
    one_world.work(minutes=1)
    with monkeypatch.context() as broken:

        def fold(letters: list[Letter], *rest: object, **more: object) -> object:
            if letters[0].facts.sender is not None and letters[0].facts.sender.address == "bad@qq.example":
                raise KeyError("a bug in judging")
            return fold_properly(letters, *rest, **more)  # type: ignore[arg-type]  # handed on as it came

        broken.setattr(judge_desk, "fold", fold)
        one_world.work(minutes=15)
        one_world.work(minutes=15)
        assert one_world.told() == [("bad@qq.example", "being_checked"), ("good@qq.example", "fix_request")]

    one_world.work(hours=2)  # the program was mended

    assert one_world.told()[0:2] == [("bad@qq.example", "being_checked"), ("bad@qq.example", "fix_request")]
    assert one_world.events("judge") == ["case_not_judged"]


def test_a_letter_whose_original_was_lost_from_the_disk_is_put_aside_and_the_next_goes_on(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender="bad@qq.example", files=complete()))
    one_world.service.collect.turn()
    (lost,) = one_world.letters()
    one_world.records.letters.path(lost.sha256).unlink()
    one_world.arrives(Draft(subject=SUBMISSION, sender="good@qq.example", files=complete("kitchen_smoke")))

    one_world.work(minutes=1)

    assert (one_world.told(), sorted(one_world.outcomes())) == (
        [("good@qq.example", "receipt")],
        ["filed", "quarantined"],
    )


def test_a_full_disk_blames_no_letter_and_work_goes_on_when_there_is_room(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import DiskFullError

    one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    with monkeypatch.context() as broken:

        def full(*_: object, **__: object) -> None:
            raise DiskFullError("no space left")

        broken.setattr(filing, "sort_letter", full)
        for _ in range(5):
            with pytest.raises(DiskFullError):
                one_world.work(minutes=1)

    one_world.work(minutes=1)

    assert (one_world.outcomes(), one_world.told()) == (["filed"], [("jinan@qq.com", "receipt")])


def test_a_photo_nobody_can_open_is_named_among_the_files_and_the_rest_is_judged(one_world: World) -> None:
    broken = photo(1)
    torn = type(broken)("照片1.jpg", broken.data[:2000], broken.media_type)
    one_world.arrives(Draft(subject=SUBMISSION, files=(case(), torn, *photos(2, 5))))

    one_world.work(minutes=1)
    one_world.work(minutes=15)

    (reply,) = one_world.replies()
    assert ("照片1.jpg" in reply.text, reply.number) == (True, "HL22-0001")


def _break_filing(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    properly = sorting.sort_letter

    def sort_letter(letter: Letter, *rest: object, **more: object) -> object:
        if letter.facts.sender is not None and letter.facts.sender.address == sender:
            raise KeyError("a bug in filing")
        return properly(letter, *rest, **more)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(filing, "sort_letter", sort_letter)
