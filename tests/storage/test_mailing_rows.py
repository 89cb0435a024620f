from __future__ import annotations

import pytest
from sqlalchemy import event

from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.samples import case, judgement, letter, mail, minutes, sha

KIND = "case_notice"


def _judged(work: UnitOfWork, number: int, *, state: str = "needs_human", at: float = 0, test: bool = False) -> int:
    """A case judged twice, the last time then; its id."""
    opened = work.cases.open(case(f"HL22-{number:04d}", state=state, test=test))
    revision = work.cases.add_revision(opened.id, received_at=None, content_key=str(number), summary={}, at=minutes(0))
    work.cases.add_judgement(judgement(revision.id, at=minutes(at - 1)))
    work.cases.add_judgement(judgement(revision.id, at=minutes(at)))
    return opened.id


def _told(work: UnitOfWork, case_id: int, *, at: float, kind: str = KIND) -> None:
    mail_id = work.outgoing.reserve_id()
    work.outgoing.enqueue(mail(mail_id, kind=kind, created_at=minutes(at)), cases=[case_id])


def test_cases_untold_are_those_judged_since_the_last_mail_that_named_them(store: Store) -> None:
    with store.write() as work:
        never, told, again, other = (_judged(work, number, at=10) for number in range(1, 5))
        _told(work, told, at=10)
        _told(work, again, at=9)
        _told(work, other, at=20, kind="receipt")
        _judged(work, 5, state="accepted")
        _judged(work, 6, test=True)
        work.cases.open(case("HL22-0007", state="needs_human"))

        found = work.mailings.untold("huli-2022", states=("needs_human", "needs_fix"), kind=KIND)
        one = work.mailings.untold("huli-2022", states=("needs_human",), kind=KIND, case_id=again)
        elsewhere = work.mailings.untold("pingan-2022", states=("needs_human",), kind=KIND)

        assert found == tuple((work.cases.get(each), work.cases.last_judgement(each)) for each in (never, again, other))
    assert ([each.id for each, _ in one], elsewhere) == ([again], ())


def test_cases_untold_cost_as_many_queries_for_forty_as_for_one(store: Store) -> None:
    with store.write() as work:
        for number in range(1, 41):
            _judged(work, number)
    asked: list[str] = []
    assert store._reading is not None
    event.listen(store._reading, "before_cursor_execute", lambda *said: asked.append(said[2]))

    with store.read() as view:
        found = view.mailings.untold("huli-2022", states=("needs_human",), kind=KIND)
        queries = len([each for each in asked if each.startswith("SELECT")])

    assert (len(found), queries) == (40, 3)


def test_unit_of_work_tells_whether_it_was_committed_once_it_is_over(store: Store) -> None:
    heard: list[tuple[str, bool, bool]] = []

    def hear(name: str, *, committed: bool) -> None:
        with store.read() as view:  # seen as anybody sees it
            heard.append((name, committed, view.letters.get(sha(name)) is not None))

    def write(name: str, *, fails: bool) -> None:
        with store.write() as work:
            work.letters.add(letter(name))
            work.when_over(lambda committed: hear(name, committed=committed))
            if fails:
                raise ZeroDivisionError

    write("kept", fails=False)
    with pytest.raises(ZeroDivisionError):
        write("lost", fails=True)

    assert heard == [("kept", True, True), ("lost", False, False)]
