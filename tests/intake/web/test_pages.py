"""What an organizer sees and decides."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from intake.replies.envelope import Attachment
from intake.web.copies import save_pages
from intake.web.letter import SignInLetter
from intake.web.site import site_of_app
from tests.intake.web.conftest import Page

CASE = "/cases/HL22-0001"


def test_cases_are_found_by_what_people_remember_of_them(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        case = view.cases.by_number("HL22-0001")
    assert case is not None

    for words in ("HL22-0001", "hl22-0001", case.title[2:6], case.unit[-4:], case.sender_address[:5]):
        assert CASE in page.client.get("/", params={"q": words}).text
    assert CASE not in page.client.get("/", params={"q": "没有这样的"}).text
    assert CASE not in page.client.get("/", params={"q": "%"}).text


def test_a_case_shows_findings_text_pictures_and_history(page: Page) -> None:
    page.sign_in()

    shown = page.client.get(CASE).text

    assert "还差2张" in shown
    assert "<h3>" in shown
    assert shown.count('class="counted"') == 3
    assert "来信：案例报送" in shown
    assert "去信：材料补充完善提示" in shown


def test_a_picture_is_shown_as_a_small_copy_of_our_own_making(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        case = view.cases.by_number("HL22-0001")
        assert case is not None
        files = [file for record in view.letters.of_case(case.id) for file in view.files.of_letter(record.sha256)]
    picture = next(file for file in files if file.format == "image")
    document = next(file for file in files if file.format == "docx")

    answer = page.client.get(f"{CASE}/pictures/{picture.sha256}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert len(answer.content) < picture.size_bytes
    assert page.client.get(f"{CASE}/pictures/{document.sha256}").status_code == 404


def test_a_pass_with_its_reason_changes_the_case_and_waits_ten_minutes_to_be_told(page: Page) -> None:
    page.sign_in()

    shown = page.form(CASE, to=f"{CASE}/orders", action="pass", why="照片已另行核实")

    assert "已办理。告知报送人的信十分钟后发出，此前可以撤销。" in shown
    assert "材料齐全" in shown
    with page.records.store.read() as view:
        order = view.orders.latest(1)[0]
        mail = view.outgoing.after(0)[-1]
    assert (order.who, order.why, order.channel, order.action) == ("王老师", "照片已另行核实", "page", "pass")
    assert mail.next_at is not None
    assert (mail.next_at - mail.created_at).total_seconds() == pytest.approx(600, abs=5)


def test_a_decision_taken_back_leaves_everything_as_before(page: Page) -> None:
    page.sign_in()
    before = page.client.get(CASE).text
    page.form(CASE, to=f"{CASE}/orders", action="pass", why="照片已另行核实")

    shown = page.form(CASE, to=f"{CASE}/undo")

    assert "已撤销，一切如前。" in shown
    assert "王老师：通过（已撤销）" in shown
    assert "王老师：撤销“通过”" in shown
    assert page.client.get("/", params={"state": "needs_fix"}).text.count(CASE) == 1
    assert "还差2张" in before


def test_a_decision_without_a_reason_is_not_taken(page: Page) -> None:
    page.sign_in()

    shown = page.form(CASE, to=f"{CASE}/orders", action="pass", why="  ")

    assert "理由" in shown
    with page.records.store.read() as view:
        assert view.orders.latest(10) == ()


def test_a_letter_shows_what_became_of_it(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        record = view.letters.by_outcome("filed")[0]

    shown = page.client.get(f"/letters/{record.sha256}").text

    assert "已登记为案例" in shown
    assert CASE in shown
    assert page.client.get("/letters/none").status_code == 404


def test_a_letter_of_ours_is_shown_as_it_left_but_never_a_link_to_the_page(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        mails = view.outgoing.after(0)
    link = next(mail for mail in mails if mail.kind == "sign_in")

    assert "材料补充完善提示" in page.client.get(f"/mails/{mails[0].id}").text
    assert page.client.get(f"/mails/{link.id}").status_code == 404


def test_the_page_of_a_mail_of_ours_stands_alone_and_can_do_nothing(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        mail = view.outgoing.after(0)[0]

    answer = page.client.get(f"/mails/{mail.id}/page")

    assert ' style="' in answer.text
    assert "HL22-0001" in answer.text
    assert answer.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )


def test_a_letter_leaves_as_a_download_that_no_browser_opens(page: Page) -> None:
    page.sign_in()
    with page.records.store.read() as view:
        record = view.letters.by_outcome("filed")[0]

    answer = page.client.get(f"/letters/{record.sha256}/raw")

    assert hashlib.sha256(answer.content).hexdigest() == record.sha256
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{record.sha256[:12]}.eml"'
    assert page.client.get("/letters/none/raw").status_code == 404


def test_a_file_that_went_with_a_mail_leaves_as_a_download(page: Page) -> None:
    page.sign_in()
    workbook = Attachment(
        "台账.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"
    )
    with page.records.store.write() as work:
        mail = page.records.outbox.put(
            work,
            SignInLetter("简报", "正文", "<p>正文</p>"),
            kind="digest",
            token="t" * 8,
            recipient="wang@example.org",
            sender_name="组委会",
            at=page.records.clock.now(),
            attachments=(workbook,),
        )
    assert mail is not None

    answer = page.client.get(f"/mails/{mail.id}/attachments/1")

    assert answer.content == b"PK\x03\x04"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6.xlsx"
    assert page.client.get(f"/mails/{mail.id}/attachments/2").status_code == 404


def test_a_letter_put_aside_is_brought_back_by_a_button(page: Page) -> None:
    page.sign_in()
    with page.records.store.write() as work:
        key = work.letters.by_outcome("filed")[0].sha256
        work.letters.quarantine(key, reason="登记来信时出现意外情况", traceback="boom")

    before = page.client.get(f"/letters/{key}").text
    shown = page.form(f"/letters/{key}", to=f"/letters/{key}/retry")

    assert ">boom</pre>" in before
    assert "待处理" in shown
    with page.records.store.read() as view:
        record = view.letters.get(key)
    assert record is not None
    assert (record.outcome, record.read_at) == ("collected", None)


def test_figures_tell_whether_everything_is_on_record(page: Page) -> None:
    page.sign_in()

    shown = page.client.get("/figures").text

    assert "邮箱现有1封，全部已登记" in shown


def test_figures_follow_a_change_at_once_and_are_drawn_once_between_changes(page: Page) -> None:
    page.sign_in()
    site = site_of_app(page.app)
    first = page.client.get("/figures").text
    drawn = site.kept["figures"]
    again = page.client.get("/figures").text

    page.form(CASE, to=f"{CASE}/orders", action="pass", why="照片已另行核实")
    after = page.client.get("/figures").text

    assert again == first
    assert drawn is not site.kept["figures"]
    assert "待补充完善" in first
    assert "待补充完善" not in after


def test_health_and_counts_are_for_machines_and_name_nobody(page: Page) -> None:
    health = page.client.get("/healthz")
    counts = page.client.get("/metrics").text

    assert (health.status_code, health.json()) == (200, {"status": "ok", "why": []})
    assert 'intake_cases{campaign="huli-2022",state="needs_fix"} 1.0' in counts
    assert 'intake_letters{outcome="filed"} 1.0' in counts
    assert "example.org" not in counts


def test_a_stranger_s_words_are_text_and_never_markup(page: Page) -> None:
    page.sign_in()
    hostile = "<script>alert(1)</script>\u202e\"'><img src=x onerror=y>"
    with page.records.store.write() as work:
        case = work.cases.by_number("HL22-0001")
        assert case is not None
        work.cases.change(case.id, at=case.updated_at, title=hostile, unit=hostile, contact=hostile)

    for path in ("/", CASE, "/letters"):
        shown = page.client.get(path).text
        assert "<script" not in shown
        assert "<img src=x" not in shown
        assert "\u202e" not in shown


def test_pages_saved_as_files_lead_to_each_other_and_order_nothing(page: Page, tmp_path: Path) -> None:
    first = save_pages(page.records, tmp_path / "网页", address="wang@example.org")

    pages = {path.name: path.read_text(encoding="utf-8") for path in first.parent.glob("*.html")}
    targets = {target for text in pages.values() for target in re.findall(r'(?:href|src)="([^"#]+)"', text)}
    assert first.name == "index.html"
    assert {target for target in targets if not (first.parent / target).is_file()} == set()
    assert "cases-HL22-0001.html" in targets
    assert not [name for name, text in pages.items() if "<form" in text]
