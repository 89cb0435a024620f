"""Some of many cases: by street, unit and state, with how long the campaign is open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from storage.records.casebook import NewCase
from storage.records.mailbox import NewSighting
from tests.intake.web.conftest import NOW, Page

ROSTER = (
    "街道,单位,别名,邮箱\n金山街道,阳光社区,,a@qq.example\n禾山街道,阳光社区,,b@qq.example\n禾山街道,和风社区,和风居,\n"
)


@pytest.fixture
def listed(page: Page) -> Page:
    """Cases of several units, and who is expected."""
    folder = page.records.settings.folder
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    units = (
        *(("湖里区和风居", "x@qq.example"), ("阳光社区", "a@qq.example"), ("阳光社区", "b@qq.example")),
        *(("阳光社区居委会", "c@qq.example"), ("湖里区金山街道阳光社区", "d@qq.example"), ("", "b@qq.example")),
    )
    with page.records.store.write() as work:
        for number, (unit, address) in enumerate(units, 2):
            work.cases.open(
                NewCase(
                    campaign="huli-2022",
                    number=f"HL22-{number:04d}",
                    title=f"案例{number}",
                    unit=unit,
                    sender_address=address,
                    state="accepted",
                    opened_at=NOW,
                )
            )
    page.sign_in()
    return page


def _numbers(page: Page, **asked: str) -> list[int]:
    shown = page.client.get("/", params=asked).text
    return sorted({int(number) for number in re.findall(r'"/cases/HL22-(\d+)"', shown)})


def test_a_street_has_the_cases_of_its_units_by_name_alias_and_where_names_are_alike_by_address(listed: Page) -> None:
    assert _numbers(listed, street="金山街道") == [3, 6]
    assert _numbers(listed, street="禾山街道") == [2, 4, 7]


def test_a_street_that_is_not_on_the_roster_chooses_nothing(listed: Page) -> None:
    assert _numbers(listed, street="海沧街道") == [1, 2, 3, 4, 5, 6, 7]


def test_filters_hold_together_and_every_state_is_counted(listed: Page) -> None:
    shown = listed.client.get("/", params={"street": "禾山街道", "state": "accepted", "q": "案例4"}).text

    assert "共1件" in shown
    assert '"/cases/HL22-0004"' in shown
    assert re.search(r"<option[^>]*selected[^>]*>禾山街道<", shown)


def test_without_a_roster_units_are_offered(listed: Page) -> None:
    (listed.records.settings.folder / "roster.csv").unlink()

    assert _numbers(listed, unit="阳光社区") == [3, 4]


def test_a_list_tells_how_long_the_campaign_is_open(listed: Page) -> None:
    shown = listed.client.get("/").text

    assert "12月25日" in shown
    assert "截止，还有19天" in shown


def test_pages_of_many_cases_lead_to_each_other_and_keep_what_was_asked(listed: Page) -> None:
    with listed.records.store.write() as work:
        for number in range(8, 60):
            work.cases.open(
                NewCase(
                    campaign="huli-2022",
                    number=f"HL22-{number:04d}",
                    title="多",
                    sender_address="y@qq.example",
                    state="needs_fix",
                    opened_at=NOW,
                )
            )

    first = listed.client.get("/", params={"q": "多"}).text

    later = re.search(r'href="([^"]+)" rel="next"', first)
    assert later is not None
    second = listed.client.get(later[1].replace("&amp;", "&")).text
    found = [set(re.findall(r'"/cases/(HL22-\d+)"', shown)) for shown in (first, second)]
    assert [len(each) for each in found] == [50, 2]
    assert not found[0] & found[1]


@pytest.fixture
def missed(page: Page) -> Page:
    """Beside a letter on record, some that never became ours."""
    outcomes = ("oversize", "body_unavailable", "gone_before_fetch", "before_opening")
    with page.records.store.write() as work:
        work.sightings.add_many(
            [
                NewSighting(
                    account="anli@huli.example",
                    folder="INBOX" if uid < 3 else "广告<邮件>",
                    folder_role="inbox",
                    uidvalidity=7,
                    uid=uid,
                    first_seen_at=NOW,
                    internal_at=NOW - timedelta(hours=uid),
                    size_bytes=uid * 100_000_000,
                    fingerprint=str(uid),
                    outcome=outcome,
                )
                for uid, outcome in enumerate(outcomes, 1)
            ]
        )
    page.sign_in()
    return page


def _missed_rows(shown: str) -> list[list[str]]:
    _, _, below = shown.partition("没有取下来的来信")
    rows = re.findall(r"<tr>(.*?)</tr>", below.partition("<tbody>")[2], re.DOTALL)
    return [[re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td.*?</td>", row)] for row in rows]


def test_letters_that_never_became_ours_are_listed_with_the_reason_last_seen_first(missed: Page) -> None:
    assert _missed_rows(missed.client.get("/letters").text) == [
        ["2022年12月6日 06:30", "广告&lt;邮件&gt;", "286.1MB", "下载前已移走或删除"],
        ["2022年12月6日 07:30", "收件箱", "190.7MB", "服务器没有给出内容"],
        ["2022年12月6日 08:30", "收件箱", "95.4MB", "过大，没有下载"],
    ]


@pytest.mark.parametrize("asked", ["?q=案例", "?page=2", "?outcome=filed"])
def test_a_search_tells_only_of_letters_that_can_be_searched(missed: Page, asked: str) -> None:
    assert "没有取下来的来信" not in missed.client.get(f"/letters{asked}").text
