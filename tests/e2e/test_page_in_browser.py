"""The organizers' page as a person uses it, in a real browser over a real service."""

from __future__ import annotations

import itertools
import re
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright
from pypdfium2 import PdfDocument

from tests.conftest import RequireServer
from tests.e2e.material import without_last_section
from tests.e2e.world import ORGANIZER, World
from tests.intake.cli.working_folders import campaign_file
from tests.letters import Draft
from tests.servers.browser import ARGUMENTS, chromium_binary
from tests.servers.page import page_over

pytestmark = pytest.mark.server

SENDER = "lianqian@qq.example"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1100, "height": 800}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def browser(require_server: RequireServer) -> Iterator[Browser]:
    """A browser without a window."""
    program = chromium_binary()
    require_server("Chromium", program)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def world(one_world: World) -> World:
    """A service with one case that asks something of its sender, organizers and their digest."""
    organizers = f'[{{ name = "王敏", address = "{ORGANIZER}" }}]'
    path = campaign_file(one_world.folder, organizers=organizers, closes_at='"2022-12-20"')
    one_world.tables |= {"campaigns": (str(path),), "digest": {"recipients": (ORGANIZER,)}}
    one_world.arrives(Draft(subject="案例报送", files=without_last_section(), sender=SENDER))
    one_world.work(minutes=10)
    return one_world


def test_an_organizer_with_keyboard_and_phone_overrules_a_case_and_everybody_hears_of_it(
    world: World, browser: Browser
) -> None:
    with page_over(world.records) as url:
        page = browser.new_page(viewport=PHONE)
        problems = _problems(page)
        link = _ask_for_link(world, page, url)
        assert urllib.request.urlopen(link).status == 200  # a scanner of mail follows the link first
        page.goto(link)
        _press(page, page.get_by_role("button", name="进入"))
        _type(page, page.get_by_label("查找"), "hl22-0001")
        page.keyboard.press("Enter")
        _press(page, page.get_by_role("link", name="HL22-0001"))
        _tab_to(page, page.get_by_label("通过", exact=True))
        page.keyboard.press("Space")
        _type(page, page.get_by_label("理由"), "缺的一节已在电话里说明")
        _press(page, page.get_by_role("button", name="办理"))
        expect(page.get_by_role("status")).to_contain_text("十分钟后发出")
        before = world.told()
        world.work(minutes=11)
        page.reload()
        expect(page.get_by_text("已发出，寄往").last).to_be_visible()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        _press(page, page.get_by_role("button", name="退出"))
        expect(page.get_by_role("heading", name="组委会登录")).to_be_visible()
        page.go_back()  # no page is kept by the browser
        expect(page.get_by_role("heading", name="组委会登录")).to_be_visible()
        page.goto(link)
        expect(page.get_by_role("heading", name="链接已失效")).to_be_visible()

    assert (SENDER, "decision") not in before
    assert (SENDER, "decision") in world.told()
    assert [each for each in problems if "410" not in each] == []
    world.work(days=1)
    digest = [reply for reply in world.everything_sent() if reply.kind == "digest"][-1]
    assert "HL22-0001" in digest.text
    assert "组委会已作决定（1）" in digest.text
    assert "王敏：通过。缺的一节已在电话里说明" in digest.text


def test_a_folder_from_a_stick_is_registered_on_a_phone_and_its_receipt_fits_one_sheet(
    world: World, browser: Browser, tmp_path: Path
) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    for file in without_last_section():
        (stick / file.name).write_bytes(file.data)
    with page_over(world.records) as url:
        page = browser.new_page(viewport=PHONE)
        problems = _problems(page)
        _sign_in(world, page, url)
        page.get_by_role("link", name="现场登记").click()
        page.get_by_label("U盘送交").check()
        page.get_by_label("整个文件夹").set_input_files(stick)
        page.get_by_label("接收地点").fill("街道办303室")
        page.get_by_role("button", name="读取并核对").click()
        expect(page.get_by_text("材料完全相同")).to_be_visible()
        narrow = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_label("都不是，另立一件").check()
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("heading", name="已登记")).to_be_visible()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="打开回执").click()
        opened.value.wait_for_load_state()
        printed = opened.value.pdf(prefer_css_page_size=True)

    assert (narrow, problems) == (True, [])
    assert [case.number for case in world.cases()] == ["HL22-0001", "HL22-0002"]
    with closing(PdfDocument(printed)) as sheet:
        assert len(sheet) == 1
        words = sheet[0].get_textpage().get_text_bounded()
    assert "HL22-0002" in words
    assert "街道办303室" in words


def test_no_page_is_wider_than_its_screen_or_breaks_its_own_policy(world: World, browser: Browser) -> None:
    problems: list[str] = []
    with page_over(world.records) as url:
        first = browser.new_page()
        _sign_in(world, first, url)
        signed_in = first.context.storage_state()
        for size, scheme in itertools.product((PHONE, DESK), SCHEMES):
            context = browser.new_context(viewport=size, color_scheme=scheme, storage_state=signed_in)
            page = context.new_page()
            told = _problems(page)
            for path in ("/", "/cases/HL22-0001", "/letters", "/figures", "/deliveries", "/mails/1", "/mails/1/page"):
                page.goto(url + path)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    problems.append(f"{path} is wider than {size['width']}")
            problems += told
            context.close()

    assert problems == []


def test_the_form_of_a_case_is_used_with_the_keyboard_and_shows_what_belongs_to_a_choice(
    world: World, browser: Browser
) -> None:
    with page_over(world.records) as url:
        page = browser.new_page(viewport=PHONE)
        _sign_in(world, page, url)
        page.goto(f"{url}/cases/HL22-0001")
        expect(page.get_by_label("延几天")).to_be_hidden()
        page.get_by_label("通过", exact=True).focus()
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        expect(page.get_by_label("延期")).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.type("3")
        page.get_by_label("理由").focus()
        page.keyboard.type("街道停电")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("已办理")

    (case,) = world.cases()
    assert case.closes_at is not None
    assert case.closes_at - world.clock.now() > timedelta(days=17)


def _sign_in(world: World, page: Page, url: str) -> None:
    """Ask for the link, take it from the mail as it reached the organizer's server, press the button."""
    page.goto(_ask_for_link(world, page, url))
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", name="案例")).to_be_visible()
    assert "/enter/" not in page.url


def _ask_for_link(world: World, page: Page, url: str) -> str:
    """The link in the mail that reached the organizer's server."""
    page.goto(url)
    page.get_by_label("邮箱").fill(ORGANIZER)
    page.get_by_role("button", name="寄登录链接").click()
    expect(page.get_by_role("heading", name="请查收邮件")).to_be_visible()
    world.work(seconds=30)
    mail = next(reply for reply in reversed(world.everything_sent()) if reply.kind == "sign_in")
    link = re.search(r"http://\S+/enter/\S+", mail.text)
    assert link is not None
    return link[0]


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted thing has the focus."""
    for _ in range(60):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def _press(page: Page, wanted: Locator) -> None:
    _tab_to(page, wanted)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def _type(page: Page, wanted: Locator, words: str) -> None:
    _tab_to(page, wanted)
    page.keyboard.type(words)


def _problems(page: Page) -> list[str]:
    """What the browser complains of from now on: refused styles, missing files, errors."""
    problems: list[str] = []
    page.on(
        "console",
        lambda message: (
            problems.append(f"{message.text} {message.location['url']}") if message.type == "error" else None
        ),
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems
