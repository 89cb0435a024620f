"""The organizers' page as a person uses it, in a real browser over a real service."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

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


def test_an_organizer_signs_in_overrules_a_case_and_everybody_hears_of_it(world: World, browser: Browser) -> None:
    with page_over(world.records) as url:
        page = browser.new_page(viewport=DESK)
        problems = _problems(page)
        _sign_in(world, page, url)
        page.get_by_label("查找").fill("hl22-0001")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="HL22-0001").click()
        page.get_by_label("通过", exact=True).check()
        page.get_by_label("理由").fill("缺的一节已在电话里说明")
        page.get_by_role("button", name="办理").click()
        expect(page.get_by_role("status")).to_contain_text("十分钟后发出")
        before = world.told()
        world.work(minutes=11)
        page.reload()
        expect(page.get_by_text("已发出，寄往").last).to_be_visible()

    assert (SENDER, "decision") not in before
    assert (SENDER, "decision") in world.told()
    assert problems == []
    world.work(days=1)
    digest = [reply for reply in world.everything_sent() if reply.kind == "digest"][-1]
    assert "HL22-0001" in digest.text
    assert "组委会已作决定（1）" in digest.text
    assert "王敏：通过。缺的一节已在电话里说明" in digest.text


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
            for path in ("/", "/cases/HL22-0001", "/letters", "/figures", "/mails/1", "/mails/1/page"):
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
    page.goto(url)
    page.get_by_label("邮箱").fill(ORGANIZER)
    page.get_by_role("button", name="寄登录链接").click()
    world.work(seconds=30)
    mail = next(reply for reply in reversed(world.everything_sent()) if reply.kind == "sign_in")
    link = re.search(r"http://\S+/enter/\S+", mail.text)
    assert link is not None
    page.goto(link[0])
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", name="案例")).to_be_visible()
    assert "/enter/" not in page.url


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
