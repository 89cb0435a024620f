"""The page as people meet it on a bad day: nothing there yet, nobody at work, too much asked for, too late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from config.settings import load_settings
from intake.bootstrap import open_records
from intake.edges.clock import SetClock
from intake.web.app import make_app
from intake.web.site import site_of_app
from tests.intake.cli.working_folders import eml_working_folder
from tests.intake.web.conftest import ADDRESS, NOW, ORGANIZERS, URL, Page

CASE = "/cases/HL22-0001"


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An organizer at the page of a folder in which nothing has happened; no worker runs."""
    folder = eml_working_folder(tmp_path_factory.mktemp("new"), organizers=ORGANIZERS)
    records = open_records(load_settings(folder), clock=SetClock(NOW))
    app = make_app(records, url=URL)
    door = site_of_app(app).door
    link = door.make_link(ADDRESS)
    assert link is not None
    with TestClient(app, base_url=URL) as client:
        assert client.post(link[2]).status_code == 200
        yield client
    records.close()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "还没有登记案例。"),
        ("/?q=x", "没有符合条件的案例。"),
        ("/letters", "还没有收到来信。"),
        ("/letters?outcome=quarantined", "没有留存待查的来信。"),
        ("/letters?q=x", "没有符合条件的来信。"),
        ("/figures", "还没有查收过。"),
        ("/deliveries", "现场登记"),
        ("/?page=999999", "还没有登记案例。"),
        ("/?page=-1&state=nonsense&campaign=none", "没有符合条件的案例。"),
    ],
)
def test_a_page_with_nothing_on_it_says_so(first_day: TestClient, path: str, told: str) -> None:
    answer = first_day.get(path)

    assert (answer.status_code, told in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["/", "/figures"])
def test_it_is_told_that_no_worker_runs_and_not_when_one_does(first_day: TestClient, page: Page, path: str) -> None:
    page.sign_in()

    assert "收件程序没有在运行" in first_day.get(path).text
    assert "收件程序没有在运行" not in page.client.get(path).text


def test_health_says_that_no_worker_runs(first_day: TestClient) -> None:
    answer = first_day.get("/healthz")

    assert (answer.status_code, answer.json()["why"]) == (503, ["worker_not_running"])


def test_metrics_are_read_by_prometheus_own_parser(page: Page) -> None:
    answer = page.client.get("/metrics")

    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert all(family.type == "gauge" and family.documentation for family in families.values())
    assert all(re.fullmatch(r"intake_[a-z_]+", name) for name in families)
    samples = {(each.labels["campaign"], each.labels["state"]): each.value for each in families["intake_cases"].samples}
    assert samples == {("huli-2022", "needs_fix"): 1.0}
    assert families["intake_last_poll_timestamp_seconds"].samples[0].value == pytest.approx(NOW.timestamp(), abs=5)


def test_a_link_is_good_for_half_an_hour(page: Page) -> None:
    page.client.post("/sign-in", data={"address": ADDRESS})
    clock = page.records.clock
    assert isinstance(clock, SetClock)

    clock.advance(timedelta(minutes=31))

    assert page.client.get(page.link()).status_code == 410
    assert "已经用过或者过期" in page.client.post(page.link()).text


def test_an_organizer_taken_off_the_list_is_out_at_once(page: Page) -> None:
    page.sign_in()
    call = page.records.calls["huli-2022"]
    others = tuple(each for each in call.campaign.organizers if each.address != ADDRESS)
    object.__setattr__(call.campaign, "organizers", others)

    assert page.client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_a_form_left_open_in_a_second_tab_over_another_session_is_not_taken(page: Page) -> None:
    page.sign_in()
    opened = page.client.get(CASE).text
    page.sign_in()

    shown = page.send(opened, to=f"{CASE}/orders", action="pass", why="好")

    assert "请返回、刷新后再提交" in shown
    with page.records.store.read() as view:
        assert view.orders.latest(1) == ()


def test_where_a_text_passes_its_limit_is_marked_and_can_be_gone_to(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        case = view.cases.by_number("HL22-0001")
        assert case is not None
        judged = view.cases.last_judgement(case.id)
    assert judged is not None
    call = page.records.calls["huli-2022"]
    limit = next(check for check in call.checks if check.check == "word_count")
    object.__setattr__(limit, "max", 1000)
    page.form(CASE, to=f"{CASE}/orders", action="reopen", why="重新核对")

    shown = page.client.get(CASE).text

    assert '<a href="#over">超出字数处</a>' in shown
    assert shown.count('id="over"') == 1
    before = re.sub(r"<[^>]+>", "", shown[shown.index('<div class="text">') : shown.index("<mark")])
    assert 900 < len("".join(before.split())) < 1200


def test_what_breaks_here_is_told_plainly_and_shows_nothing_of_itself(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.sign_in()
    monkeypatch.setattr("intake.web.cases.roster_of", _breaks)
    client = TestClient(page.app, base_url=URL, raise_server_exceptions=False, cookies=page.client.cookies)

    answer = client.get("/")

    assert answer.status_code == 500
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; img-src 'self'")
    assert "暂时打不开" in answer.text
    assert "boom" not in answer.text


def test_a_body_in_pieces_is_refused_whatever_length_is_stated_beside_it(page: Page) -> None:
    in_pieces = {"transfer-encoding": "chunked", "content-length": "10"}

    answer = page.client.post("/sign-in", content=b"address=a%40b.cn", headers=in_pieces)

    assert (answer.status_code, "过大" in answer.text) == (413, True)


def test_a_number_beyond_all_numbers_is_a_page_that_is_not_there(page: Page) -> None:
    page.sign_in()

    answer = page.client.get(f"/mails/{1 << 63}")

    assert (answer.status_code, "没有这封去信。" in answer.text) == (404, True)


def test_a_form_of_more_fields_than_any_of_ours_is_not_taken(page: Page) -> None:
    page.sign_in()

    answer = page.client.post(f"{CASE}/orders", data={f"field{place}": "1" for place in range(101)})

    assert (answer.status_code, "请返回、刷新后再提交" in answer.text) == (403, True)


def _breaks(_: Path) -> None:
    raise RuntimeError("boom")
