"""Who may come in, and what holds for every answer."""

from __future__ import annotations

import pytest

from tests.intake.web.conftest import ADDRESS, URL, Page

PRIVATE = (
    *("/", "/cases/HL22-0001", "/letters", "/figures", "/mails/1", "/mails/1/page", "/mails/1/attachments/1"),
    *("/letters/x", "/letters/x/raw", "/cases/HL22-0001/pictures/x"),
)


@pytest.mark.parametrize("path", PRIVATE)
def test_a_page_asked_for_by_a_stranger_leads_to_the_door(page: Page, path: str) -> None:
    answer = page.client.get(path, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/sign-in", "")


def test_an_organizer_comes_in_by_the_link_of_a_mail(page: Page) -> None:
    page.client.post("/sign-in", data={"address": f" {ADDRESS.upper()} "})
    shown = page.client.get(page.link())

    answer = page.client.post(page.link())

    assert shown.status_code == 200
    assert (answer.status_code, str(answer.url)) == (200, f"{URL}/")
    assert "王老师" in answer.text
    assert "HL22-0001" in answer.text


def test_a_scanner_that_follows_the_link_does_not_use_it_up(page: Page) -> None:
    page.client.post("/sign-in", data={"address": ADDRESS})
    for _ in range(3):
        assert page.client.get(page.link()).status_code == 200

    assert page.client.post(page.link()).status_code == 200


def test_a_link_opens_the_door_once(page: Page) -> None:
    page.sign_in()
    page.client.cookies.clear()

    assert page.client.get(page.link()).status_code == 410
    assert page.client.post(page.link()).status_code == 410
    assert page.client.cookies.get("intake_session") is None


def test_a_stranger_is_told_what_an_organizer_is_told_and_gets_no_mail(page: Page) -> None:
    known = page.client.post("/sign-in", data={"address": ADDRESS})
    with page.records.store.read() as view:
        before = view.outgoing.last_id()

    unknown = page.client.post("/sign-in", data={"address": "stranger@example.org"})

    with page.records.store.read() as view:
        assert view.outgoing.last_id() == before
    assert (unknown.status_code, unknown.text) == (known.status_code, known.text)


def test_one_address_is_sent_five_links_an_hour(page: Page) -> None:
    with page.records.store.read() as view:
        before = view.outgoing.last_id()
    for _ in range(8):
        page.client.post("/sign-in", data={"address": ADDRESS})

    with page.records.store.read() as view:
        assert [mail.kind for mail in view.outgoing.after(before)] == ["sign_in"] * 5


def test_secrets_are_on_record_as_hashes_alone(page: Page) -> None:
    page.sign_in()

    session = page.client.cookies["intake_session"]
    database = page.records.settings.data_dir / "intake.sqlite3"
    stored = b"".join(path.read_bytes() for path in database.parent.glob("intake.sqlite3*"))
    assert session.encode() not in stored


def test_who_leaves_is_out(page: Page) -> None:
    page.sign_in()
    session = page.client.cookies["intake_session"]

    page.form("/", to="/leave")

    page.client.cookies.clear()
    page.client.cookies.set("intake_session", session)
    assert page.client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


@pytest.mark.parametrize("path", ["/sign-in", "/static/style.css", "/healthz", "/metrics", "/no-such-page"])
def test_every_answer_forbids_scripts_frames_and_guessing_of_types(page: Page, path: str) -> None:
    headers = page.client.get(path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


def test_a_request_under_another_name_is_refused(page: Page) -> None:
    """DNS rebinding: a name of somebody else's that points here."""
    answer = page.client.get("/sign-in", headers={"host": "evil.example"})

    assert answer.status_code == 421


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
    ids=["origin", "cross-site", "same-site"],
)
def test_a_form_of_another_site_is_refused(page: Page, headers: dict[str, str]) -> None:
    page.sign_in()

    answer = page.client.post("/cases/HL22-0001/orders", data={"action": "pass", "why": "好"}, headers=headers)

    assert answer.status_code == 403


def test_a_form_without_its_token_decides_nothing(page: Page) -> None:
    page.sign_in()

    answer = page.client.post("/cases/HL22-0001/orders", data={"action": "pass", "why": "好", "csrf": "0" * 64})

    assert answer.status_code == 403
    with page.records.store.read() as view:
        assert view.orders.latest(10) == ()


def test_a_form_that_is_too_large_is_not_read(page: Page) -> None:
    answer = page.client.post("/sign-in", content=b"address=" + b"x" * 70_000)

    assert answer.status_code == 413
