"""Sending held and let go on the page: all of it, and single letters."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from intake.bootstrap import make_digest_desk
from intake.calls import Calls
from intake.edges.clock import SetClock
from intake.restraint import STOPPED
from intake.web.sending import SHOWN
from storage.records.correspondence import OutgoingRecord
from tests.intake.web.conftest import ADDRESS, NOW, OTHER_ADDRESS, Page
from tests.storage.samples import mail as written

WHY = "规则写错了，先改"
BANNER = f"发信已暂停（自12月6日09:30起，王老师，{WHY}）：待发"


@pytest.fixture
def clock(page: Page) -> SetClock:
    clock = page.records.clock
    assert isinstance(clock, SetClock)
    return clock


def queued(page: Page) -> OutgoingRecord:
    """A letter that waits: a decision was made just now."""
    page.form("/cases/HL22-0001", to="/cases/HL22-0001/orders", action="return", why="请补全景")
    with page.records.store.read() as view:
        return view.outgoing.after(0)[-1]


def state_of(page: Page, mail: OutgoingRecord) -> str:
    with page.records.store.read() as view:
        found = view.outgoing.get(mail.id)
    assert found is not None
    return found.state


def noted(page: Page) -> list[str]:
    with page.records.store.read() as view:
        return [event.text for event in view.service.events() if event.kind == "by_hand"]


def test_pause_keeps_letters_and_is_told_on_every_page_until_somebody_ends_it(page: Page, clock: SetClock) -> None:
    page.sign_in()
    mail = queued(page)

    said = page.form("/sending", to="/sending", action="pause", why=WHY)
    clock.advance(timedelta(minutes=20))
    page.service.worker.once()
    kept = state_of(page, mail)
    shown = [page.client.get(path).text for path in ("/", "/letters", "/figures", "/deliveries", f"/mails/{mail.id}")]
    page.sign_in(OTHER_ADDRESS)
    in_between = _digest(page)
    again = page.form("/sending", to="/sending", action="resume")
    page.service.worker.once()

    assert "已暂停发信。" in said
    assert (kept, state_of(page, mail)) == ("queued", "sent")
    assert [BANNER in each for each in shown] == [True] * 5
    assert "已恢复发信" in again
    assert "发信已暂停" not in page.client.get("/").text
    assert noted(page) == [f"王老师暂停发信：{WHY}", "李老师恢复发信"]
    assert f"发信自12月6日09:30起暂停（王老师：{WHY}）：在网页“发信”里恢复，或运行 intake resume。" in in_between
    assert f"12月6日09:30 人工调整发信。王老师暂停发信：{WHY}。" in in_between


def _digest(page: Page) -> str:
    return make_digest_desk(page.records).write(since_at=None, until_at=page.records.clock.now()).text


def test_link_to_the_page_leaves_while_everything_is_held(page: Page) -> None:
    page.sign_in()
    page.form("/sending", to="/sending", action="pause", why=WHY)
    page.client.post("/sign-in", data={"address": OTHER_ADDRESS})

    page.service.worker.once()

    with page.records.store.read() as view:
        link = view.outgoing.after(0)[-1]
    assert (link.kind, link.state) == ("sign_in", "sent")


def test_second_pause_changes_nothing_of_the_first(page: Page) -> None:
    page.sign_in()
    shown = page.client.get("/sending").text
    page.send(shown, to="/sending", action="pause", why=WHY)

    said = page.send(shown, to="/sending", action="pause", why="别的")

    assert "刚才已经有人办理" in said
    assert BANNER in said
    assert noted(page) == [f"王老师暂停发信：{WHY}"]


def test_letter_is_held_in_the_list_and_let_go_on_its_own_page(page: Page, clock: SetClock) -> None:
    page.sign_in()
    mail = queued(page)

    page.form("/sending", to="/sending/mails", action="hold", **{f"mail_{mail.id}": "yes"})
    held = state_of(page, mail)
    clock.advance(timedelta(minutes=20))
    page.service.worker.once()
    kept = state_of(page, mail)
    said = page.form(f"/mails/{mail.id}", to="/sending/mails", action="release")

    assert (held, kept, state_of(page, mail)) == ("held", "held", "queued")
    assert "已放行，轮到时发出。" in said
    assert noted(page) == [f"王老师暂缓去信 {mail.id}", f"王老师放行去信 {mail.id}"]


def test_all_held_letters_are_let_go_after_a_second_yes(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        mails = [work.outgoing.enqueue(written(work.outgoing.reserve_id(), state="held")) for _ in range(3)]

    asked = page.form("/sending", to="/sending/mails", action="release", all="yes")
    before = [state_of(page, mail) for mail in mails]
    page.confirm(asked)

    assert "将放行全部3封暂缓的信" in asked
    assert (before, [state_of(page, mail) for mail in mails]) == (["held"] * 3, ["queued"] * 3)


def test_letter_held_after_the_question_is_asked_about_anew(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        mails = [work.outgoing.enqueue(written(work.outgoing.reserve_id(), state="held")) for _ in range(3)]
    asked = page.form("/sending", to="/sending/mails", action="release", all="yes")
    with page.records.store.write() as work:
        work.outgoing.cancel(mails[0].id)
        mails.append(work.outgoing.enqueue(written(work.outgoing.reserve_id(), state="held")))

    again = page.confirm(asked)
    before = [state_of(page, mail) for mail in mails]
    page.confirm(again)

    assert "将放行全部3封暂缓的信" in again
    assert before == ["cancelled", "held", "held", "held"]
    assert [state_of(page, mail) for mail in mails] == ["cancelled", "queued", "queued", "queued"]


def test_why_letters_are_held_is_told_before_all_are_let_go(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        work.outgoing.enqueue(written(work.outgoing.reserve_id()))
        work.outgoing.hold_all_open(error="可能已经发出")
        work.outgoing.enqueue(written(work.outgoing.reserve_id(), state="held"))

    asked = page.form("/sending", to="/sending/mails", action="release", all="yes")

    assert "将放行全部2封暂缓的信" in asked
    assert "其中1封：可能已经发出。" in asked


def test_list_of_what_waits_is_counted_whole_and_shown_in_part_without_the_bytes_of_letters(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        for _ in range(SHOWN + 20):
            work.outgoing.enqueue(written(work.outgoing.reserve_id(), raw=bytes(200_000)))

    tracemalloc.start()
    shown = page.client.get("/sending").text
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert f'待发 <span class="label">{SHOWN + 20}封</span>' in shown
    assert len(re.findall(r'name="mail_\d+"', shown)) == SHOWN
    assert peak_bytes < 10_000_000


def test_what_the_breaker_holds_is_told_and_let_go(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        work.service.put_mark(STOPPED, {"since_at": NOW.isoformat(), "why": "a@b.example一小时内答复了40次"})

    shown = page.client.get("/").text
    page.form("/sending", to="/sending", action="let_go")

    assert "回信自12月6日09:30起自动停下：a@b.example一小时内答复了40次。待发" in shown
    assert "自动停下" not in page.client.get("/").text
    assert noted(page) == ["王老师放行因答复过于频繁而暂停的回信"]


def test_letter_of_a_campaign_that_does_not_list_the_organizer_stays(page: Page) -> None:
    page.sign_in()
    calls = page.records.calls
    assert isinstance(calls, Calls)
    mine = calls["huli-2022"]
    theirs = mine.campaign.model_copy(update={"id": "other-2022", "organizers": mine.campaign.organizers[1:]})
    calls._standing["other-2022"] = replace(mine, campaign=theirs)
    with page.records.store.write() as work:
        mail = work.outgoing.enqueue(written(work.outgoing.reserve_id(), campaign="other-2022"))
    shown = page.client.get("/sending").text

    said = page.send(shown, to="/sending/mails", action="hold", **{f"mail_{mail.id}": "yes"})

    assert "您不在它的工作人员名单里。都没有改动。" in said
    assert state_of(page, mail) == "queued"


def test_letter_that_left_meanwhile_cannot_be_held(page: Page, clock: SetClock) -> None:
    page.sign_in()
    mail = queued(page)
    shown = page.client.get("/sending").text
    clock.advance(timedelta(minutes=20))
    page.service.worker.once()

    said = page.send(shown, to="/sending/mails", action="hold", **{f"mail_{mail.id}": "yes"})

    assert f"去信 {mail.id} 已发出，不能暂缓。都没有改动。" in said


@pytest.mark.parametrize("path", ["/sending", "/sending/mails"])
def test_orders_without_the_token_of_the_form_are_refused(page: Page, path: str) -> None:
    stranger = TestClient(page.app, base_url=str(page.client.base_url))
    order = {"action": "pause", "why": WHY}

    unknown = stranger.post(path, data=order, follow_redirects=False)
    page.sign_in(ADDRESS)
    forged = page.client.post(path, data={**order, "csrf": "0" * 64})
    foreign = page.client.post(path, data=order, headers={"origin": "https://evil.example"})

    assert (unknown.status_code, unknown.headers["location"]) == (303, "/sign-in")
    assert (forged.status_code, foreign.status_code, noted(page)) == (403, 403, [])


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/sending", {"action": "pause", "why": " "}, "请写明理由"),
        ("/sending", {"action": "dance"}, "请选一项。"),
        ("/sending/mails", {"action": "hold"}, "没有选中的信"),
        ("/sending/mails", {"action": "cancel", "mail_1": "yes"}, "请选一项。"),
        ("/sending/mails", {"action": "hold", "mail_99": "yes"}, "没有选中的信"),
    ],
)
def test_order_that_is_none_says_what_is_missing(page: Page, path: str, fields: dict[str, str], said: str) -> None:
    page.sign_in()
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.client.get("/sending").text)
    assert token is not None

    assert said in page.client.post(path, data={**fields, "csrf": token[1]}).text


def test_links_to_the_page_are_listed_for_nobody(page: Page) -> None:
    page.sign_in()
    page.client.post("/sign-in", data={"address": OTHER_ADDRESS})
    with page.records.store.read() as view:
        link = view.outgoing.after(0)[-1]
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.client.get("/sending").text)
    assert token is not None

    fields = {"csrf": token[1], "action": "hold", f"mail_{link.id}": "yes"}
    said = page.client.post("/sending/mails", data=fields).text

    assert f"mail_{link.id}" not in page.client.get("/sending").text
    assert "没有选中的信" in said
    assert (link.kind, state_of(page, link)) == ("sign_in", "queued")
