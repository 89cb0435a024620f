"""Takes the pictures of the organizers' page that stand in `docs/screenshots/`, with Chromium, from the demo.

`python -m docs.page_pictures` plays the demo, signs in and writes each page on a phone (390 px) and on a desk (1000 px),
light and dark, side by side. Look at them.
"""

from __future__ import annotations

import io
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from docs.screenshots import BROWSERS, FOLDER
from intake.demo import material

_FRAMES: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (390, "light"),
    (390, "dark"),
    (1000, "light"),
    (1000, "dark"),
)
_GAP_PX = 12
_COLOURS = 96
_LINK = re.compile(r"http://127\.0\.0\.1:\d+/enter/[\w-]+")
_PATIENCE_SECONDS = 120

_seen: dict[str, str] = {}
"""What is made once and shown four times."""

Show = Callable[[Page, str], None]
"""Brings a browser to what is to be seen; the second is the page's address."""


def _at(path: str) -> Show:
    return lambda page, url: _go(page, url + path)


def _go(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")


def _first_case(page: Page, url: str) -> None:
    """A case that lacks something and has pictures."""
    _go(page, f"{url}/?state=needs_fix")
    page.locator("td.number a").first.click()
    page.wait_for_load_state()
    for image in page.locator(".sheet img").all():  # they load when they come into sight
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    page.evaluate("scrollTo(0, 0)")


def _letter(page: Page, url: str) -> None:
    _go(page, f"{url}/letters?outcome=filed")
    page.locator("td.title a").nth(1).click()
    page.wait_for_load_state()


def _handed_over(page: Page, url: str) -> None:
    _go(page, f"{url}/deliveries")
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for file in material.three_photos():
            paths.append(Path(folder, file.name))
            paths[-1].write_bytes(file.data)
        page.get_by_label("文件（").set_input_files([str(path) for path in paths])
        page.get_by_label("接收地点").fill("街道办303室")
        page.get_by_role("button", name="读取并核对").click()
    page.get_by_role("heading", name="登记前核对").wait_for()


def _receipt(page: Page, url: str) -> None:
    if "receipt" not in _seen:
        _seen["receipt"] = _registered(page, url)
    _go(page, url + _seen["receipt"])


def _registered(page: Page, url: str) -> str:
    """Register a delivery; where its receipt is."""
    _handed_over(page, url)
    new = page.get_by_label("都不是，另立一件")
    if new.count():
        new.check()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="已登记").or_(page.get_by_role("heading", name="材料与已登记")).first.wait_for()
    return page.get_by_role("link", name="打开回执").get_attribute("href") or ""


PICTURES: dict[str, tuple[Show, int]] = {
    "page-sign-in": (_at("/sign-in"), 560),
    "page-cases": (_at("/"), 1400),
    "page-case": (_first_case, 2100),
    "page-letters": (_at("/letters"), 1500),
    "page-letter": (_letter, 1400),
    "page-figures": (_at("/figures"), 3000),
    "page-delivery": (_at("/deliveries"), 1500),
    "page-delivery-found": (_handed_over, 1500),
    "page-receipt": (_receipt, 1200),
}
"""Name of a picture to what it shows and the most pixels of its height."""


def main() -> int:
    """Write one picture for each page, the four ways side by side; the exit status. Names given choose some."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        print("there is no Chromium here", file=sys.stderr)
        return 1
    wanted = sys.argv[1:] or list(PICTURES)
    with _demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        signed_in = _sign_in(browser, link)
        url = link.partition("/enter/")[0]
        for name in wanted:
            show, height_px = PICTURES[name]
            frames = [
                _taken(browser, show, url, height_px=height_px, frame=frame, state=signed_in) for frame in _FRAMES
            ]
            _beside(frames).quantize(_COLOURS).save(FOLDER / f"{name}.png", optimize=True)
        browser.close()
    return 0


@contextmanager
def _demo() -> Iterator[str]:
    """The demo at its end, its page open; the link by which one signs in."""
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryFile("w+") as told:
        command = [sys.executable, "-u", "-m", "intake", "demo", "--stay"]
        demo = subprocess.Popen(command, cwd=out, stdout=subprocess.PIPE, stderr=told, text=True)
        assert demo.stdout is not None
        try:
            yield next(found[0] for line in demo.stdout if (found := _LINK.search(line)))
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(_PATIENCE_SECONDS)


def _sign_in(browser: Browser, link: str) -> BrowserContext:
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="进入").click()
    page.get_by_role("heading", name="案例").wait_for()
    return context


def _taken(
    browser: Browser,
    show: Show,
    url: str,
    *,
    height_px: int,
    frame: tuple[int, Literal["light", "dark"]],
    state: BrowserContext,
) -> Image.Image:
    width_px, scheme = frame
    context = browser.new_context(
        viewport={"width": width_px, "height": 800}, color_scheme=scheme, storage_state=state.storage_state()
    )
    page = context.new_page()
    show(page, url)
    picture = page.screenshot(full_page=True, animations="disabled")
    context.close()
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB").crop((0, 0, width_px, min(image.height, height_px)))


def _beside(frames: list[Image.Image]) -> Image.Image:
    width_px = sum(frame.width for frame in frames) + _GAP_PX * (len(frames) - 1)
    sheet = Image.new("RGB", (width_px, max(frame.height for frame in frames)), "#bbbbbb")
    left_px = 0
    for frame in frames:
        sheet.paste(frame, (left_px, 0))
        left_px += frame.width + _GAP_PX
    return sheet


if __name__ == "__main__":
    sys.exit(main())
